import { describe, expect, it } from 'vitest';
import { digestOf, type EpochSeconds, FRAME_MAX_BYTES, openObject, signObject } from '../../../protocol/index.ts';
import { wearerAccount } from '../../../sim/cloud/index.ts';
import { ORDER_WAIT_MS } from '../../../sim/cloud/psp-spending.ts';
import { STATUS_DOWN_CAP_MINOR } from '../../../sim/cloud/psp-spending-checks.ts';
import { spendNotice } from '../../../sim/cloud/psp-spending-record.ts';
import {
  AGENT_KEY,
  coffee,
  DAY_S,
  DelegationTill,
  type DraftChange,
  PRICE_MINOR,
  report,
  told,
} from './delegation-till.ts';
import { by, confirmation, DEVICE, id, PSP, payBody, SHOP, serviceHand } from './stage.ts';

/** What sealing adds to a frame at most: the envelope's head, its key and its tag. */
const SEAL_BYTES = 160;
const PAID = 'WAIT_SELLER_FULFILLMENT';
const seconds = (value: number) => value as EpochSeconds;

describe('a payment under a delegation', () => {
  it('is answered with a receipt for exactly the signed request (PSD-PAY-DEL)', () => {
    const { till, authorization } = coffee();
    const cart = till.cart('coffee', 'o1');
    till.register(cart);
    const request = till.request('coffee', authorization, cart);
    expect(till.pay(request, cart)).toBe(PAID);
    const { result, receipt = new Uint8Array() } = till.agent.latest('delegated-result').body;
    const { value, signer } = openObject('receipt', receipt, by);
    expect(signer.party).toBe('psp');
    const signed = signObject('delegated-pay-request', request, AGENT_KEY);
    expect(value).toMatchObject({ confirmationDigest: digestOf(signed), orderNo: 'o1', payee: SHOP, paidAt: till.now });
    expect(result).toMatchObject({
      tradeNo: value.tradeNo,
      amountMinor: PRICE_MINOR,
      delegationId: id('coffee delegation'),
    });
  });

  it('is told to the device with all that shows it, and to the merchant', () => {
    const { till, authorization, buy } = coffee();
    buy('o1');
    const { request, receipt, cart } = till.device.latest('spend-notice').body;
    expect(openObject('delegated-pay-request', request, by).value.iac).toEqual(authorization);
    expect(openObject('cart', cart ?? new Uint8Array(), by).value.orderNo).toBe('o1');
    expect(till.merchant.latest('paid-notice').body).toEqual({ orderNo: 'o1', receipt });
  });

  it('T2: is made once however often it is asked for', () => {
    const { till, authorization } = coffee();
    const cart = till.cart('coffee', 'o1');
    till.register(cart);
    const request = till.request('coffee', authorization, cart);
    expect([1, 2, 3].map(() => till.pay(request, cart))).toEqual([PAID, PAID, PAID]);
    expect(till.spent('coffee')).toBe(PRICE_MINOR);
    expect(till.outcome('o1')).toBe(PAID);
    expect(till.device.all('spend-notice')).toHaveLength(1);
  });

  it('T2: says REQUEST_REPEATED of other content under its id, which says nothing of the first', () => {
    const { till, authorization, buy } = coffee();
    buy('o1');
    const cart = till.cart('coffee', 'o2');
    till.register(cart);
    const request = till.request('coffee', authorization, cart, { requestId: id('o1 pay') });
    expect(till.pay(request, cart)).toBe('REQUEST_REPEATED');
    expect(till.outcome('o1')).toBe(PAID);
    expect(till.spent('coffee')).toBe(PRICE_MINOR);
  });

  it('T29: is made once for each order, by whichever request', () => {
    const { till, authorization, buy } = coffee();
    buy('o1');
    const cart = till.cart('coffee', 'o1');
    const again = till.request('coffee', authorization, cart, { requestId: id('again') });
    expect(till.pay(again, cart)).toBe('ORDER_MISMATCH');
  });

  it('T14: is not promised an order that another one is promised', () => {
    const { till, authorization } = coffee();
    till.command('execution-late');
    const cart = till.cart('coffee', 'o1');
    till.register(cart);
    expect(till.pay(till.request('coffee', authorization, cart), cart)).toBe('silence');
    const again = till.request('coffee', authorization, cart, { requestId: id('again') });
    expect(till.pay(again, cart)).toBe('ORDER_MISMATCH');
    till.command('execution-failed');
    const third = till.request('coffee', authorization, cart, { requestId: id('third') });
    expect(till.pay(third, cart)).toBe(PAID);
  });

  it('T29: is not made of an order that the wearer has paid meanwhile, nor the other way round', () => {
    const { till, authorization } = coffee();
    const cart = till.cart('coffee', 'o1');
    till.register(cart);
    till.command('execution-late');
    till.pay(till.request('coffee', authorization, cart), cart);
    till.device.say(PSP, { type: 'pay-request', body: payBody(till, 'press', cart) });
    press(till, 'press pay');
    till.command('execution-done');
    expect([till.outcome('o1'), till.ledger.debits(wearerAccount(DEVICE)).length]).toEqual(['ORDER_MISMATCH', 1]);

    const second = till.cart('coffee', 'o2');
    till.register(second);
    till.device.say(PSP, { type: 'pay-request', body: { ...payBody(till, 'o2', second), requestId: id('press 2') } });
    expect(till.pay(till.request('coffee', authorization, second), second)).toBe(PAID);
    press(till, 'press 2');
    expect(told(till.device.heard.slice(-1))).toBe('order-state');
    expect(till.ledger.debits(wearerAccount(DEVICE))).toHaveLength(1);
  });

  it('leaves nothing to be paid on the wearer’s own press', () => {
    const { till, buy } = coffee();
    buy('o1');
    expect(till.ledger.debits(`wearer:${DEVICE}`)).toEqual([]);
    till.register(till.cart('coffee', 'o1'));
    expect(till.merchant.all('paid-notice')).toHaveLength(2);
  });
});

