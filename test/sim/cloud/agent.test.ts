import { describe, expect, it } from 'vitest';
import { type EpochSeconds, type FrameBody, totalOf } from '../../../protocol/index.ts';
import { shops } from '../../../sim/shops/index.ts';
import {
  AGENT,
  DEVICE,
  deviceHand,
  type IntentChange,
  id,
  intentBody,
  MERCHANT,
  OTHER_DEVICE,
  SHOP,
  Stage,
  selectBody,
  serviceHand,
} from './stage.ts';

/** The agent between a device and a shop that are moved by hand. */
class Desk extends Stage {
  readonly merchant = serviceHand(this, MERCHANT);

  constructor() {
    super('agent');
  }

  ask(name: string, other: IntentChange = {}): FrameBody<'offers'> {
    this.device.say(AGENT, { type: 'intent', body: intentBody(this, name, other) });
    return this.device.last('offers').body;
  }

  refused(message: Parameters<typeof this.device.say>[1], by = this.device): string {
    by.say(AGENT, message);
    return by.last('refusal').body.code;
  }
}

const anyShop = (change: IntentChange = {}): IntentChange => ({ merchantId: 'any', ...change });

describe('offers', () => {
  it('are at most five, best first, within the budget, each adding up, with reasons as codes', () => {
    const { offers } = new Desk().ask('i', anyShop());
    expect(offers.length).toBeGreaterThanOrEqual(3);
    expect(offers.length).toBeLessThanOrEqual(5);
    const totals = offers.map(({ totalMinor }) => totalMinor);
    expect(totals).toEqual([...totals].sort((a, b) => a - b));
    expect(Math.max(...totals)).toBeLessThanOrEqual(2500);
    for (const offer of offers) expect(totalOf(offer)).toBe(offer.totalMinor);
    expect(offers[0]?.reasons).toContain('cheapest');
  });

  it('come from the one shop that was asked for', () => {
    const { offers } = new Desk().ask('i');
    expect(offers.map(({ merchant, reasons }) => [merchant, reasons])).toEqual([[SHOP, ['only']]]);
  });

  it('say why there are none: the cheapest above the budget', () => {
    const body = new Desk().ask('i', anyShop({ isr: { maxTotalMinor: 100 } }));
    expect(body).toMatchObject({ offers: [], none: 'over-budget' });
    expect(body.cheapestMinor).toBeGreaterThan(100);
  });

  it('say why there are none: when the first shop opens', () => {
    const desk = new Desk();
    desk.pass(18 * 3_600_000);
    const body = desk.ask('i');
    expect(body).toMatchObject({ offers: [], none: 'all-closed' });
    expect(body.opensAt).toBeGreaterThan(desk.now);
  });

  it('say why there are none: nobody sells it, nobody is fast enough', () => {
    const desk = new Desk();
    const lines = [{ itemId: 'unicorn', quantity: 1, options: [] }];
    expect(desk.ask('sells', anyShop({ lines })).none).toBe('nobody-sells');
    expect(desk.ask('fast', anyShop({ deliverWithinMin: 1 })).none).toBe('too-slow');
  });

  it('stay within one frame however much was ordered', () => {
    const options = ['size', 'sugar', 'milk', 'ice', 'shot'].map((optionId, i) => ({
      optionId,
      choiceId: ['large', 'less', 'oat', 'less', 'double'][i] ?? '',
    }));
    const lines = Array.from({ length: 8 }, () => ({ itemId: 'iced-latte', quantity: 1, options }));
    const { offers } = new Desk().ask('i', anyShop({ lines, isr: { maxTotalMinor: 90_000 } }));
    expect(offers.length).toBeGreaterThanOrEqual(1);
  });

  it('T3: are the same when the same request comes again later', () => {
    const desk = new Desk();
    const body = intentBody(desk, 'i');
    desk.device.say(AGENT, { type: 'intent', body });
    const first = desk.device.last('offers').body;
    desk.pass(4_000);
    desk.device.say(AGENT, { type: 'intent', body });
    expect(desk.device.last('offers').body).toEqual(first);
  });

  it('are refused for another intent under the same request id', () => {
    const desk = new Desk();
    desk.ask('i');
    expect(desk.refused({ type: 'intent', body: intentBody(desk, 'i', { locale: 'zh-CN' }) })).toBe('repeated-request');
  });

  it('are refused for an intent out of its time and for a currency no shop sells in', () => {
    const desk = new Desk();
    const late = intentBody(desk, 'late', { isr: { validityEndTime: desk.now as EpochSeconds } });
    expect(desk.refused({ type: 'intent', body: late })).toBe('intent-expired');
    const yen = intentBody(desk, 'yen', { isr: { currency: 'JPY' } });
    expect(desk.refused({ type: 'intent', body: yen })).toBe('currency-unsupported');
  });

  it('have ids that fit the wire for every shop and that no two devices share', () => {
    for (const { id: shop } of shops) expect(shop.length).toBeLessThanOrEqual(12);
    const desk = new Desk();
    const other = deviceHand(desk, OTHER_DEVICE);
    const mine = desk.ask('i', anyShop()).offers;
    other.say(AGENT, { type: 'intent', body: intentBody(desk, 'i', anyShop()) });
    const theirs = other.last('offers').body.offers;
    expect(new Set([...mine, ...theirs].map(({ offerId }) => offerId)).size).toBe(mine.length + theirs.length);
  });
});

