import { describe, expect, it } from 'vitest';
import type { PaymentError } from '../../../protocol/index.ts';
import type { DelegationTerms, SpendRequest } from '../../../sim/ledger/orders.ts';
import {
  after,
  DAY_MS,
  DELEGATION,
  desk,
  executed,
  HOUR_MS,
  START,
  SUB_ACCOUNT,
  spend,
  terms,
  WEARER,
} from './desk.ts';

const refused = (error: PaymentError) => ({ kind: 'refused', error });

describe('a reservation', () => {
  it('T14: counts what is promised like what is paid: the total, to the last minor unit', () => {
    const { ledger } = desk();
    expect(ledger.reserve(spend('r1', 6_000), START)).toEqual({ kind: 'reserved' });
    expect(ledger.reserve(spend('r2', 4_001), START)).toEqual(refused('TOTAL_LIMIT_EXCEEDED'));
    expect(ledger.reserve(spend('r3', 4_000), START)).toEqual({ kind: 'reserved' });
    ledger.commit('r1', executed('r1'), START);
    expect(ledger.reserve(spend('r4', 1), START)).toEqual(refused('TOTAL_LIMIT_EXCEEDED'));
    expect(ledger.status(DELEGATION, START)).toMatchObject({ spentMinor: 6_000, reservedMinor: 4_000, spends: 1 });
  });

  it('T14: whose outcome is unknown stays for as long as nobody resolves it, and its room is free once it is released', () => {
    const { ledger } = desk();
    ledger.reserve(spend('r1', 10_000), START);
    expect(ledger.reserve(spend('r2', 1), after(29 * DAY_MS))).toEqual(refused('TOTAL_LIMIT_EXCEEDED'));
    ledger.release('r1', 'EXECUTION_FAILED', after(29 * DAY_MS));
    expect(ledger.reserve(spend('r3', 10_000), after(29 * DAY_MS))).toEqual({ kind: 'reserved' });
  });

  it('is bounded one by one', () => {
    const { ledger } = desk({ maxSingleMinor: 3_000 });
    expect(ledger.reserve(spend('r1', 3_001), START)).toEqual(refused('SINGLE_LIMIT_EXCEEDED'));
    expect(ledger.reserve(spend('r2', 3_000), START)).toEqual({ kind: 'reserved' });
  });

  it('is bounded by the number of orders, open ones counted', () => {
    const { ledger } = desk({ maxOrders: 2 });
    ledger.reserve(spend('r1', 1), START);
    ledger.commit('r1', executed('r1'), START);
    ledger.reserve(spend('r2', 1), START);
    expect(ledger.reserve(spend('r3', 1), START)).toEqual(refused('TOTAL_LIMIT_EXCEEDED'));
    ledger.release('r2', 'EXECUTION_FAILED', START);
    expect(ledger.reserve(spend('r4', 1), START)).toEqual({ kind: 'reserved' });
  });

  it('is bounded by the local day, which begins at local midnight and not at midnight UTC', () => {
    const { ledger } = desk({ maxDailyMinor: 3_000, utcOffsetMin: 480 });
    ledger.reserve(spend('r1', 3_000), after(15 * HOUR_MS));
    expect(ledger.reserve(spend('r2', 1), after(16 * HOUR_MS - 1))).toEqual(refused('TOTAL_LIMIT_EXCEEDED'));
    expect(ledger.reserve(spend('r3', 3_000), after(16 * HOUR_MS))).toEqual({ kind: 'reserved' });
    expect(ledger.reserve(spend('r4', 1), after(25 * HOUR_MS))).toEqual(refused('TOTAL_LIMIT_EXCEEDED'));
  });

  it('belongs to the day it was made on, whenever it is committed or released', () => {
    const { ledger } = desk({ maxDailyMinor: 3_000 });
    ledger.reserve(spend('r1', 3_000), after(DAY_MS - 1));
    ledger.reserve(spend('r2', 2_000), after(DAY_MS));
    ledger.commit('r1', executed('r1'), after(DAY_MS));
    expect(ledger.reserve(spend('r3', 1_001), after(DAY_MS))).toEqual(refused('TOTAL_LIMIT_EXCEEDED'));
    ledger.release('r2', 'EXECUTION_FAILED', after(DAY_MS));
    expect(ledger.reserve(spend('r4', 3_000), after(DAY_MS))).toEqual({ kind: 'reserved' });
    expect(ledger.reserve(spend('r5', 1), after(DAY_MS))).toEqual(refused('TOTAL_LIMIT_EXCEEDED'));
  });

  it('of yesterday, released today, gives no room of today', () => {
    const { ledger } = desk({ maxDailyMinor: 3_000 });
    ledger.reserve(spend('r1', 3_000), after(DAY_MS - 1));
    ledger.reserve(spend('r2', 3_000), after(DAY_MS));
    ledger.release('r1', 'EXECUTION_FAILED', after(DAY_MS));
    expect(ledger.reserve(spend('r3', 1), after(DAY_MS))).toEqual(refused('TOTAL_LIMIT_EXCEEDED'));
  });

  it('T16: a clock set back opens no earlier day again', () => {
    const { ledger } = desk({ maxDailyMinor: 3_000 });
    ledger.reserve(spend('r1', 3_000), after(DAY_MS));
    expect(ledger.reserve(spend('r2', 1), after(DAY_MS - 1))).toEqual(refused('TOTAL_LIMIT_EXCEEDED'));
  });

  it('needs the money: what another credential holds is not there', () => {
    const { ledger } = desk({}, 5_000);
    ledger.open(terms({ delegationId: 'd1' }), START);
    ledger.reserve(spend('r1', 3_000), START);
    expect(ledger.reserve(spend('r2', 2_001, { delegationId: 'd1' }), START)).toEqual(refused('INSUFFICIENT_BALANCE'));
    expect(ledger.reserve(spend('r3', 2_000, { delegationId: 'd1' }), START)).toEqual({ kind: 'reserved' });
    expect(ledger.wallet(WEARER, 'CNY')).toBe(0);
  });

  it.each<[PaymentError, Partial<DelegationTerms>, Partial<SpendRequest>]>([
    ['IAC_INVALID', {}, { delegationId: 'nobody' }],
    ['IAC_INVALID', { validFrom: after(1) }, { currency: 'USD' }],
    ['IAC_EXPIRED', { validFrom: after(-2), validUntil: START }, { currency: 'USD' }],
    ['ORDER_MISMATCH', { maxSingleMinor: 1 }, { currency: 'USD' }],
    ['SINGLE_LIMIT_EXCEEDED', { maxSingleMinor: 1, maxTotalMinor: 1 }, {}],
    ['TOTAL_LIMIT_EXCEEDED', { maxTotalMinor: 1 }, { amountMinor: 2_000_000 }],
    ['INSUFFICIENT_BALANCE', { maxTotalMinor: 9_000_000 }, { amountMinor: 2_000_000 }],
  ])('says %s before what comes after it in ACT’s order', (error, changed, request) => {
    const { ledger } = desk(changed);
    const { requestId, contentDigest, ...price } = spend('r1', 100, request);
    if (error !== 'INSUFFICIENT_BALANCE') expect(ledger.check(price, START)).toBe(error);
    expect(ledger.reserve({ requestId, contentDigest, ...price }, START)).toEqual(refused(error));
  });

  it.each(['Suspended', 'Revoked'] as const)('is not made under a credential that is %s', (to) => {
    const { ledger } = desk();
    ledger.change({ delegationId: DELEGATION, changeId: 'c1', to, by: 'PRINCIPAL' }, START);
    const error = to === 'Suspended' ? 'IAC_SUSPENDED' : 'IAC_REVOKED';
    expect(ledger.reserve(spend('r1', 1), START)).toEqual(refused(error));
  });

  it('T2: is made once for its id; the same id with another content is another request', () => {
    const { ledger } = desk();
    ledger.reserve(spend('r1', 100), START);
    const standing = ledger.find('r1');
    expect(standing).toMatchObject({ standing: 'reserved', amountMinor: 100, version: 0 });
    expect(ledger.reserve(spend('r1', 100), after(5))).toEqual({ kind: 'known', standing });
    for (const other of [
      { contentDigest: 'x' },
      { amountMinor: 101 },
      { currency: 'USD' },
      { delegationId: 'd1' },
    ] as const)
      expect(ledger.reserve(spend('r1', 100, other), START)).toEqual(refused('REQUEST_REPEATED'));
    expect(ledger.status(DELEGATION, START)).toMatchObject({ reservedMinor: 100 });
  });

  it('that was refused stays refused under its id, when there would be room now', () => {
    const { ledger } = desk({}, 0);
    expect(ledger.reserve(spend('r1', 100), START)).toEqual(refused('INSUFFICIENT_BALANCE'));
    ledger.fund(WEARER, 'CNY', 1_000, 'later');
    expect(ledger.reserve(spend('r1', 100), START)).toMatchObject({
      kind: 'known',
      standing: { standing: 'released', error: 'INSUFFICIENT_BALANCE' },
    });
    expect(ledger.wallet(WEARER, 'CNY')).toBe(1_000);
  });

  it.each([0, -1, 1.5, Number.NaN])('of %s minor units is a defect of the caller', (amountMinor) => {
    expect(() => desk().ledger.reserve(spend('r1', amountMinor), START)).toThrow('whole minor units');
  });
});

