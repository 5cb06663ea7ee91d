import { describe, expect, it } from 'vitest';
import { BROADCAST, KEEPALIVE_MS, MAX_CHANNELS, MESSAGE_MAX_BYTES, WINK_MS } from '../../../device/hid/limits.ts';
import { decodeInfo } from '../../../device/hid/messages.ts';
import { readSignerInfo, winkSigner } from '../../../device/hid/visit.ts';
import { concatBytes, equalBytes, hex, utf8 } from '../../../protocol/index.ts';
import type { CableDirection } from '../../../sim/hid-cable.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { cart, cartBytes, challengeBytes } from '../builders.ts';
import { fresh, HidRig, IDENTITY } from './hid-rig.ts';
import { RawOpener } from './raw-opener.ts';

interface Seen {
  readonly direction: CableDirection;
  readonly report: Uint8Array;
}

/** A rig whose every report is taken down, with a second program at the same device. */
function watched(): { rig: HidRig; seen: Seen[]; other: RawOpener } {
  const rig = new HidRig();
  const seen: Seen[] = [];
  rig.cable.onTransfer = (direction, report) => {
    seen.push({ direction, report });
    return [report];
  };
  return { rig, seen, other: new RawOpener(rig.cable.open(), rig.clock) };
}

const has = (bytes: Uint8Array, part: Uint8Array) => hex(bytes).includes(hex(part));

