/** What the device does towards the wearer: speaks and shows, listens, and opens the one prompt. It decides nothing. */
import type { AgentPorts } from './agent-ports.ts';
import { Announcer } from './announcer.ts';
import type { DelegationEffect } from './delegation/events.ts';
import type { AgentEvent } from './delegation/many.ts';
import { type Delegation, isTalking, localeOfDelegation } from './delegation/state.ts';
import { takesOrders } from './interpret.ts';
import type { EarEvent, ListenFor } from './listening.ts';
import { OneEar } from './one-ear.ts';
import { OnePrompt } from './one-prompt.ts';
import { localeOf } from './purchase/ending.ts';
import type { Effect } from './purchase/events.ts';
import type { Purchase } from './purchase/state.ts';
import type { Locale } from './voice/vocabulary.ts';

export type AgentEffect = Effect | DelegationEffect;

/** Where the words go: the purchase that is talked about, and the delegation, if one is. */
export interface Attention {
  readonly purchase: Purchase;
  readonly focus: Delegation | undefined;
}

type Ports = Pick<AgentPorts, 'display' | 'profile' | 'speaker' | 'ear' | 'signer'>;

const PURCHASE = 'purchase';
const DELEGATION = 'delegation';

export class Hands {
  readonly #announcer: Announcer;
  readonly #ear: OneEar;
  readonly #prompt: OnePrompt;
  readonly #heard: (event: EarEvent, stillCounts: () => boolean) => void;
  readonly #answered: (event: AgentEvent) => void;
  /** For whom the ear was opened last. */
  #earOf: typeof PURCHASE | typeof DELEGATION = PURCHASE;

  /** Both callbacks may come while a step is under way; they are to be queued. */
  constructor(
    ports: Ports,
    heard: (event: EarEvent, stillCounts: () => boolean) => void,
    answered: (event: AgentEvent) => void,
  ) {
    this.#announcer = new Announcer(ports);
    this.#ear = new OneEar(ports.ear);
    this.#prompt = new OnePrompt(ports.signer);
    this.#heard = heard;
    this.#answered = answered;
  }

  get listensForDelegation(): boolean {
    return this.#earOf === DELEGATION;
  }

  /** Opens the ear for what can be said now: an order, or an answer to whoever asked last. */
  wake({ purchase, focus }: Attention, locale: Locale): void {
    if (focus && isTalking(focus)) {
      const expect = focus.at === 'drafting' ? 'order' : 'reply';
      this.#listen(expect, localeOfDelegation(focus, locale), purchase, true);
    } else {
      const expect = takesOrders(purchase) || purchase.at === 'asking' ? 'order' : 'reply';
      this.#listen(expect, localeOf(purchase, locale), purchase);
    }
  }

  #listen(expect: ListenFor['expect'], locale: Locale, purchase: Purchase, isOfDelegation = false): void {
    this.#earOf = isOfDelegation ? DELEGATION : PURCHASE;
    const offers = purchase.at === 'choosing' && !isOfDelegation ? purchase.offers.length : 0;
    this.#ear.open({ expect, locale, offers }, this.#heard);
  }

  /** Nobody is listened to longer than the state that wanted an answer; an order can be said in several. */
  stopListening(before: Attention, after: Attention): void {
    const purchases = [before.purchase, after.purchase];
    const purchaseMoved = before.purchase.at !== after.purchase.at && !purchases.every(takesOrders);
    const moved = this.#earOf === PURCHASE ? purchaseMoved : topicOf(before.focus) !== topicOf(after.focus);
    if (moved) this.#ear.close();
  }

  carryOut(effect: AgentEffect, purchase: Purchase): void {
    switch (effect.do) {
      case 'say':
        this.#announcer.say(effect, this.#isPromptOpen(purchase));
        break;
      case 'listen':
      case 'listen-for':
        this.#listen(effect.expect, effect.locale, purchase, effect.do === 'listen-for');
        break;
      case 'confirm':
        this.#prompt.confirm(PURCHASE, { kind: 'payment', ...effect }, (answer) =>
          this.#answered({ kind: 'signer', answer }),
        );
        break;
      case 'prompt':
        this.#prompt.confirm(effect.id, effect.request, (answer) =>
          this.#answered({ kind: 'delegation-signer', id: effect.id, answer }),
        );
        break;
      case 'withdraw':
        this.#prompt.withdraw(PURCHASE);
        break;
      case 'unprompt':
        this.#prompt.withdraw(effect.id);
        break;
      default:
    }
  }

  /** Of a step that could not be stored, this much happens: nothing keeps a prompt open for a hold (T17, T30). */
  endPrompts(effects: readonly AgentEffect[]): void {
    for (const effect of effects) {
      if (effect.do === 'withdraw') this.#prompt.cancel(PURCHASE);
      if (effect.do === 'unprompt') this.#prompt.cancel(effect.id);
    }
  }

  /** Says what was held back, once no prompt is open any more. */
  release(purchase: Purchase): void {
    if (!this.#isPromptOpen(purchase)) this.#announcer.release();
  }

  close(): void {
    this.#ear.close();
  }

  #isPromptOpen({ at }: Purchase): boolean {
    const { owner } = this.#prompt;
    return at === 'confirming' || (owner !== undefined && owner !== PURCHASE);
  }
}

function topicOf(focus: Delegation | undefined): string {
  return focus ? `${focus.id} ${focus.at}` : '';
}
