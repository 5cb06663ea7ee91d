import { describe, expect, it } from 'vitest';
import type { EpochSeconds, ObjectValue } from '../../../protocol/index.ts';
import { signObject } from '../../../protocol/index.ts';
import { keyOf } from '../cloud/hands.ts';
import { AGENT, AgentStage, id, OTHER_SHOP, SHOP, tenant } from './agent-stage.ts';

function ordering(change: Parameters<AgentStage['iac']>[1] = {}): AgentStage {
  const stage = new AgentStage();
  stage.merchant();
  stage.merchant(OTHER_SHOP);
  stage.delegate('latte', change);
  stage.price(1_900);
  return stage;
}

type Line = ObjectValue<'cart'>['lines'][number];
const line: Line = {
  ...{ sku: 'sku-1', title: 'Iced latte', quantity: 1, amountMinor: 1_900, itemId: 'iced-latte' },
  options: [{ optionId: 'size', choiceId: 'large' }],
};

describe('a cart is paid as it is when it is exactly what was wanted', () => {
  it('with choices of its own beside those that were wanted, delivery and promotions', () => {
    const stage = ordering();
    const options = [...line.options, { optionId: 'sugar', choiceId: 'less' }];
    const money = { deliveryMinor: 300, discounts: [{ couponId: 'c-1', amountMinor: 200 }] };
    stage.cart(2_000, { lines: [{ ...line, options }], ...money });
    expect(stage.payment.value.amountMinor).toBe(2_000);
  });

  it('in several lines', () => {
    const stage = ordering({
      terms: { items: [{ itemId: 'iced-latte', quantity: 2, choices: ['large'] }] },
      maxTotalMinor: 5_000,
    });
    stage.cart(3_800, { lines: [line, line] });
    expect(stage.payments).toBe(1);
  });
});

describe('T13: a cart is not paid', () => {
  const wrong: readonly (readonly [string, number, Partial<ObjectValue<'cart'>>, string])[] = [
    ['of another intent', 1_900, { intentId: id('other') }, 'ended intent-mismatch'],
    ['with another thing', 1_900, { lines: [{ ...line, itemId: 'hot-latte' }] }, 'ended items-differ'],
    ['with more than was wanted', 1_900, { lines: [{ ...line, quantity: 2 }] }, 'ended items-differ'],
    ['with something added', 3_800, { lines: [line, { ...line, itemId: 'muffin' }] }, 'ended items-differ'],
    ['with the thing twice', 3_800, { lines: [line, line] }, 'ended items-differ'],
    [
      'with another choice',
      1_900,
      { lines: [{ ...line, options: [{ optionId: 'size', choiceId: 'small' }] }] },
      'ended items-differ',
    ],
    ['without the choice', 1_900, { lines: [{ ...line, options: [] }] }, 'ended items-differ'],
    ['whose total the items do not add up to', 1_900, { totalMinor: 1_901 }, 'ended total-wrong'],
    ['that costs delivery nobody counted', 1_900, { deliveryMinor: 1 }, 'ended total-wrong'],
    ['in another currency', 1_900, { currency: 'USD' }, 'ended currency-differs'],
    ['of another payee', 1_900, { merchant: OTHER_SHOP }, 'ended merchant-not-allowed'],
    ['above the limit', 3_001, {}, 'watching over-limit'],
    ['that delivery takes above the limit', 3_001, { deliveryMinor: 1_101 }, 'watching over-limit'],
    ['that is over in a moment', 1_900, { lockedUntil: 1 as EpochSeconds }, 'watching cart-expired'],
  ];

  it.each(wrong)('%s', (_, total, change, news) => {
    const stage = ordering();
    const lines = [{ ...line, amountMinor: total - (change.deliveryMinor ?? 0) }];
    const locked = change.lockedUntil === undefined ? {} : { lockedUntil: (stage.now + 4) as EpochSeconds };
    const isLine = change.lines === undefined && change.totalMinor === undefined && news !== 'ended total-wrong';
    stage.cart(total, { ...(isLine && { lines }), ...change, ...locked });
    expect(stage.payments).toBe(0);
    expect(stage.news).toBe(news);
  });

  it('signed by another merchant, by nobody, or altered on the way', () => {
    for (const spoil of ['other', 'none', 'bits'] as const) {
      const stage = ordering();
      const hand = stage.merchant();
      const { requestId, intentId } = hand.latest('cart-request').body;
      const cart: ObjectValue<'cart'> = {
        ...{ orderNo: 'L-1', intentId, merchant: SHOP, lines: [line], discounts: [], deliveryMinor: 0 },
        ...{ totalMinor: 1_900, currency: 'CNY', etaMin: 1 },
        ...{ issuedAt: stage.now, lockedUntil: (stage.now + 300) as EpochSeconds },
      };
      const rival = tenant.merchants.find(({ party }) => party === OTHER_SHOP)?.objectSeed ?? new Uint8Array();
      const bytes = spoil === 'none' ? Uint8Array.of(0) : signObject('cart', cart, keyOf(rival));
      if (spoil === 'bits') bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      hand.say(AGENT, { type: 'cart-reply', body: { requestId, cart: bytes } });
      expect(stage.payments, spoil).toBe(0);
      expect(stage.news, spoil).toMatch(/^ended (cart-unsound|merchant-not-allowed)$/);
    }
  });

  it('below the smallest single amount', () => {
    const commerce = { allowedMerchants: [SHOP], minSingleMinor: 1_000 };
    const stage = ordering({ ext: { commerce } });
    stage.cart(900);
    expect([stage.payments, stage.news]).toEqual([0, 'watching below-minimum']);
  });

  it('with the number of an order that was paid or refused before', () => {
    const stage = ordering({ terms: { maxOrders: 2 }, maxTotalMinor: 9_000 });
    stage.cart(1_900);
    stage.paid();
    stage.cart(1_900, { orderNo: 'L-1' });
    expect(stage.payments).toBe(1);
    expect(stage.news).toBe('ended order-repeated');
  });

  it('that comes when the hours for orders are over', () => {
    const stage = new AgentStage();
    stage.merchant();
    const minute = Math.floor((stage.clock.now() / 60_000 + 480) % 1_440);
    stage.delegate('latte', { terms: { fromMin: minute, untilMin: minute + 1 } });
    stage.pass(52_000 - (stage.clock.now() % 60_000));
    stage.price(1_900);
    expect(stage.merchant().all('cart-request')).toHaveLength(1);
    stage.pass(8_000);
    stage.cart(1_900);
    expect([stage.payments, stage.news]).toEqual([0, 'watching not-yet']);
  });

  it('that comes after the delegation was stopped', () => {
    const stage = ordering();
    stage.status(stage.iac('latte'), 'Suspended', 1);
    stage.cart(1_900);
    expect(stage.payments).toBe(0);
  });
});

describe('a cart above the limit', () => {
  it('is not asked for again at that price today, only at a lower one', () => {
    const stage = ordering();
    stage.cart(3_001);
    stage.pass(3_600_000);
    expect(stage.merchant().all('cart-request')).toHaveLength(1);
    stage.price(1_850);
    expect(stage.merchant().all('cart-request')).toHaveLength(2);
  });
});
