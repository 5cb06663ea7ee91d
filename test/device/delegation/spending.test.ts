import { describe, expect, it } from 'vitest';
import type { KeptSpend } from '../../../device/delegation/book.ts';
import { fromHex } from '../../../protocol/index.ts';
import { id, MERCHANT, NAMELESS_MERCHANT, OTHER_MERCHANT, PSP, seconds } from '../builders.ts';
import {
  agentKey,
  coffee,
  draft,
  otherAgentKey,
  refund,
  resourceSpend,
  type SpendOver,
  spend,
  statusOf,
  voice,
} from './builders.ts';
import { active, atPrompt, issuing, requested, Stage } from './stage.ts';

/** A story about another draft. */
function about(one: ReturnType<typeof draft>): Stage {
  const saying = { ...voice, parse: () => ({ kind: 'draft', draft: one }) as const };
  const stage = new Stage({ delegation: { principal: 'did:act:example.com/person-1', voice: saying } });
  return active(issuing(atPrompt(requested(stage, 'whatever'))));
}

/** A Tuesday, 08:50 local time: the coffee is due. */
const DUE = seconds(22 * 3_600 + 40 * 60);

function kept(stage: Stage): readonly KeptSpend[] {
  return stage.desk.book.all.filter((one): one is KeptSpend => one.kind === 'spend');
}

describe('a payment inside the bounds', () => {
  it('is counted once, told with what is left, and acknowledged', () => {
    const stage = active();
    const { authorization } = stage.held;
    expect(stage.frame(spend(authorization, 1, 200_000))).toEqual([
      'keep spend',
      'say delegation-spent',
      'send notice-ack to psp',
    ]);
    expect(stage.said.at(-1)).toMatch(/^concert ticket: paid 2000\.00 yuan to .*, 560\.00 yuan left\.$/i);
    expect(stage.held.sums).toEqual({ count: 1, spentMinor: 200_000, refundedMinor: 0, strays: 0 });
  });

  it('T3: comes again, also after a restart, and is acknowledged again, but neither counted nor told', () => {
    const stage = active();
    const notice = spend(stage.held.authorization, 1, 200_000);
    stage.frame(notice);
    expect(stage.frame(notice)).toEqual(['send notice-ack to psp']);
    stage.crash();
    expect(stage.frame(notice)).toEqual(['send notice-ack to psp']);
    expect(stage.held.sums.count).toBe(1);
  });

  it('counts before the PSP has said that the delegation is in force: the receipt proves it', () => {
    const stage = issuing();
    stage.frame(spend(stage.held.authorization, 1, 200_000));
    expect(stage.held.sums.spentMinor).toBe(200_000);
  });

  it('may come without a cart, and for a resource where the agent chooses', () => {
    const stage = active();
    stage.frame(spend(stage.held.authorization, 1, 200_000, { noCart: true }));
    expect(kept(stage)[0]?.faults).toEqual([]);
    const { lines: _none, maxSingleMinor: _any, ...rest } = draft();
    const bounded = about({ ...rest, mode: 'BOUNDED', lines: [], purpose: 'market-report', maxTotalMinor: 5_000 });
    bounded.frame(resourceSpend(bounded.held.authorization, 1, 900));
    bounded.frame(resourceSpend(bounded.held.authorization, 2, 900));
    expect(kept(bounded).map(({ faults }) => faults)).toEqual([[], []]);
  });

  it('PSD-PAY-AUP: is followed by one warning from 80 % of the total on', () => {
    const stage = about(coffee({ maxTotalMinor: 60_000, maxDailyMinor: 60_000 }));
    const pay = (n: number, minor: number) => stage.frame(spend(stage.held.authorization, n, minor, { paidAt: DUE }));
    expect(pay(1, 47_999)).not.toContain('say delegation-warning');
    expect(pay(2, 1)).toContain('say delegation-warning');
    expect(pay(3, 5_000)).not.toContain('say delegation-warning');
  });
});

