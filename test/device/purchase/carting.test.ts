import { describe, expect, it } from 'vitest';
import type { Step } from '../../../device/purchase/events.ts';
import type { PurchaseIn } from '../../../device/purchase/state.ts';
import { step } from '../../../device/purchase/step.ts';
import type { Cart } from '../../../protocol/index.ts';
import {
  AGENT,
  at,
  cart,
  cartBytes,
  checkedCart,
  id,
  intent,
  messages,
  NAMELESS_MERCHANT,
  OTHER_MERCHANT,
  objectKey,
  offer,
  PAY_ID,
  PSP,
  seconds,
  settings,
} from '../builders.ts';
import { states } from '../states.ts';
import { frame } from './happenings.ts';

type Carting = PurchaseIn<'carting'>;
type Line = Cart['lines'][number];
const [LINE] = cart().lines as [Line];

function receive(bytes: Uint8Array, state: Carting = states.carting): Step {
  return step(settings, state, frame(messages.cart(bytes), AGENT), at(0));
}

function expectRefusal(result: Step, reason: string): void {
  expect(result.state).toMatchObject({ at: 'ended', outcome: 'refused', reason });
  expect(result.effects.filter((effect) => effect.do === 'send')).toEqual([]);
}

function withDraft(over: Partial<Carting['intent']['draft']>): Carting {
  return { ...states.carting, intent: intent({ draft: { ...intent().draft, ...over } }) };
}

const latte = (over: Partial<Line> = {}): Line => ({ ...LINE, ...over });
const small = { optionId: 'size', choiceId: 'small' };
const large = { optionId: 'size', choiceId: 'large' };
const lessSugar = { optionId: 'sugar', choiceId: 'less' };

describe('the pre-check of a correctly signed cart (ACT 2.1 CID-CART-CFM, design 3 step 5)', () => {
  it('accepts the cart that was asked for and asks the PSP for exactly it', () => {
    const { state, effects } = receive(cartBytes());
    expect(state).toMatchObject({ at: 'requesting', requestId: PAY_ID, cart: checkedCart() });
    expect(effects).toEqual([
      {
        do: 'send',
        to: PSP,
        message: {
          type: 'pay-request',
          body: {
            requestId: PAY_ID,
            orderNo: 'LC-0042',
            paymentToken: settings.paymentToken,
            amountMinor: 2_480,
            currency: 'CNY',
            createdAt: seconds(0),
            agentId: settings.agentId,
            payee: 'luna-coffee',
            cartDigest: checkedCart().digest,
            method: settings.paymentMethod,
          },
        },
      },
    ]);
  });

  it.each<readonly [string, Partial<Cart>, string]>([
    ['T6: from another shop than the chosen one', { merchant: OTHER_MERCHANT }, 'cart-payee'],
    ['for another intent', { intentId: id('another') }, 'cart-intent'],
    ['T7: in another currency', { currency: 'USD' }, 'cart-currency'],
    ['T6: with a line more', { lines: [LINE, latte({ amountMinor: 1 })], totalMinor: 2_481 }, 'cart-lines'],
    ['T6: with a line twice as often', { lines: [latte({ quantity: 2 })] }, 'cart-lines'],
    ['T6: with something else', { lines: [latte({ itemId: 'espresso' })] }, 'cart-lines'],
    ['T6: with another choice', { lines: [latte({ options: [small, lessSugar] })] }, 'cart-lines'],
    ['T6: with a wish left out', { lines: [latte({ options: [large] })] }, 'cart-lines'],
    ['T6: with two choices for one option', { lines: [latte({ options: [large, small, lessSugar] })] }, 'cart-lines'],
    ['T7: with a total one fen above its items', { totalMinor: 2_481 }, 'cart-total'],
    ['T7: with a total one fen below its items', { totalMinor: 2_479 }, 'cart-total'],
    ['one fen over the budget', { deliveryMinor: 321, totalMinor: 2_501 }, 'cart-over-budget'],
    ['with a price lock that leaves no time to read', { lockedUntil: seconds(19) }, 'cart-expired'],
    ['with a price lock that is over', { lockedUntil: seconds(-1) }, 'cart-expired'],
  ])('refuses a cart %s', (_name, over, reason) => {
    expectRefusal(receive(cartBytes(over)), reason);
  });

  it('refuses a cart with a line less', () => {
    const lines = [...intent().draft.lines, { itemId: 'espresso', quantity: 1, options: [] }];
    expectRefusal(receive(cartBytes(), withDraft({ lines })), 'cart-lines');
  });

  it('refuses a cart that comes later than the wearer said', () => {
    expectRefusal(receive(cartBytes(), withDraft({ deliverWithinMin: 24 })), 'cart-too-slow');
    expect(receive(cartBytes(), withDraft({ deliverWithinMin: 25 })).state.at).toBe('requesting');
  });

  it('takes the budget to the last fen and the price lock to the last second', () => {
    const over = { deliveryMinor: 320, totalMinor: 2_500, lockedUntil: seconds(20) };
    expect(receive(cartBytes(over)).state.at).toBe('requesting');
  });

  it('accepts choices the wearer left open, each once', () => {
    const options = [large, lessSugar, { optionId: 'ice', choiceId: 'normal' }];
    expect(receive(cartBytes({ lines: [latte({ options })] })).state.at).toBe('requesting');
  });

  it('T8: refuses the chosen shop when nobody registered a name for it', () => {
    const chosen = { ...states.carting, offer: offer({ merchant: NAMELESS_MERCHANT }) };
    expectRefusal(receive(cartBytes({ merchant: NAMELESS_MERCHANT }), chosen), 'cart-payee');
  });

  it('says it when the price is not the offered one', () => {
    const { effects } = receive(cartBytes({ deliveryMinor: 310, totalMinor: 2_490 }));
    expect(effects[0]).toMatchObject({
      do: 'say',
      key: 'price-changed',
      text: 'Note that the price changed from 24.80 yuan to 24.90 yuan.',
    });
  });
});

