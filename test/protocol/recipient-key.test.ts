import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, hex } from '../../protocol/bytes.ts';
import { type CborInput, encodeCbor } from '../../protocol/cbor.ts';
import { sha256 } from '../../protocol/crypto.ts';
import { peekFrame } from '../../protocol/frame.ts';
import { frameTypeOf } from '../../protocol/frames.ts';
import { OBJECTS } from '../../protocol/objects.ts';
import {
  isRecipientKey,
  openingKeys,
  openRecipientKey,
  RECIPIENT_KEY_GRACE_S,
  RECIPIENT_KEY_MAX_AHEAD_S,
  RECIPIENT_KEY_TYP,
  RecipientKeyBody,
  RecipientKeySet,
  recipientKeyPair,
  signRecipientKey,
} from '../../protocol/recipient-key.ts';
import { openEnvelope } from '../../protocol/seal.ts';
import { type SigningKey, signSign1 } from '../../protocol/sign1.ts';
import { LOW_ORDER_X25519 } from './low-order.ts';
import {
  at,
  body,
  DAY_S,
  DEVICE,
  DEVICE_FRAME_KEY,
  FRAME,
  NOW,
  OTHER_PAIR,
  PAIR,
  PSP_FRAME_KEY,
  PSP_OBJECT_KEY,
  published,
  READER,
  sealed,
  seed,
  TENANT,
  TRUST,
} from './seal-builder.ts';
import { verdict } from './support.ts';

const AAD = encodeCbor(['act-edge', 1, 'recipient-key', 31, TENANT]);

/** Truly signed, whatever is in it: what a party with a good key and bad intent can publish. */
function forged(
  value: CborInput,
  {
    key = DEVICE_FRAME_KEY,
    typ = RECIPIENT_KEY_TYP,
    aad = AAD,
  }: { key?: SigningKey; typ?: number; aad?: Uint8Array } = {},
): Uint8Array {
  return signSign1({ payload: encodeCbor(value), key, typ, externalAad: aad });
}
const encoded = (changes: Partial<RecipientKeyBody> = {}) => RecipientKeyBody.encode(body(changes), 'key');
const opened = (signed: Uint8Array) => openRecipientKey(signed, { trust: TRUST, tenant: TENANT });