describe('the limits', () => {
  it.each<[string, DraftChange, readonly string[]]>([
    ['in all', {}, [PAID, PAID, PAID, PAID, 'TOTAL_LIMIT_EXCEEDED']],
    ['of a day', { terms: { maxDailyMinor: 5_000 } }, [PAID, PAID, 'TOTAL_LIMIT_EXCEEDED']],
    ['of orders', { terms: { maxOrders: 1 } }, [PAID, 'TOTAL_LIMIT_EXCEEDED']],
  ])('T14: hold %s, by the history of the PSP', (_what, change, outcomes) => {
    const { buy } = coffee(change);
    expect(outcomes.map((_outcome, i) => buy(`o${i}`))).toEqual(outcomes);
  });

  it('of a day begin again with the wearer’s own day', () => {
    const { till, buy } = coffee({ terms: { maxDailyMinor: 3_000 } });
    expect([buy('o1'), buy('o2')]).toEqual([PAID, 'TOTAL_LIMIT_EXCEEDED']);
    // 09:30 in the morning; midnight is 14 and a half hours away.
    till.pass(14.5 * 3_600_000 - 1);
    expect(buy('o3')).toBe('TOTAL_LIMIT_EXCEEDED');
    till.pass(1);
    expect(buy('o4')).toBe(PAID);
  });

  it('T14: count what is promised and not known yet', () => {
    const { till, buy } = coffee();
    till.command('execution-late');
    for (const orderNo of ['o1', 'o2', 'o3', 'o4']) expect(buy(orderNo)).toBe('silence');
    expect(buy('o5')).toBe('TOTAL_LIMIT_EXCEEDED');
    till.command('execution-done');
    expect(till.standing('coffee')).toMatchObject({ spentMinor: 4 * PRICE_MINOR, reservedMinor: 0 });
  });

  it('hold below the smallest amount, too', () => {
    const { buy } = coffee({ commerce: { minSingleMinor: PRICE_MINOR + 1 } });
    expect(buy('o1')).toBe('SINGLE_LIMIT_EXCEEDED');
  });

  it('T7: hold no amount in another currency', () => {
    const { buy } = coffee();
    expect(buy('o1', { currency: 'USD', totalMinor: 1 })).toBe('SINGLE_LIMIT_EXCEEDED');
  });
});

