import { describe, expect, it } from 'vitest';
import { digestOf, type EpochSeconds, msOf } from '../../../protocol/index.ts';
import { AGENT, AgentStage, DEVICE, heard, id, merchant, OTHER_SHOP, SHOP } from './agent-stage.ts';

/** A stage on which one latte is wanted. */
function wanting(change: Parameters<AgentStage['iac']>[1] = {}): AgentStage {
  const stage = new AgentStage();
  stage.merchant();
  stage.merchant(OTHER_SHOP);
  stage.delegate('latte', change);
  return stage;
}

describe('a task', () => {
  it('is accepted, watched for at the merchants that are allowed, bought, and given back', () => {
    const stage = wanting();
    expect(stage.news).toBe('watching');
    expect(heard(stage.merchant(), 'watch')).toBe(1);
    expect(heard(stage.merchant(OTHER_SHOP), 'watch')).toBe(0);
    stage.price(1_900);
    const { body } = stage.merchant().latest('cart-request');
    expect(body).toMatchObject({ intentId: id('latte intent'), device: DEVICE, locale: 'en-US' });
    expect(body.lines).toEqual([
      { itemId: 'iced-latte', quantity: 1, options: [{ optionId: 'size', choiceId: 'large' }] },
    ]);
    const cart = stage.cart(1_900);
    const { kind, value } = stage.payment;
    expect(kind).toBe('delegated-pay-request');
    expect(value).toMatchObject({ amountMinor: 1_900, payee: SHOP, orderNo: 'L-1', paymentToken: 'token-secret-1' });
    expect(value.cartDigest).toBe(digestOf(cart));
    expect(stage.psp.latest('delegated-pay').body.cart).toEqual(cart);
    stage.paid();
    expect(stage.news).toBe('done bought');
    expect(heard(stage.psp, 'delegation-end')).toBe(1);
  });

  it('is begun when both the task and what pays are there, in either order', () => {
    const stage = new AgentStage();
    stage.merchant();
    const iac = stage.iac('latte');
    stage.instrument(iac);
    expect(heard(stage.merchant(), 'watch')).toBe(0);
    stage.task('latte', stage.authorization(iac));
    expect(heard(stage.merchant(), 'watch')).toBe(1);
  });

  it('without what pays is asked about at the PSP, less and less often', () => {
    const stage = new AgentStage();
    stage.task('latte', stage.authorization(stage.iac('latte')));
    stage.pass(60_000);
    const first = heard(stage.psp, 'delegation-query');
    expect(first).toBe(2);
    stage.pass(600_000);
    expect(heard(stage.psp, 'delegation-query') - first).toBeLessThan(6);
  });

  it('T3: is answered with the newest news when it comes again', () => {
    const stage = wanting();
    const { body } = stage.device.latest('delegation-news');
    stage.task('latte', stage.authorization(stage.iac('latte')));
    expect(stage.device.latest('delegation-news').body).toEqual(body);
    expect(heard(stage.merchant(), 'watch')).toBe(1);
  });
});

describe('prices', () => {
  it('above the single, the total or the daily limit are not bought at', () => {
    for (const change of [
      { maxTotalMinor: 1_800 },
      { ext: { commerce: { allowedMerchants: [SHOP], maxSingleMinor: 1_800 } } },
      { terms: { maxDailyMinor: 1_800 } },
    ]) {
      const stage = wanting(change);
      stage.price(1_801);
      expect(heard(stage.merchant(), 'cart-request')).toBe(0);
      stage.price(1_800);
      expect(heard(stage.merchant(), 'cart-request')).toBe(1);
    }
  });

  it('are bought at only where enough is there, as wanted, in the currency of the credential', () => {
    const stage = wanting({ terms: { items: [{ itemId: 'iced-latte', quantity: 2, choices: ['large'] }] } });
    stage.price(1_000, { available: 1 });
    stage.price(1_000, { choices: ['small'] });
    stage.price(1_000, { currency: 'USD' });
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
    stage.price(1_000, { choices: ['large'] });
    expect(heard(stage.merchant(), 'cart-request')).toBe(1);
  });

  it('are compared between merchants', () => {
    const stage = wanting({ ext: { commerce: { allowedMerchants: [SHOP, OTHER_SHOP] } }, maxTotalMinor: 1_850 });
    stage.price(1_900);
    stage.price(1_800, { party: OTHER_SHOP });
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
    expect(heard(stage.merchant(OTHER_SHOP), 'cart-request')).toBe(1);
  });

  it('T4: of an older version change nothing', () => {
    const stage = wanting({ maxTotalMinor: 1_850 });
    stage.price(1_900, { version: 5 });
    stage.price(1_000, { version: 4 });
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
  });

  it('T5: of a merchant that was not asked are nobody’s', () => {
    const stage = wanting();
    const { requestId } = stage.merchant().latest('watch').body;
    stage.merchant(OTHER_SHOP).say(AGENT, { type: 'price-news', body: { requestId, version: 9, prices: [] } });
    expect(stage.counts.get('reply-foreign')).toBe(1);
  });

  it('are asked for again while nobody answers, and anew each day', () => {
    const stage = wanting();
    const ids = () =>
      new Set(
        stage
          .merchant()
          .all('watch')
          .map(({ body }) => body.requestId),
      );
    stage.pass(15_000);
    expect([heard(stage.merchant(), 'watch'), ids().size]).toEqual([2, 1]);
    stage.price(9_999);
    stage.pass(86_400_000);
    expect(ids().size).toBe(2);
  });
});

