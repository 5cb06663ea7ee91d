import { describe, expect, it } from 'vitest';
import type { RefundOrder } from '../../../sim/ledger/orders.ts';
import { after, DELEGATION, desk, executed, START, SUB_ACCOUNT, spend, WEARER } from './desk.ts';

const order = (refundId: string, amountMinor: number, changed: Partial<RefundOrder> = {}): RefundOrder => ({
  refundId,
  tradeNo: 'T-r1',
  amountMinor,
  currency: 'CNY',
  payee: 'cafe',
  ...changed,
});

describe('a refund', () => {
  it('T29: is at most what was paid less what went back, to the last minor unit', () => {
    const { ledger, pay, pot } = desk();
    pay('r1', 100);
    expect(ledger.refund(order('f1', 60), after(1))).toEqual({
      kind: 'refunded',
      refundedTotalMinor: 60,
      refundedAt: after(1),
    });
    expect(ledger.refund(order('f2', 41), START)).toEqual({ kind: 'refused', reason: 'more-than-paid' });
    expect(ledger.refund(order('f3', 40), START)).toMatchObject({ kind: 'refunded', refundedTotalMinor: 100 });
    expect(ledger.refund(order('f4', 1), START)).toEqual({ kind: 'refused', reason: 'more-than-paid' });
    expect([pot('payee:cafe'), ledger.wallet(WEARER, 'CNY')]).toEqual([0, 1_000_000]);
    expect(ledger.status(DELEGATION, START)).toMatchObject({ spentMinor: 100, refundedMinor: 100, spends: 1 });
  });

  it('T29: is made once for its request number; another refund under it is none', () => {
    const { ledger, pay } = desk();
    pay('r1', 100);
    ledger.refund(order('f1', 10), START);
    ledger.refund(order('f2', 10), START);
    expect(ledger.refund(order('f1', 10), after(9))).toEqual({
      kind: 'known',
      refundedTotalMinor: 10,
      refundedAt: START,
    });
    for (const other of [{ amountMinor: 11 }, { tradeNo: 'T-r2' }, { payee: 'thief' }])
      expect(ledger.refund(order('f1', 10, other), START)).toEqual({ kind: 'refused', reason: 'request-repeated' });
    expect(ledger.status(DELEGATION, START)).toMatchObject({ refundedMinor: 20 });
  });

  it('T29: is asked for by who was paid, in what was paid, for a trade that was', () => {
    const { ledger, pay, pot } = desk();
    pay('r1', 100);
    expect(ledger.refund(order('f1', 10, { payee: 'thief' }), START)).toEqual({
      kind: 'refused',
      reason: 'other-payee',
    });
    const currency = 'USD';
    expect(ledger.refund(order('f2', 10, { currency }), START)).toEqual({ kind: 'refused', reason: 'other-currency' });
    const tradeNo = 'T-r9';
    expect(ledger.refund(order('f3', 10, { tradeNo }), START)).toEqual({ kind: 'refused', reason: 'unknown-trade' });
    expect(pot('payee:cafe')).toBe(100);
  });

  it('T29: that races the capture is refused, and stays refused under its number', () => {
    const { ledger, pot } = desk();
    ledger.reserve(spend('r1', 100), START);
    expect(ledger.refund(order('f1', 10), START)).toEqual({ kind: 'refused', reason: 'unknown-trade' });
    ledger.commit('r1', executed('r1'), START);
    expect(ledger.refund(order('f1', 10), START)).toEqual({ kind: 'refused', reason: 'unknown-trade' });
    expect(pot('payee:cafe')).toBe(100);
    expect(ledger.refund(order('f2', 10), START)).toMatchObject({ kind: 'refunded' });
  });

  it('T14: opens the bounds no further: what was spent stays spent, in all and of the day, and the order counts', () => {
    const { ledger, pay } = desk({ maxTotalMinor: 150, maxDailyMinor: 120, maxOrders: 3 });
    pay('r1', 100);
    ledger.refund(order('f1', 100), START);
    expect(ledger.reserve(spend('r2', 21), START)).toEqual({ kind: 'refused', error: 'TOTAL_LIMIT_EXCEEDED' });
    expect(ledger.reserve(spend('r3', 20), START)).toEqual({ kind: 'reserved' });
    const tomorrow = after(86_400_000);
    expect(ledger.reserve(spend('r4', 31), tomorrow)).toEqual({ kind: 'refused', error: 'TOTAL_LIMIT_EXCEEDED' });
    expect(ledger.reserve(spend('r5', 1), tomorrow)).toEqual({ kind: 'reserved' });
    expect(ledger.reserve(spend('r6', 1), tomorrow)).toEqual({ kind: 'refused', error: 'TOTAL_LIMIT_EXCEEDED' });
  });

  it.each(['Suspended', 'Revoked'] as const)('goes back under a credential that is %s as well', (to) => {
    const { ledger, pay } = desk();
    pay('r1', 100);
    ledger.change({ delegationId: DELEGATION, changeId: 'c1', to, by: 'PRINCIPAL' }, START);
    expect(ledger.refund(order('f1', 100), START)).toMatchObject({ kind: 'refunded' });
    expect(ledger.wallet(WEARER, 'CNY')).toBe(1_000_000);
  });

  it('T29: goes back to the sub-account that paid, and where that is cancelled to the wallet behind it', () => {
    const { ledger, pay, pot } = desk({ instrument: SUB_ACCOUNT });
    pay('r1', 100);
    ledger.refund(order('f1', 60), START);
    expect([pot('sub:sub-1'), ledger.wallet(WEARER, 'CNY')]).toEqual([9_960, 990_000]);
    ledger.subAccount({ requestId: 'o1', account: WEARER, subAccountId: 'sub-1', operation: 'CANCEL' });
    ledger.refund(order('f2', 40), START);
    expect([pot('sub:sub-1'), ledger.wallet(WEARER, 'CNY')]).toEqual([0, 1_000_000]);
  });

  it.each([0, -1, 0.5])('of %s minor units is a defect of the caller', (amountMinor) => {
    expect(() => desk().ledger.refund(order('f1', amountMinor), START)).toThrow('whole minor units');
  });
});
