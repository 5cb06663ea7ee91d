import { describe, expect, it } from 'vitest';
import { hex } from '../../protocol/bytes.ts';
import { CBOR_LIMITS, decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import { decodeEvidence, type Evidence, encodeEvidence, verifyEvidence } from '../../protocol/evidence.ts';
import { digestOf } from '../../protocol/ids.ts';
import { epochSeconds } from '../../protocol/time.ts';
import { TrustSet } from '../../protocol/trust.ts';
import {
  anEnrolledKey,
  anEvidence,
  anObject,
  EVIDENCE,
  FRAME_KEYS,
  flipped,
  idOf,
  keyOf,
  OBJECT_KEYS,
  PARTIES,
  SIGNED,
  TENANT,
  TRUST,
  VALUES,
} from './builders.ts';
import { refusal, verdict } from './support.ts';

const by = { trust: TRUST, tenant: TENANT };
const PARTS = ['cart', 'challenge', 'confirmation', 'receipt'] as const;

/** Second parties of the same tenant, every bit as trusted as the first. */
const OTHERS = { merchant: keyOf('second merchant'), psp: keyOf('second psp'), signer: keyOf('second signer') };
const withOthers = new TrustSet([
  ...(['merchant', 'psp', 'signer'] as const).flatMap((role) => [
    anEnrolledKey({ ...PARTIES[role], use: 'object', publicKey: OBJECT_KEYS[role].publicKey }),
    anEnrolledKey({ party: `second-${role}`, role, use: 'object', publicKey: OTHERS[role].publicKey }),
  ]),
]);
const outcome = (evidence: Evidence, trust = withOthers) => verdict(() => verifyEvidence(evidence, { ...by, trust }));
const reason = (evidence: Evidence) => refusal(() => verifyEvidence(evidence, { ...by, trust: withOthers }))?.message;

describe('the evidence of a purchase', () => {
  it('shows who sold what, what the wearer confirmed and what was paid', () => {
    expect(verifyEvidence(EVIDENCE, by)).toEqual(Object.fromEntries(PARTS.map((part) => [part, VALUES[part]])));
    expect(anEvidence()).toEqual(EVIDENCE);
  });

  it.each(['challenge', 'cart'] as const)(
    'ACTC-OBJ-006: takes a confirmation of the very second in which the %s ends',
    (which) => {
      const confirmedAt = VALUES.confirmation.confirmedAt;
      const end =
        which === 'cart'
          ? { cart: { value: { lockedUntil: confirmedAt } } }
          : { challenge: { value: { expiresAt: confirmedAt } } };
      expect(outcome(anEvidence(end))).toBe('accepted');
    },
  );

  it('comes back from its one encoding, which shares no memory with it', () => {
    const encoded = Buffer.from(encodeEvidence(EVIDENCE));
    const decoded = decodeEvidence(encoded);
    encoded.fill(0);
    expect(decoded).toEqual(EVIDENCE);
    expect(hex(encodeEvidence(decoded))).toBe(hex(encodeEvidence(EVIDENCE)));
  });

  it('fits into one item however long its parts may be', () => {
    const longest = { cart: 2048, challenge: 512, confirmation: 512, receipt: 512 };
    const full = Object.fromEntries(Object.entries(longest).map(([part, length]) => [part, new Uint8Array(length)]));
    expect(encodeEvidence(full as never).length).toBeLessThanOrEqual(CBOR_LIMITS.bytes);
    for (const [part, length] of Object.entries(longest)) {
      const over = { ...full, [part]: new Uint8Array(length + 1) };
      expect(refusal(() => encodeEvidence(over as never))).toMatchObject({
        code: 'message-shape',
        path: `evidence.${part}`,
      });
    }
  });

  it('T26: is refused when a part is missing, foreign or added', () => {
    const map = decodeCbor(encodeEvidence(EVIDENCE)) as ReadonlyMap<number, Uint8Array>;
    for (const key of map.keys()) {
      const partial = encodeCbor(new Map([...map].filter(([other]) => other !== key)));
      expect(verdict(() => decodeEvidence(partial))).toBe('message-shape');
    }
    expect(verdict(() => decodeEvidence(encodeCbor(new Map([...map, [5, SIGNED.fulfilment]]))))).toBe('message-shape');
    for (const part of PARTS)
      for (const other of PARTS.filter((one) => one !== part)) {
        expect(outcome({ ...EVIDENCE, [part]: EVIDENCE[other] }), `${other} as ${part}`).toMatch(/^cose-/);
      }
  });

  it.each(PARTS)('T1: is refused with any one bit of the %s flipped', (part) => {
    for (let bit = 0; bit < EVIDENCE[part].length * 8; bit += 7) {
      expect(outcome({ ...EVIDENCE, [part]: flipped(EVIDENCE[part], bit) }), `bit ${bit}`).not.toBe('accepted');
    }
  });
});

describe('each link of the evidence, broken alone', () => {
  const nothing = digestOf(new Uint8Array(0));
  const CASES: readonly (readonly [string, string, Evidence])[] = [
    ['a cart signed by another merchant than it names', 'cart signer', anEvidence({ cart: { key: OTHERS.merchant } })],
    [
      'a cart that names another merchant than signed it',
      'cart signer',
      anEvidence({ cart: { value: { merchant: 'second-merchant' } } }),
    ],
    [
      'a cart whose lines do not add up to its total',
      'cart total',
      anEvidence({ cart: { value: { deliveryMinor: VALUES.cart.deliveryMinor + 1 } } }),
    ],
    [
      'a confirmation after the challenge had expired',
      'confirmed in time',
      anEvidence({ confirmation: { value: { confirmedAt: epochSeconds(VALUES.challenge.expiresAt + 1) } } }),
    ],
    [
      'a confirmation after the price was unlocked',
      'confirmed in time',
      anEvidence({ cart: { value: { lockedUntil: epochSeconds(VALUES.confirmation.confirmedAt - 1) } } }),
    ],
    [
      'a challenge for another cart',
      'challenge to cart',
      anEvidence({ challenge: { value: { cartDigest: nothing } } }),
    ],
    [
      'a challenge to another wearer',
      'confirming device',
      anEvidence({ challenge: { value: { payer: 'glasses-8' } } }),
    ],
    ['a confirmation by another wearer', 'confirming device', anEvidence({ confirmation: { key: OTHERS.signer } })],
    [
      'a confirmation of another challenge',
      'challenge to confirmation',
      anEvidence({ confirmation: { value: { challengeDigest: nothing } } }),
    ],
    [
      'a receipt for another confirmation',
      'confirmation to receipt',
      anEvidence({ receipt: { value: { confirmationDigest: nothing } } }),
    ],
    ['a receipt by another PSP than challenged', 'one PSP', anEvidence({ receipt: { key: OTHERS.psp } })],
    ['a challenge by another PSP than paid', 'one PSP', anEvidence({ challenge: { key: OTHERS.psp } })],
    ...(['challenge', 'receipt'] as const).flatMap((part) =>
      [
        { orderNo: 'LC-20260921-0043' },
        { payee: 'second-merchant' },
        { amountMinor: VALUES.cart.totalMinor + 1 },
        { amountMinor: VALUES.cart.totalMinor - 1 },
        { currency: 'HKD' } as const,
      ].map(
        (value) =>
          [`a ${part} with another ${Object.keys(value)[0]}`, 'one order', anEvidence({ [part]: { value } })] as const,
      ),
    ),
  ];

  it.each(CASES)('T29: refuses %s', (_, link, evidence) => {
    expect(reason(evidence)).toBe(`evidence-link: ${link} does not hold`);
  });

  it('refuses the objects of two purchases, each good in itself, in any mixture', () => {
    const other = anEvidence({
      cart: { value: { intentId: idOf('another intent'), orderNo: 'LC-20260921-0077' } },
      challenge: { value: { orderNo: 'LC-20260921-0077' } },
      receipt: { value: { orderNo: 'LC-20260921-0077', tradeNo: '2026092122001499' } },
    });
    expect(outcome(other)).toBe('accepted');
    for (let mixture = 1; mixture < 2 ** PARTS.length - 1; mixture++) {
      const mixed = PARTS.map((part, i) => [part, ((mixture >> i) & 1 ? other : EVIDENCE)[part]] as const);
      expect(outcome(Object.fromEntries(mixed) as Evidence), `mixture ${mixture}`).toBe('evidence-link');
    }
  });
});

describe('T29: a receipt forged for the evidence', () => {
  const value = { confirmationDigest: digestOf(EVIDENCE.confirmation) };

  it.each([
    ['the merchant', OBJECT_KEYS.merchant],
    ['the wearer', OBJECT_KEYS.signer],
    ['the cloud agent', FRAME_KEYS.agent],
    ['the PSP with its frame key', FRAME_KEYS.psp],
    ['a stranger', keyOf('stranger')],
  ])('by %s is refused', (_, key) => {
    expect(outcome({ ...EVIDENCE, receipt: anObject('receipt', value, key) }, TRUST)).toBe('cose-kid');
  });

  it('is taken from the PSP that made the challenge', () => {
    expect(outcome({ ...EVIDENCE, receipt: anObject('receipt', value) }, TRUST)).toBe('accepted');
  });
});
