import { describe, expect, it } from 'vitest';
import {
  type EpochSeconds,
  type FrameBody,
  type ObjectValue,
  openObject,
  signObject,
  softSigningKey,
} from '../../../protocol/index.ts';
import {
  AGENT,
  by,
  DEVICE,
  deviceHand,
  HERE,
  id,
  MERCHANT,
  MINUTE_MS,
  OTHER_DEVICE,
  PSP,
  SHOP,
  Stage,
  serviceHand,
  tenant,
} from './stage.ts';

/** One shop between an agent and a PSP that are moved by hand. */
class Counter extends Stage {
  readonly agent = serviceHand(this, AGENT);
  readonly psp = serviceHand(this, PSP);

  constructor() {
    super('merchant');
  }

  request(name: string, other: Partial<FrameBody<'cart-request'>> = {}): string {
    const body: FrameBody<'cart-request'> = {
      requestId: id(name),
      intentId: id(`${name} intent`),
      device: DEVICE,
      locale: 'zh-CN',
      lines: [{ itemId: 'iced-latte', quantity: 1, options: [{ optionId: 'sugar', choiceId: 'less' }] }],
      place: HERE,
      ...other,
    };
    const before = this.agent.heard.length;
    this.agent.say(MERCHANT, { type: 'cart-request', body });
    const [answer] = this.agent.heard.slice(before);
    return answer?.type === 'refusal' ? answer.body.code : (answer?.type ?? 'nothing');
  }

  get cartBytes(): Uint8Array {
    return this.agent.latest('cart-reply').body.cart;
  }

  get cart(): ObjectValue<'cart'> {
    return openObject('cart', this.cartBytes, by).value;
  }

  receipt(other: Partial<ObjectValue<'receipt'>> = {}, seed = tenant.psp.objectSeed): Uint8Array {
    const { orderNo, totalMinor, currency, merchant } = this.cart;
    const value = {
      tradeNo: 'trade-1',
      confirmationDigest: `${id('confirmation')}${id('confirmation')}` as ObjectValue<'receipt'>['confirmationDigest'],
      orderNo,
      amountMinor: totalMinor,
      currency,
      payee: merchant,
      paidAt: this.now,
      ...other,
    };
    return signObject('receipt', value, softSigningKey(seed));
  }

  paid(receipt: Uint8Array, by = this.psp): void {
    by.say(MERCHANT, { type: 'paid-notice', body: { orderNo: this.cart.orderNo, receipt } });
  }

  query(orderNo: string, by = this.device): string {
    const before = by.heard.length;
    by.say(MERCHANT, { type: 'order-query', body: { requestId: id('query'), orderNo } });
    const [answer] = by.heard.slice(before);
    if (answer?.type === 'refusal') return answer.body.code;
    if (answer?.type !== 'fulfilment') return 'nothing';
    return stateOf(answer.body.update);
  }
}

function stateOf(update: Uint8Array): string {
  return openObject('fulfilment', update, { ...by }).value.state;
}

describe('a cart', () => {
  it('is signed by the shop, adds up, and names the thing and its options in the wearer’s language', () => {
    const counter = new Counter();
    expect(counter.request('r')).toBe('cart-reply');
    const { signer, value } = openObject('cart', counter.cartBytes, by);
    expect(signer.party).toBe(SHOP);
    expect(value.lines[0]?.title).toBe('冰拿铁（少糖）');
    expect(value.intentId).toBe(id('r intent'));
  });

  it('is told to the PSP before the agent gets it, with the terms it must be paid under', () => {
    const counter = new Counter();
    counter.request('r');
    const sent = counter.broker.seen.map(({ topic }) => topic).filter((topic) => !topic.endsWith(SHOP));
    expect(sent).toEqual(['act/1/demo/svc/psp', 'act/1/demo/svc/agent']);
    const { orderNo, totalMinor, currency, lockedUntil } = counter.cart;
    expect(counter.psp.last('order-notice').body).toMatchObject({
      orderNo,
      device: DEVICE,
      amountMinor: totalMinor,
      currency,
      lockedUntil,
      categories: ['coffee'],
    });
  });

  it('TSD-ATT-OFF: tells the PSP which intent it was made for', () => {
    const counter = new Counter();
    counter.request('r');
    expect(counter.psp.last('order-notice').body.intentId).toBe(counter.cart.intentId);
  });

  it('tells the PSP each category in it once', () => {
    const counter = new Counter();
    const line = (itemId: string) => ({ itemId, quantity: 1, options: [] });
    counter.request('r', { lines: [line('iced-latte'), line('croissant'), line('mocha')] });
    expect(counter.psp.last('order-notice').body.categories).toEqual(['coffee', 'bakery']);
  });

  it('T3: is the same bytes when it is asked for again, and takes the goods once', () => {
    const counter = new Counter();
    const before = counter.stock.available('lo-01');
    counter.request('r');
    const first = counter.cartBytes;
    counter.pass(9_000);
    counter.request('r');
    expect(counter.cartBytes).toEqual(first);
    expect(counter.stock.available('lo-01')).toBe(before - 1);
  });

  it('is refused for something else under the same request id', () => {
    const counter = new Counter();
    counter.request('r');
    expect(counter.request('r', { locale: 'en-US' })).toBe('repeated-request');
  });

  const far = { latitudeE3: 31_000, longitudeE3: 121_000 };
  it.each<[string, Partial<FrameBody<'cart-request'>>]>([
    ['not-sold', { lines: [{ itemId: 'rice-noodles-of-nobody', quantity: 1, options: [] }] }],
    [
      'option-not-offered',
      { lines: [{ itemId: 'iced-latte', quantity: 1, options: [{ optionId: 'size', choiceId: 'small' }] }] },
    ],
    ['out-of-range', { place: far }],
    ['out-of-stock', { lines: [{ itemId: 'croissant', quantity: 13, options: [] }] }],
  ])('is refused with %s', (code, other) => {
    const counter = new Counter();
    expect(counter.request('r', other)).toBe(code);
    expect(counter.request('r', other)).toBe(code);
    expect(counter.psp.heard).toEqual([]);
  });

  it('is refused at night', () => {
    const counter = new Counter();
    counter.pass(14 * 60 * MINUTE_MS);
    expect(counter.request('r')).toBe('closed');
  });

  it('is refused when others have reserved the last piece, and made again when they left it', () => {
    const counter = new Counter();
    const left = counter.stock.available('lo-07');
    const lines = [{ itemId: 'croissant', quantity: left - 2, options: [] }];
    expect(counter.request('r1', { lines })).toBe('cart-reply');
    expect(counter.request('r2', { lines })).toBe('out-of-stock');
    counter.pass(450_000);
    expect(counter.request('r3', { lines })).toBe('cart-reply');
  });
});