describe('T28: another program that has the same device open', () => {
  it('reads neither cart nor challenge nor confirmation, not even from everything in both directions', () => {
    const { rig, seen } = watched();
    const answer = rig.ask();
    if (answer?.kind !== 'signed') throw new Error('not signed');
    for (const direction of ['to-signer', 'to-host'] as const) {
      const stream = concatBytes(
        ...seen
          .filter((one) => one.direction === direction)
          .map(({ report }) => report.subarray((report[4] as number) & 0x80 ? 11 : 5)),
      );
      expect(stream.length).toBeGreaterThan(500);
      for (const secret of [cartBytes(), challengeBytes(), answer.signed])
        for (let i = 0; i + 8 <= secret.length; i += 1) expect(has(stream, secret.subarray(i, i + 8))).toBe(false);
      for (const word of [cart().orderNo, cart().merchant, 'Iced latte']) expect(has(stream, utf8(word))).toBe(false);
    }
  });

  it('cannot tell by their lengths a signature from a refusal, nor one thing in the cart from two', () => {
    const lengths = (gesture: (rig: HidRig) => void, over = {}) => {
      const { rig, other } = watched();
      rig.confirm(over);
      rig.clock.advance(1_500);
      gesture(rig);
      rig.clock.advance(40_000);
      return other.said.filter(({ command }) => command === 'sealed').map(({ payload }) => payload.length);
    };
    const signed = lengths((rig) => rig.soft.button.press(1_000));
    expect(lengths((rig) => rig.soft.button.press(100))).toEqual(signed.map(() => 280));
    expect(lengths(() => {})).toEqual([280]);
    expect(signed).toEqual([280]);
  });

  it('T2: sends again all it saw: nothing is shown, signed, cancelled or locked by it', () => {
    const { rig, seen, other } = watched();
    rig.ask(fresh('a'));
    rig.confirm(fresh('b'));
    rig.clock.advance(200);
    rig.host.withdraw();
    rig.host.lock(() => {});
    rig.clock.advance(200);
    rig.host.unlock('en-US', () => {});
    rig.hold();
    expect([rig.soft.signer.counter, rig.soft.signer.lock]).toEqual([1, undefined]);
    const shown = rig.soft.display.shown.length;
    const toSigner = seen.filter(({ direction }) => direction === 'to-signer').map(({ report }) => report);
    for (const report of toSigner) {
      other.link.send(report);
      rig.clock.advance(2);
    }
    rig.hold();
    expect([rig.soft.signer.counter, rig.soft.signer.lock, rig.soft.display.shown.length]).toEqual([
      1,
      undefined,
      shown,
    ]);
    expect(rig.ask(fresh('c'))).toMatchObject({ kind: 'signed' });
  });

  it('T2: nor does it help after the signer has started again, or on a channel of its own', () => {
    const { rig, seen } = watched();
    rig.ask(fresh('a'));
    const toSigner = seen.filter(({ direction }) => direction === 'to-signer').map(({ report }) => report);
    rig.cable.unplug();
    rig.plugIn();
    const other = new RawOpener(rig.cable.open(), rig.clock);
    const own = other.open();
    for (const report of toSigner)
      for (const channel of [undefined, own]) {
        const replayed = report.slice();
        if (channel !== undefined) new DataView(replayed.buffer).setUint32(0, channel);
        other.link.send(replayed);
        rig.clock.advance(2);
      }
    rig.hold();
    expect(rig.soft.signer.counter).toBe(1);
  });

  it('T1: a sealed message with a bit turned, on the right channel with the right CRC, changes nothing', () => {
    const { rig, other } = watched();
    const before = rig.soft.display.shown.length;
    const taken: { channel: number; payload: Uint8Array }[] = [];
    const tap = new RawOpener(rig.cable.open(), rig.clock);
    rig.ask(fresh('a'));
    for (const { channel, command, payload } of tap.said) if (command === 'sealed') taken.push({ channel, payload });
    const shown = rig.soft.display.shown.length;
    expect(shown).toBeGreaterThan(before);
    for (const { channel, payload } of taken)
      for (let bit = 0; bit < payload.length * 8; bit += 37) {
        other.send(
          channel,
          'sealed',
          payload.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
        );
        rig.clock.advance(7);
      }
    expect([rig.soft.display.shown.length, rig.soft.signer.counter, rig.answers.length]).toEqual([shown, 1, 1]);
    expect(rig.ask(fresh('b'))).toMatchObject({ kind: 'signed' });
  });

  it('T6: cancels nothing, voids nothing and is asked nothing while a prompt is open', () => {
    const { rig, other } = watched();
    const own = other.open();
    rig.confirm(fresh('a'));
    rig.clock.advance(300);
    const session = other.said.find(({ command }) => command === 'keepalive')?.channel as number;
    for (const channel of [own, session]) {
      expect(other.errorTo(channel, 'cancel')).toBe('turn');
      expect(other.errorTo(channel, 'pair-commit', new Uint8Array(33).fill(1))).toBe('busy');
      expect(other.errorTo(channel, 'prove', new Uint8Array(112))).toBe('turn');
      expect(other.errorTo(channel, 'keepalive')).toBe('command');
      other.send(channel, 'hello', concatBytes(Uint8Array.of(1), new Uint8Array(32).fill(9)));
      other.send(channel, 'sealed', new Uint8Array(280));
      rig.clock.advance(20);
    }
    expect(rig.answers).toEqual([]);
    rig.soft.hold();
    rig.clock.advance(50);
    expect(rig.answers).toMatchObject([{ kind: 'signed' }]);
  });

  it(`T30: asks for many channels: ${MAX_CHANNELS} at most are there, and the session’s stays`, () => {
    const { rig, other } = watched();
    rig.confirm(fresh('b'));
    rig.clock.advance(200);
    const first = other.open();
    const channels = Array.from({ length: 200 }, () => other.open());
    expect(other.errorTo(first, 'ping')).toBe('channel');
    expect(other.ask(channels.at(-1) as number, 'ping')?.command).toBe('ping');
    rig.hold();
    expect(rig.answers).toMatchObject([{ kind: 'signed' }]);
  });

  it('T30: has a prompt lost at the worst, when it writes into the host’s messages: nothing else is signed for it', () => {
    const { rig, other } = watched();
    const session = (() => {
      rig.host.status(() => {});
      rig.clock.advance(50);
      return other.said.find(({ command }) => command === 'sealed')?.channel as number;
    })();
    const random = new SeededRandom('noise');
    for (let n = 0; n < 40; n += 1) {
      rig.confirm(fresh(`noise ${n}`));
      for (let i = 0; i < 20; i += 1) {
        const report = random.bytes(64);
        new DataView(report.buffer).setUint32(0, session);
        other.link.send(report);
        if (i % 3 === 0) rig.clock.advance(1);
      }
      rig.hold();
      rig.clock.advance(8_000);
    }
    expect(rig.answers).toHaveLength(40);
    const signed = rig.answers.filter(({ kind }) => kind === 'signed').length;
    expect(rig.soft.signer.counter).toBeLessThanOrEqual(40);
    expect(signed).toBeLessThanOrEqual(rig.soft.signer.counter);
    expect(rig.ask(fresh('after'))).toMatchObject({ kind: 'signed' });
  });
});

