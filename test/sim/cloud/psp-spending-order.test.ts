/** ACT's order of checks: of two faults at once, the earlier one names the error. */
import { describe, expect, it } from 'vitest';
import {
  type Cart,
  type EpochSeconds,
  PAYMENT_ERRORS,
  type PaymentError,
  type SigningKey,
  signObject,
} from '../../../protocol/index.ts';
import { AGENT_KEY, DAY_S, type DelegatedRequest, DelegationTill, type DraftChange } from './delegation-till.ts';
import { keyOf } from './hands.ts';
import { id, tenant } from './stage.ts';

const AMOUNT_MINOR = 6_000;

/** A payment that would succeed, until faults are put into it. */
interface Plan {
  readonly till: DelegationTill;
  readonly terms: NonNullable<DraftChange['terms']>;
  readonly commerce: NonNullable<DraftChange['commerce']>;
  /** Before it is issued. */
  readonly before: (() => void)[];
  /** Between issuing and paying. */
  readonly between: (() => void)[];
  cart: Partial<Cart>;
  request: (now: EpochSeconds) => Partial<DelegatedRequest>;
  type: 'delegated-pay-request' | 'autonomous-pay-request';
  key: SigningKey;
}

type Fault = readonly [error: PaymentError, put: (plan: Plan) => unknown];

const also = (plan: Plan, more: (now: EpochSeconds) => Partial<DelegatedRequest>) => {
  const { request } = plan;
  plan.request = (now) => ({ ...request(now), ...more(now) });
};

/** In ACT's order. */
const FAULTS: readonly Fault[] = [
  ['AGENT_SIGNATURE_INVALID', (plan) => Object.assign(plan, { key: keyOf(tenant.psp.objectSeed) })],
  ['REQUEST_EXPIRED', (plan) => also(plan, (now) => ({ createdAt: (now - 301) as EpochSeconds }))],
  [
    'IAC_INVALID',
    (plan) => {
      let other = new Uint8Array();
      plan.before.push(() => {
        other = new Uint8Array(plan.till.issue('another'));
      });
      also(plan, () => ({ iac: other }));
    },
  ],
  ['IAC_EXPIRED', ({ till, between }) => void between.push(() => till.pass(8 * DAY_S * 1_000))],
  ['IAC_REVOKED', ({ till, between }) => void between.unshift(() => till.change('coffee', 'Revoked', 2))],
  ['IAC_SUSPENDED', ({ till, between }) => void between.unshift(() => till.change('coffee', 'Suspended', 1))],
  ['EXECUTION_FAILED', ({ till, between }) => void between.push(() => till.command('status-down'))],
  ['AGENT_MISMATCH', (plan) => also(plan, () => ({ agentId: 'did:act:example.com/nobody' }))],
  ['MODE_NOT_BOUNDED', (plan) => Object.assign(plan, { type: 'autonomous-pay-request' })],
  ['SINGLE_LIMIT_EXCEEDED', ({ commerce }) => Object.assign(commerce, { maxSingleMinor: 5_999 })],
  ['TOTAL_LIMIT_EXCEEDED', ({ terms }) => Object.assign(terms, { maxDailyMinor: 5_999 })],
  ['METHOD_NOT_ALLOWED', (plan) => also(plan, () => ({ method: 'urn:act:payment:shells' }))],
  ['MERCHANT_NOT_ALLOWED', ({ commerce }) => Object.assign(commerce, { forbiddenCategories: ['coffee'] })],
  ['ORDER_MISMATCH', (plan) => Object.assign(plan, { cart: { intentId: id('another intent') } })],
  ['TOKEN_INVALID', (plan) => also(plan, () => ({ paymentToken: 'delegated-nothing' }))],
  [
    'INSUFFICIENT_BALANCE',
    ({ till, before }) =>
      void before.push(() => till.issue('rest', { iac: { delegationMode: 'BOUNDED', maxTotalMinor: 999_000 } })),
  ],
];

function outcome(faults: readonly Fault[]): string {
  const till = new DelegationTill();
  const plan: Plan = {
    till,
    terms: {},
    commerce: { maxSingleMinor: 8_000 },
    before: [],
    between: [],
    cart: {},
    request: () => ({}),
    type: 'delegated-pay-request',
    key: AGENT_KEY,
  };
  for (const [, put] of faults) put(plan);
  for (const act of plan.before) act();
  const authorization = till.issue('coffee', plan);
  for (const act of plan.between) act();
  const cart = till.cart('coffee', 'o1', { totalMinor: AMOUNT_MINOR, ...plan.cart });
  till.register(cart);
  const value = till.request('coffee', authorization, cart, plan.request(till.now));
  const request = signObject(plan.type, value, plan.key);
  return till.send({ requestId: value.requestId, request, cart });
}

describe('a request under a delegation', () => {
  it('is paid where nothing is wrong with it', () => {
    expect(outcome([])).toBe('WAIT_SELLER_FULFILLMENT');
  });

  it.each(FAULTS)('is refused with %s where that alone is wrong', (error, put) => {
    expect(outcome([[error, put]])).toBe(error);
  });

  it('reaches every error of PSD-PAY-DEL and PSD-PAY-AUP', () => {
    const till = new DelegationTill();
    const authorization = till.issue('report', { iac: { delegationMode: 'BOUNDED' } });
    const reached = [
      till.payResource('report', authorization, 'r1', { subAccountAuthorization: new Uint8Array(64) }),
      ...FAULTS.map((fault) => outcome([fault])),
    ];
    const named = Object.entries(PAYMENT_ERRORS).filter(([, { component }]) => component !== 'PSD-PAY-INS');
    expect(named.map(([name]) => name).filter((name) => !reached.includes(name))).toEqual([]);
    expect(named).toHaveLength(12);
  });

  it.each(FAULTS.map((fault, i) => [fault[0], fault, FAULTS.slice(i + 1)] as const))(
    'names %s before whatever comes after it in ACT’s order',
    (error, fault, later) => {
      for (const other of later) expect([other[0], outcome([fault, other])]).toEqual([other[0], error]);
    },
  );
});