describe('what pays', () => {
  it('T5: is the token of this delegation, not of another one', () => {
    const { till, authorization } = coffee();
    till.issue('tea');
    const cart = till.cart('coffee', 'o1');
    till.register(cart);
    expect(till.pay(till.request('coffee', authorization, cart), cart)).toBe('TOKEN_AGENT_MISMATCH');
  });

  it('is the sub-account of the agent that chooses, with its own key (PSD-PAY-AUP)', () => {
    const { till, authorization } = report();
    expect(till.payResource('report', authorization, 'r1')).toBe(PAID);
    expect(till.standing('report').spentMinor).toBe(500);
    const proof = { subAccountAuthorization: new Uint8Array(64).fill(7) };
    expect(till.payResource('report', authorization, 'r2', proof)).toBe('SUB_ACCOUNT_INVALID');
    expect(till.payResource('report', authorization, 'r3', { subAccountId: 'sub-nothing' })).toBe(
      'SUB_ACCOUNT_INVALID',
    );
  });

  it('is no sub-account that is frozen', () => {
    const { till, authorization } = report();
    const body = {
      requestId: id('freeze'),
      operation: 'FREEZE',
      delegatorIdentity: till.draft('report').delegatorIdentity,
      agentId: till.draft('report').agentId,
      subAccountId: till.subAccountId,
      currency: 'CNY',
      createdAt: till.now,
    } as const;
    till.hear({ type: 'sub-account-request', body }, till.device);
    expect(till.payResource('report', authorization, 'r1')).toBe('SUB_ACCOUNT_INVALID');
  });

  it('T25: is nothing at all under the name of the other kind', () => {
    const { till, authorization } = coffee();
    const token = till.token;
    till.issue('report', { iac: { delegationMode: 'BOUNDED' } });
    const cart = till.cart('coffee', 'o1');
    till.register(cart);
    const request = till.request('coffee', authorization, cart, { paymentToken: till.subAccountId });
    expect(till.pay(request, cart)).toBe('TOKEN_INVALID');
    expect(till.payResource('report', authorization, 'r1', { subAccountId: token })).toBe('IAC_INVALID');
  });
});

describe('who asks', () => {
  it('T5: is the agent whose frame it is, under the number of the frame', () => {
    const { till, authorization } = coffee();
    const cart = till.cart('coffee', 'o1');
    till.register(cart);
    const signed = signObject('delegated-pay-request', till.request('coffee', authorization, cart), AGENT_KEY);
    expect(till.send({ requestId: id('another number'), request: signed, cart })).toBe('AGENT_SIGNATURE_INVALID');
  });

  it('T25: has signed a request, not some other thing', () => {
    const { till, authorization } = coffee();
    const cart = till.cart('coffee', 'o1');
    for (const [i, request] of [authorization, cart, new Uint8Array([0])].entries())
      expect(till.send({ requestId: id(`junk ${i}`), request })).toBe('AGENT_SIGNATURE_INVALID');
  });

  it('is not from the future', () => {
    const { till, authorization } = coffee();
    const cart = till.cart('coffee', 'o1');
    till.register(cart);
    const request = till.request('coffee', authorization, cart, { createdAt: seconds(till.now + 31) });
    expect(till.pay(request, cart)).toBe('REQUEST_EXPIRED');
  });

  it('is told that it may not spend yet under a credential that has not begun', () => {
    const till = new DelegationTill();
    const validityStartTime = seconds(till.now + DAY_S);
    const authorization = till.issue('coffee', { iac: { validityStartTime } });
    expect(till.buy('coffee', authorization, 'o1')).toBe('IAC_INVALID');
    till.pass(DAY_S * 1_000);
    expect(till.buy('coffee', authorization, 'o2')).toBe(PAID);
  });

  it('pays no order of a merchant that registers orders as if it were a resource', () => {
    const till = new DelegationTill();
    const authorization = till.issue('report', { iac: { delegationMode: 'BOUNDED' }, commerce: {} });
    const outcome = till.payResource('report', authorization, 'r1', { payee: SHOP });
    expect(outcome).toBe('silence');
    till.pass(ORDER_WAIT_MS);
    expect(told(till.agent.heard.slice(-1))).toBe('ORDER_MISMATCH');
    expect(till.payResource('report', authorization, 'r2', { payee: SHOP, orderNo: undefined as never })).toBe(
      'ORDER_MISMATCH',
    );
  });
});

