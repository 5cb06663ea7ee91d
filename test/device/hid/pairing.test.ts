import { Point } from '@noble/ed25519';
import { describe, expect, it } from 'vitest';
import { reportsOf } from '../../../device/hid/framing.ts';
import { agree, type Beginning, codeOf, commitmentTo, type IdentityKey, prove } from '../../../device/hid/handshake.ts';
import type { PairingOutcome } from '../../../device/hid/host-handshake.ts';
import { BROADCAST, HID_VERSION, MAX_HOSTS } from '../../../device/hid/limits.ts';
import { openPairedHosts } from '../../../device/hid/paired-hosts.ts';
import type { ReportLink } from '../../../device/hid/report-link.ts';
import { pairSigner } from '../../../device/hid/visit.ts';
import { sha512, x25519Key } from '../../../protocol/crypto.ts';
import { concatBytes, fromHex, hex, sha256, softSigningKey, utf8, verifyEd25519 } from '../../../protocol/index.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { HidRig, HOST_KEY, IDENTITY, OTHER_HOST_KEY, pairedWith } from './hid-rig.ts';
import { openRawSession, RawOpener } from './raw-opener.ts';

interface Pairing {
  readonly codes: string[];
  readonly outcomes: PairingOutcome[];
  readonly cancel: () => void;
}

function begin(
  rig: HidRig,
  key: IdentityKey = HOST_KEY,
  link: ReportLink = rig.cable.open(),
  seed = 'pairing',
): Pairing {
  const codes: string[] = [];
  const outcomes: PairingOutcome[] = [];
  const show = (code: string) => codes.push(code);
  const ports = { clock: rig.clock, random: new SeededRandom(seed), key, show };
  const cancel = pairSigner(link, ports, (outcome) => outcomes.push(outcome));
  rig.clock.advance(50);
  return { codes, outcomes, cancel };
}

/** The digits on the signer's display. */
function shownCode({ soft: { display } }: HidRig): string | undefined {
  return display.current?.lines.find((line) => /^\d{6}$/.test(line.trim()))?.trim();
}

const unpaired = () => new HidRig({ hosts: memoryDisk() });

function pairedKeys(rig: HidRig): number {
  rig.hosts.crash();
  return openPairedHosts(rig.hosts.open()).count;
}

describe('pairing', () => {
  it('shows the same six digits on both, and pairs after a hold on the signer', () => {
    const rig = unpaired();
    const { codes, outcomes } = begin(rig);
    expect(codes).toEqual([expect.stringMatching(/^\d{6}$/)]);
    expect(shownCode(rig)).toBe(codes[0]);
    expect(outcomes).toEqual([]);
    rig.hold();
    expect(outcomes).toEqual([{ ok: true, signer: IDENTITY.publicKey }]);
    expect(rig.ask()).toMatchObject({ kind: 'signed' });
  });

  it('does not pair when the wearer clicks, does nothing, or the host takes it back; and each is told apart', () => {
    const rig = unpaired();
    const clicked = begin(rig);
    rig.clock.advance(1_500);
    rig.soft.button.press(200);
    rig.clock.advance(1_000);
    const ignored = begin(rig);
    rig.clock.advance(60_000);
    const cancelled = begin(rig);
    cancelled.cancel();
    rig.hold();
    expect(clicked.outcomes).toEqual([{ ok: false, fault: 'pairing-declined' }]);
    expect(ignored.outcomes).toEqual([{ ok: false, fault: 'pairing-timed-out' }]);
    expect(cancelled.outcomes).toEqual([{ ok: false, fault: 'signer-refused' }]);
    expect(pairedKeys(rig)).toBe(0);
  });

  it('is not begun while the host of a session is attached, and gives way to one that comes', () => {
    const attached = new HidRig();
    const { codes: none, outcomes: busy } = begin(attached, OTHER_HOST_KEY);
    expect([none, busy]).toEqual([[], [{ ok: false, fault: 'signer-busy' }]]);
    expect(attached.soft.display.shown).toEqual([]);

    const rig = new HidRig({ key: OTHER_HOST_KEY });
    const { outcomes } = begin(rig, softSigningKey(sha256(utf8('a third host'))));
    expect(shownCode(rig)).toBeDefined();
    const comes = new RawOpener(rig.cable.open(), rig.clock);
    openRawSession(comes);
    expect(rig.soft.display.current).toBeUndefined();
    rig.hold();
    expect(outcomes).toEqual([{ ok: false, fault: 'signer-busy' }]);
    expect(pairedKeys(rig)).toBe(1);
  });

  it('unplugged meanwhile: nothing stays on the display, and a hold pairs with nobody', () => {
    const rig = unpaired();
    const { outcomes } = begin(rig);
    rig.cable.unplug();
    expect(rig.soft.display.current).toBeUndefined();
    rig.hold();
    expect(outcomes).toEqual([{ ok: false, fault: 'signer-gone' }]);
    expect(pairedKeys(rig)).toBe(0);
  });

  it('two at a time: the second is told that the signer is busy', () => {
    const rig = unpaired();
    const first = begin(rig);
    const second = begin(rig, OTHER_HOST_KEY);
    rig.hold();
    expect([first.outcomes.map(({ ok }) => ok), second.outcomes]).toEqual([
      [true],
      [{ ok: false, fault: 'signer-busy' }],
    ]);
  });

  it('T30: another opener takes back no pairing on a channel that is not its own, and asks for nothing twice', () => {
    const rig = unpaired();
    const other = new RawOpener(rig.cable.open(), rig.clock);
    const { outcomes } = begin(rig);
    expect(other.errorTo(other.open(), 'cancel')).toBe('turn');
    expect(shownCode(rig)).toBeDefined();
    rig.hold();
    expect(outcomes).toMatchObject([{ ok: true }]);
  });

  it(`knows ${MAX_HOSTS} hosts at most, and forgets the one that was paired first`, () => {
    const keys = Array.from({ length: MAX_HOSTS + 1 }, (_, i) => softSigningKey(sha256(utf8(`host ${i}`))));
    const hosts = openPairedHosts(pairedWith(...keys).open());
    expect(hosts.count).toBe(MAX_HOSTS);
    expect(keys.map(({ publicKey }) => hosts.has(publicKey))).toEqual([false, ...keys.slice(1).map(() => true)]);
  });

  it('T19: a list of hosts that somebody else wrote to is refused', () => {
    for (const record of [Uint8Array.of(0x80), Uint8Array.of(0x82, 1, 0x41, 1), Uint8Array.of(0xff)]) {
      const journal = memoryDisk().open();
      journal.append([record]);
      expect(() => openPairedHosts(journal)).toThrow(expect.objectContaining({ code: 'store-altered' }));
    }
  });
});