describe('a commit', () => {
  it('moves what was reserved to the payee, once, and keeps the first receipt', () => {
    const { ledger, pot } = desk();
    ledger.reserve(spend('r1', 100), START);
    expect(ledger.commit('r1', executed('r1'), after(1))).toEqual({ kind: 'committed' });
    const known = ledger.commit('r1', executed('r1', { receipt: 'bb' }), after(2));
    expect(known).toMatchObject({
      kind: 'known',
      standing: { standing: 'committed', receipt: 'aa', committedAt: after(1) },
    });
    expect([pot('payee:cafe'), pot(`held:${DELEGATION}`), ledger.wallet(WEARER, 'CNY')]).toEqual([100, 0, 999_900]);
    expect(ledger.status(DELEGATION, START)).toMatchObject({ spentMinor: 100, reservedMinor: 0, spends: 1 });
  });

  it.each([{ tradeNo: 'T-x' }, { orderNo: 'O-x' }, { payee: 'thief' }])(
    'of another trade under the id is refused: %o',
    (other) => {
      const { ledger, pay, pot } = desk();
      pay('r1', 100);
      expect(ledger.commit('r1', executed('r1', other), START)).toEqual(refused('REQUEST_REPEATED'));
      expect([pot('payee:cafe'), pot('payee:thief')]).toEqual([100, 0]);
    },
  );

  it('without a reservation, or under the trade number of another payment, is a defect of the caller and moves nothing', () => {
    const { ledger, pay, pot } = desk();
    expect(() => ledger.commit('r1', executed('r1'), START)).toThrow('reserved before');
    pay('r1', 100);
    ledger.reserve(spend('r2', 100), START);
    expect(() => ledger.commit('r2', executed('r1'), START)).toThrow('another payment');
    expect([pot('payee:cafe'), pot(`held:${DELEGATION}`)]).toEqual([100, 100]);
  });

  it.each([
    ['Suspended', 'IAC_SUSPENDED'],
    ['Revoked', 'IAC_REVOKED'],
  ] as const)('T17: after %s was acknowledged is refused, and gives back what was reserved', (to, error) => {
    const { ledger, pot } = desk();
    ledger.reserve(spend('r1', 100), START);
    ledger.change({ delegationId: DELEGATION, changeId: 'c1', to, by: 'PRINCIPAL' }, START);
    expect(ledger.commit('r1', executed('r1'), START)).toEqual(refused(error));
    expect(ledger.commit('r1', executed('r1'), START)).toMatchObject({ kind: 'known', standing: { error } });
    expect(ledger.status(DELEGATION, START)).toMatchObject({ spentMinor: 0, reservedMinor: 0 });
    expect([pot('payee:cafe'), ledger.wallet(WEARER, 'CNY')]).toEqual([0, 1_000_000]);
  });

  it('T17: after a suspension is void also where the credential is Active again: the order of arrival decides nothing', () => {
    const { ledger } = desk();
    ledger.reserve(spend('r1', 100), START);
    for (const to of ['Suspended', 'Active'] as const)
      ledger.change({ delegationId: DELEGATION, changeId: to, to, by: 'PRINCIPAL' }, START);
    expect(ledger.commit('r1', executed('r1'), START)).toEqual(refused('IAC_SUSPENDED'));
    ledger.reserve(spend('r2', 100), START);
    expect(ledger.commit('r2', executed('r2'), START)).toEqual({ kind: 'committed' });
  });

  it('T17: at the end of the window is refused, one millisecond before it is not', () => {
    const { ledger } = desk({ validUntil: after(10) });
    for (const id of ['r1', 'r2']) ledger.reserve(spend(id, 100), START);
    expect(ledger.commit('r1', executed('r1'), after(9))).toEqual({ kind: 'committed' });
    expect(ledger.commit('r2', executed('r2'), after(10))).toEqual(refused('IAC_EXPIRED'));
  });

  it('after a release does nothing', () => {
    const { ledger, pot } = desk();
    ledger.reserve(spend('r1', 100), START);
    ledger.release('r1', 'EXECUTION_FAILED', after(1));
    expect(ledger.commit('r1', executed('r1'), START)).toMatchObject({
      kind: 'known',
      standing: { standing: 'released', error: 'EXECUTION_FAILED', releasedAt: after(1) },
    });
    expect(pot('payee:cafe')).toBe(0);
  });

  it.each([
    ['FREEZE', 'SUB_ACCOUNT_INVALID'],
    ['CANCEL', 'SUB_ACCOUNT_INVALID'],
  ] as const)('after %s of its sub-account is refused', (operation, error) => {
    const { ledger } = desk({ instrument: SUB_ACCOUNT });
    ledger.reserve(spend('r1', 100), START);
    ledger.subAccount({ requestId: 'o1', account: WEARER, subAccountId: 'sub-1', operation });
    expect(ledger.commit('r1', executed('r1'), START)).toEqual(refused(error));
    expect(ledger.reserve(spend('r2', 100), START)).toEqual(refused(error));
  });
});

