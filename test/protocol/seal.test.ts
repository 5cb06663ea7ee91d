import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, hex } from '../../protocol/bytes.ts';
import { type CborInput, encodeCbor } from '../../protocol/cbor.ts';
import { openFrame, peekFrame, sealFrame } from '../../protocol/frame.ts';
import type { Id16, SessionId } from '../../protocol/ids.ts';
import { pad, SEALED_SIZES } from '../../protocol/padding.ts';
import { ENVELOPE_OVERHEAD_BYTES, envelopeKid, openEnvelope } from '../../protocol/seal.ts';
import type { EpochSeconds } from '../../protocol/time.ts';
import { LOW_ORDER_X25519 } from './low-order.ts';
import {
  DEVICE,
  FRAME,
  frameOf,
  HEADER,
  keysOf,
  NOW,
  OTHER_PAIR,
  outcome,
  PAIR,
  PSP_FRAME_KEY,
  published,
  READER,
  replacing,
  sealed,
  sealedWith,
  seed,
  TENANT,
  TRUST,
  tagged,
  without,
} from './seal-builder.ts';
import { seeded, verdict } from './support.ts';

const MAX_FRAME_BYTES = 4096 - ENVELOPE_OVERHEAD_BYTES - 1;

describe('a sealed frame', () => {
  it('opens to the frame that was sealed, which then is verified as ever', () => {
    const session = '0011223344556677' as SessionId;
    const requestId = '00'.repeat(16) as Id16;
    const address = { tenant: TENANT, from: { party: 'psp-1', role: 'psp' }, to: DEVICE, session } as const;
    const message = { type: 'pay-status', body: { requestId, state: 'declined' } } as const;
    const life = { iat: NOW, lifetimeS: 60, cti: requestId };
    const frame = sealFrame(message, address, life, PSP_FRAME_KEY);
    const opened = openEnvelope(sealed({ frame }), READER);
    expect(hex(opened)).toBe(hex(frame));
    const reader = { tenant: TENANT, self: DEVICE, trust: TRUST, sessionOf: () => session };
    expect(openFrame(opened, reader, (NOW + 1) as EpochSeconds)).toMatchObject({
      type: 'pay-status',
      from: { party: 'psp-1' },
    });
  });

  it('is a COSE_Encrypt0 of HPKE-4, byte for byte', () => {
    const envelope = sealed();
    const header = `a301182a0448${hex(PAIR.kid)}3a0001117001`;
    expect(hex(envelope.subarray(0, 27))).toBe(`d08354${header}a1235820`);
    expect(hex(envelope.subarray(59, 62))).toBe('5903c2');
    expect(ENVELOPE_OVERHEAD_BYTES).toBe(78);
    expect(hex(openEnvelope(sealedWith(), READER))).toBe(hex(FRAME));
  });

  it('T28: opens to every frame and has one of three sizes', () => {
    const sizes = new Set<number>();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_FRAME_BYTES }), fc.nat(), (length, from) => {
        const frame = frameOf(length, from);
        const envelope = sealed({ frame });
        sizes.add(envelope.length);
        expect(hex(openEnvelope(envelope, READER))).toBe(hex(frame));
      }),
      { seed: 28, numRuns: 150 },
    );
    expect([...sizes].sort((a, b) => a - b)).toEqual([...SEALED_SIZES]);
  });

  it('T28: is as long for the shortest frame of a purchase as for the longest cart', () => {
    expect(new Set([1, 175, 394, 715, 900].map((length) => sealed({ frame: frameOf(length) }).length))).toEqual(
      new Set([1024]),
    );
  });

  it('says for which key it was sealed, to who has that key and to who has not', () => {
    expect(hex(envelopeKid(sealed()))).toBe(hex(PAIR.kid));
    expect(hex(envelopeKid(sealedWith({ context: new Uint8Array() })))).toBe(hex(PAIR.kid));
    expect(verdict(() => envelopeKid(FRAME))).toBe('seal-plain');
    expect(verdict(() => envelopeKid(sealed().subarray(1)))).toBe('seal-size');
  });

  it('refuses a frame that no size holds', () => {
    expect(sealed({ frame: frameOf(MAX_FRAME_BYTES) })).toHaveLength(4096);
    expect(verdict(() => sealed({ frame: frameOf(MAX_FRAME_BYTES + 1) }))).toBe('seal-too-long');
  });

  it('T28: shows no eight bytes of the frame, of the tenant, of the receiver or of the secrets', () => {
    const canary = concatBytes(
      FRAME,
      new TextEncoder().encode('glasses-01 demo-tenant-name'),
      seed('ephemeral'),
      seed('device recipient key'),
    );
    const runs = new Set(Array.from({ length: canary.length - 7 }, (_, i) => hex(canary.subarray(i, i + 8))));
    for (const frame of [FRAME, frameOf(1500), new Uint8Array(900).fill(0x41)]) {
      const envelope = sealed({ frame });
      for (let i = 0; i + 8 <= envelope.length; i++) {
        const run = hex(envelope.subarray(i, i + 8));
        expect(runs.has(run)).toBe(false);
        expect(run).not.toMatch(/^(41){8}$/);
      }
    }
  });

  it('is another one with other randomness, all of it', () => {
    const [one, two] = [sealed(), sealed({ ephemeralSeed: seed('later') })];
    expect(hex(one)).toBe(hex(sealed()));
    const same = one.filter((byte, i) => byte === two[i]).length;
    expect(same).toBeLessThan(60);
  });

  it('gives nothing away when a source of randomness repeats itself', () => {
    const [one, two] = [sealed(), sealed({ frame: frameOf(300, 2) })];
    const enc = (envelope: Uint8Array) => hex(envelope.subarray(27, 59));
    expect(enc(one)).not.toBe(enc(two));
    const [ca, cb] = [one.subarray(62), two.subarray(62)];
    const [pa, pb] = [pad(FRAME, 78), pad(frameOf(300, 2), 78)];
    const reused = pa.filter((byte, i) => (byte ^ (pb[i] as number)) === ((ca[i] as number) ^ (cb[i] as number)));
    expect(reused.length).toBeLessThan(30);
  });

  it('T12: shares no memory with what was sealed or opened', () => {
    const envelope = sealed();
    const opened = openEnvelope(envelope, READER);
    envelope.fill(0);
    expect(hex(opened)).toBe(hex(FRAME));
  });
});

