/** What the agent's service does with its keys that its own code never would, and what happens just when it pays (T13, T14, T15, T17). */
import {
  authoriseSubAccount,
  type CartReply,
  type CartRequest,
  digestOf,
  type EpochSeconds,
  type Message,
  newId,
  peekFrame,
  type Role,
  SERVICE_SESSION,
  sealFrame,
  secondsOf,
  serviceTopic,
  signObject,
} from '../../protocol/index.ts';
import { bodyOf, genuine } from '../checkers/facts.ts';
import { keyOf } from '../cloud/key-of.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { command } from './faults-delegated.ts';
import { obedient, requestIn } from './obedient.ts';
import { type FaultRow, mendAfter, oneOf, type Weather } from './weather.ts';

/** The true request follows once the PSP has answered all the others: after it has waited for an order, or at once. */
const WAITED_MS = 6_000;
const LAST_MS = 3_000;
const LIFE_S = 60;
/** How much of something the agent takes that nobody wanted so much of. */
const TIMES = [2, 3, 10] as const;
const DAY_S = 86_400;

interface OwnErrand {
  readonly merchant: string;
  readonly wanted: CartRequest;
}

/** Orders that nobody has delegated: something else from others, the same from them, for another day, more of it, once more. */
function ownErrandsFor(
  wanted: CartRequest,
  payee: string,
  others: readonly string[],
  random: SeededRandom,
): OwnErrand[] {
  const [first, ...more] = wanted.lines;
  if (!first) throw new Error('a cart is asked for with something in it');
  const { wanted: window } = wanted;
  const [from, until] = [window?.from ?? 0, window?.until ?? 0].map((at) => at + DAY_S) as [EpochSeconds, EpochSeconds];
  const another = oneOf(random, others);
  return [
    { merchant: another, wanted: { ...wanted, lines: [{ itemId: 'latte', quantity: 1, options: [] }] } },
    { merchant: another, wanted },
    { merchant: payee, wanted: { ...wanted, ...(window && { wanted: { from, until } }) } },
    {
      merchant: payee,
      wanted: { ...wanted, lines: [{ ...first, quantity: first.quantity * oneOf(random, TIMES) }, ...more] },
    },
    { merchant: payee, wanted },
  ];
}

/** Speaks for the agent to other services, with its frame key. */
function mouthOf({ play, clock, say }: Weather, random: SeededRandom) {
  const { tenant, agent } = play.about.tenant;
  return (to: string, role: Role, message: Message): void => {
    const address = {
      tenant,
      from: { party: agent.party, role: 'agent' },
      to: { party: to, role },
      session: SERVICE_SESSION,
    } as const;
    const life = { iat: secondsOf(clock.now()), lifetimeS: LIFE_S, cti: newId(random.bytes(16)) };
    say(agent.party, serviceTopic(tenant, to), sealFrame(message, address, life, keyOf(agent.frameSeed)));
  };
}

/** An agent that has carts made of its own and asks the PSP to pay them, with everything properly signed. */
function ownErrands(weather: Weather, strength: number, random: SeededRandom): void {
  const { tenant } = weather.play.about;
  const { agent, psp, merchants } = tenant;
  const speak = mouthOf(weather, random);
  let wanted: CartRequest | undefined;
  /** By the id of the cart request: the payment after which the other one is made. */
  const models = new Map<string, Uint8Array>();
  const payFor = (model: Uint8Array, cart: Uint8Array): void => {
    const [request, priced] = [requestIn(model, tenant), genuine('cart', cart, tenant)?.value];
    if (!request || !priced) return;
    const requestId = newId(random.bytes(16));
    const { merchant: payee, orderNo, totalMinor: amountMinor } = priced;
    const createdAt = secondsOf(weather.clock.now());
    const value = { ...request.value, requestId, payee, orderNo, amountMinor, createdAt, cartDigest: digestOf(cart) };
    const key = keyOf(agent.objectSeed);
    const whole = value.subAccountId === undefined ? value : authoriseSubAccount(request.type, value, key);
    const signed = signObject(request.type, whole, key);
    speak(psp.party, 'psp', { type: 'delegated-pay', body: { requestId, request: signed, cart } });
  };
  weather.onSay((party, payload) => {
    const { type, body } = bodyOf(payload);
    if (party === agent.party && type === 'cart-request') wanted = body as unknown as CartRequest;
    const reply = type === 'cart-reply' ? (body as unknown as CartReply) : undefined;
    const model = reply && models.get(reply.requestId);
    if (reply && model) weather.later(1, () => payFor(model, reply.cart));
    const payee = requestIn(payload, tenant)?.value.payee;
    const others = merchants.map(({ party: one }) => one).filter((one) => one !== payee);
    if (!wanted || payee === undefined || others.length === 0) return undefined;
    for (const errand of ownErrandsFor(wanted, payee, others, random)) {
      if (random.chance(1 - strength)) continue;
      const requestId = newId(random.bytes(16));
      models.set(requestId, payload);
      weather.struck(errand.merchant);
      speak(errand.merchant, 'merchant', { type: 'cart-request', body: { ...errand.wanted, requestId } });
    }
    if (random.chance(0.5)) {
      command(weather, psp.party, 'execution-late');
      mendAfter(weather, LAST_MS + 2_000, () => command(weather, psp.party, 'execution-done'));
    }
    return [{ payload, afterMs: random.chance(0.3) ? 0 : LAST_MS }];
  });
}

