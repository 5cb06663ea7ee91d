/** The cloud agent: finds offers for an intent and fetches the chosen shop's cart. It signs nothing that anybody has to believe (design 2). */
import { type Digest, type EpochMs, type EpochSeconds, type Id16, msOf, type Party } from '../../protocol/index.ts';
import type { Shop } from '../shops/index.ts';
import { createDelegationDesk, type DelegationDeskOptions } from './agent-desk.ts';
import type { Errands } from './agent-errands.ts';
import { derivedHex, derivedId } from './derive.ts';
import { type FrameOf, type Handler, type Outgoing, type Reaction, react } from './handler.ts';
import { offersFor, SHOP_CURRENCY } from './offers.ts';
import { refusal } from './refusals.ts';
import { contentOf, requestKey } from './requests.ts';

export interface AgentOptions {
  /** Ids are derived from it; 32 bytes. */
  readonly secret: Uint8Array;
  /** The catalogue. What is really left on a shelf only the shop knows. */
  readonly shops: readonly Shop[];
  readonly delegations: Omit<DelegationDeskOptions, 'secret'>;
}

/** What the agent wants from outside the broker stands in `errands`; the answers come as commands. */
export interface CloudAgent extends Handler {
  readonly errands: Errands;
}

interface Asked {
  readonly content: Digest;
  readonly answer: Outgoing;
}

interface Offered {
  readonly intentId: Id16;
  readonly merchant: string;
  readonly validUntil: EpochSeconds;
  readonly request: FrameOf<'intent'>['body'];
}

interface Selected {
  readonly content: Digest;
  readonly device: Party;
  readonly merchant: Party;
  readonly body: FrameOf<'select'>['body'];
  readonly cartRequest: Outgoing;
  /** The merchant's answer as passed on to the device, once it is there. */
  answer?: Outgoing;
}

const SLUG_MAX = 24;

export function createAgent(options: AgentOptions): CloudAgent {
  const agent = new Agent(options);
  const desk = createDelegationDesk({ ...options.delegations, secret: options.secret });
  const reactions = {
    ...desk.reactions,
    intent: (frame: FrameOf<'intent'>, now: EpochMs) => agent.intent(frame, now),
    select: (frame: FrameOf<'select'>, now: EpochMs) => agent.select(frame, now),
    'cart-reply': (frame: FrameOf<'cart-reply'>, now: EpochMs) => desk.cartReply(frame, now) ?? agent.cartReply(frame),
    refusal: (frame: FrameOf<'refusal'>, now: EpochMs) => desk.refused(frame, now) ?? agent.refused(frame),
  };
  return {
    errands: desk.errands,
    handle: (frame, now) => react(reactions, frame, now),
    wakeAt: () => desk.alarms.wakeAt(),
    tick: (now) => desk.alarms.tick(now),
    command: (words, now) => desk.errands.answered(words, now) ?? { drop: 'command-unknown' },
  };
}

class Agent {
  readonly #options: AgentOptions;
  readonly #intents = new Map<string, Asked>();
  /** By device and offer id, so that no device can choose what was offered to another (T5). */
  readonly #offered = new Map<string, Offered>();
  readonly #selects = new Map<string, Selected>();
  readonly #byCartRequest = new Map<Id16, Selected>();

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  intent(frame: FrameOf<'intent'>, now: EpochMs): Reaction {
    const key = requestKey(frame);
    const content = contentOf(frame);
    const known = this.#intents.get(key);
    if (known !== undefined) {
      return [known.content === content ? known.answer : refusal(frame.from, frame.body.requestId, 'repeated-request')];
    }
    const answer = this.#offer(frame, now);
    this.#intents.set(key, { content, answer });
    return [answer];
  }

  #offer(frame: FrameOf<'intent'>, now: EpochMs): Outgoing {
    const { from, body } = frame;
    const { isr, requestId } = body;
    if (now >= msOf(isr.validityEndTime)) return refusal(from, requestId, 'intent-expired');
    if (isr.currency !== SHOP_CURRENCY) return refusal(from, requestId, 'currency-unsupported');
    const offerIdOf = (merchant: string) => this.#offerId(from.party, requestId, merchant);
    const offers = offersFor(frame, from.party, this.#options.shops, offerIdOf, now);
    for (const { offerId, merchant } of offers.offers) {
      const offered = { intentId: isr.intentId, merchant, validUntil: offers.validUntil, request: body };
      this.#offered.set(`${from.party}/${offerId}`, offered);
    }
    return { to: from, message: { type: 'offers', body: offers } };
  }

  #offerId(device: string, requestId: Id16, merchant: string): string {
    return `${merchant}-${derivedHex(this.#options.secret, 'offer', device, requestId, merchant)}`.slice(0, SLUG_MAX);
  }

  select(frame: FrameOf<'select'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const known = this.#selects.get(requestKey(frame));
    if (known !== undefined) {
      if (known.content !== contentOf(frame)) return [refusal(from, body.requestId, 'repeated-request')];
      // Without an answer the request to the shop may be lost; the shop answers the same id with the same cart.
      return [known.answer ?? known.cartRequest];
    }
    const offered = this.#offered.get(`${from.party}/${body.offerId}`);
    if (offered?.intentId !== body.intentId) return [refusal(from, body.requestId, 'offer-unknown')];
    if (now >= msOf(offered.validUntil)) return [refusal(from, body.requestId, 'offers-expired')];
    const selected = this.#selected(frame, offered);
    this.#selects.set(requestKey(frame), selected);
    return [selected.cartRequest];
  }

  #selected(frame: FrameOf<'select'>, { intentId, merchant, request }: Offered): Selected {
    const { from, body } = frame;
    const requestId = derivedId(this.#options.secret, 'cart-request', from.party, body.requestId);
    const { lines, place } = request;
    const to: Party = { party: merchant, role: 'merchant' };
    const cartRequest: Outgoing = {
      to,
      message: {
        type: 'cart-request',
        body: { requestId, intentId, device: from.party, locale: body.locale, lines, place },
      },
    };
    const selected = { content: contentOf(frame), device: from, merchant: to, body, cartRequest };
    this.#byCartRequest.set(requestId, selected);
    return selected;
  }

  cartReply(frame: FrameOf<'cart-reply'>): Reaction {
    return this.#answered(frame, ({ device, body }) => ({
      to: device,
      message: {
        type: 'cart',
        body: { requestId: body.requestId, intentId: body.intentId, cart: frame.body.cart },
      },
    }));
  }

  refused(frame: FrameOf<'refusal'>): Reaction {
    const { category, code } = frame.body;
    return this.#answered(frame, ({ device, body }) => ({
      to: device,
      message: { type: 'refusal', body: { requestId: body.requestId, category, code } },
    }));
  }

  /** Passes the shop's first answer on. Only the shop that was asked can answer; what it says again is known already. */
  #answered(frame: FrameOf<'cart-reply' | 'refusal'>, pass: (selected: Selected) => Outgoing): Reaction {
    const selected = this.#byCartRequest.get(frame.body.requestId);
    if (selected === undefined) return { drop: 'reply-unknown' };
    if (selected.merchant.party !== frame.from.party) return { drop: 'reply-foreign' };
    if (selected.answer !== undefined) return [];
    selected.answer = pass(selected);
    return [selected.answer];
  }
}
