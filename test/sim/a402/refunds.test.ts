import { describe, expect, it } from 'vitest';
import { type FrameBody, type ObjectValue, signObject } from '../../../protocol/index.ts';
import { type DeskService, startDesk } from '../../../sim/a402/desk.ts';
import type { HttpRequest } from '../../../sim/a402/http.ts';
import { DELIVER_WITHIN_S } from '../../../sim/a402/pay-backs.ts';
import { PROOF_VALID_S } from '../../../sim/a402/proof-faults.ts';
import { PAY_WITHIN_S } from '../../../sim/a402/seller.ts';
import { keyOf } from '../cloud/hands.ts';
import { PSP, serviceHand, tenant } from '../cloud/stage.ts';
import { HandBroker, HandClock, HandJournal, portsOf } from '../cloud/world.ts';
import { Asking, DESK, validationIn, verdictOf } from './stand.ts';

const DESK_PARTY = { party: DESK, role: 'merchant' } as const;

/** A running desk on its journal, and the PSP's hand. */
class DeskStage extends Asking {
  readonly clock = new HandClock();
  readonly broker = new HandBroker();
  readonly psp = serviceHand(this, PSP);
  readonly journal = new HandJournal();
  #life = 0;
  desk: DeskService = this.#start();

  #start(): DeskService {
    return startDesk(tenant, portsOf(DESK, this, { journal: this.journal, life: this.#life++ }));
  }

  /** Without a goodbye. */
  kill(): void {
    this.desk.stop(() => {});
    this.desk = this.#start();
    this.broker.settle();
  }

  protected answer(request: HttpRequest) {
    const answer = this.desk.handle(request);
    this.broker.settle();
    return answer;
  }

  override pass(seconds: number): void {
    this.clock.advance(seconds * 1000, () => this.broker.settle());
    this.broker.settle();
    this.now = this.clock.now();
  }

  get refunds() {
    return this.psp.all('refund-request').map(({ body }) => body);
  }

  /** The PSP's answer to the latest request. */
  decide(state: FrameBody<'refund-answer'>['state'], change: Partial<ObjectValue<'refund'>> = {}): void {
    const { requestId, tradeNo, orderNo, amountMinor, currency } = this.psp.latest('refund-request').body;
    const value = { requestId, tradeNo, orderNo, amountMinor, currency, payee: DESK, refundedTotalMinor: amountMinor };
    const object = { ...value, refundedAt: this.second, ...change };
    const refund = signObject('refund', object, keyOf(tenant.psp.objectSeed));
    const body = state === 'SUCCEEDED' ? { requestId, state, refund } : { requestId, state, reason: 'other-payee' };
    this.psp.say(DESK_PARTY, { type: 'refund-answer', body });
  }

  stateIn(response: ReturnType<DeskStage['redeem']>): string {
    const { transactionState, deliveryStatus } = validationIn(response);
    return `${transactionState} ${deliveryStatus}`;
  }
}

it('T26: a request that cannot be stored is answered so, and not with what somebody else was told before a restart', () => {
  const stage = new DeskStage();
  expect(stage.get('company-filings').status).toBe(402);
  stage.kill();
  stage.journal.isFull = true;
  expect(stage.get('market-prices')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  stage.journal.isFull = false;
  expect(stage.get('market-prices').status).toBe(402);
});

describe('T29: money for which nothing is delivered goes back', () => {
  it('that was paid after the bill had run out: once for each request number, however often the proof is shown', () => {
    const stage = new DeskStage();
    const bill = stage.bill();
    stage.pass(PAY_WITHIN_S + 1);
    const proof = stage.proof(bill);
    const refused = stage.redeem(bill, proof);
    expect(verdictOf(refused)).toBe('402 INVALID paid-late');
    expect(stage.stateIn(refused)).toBe('TRADE_CLOSED NOT_STARTED');
    const { outTradeNo: orderNo, amountMinor, currency } = bill;
    expect(stage.refunds).toEqual([
      expect.objectContaining({ orderNo, tradeNo: `T-${orderNo}`, amountMinor, currency, reason: 'paid-late' }),
    ]);
    stage.redeem(bill, proof);
    stage.pass(31);
    expect(stage.refunds).toHaveLength(2);
    expect(new Set(stage.refunds.map(({ requestId }) => requestId)).size).toBe(1);
    stage.decide('SUCCEEDED');
    expect(verdictOf(stage.redeem(bill, proof))).toBe('402 INVALID paid-late');
    stage.pass(3_600);
    expect(stage.refunds).toHaveLength(2);
  });

  it('that was not to be had in time: nothing is delivered while it is on its way, nor when it is back', () => {
    const stage = new DeskStage();
    const bill = stage.bill();
    expect(stage.desk.command('withhold market-prices')).toBe('done');
    const proof = stage.proof(bill);
    expect(stage.redeem(bill, proof).status).toBe(503);
    stage.pass(DELIVER_WITHIN_S - 1);
    expect(stage.refunds).toEqual([]);
    stage.pass(1);
    expect(stage.refunds.map(({ reason }) => reason)).toEqual(['not-delivered']);
    expect(stage.desk.command('offer market-prices')).toBe('done');
    expect(stage.stateIn(stage.redeem(bill, proof))).toBe('WAIT_SELLER_FULFILLMENT FAILED');
    stage.decide('SUCCEEDED');
    const closed = stage.redeem(bill, proof);
    expect([closed.status, stage.stateIn(closed)]).toEqual([402, 'TRADE_CLOSED NOT_STARTED']);
    stage.pass(3_600);
    expect(stage.refunds).toHaveLength(1);
  });

  it('that can be had in time is delivered, and nothing goes back', () => {
    const stage = new DeskStage();
    const bill = stage.bill();
    const proof = stage.proof(bill);
    stage.desk.command('withhold market-prices');
    stage.redeem(bill, proof);
    stage.pass(DELIVER_WITHIN_S - 1);
    stage.desk.command('offer market-prices');
    expect(stage.redeem(bill, proof).status).toBe(200);
    stage.pass(3_600);
    expect(stage.refunds).toEqual([]);
  });

  it('that the PSP does not give back is the buyer’s to have again, and is asked for again later under another number', () => {
    const stage = new DeskStage();
    const bill = stage.bill();
    const proof = stage.proof(bill);
    stage.desk.command('withhold market-prices');
    stage.redeem(bill, proof);
    stage.pass(DELIVER_WITHIN_S);
    stage.decide('FAILED');
    expect(stage.desk.counts.get('refund-refused')).toBe(1);
    stage.pass(DELIVER_WITHIN_S);
    expect(new Set(stage.refunds.map(({ requestId }) => requestId)).size).toBe(2);
    stage.decide('FAILED');
    stage.desk.command('offer market-prices');
    expect(stage.redeem(bill, proof).status).toBe(200);
  });

  it.each<[string, string, (stage: DeskStage) => unknown]>([
    ['of another amount', 'amount-differs', (stage) => paid(stage, { amountMinor: 1 })],
    ['of nothing that was billed', 'order-unknown', (stage) => paid(stage, { orderNo: 'D-none' }, 'D-none')],
    ['whose proof is too old', 'proof-expired', (stage) => paid(stage, {}, undefined, PROOF_VALID_S)],
    [
      'of what was paid before',
      'paid-twice',
      (stage) => {
        const bill = stage.bill();
        stage.redeem(bill);
        const receipt = stage.receipt(bill, { tradeNo: 'T-second' });
        stage.redeem(bill, stage.proof(bill, receipt));
      },
    ],
  ])('%s', (_what, reason, pay) => {
    const stage = new DeskStage();
    pay(stage);
    expect(stage.refunds.map((one) => one.reason)).toEqual([reason]);
  });

  it.each<[string, (stage: DeskStage) => unknown]>([
    ['that was paid to somebody else', (stage) => paid(stage, { payee: 'luna-coffee' })],
    ['whose proof only calls itself expired', (stage) => expired(stage)],
    [
      'that was delivered, whatever is shown afterwards',
      (stage) => {
        const bill = stage.bill();
        const proof = stage.proof(bill);
        stage.redeem(bill, proof);
        stage.pass(PROOF_VALID_S);
        stage.redeem(bill, proof);
      },
    ],
  ])('but nothing %s', (_what, pay) => {
    const stage = new DeskStage();
    pay(stage);
    stage.pass(3_600);
    expect(stage.refunds).toEqual([]);
  });
});

function paid(stage: DeskStage, change: Partial<ObjectValue<'receipt'>>, outTradeNo?: string, laterS = 0): void {
  const bill = stage.bill();
  const receipt = stage.receipt(bill, change);
  stage.pass(laterS);
  stage.redeem(bill, stage.proof(bill, receipt, outTradeNo === undefined ? {} : { outTradeNo }));
}

function expired(stage: DeskStage): void {
  const bill = stage.bill();
  stage.redeem(bill, stage.proof(bill, undefined, { expiresAt: stage.second }));
}

describe('a desk that was killed', () => {
  it('T2: knows its bills, payments and deliveries again: the same bill, the same bytes, no second delivery', () => {
    const stage = new DeskStage();
    const bill = stage.bill();
    stage.kill();
    expect(stage.bill()).toEqual(bill);
    const proof = stage.proof(bill);
    const { body } = stage.redeem(bill, proof);
    stage.kill();
    expect(stage.redeem(bill, proof).body).toEqual(body);
    const other = stage.proof(bill, undefined, { idempotencyKey: 'request-2' });
    expect(verdictOf(stage.redeem(bill, other))).toBe('402 INVALID proof-replayed');
  });

  it('T29: asks for no refund a second time, and hears the answer to the first', () => {
    const stage = new DeskStage();
    const bill = stage.bill();
    stage.pass(PAY_WITHIN_S + 1);
    const proof = stage.proof(bill);
    stage.redeem(bill, proof);
    stage.kill();
    stage.redeem(bill, proof);
    expect(new Set(stage.refunds.map(({ requestId }) => requestId)).size).toBe(1);
    stage.decide('SUCCEEDED');
    stage.kill();
    stage.pass(3_600);
    expect(new Set(stage.refunds.map(({ requestId }) => requestId)).size).toBe(1);
  });

  it('T30: has kept nothing of what changes nothing', () => {
    const stage = new DeskStage();
    const records = stage.journal.read().length;
    for (const resource of ['nothing', '../secret', '%00']) expect(stage.get(resource).status).toBe(404);
    expect(stage.get('market-prices', { 'idempotency-key': 'a b' }).status).toBe(400);
    const url = 'http://data-desk/orders/D-none/confirmation';
    stage.desk.handle({ method: 'POST', url, headers: {}, body: 'x'.repeat(60_000) });
    stage.desk.handle({ method: 'GET', url: 'http://data-desk/resources', headers: {} });
    expect(stage.journal.read()).toHaveLength(records);
    stage.get('market-prices', { 'payment-proof': 'x'.repeat(60_000), cookie: 'y'.repeat(60_000) });
    const [record] = stage.journal.read().slice(records);
    expect(record?.length).toBeLessThan(5_000);
  });

  it('answers nothing that it could not store', () => {
    const stage = new DeskStage();
    stage.journal.isFull = true;
    expect(stage.get('market-prices').status).toBe(503);
    stage.journal.isFull = false;
    expect(stage.get('market-prices').status).toBe(402);
  });
});
