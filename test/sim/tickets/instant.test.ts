import { describe, expect, it } from 'vitest';
import { parseOrder } from '../../../device/voice/parse-order.ts';
import { shopVocabulary } from '../../../sim/shops/index.ts';
import { AGENT, DEVICE, HERE, id, intentBody, MERCHANT, Stage, serviceHand } from '../cloud/stage.ts';

/** Seats are on sale for a moment and their price moves: they are bought under delegations, and no shop sells them instead. */
describe.each([
  ['concert-ticket', 'order one concert ticket', '帮我买一张演唱会门票'],
  ['train-ticket', 'order one train ticket', '帮我买一张火车票'],
  ['market-report', 'order one market report', '帮我买一份市场报告'],
])('an instant order of a %s', (itemId, english, chinese) => {
  it.each([english, chinese])('is understood (%s) and not taken for something to drink', (words) => {
    const parse = parseOrder(words, { vocabulary: shopVocabulary, currency: 'CNY' });
    expect(parse).toEqual({ kind: 'draft', draft: { lines: [{ itemId, quantity: 1, options: [] }] } });
  });

  it('is answered honestly: nobody sells that', () => {
    const stage = new Stage('agent');
    const lines = [{ itemId, quantity: 1, options: [] }];
    stage.device.say(AGENT, { type: 'intent', body: intentBody(stage, 'seats', { lines, merchantId: 'any' }) });
    expect(stage.device.last('offers').body).toMatchObject({ offers: [], none: 'nobody-sells' });
  });

  it('is refused by a coffee shop that is asked all the same', () => {
    const stage = new Stage('merchant');
    const agent = serviceHand(stage, AGENT);
    const lines = [{ itemId, quantity: 1, options: [] }];
    const body = {
      requestId: id('r'),
      intentId: id('i'),
      device: DEVICE,
      locale: 'zh-CN',
      lines,
      place: HERE,
    } as const;
    agent.say(MERCHANT, { type: 'cart-request', body });
    expect(agent.last('refusal').body.code).toBe('not-sold');
  });
});