describe('T5, T11: somebody between the host and the signer', () => {
  it('who makes a pairing of its own with each shows different digits on them, and one guess in a million is all there is', () => {
    const codes = Array.from({ length: 40 }, (_, i) => {
      // The host meets the signer of the one in between, and that one pairs itself with the true signer.
      const between = unpaired();
      const victim = unpaired();
      const host = begin(between, HOST_KEY, undefined, `host ${i}`);
      begin(victim, OTHER_HOST_KEY, undefined, `between ${i}`);
      return [host.codes[0], shownCode(victim)];
    });
    expect(codes.filter(([host, signer]) => host === undefined || signer === undefined || host === signer)).toEqual([]);
  });

  it('who commits to one key and reveals another gets no prompt: it cannot search for digits that fit', () => {
    const rig = unpaired();
    const opener = new RawOpener(rig.cable.open(), rig.clock);
    const nonce = new Uint8Array(8).fill(7);
    const channel = opener.open(nonce);
    const keys = [1, 2].map((n) => x25519Key(new Uint8Array(32).fill(n)));
    const commit = concatBytes(Uint8Array.of(HID_VERSION), commitmentTo(keys[0]?.publicKey as Uint8Array));
    const reveal = (own: (typeof keys)[number], signer: Uint8Array) => {
      const offered = { version: HID_VERSION, floor: 1 };
      const beginning: Beginning = { kind: 'pair', version: HID_VERSION, offered, nonce, channel };
      const agreement = agree(beginning, own, { host: own.publicKey, signer });
      if (!agreement) throw new Error('no agreement');
      return { payload: concatBytes(own.publicKey, prove(agreement, 'host', OTHER_HOST_KEY)), code: codeOf(agreement) };
    };
    const first = opener.ask(channel, 'pair-commit', commit)?.payload as Uint8Array;
    const other = reveal(keys[1] as (typeof keys)[number], first);
    expect(opener.errorTo(channel, 'pair-reveal', other.payload)).toBe('refused');
    // One reveal for each commitment: the true one comes too late now.
    const true1 = reveal(keys[0] as (typeof keys)[number], first);
    expect(opener.errorTo(channel, 'pair-reveal', true1.payload)).toBe('turn');
    expect(rig.soft.display.shown).toEqual([]);
    const second = opener.ask(channel, 'pair-commit', commit)?.payload as Uint8Array;
    expect(hex(second)).not.toBe(hex(first));
    const true2 = reveal(keys[0] as (typeof keys)[number], second);
    opener.send(channel, 'pair-reveal', true2.payload);
    rig.clock.advance(50);
    expect(shownCode(rig)).toBe(true2.code);
  });

  it('who changes a bit of any report of a pairing brings about no pairing with another key, and none with other digits', () => {
    for (let n = 0; n < 60; n += 1) {
      const rig = unpaired();
      let count = 0;
      rig.cable.onTransfer = (_direction, report) => {
        count += 1;
        if (count !== 1 + (n % 12)) return [report];
        return [report.map((byte, i) => (i === (n * 7) % 64 ? byte ^ (1 << (n % 8)) : byte))];
      };
      const { codes, outcomes } = begin(rig, HOST_KEY, undefined, `flip ${n}`);
      const shown = shownCode(rig);
      if (shown !== undefined) expect(shown).toBe(codes[0]);
      rig.hold();
      rig.clock.advance(5_000);
      for (const outcome of outcomes) if (outcome.ok) expect(hex(outcome.signer)).toBe(hex(IDENTITY.publicKey));
    }
  });

  it('who knows a key and cannot sign with it is nobody, neither as a host nor as a signer', () => {
    const knows = (key: IdentityKey): IdentityKey => ({ publicKey: key.publicKey, sign: OTHER_HOST_KEY.sign });
    const rig = new HidRig({ key: OTHER_HOST_KEY });
    const opener = new RawOpener(rig.cable.open(), rig.clock);
    expect(() => openRawSession(opener, knows(HOST_KEY))).toThrow('opened no session');
    const counterfeit = new HidRig({ identity: knows(IDENTITY) });
    counterfeit.confirm();
    counterfeit.clock.advance(5_000);
    expect(counterfeit.logged).toContain('warn signer-other');
    expect(counterfeit.soft.display.shown).toEqual([]);
  });

  it('T22: who signs with a key outside the prime-order group is paired with nobody', () => {
    const key = mixedOrderKey();
    const message = utf8('a message');
    expect(verifyEd25519(key.sign(message), message, key.publicKey)).toBe(true);
    const rig = unpaired();
    expect(begin(rig, key).outcomes).toEqual([{ ok: false, fault: 'signer-refused' }]);
    expect(rig.soft.display.shown).toEqual([]);
  });

  it('T22: keys of low order agree with nobody', () => {
    const rig = new HidRig({ key: OTHER_HOST_KEY });
    const opener = new RawOpener(rig.cable.open(), rig.clock);
    const channel = opener.open();
    for (const low of ['00', '01'].map((byte) => concatBytes(Uint8Array.of(Number(byte)), new Uint8Array(31))))
      expect(opener.errorTo(channel, 'hello', concatBytes(Uint8Array.of(HID_VERSION), low))).toBe('refused');
  });
});