describe('T29: what is no receipt', () => {
  it.each<readonly [string, SpendOver, string]>([
    ['signed by a merchant', { receiptBy: MERCHANT }, PSP],
    ['signed by another PSP', { receiptBy: 'other-psp' }, PSP],
    ['brought by another party', {}, 'other-psp'],
  ])('is neither kept nor acknowledged: %s', (_what, over, from) => {
    const stage = active();
    expect(stage.frame(spend(stage.held.authorization, 1, 100, over), from)).toEqual([]);
    expect([kept(stage), stage.held.sums.count]).toEqual([[], 0]);
  });

  it('is what an agent says', () => {
    const stage = active();
    stage.frame({ type: 'delegation-news', body: { delegationId: stage.held.id, version: 9, state: 'done' } }, 'agent');
    expect(stage.held.sums.spentMinor).toBe(0);
  });
});

describe('T13 T14: a payment outside the bounds is kept as evidence, told loudly, and the press to pause is asked for', () => {
  it.each<readonly [string, number, SpendOver]>([
    ['request-signature', 100, { requestKey: { kid: agentKey.kid, sign: () => new Uint8Array(64) } }],
    ['agent-key', 100, { requestKey: otherAgentKey }],
    ['authorization', 100, { request: { iac: fromHex('00') } }],
    ['authorization', 100, { request: { agentId: 'did:act:example.com/another' } }],
    ['receipt-terms', 100, { receipt: { amountMinor: 99 } }],
    ['receipt-terms', 100, { request: { payee: OTHER_MERCHANT } }],
    ['payee', 100, { receipt: { payee: OTHER_MERCHANT }, request: { payee: OTHER_MERCHANT } }],
    ['payee', 100, { receipt: { payee: NAMELESS_MERCHANT }, request: { payee: NAMELESS_MERCHANT } }],
    ['single-limit', 256_001, {}],
    ['total-limit', 256_001, {}],
    ['currency', 100, { receipt: { currency: 'HKD' }, request: { currency: 'HKD' }, cart: { currency: 'HKD' } }],
    ['method', 100, { request: { method: 'urn:act:payment:shells' } }],
    ['order', 100, { request: { orderNo: 'LC-77' } }],
    ['cart', 100, { cart: { totalMinor: 101 } }],
    ['cart', 100, { cartBy: OTHER_MERCHANT }],
    ['cart', 100, { request: { cartDigest: id('x').repeat(2) as never } }],
    ['items', 100, { cart: { lines: [line('iced-latte', 2)] } }],
    ['items', 100, { cart: { lines: [line('concert-ticket', 3)] } }],
    ['items', 100, { cart: { lines: [line('concert-ticket', 2), line('iced-latte', 1)] } }],
    ['window', 100, { paidAt: seconds(7 * 86_400) }],
    ['window', 100, { paidAt: seconds(-1) }],
  ])('%s', (fault, minor, over) => {
    const stage = active();
    const lines = stage.frame(spend(stage.held.authorization, 1, minor, over));
    expect(kept(stage)[0]?.faults).toContain(fault);
    expect(lines).toEqual([
      expect.stringContaining('keep spend'),
      'say delegation-alarm',
      'send notice-ack to psp',
      'prompt lifecycle',
      'listen reply',
    ]);
    expect(stage.held.sums).toMatchObject({ count: 1, spentMinor: kept(stage)[0]?.amountMinor, strays: 1 });
    stage.press();
    expect(stage.count('lifecycle')).toBe(1);
  });

  function line(itemId: string, quantity: number) {
    return { sku: 'a', title: 'A thing', quantity, amountMinor: 100, itemId, options: [] };
  }

  it.each<readonly [string, SpendOver, SpendOver]>([
    ['daily-limit', { paidAt: DUE }, { paidAt: DUE }],
    ['schedule', { paidAt: DUE }, { paidAt: seconds(48 * 3_600) }],
  ])('%s', (fault, first, second) => {
    const stage = about(coffee());
    const { authorization } = stage.held;
    stage.frame(spend(authorization, 1, 2_000, first));
    stage.frame(spend(authorization, 2, 2_000, second));
    expect(kept(stage).map(({ faults }) => faults)).toEqual([[], [fault]]);
  });

  it('a day begins at local midnight: the same amount the next day is inside the limit', () => {
    const stage = about(coffee());
    const pay = (n: number, days: number) =>
      stage.frame(spend(stage.held.authorization, n, 3_000, { paidAt: (DUE + days * 86_400) as never }));
    pay(1, 0);
    pay(2, 1);
    expect(kept(stage).map(({ faults }) => faults)).toEqual([[], []]);
  });

  it('orders-limit: what is named once is bought once', () => {
    const stage = active();
    stage.frame(spend(stage.held.authorization, 1, 100));
    stage.frame(spend(stage.held.authorization, 2, 100));
    expect(kept(stage)[1]?.faults).toEqual(['orders-limit']);
  });

  it('category: a forbidden kind of goods in a cart', () => {
    const stage = about(draft({ forbiddenCategories: ['tickets'] }));
    stage.frame(spend(stage.held.authorization, 1, 100));
    expect(kept(stage)[0]?.faults).toEqual(['category']);
  });

  it('T17: after the PSP has acknowledged a revoke, and while it has it suspended', () => {
    for (const [state, fault] of [
      ['Revoked', 'after-revoke'],
      ['Suspended', 'while-suspended'],
    ] as const) {
      const stage = active();
      stage.frame(statusOf(stage.held.id, state, { version: 1, asOf: seconds(29) }));
      stage.frame(spend(stage.held.authorization, 1, 100, { paidAt: seconds(30) }));
      expect(kept(stage)[0]?.faults).toEqual([fault]);
      const earlier = active();
      earlier.frame(statusOf(earlier.held.id, state, { version: 1, asOf: seconds(29) }));
      earlier.frame(spend(earlier.held.authorization, 1, 100, { paidAt: seconds(29) }));
      expect(kept(earlier)[0]?.faults).toEqual([]);
    }
  });

  it('trade-repeated: a second receipt under one number is evidence, but no second payment', () => {
    const stage = about(coffee());
    stage.frame(spend(stage.held.authorization, 1, 2_000, { paidAt: DUE }));
    stage.frame(spend(stage.held.authorization, 2, 500, { paidAt: DUE, receipt: { tradeNo: 'T-1' } }));
    expect(kept(stage)[1]?.faults).toContain('trade-repeated');
    expect(stage.held.sums).toMatchObject({ count: 1, spentMinor: 2_000, strays: 1 });
  });

  it('unknown-delegation: is kept and told, under none', () => {
    const other = active().held.authorization;
    const stage = new Stage();
    expect(stage.frame(spend(other, 1, 100))).toEqual([
      'keep spend unknown-delegation',
      'say delegation-alarm',
      'send notice-ack to psp',
    ]);
    expect(stage.frame(spend(other, 1, 100))).toEqual(['send notice-ack to psp']);
  });

  it('an alarm that nobody presses for is raised three times, then left to the wearer, who was told that it goes on', () => {
    const stage = active();
    stage.frame(spend(stage.held.authorization, 1, 256_001));
    for (let i = 0; i < 3; i += 1) {
      expect(stage.prompt?.request.kind).toBe('lifecycle');
      expect(stage.answer({ kind: 'timed-out' })).toContain('say delegation-unchanged');
      stage.pass(60_000);
    }
    expect(stage.prompt).toBeUndefined();
    expect(stage.said.at(-1)).toMatch(/not paused; it goes on/);
  });
});