/** Stops the delegation just when its payment is on its way, and has it asked for once more while it stands still. */
function stopInBetween(weather: Weather, strength: number, random: SeededRandom): void {
  const { play } = weather;
  const { tenant, locale } = play.about;
  const { onceMore } = obedient(tenant);
  const psp = tenant.psp.party;
  weather.onSay((_, payload) => {
    const id = requestIn(payload, tenant)?.value.delegationId;
    if (id === undefined || random.chance((1 - strength) / 2)) return undefined;
    const stop = oneOf(random, ['suspend', 'pause', 'cancel'] as const);
    weather.struck(stop);
    const isLate = random.chance(0.7);
    if (isLate) {
      command(weather, psp, 'execution-late');
      mendAfter(weather, 4_000, () => command(weather, psp, 'execution-done'));
    }
    weather.later(random.below(2_000), () => {
      if (stop === 'suspend') command(weather, psp, `suspend ${id}`);
      else if (stop === 'pause') sayAll(weather, locale === 'zh-CN' ? '全部暂停' : 'pause everything');
      else sayAll(weather, locale === 'zh-CN' ? '全部取消' : 'cancel everything');
    });
    if (stop === 'suspend') mendAfter(weather, 12_000, () => command(weather, psp, `resume ${id}`));
    const again = onceMore(payload, random);
    const more = again ? [{ payload: again.payload, afterMs: 6_000 + random.below(4_000) }] : [];
    return isLate || more.length === 0 ? [{ payload, afterMs: 0 }, ...more] : more;
  });
}

function sayAll({ play }: Weather, text: string): void {
  for (const { running } of play.wearers)
    if (running && !running.life.isOver)
      running.agent.hear({ kind: 'words', hypotheses: [{ text, confidence: 1 }], mode: 'VOICE' });
}

export const AGENT_FAULTS = {
  'crowd-of-requests': {
    odds: 0.6,
    begin(weather, strength, random) {
      const { tell } = obedient(weather.play.about.tenant);
      weather.onSay((party, payload) => {
        if (peekFrame(payload).type !== 'delegated-pay') return undefined;
        const told = Array.from({ length: 1 + Math.ceil(8 * strength) }, () => tell(payload, random, true));
        const crowd = told.flatMap((one) => (one ? [{ payload: one.payload, afterMs: random.below(6_000) }] : []));
        if (crowd.length > 0) weather.struck(`${party}: ${told.map((one) => one?.what ?? '').join(', ')}`);
        return [{ payload, afterMs: 0 }, ...crowd];
      });
    },
  },
  'wrong-requests': {
    odds: 0.15,
    begin(weather, strength, random) {
      const { wrong: wrongOf } = obedient(weather.play.about.tenant);
      weather.onSay((_, payload) => {
        const wrong = wrongOf(payload, random).filter(() => random.chance(0.5 + strength / 2));
        if (wrong.length === 0) return undefined;
        weather.struck(wrong.map(({ what }) => what).join(', '));
        return [...wrong.map((one, i) => ({ payload: one.payload, afterMs: i * 20 })), { payload, afterMs: WAITED_MS }];
      });
    },
  },
  'own-errands': { odds: 0.15, begin: ownErrands },
  'stop-in-between': { odds: 0.15, begin: stopInBetween },
} as const satisfies Record<string, FaultRow>;