describe('a notice of payment', () => {
  it('T29: counts when it carries the PSP’s receipt for exactly this order, once', () => {
    const counter = new Counter();
    counter.request('r');
    counter.paid(counter.receipt());
    counter.paid(counter.receipt());
    expect(counter.device.heard.map(({ type }) => type)).toEqual(['fulfilment']);
    expect(stateOf(counter.device.last('fulfilment').body.update)).toBe('WAIT_SELLER_FULFILLMENT');
  });

  it.each<[string, Partial<ObjectValue<'receipt'>>]>([
    ['order', { orderNo: 'another' }],
    ['amount', { amountMinor: 1 }],
    ['currency', { currency: 'USD' }],
    ['payee', { payee: 'paper-crane' }],
  ])('T29: does not count for another %s', (_what, other) => {
    const counter = new Counter();
    counter.request('r');
    counter.paid(counter.receipt(other));
    expect(counter.counts('merchant').get('receipt-mismatch')).toBe(1);
    expect(counter.query(counter.cart.orderNo)).toBe('WAIT_BUYER_PAY');
  });

  it.each([
    ['another merchant', tenant.merchants.find(({ party }) => party !== SHOP)?.objectSeed],
    ['this merchant', tenant.merchants.find(({ party }) => party === SHOP)?.objectSeed],
    ['the PSP’s frame key', tenant.psp.frameSeed],
    ['the wearer', tenant.devices[0]?.confirmationSeed],
  ])('T29: does not count when the receipt is signed by %s', (_who, seed) => {
    const counter = new Counter();
    counter.request('r');
    counter.paid(counter.receipt({}, seed));
    expect(counter.counts('merchant').get('receipt-forged')).toBe(1);
    expect(counter.query(counter.cart.orderNo)).toBe('WAIT_BUYER_PAY');
  });

  it('is not taken from anybody but the PSP', () => {
    const counter = new Counter();
    counter.request('r');
    counter.paid(counter.receipt(), serviceHand(counter, { party: 'paper-crane', role: 'psp' }));
    expect(counter.counts('merchant').get('cose-kid')).toBe(1);
    expect(counter.query(counter.cart.orderNo)).toBe('WAIT_BUYER_PAY');
  });

  it('T4, T29: cannot open again a trade that was closed: the money goes back', () => {
    const counter = new Counter();
    counter.request('r');
    const receipt = counter.receipt();
    counter.pass(450_000);
    counter.paid(receipt);
    counter.paid(receipt);
    expect(counter.psp.all('refund-request').map(({ body }) => body)).toEqual([
      expect.objectContaining({ tradeNo: 'trade-1', amountMinor: counter.cart.totalMinor, reason: 'order-closed' }),
    ]);
    expect(counter.query(counter.cart.orderNo)).toBe('TRADE_CLOSED');
  });

  it('of an order nobody made is dropped', () => {
    const counter = new Counter();
    counter.request('r');
    const body = { orderNo: 'of-nobody', receipt: counter.receipt() };
    counter.psp.say(MERCHANT, { type: 'paid-notice', body });
    expect(counter.counts('merchant').get('paid-order-unknown')).toBe(1);
  });
});

