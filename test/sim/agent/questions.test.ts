import { describe, expect, it } from 'vitest';
import { QUESTION_S } from '../../../sim/cloud/agent-questions.ts';
import { deviceHand, OTHER_DEVICE } from '../cloud/stage.ts';
import { AGENT, AgentStage, type Behaviour, heard, id, SHOP } from './agent-stage.ts';

/** Ten percent up is too much; 1,900 was seen first. */
function watching(behaviour: Behaviour = {}): AgentStage {
  const stage = new AgentStage();
  stage.merchant();
  const agentBehavior = { priceDeviationToleranceE2: 1_000, ...behaviour };
  stage.delegate('latte', { ext: { commerce: { allowedMerchants: [SHOP] }, agentBehavior } });
  stage.price(1_900, { available: 0 });
  return stage;
}

describe('a price within the tolerance of the first one seen', () => {
  it('is bought at, up to the last minor unit', () => {
    const stage = watching();
    stage.price(2_090);
    expect(heard(stage.merchant(), 'cart-request')).toBe(1);
    expect(heard(stage.device, 'price-question')).toBe(0);
  });
});

describe('CID-CART-CFM: a price beyond it', () => {
  it('is the wearer’s to decide, with what was expected', () => {
    const stage = watching();
    stage.price(2_091);
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
    const { body } = stage.device.latest('price-question');
    expect(body).toMatchObject({ merchant: SHOP, itemId: 'iced-latte', amountMinor: 2_091, referenceMinor: 1_900 });
    expect(stage.news).toBe('asking price-moved');
    stage.answer(true);
    stage.cart(2_091);
    stage.paid();
    expect(stage.news).toBe('done bought');
  });

  it('is not bought at when the wearer says no, nor asked about again; a lower one may be', () => {
    const stage = watching();
    stage.price(2_500);
    stage.answer(false);
    stage.price(2_500);
    stage.price(2_600);
    expect([heard(stage.device, 'price-question'), heard(stage.merchant(), 'cart-request')]).toEqual([1, 0]);
    stage.price(2_400);
    expect(heard(stage.device, 'price-question')).toBe(2);
  });

  it('is asked about until the time is over; no answer is a no', () => {
    const stage = watching();
    stage.price(2_500);
    stage.pass(QUESTION_S * 1000 - 1);
    expect(heard(stage.device, 'price-question')).toBeGreaterThan(3);
    expect(new Set(stage.device.all('price-question').map(({ body }) => body.requestId)).size).toBe(1);
    stage.pass(1);
    stage.answer(true);
    expect(stage.counts.get('answer-unknown')).toBe(1);
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
    expect(stage.news).toBe('watching');
  });

  it('that falls back into the tolerance needs no answer any more', () => {
    const stage = watching();
    stage.price(2_500);
    stage.price(2_000);
    expect(heard(stage.merchant(), 'cart-request')).toBe(1);
    stage.answer(true);
    expect(stage.counts.get('answer-unknown')).toBe(1);
    stage.cart(2_500);
    expect(stage.payments).toBe(0);
  });

  it('T5: is decided by the device that was asked, about what was asked', () => {
    const stage = watching();
    stage.price(2_500);
    const other = deviceHand(stage, OTHER_DEVICE);
    stage.answer(true, {}, other);
    stage.answer(true, { requestId: id('another question') });
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
    expect([stage.counts.get('answer-foreign'), stage.counts.get('answer-unknown')]).toEqual([1, 1]);
  });

  it('ends the delegation where that was agreed, and says why', () => {
    const stage = watching({ priceDeviationAction: 'AUTO_CANCEL' });
    stage.price(2_091);
    expect(stage.news).toBe('ended price-moved');
    expect(heard(stage.psp, 'delegation-end')).toBe(1);
    stage.price(1_900);
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
  });

  it('that only the cart shows is asked about too, and that cart is not paid', () => {
    const stage = watching();
    stage.price(1_900);
    stage.cart(2_500);
    expect([stage.payments, heard(stage.device, 'price-question')]).toEqual([0, 1]);
    stage.answer(true);
    stage.cart(2_500, { orderNo: 'L-9' });
    expect(stage.payment.value).toMatchObject({ amountMinor: 2_500, orderNo: 'L-9' });
  });

  it('T13: allows nothing that the credential does not allow: an accepted price above the limit is not paid', () => {
    const stage = watching();
    stage.price(2_900);
    stage.answer(true);
    stage.cart(3_001);
    expect(stage.payments).toBe(0);
  });

  it('is not asked about any more once the delegation is suspended', () => {
    const stage = watching();
    stage.price(2_500);
    stage.status(stage.iac('latte'), 'Suspended', 1);
    stage.answer(true);
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
    expect(stage.counts.get('answer-unknown')).toBe(1);
  });

  it('has no limit but the credential’s where no tolerance was agreed', () => {
    const stage = new AgentStage();
    stage.merchant();
    stage.delegate('latte');
    stage.price(1_000, { available: 0 });
    stage.price(3_000);
    expect(heard(stage.merchant(), 'cart-request')).toBe(1);
  });
});

it('an answer to no question is counted and nothing else', () => {
  const stage = watching();
  const body = { requestId: id('q'), delegationId: stage.iac('latte').delegationId, accept: true };
  stage.device.say(AGENT, { type: 'price-answer', body });
  expect(stage.counts.get('answer-unknown')).toBe(1);
});