describe('time', () => {
  const nine = { weekdays: [1, 2, 3, 4, 5], fromMin: 480, untilMin: 540 } as const;

  it('of the day and the weekday is kept: nothing is ordered out of hours', () => {
    const stage = wanting({ maxTotalMinor: 30_000, terms: { ...nine, weekdays: [...nine.weekdays] } });
    const isOpen = () => {
      const local = new Date(stage.clock.now() + 480 * 60_000);
      const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
      return local.getUTCDay() >= 1 && local.getUTCDay() <= 5 && minute >= 480 && minute < 540;
    };
    stage.price(1_900);
    for (let hour = 0; hour < 24 * 7; hour += 1) {
      for (let quarter = 0; quarter < 4; quarter += 1) {
        const before = heard(stage.merchant(), 'cart-request');
        stage.pass(900_000);
        if (heard(stage.merchant(), 'cart-request') > before) {
          expect(isOpen()).toBe(true);
          stage.cart(1_900);
          stage.paid();
        }
      }
    }
    // One order a day: five working days.
    expect(stage.payments).toBe(5);
  });

  it('of the thing itself is asked for and is what the cart has to say', () => {
    const from = 1_800_000_000 as EpochSeconds;
    const until = (from + 3_600) as EpochSeconds;
    const stage = wanting({ terms: { wantedFrom: from, wantedUntil: until }, validityEndTime: until });
    expect(stage.merchant().latest('watch').body.wanted).toEqual({ from, until });
    stage.price(1_900, { happensAt: until });
    stage.price(1_900);
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
    stage.price(1_900, { happensAt: from });
    expect(stage.merchant().latest('cart-request').body.wanted).toEqual({ from, until });
    stage.cart(1_900, { happensAt: until });
    expect(stage.payments).toBe(0);
    expect(stage.news).toBe('ended window-missed');
  });

  it('over ends the task', () => {
    const stage = wanting();
    stage.price(9_999);
    stage.pass(msOf(stage.iac('x').validityEndTime) - stage.clock.now());
    expect(stage.news).toBe('ended expired');
    stage.price(1_000);
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
  });

  it('does not begin before the validity does', () => {
    const stage = new AgentStage();
    stage.merchant();
    stage.delegate('latte', { validityStartTime: (stage.now + 3_600) as EpochSeconds });
    stage.price(1_900);
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
    stage.pass(3_600_000);
    expect(heard(stage.merchant(), 'cart-request')).toBe(1);
  });
});

describe('orders', () => {
  it('are as many as were wanted, one at a time', () => {
    const stage = wanting({ maxTotalMinor: 30_000, terms: { maxOrders: 3 } });
    stage.price(1_900);
    for (let order = 1; order <= 3; order += 1) {
      expect(heard(stage.merchant(), 'cart-request')).toBe(order);
      stage.price(1_800);
      expect(heard(stage.merchant(), 'cart-request')).toBe(order);
      stage.cart(1_900);
      expect(stage.payments).toBe(order);
      stage.paid();
    }
    expect(stage.news).toBe('done bought');
    expect(stage.payments).toBe(3);
  });

  it('stay within the daily limit and go on the next day', () => {
    const stage = wanting({ maxTotalMinor: 30_000, terms: { maxOrders: 10, maxDailyMinor: 4_000 } });
    stage.buy(1_900);
    stage.cart(1_900);
    stage.paid();
    expect(heard(stage.merchant(), 'cart-request')).toBe(2);
    stage.pass(86_400_000);
    expect(heard(stage.merchant(), 'cart-request')).toBeGreaterThan(2);
  });

  it('are asked for again until the merchant answers, and later when it does not', () => {
    const stage = wanting();
    stage.price(1_900);
    stage.pass(11_000);
    const ids = () =>
      new Set(
        stage
          .merchant()
          .all('cart-request')
          .map(({ body }) => body.requestId),
      ).size;
    expect([heard(stage.merchant(), 'cart-request'), ids()]).toEqual([3, 1]);
    stage.pass(30_000);
    expect(stage.news).toBe('watching silent');
    stage.pass(60_000);
    expect(ids()).toBe(2);
  });

  it.each(['queueing', 'sold-out', 'no-seat', 'not-on-sale', 'out-of-stock', 'closed', 'not-then'])(
    'refused with %s are tried again later with another request',
    (code) => {
      const stage = wanting();
      stage.price(1_900);
      stage.refuseCart(code);
      expect(stage.news).toBe(`watching ${code}`);
      expect(heard(stage.merchant(), 'cart-request')).toBe(1);
      stage.pass(600_000);
      const ids = stage
        .merchant()
        .all('cart-request')
        .map(({ body }) => body.requestId);
      expect(new Set(ids).size).toBeGreaterThan(1);
    },
  );

  it('refused for good are made elsewhere, and nowhere when nobody is left', () => {
    const stage = wanting({ ext: { commerce: { allowedMerchants: [SHOP, OTHER_SHOP] } } });
    stage.price(1_900);
    stage.refuseCart('not-sold');
    stage.price(2_000, { party: OTHER_SHOP });
    stage.refuseCart('not-sold', OTHER_SHOP);
    expect(stage.news).toBe('ended not-sold');
  });

  it('T5: are answered by the merchant that was asked', () => {
    const stage = wanting();
    stage.price(1_900);
    const { requestId } = stage.merchant().latest('cart-request').body;
    stage.merchant(OTHER_SHOP).say(AGENT, { type: 'cart-reply', body: { requestId, cart: Uint8Array.of(1) } });
    expect(stage.counts.get('reply-foreign')).toBe(1);
    expect(merchant(SHOP).role).toBe('merchant');
    stage.cart(1_900);
    expect(stage.payments).toBe(1);
  });
});