describe('T29: refunds', () => {
  const paid = () => {
    const stage = active();
    stage.frame(spend(stage.held.authorization, 1, 1_000));
    return stage;
  };
  const faults = (stage: Stage) => stage.desk.book.all.flatMap((one) => (one.kind === 'refund' ? [one.faults] : []));

  it('are kept, told, acknowledged and counted once each', () => {
    const stage = paid();
    expect(stage.frame(refund(1, 400))).toEqual(['keep refund', 'say delegation-refunded', 'send notice-ack to psp']);
    expect(stage.frame(refund(1, 400))).toEqual(['send notice-ack to psp']);
    stage.frame(refund(1, 600, { requestId: id('rest'), refundedTotalMinor: 1_000 }));
    expect([stage.held.sums.refundedMinor, faults(stage)]).toEqual([1_000, [[], []]]);
  });

  it.each([
    ['over-paid', [refund(1, 1_001)], 0],
    ['over-paid', [refund(1, 600), refund(1, 600, { requestId: id('again'), refundedTotalMinor: 1_000 })], 600],
    ['request-repeated', [refund(1, 100), refund(1, 200)], 100],
    ['other-trade', [refund(1, 100, { payee: OTHER_MERCHANT })], 0],
    ['other-trade', [refund(1, 100, { orderNo: 'LC-9' })], 0],
    ['unknown-trade', [refund(9, 100)], 0],
  ])('%s: are evidence, and count for nothing', (fault, notices, counted) => {
    const stage = paid();
    for (const notice of notices) stage.frame(notice);
    expect(faults(stage).at(-1)).toContain(fault);
    expect(stage.held.sums.refundedMinor).toBe(counted);
  });

  it('that come before the payment they are of count once it is known, once, also after a restart', () => {
    const stage = active();
    const payment = spend(stage.held.authorization, 1, 1_000);
    stage.frame(refund(1, 400));
    expect([stage.held.sums.refundedMinor, faults(stage)]).toEqual([0, [['unknown-trade']]]);
    expect(stage.frame(payment)).toContain('keep refund');
    stage.frame(refund(1, 400));
    stage.frame(payment);
    for (const after of [() => {}, () => stage.crash()]) {
      after();
      expect([stage.held.sums.refundedMinor, faults(stage)]).toEqual([400, [[]]]);
      expect(stage.desk.book.refundedOf(stage.desk.book.under(stage.held.id)[0]?.tradeNo ?? '')).toBe(400);
    }
  });

  it('that come before their payment and do not fit it, or are more than it together, count for nothing', () => {
    const stage = active();
    stage.frame(refund(1, 100, { payee: OTHER_MERCHANT }));
    stage.frame(refund(1, 600, { requestId: id('first') }));
    stage.frame(refund(1, 600, { requestId: id('second'), refundedTotalMinor: 1_000 }));
    stage.frame(spend(stage.held.authorization, 1, 1_000));
    expect([stage.held.sums.refundedMinor, faults(stage)]).toEqual([600, [['other-trade'], [], ['over-paid']]]);
  });

  it('are not believed from a merchant', () => {
    const stage = paid();
    expect(stage.frame(refund(1, 100, {}, MERCHANT))).toEqual([]);
  });

  it('of an instant purchase are known by its receipt', () => {
    const stage = new Stage();
    const receipt = {
      ...{ tradeNo: 'T-1', orderNo: 'LC-1', payee: MERCHANT, amountMinor: 1_000, currency: 'CNY', paidAt: seconds(1) },
      confirmationDigest: id('c') as never,
    } as const;
    const ended = { at: 'ended', outcome: 'finished', reason: 'trade-finished', paid: { receipt } } as never;
    stage.desk.take({ purchases: { current: ended, background: [] } });
    stage.frame(refund(1, 100));
    expect(faults(stage)).toEqual([[]]);
  });
});

it('the journal grows with what happens, not with what happened before', () => {
  const stage = about(coffee({ maxTotalMinor: 60_000_00, maxDailyMinor: 60_000_00 }));
  const pay = (n: number) => stage.frame(spend(stage.held.authorization, n, 100, { paidAt: DUE }));
  pay(1);
  const first = stage.records.at(-1)?.length ?? 0;
  for (let n = 2; n <= 300; n += 1) pay(n);
  expect((stage.records.at(-1)?.length ?? 0) - first).toBeLessThan(40);
  expect(stage.desk.book.under(stage.held.id)).toHaveLength(300);
  stage.crash();
  expect([stage.held.sums.count, stage.desk.book.under(stage.held.id).length]).toEqual([300, 300]);
});