describe('a recipient key', () => {
  it('opens as what its party signed, with the kid computed', () => {
    const key = published();
    expect(key).toMatchObject({ ...body(), tenant: TENANT });
    expect(hex(key.kid)).toBe(hex(PAIR.kid));
    const coseKey = concatBytes(fromHex('a301012004215820'), PAIR.publicKey);
    expect(hex(PAIR.kid)).toBe(hex(sha256(coseKey).subarray(0, 8)));
  });

  it('takes 150 bytes', () => {
    expect(signRecipientKey(body(), TENANT, DEVICE_FRAME_KEY)).toHaveLength(150);
  });

  it('T25: has a number of its own, which is no frame and no object', () => {
    expect(frameTypeOf(RECIPIENT_KEY_TYP)).toBeUndefined();
    expect(Object.values(OBJECTS).map(({ typ }) => typ)).not.toContain(RECIPIENT_KEY_TYP);
    expect(verdict(() => peekFrame(signRecipientKey(body(), TENANT, DEVICE_FRAME_KEY)))).toBe('frame-unknown-type');
  });

  it('is told from everything else by what it says it is, which proves nothing', () => {
    expect(isRecipientKey(signRecipientKey(body(), TENANT, DEVICE_FRAME_KEY))).toBe(true);
    expect(isRecipientKey(forged(0, { key: PSP_OBJECT_KEY, aad: new Uint8Array() }))).toBe(true);
    for (const other of [forged(encoded(), { typ: 32 }), FRAME, sealed(), new Uint8Array(0), 'd2' as never])
      expect(isRecipientKey(other)).toBe(false);
  });

  it.each<[string, Uint8Array, string]>([
    ['by an object key', forged(encoded({ party: 'psp-1', role: 'psp' }), { key: PSP_OBJECT_KEY }), 'cose-kid'],
    ['by an unknown key', forged(encoded(), { key: { ...DEVICE_FRAME_KEY, kid: seed('x').slice(0, 8) } }), 'cose-kid'],
    [
      'by another key under its kid',
      forged(encoded(), { key: { ...PSP_FRAME_KEY, kid: DEVICE_FRAME_KEY.kid } }),
      'cose-signature',
    ],
    ['for another party', forged(encoded({ party: 'glasses-02' })), 'seal-key'],
    ['for another role', forged(encoded({ role: 'psp' })), 'seal-key'],
    ['by the PSP for the device', forged(encoded(), { key: PSP_FRAME_KEY }), 'seal-key'],
    ['as another type', forged(encoded(), { typ: 32 }), 'cose-typ'],
    ['in another context', forged(encoded(), { aad: encodeCbor(['act-edge', 1, 'object', 31]) }), 'cose-signature'],
    [
      'in another tenant',
      forged(encoded(), { aad: encodeCbor(['act-edge', 1, 'recipient-key', 31, 'x']) }),
      'cose-signature',
    ],
  ])('T23, T25: is refused if signed %s', (_, signed, code) => {
    expect(verdict(() => opened(signed))).toBe(code);
  });

  it('T1: is refused with any bit changed', () => {
    const signed = signRecipientKey(body(), TENANT, DEVICE_FRAME_KEY);
    for (let bit = 0; bit < signed.length * 8; bit++) {
      const changed = signed.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(verdict(() => opened(changed))).not.toBe('accepted');
    }
  });

  it('T5: of one tenant is not found in another', () => {
    const signed = signRecipientKey(body(), 'other', DEVICE_FRAME_KEY);
    expect(verdict(() => openRecipientKey(signed, { trust: TRUST, tenant: 'other' }))).toBe('cose-kid');
  });

  const wrongBodies: [string, Partial<RecipientKeyBody>][] = [
    ['a window of 90 days and a second', { notAfter: at(89 * DAY_S + 1) }],
    ['an empty window', { notAfter: at(-DAY_S) }],
    ['a window that ends before it begins', { notAfter: at(-2 * DAY_S) }],
    ['a public key of 31 bytes', { publicKey: PAIR.publicKey.slice(1) }],
    ...LOW_ORDER_X25519.map((point): [string, Partial<RecipientKeyBody>] => [
      `the low-order point ${point}`,
      { publicKey: fromHex(point) },
    ]),
  ];
  it.each(wrongBodies)('is neither signed nor taken with %s', (_, changes) => {
    expect(verdict(() => signRecipientKey(body(changes), TENANT, DEVICE_FRAME_KEY))).toBe('seal-key');
    expect(verdict(() => opened(forged(encoded(changes))))).toBe('seal-key');
  });

  it('may be used for 90 days to the second', () => {
    expect(verdict(() => published({ notAfter: at(89 * DAY_S) }))).toBe('accepted');
  });

  it('is for those who receive frames, so not for a signer', () => {
    const map = new Map(encoded() as ReadonlyMap<number, CborInput>);
    expect(verdict(() => opened(forged(map.set(2, 5))))).toBe('message-shape');
    expect(verdict(() => opened(forged(map.set(2, 1).set(9, 1))))).toBe('message-shape');
  });

  it.each([0, 31, 33])('is not made of %i bytes of randomness', (length) => {
    expect(verdict(() => recipientKeyPair(new Uint8Array(length)))).toBe('key-malformed');
  });

  it('is the same for the same seed and keeps it to itself', () => {
    expect(hex(recipientKeyPair(seed('device recipient key')).publicKey)).toBe(hex(PAIR.publicKey));
    expect(Object.keys(PAIR).sort()).toEqual(['agree', 'kid', 'publicKey']);
  });
});