describe('T1, T6: a cart that is not signed as it should be', () => {
  it('refuses a cart signed by another shop in the name of the chosen one', () => {
    expectRefusal(receive(cartBytes({}, OTHER_MERCHANT)), 'cart-payee');
  });

  it('refuses a cart signed by the PSP, by the device, or by nobody', () => {
    expectRefusal(receive(cartBytes({}, PSP)), 'cart-signature');
    expectRefusal(receive(cartBytes({}, 'glasses-01')), 'cart-signature');
    expectRefusal(receive(Uint8Array.of(1, 2, 3)), 'cart-signature');
  });

  it('refuses it with any bit of it turned over', () => {
    const bytes = cartBytes();
    for (let i = 0; i < bytes.length; i += 7) {
      const altered = new Uint8Array(bytes);
      altered[i] = (altered[i] ?? 0) ^ (1 << (i % 8));
      expectRefusal(receive(altered), 'cart-signature');
    }
  });
});

describe('T6: a second cart', () => {
  const second = () => frame(messages.cart(cartBytes({ deliveryMinor: 100, totalMinor: 2_280 }), id('any')), AGENT);

  it('that differs voids the payment while it is requested or confirmed: nothing is signed', () => {
    for (const state of [states.requesting, states.confirming]) {
      const { state: after, effects } = step(settings, state, second(), at(0));
      expect(after).toMatchObject({ at: 'ended', outcome: 'cancelled', reason: 'new-cart' });
      expect(effects.some((effect) => effect.do === 'send' && effect.message.type === 'pay-cancel')).toBe(true);
      const late = {
        kind: 'signer',
        answer: {
          kind: 'signed',
          signed: objectKey('glasses-01').sign(Uint8Array.of(1)),
          method: 'hold-keyboard',
        },
      } as const;
      expect(step(settings, after, late, at(1)).effects).toEqual([]);
    }
    expect(step(settings, states.confirming, second(), at(0)).effects[0]).toEqual({ do: 'withdraw' });
  });

  it('that is the same again, or comes after the confirmation, changes nothing', () => {
    const same = frame(messages.cart(), AGENT);
    for (const state of [states.requesting, states.confirming])
      expect(step(settings, state, same, at(0)).state).toBe(state);
    expect(step(settings, states.settling, second(), at(0)).state).toBe(states.settling);
  });
});