describe('an order query', () => {
  it('is answered with the newest state, signed', () => {
    const counter = new Counter();
    counter.request('r');
    const { orderNo, etaMin } = counter.cart;
    counter.paid(counter.receipt());
    expect(counter.query(orderNo)).toBe('WAIT_SELLER_FULFILLMENT');
    counter.pass(etaMin * MINUTE_MS);
    expect(counter.query(orderNo)).toBe('TRADE_FINISHED');
  });

  it('makes the shop ask the PSP again while the order is unpaid', () => {
    const counter = new Counter();
    counter.request('r');
    counter.query(counter.cart.orderNo);
    expect(counter.psp.all('order-notice').map(({ body }) => body)).toEqual(
      Array(2).fill(counter.psp.last('order-notice').body),
    );
  });

  it('T5: tells a device nothing about the order of another', () => {
    const counter = new Counter();
    counter.request('r');
    expect(counter.query(counter.cart.orderNo, deviceHand(counter, OTHER_DEVICE))).toBe('order-unknown');
    expect(counter.query('of-nobody')).toBe('order-unknown');
  });
});

it('asks the PSP every half minute after the lock, five times, then closes', () => {
  const counter = new Counter();
  counter.request('r');
  counter.psp.heard.length = 0;
  counter.pass((counter.cart.lockedUntil - counter.now) * 1000 - 1);
  expect(counter.psp.heard).toEqual([]);
  counter.pass(1 + 149_999);
  expect(counter.psp.all('order-notice')).toHaveLength(5);
  expect(counter.device.heard).toEqual([]);
  counter.pass(1);
  expect(counter.psp.heard).toHaveLength(5);
  expect(stateOf(counter.device.last('fulfilment').body.update)).toBe('TRADE_CLOSED');
  expect(counter.now satisfies EpochSeconds).toBe(counter.cart.lockedUntil + 150);
});

describe('a cancellation, as a frame', () => {
  const cancel = (counter: Counter, by = counter.device, name = 'cancel') => {
    const before = by.heard.length;
    by.say(MERCHANT, { type: 'order-cancel', body: { requestId: id(name), orderNo: counter.cart.orderNo } });
    return by.heard
      .slice(before)
      .map((heard) =>
        heard.type === 'refusal'
          ? heard.body.code
          : heard.type === 'fulfilment'
            ? stateOf(heard.body.update)
            : heard.type,
      );
  };

  it('is taken from the device and from the agent, and both hear how it ended', () => {
    const counter = new Counter();
    counter.request('r');
    expect(cancel(counter, counter.agent)).toEqual(['TRADE_CLOSED']);
    expect(stateOf(counter.device.latest('fulfilment').body.update)).toBe('TRADE_CLOSED');
    expect(cancel(counter)).toEqual(['TRADE_CLOSED']);
  });

  it('T5: is not taken from another device', () => {
    const counter = new Counter();
    counter.request('r');
    expect(cancel(counter, deviceHand(counter, OTHER_DEVICE))).toEqual(['order-unknown']);
  });

  it('is still known after a restart, and so is the refund that it waits for', () => {
    const counter = new Counter();
    counter.request('r');
    counter.paid(counter.receipt());
    expect(cancel(counter)).toEqual([]);
    counter.restart('merchant');
    counter.pass(30_000);
    const [first, again] = counter.psp.all('refund-request').map(({ body }) => body);
    expect(again).toEqual(first);
    if (first === undefined) throw new Error('no refund was asked for');
    const { requestId, tradeNo, orderNo, amountMinor, currency } = first;
    const value = { requestId, tradeNo, orderNo, payee: SHOP, amountMinor, currency, refundedTotalMinor: amountMinor };
    const refund = signObject('refund', { ...value, refundedAt: counter.now }, softSigningKey(tenant.psp.objectSeed));
    counter.psp.say(MERCHANT, { type: 'refund-answer', body: { requestId, state: 'SUCCEEDED', refund } });
    expect(stateOf(counter.device.latest('fulfilment').body.update)).toBe('TRADE_CLOSED');
  });
});

it('T3, T4: a watch goes on after a restart, its news counted on from where they were', () => {
  const counter = new Counter();
  const body = { requestId: id('w'), itemIds: ['croissant'], until: (counter.now + 3_600) as EpochSeconds };
  counter.agent.say(MERCHANT, { type: 'watch', body });
  counter.restart('merchant');
  counter.request('r', { lines: [{ itemId: 'croissant', quantity: 2, options: [] }] });
  counter.pass(5_000);
  const news = counter.agent.all('price-news').map(({ body: { version, prices } }) => [version, prices[0]?.available]);
  expect(news).toEqual([
    [1, 12],
    // Nothing shows after the restart that the broker had it: it is sent once more, as the same news.
    [1, 12],
    [2, 10],
  ]);
});
