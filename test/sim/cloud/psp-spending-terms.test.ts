import { describe, expect, it } from 'vitest';
import { digestOf, type EpochSeconds, utf8 } from '../../../protocol/index.ts';
import { ORDER_WAIT_MS } from '../../../sim/cloud/psp-spending.ts';
import { coffee, DelegationTill, type DraftChange, PRICE_MINOR, report, told } from './delegation-till.ts';
import { keyOf } from './hands.ts';
import { DEVICE, id, OTHER_DEVICE, PSP, SHOP, tenant } from './stage.ts';

const PAID = 'WAIT_SELLER_FULFILLMENT';
const seconds = (value: number) => value as EpochSeconds;

describe('an order', () => {
  it.each<[string, Parameters<DelegationTill['cart']>[2]]>([
    ['for another intent', { intentId: id('another') }],
    ['that does not add up', { deliveryMinor: 1 }],
    ['of two where one was named', { lines: [line(2)] }],
    [
      'with something else in it',
      { lines: [line(1), { ...line(1), itemId: 'croissant', amountMinor: 1 }], totalMinor: 2_481 },
    ],
    ['of something else', { lines: [{ ...line(1), itemId: 'croissant' }] }],
    [
      'without the choice that was named',
      { lines: [{ ...line(1), options: [{ optionId: 'size', choiceId: 'medium' }] }] },
    ],
  ])('is not paid where it is one %s', (_what, other) => {
    expect(coffee().buy('o1', other)).toBe('ORDER_MISMATCH');
  });

  it('T5: is not paid for another device, at another price, for another cart, or when its lock has run out', () => {
    const wrong = [
      { device: OTHER_DEVICE },
      { amountMinor: 1 },
      { cartDigest: digestOf(utf8('another')) },
      { lockedUntil: seconds(946_684_800) },
    ];
    wrong.forEach((other, i) => {
      const { till, authorization } = coffee();
      const cart = till.cart('coffee', `o${i}`);
      till.register(cart, other);
      expect(till.pay(till.request('coffee', authorization, cart), cart)).toBe('ORDER_MISMATCH');
    });
  });

  it('T29: is not paid on a cart that its payee did not sign, or on none', () => {
    const { till, authorization } = coffee();
    const other = tenant.merchants.find(({ party }) => party !== SHOP)?.objectSeed ?? tenant.psp.objectSeed;
    for (const [i, seed] of [other, tenant.agent.objectSeed].entries()) {
      const cart = till.cart('coffee', `o${i}`, {}, keyOf(seed));
      const about = {
        device: DEVICE,
        amountMinor: PRICE_MINOR,
        currency: 'CNY',
        lockedUntil: seconds(till.now + 300),
      } as const;
      const body = { ...about, orderNo: `o${i}`, cartDigest: digestOf(cart) };
      till.merchant.say(PSP, { type: 'order-notice', body });
      const honest = till.cart('coffee', `o${i}`);
      const request = till.request('coffee', authorization, honest, { cartDigest: digestOf(cart) });
      expect(till.pay(request, cart)).toBe('ORDER_MISMATCH');
    }
    const cart = till.cart('coffee', 'o9');
    till.register(cart);
    expect(till.pay(till.request('coffee', authorization, cart))).toBe('ORDER_MISMATCH');
  });

  it('takes a choice with its option in front where others have one of that name', () => {
    const items = [{ itemId: 'iced-latte', quantity: 1, choices: ['size-large'] }];
    expect(coffee({ terms: { items } }).buy('o1')).toBe(PAID);
  });

  it('is paid on the days and at the times that were named only', () => {
    // Monday, 09:30 in UTC+8.
    expect(coffee({ terms: { weekdays: [1], fromMin: 570, untilMin: 571 } }).buy('o1')).toBe(PAID);
    expect(coffee({ terms: { weekdays: [2, 7] } }).buy('o1')).toBe('ORDER_MISMATCH');
    expect(coffee({ terms: { fromMin: 571, untilMin: 600 } }).buy('o1')).toBe('ORDER_MISMATCH');
    expect(coffee({ terms: { fromMin: 0, untilMin: 570 } }).buy('o1')).toBe('ORDER_MISMATCH');
    expect(coffee({ terms: { utcOffsetMin: -720, weekdays: [7] } }).buy('o1')).toBe(PAID);
  });

  it('is paid for a thing in its window only, and only where its time is told', () => {
    const at = (happensAt?: number) => {
      const { till, buy } = coffee({ terms: { wantedFrom: seconds(2e9), wantedUntil: seconds(2e9 + 100) } });
      expect(till.now).toBeLessThan(2e9);
      return buy('o1', happensAt === undefined ? {} : { happensAt: seconds(happensAt) });
    };
    expect([at(), at(2e9 - 1), at(2e9 + 100)]).toEqual(['ORDER_MISMATCH', 'ORDER_MISMATCH', 'ORDER_MISMATCH']);
    expect([at(2e9), at(2e9 + 99)]).toEqual([PAID, PAID]);
  });

  it('is not needed where a payee registers none, unless the thing itself was to be at some time', () => {
    const window = { wantedFrom: seconds(2e9), wantedUntil: seconds(2e9 + 100) };
    const till = new DelegationTill();
    const plain = till.issue('plain', { iac: { delegationMode: 'BOUNDED' } });
    expect(till.payResource('plain', plain, 'r1')).toBe(PAID);
    const timed = till.issue('timed', { iac: { delegationMode: 'BOUNDED' }, terms: window });
    expect(till.payResource('timed', timed, 'r2')).toBe('ORDER_MISMATCH');
  });

  it('is not paid for a resource as well', () => {
    const { till, authorization } = report();
    const cartDigest = digestOf(utf8('cart'));
    expect(till.payResource('report', authorization, 'r1', { cartDigest })).toBe('ORDER_MISMATCH');
  });

  it('T4: may come after its payment: that waits for it a while', () => {
    const { till, authorization } = coffee();
    const cart = till.cart('coffee', 'o1');
    expect(till.pay(till.request('coffee', authorization, cart), cart)).toBe('silence');
    expect(till.outcome('o1')).toBe('silence');
    till.pass(ORDER_WAIT_MS - 1);
    till.register(cart);
    expect(told(till.agent.heard.slice(-1))).toBe(PAID);
  });

  it('is unknown after that', () => {
    const { till, authorization } = coffee();
    const cart = till.cart('coffee', 'o1');
    till.pay(till.request('coffee', authorization, cart), cart);
    till.pass(ORDER_WAIT_MS);
    expect(told(till.agent.heard.slice(-1))).toBe('ORDER_MISMATCH');
    till.register(cart);
    expect(till.outcome('o1')).toBe('ORDER_MISMATCH');
  });
});

