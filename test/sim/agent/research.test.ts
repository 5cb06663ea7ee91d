import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../device/errors.ts';
import { type A402Value, readA402, utf8, writeA402 } from '../../../protocol/index.ts';
import { writeBill } from '../../../sim/a402/bill.ts';
import { DELIVER_WITHIN_S } from '../../../sim/a402/pay-backs.ts';
import { deskResources, type Resource } from '../../../sim/a402/resources.ts';
import { PAY_WITHIN_S } from '../../../sim/a402/seller.ts';
import type { Plan, Planner, PlanQuestion } from '../../../sim/cloud/agent-planner.ts';
import { deskSecrets, deskSeller } from '../a402/stand.ts';
import { keyOf } from '../cloud/hands.ts';
import { DESK, heard } from './agent-stage.ts';
import { type Meddle, ResearchStage } from './research-stage.ts';

const answering = (plan: Plan | ((question: PlanQuestion) => Plan)): Planner => ({
  plan: (question, done) => done(typeof plan === 'function' ? plan(question) : plan),
});
const paidFor = (stage: ResearchStage) =>
  [...stage.seller.sales.values()].filter(({ tradeNo }) => tradeNo !== undefined).map(({ bill }) => bill.resourceId);

/** Changes what the honest desk bills, and signs it again as the desk could. */
const billing =
  (change: Partial<A402Value<'Payment-Needed'>['protocol']>): Meddle =>
  (request, honest) => {
    const answer = honest();
    const header = answer.headers['payment-needed'];
    if (request.method !== 'GET' || header === undefined) return answer;
    const {
      signerId: _i,
      signatureContent: _c,
      signatureType: _t,
      ...bill
    } = readA402('Payment-Needed', header).protocol;
    const needed = writeBill({ ...bill, ...change }, DESK, keyOf(deskSecrets.objectSeed));
    return { ...answer, headers: { ...answer.headers, 'payment-needed': needed } };
  };

