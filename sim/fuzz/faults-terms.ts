/** Services that are wrong about one thing, or in time, each aimed at one check of a device or of the PSP (T2, T4, T6, T7, T16, T30). */
import {
  type Cart,
  type Challenge,
  decodeCbor,
  digestOf,
  OBJECTS,
  type ObjectType,
  type ObjectValue,
  type OrderNotice,
  ProtocolError,
  parseSign1,
  peekFrame,
  serviceTopic,
  signObject,
} from '../../protocol/index.ts';
import { bodyOf } from '../checkers/facts.ts';
import { keyOf } from '../cloud/key-of.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { withOther } from './faults-forger.ts';
import { liar } from './lie.ts';
import { type FaultRow, nowAndThen, oneOf, type Weather } from './weather.ts';

/** What an object says, whoever has signed it. */
function contentOf<T extends ObjectType>(type: T, bytes: Uint8Array): ObjectValue<T> {
  return OBJECTS[type].body.decode(decodeCbor(parseSign1(bytes).payload), type) as ObjectValue<T>;
}

type Term = (challenge: Challenge, random: SeededRandom) => Partial<Record<keyof Challenge, unknown>>;

/** What the wearer is to see, or to pay, and what says whose and of what it is. */
const TERMS: Readonly<Record<string, Term>> = {
  'another amount': ({ amountMinor }, random) => ({ amountMinor: oneOf(random, [amountMinor * 2, amountMinor + 1]) }),
  'another payee': ({ payee }) => ({ payee: payee === 'far-harbor' ? 'night-owl' : 'far-harbor' }),
  'another currency': ({ currency }) => ({ currency: currency === 'USD' ? 'CNY' : 'USD' }),
  'another order': ({ orderNo }) => ({ orderNo: `${orderNo.slice(1)}0` }),
  'another cart': ({ cartDigest }) => ({ cartDigest: `${cartDigest.slice(0, -1)}${cartDigest.endsWith('0') ? 1 : 0}` }),
  'another payer': () => ({ payer: 'glasses-99' }),
};

/** Each challenge of the PSP with something changed in it, now and then the true one behind it. */
function otherChallenges(
  weather: Weather,
  strength: number,
  random: SeededRandom,
  change: (
    challenge: Challenge,
  ) => { readonly what: string; readonly terms: Partial<Record<keyof Challenge, unknown>> } | undefined,
): void {
  const { psp } = weather.play.about.tenant;
  weather.onSay((_, payload) => {
    if (peekFrame(payload).type !== 'challenge' || random.chance((1 - strength) / 2)) return undefined;
    let what = '';
    const said = withOther(weather, random, payload, (_kind, bytes) => {
      const challenge = contentOf('challenge', bytes);
      const other = change(challenge);
      what = other?.what ?? '';
      return other && signObject('challenge', { ...challenge, ...other.terms } as Challenge, keyOf(psp.objectSeed));
    });
    if (said) weather.struck(what);
    return said;
  });
}

const PADDING_MINOR = 100;

