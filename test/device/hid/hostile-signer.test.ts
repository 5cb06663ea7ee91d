import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../device/hid/commands.ts';
import { reportsOf, uint32 } from '../../../device/hid/framing.ts';
import { agree, prove, provenBy, sessionKeys } from '../../../device/hid/handshake.ts';
import { hidSigner } from '../../../device/hid/host.ts';
import { BROADCAST } from '../../../device/hid/limits.ts';
import { decodeRequest, encodeAnswer, type HidAnswer } from '../../../device/hid/messages.ts';
import type { ReportLink } from '../../../device/hid/report-link.ts';
import { SecureSession } from '../../../device/hid/session.ts';
import type { SignerAnswer } from '../../../device/signer/port.ts';
import { x25519Key } from '../../../protocol/crypto.ts';
import { concatBytes } from '../../../protocol/index.ts';
import { HidCable } from '../../../sim/hid-cable.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { START } from '../builders.ts';
import { HOST_KEY, IDENTITY, payment } from './hid-rig.ts';
import { RawOpener } from './raw-opener.ts';

/** A host, and at the other end of its cable whatever a test makes of it. */
function host() {
  const clock = new VirtualClock(START);
  const cable = new HidCable(clock);
  const answers: SignerAnswer[] = [];
  const random = new SeededRandom('host');
  const connect = () =>
    hidSigner({
      links: (onLink) => {
        onLink(cable.open());
        return () => {};
      },
      ...{ key: HOST_KEY, signer: IDENTITY.publicKey, clock, random, log: { write: () => {} } },
    });
  return { clock, cable, answers, connect };
}

/** A signer with the true identity key that has been taken over: it opens the session, and then says what `answer` makes of each request. */
function takenOver(
  link: ReportLink,
  clock: VirtualClock,
  answer: (number: number, say: (to: number, answer: HidAnswer | Uint8Array) => void) => void,
) {
  const channel = 77;
  let nonce = new Uint8Array(8);
  let secure: SecureSession | undefined;
  let pending: { agreement: NonNullable<ReturnType<typeof agree>>; proof: Uint8Array } | undefined;
  const opener = new RawOpener(link, clock);
  const send = (to: number, command: number, payload: Uint8Array) => {
    for (const report of reportsOf({ channel: to, command, payload })) link.send(report);
  };
  const own = x25519Key(new Uint8Array(32).fill(8));
  const serve = () => {
    for (const { command, payload } of opener.said.splice(0)) {
      if (command === 'init') {
        nonce = payload.slice();
        send(BROADCAST, COMMANDS.init, concatBytes(nonce, uint32(channel), Uint8Array.of(1, 1)));
      }
      if (command === 'hello') {
        const offered = { version: 1, floor: 1 };
        const beginning = { kind: 'session', version: 1, offered, nonce, channel } as const;
        const agreement = agree(beginning, own, { host: payload.slice(1), signer: own.publicKey });
        if (!agreement) throw new Error('no agreement');
        pending = { agreement, proof: prove(agreement, 'signer', IDENTITY) };
        send(channel, COMMANDS.hello, concatBytes(own.publicKey, pending.proof));
      }
      if (command === 'prove' && pending) {
        expect(provenBy(pending.agreement, 'host', payload, IDENTITY.publicKey)).toEqual(HOST_KEY.publicKey);
        secure = new SecureSession(
          sessionKeys(pending.agreement, 'signer', { host: payload, signer: pending.proof }),
          uint32(channel),
        );
        send(channel, COMMANDS.prove, secure.seal(new Uint8Array(0)).sealed);
      }
      const opened = command === 'sealed' ? secure?.open(payload) : undefined;
      if (opened && decodeRequest(opened.plaintext).kind !== 'alive')
        answer(opened.number, (to, said) => {
          const bytes = said instanceof Uint8Array ? said : encodeAnswer(to, said);
          if (secure) send(channel, COMMANDS.sealed, secure.seal(bytes).sealed);
        });
    }
    clock.after(1, serve);
  };
  serve();
}

describe('a host believes a signer no more than a peer', () => {
  it('T21: reports of any kind neither throw nor get an answer other than a failure with a stable code', () => {
    const { clock, cable, answers, connect } = host();
    const signer = connect();
    const random = new SeededRandom('hostile signer');
    const heads = [BROADCAST, 77, 0];
    let channel = 0;
    cable.signer.listen(
      () => {},
      () => {},
    );
    for (let n = 0; n < 20_000; n += 1) {
      if (n % 2_000 === 0) signer.confirm(payment(), (answer) => answers.push(answer));
      const report = random.bytes(64);
      channel = heads[random.below(heads.length)] as number;
      new DataView(report.buffer, report.byteOffset).setUint32(0, channel);
      if (random.below(2)) report[4] = 0x80 | (Object.values(COMMANDS)[random.below(12)] as number);
      cable.signer.send(report);
      clock.advance(3);
    }
    clock.advance(30_000);
    expect(answers).toHaveLength(10);
    expect(answers.every(({ kind }) => kind === 'failed' || kind === 'void')).toBe(true);
  });

  it.each<readonly [string, (to: number) => HidAnswer | Uint8Array, SignerAnswer | undefined]>([
    ['another answer than one to what was asked', () => ({ kind: 'done' }), { kind: 'failed', code: 'signer-answer' }],
    ['a standing', () => ({ kind: 'status', counter: 1, hosts: 1 }), { kind: 'failed', code: 'signer-answer' }],
    [
      'a code that is none',
      (to) => concatBytes(Uint8Array.of(0x83, to, 7), Uint8Array.of(0xa1, 1, 0x63, 0x41, 0x42, 0x43)),
      undefined,
    ],
    ['something that is no answer', () => Uint8Array.of(0x80), undefined],
    ['an answer to another request', (to) => encodeAnswer(to + 1, { kind: 'declined' }), undefined],
    ['a refusal', () => ({ kind: 'declined' }), { kind: 'declined' }],
  ])('of a signer that was taken over: %s', (_what, made, expected) => {
    const { clock, cable, answers, connect } = host();
    takenOver(cable.signer, clock, (to, say) => say(to, made(to)));
    const signer = connect();
    clock.advance(100);
    signer.confirm(payment(), (answer) => answers.push(answer));
    clock.advance(8_000);
    expect(answers).toEqual([expected ?? { kind: 'failed', code: 'signer-timed-out' }]);
  });

  it('T2: an answer that is given twice is heard once', () => {
    const { clock, cable, answers, connect } = host();
    takenOver(cable.signer, clock, (to, say) => {
      say(to, { kind: 'declined' });
      say(to, { kind: 'timed-out' });
    });
    const signer = connect();
    clock.advance(100);
    signer.confirm(payment(), (answer) => answers.push(answer));
    clock.advance(1_000);
    expect(answers).toEqual([{ kind: 'declined' }]);
  });

  it('one that keeps on saying that it is at work is given up in the end', () => {
    const { clock, cable, answers, connect } = host();
    takenOver(cable.signer, clock, () => {
      const busy = () => {
        for (const report of reportsOf({ channel: 77, command: COMMANDS.keepalive, payload: Uint8Array.of(2) }))
          cable.signer.send(report);
        clock.after(100, busy);
      };
      busy();
    });
    const signer = connect();
    clock.advance(100);
    signer.confirm(payment(), (answer) => answers.push(answer));
    clock.advance(599_000);
    expect(answers).toEqual([]);
    clock.advance(2_000);
    expect(answers).toEqual([{ kind: 'failed', code: 'signer-timed-out' }]);
  });
});