describe('PSD-PAY-AUP: a report', () => {
  it('buys resource after resource within its bounds, each with a payment of its own, and is done', () => {
    const stage = new ResearchStage();
    stage.report();
    const { kind, value } = stage.payment;
    expect(kind).toBe('autonomous-pay-request');
    const first = { resourceId: 'market-prices', payee: DESK, amountMinor: 800, subAccountId: 'sub-1' };
    expect(value).toMatchObject(first);
    expect(value.cartDigest).toBeUndefined();
    expect(value.orderNo).toBe([...stage.seller.sales.keys()][0]);
    stage.payAll();
    expect(stage.boughtIds).toEqual(['market-prices', 'sector-news', 'company-filings']);
    expect(new TextDecoder().decode(stage.bought[0]?.content)).toContain('market-prices');
    expect(stage.news).toBe('done bought');
    const sales = [...stage.seller.sales.values()];
    expect(sales.map(({ state, fulfillment }) => `${state} ${fulfillment}`)).toEqual(
      sales.map(() => 'TRADE_FINISHED CONFIRMED'),
    );
  });

  it('pays what the limits allow: single, total, daily, number of orders', () => {
    for (const [change, ids] of [
      [{ maxTotalMinor: 2_000 }, ['market-prices', 'sector-news']],
      [{ maxTotalMinor: 799 }, []],
      [{ ext: { commerce: { allowedMerchants: [DESK], maxSingleMinor: 1_000 } } }, ['market-prices']],
      [{ terms: { maxOrders: 1 } }, ['market-prices']],
      [{ terms: { maxDailyMinor: 1_000 } }, ['market-prices']],
    ] as const) {
      const stage = new ResearchStage();
      stage.report(change as Parameters<ResearchStage['report']>[0]);
      stage.payAll();
      expect(stage.boughtIds, JSON.stringify(change)).toEqual(ids);
      expect(stage.news).toMatch(ids.length > 0 ? /^done/ : /^ended nothing-to-buy$/);
    }
  });

  it('plans for the whole budget where each payment is small, and goes on the next day where the day is spent', () => {
    const ext = { commerce: { allowedMerchants: [DESK], maxSingleMinor: 1_200 } };
    const stage = new ResearchStage();
    stage.report({ ext, terms: { maxDailyMinor: 1_500 } });
    stage.payAll();
    expect(stage.boughtIds).toEqual(['market-prices']);
    expect(stage.news).toBe('watching budget-of-day-spent');
    for (let minutes = 0; minutes < 1_440 && stage.payments < 2; minutes += 2) stage.pass(120_000);
    stage.payAll();
    expect(stage.boughtIds).toEqual(['market-prices', 'sector-news']);
    expect(stage.news).toBe('done bought');
  });

  it('T2: a payment without an answer is asked about and never made twice', () => {
    const stage = new ResearchStage();
    stage.report();
    stage.pass(300_000);
    expect(stage.payments).toBe(1);
    expect(heard(stage.psp, 'delegated-query')).toBeGreaterThan(3);
  });

  it('a paid resource is fetched also when the delegation has been stopped meanwhile, and nothing more is bought', () => {
    const stage = new ResearchStage();
    const iac = stage.report();
    stage.status(iac, 'Revoked', 1);
    stage.paid();
    stage.step();
    expect(stage.boughtIds).toEqual(['market-prices']);
    expect(stage.payments).toBe(1);
    expect(stage.news).toBe('ended revoked');
  });

  it('goes on where it was after a suspension', () => {
    const stage = new ResearchStage();
    const iac = stage.report();
    stage.paid();
    stage.status(iac, 'Suspended', 1);
    stage.pass(60_000);
    const before = stage.payments;
    stage.status(iac, 'Active', 2);
    stage.step();
    expect(stage.payments).toBe(before + (stage.payments > before ? 1 : 0));
    stage.payAll();
    expect(new Set(stage.boughtIds).size).toBe(3);
    expect(stage.payments).toBeLessThanOrEqual(4);
  });

  it.each(['INSUFFICIENT_BALANCE', 'SUB_ACCOUNT_INVALID'] as const)(
    'PSD-AGT-SUB: %s is waited out: the same is bought once what pays is named again, and only once',
    (error) => {
      const stage = new ResearchStage();
      const iac = stage.report();
      stage.fail(error);
      stage.pass(1_800_000);
      const reason = error.toLowerCase().replaceAll('_', '-');
      expect([stage.news, stage.payments]).toEqual([`watching ${reason}`, 1]);
      stage.instrument(iac);
      stage.step();
      expect(stage.payments).toBe(2);
      stage.payAll();
      stage.pass(24 * 3_600_000);
      expect(stage.boughtIds).toEqual(['market-prices', 'sector-news', 'company-filings']);
      expect(stage.payments).toBe(4);
    },
  );

  it('PSD-AGT-SUB: without a word it tries an account that does not pay, ever more seldom, until its time is over', () => {
    const stage = new ResearchStage();
    stage.report();
    for (const [hours, payments] of [
      [1, 2],
      [2, 3],
      [4, 4],
      [8, 5],
      [16, 6],
      [16, 7],
    ] as const) {
      stage.fail('SUB_ACCOUNT_INVALID');
      stage.pass(hours * 3_600_000 - 60_000);
      expect(stage.payments).toBe(payments - 1);
      stage.pass(120_000);
      expect(stage.payments).toBe(payments);
    }
  });

  it('a refused payment is followed by what its error says', () => {
    const retry = {
      commerce: { allowedMerchants: [DESK] },
      agentBehavior: { onPaymentFailure: 'AUTO_RETRY' },
    } as const;
    for (const [error, news, payments] of [
      ['MODE_NOT_BOUNDED', 'ended mode-not-bounded', 1],
      ['MERCHANT_NOT_ALLOWED', 'ended merchant-not-allowed', 1],
      ['TOTAL_LIMIT_EXCEEDED', 'ended total-limit-exceeded', 1],
      ['REQUEST_EXPIRED', 'buying', 2],
    ] as const) {
      const stage = new ResearchStage();
      stage.report({ ext: retry });
      stage.fail(error);
      stage.pass(30_000);
      expect([stage.news, stage.payments], error).toEqual([news, payments]);
      const orders = stage.psp.all('delegated-pay').map(({ body }) => body.requestId);
      expect(new Set(orders).size).toBe(payments);
    }
  });
});

