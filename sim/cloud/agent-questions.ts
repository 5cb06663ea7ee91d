/** `PAUSE_AND_NOTIFY`: a price that left its tolerance is the wearer's to decide; no answer is a no (ACT 2.1 CID-CART-CFM). */
import {
  type EpochMs,
  type EpochSeconds,
  type Id16,
  msOf,
  type PriceQuestion,
  secondsOf,
} from '../../protocol/index.ts';
import type { Alarms } from './agent-alarms.ts';
import type { Task } from './agent-task.ts';
import { derivedId } from './derive.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';

/** How long the wearer has. */
export const QUESTION_S = 600;
/** A frame lives two minutes; a device that was away hears the question when it comes back. */
const AGAIN_MS = 90_000;

type Decided = (accept: boolean, now: EpochMs) => readonly Outgoing[];

interface Asked {
  readonly task: Task;
  readonly body: PriceQuestion;
  readonly decided: Decided;
}

export class Questions {
  readonly #secret: Uint8Array;
  readonly #alarms: Alarms;
  /** One for each delegation. */
  readonly #open = new Map<Id16, Asked>();
  #count = 0;

  constructor(secret: Uint8Array, alarms: Alarms) {
    this.#secret = secret;
    this.#alarms = alarms;
  }

  ask(
    task: Task,
    what: Pick<PriceQuestion, 'merchant' | 'itemId' | 'amountMinor' | 'referenceMinor'>,
    now: EpochMs,
    decided: Decided,
  ): readonly Outgoing[] {
    const { id: delegationId, mandate } = task;
    const { currency, validityEndTime } = mandate.iac;
    const requestId = derivedId(this.#secret, 'question', delegationId, String(this.#count++));
    const until = Math.min(secondsOf(now) + QUESTION_S, validityEndTime) as EpochSeconds;
    const asked = { task, body: { requestId, delegationId, ...what, currency, until }, decided };
    this.#open.set(delegationId, asked);
    return [...task.tell('asking', 'price-moved'), ...this.#say(asked, now)];
  }

  /** Only the wearer's own device can answer, only what was asked last, and only in time. */
  answer({ from, body }: FrameOf<'price-answer'>, now: EpochMs): Reaction {
    const asked = this.#open.get(body.delegationId);
    if (asked === undefined || asked.body.requestId !== body.requestId) return { drop: 'answer-unknown' };
    if (asked.task.mandate.device.party !== from.party) return { drop: 'answer-foreign' };
    return this.#decide(asked, body.accept && now < msOf(asked.body.until), now);
  }

  /** Nothing is to be asked any more. */
  withdraw(delegationId: Id16): void {
    this.#open.delete(delegationId);
    this.#alarms.clear(alarmOf(delegationId));
  }

  #say(asked: Asked, now: EpochMs): readonly Outgoing[] {
    const { body, task } = asked;
    if (now >= msOf(body.until)) return this.#decide(asked, false, now);
    const next = Math.min(now + AGAIN_MS, msOf(body.until)) as EpochMs;
    this.#alarms.set(alarmOf(body.delegationId), next, (at) => this.#say(asked, at));
    return [{ to: task.mandate.device, message: { type: 'price-question', body } }];
  }

  #decide({ body, decided }: Asked, accept: boolean, now: EpochMs): readonly Outgoing[] {
    this.withdraw(body.delegationId);
    return decided(accept, now);
  }
}

function alarmOf(delegationId: Id16): string {
  return `question/${delegationId}`;
}