describe('T20: versions', () => {
  const hello = (version: number) =>
    concatBytes(Uint8Array.of(version), x25519Key(new Uint8Array(32).fill(5)).publicKey);

  it('the signer speaks none below its floor and none it does not know', () => {
    const rig = unpaired();
    const opener = new RawOpener(rig.cable.open(), rig.clock);
    const channel = opener.open();
    for (const version of [0, HID_VERSION + 1, 255])
      for (const command of ['hello', 'pair-commit'] as const)
        expect(opener.errorTo(channel, command, hello(version))).toBe('version');
  });

  it.each([
    ['only older ones', 0, 0],
    ['only newer ones', 3, 2],
  ])('the host speaks with no signer that offers %s', (_what, version, floor) => {
    const rig = new HidRig({ hosts: pairedWith(HOST_KEY) });
    offer(rig, version, floor);
    rig.confirm();
    rig.clock.advance(5_000);
    expect(rig.answers).toEqual([{ kind: 'failed', code: 'signer-version' }]);
  });

  it('who talks the two down to a version that both would speak is found out: what was offered is signed', () => {
    const rig = new HidRig();
    offer(rig, 2, 1);
    rig.confirm();
    rig.clock.advance(5_000);
    expect(rig.answers).toEqual([{ kind: 'failed', code: 'signer-absent' }]);
    expect(rig.logged).toContain('warn signer-other');
  });
});

/** A new cable on which the answer to INIT says something else. */
function offer(rig: HidRig, version: number, floor: number): void {
  rig.cable.unplug();
  const alter = (report: Uint8Array) => {
    const isInit = report[4] === 0x82 && report[6] === 14;
    if (!isInit) return report;
    const payload = report.slice(11, 25);
    payload.set([version, floor], 12);
    return reportsOf({ channel: BROADCAST, command: 0x02, payload })[0] as Uint8Array;
  };
  rig.plugIn((cable) => {
    cable.onTransfer = (direction, report) => [direction === 'to-host' ? alter(report) : report];
  });
}

/** A key with a part of order 2 in it, and signatures that verify nevertheless: every other k takes that part away. */
function mixedOrderKey(): IdentityKey {
  const [order, secret] = [Point.CURVE().n, 12_345n];
  const ofOrder2 = Point.fromHex(`ec${'ff'.repeat(30)}7f`);
  const publicKey = Point.BASE.multiply(secret).add(ofOrder2).toBytes();
  const numberIn = (bytes: Uint8Array) => BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);
  const sign = (message: Uint8Array): Uint8Array => {
    for (let r = 2n; ; r += 1n) {
      const commitment = Point.BASE.multiply(r).toBytes();
      const k = numberIn(sha512(concatBytes(commitment, publicKey, message))) % order;
      const s = (r + k * secret) % order;
      const scalar = fromHex(s.toString(16).padStart(64, '0')).reverse();
      if (k % 2n === 0n) return concatBytes(commitment, scalar);
    }
  };
  return { publicKey, sign };
}