describe('a release', () => {
  it('changes nothing that is committed, released or unknown', () => {
    const { ledger, pay } = desk();
    pay('r1', 100);
    ledger.reserve(spend('r2', 50), START);
    ledger.release('r2', 'EXECUTION_FAILED', START);
    const before = [ledger.find('r1'), ledger.find('r2'), ledger.status(DELEGATION, START)];
    for (const id of ['r1', 'r2', 'r3']) ledger.release(id, 'IAC_REVOKED', after(1));
    expect([ledger.find('r1'), ledger.find('r2'), ledger.status(DELEGATION, START)]).toEqual(before);
    expect(ledger.find('r3')).toBeUndefined();
  });
});

it('tells the payments of a credential in the order in which they were made, also the eleventh', () => {
  const { ledger, pay } = desk();
  const ids = Array.from({ length: 12 }, (_, i) => `r${i}`);
  for (const id of ids) pay(id, 10);
  expect(ledger.spends(DELEGATION).map(({ requestId }) => requestId)).toEqual(ids);
  expect(ledger.spends(DELEGATION)[0]).toEqual({
    requestId: 'r0',
    tradeNo: 'T-r0',
    orderNo: 'O-r0',
    payee: 'cafe',
    amountMinor: 10,
    committedAt: START,
  });
  expect(ledger.spends('d')).toEqual([]);
});