describe('opening', () => {
  it('T1: refuses an envelope in which any bit changed', () => {
    const envelope = sealed();
    for (let bit = 0; bit < envelope.length * 8; bit++) {
      const byte = bit >> 3;
      envelope[byte] = (envelope[byte] as number) ^ (1 << (bit & 7));
      expect(outcome(envelope)).not.toBe('accepted');
      envelope[byte] = (envelope[byte] as number) ^ (1 << (bit & 7));
    }
    expect(outcome(envelope)).toBe('accepted');
  });

  it('T5: refuses the envelope of another tenant, role or receiver', () => {
    const envelope = sealed();
    expect(outcome(envelope, { tenant: 'other' })).toBe('seal-open');
    expect(outcome(envelope, { role: 'agent' })).toBe('seal-open');
    expect(outcome(envelope, { keys: keysOf(OTHER_PAIR) })).toBe('seal-kid');
    expect(outcome(envelope, { keys: new Map() })).toBe('seal-kid');
    const underOurKid = new Map([[hex(PAIR.kid), { ...OTHER_PAIR, kid: PAIR.kid }]]);
    expect(outcome(envelope, { keys: underOurKid })).toBe('seal-open');
  });

  it('T20: refuses a frame that is not sealed, of whatever length', () => {
    for (const length of [2, 300, 1024, 4096]) expect(outcome(frameOf(length))).toBe('seal-plain');
  });

  it('T20: refuses the envelope of another version', () => {
    for (const version of [0, 2, 255]) {
      const context = encodeCbor(['act-edge', version, 'sealed', TENANT, 'device']);
      const header = encodeCbor(new Map(replacing(-70001, version)));
      const plaintext = pad(FRAME, version === 255 ? 79 : 78);
      expect(outcome(sealedWith({ header, context, plaintext }))).toBe('seal-version');
    }
    expect(outcome(sealedWith({ context: encodeCbor(['act-edge', 2, 'sealed', TENANT, 'device']) }))).toBe('seal-open');
  });

  it.each<[string, CborInput]>([
    ['frame', ['act-edge', 1, 'frame', TENANT, 'device']],
    ['nothing', null],
  ])('T25: refuses what was encrypted in another context: %s', (_, context) => {
    expect(outcome(sealedWith({ context: encodeCbor(context) }))).toBe('seal-open');
  });

  it.each(LOW_ORDER_X25519)('T22: refuses the low-order encapsulated key %s', (point) => {
    const envelope = sealed();
    envelope.set(fromHex(point), 27);
    expect(outcome(envelope)).toBe('seal-open');
  });

  it('refuses padding that sealing does not write', () => {
    const far = new Uint8Array(2048 - 78);
    far.set(pad(FRAME, 78));
    for (const plaintext of [new Uint8Array(1024 - 78), far, new Uint8Array(1024 - 78).fill(7)]) {
      expect(outcome(sealedWith({ plaintext }))).toBe('seal-padding');
    }
  });

  it('T28: refuses every other length', () => {
    expect(outcome(sealedWith({ plaintext: new Uint8Array(1024 - 79) }))).toBe('seal-size');
    expect(outcome(sealed().slice(0, -1))).toBe('seal-size');
    expect(outcome(concatBytes(sealed(), Uint8Array.of(0)))).toBe('seal-size');
    expect(outcome(new Uint8Array())).toBe('cbor-truncated');
    expect(outcome(new Uint8Array(4097).fill(0xd0))).toBe('cbor-too-long');
    expect(outcome('d083' as never)).toBe('cbor-malformed');
  });

  it('T21: answers 5,000 mutated envelopes with a code', () => {
    const random = seeded(0x5ea1);
    for (let run = 0; run < 5000; run++) {
      const changed = sealedOnce.slice();
      // Mostly where it is parsed: the preamble and the heads.
      for (let times = 0; times < 3; times++) {
        const place = random(run % 4 === 0 ? changed.length : 64);
        changed[place] = (changed[place] as number) ^ (1 + random(255));
      }
      expect(outcome(changed)).toMatch(/^(seal|cbor)-/);
    }
  });
});