describe('a payee', () => {
  it('is paid where it is allowed, not forbidden, and registered as a merchant', () => {
    expect(coffee({ commerce: { forbiddenMerchants: [SHOP] } }).buy('o1')).toBe('MERCHANT_NOT_ALLOWED');
    expect(coffee({ commerce: { allowedMerchants: ['damai'] } }).buy('o1')).toBe('MERCHANT_NOT_ALLOWED');
    expect(coffee({ commerce: {} }).buy('o1')).toBe(PAID);
    const { till, authorization } = report();
    expect(till.payResource('report', authorization, 'r1', { payee: 'agent' })).toBe('MERCHANT_NOT_ALLOWED');
  });

  it('is paid for categories that are told, allowed and not forbidden', () => {
    const at = (commerce: DraftChange['commerce'] & object, categories?: string[]) => {
      const { till, authorization } = coffee({ commerce });
      const cart = till.cart('coffee', 'o1');
      till.register(cart, categories ? { categories } : {});
      return till.pay(till.request('coffee', authorization, cart), cart);
    };
    expect(at({ allowedCategories: ['coffee'] })).toBe(PAID);
    expect(at({ allowedCategories: ['coffee'] }, ['coffee', 'bread'])).toBe('MERCHANT_NOT_ALLOWED');
    expect(at({ forbiddenCategories: ['bread'] }, ['coffee', 'bread'])).toBe('MERCHANT_NOT_ALLOWED');
    expect(at({ forbiddenCategories: ['bread'] })).toBe(PAID);
  });

  it('is not paid for categories that it does not tell', () => {
    const { till, authorization } = coffee({ commerce: { forbiddenCategories: ['bread'] } });
    const cart = till.cart('coffee', 'o1');
    const about = {
      device: DEVICE,
      amountMinor: PRICE_MINOR,
      currency: 'CNY',
      lockedUntil: seconds(till.now + 300),
    } as const;
    till.merchant.say(PSP, { type: 'order-notice', body: { ...about, orderNo: 'o1', cartDigest: digestOf(cart) } });
    expect(till.pay(till.request('coffee', authorization, cart), cart)).toBe('MERCHANT_NOT_ALLOWED');
  });
});

function line(quantity: number) {
  return {
    sku: 'lo-01',
    title: 'iced latte',
    quantity,
    amountMinor: PRICE_MINOR,
    itemId: 'iced-latte',
    options: [{ optionId: 'size', choiceId: 'large' }],
  };
}