describe('T13: a bill', () => {
  it('above what the catalogue said by more than the tolerance is the wearer’s to decide', () => {
    const stage = new ResearchStage({ meddle: billing({ amountMinor: 900 }) });
    const agentBehavior = { priceDeviationToleranceE2: 1_000 };
    stage.report({ ext: { commerce: { allowedMerchants: [DESK] }, agentBehavior } });
    expect(stage.payments).toBe(0);
    const { body } = stage.device.latest('price-question');
    expect(body).toMatchObject({ merchant: DESK, itemId: 'market-prices', amountMinor: 900, referenceMinor: 800 });
    stage.answer(true);
    stage.step();
    expect(stage.payment.value).toMatchObject({ amountMinor: 900, resourceId: 'market-prices' });
  });

  it('above it ends the delegation where that was agreed', () => {
    const stage = new ResearchStage({ meddle: billing({ amountMinor: 900 }) });
    const agentBehavior = { priceDeviationToleranceE2: 1_000, priceDeviationAction: 'AUTO_CANCEL' } as const;
    stage.report({ ext: { commerce: { allowedMerchants: [DESK] }, agentBehavior } });
    expect([stage.payments, stage.news]).toEqual([0, 'ended price-moved']);
  });

  it.each<[string, Meddle]>([
    ['above the bounds', billing({ amountMinor: 5_001 })],
    ['for another resource', billing({ resourceId: 'analyst-notes' })],
    ['in another currency', billing({ currency: 'USD' })],
    ['for another buyer', billing({ buyerUniqueId: 'someone' })],
    ['to another payee', billing({ sellerUniqueId: 'luna-coffee' })],
    ['that is free', (request, honest) => (request.url.endsWith('s') ? { ...honest(), status: 200 } : undefined)],
    [
      'in the body only',
      (request, honest) => (/resources\/./.test(request.url) ? { ...honest(), headers: {} } : undefined),
    ],
    ['elsewhere', (r, honest) => (/resources\/./.test(r.url) ? { ...honest(), status: 302 } : undefined)],
  ])('%s is not paid', (_, meddle) => {
    const stage = new ResearchStage({ meddle });
    stage.report();
    stage.pass(600_000);
    expect(stage.payments).toBe(0);
    expect(stage.news).toMatch(/^ended/);
  });
});

describe('a desk that is not there', () => {
  it('is asked for a while; then there is nothing to buy', () => {
    const stage = new ResearchStage({ meddle: () => ({ failed: 'unreachable' }) });
    stage.report();
    stage.pass(600_000);
    expect(stage.news).toBe('ended nothing-to-buy');
    expect(stage.requests.length).toBeLessThan(8);
  });

  it('after the payment is asked with the same proof until it delivers, once', () => {
    let isAway = false;
    const stage = new ResearchStage({ meddle: () => (isAway ? { failed: 'timeout' } : undefined) });
    stage.report({ terms: { maxOrders: 1 } });
    isAway = true;
    stage.paid();
    stage.pass(60_000);
    isAway = false;
    stage.pass(120_000);
    expect(stage.boughtIds).toEqual(['market-prices']);
    expect(paidFor(stage)).toEqual(['market-prices']);
    expect(new Set(stage.requests.map(({ headers }) => headers['payment-proof'])).size).toBe(2);
  });

  it('that takes the money and delivers nothing ends with what was not delivered', () => {
    const broken: Resource = { ...(deskResources[0] as Resource), content: () => undefined };
    const stage = new ResearchStage({ seller: deskSeller({ resources: [broken] }) });
    stage.report();
    stage.paid();
    stage.pass(3_600_000);
    expect(stage.boughtIds).toEqual([]);
    expect(stage.payments).toBe(1);
    expect(stage.news).toBe('done not-delivered');
  });
});

it('what was bought and could not be kept is fetched again, and paid once', () => {
  let isFull = true;
  const store = () => {
    if (isFull) throw new StoreError('store-full', 'no room', 'make room');
  };
  const stage = new ResearchStage({ store });
  stage.report({ terms: { maxOrders: 1 } });
  stage.paid();
  stage.step();
  expect(stage.boughtIds).toEqual([]);
  isFull = false;
  stage.pass(60_000);
  expect([stage.boughtIds, stage.payments, stage.news]).toEqual([['market-prices'], 1, 'done bought']);
});

