/** Asking merchants for carts under delegations: one open request for each, asked again until it is answered (CID-CART-CFM). */
import {
  type CartRequest,
  type EpochMs,
  type Id16,
  type OpenedObject,
  secondsOf,
  type TrustSet,
} from '../../protocol/index.ts';
import type { Alarms } from './agent-alarms.ts';
import { optionsOf } from './agent-choices.ts';
import type { Task } from './agent-task.ts';
import { derivedId } from './derive.ts';
import { genuine } from './genuine.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';

export type CartAnswer =
  | { readonly kind: 'cart'; readonly bytes: Uint8Array; readonly opened: OpenedObject<'cart'> | undefined }
  /** The merchant's code, or `silent`. */
  | { readonly kind: 'refused'; readonly code: string };

type Answered = (answer: CartAnswer, now: EpochMs) => readonly Outgoing[];

interface Open {
  readonly delegationId: Id16;
  readonly merchant: string;
  readonly request: Outgoing;
  readonly answered: Answered;
  tries: number;
}

const AGAIN_MS = 5_000;
const TRIES = 6;

export class Orders {
  readonly #options: { readonly secret: Uint8Array; readonly tenant: string; readonly trust: TrustSet };
  readonly #alarms: Alarms;
  readonly #open = new Map<Id16, Open>();
  readonly #ofTask = new Map<Id16, Id16>();
  #count = 0;

  constructor(options: { secret: Uint8Array; tenant: string; trust: TrustSet }, alarms: Alarms) {
    this.#options = options;
    this.#alarms = alarms;
  }

  /** Each try has an id of its own: a merchant answers the same one with the same refusal. */
  request(task: Task, merchant: string, now: EpochMs, answered: Answered): readonly Outgoing[] {
    const requestId = derivedId(this.#options.secret, 'delegated-cart', task.id, String(this.#count++));
    const request: Outgoing = {
      to: { party: merchant, role: 'merchant' },
      message: { type: 'cart-request', body: bodyOf(task, requestId) },
    };
    this.forget(task.id);
    this.#ofTask.set(task.id, requestId);
    const open = { delegationId: task.id, merchant, request, answered, tries: 0 };
    this.#open.set(requestId, open);
    return this.#send(requestId, open, now);
  }

  /** Whatever is answered to this task's request is for nobody now. */
  forget(delegationId: Id16): void {
    const requestId = this.#ofTask.get(delegationId);
    if (requestId === undefined) return;
    this.#ofTask.delete(delegationId);
    this.#open.delete(requestId);
    this.#alarms.clear(`cart/${requestId}`);
  }

  has(requestId: Id16): boolean {
    return this.#open.has(requestId);
  }

  cartReply({ from, body }: FrameOf<'cart-reply'>, now: EpochMs): Reaction {
    const opened = genuine('cart', body.cart, { ...this.#options, at: secondsOf(now) });
    return this.#answer(body.requestId, from.party, { kind: 'cart', bytes: body.cart, opened }, now);
  }

  refused({ from, body }: FrameOf<'refusal'>, now: EpochMs): Reaction {
    return this.#answer(body.requestId, from.party, { kind: 'refused', code: body.code }, now);
  }

  #answer(requestId: Id16, merchant: string, answer: CartAnswer, now: EpochMs): Reaction {
    const open = this.#open.get(requestId);
    if (open === undefined) return { drop: 'reply-unknown' };
    if (open.merchant !== merchant) return { drop: 'reply-foreign' };
    this.forget(open.delegationId);
    return open.answered(answer, now);
  }

  #send(requestId: Id16, open: Open, now: EpochMs): readonly Outgoing[] {
    if (open.tries === TRIES) {
      this.forget(open.delegationId);
      return open.answered({ kind: 'refused', code: 'silent' }, now);
    }
    open.tries += 1;
    this.#alarms.set(`cart/${requestId}`, (now + AGAIN_MS) as EpochMs, (at) => this.#send(requestId, open, at));
    return [open.request];
  }
}

function bodyOf({ mandate }: Task, requestId: Id16): CartRequest {
  const { iac, terms, device, locale, place } = mandate;
  if (iac.intentId === undefined) throw new Error('a mandate has an intent');
  const { wantedFrom: from, wantedUntil: until } = terms;
  const lines = (terms.items ?? []).map(({ itemId, quantity, choices }) => ({
    ...{ itemId, quantity },
    options: optionsOf(itemId, choices) ?? [],
  }));
  return {
    ...{ requestId, intentId: iac.intentId, device: device.party, locale, lines, place },
    ...(from !== undefined && until !== undefined && { wanted: { from, until } }),
  };
}