describe('a selection', () => {
  it('becomes a cart request for the same things to the shop of the offer', () => {
    const desk = new Desk();
    desk.ask('i');
    desk.device.say(AGENT, { type: 'select', body: selectBody(desk, 'i') });
    const { body } = desk.merchant.last('cart-request');
    expect(body).toMatchObject({ intentId: id('i intent'), device: DEVICE, lines: intentBody(desk, 'i').lines });
  });

  it('is passed on again with the same id while the shop is silent', () => {
    const desk = new Desk();
    desk.ask('i');
    const body = selectBody(desk, 'i');
    desk.device.say(AGENT, { type: 'select', body });
    desk.device.say(AGENT, { type: 'select', body });
    const requests = desk.merchant.all('cart-request').map((frame) => frame.body);
    expect(requests).toHaveLength(2);
    expect(requests[1]).toEqual(requests[0]);
  });

  it('is answered with the shop’s cart, byte for byte, once and again when asked again', () => {
    const desk = new Desk();
    desk.ask('i');
    const body = selectBody(desk, 'i');
    desk.device.say(AGENT, { type: 'select', body });
    const { requestId } = desk.merchant.last('cart-request').body;
    const cart = Uint8Array.of(1, 2, 3);
    desk.merchant.say(AGENT, { type: 'cart-reply', body: { requestId, cart } });
    expect(desk.device.last('cart').body).toEqual({ requestId: body.requestId, intentId: body.intentId, cart });
    desk.merchant.say(AGENT, { type: 'cart-reply', body: { requestId, cart: Uint8Array.of(9) } });
    expect(desk.device.all('cart')).toHaveLength(1);
    desk.device.say(AGENT, { type: 'select', body });
    expect(desk.device.last('cart').body.cart).toEqual(cart);
  });

  it('is answered with the shop’s refusal under the device’s own request id', () => {
    const desk = new Desk();
    desk.ask('i');
    const body = selectBody(desk, 'i');
    desk.device.say(AGENT, { type: 'select', body });
    const { requestId } = desk.merchant.last('cart-request').body;
    const why = { category: 'STATE_CONFLICT', code: 'out-of-stock' } as const;
    desk.merchant.say(AGENT, { type: 'refusal', body: { requestId, ...why } });
    expect(desk.device.last('refusal').body).toEqual({ requestId: body.requestId, ...why });
  });

  it('T5: is answered by the shop that was asked and by no other', () => {
    const desk = new Desk();
    desk.ask('i');
    desk.device.say(AGENT, { type: 'select', body: selectBody(desk, 'i') });
    const { requestId } = desk.merchant.last('cart-request').body;
    const rival = serviceHand(desk, { party: 'paper-crane', role: 'merchant' });
    rival.say(AGENT, { type: 'cart-reply', body: { requestId, cart: Uint8Array.of(1) } });
    expect(desk.counts('agent').get('reply-foreign')).toBe(1);
    rival.say(AGENT, { type: 'cart-reply', body: { requestId: id('nothing'), cart: Uint8Array.of(1) } });
    expect(desk.counts('agent').get('reply-unknown')).toBe(1);
    expect(desk.device.all('cart')).toEqual([]);
  });

  it('is refused for an offer nobody made, of another intent, of another device, or too late', () => {
    const desk = new Desk();
    desk.ask('i');
    const good = selectBody(desk, 'i');
    const other = deviceHand(desk, OTHER_DEVICE);
    expect(desk.refused({ type: 'select', body: { ...good, offerId: 'of-nobody' } })).toBe('offer-unknown');
    expect(desk.refused({ type: 'select', body: { ...good, intentId: id('other') } })).toBe('offer-unknown');
    expect(desk.refused({ type: 'select', body: good }, other)).toBe('offer-unknown');
    desk.pass(300_000);
    expect(desk.refused({ type: 'select', body: good })).toBe('offers-expired');
    expect(desk.merchant.heard).toEqual([]);
  });

  it('is refused for another offer under the same request id', () => {
    const desk = new Desk();
    desk.ask('i', anyShop());
    desk.device.say(AGENT, { type: 'select', body: selectBody(desk, 'i', 0) });
    expect(desk.refused({ type: 'select', body: selectBody(desk, 'i', 1) })).toBe('repeated-request');
  });
});