describe('T29: what is paid and not delivered for this very payment', () => {
  const settled: string[] = [];
  const payingBack = () =>
    deskSeller({
      giveBack: ({ tradeNo }, reason, now, decided) => {
        settled.push(`${reason} ${tradeNo}`);
        decided(true, now);
      },
    });

  it('is no resource: a bill that was paid too late is paid back, and the rest is bought', () => {
    const stage = new ResearchStage({ seller: payingBack() });
    stage.report();
    stage.pass((PAY_WITHIN_S + 60) * 1000);
    stage.paid();
    stage.step();
    stage.payAll();
    expect(settled.splice(0)).toEqual([expect.stringMatching(/^paid-late /)]);
    expect(stage.boughtIds).toEqual(['sector-news', 'company-filings']);
    expect(stage.news).toBe('done trade-closed');
    expect(stage.payments).toBe(3);
  });

  it('is not asked for until the end of days: the seller says that the trade is closed', () => {
    const stage = new ResearchStage({ seller: payingBack() });
    stage.seller.command('withhold market-prices');
    stage.report({ terms: { maxOrders: 1 } });
    stage.paid();
    stage.pass((DELIVER_WITHIN_S + 1) * 1000);
    stage.seller.tick(stage.clock.now());
    stage.seller.command('offer market-prices');
    stage.pass(3_600_000);
    expect(settled.splice(0)).toEqual([expect.stringMatching(/^not-delivered /)]);
    expect([stage.boughtIds, stage.news]).toEqual([[], 'done trade-closed']);
  });

  it.each(['no word of it', 'the word of another payment', 'the word that the trade is closed'] as const)(
    'is not used, though it comes with status 200 and %s',
    (word) => {
      const meddle: Meddle = (request, honest) => {
        if (request.headers['payment-proof'] === undefined) return undefined;
        const { 'payment-validation': validation = '', ...headers } = honest().headers;
        if (word === 'no word of it') return { status: 200, headers, body: utf8('data') };
        const { protocol, method } = readA402('Payment-Validation', validation);
        const other = word.endsWith('payment') ? { tradeNo: 'T-other' } : { transactionState: 'TRADE_CLOSED' as const };
        const told = writeA402('Payment-Validation', { protocol: { ...protocol, ...other }, method });
        return { status: 200, headers: { ...headers, 'payment-validation': told }, body: utf8('data') };
      };
      const stage = new ResearchStage({ meddle });
      stage.report({ terms: { maxOrders: 1 } });
      stage.paid();
      stage.pass(3_600_000);
      expect(stage.boughtIds).toEqual([]);
      expect(stage.news).toMatch(/^done (not-delivered|trade-closed)$/);
    },
  );
});

describe('a planner', () => {
  const seen: PlanQuestion[] = [];
  it('is asked with titles, prices and the budget, and with nothing else', () => {
    const planner = answering((question) => {
      seen.push(question);
      return { proposal: { take: ['r3', 'r1'] } };
    });
    const stage = new ResearchStage({ planner });
    stage.report();
    stage.payAll();
    expect(stage.boughtIds).toEqual(['company-filings', 'market-prices']);
    const [question] = seen;
    expect(Object.keys(question ?? {}).sort()).toEqual(['budgetMinor', 'candidates', 'currency', 'locale', 'purpose']);
    expect(question?.candidates[0]).toEqual({ id: 'r1', title: 'Market prices', amountMinor: 800 });
  });

  it.each<[string, Plan]>([
    ['fails', { failed: 'timeout' }],
    ['says nothing', { proposal: null }],
    ['names what is not on the list', { proposal: { take: ['r9'] } }],
    ['names one thing twice', { proposal: { take: ['r1', 'r1'] } }],
    ['adds a field', { proposal: { take: ['r1'], payee: 'evil-shop' } }],
    ['answers in another shape', { proposal: [{ id: 'r1' }] }],
  ])('that %s is replaced by the rule: the cheapest first', (_, plan) => {
    const stage = new ResearchStage({ planner: answering(plan) });
    stage.report();
    stage.payAll();
    expect(stage.boughtIds).toEqual(['market-prices', 'sector-news', 'company-filings']);
  });

  it('T14: that takes everything is held to the bounds', () => {
    const stage = new ResearchStage({ planner: answering({ proposal: { take: ['r4', 'r3', 'r2', 'r1'] } }) });
    stage.report();
    stage.payAll();
    const spent = stage.psp.all('delegated-pay').length;
    expect(stage.boughtIds).toEqual(['analyst-notes']);
    expect(spent).toBe(1);
  });

  it('that takes nothing buys nothing', () => {
    const stage = new ResearchStage({ planner: answering({ proposal: { take: [] } }) });
    stage.report();
    expect([stage.payments, stage.news]).toEqual([0, 'ended nothing-to-buy']);
  });

  it('is not asked again after a restart: its answer was journalled', () => {
    let asked = 0;
    const planner = answering(() => {
      asked += 1;
      return { proposal: { take: ['r2'] } };
    });
    const stage = new ResearchStage({ planner });
    stage.report();
    const { requestId } = stage.psp.latest('delegated-pay').body;
    stage.restart();
    stage.pass(20_000);
    expect(asked).toBe(1);
    expect(stage.psp.latest('delegated-pay').body.requestId).toBe(requestId);
    stage.payAll();
    expect(stage.boughtIds).toEqual(['sector-news']);
  });
});
