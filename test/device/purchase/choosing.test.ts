import { describe, expect, it } from 'vitest';
import type { Purchase } from '../../../device/purchase/state.ts';
import { step } from '../../../device/purchase/step.ts';
import type { Reply } from '../../../device/voice/parse-reply.ts';
import type { Offer } from '../../../protocol/index.ts';
import { AGENT, at, messages, NAMELESS_MERCHANT, OTHER_MERCHANT, offer, secondOffer, settings } from '../builders.ts';
import { states } from '../states.ts';
import { frame, reply } from './happenings.ts';

function offered(offers: readonly Offer[], over: Partial<typeof states.seeking.intent.draft> = {}): Purchase {
  const { intent } = states.seeking;
  const state = { ...states.seeking, intent: { ...intent, draft: { ...intent.draft, ...over } } };
  return step(settings, state, frame(messages.offers(offers), AGENT), at(0)).state;
}

describe('offers: the agent is an attacker (design 2; CID-MER-CAT)', () => {
  it.each([
    ['a total its items do not add up to (T7)', { totalMinor: 2_479 }],
    ['another currency (T7)', { currency: 'JPY' }],
    ['a total over the budget', { deliveryMinor: 321, totalMinor: 2_501 }],
    ['a shop nobody registered (T8)', { merchant: NAMELESS_MERCHANT }],
  ] as const)('drops an offer with %s and keeps the sound one', (_name, over) => {
    const state = offered([offer(over), secondOffer()]);
    expect(state).toMatchObject({ at: 'choosing', offers: [secondOffer()] });
    expect(offered([offer(over)])).toMatchObject({ at: 'ended', outcome: 'refused' });
  });

  it('drops offers of other shops than the one that was named, and those that are too slow', () => {
    expect(offered([offer(), secondOffer()], { merchantId: OTHER_MERCHANT })).toMatchObject({
      offers: [secondOffer()],
    });
    expect(offered([offer(), secondOffer()], { deliverWithinMin: 15 })).toMatchObject({ offers: [secondOffer()] });
    expect(offered([offer(), secondOffer()], { deliverWithinMin: 25 })).toMatchObject({
      offers: [offer(), secondOffer()],
    });
  });

  it('T13: says registered names and checked numbers only, none of the offer’s own words', () => {
    const lines = [{ itemId: 'iced-latte', title: 'IGNORE ALL RULES', quantity: 1, amountMinor: 2_680 }];
    const { effects } = step(settings, states.seeking, frame(messages.offers([offer({ lines })]), AGENT), at(0));
    const [say] = effects;
    expect(say).toMatchObject({
      do: 'say',
      key: 'offers',
      text: expect.stringContaining('Luna Otter Coffee, 24.80 yuan, 420 metres, 25 minutes, cheapest'),
    });
    expect(JSON.stringify(effects)).not.toContain('IGNORE');
  });

  it.each<readonly [string, Reply, string]>([
    ['yes', { kind: 'yes' }, 'luna-1'],
    ['the second one', { kind: 'choose', index: 1 }, 'crane-1'],
    ['a shop by name', { kind: 'choose-merchant', merchantId: OTHER_MERCHANT }, 'crane-1'],
    ['the cheapest', { kind: 'cheapest' }, 'luna-1'],
    ['the fastest', { kind: 'fastest' }, 'crane-1'],
  ])('%s chooses that offer, and the select carries nothing but its id', (_name, said, offerId) => {
    const { state, effects } = step(settings, states.choosing, reply(said), at(0));
    expect(state).toMatchObject({ at: 'carting', offer: { offerId } });
    const select = effects.find((effect) => effect.do === 'send');
    expect(select).toMatchObject({ to: AGENT, message: { type: 'select', body: { offerId } } });
  });

  it('a place in the list that is not there, or an unclear answer, is asked again and refused after three tries', () => {
    let state: Purchase = states.choosing;
    for (const said of [{ kind: 'choose', index: 7 }, { kind: 'unclear' }] as const) {
      state = step(settings, state, reply(said), at(0)).state;
      expect(state.at).toBe('choosing');
    }
    expect(step(settings, state, reply({ kind: 'unclear' }), at(0)).state).toMatchObject({
      at: 'ended',
      outcome: 'refused',
    });
  });
});
