import { describe, expect, it } from 'vitest';
import { PADDING_BYTES } from '../../../device/hid/limits.ts';
import { decodeAnswer, encodeRequest, type HidAnswer, type HidRequest } from '../../../device/hid/messages.ts';
import { SecureSession } from '../../../device/hid/session.ts';
import { equalBytes } from '../../../protocol/index.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { fresh, HidRig } from './hid-rig.ts';
import { openRawSession, RawOpener, type RawSession } from './raw-opener.ts';

/** A host that says what it likes in a session of its own. */
class RawHost {
  readonly rig: HidRig;
  readonly opener: RawOpener;
  readonly session: RawSession;
  readonly #read = new Set<Uint8Array>();

  constructor(rig = new HidRig()) {
    this.rig = rig;
    this.opener = new RawOpener(rig.cable.open(), rig.clock);
    this.session = openRawSession(this.opener);
  }

  /** @returns the number of the request. */
  say(request: HidRequest): number {
    const { number, sealed } = this.session.secure.seal(encodeRequest(request));
    this.opener.send(this.session.channel, 'sealed', sealed);
    this.rig.clock.advance(20);
    return number;
  }

  /** The wearer reads and holds, while the host says that it is there. */
  hold(): void {
    this.rig.clock.advance(1_500);
    this.say({ kind: 'alive' });
    this.rig.soft.button.press(1_000);
    this.rig.clock.advance(1_200);
  }

  /** The answers since the last look. */
  heard(): { readonly to: number; readonly answer: HidAnswer }[] {
    const sealed = this.opener.said.filter(
      ({ command, channel, payload }) =>
        command === 'sealed' && channel === this.session.channel && !this.#read.has(payload),
    );
    return sealed.flatMap(({ payload }) => {
      this.#read.add(payload);
      const opened = this.session.secure.open(payload);
      return opened ? [decodeAnswer(opened.plaintext)] : [];
    });
  }
}

const payment = (label: string): HidRequest => ({ kind: 'payment', ...fresh(label), locale: 'en-US' });

describe('requests of a session (ACT-HID §7)', () => {
  it('takes a prompt away only for the number it was asked under', () => {
    const host = new RawHost();
    const asked = host.say(payment('a'));
    const other = host.say({ kind: 'cancel', request: asked + 7 });
    expect(host.heard()).toEqual([{ to: other, answer: { kind: 'done' } }]);
    expect(host.rig.soft.display.current).toBeDefined();
    const right = host.say({ kind: 'cancel', request: asked });
    expect(host.heard()).toEqual([
      { to: asked, answer: { kind: 'cancelled' } },
      { to: right, answer: { kind: 'done' } },
    ]);
    expect(host.rig.soft.display.current).toBeUndefined();
  });

  it('asks the wearer one thing at a time, and does the rest meanwhile', () => {
    const host = new RawHost();
    const asked = host.say(payment('a'));
    const busy = [host.say(payment('b')), host.say({ kind: 'unlock', locale: 'en-US' })];
    const status = host.say({ kind: 'status' });
    expect(host.heard()).toEqual([
      ...busy.map((to) => ({ to, answer: { kind: 'failed', code: 'signer-busy' } })),
      { to: status, answer: { kind: 'status', counter: 0, hosts: 1 } },
    ]);
    host.hold();
    expect(host.heard()).toMatchObject([{ to: asked, answer: { kind: 'signed' } }]);
  });

  it('answers what is no request, and gives alive no answer', () => {
    const host = new RawHost();
    const { number, sealed } = host.session.secure.seal(Uint8Array.of(0x80));
    host.opener.send(host.session.channel, 'sealed', sealed);
    host.rig.clock.advance(20);
    host.say({ kind: 'alive' });
    expect(host.heard()).toEqual([{ to: number, answer: { kind: 'failed', code: 'request-malformed' } }]);
  });

  it('a host that comes back has a new session: what the old one asked is void, and nobody hears of it any more', () => {
    const host = new RawHost();
    host.say(payment('a'));
    expect(host.rig.soft.display.current).toBeDefined();
    const again = new RawHost(host.rig);
    expect(host.rig.soft.display.current).toBeUndefined();
    const said = () => host.opener.said.filter(({ channel }) => channel === host.session.channel).length;
    const before = said();
    host.rig.soft.hold();
    host.rig.clock.advance(5_000);
    expect([said() - before, host.rig.soft.signer.counter]).toEqual([0, 0]);
    again.say(payment('b'));
    again.hold();
    expect(again.heard()).toMatchObject([{ answer: { kind: 'signed' } }]);
  });

  it('a host that unpairs itself takes its own prompt with it', () => {
    const host = new RawHost();
    host.say(payment('a'));
    const to = host.say({ kind: 'unpair' });
    expect(host.heard()).toEqual([{ to, answer: { kind: 'done' } }]);
    expect(host.rig.soft.display.current).toBeUndefined();
    host.hold();
    expect(host.rig.soft.signer.counter).toBe(0);
  });

  it('the session that was replaced is over: its requests are not taken', () => {
    const host = new RawHost();
    const again = new RawHost(host.rig);
    host.say({ kind: 'lock' });
    expect([host.heard(), host.rig.soft.signer.lock]).toEqual([[], undefined]);
    again.say({ kind: 'lock' });
    expect(host.rig.soft.signer.lock).toBe('by-wearer');
  });

  it('T19: a lock that cannot be made durable is not reported as one', () => {
    const host = new RawHost(new HidRig({ disk: memoryDisk(60) }));
    const to = host.say({ kind: 'lock' });
    expect(host.heard()).toEqual([{ to, answer: { kind: 'failed', code: 'store-full' } }]);
    expect(host.rig.soft.signer.lock).toBeUndefined();
  });
});

describe('sealed messages (ACT-HID §6)', () => {
  const keys = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const;
  const pair = (aad = Uint8Array.of(1)) =>
    [
      new SecureSession({ sending: keys[0], receiving: keys[1] }, Uint8Array.of(1)),
      new SecureSession({ sending: keys[1], receiving: keys[0] }, aad),
    ] as const;

  it('come through once each, also late and out of order, within the last 64', () => {
    const [a, b] = pair();
    const sealed = Array.from({ length: 100 }, (_, i) => a.seal(Uint8Array.of(i)).sealed);
    const open = (i: number) => b.open(sealed[i] as Uint8Array)?.number;
    expect([open(3), open(1), open(3), open(99), open(1), open(36), open(35), open(36)]).toEqual([
      4,
      2,
      undefined,
      100,
      undefined,
      37,
      undefined,
      undefined,
    ]);
  });

  it('are of one size for texts of up to 255 bytes, and carry no two paddings of one text', () => {
    const [a, b] = pair();
    const sizes = [0, 1, 255].map((length) => a.seal(new Uint8Array(length)).sealed.length);
    expect(new Set(sizes)).toEqual(new Set([8 + PADDING_BYTES + 16]));
    const text = Uint8Array.of(7, 0, 0x80, 0);
    expect(equalBytes(b.open(a.seal(text).sealed)?.plaintext as Uint8Array, text)).toBe(true);
  });

  it('open neither on another channel nor in the direction they came from', () => {
    const [a, elsewhere] = pair(Uint8Array.of(2));
    const { sealed } = a.seal(Uint8Array.of(1));
    expect([elsewhere.open(sealed), a.open(sealed), elsewhere.open(sealed.subarray(0, 20))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
