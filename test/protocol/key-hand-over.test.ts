import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../protocol/evidence.ts';
import {
  KEY_HAND_OVER_TYP,
  KEY_HAND_OVER_WINDOW_S,
  type KeyHandOverBody,
  openKeyHandOver,
  signKeyHandOver,
} from '../../protocol/key-hand-over.ts';
import { OBJECTS, openObject } from '../../protocol/objects.ts';
import { type TrustedKey, TrustSet } from '../../protocol/trust.ts';
import {
  anEnrolledKey,
  at,
  EVIDENCE,
  FRAME_KEYS,
  flipped,
  keyOf,
  NOW,
  OBJECT_KEYS,
  opened,
  PARTIES,
  SIGNED,
  sampleFrame,
  TENANT,
  TRUST,
  VALUES,
} from './builders.ts';
import { LOW_ORDER_KEY } from './enrolment-builder.ts';
import { verdict } from './support.ts';

const OLD = OBJECT_KEYS.signer;
const NEXT = keyOf('the next confirmation key');
const { party } = PARTIES.signer;
const BODY: KeyHandOverBody = { party, role: 'signer', newKey: NEXT.publicKey, at: NOW };
const make = (changes: Partial<KeyHandOverBody> = {}, keys = { old: OLD, new: NEXT }) =>
  signKeyHandOver({ ...BODY, ...changes }, TENANT, keys as { old: typeof OLD; new: typeof OLD });
const by = { trust: TRUST, tenant: TENANT, now: NOW };
const open = (bytes: Uint8Array, changes: Partial<typeof by> = {}) => openKeyHandOver(bytes, { ...by, ...changes });

/** The trust of the samples with the confirmation key replaced at some second. */
function trustUntil(until: number): TrustSet {
  const entry = (role: 'merchant' | 'psp' | 'signer', more: Partial<TrustedKey> = {}) =>
    anEnrolledKey({ ...PARTIES[role], use: 'object', publicKey: OBJECT_KEYS[role].publicKey, ...more });
  return new TrustSet([
    entry('merchant'),
    entry('psp'),
    entry('signer', { until: until as never }),
    entry('signer', { publicKey: NEXT.publicKey }),
  ]);
}

describe('a key hand-over', () => {
  it('ACTC-ENR-008: names the next key of a party, signed by it and by the one before', () => {
    const { old, use, ...body } = open(make());
    expect(body).toEqual(BODY);
    expect([old.party, old.role, use]).toEqual([party, 'signer', 'object']);
    const { party: device } = PARTIES.device;
    const frame = make({ party: device, role: 'device' }, { old: FRAME_KEYS.device, new: NEXT });
    expect(open(frame)).toMatchObject({ role: 'device', use: 'frame' });
  });

  it('ACTC-ENR-008: is refused unless both have signed', () => {
    const thief = keyOf('thief');
    expect(verdict(() => open(make({}, { old: thief, new: NEXT })))).toBe('cose-kid');
    expect(verdict(() => open(make({}, { old: OLD, new: thief })))).toBe('cose-kid');
    const posing = { ...NEXT, sign: thief.sign };
    expect(verdict(() => open(make({}, { old: OLD, new: posing })))).toBe('cose-signature');
    expect(verdict(() => open(make({}, { old: { ...OLD, sign: thief.sign }, new: NEXT })))).toBe('cose-signature');
  });

  it('T23: hands over for its own party and role only', () => {
    expect(verdict(() => open(make({ party: 'device-2' })))).toBe('cose-kid');
    expect(verdict(() => open(make({ role: 'device' })))).toBe('cose-kid');
    expect(verdict(() => open(make({}, { old: OBJECT_KEYS.psp, new: NEXT })))).toBe('cose-kid');
    expect(verdict(() => open(make(), { tenant: 'other' }))).toBe('cose-kid');
  });

  it('T22: does not hand over to an unsound key, nor to itself', () => {
    const anybody = { ...NEXT, sign: () => new Uint8Array(64) };
    expect(verdict(() => open(make({ newKey: LOW_ORDER_KEY }, { old: OLD, new: anybody })))).toBe('key-low-order');
    expect(verdict(() => open(make({ newKey: OLD.publicKey }, { old: OLD, new: OLD })))).toBe('enrolment-keys');
  });

  it('T2: is taken within a day, and never once the old key was replaced', () => {
    for (const offset of [-KEY_HAND_OVER_WINDOW_S - 1, KEY_HAND_OVER_WINDOW_S + 1])
      expect(verdict(() => open(make({ at: at(offset) })))).toBe('enrolment-time');
    for (const offset of [-KEY_HAND_OVER_WINDOW_S, KEY_HAND_OVER_WINDOW_S])
      expect(verdict(() => open(make({ at: at(offset) })))).toBe('accepted');
    for (const until of [NOW, NOW + 100])
      expect(verdict(() => open(make(), { trust: trustUntil(until) }))).toBe('cose-kid');
    expect(verdict(() => open(make(), { now: Number.NaN as never }))).toBe('enrolment-time');
  });

  it('T1: is refused with any one bit flipped', () => {
    const bytes = make();
    for (let bit = 0; bit < bytes.length * 8; bit += 5)
      expect(
        verdict(() => open(flipped(bytes, bit))),
        `bit ${bit}`,
      ).not.toBe('accepted');
  });

  it('T25: is no object, and no object is one', () => {
    expect(Object.values(OBJECTS).map(({ typ }) => typ)).not.toContain(KEY_HAND_OVER_TYP);
    for (const signed of Object.values(SIGNED)) expect(verdict(() => open(signed))).not.toBe('accepted');
    for (const type of ['confirmation', 'lifecycle-order'] as const)
      expect(verdict(() => openObject(type, make(), by))).toBe('cose-typ');
  });
});

describe('a key that was replaced', () => {
  it('ACTC-ENR-009: verifies what the PSP says is older, and nothing that is presented now', () => {
    const { confirmedAt } = VALUES.confirmation;
    const { paidAt } = VALUES.receipt;
    const later = { trust: trustUntil(paidAt + 1), tenant: TENANT };
    expect(verdict(() => openObject('confirmation', SIGNED.confirmation, later))).toBe('cose-kid');
    expect(verdict(() => openObject('confirmation', SIGNED.confirmation, { ...later, at: confirmedAt }))).toBe(
      'accepted',
    );
    expect(verifyEvidence(EVIDENCE, later).receipt).toEqual(VALUES.receipt);
    // The confirmation says itself that it is older; the receipt, which is the PSP's word, does not.
    const earlier = { trust: trustUntil(paidAt), tenant: TENANT };
    expect(verdict(() => verifyEvidence(EVIDENCE, earlier))).toBe('cose-kid');
  });

  it('ACTC-ENR-009: sends frames up to its last second only', () => {
    const { party: sender } = PARTIES.device;
    const entry = { party: sender, role: 'device', use: 'frame', publicKey: FRAME_KEYS.device.publicKey } as const;
    const trust = (until: number) => new TrustSet([anEnrolledKey({ ...entry, until: until as never })]);
    const intent = sampleFrame('intent');
    expect(verdict(() => opened('intent', intent, { trust: trust(NOW + 1) }))).toBe('accepted');
    expect(verdict(() => opened('intent', intent, { trust: trust(NOW) }))).toBe('cose-kid');
  });
});