describe('the keys of the others', () => {
  const month = (n: number) =>
    published({
      publicKey: recipientKeyPair(seed(`month ${n}`)).publicKey,
      notBefore: at(n * 30 * DAY_S),
      notAfter: at((n * 30 + 40) * DAY_S),
    });
  const [first, second, third, fourth] = [month(0), month(1), month(2), month(3)] as const;
  const windowOf = ({ notBefore, notAfter }: RecipientKeyBody) => ({ notBefore, notAfter });
  const setOf = (...keys: readonly ReturnType<typeof published>[]) => {
    const set = new RecipientKeySet();
    for (const key of keys) set.add(key);
    return set;
  };
  const currentKid = (set: RecipientKeySet, now: number) => {
    const key = set.current(DEVICE, at(now));
    return key && hex(key.kid);
  };

  it('are sealed for from the first to the last second of their window, and never after', () => {
    const set = setOf(first);
    expect(set.current(DEVICE, at(-1))).toBeUndefined();
    expect(currentKid(set, 0)).toBe(hex(first.kid));
    expect(currentKid(set, 40 * DAY_S)).toBe(hex(first.kid));
    expect(set.current(DEVICE, at(40 * DAY_S + 1))).toBeUndefined();
  });

  it('are replaced by the newer as soon as it begins', () => {
    const set = setOf(first, second);
    expect(currentKid(set, 30 * DAY_S - 1)).toBe(hex(first.kid));
    expect(currentKid(set, 30 * DAY_S)).toBe(hex(second.kid));
  });

  it('T4: give the same answer in whatever order and number they came', () => {
    const twin = published({ ...windowOf(second), publicKey: OTHER_PAIR.publicKey });
    const keys = [first, second, third, twin];
    const reference = setOf(...keys);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...keys, ...keys], { minLength: 8 }),
        fc.integer({ min: -DAY_S, max: 110 * DAY_S }),
        (order, now) => {
          expect(currentKid(setOf(...order), now)).toBe(currentKid(reference, now));
        },
      ),
      { seed: 31, numRuns: 60 },
    );
  });

  it('T2: are not displaced by old ones that the broker repeats', () => {
    const set = setOf(second, third, fourth);
    for (let round = 0; round < 3; round++) set.add(first);
    expect(currentKid(set, 40 * DAY_S)).toBe(hex(second.kid));
    expect(currentKid(set, 10 * DAY_S)).toBeUndefined();
  });

  it('are remembered three a party, the newest first, and can be found again by their kid', () => {
    const set = new RecipientKeySet([first, third, second, fourth, second]);
    expect(set.all).toEqual([fourth, third, second]);
    expect(set.latest(DEVICE)).toBe(fourth);
    expect(set.find(DEVICE, second.kid)).toBe(second);
    expect(set.find(DEVICE, first.kid)).toBeUndefined();
    const other = { party: 'glasses-02', role: 'device' } as const;
    expect([set.latest(other), set.find(other, second.kid)]).toEqual([undefined, undefined]);
    expect(new RecipientKeySet().all).toEqual([]);
  });

  it('T2: are news once, while they hold, and not when three newer are known', () => {
    const set = setOf(second, third);
    const start = 60 * DAY_S;
    expect(set.isNews(fourth, at(90 * DAY_S))).toBe(true);
    expect(set.isNews(second, at(start))).toBe(false);
    expect(set.isNews(first, at(40 * DAY_S))).toBe(true);
    expect(set.isNews(first, at(40 * DAY_S + 1))).toBe(false);
    set.add(fourth);
    expect(set.isNews(first, at(0))).toBe(false);
    expect(set.all).toEqual([fourth, third, second]);
  });

  it('T16: are not news when their window begins more than a day from now, nor with another window', () => {
    const set = setOf(second);
    const begins = 60 * DAY_S;
    expect(verdict(() => set.isNews(third, at(begins - RECIPIENT_KEY_MAX_AHEAD_S - 1)))).toBe('seal-key');
    expect(set.isNews(third, at(begins - RECIPIENT_KEY_MAX_AHEAD_S))).toBe(true);
    const longer = published({ ...windowOf(second), publicKey: second.publicKey, notAfter: at(80 * DAY_S) });
    expect(verdict(() => set.isNews(longer, at(30 * DAY_S)))).toBe('seal-key');
  });

  it('are replaced, not prolonged', () => {
    const set = setOf(first);
    const longer = published({ ...windowOf(first), publicKey: first.publicKey, notAfter: at(80 * DAY_S) });
    const later = published({ ...windowOf(first), publicKey: first.publicKey, notBefore: at(1) });
    for (const same of [longer, later]) expect(verdict(() => set.add(same))).toBe('seal-key');
    expect(verdict(() => set.add(first))).toBe('accepted');
    expect(set.current(DEVICE, at(41 * DAY_S))).toBeUndefined();
  });

  it('belong to one party in one role', () => {
    const set = setOf(first);
    expect(set.current({ party: 'glasses-02', role: 'device' }, NOW)).toBeUndefined();
    expect(set.current({ party: DEVICE.party, role: 'psp' }, NOW)).toBeUndefined();
  });
});

describe("one's own keys", () => {
  const own = [
    { key: PAIR, notAfter: NOW },
    { key: OTHER_PAIR, notAfter: at(30 * DAY_S) },
  ];

  it('open until 180 seconds after their end: the life of a frame and two clocks that are 30 seconds off', () => {
    expect(RECIPIENT_KEY_GRACE_S).toBe(180);
    const reader = (now: number) => ({ ...READER, keys: openingKeys(own, at(now)) });
    const envelope = sealed();
    expect(hex(openEnvelope(envelope, reader(180)))).toBe(hex(FRAME));
    expect(verdict(() => openEnvelope(envelope, reader(181)))).toBe('seal-kid');
    expect([...reader(181).keys.keys()]).toEqual([hex(OTHER_PAIR.kid)]);
  });
});