describe('T17: the status service', () => {
  it('being down, lets pay a small amount only, and being up again as before', () => {
    const { till, buy } = coffee({ commerce: {} });
    till.command('status-down');
    expect(buy('o1', { totalMinor: STATUS_DOWN_CAP_MINOR + 1 })).toBe('EXECUTION_FAILED');
    expect(buy('o2', { totalMinor: STATUS_DOWN_CAP_MINOR })).toBe(PAID);
    till.command('status-up');
    expect(buy('o3', { totalMinor: STATUS_DOWN_CAP_MINOR })).toBe(PAID);
  });
});

describe('an outcome that is open', () => {
  it('is answered with nothing until it is known (PSD-PAY-DEL)', () => {
    const { till, buy } = coffee();
    till.command('execution-late');
    expect([buy('o1'), till.outcome('o1')]).toEqual(['silence', 'silence']);
    expect(till.standing('coffee')).toMatchObject({ spentMinor: 0, reservedMinor: PRICE_MINOR });
    till.pass(3_600_000);
    expect(till.standing('coffee').reservedMinor).toBe(PRICE_MINOR);
    till.command('execution-done');
    expect([told(till.agent.heard.slice(-1)), till.outcome('o1')]).toEqual([PAID, PAID]);
  });

  it('gives back what was promised where it failed', () => {
    const { till, buy } = coffee();
    till.command('execution-late');
    buy('o1');
    till.command('execution-failed');
    expect(till.outcome('o1')).toBe('EXECUTION_FAILED');
    expect(till.standing('coffee')).toMatchObject({ spentMinor: 0, reservedMinor: 0 });
    expect(buy('o2')).toBe(PAID);
  });

  it.each([
    ['IAC_REVOKED', (till: DelegationTill) => till.change('coffee', 'Revoked', 1)],
    ['IAC_SUSPENDED', (till: DelegationTill) => till.change('coffee', 'Suspended', 1)],
    ['IAC_SUSPENDED', (till: DelegationTill) => till.command(`suspend ${id('coffee delegation')}`)],
    ['IAC_SUSPENDED', (till: DelegationTill) => till.command(`lock ${DEVICE}`)],
    ['IAC_EXPIRED', (till: DelegationTill) => till.pass(8 * DAY_S * 1_000)],
  ])('T17: commits nothing after it was stopped in between: %s', (error, stop) => {
    const { till, buy } = coffee();
    till.command('execution-late');
    buy('o1');
    stop(till);
    till.command('execution-done');
    expect(till.outcome('o1')).toBe(error);
    expect(till.standing('coffee')).toMatchObject({ spentMinor: 0, reservedMinor: 0 });
  });

  it('T17: claims nothing where the ledger did not answer, and comes out right where it does again', () => {
    for (const isDown of ['before', 'after'] as const) {
      const { till, buy } = coffee();
      till.store.isDown = isDown;
      expect([buy('o1'), till.outcome('o1')]).toEqual(['silence', 'silence']);
      till.store.isDown = false;
      till.pass(120_000);
      expect([till.outcome('o1'), till.spent('coffee')]).toEqual([PAID, PRICE_MINOR]);
      expect(new Set(till.device.all('spend-notice').map(({ body }) => body.receipt.join())).size).toBe(1);
    }
  });

  it('of a request that was never seen is unknown, and the request is good when it comes', () => {
    const { till, buy } = coffee();
    expect(till.outcome('o1')).toBe('unknown-request');
    expect(buy('o1')).toBe(PAID);
  });
});

describe('a notice', () => {
  const notice = (cartBytes: number) =>
    spendNotice(
      { requestId: id('r'), request: new Uint8Array(2_200), cart: new Uint8Array(cartBytes) },
      new Uint8Array(200),
    );

  it('T28: fits the largest sealed frame: where it would not, it goes without the cart', () => {
    const { till } = coffee();
    const [whole, short] = [notice(1_100), notice(1_101)];
    const frame = serviceHand(till, PSP).seal(till.device.self, whole);
    expect(frame.length + SEAL_BYTES).toBeLessThan(FRAME_MAX_BYTES);
    expect(whole.type === 'spend-notice' && whole.body.cart?.length).toBe(1_100);
    expect(short.type === 'spend-notice' && short.body.cart).toBe(undefined);
  });
});

/** The wearer presses on the newest challenge of an instant payment. */
function press(till: DelegationTill, request: string): void {
  const pressed = confirmation(till, till.device.latest('challenge').body.challenge, { counter: till.count() });
  till.device.say(PSP, { type: 'confirm', body: { requestId: id(request), confirmation: pressed } });
}