describe('what needs no session', () => {
  it('PING comes back as it went, up to the longest message', () => {
    const { other } = watched();
    const channel = other.open();
    const payload = new SeededRandom('ping').bytes(MESSAGE_MAX_BYTES);
    expect(equalBytes(other.ask(channel, 'ping', payload, 200)?.payload as Uint8Array, payload)).toBe(true);
  });

  it('INFO says who the signer is, also while a prompt is open', () => {
    const { rig } = watched();
    rig.confirm();
    const outcomes: unknown[] = [];
    readSignerInfo(rig.cable.open(), { clock: rig.clock, random: rig.random }, (outcome) => outcomes.push(outcome));
    rig.clock.advance(100);
    expect(outcomes).toEqual([
      { ok: true, info: { version: 1, floor: 1, identity: IDENTITY.publicKey, firmware: 'test-1' } },
    ]);
    expect(() => decodeInfo(new Uint8Array(3))).toThrow();
  });

  it('INFO carries the maker’s certificate as it is, and a signer with one that does not fit does not start', () => {
    const certificate = new SeededRandom('certificate').bytes(1024);
    const rig = new HidRig({ certificate });
    const outcomes: unknown[] = [];
    readSignerInfo(rig.cable.open(), { clock: rig.clock, random: rig.random }, (outcome) => outcomes.push(outcome));
    rig.clock.advance(100);
    expect(outcomes).toMatchObject([{ ok: true, info: { certificate } }]);
    expect(() => new HidRig({ certificate: new Uint8Array(1025) })).toThrow('message-shape');
  });

  it('WINK shows itself once a second, however often it is asked', () => {
    const { rig, other } = watched();
    const channel = other.open();
    for (let i = 0; i < 100; i += 1) other.send(channel, 'wink');
    rig.clock.advance(500);
    expect(rig.winks).toHaveLength(1);
    rig.clock.advance(WINK_MS);
    const done: unknown[] = [];
    winkSigner(rig.cable.open(), { clock: rig.clock, random: rig.random }, (outcome) => done.push(outcome));
    rig.clock.advance(100);
    expect([rig.winks.length, done]).toEqual([2, [{ ok: true }]]);
  });

  it('refuses each command out of place with a code, and forgets it', () => {
    const { rig, other } = watched();
    const channel = other.open();
    expect(other.errorTo(channel, 'init', new Uint8Array(8))).toBe('command');
    expect(other.errorTo(channel, 0x55)).toBe('command');
    expect(other.errorTo(channel, 'error')).toBe('command');
    expect(other.errorTo(channel, 'sealed', new Uint8Array(300))).toBe('session');
    expect(other.errorTo(channel, 'hello', new Uint8Array(5))).toBe('body');
    expect(other.errorTo(BROADCAST, 'ping')).toBe('command');
    expect(other.errorTo(BROADCAST, 'init', new Uint8Array(7))).toBe('body');
    expect(other.errorTo((channel ^ 1) >>> 0, 'ping')).toBe('channel');
    expect(rig.ask()).toMatchObject({ kind: 'signed' });
  });

  it('gives up a message that does not go on, after 500 ms, and says so', () => {
    const { rig, other } = watched();
    const channel = other.open();
    const report = new Uint8Array(64);
    new DataView(report.buffer).setUint32(0, channel);
    report.set([0x81, 1, 0], 4);
    other.link.send(report);
    rig.clock.advance(499);
    expect(other.said.some(({ command }) => command === 'error')).toBe(false);
    rig.clock.advance(10 + KEEPALIVE_MS);
    expect(other.said.at(-1)).toEqual({ channel, command: 'error', payload: Uint8Array.of(4) });
  });
});