/** Merchants whose carts cost more than what is in them, or are signed by somebody else, and who tell the PSP the same. */
function falseCarts(weather: Weather, strength: number, random: SeededRandom): void {
  const { tenant } = weather.play.about;
  const { merchants, psp } = tenant;
  const { reseal } = liar(tenant);
  const isIt = nowAndThen(random, 1 / strength);
  const falsified = (cart: Cart, objectSeed: Uint8Array): Uint8Array => {
    if (random.chance(0.5))
      return signObject('cart', { ...cart, totalMinor: cart.totalMinor + PADDING_MINOR }, keyOf(objectSeed));
    const others = merchants.filter(({ party }) => party !== cart.merchant);
    return others.length === 0
      ? signObject('cart', cart, keyOf(objectSeed))
      : signObject('cart', cart, keyOf(oneOf(random, others).objectSeed));
  };
  /** By the digest of the true cart: what the PSP was to be told, and what is in its place. */
  const held = new Map<string, Uint8Array>();
  const carts = new Map<string, Uint8Array>();
  const noticeOf = (payload: Uint8Array, cart: Uint8Array) => {
    const { totalMinor: amountMinor } = contentOf('cart', cart);
    return reseal(payload, { ...bodyOf(payload).body, cartDigest: digestOf(cart), amountMinor }, random);
  };
  weather.onSay((party, payload) => {
    const merchant = merchants.find((one) => one.party === party);
    const { type, body } = bodyOf(payload);
    if (merchant && type === 'order-notice') {
      const { cartDigest } = body as unknown as OrderNotice;
      const known = carts.get(cartDigest);
      if (known) return [{ payload: noticeOf(payload, known), afterMs: 0 }];
      // The PSP hears of an order before the agent does: it has to wait for the cart.
      if (isIt()) held.set(cartDigest, payload);
      return held.has(cartDigest) ? [] : undefined;
    }
    if (!merchant || type !== 'cart-reply' || !(body.cart instanceof Uint8Array)) return undefined;
    const digest = digestOf(body.cart);
    const notice = held.get(digest);
    if (!notice) return undefined;
    const cart = carts.get(digest) ?? falsified(contentOf('cart', body.cart), merchant.objectSeed);
    carts.set(digest, cart);
    weather.struck(party);
    weather.say(party, serviceTopic(tenant.tenant, psp.party), noticeOf(notice, cart));
    return [{ payload: reseal(payload, { ...body, cart }, random), afterMs: 10 }];
  });
}

/** A multiple of what a device takes from one sender at once. */
const CROWD = 260;
const CROWD_MS = 1_000;
/** Longer than a challenge holds, and shorter than a frame lives. */
const SLOW_MS = 65_000;

/** A prompt is read and held at in so much of the time that a challenge has. */
const HELD_S = 25;

export const TERMS_FAULTS = {
  'one-term': {
    odds: 0.15,
    begin(weather, strength, random) {
      otherChallenges(weather, strength, random, (challenge) => {
        const what = oneOf(random, Object.keys(TERMS));
        return { what, terms: TERMS[what]?.(challenge, random) ?? {} };
      });
    },
  },
  'reused-nonce': {
    odds: 0.1,
    begin(weather, strength, random) {
      const known = new Map<string, Challenge>();
      otherChallenges(weather, strength, random, (challenge) => {
        const before = known.get(challenge.payer);
        // Once its time is over a signer may forget a nonce.
        if (before && challenge.issuedAt < before.expiresAt - HELD_S)
          return { what: challenge.payer, terms: { nonce: before.nonce } };
        known.set(challenge.payer, challenge);
        return undefined;
      });
    },
  },
  'short-challenge': {
    odds: 0.1,
    begin(weather, strength, random) {
      otherChallenges(weather, strength, random, ({ issuedAt }) => {
        const forS = 2 + random.below(4);
        return { what: `${forS} s`, terms: { expiresAt: issuedAt + forS } };
      });
    },
  },
  'false-cart': { odds: 0.1, begin: falseCarts },
  chatter: {
    odds: 0.08,
    begin(weather, strength, random) {
      const { again } = liar(weather.play.about.tenant);
      const isIt = nowAndThen(random, 20 / strength);
      weather.onSay((party, payload) => {
        const { aud } = peekFrame(payload);
        if (!weather.devices.includes(aud) || !isIt()) return undefined;
        weather.struck(`${party} to ${aud}`);
        const crowd = Array.from({ length: CROWD }, () => ({
          payload: again(payload, random),
          afterMs: random.below(CROWD_MS),
        }));
        return [{ payload, afterMs: 0 }, ...crowd];
      });
    },
  },
  'slow-confirm': {
    odds: 0.1,
    begin(weather, strength, random) {
      const { psp } = weather.play.about.tenant;
      weather.onDelivery((delivery, delays) => {
        const isOne = delivery.to === psp.party && typeOf(delivery.payload) === 'confirm';
        if (!isOne || random.chance((1 - strength) / 3)) return delays;
        weather.struck(`from ${delivery.from}`);
        return delays.map((ms) => ms + SLOW_MS + random.below(SLOW_MS / 2));
      });
    },
  },
} as const satisfies Record<string, FaultRow>;

/** Nothing where it is no frame: the wire carries everything. */
function typeOf(payload: Uint8Array): string | undefined {
  try {
    return peekFrame(payload).type;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