const sealedOnce = sealed();

/** Truly encrypted under this header; the padding takes up what the header is longer. */
function withHeader(entries: Iterable<readonly [number | string, CborInput]>): Uint8Array {
  const header = encodeCbor(new Map(entries));
  const head = header.length < 24 ? 1 : 2;
  return sealedWith({ header, plaintext: pad(FRAME, 78 + header.length + head - 21) });
}

describe('the header', () => {
  it.each<[string, Uint8Array, string]>([
    ['HPKE-3, with AES', withHeader(replacing(1, 41)), 'seal-alg'],
    ['HPKE-4-KE, the other mode', withHeader(replacing(1, 50)), 'seal-alg'],
    ['ChaCha20-Poly1305 without HPKE', withHeader(replacing(1, 24)), 'seal-alg'],
    ['the name of the algorithm', withHeader(replacing(1, 'HPKE-4')), 'seal-alg'],
    ['no algorithm', withHeader(without(1)), 'seal-alg'],
    ['no version', withHeader(without(-70001)), 'seal-version'],
    ['a version that is no number', withHeader(replacing(-70001, '1')), 'seal-version'],
    ['no kid', withHeader(without(4)), 'seal-kid'],
    ['a kid of 7 bytes', withHeader(replacing(4, PAIR.kid.slice(1))), 'seal-kid'],
    ['a kid of 9 bytes', withHeader(replacing(4, new Uint8Array(9))), 'seal-kid'],
    ['a kid that is a text', withHeader(replacing(4, 'glasses8')), 'seal-kid'],
    ['critical labels', withHeader([...HEADER, [2, [1]]]), 'seal-header'],
    ['a pre-shared key identifier', withHeader([...HEADER, [-5, PAIR.kid]]), 'seal-header'],
    ['a label of its own', withHeader([...HEADER, ['x', 1]]), 'seal-header'],
    [
      'an array for a header',
      sealedWith({ header: encodeCbor([1]), plaintext: new Uint8Array(964) }),
      'seal-malformed',
    ],
  ])('T24: is refused with %s', (_, envelope, code) => {
    expect(envelope).toHaveLength(1024);
    // Not even a key with such an identifier would open it.
    const oddKids = [PAIR.kid.slice(1), new Uint8Array(9)].map((kid) => ({ ...PAIR, kid }));
    expect(outcome(envelope, { keys: keysOf(PAIR, ...oddKids) })).toBe(code);
  });

  const header = encodeCbor(new Map(HEADER));
  const ek = (value: CborInput) => new Map([[-4, value]]);
  /** Parts that together have the size of an envelope. */
  const sized = (...parts: readonly CborInput[]) => {
    const filler = (length: number) => tagged([...parts, new Uint8Array(length)]);
    return filler(1000 - (filler(1000).length - 1024));
  };
  it.each<[string, Uint8Array, string]>([
    ['no tag', concatBytes(sealed().slice(1), Uint8Array.of(0)), 'seal-malformed'],
    ['tag 96, for many receivers', concatBytes(fromHex('d860'), sealed().slice(2)), 'seal-malformed'],
    ['four parts', sized(header, ek(new Uint8Array(32)), new Uint8Array(20)), 'seal-malformed'],
    ['a header outside a byte string', sized(new Map(HEADER), ek(new Uint8Array(32))), 'seal-malformed'],
    ['an empty unprotected header', sized(header, new Map()), 'seal-header'],
    [
      'the algorithm unprotected',
      sized(
        header,
        new Map([
          [1, 42],
          [-4, 0],
        ]),
      ),
      'seal-header',
    ],
    ['another label unprotected', sized(header, new Map([[5, new Uint8Array(32)]])), 'seal-header'],
    ['an encapsulated key of 31 bytes', sized(header, ek(new Uint8Array(31))), 'seal-malformed'],
    ['an encapsulated key of 33 bytes', sized(header, ek(new Uint8Array(33))), 'seal-malformed'],
    ['an encapsulated key that is a text', sized(header, ek('0'.repeat(32))), 'seal-malformed'],
    ['a header cut short', sized(header.slice(0, 10), ek(new Uint8Array(32))), 'cbor-truncated'],
  ])('is refused in an envelope with %s', (_, envelope, code) => {
    expect(envelope).toHaveLength(1024);
    expect(outcome(envelope)).toBe(code);
  });

  it('is refused in front of a detached or textual ciphertext, or with bytes behind it', () => {
    const parts = [header, ek(new Uint8Array(32))] as const;
    const text = tagged([...parts, 'x'.repeat(1024 - 62)]);
    expect(text).toHaveLength(1024);
    expect(outcome(text)).toBe('seal-malformed');
    const detached = tagged([...parts, null]);
    expect(outcome(concatBytes(detached, new Uint8Array(1024 - detached.length)))).toBe('seal-malformed');
    const short = sealed();
    short.set(fromHex('5903c1'), 59);
    expect(outcome(short)).toBe('cbor-trailing');
  });
});

describe('sealing', () => {
  it('refuses the key of another tenant or role than it is told', () => {
    expect(verdict(() => sealed({ tenant: 'other' }))).toBe('seal-key');
    expect(verdict(() => sealed({ role: 'psp' }))).toBe('seal-key');
  });

  it.each([0, 31, 33])('refuses %i bytes of randomness', (length) => {
    expect(verdict(() => sealed({ ephemeralSeed: new Uint8Array(length) }))).toBe('key-malformed');
  });

  it('makes an envelope that nothing takes for a frame', () => {
    expect(verdict(() => peekFrame(sealed()))).toBe('cose-malformed');
    expect(published().kid).toHaveLength(8);
  });
});
