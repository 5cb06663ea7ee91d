import { describe, expect, it } from 'vitest';
import { ENROLMENT_TYP, ENROLMENT_WINDOW_S } from '../../protocol/enrolment.ts';
import { OBJECTS } from '../../protocol/objects.ts';
import { at, flipped, idOf, keyOf, NOW, SIGNED } from './builders.ts';
import {
  aCertificate,
  anEnrolment,
  CONFIRMATION,
  enrolled,
  FRAME,
  IDENTITY,
  KEYS,
  LOW_ORDER_KEY,
  opened,
  replaced,
  STATEMENT,
} from './enrolment-builder.ts';
import { verdict } from './support.ts';

const thief = keyOf('thief');

describe('an enrolment', () => {
  it('ACTC-ENR-005: names the keys of one device, signed by each and by its identity', () => {
    expect(enrolled(anEnrolment())).toEqual(STATEMENT);
    expect(anEnrolment().length).toBeLessThan(500);
  });

  it.each(['frame', 'confirmation', 'identity'] as const)(
    'ACTC-ENR-005: is refused unless the %s key itself has signed: proof of possession',
    (which) => {
      expect(verdict(() => enrolled(anEnrolment({}, { [which]: thief })))).toBe('cose-kid');
      // The thief's signature under the victim's kid.
      const posing = { kid: KEYS[which].kid, sign: thief.sign };
      expect(verdict(() => enrolled(anEnrolment({}, { [which]: posing })))).toBe('cose-signature');
    },
  );

  it('T23: ACTC-ENR-005: is refused under the certificate of another device', () => {
    const certificate = opened(aCertificate({ identityKey: thief.publicKey }));
    expect(verdict(() => enrolled(anEnrolment(), { certificate }))).toBe('cose-kid');
  });

  it('T25: ACTC-ENR-006: is refused when one key is to serve two purposes', () => {
    const { publicKey } = FRAME;
    expect(verdict(() => enrolled(anEnrolment({ confirmationKey: publicKey }, { confirmation: FRAME })))).toBe(
      'enrolment-keys',
    );
    for (const [name, key] of [
      ['frame', { frameKey: IDENTITY.publicKey }],
      ['confirmation', { confirmationKey: IDENTITY.publicKey }],
    ] as const)
      expect(verdict(() => enrolled(anEnrolment(key, { [name]: IDENTITY })))).toBe('enrolment-keys');
  });

  it.each(['frameKey', 'confirmationKey'] as const)('T22: ACTC-ENR-006: is refused with a %s of low order', (field) => {
    // Under such a key a signature of nothing but zeros would do.
    const kid = new Uint8Array(8);
    const anybody = { kid, sign: () => new Uint8Array(64) };
    const keys = field === 'frameKey' ? { frame: anybody } : { confirmation: anybody };
    expect(verdict(() => enrolled(anEnrolment({ [field]: LOW_ORDER_KEY }, keys)))).toBe('key-low-order');
  });

  it('T2: ACTC-ENR-007: answers one nonce, within a day', () => {
    expect(verdict(() => enrolled(anEnrolment(), { nonce: idOf('another') }))).toBe('enrolment-nonce');
    for (const [offset, code] of [
      [-ENROLMENT_WINDOW_S - 1, 'enrolment-time'],
      [-ENROLMENT_WINDOW_S, 'accepted'],
      [ENROLMENT_WINDOW_S, 'accepted'],
      [ENROLMENT_WINDOW_S + 1, 'enrolment-time'],
    ] as const)
      expect(verdict(() => enrolled(anEnrolment({ at: at(offset) })))).toBe(code);
    expect(verdict(() => enrolled(anEnrolment(), { now: Number.NaN as never }))).toBe('enrolment-time');
  });

  it('T5: is refused in another tenant', () => {
    expect(verdict(() => enrolled(anEnrolment(), { tenant: 'other' }))).toBe('cose-signature');
  });

  it('T1: is refused with any one bit flipped', () => {
    const bytes = anEnrolment();
    const certificate = opened(aCertificate());
    for (let bit = 0; bit < bytes.length * 8; bit += 7)
      expect(
        verdict(() => enrolled(flipped(bytes, bit), { certificate })),
        `bit ${bit}`,
      ).not.toBe('accepted');
  });

  it('T25: is refused with its layers in another order, or with one left out', () => {
    const swapped = anEnrolment({}, { frame: CONFIRMATION, confirmation: FRAME });
    expect(verdict(() => enrolled(swapped))).toBe('cose-kid');
    expect(verdict(() => enrolled(SIGNED.cart))).not.toBe('accepted');
    expect(verdict(() => enrolled(aCertificate()))).not.toBe('accepted');
    expect(Object.values(OBJECTS).map(({ typ }) => typ)).not.toContain(ENROLMENT_TYP);
  });

  it('T12: is taken from a copy: another device named inside breaks every signature', () => {
    const other = replaced(anEnrolment(), new TextEncoder().encode('device-1'), new TextEncoder().encode('device-2'));
    expect(verdict(() => enrolled(other))).toBe('cose-signature');
    expect(NOW).toBe(STATEMENT.at);
  });
});
