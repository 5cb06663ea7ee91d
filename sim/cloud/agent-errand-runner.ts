/** Runs the errands of an agent's handler in the world and hands their answers back to its service as journalled inputs. */
import { StoreError } from '../../device/errors.ts';
import type { Clock, Stop } from '../../device/ports.ts';
import { digestOf, fromUtf8, type Id16, ProtocolError } from '../../protocol/index.ts';
import { judgeDelivery } from '../a402/buyer.ts';
import type { Http, HttpAnswer } from '../a402/http.ts';
import {
  ERRAND_TEXT_MAX,
  type Errand,
  type Errands,
  errandAnswer,
  type HttpErrand,
  type Returned,
} from './agent-errands.ts';
import { type Planner, plainPlanner } from './agent-planner.ts';
import type { Handler } from './handler.ts';

/** A resource that was bought, for who makes something of it. */
export interface Bought {
  readonly delegationId: Id16;
  readonly resourceId: string;
  readonly content: Uint8Array;
}

/** The world outside the broker, as far as the agent has one. */
export interface AgentWorld {
  readonly http?: Http;
  readonly planner?: Planner;
  /**
   * May be called more than once for one resource, with the same content. Until it has returned, nobody hears that it has
   * come. @throws StoreError when it cannot be kept now: it is fetched again.
   */
  onBought?(bought: Bought): void;
}

const STORE_AGAIN_MS = 1_000;

export class ErrandRunner {
  readonly #errands: Errands;
  readonly #world: AgentWorld;
  readonly #clock: Clock;
  readonly #started = new Set<Id16>();
  readonly #stops = new Set<Stop>();
  /** Gives the service an input; absent until it runs and after it has stopped. */
  #command: ((words: string) => string) | undefined;

  constructor(errands: Errands, world: AgentWorld, clock: Clock) {
    this.#errands = errands;
    this.#world = world;
    this.#clock = clock;
  }

  /** The handler, observed: what it orders is begun once it has answered, never within. */
  around(handler: Handler): Handler {
    const observed = <T>(result: T): T => {
      this.#begin();
      return result;
    };
    return {
      handle: (frame, now) => observed(handler.handle(frame, now)),
      wakeAt: () => handler.wakeAt?.(),
      tick: (now) => observed(handler.tick?.(now) ?? []),
      command: (words, now) => observed(handler.command?.(words, now) ?? { drop: 'command-unknown' }),
    };
  }

  /** Begins with what was ordered in an earlier life and never answered. */
  start(command: (words: string) => string): void {
    this.#command = command;
    this.#begin();
  }

  stop(): void {
    this.#command = undefined;
    for (const stop of this.#stops) stop();
    this.#stops.clear();
  }

  #begin(): void {
    if (this.#command === undefined) return;
    for (const [id, errand] of this.#errands.open()) {
      if (this.#started.has(id)) continue;
      this.#started.add(id);
      this.#after(0, () => this.#run(id, errand));
    }
  }

  #run(id: Id16, errand: Errand): void {
    const { http, planner = plainPlanner } = this.#world;
    if (errand.kind === 'plan') planner.plan(errand.question, (plan) => this.#return(id, plan));
    else if (http === undefined) this.#return(id, { failed: 'unreachable' });
    else http.request(errand.request, (answer) => this.#return(id, this.#read(errand, answer)));
  }

  #read({ body }: HttpErrand, answer: HttpAnswer): Returned {
    if ('failed' in answer) return answer;
    const { status, headers, body: bytes } = answer;
    const { 'payment-needed': needed, 'payment-validation': validation } = headers;
    const told = { status, ...(needed !== undefined && { needed }), ...(validation !== undefined && { validation }) };
    if (body === 'none') return told;
    if (body === 'text') {
      const text = textOf(bytes);
      return text === undefined ? { failed: 'too-large' } : { ...told, text };
    }
    const { delegationId, resourceId } = body;
    const isDelivered = judgeDelivery(status, validation, body, body).kind === 'delivered';
    // What the seller does not call delivered for this very payment is nothing that was bought.
    if (isDelivered && !this.#keep({ delegationId, resourceId, content: bytes })) return { failed: 'store-failed' };
    return { ...told, digest: digestOf(bytes) };
  }

  #keep(bought: Bought): boolean {
    try {
      this.#world.onBought?.(bought);
      return true;
    } catch (error) {
      if (error instanceof StoreError) return false;
      throw error;
    }
  }

  /** Never within a call of the service: an input begins when the one before it is through. */
  #return(id: Id16, answer: Returned): void {
    this.#after(0, () => {
      if (this.#command?.(errandAnswer(id, answer)) === 'store-failed')
        this.#after(STORE_AGAIN_MS, () => this.#return(id, answer));
    });
  }

  #after(delayMs: number, run: () => void): void {
    if (this.#command === undefined) return;
    const stop = this.#clock.after(delayMs, () => {
      this.#stops.delete(stop);
      if (this.#command !== undefined) run();
    });
    this.#stops.add(stop);
  }
}

/** The text of a body that is small enough to be kept. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return bytes.length <= ERRAND_TEXT_MAX ? fromUtf8(bytes) : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
