/**
 * What the agent fetches from outside the broker: a resource over HTTP, a proposal of a model. The handler orders an errand
 * and goes on; the answer comes back as an input of its own, journalled like a frame, so that a replay hears the same answer
 * and asks nobody (design 8).
 */
import * as z from 'zod/mini';
import { type EpochMs, type Id16, ProtocolError, parseJson } from '../../protocol/index.ts';
import type { HttpRequest } from '../a402/http.ts';
import type { PlanQuestion } from './agent-planner.ts';
import { derivedId } from './derive.ts';
import type { Outgoing, Reaction } from './handler.ts';

/** What was paid for, by which trade. */
export interface PaidFor {
  readonly delegationId: Id16;
  readonly resourceId: string;
  readonly outTradeNo: string;
  readonly tradeNo: string;
}

/** A request of HTTP; of the answer's body the text comes back, its digest, or, for what was bought, the digest while it is handed on. */
export interface HttpErrand {
  readonly kind: 'http';
  readonly request: HttpRequest;
  readonly body: 'text' | 'none' | PaidFor;
}
export interface PlanErrand {
  readonly kind: 'plan';
  readonly question: PlanQuestion;
}
export type Errand = HttpErrand | PlanErrand;

/** The longest text of a body that is journalled. */
export const ERRAND_TEXT_MAX = 16_384;

const returned = z.union([
  z.strictObject({ failed: z.string() }),
  z.strictObject({
    status: z.int(),
    needed: z.optional(z.string()),
    validation: z.optional(z.string()),
    text: z.optional(z.string()),
    digest: z.optional(z.string()),
  }),
  z.strictObject({ proposal: z.unknown() }),
]);
export type Returned = z.infer<typeof returned>;

type Back = (answer: Returned, now: EpochMs) => readonly Outgoing[];

const COMMAND = /^errand ([0-9a-f]{32}) (\{.*\})$/s;

/** How an answer is spelt as an input. */
export function errandAnswer(id: Id16, answer: Returned): string {
  return `errand ${id} ${JSON.stringify(answer)}`;
}

export class Errands {
  readonly #secret: Uint8Array;
  readonly #open = new Map<Id16, { readonly errand: Errand; readonly back: Back }>();
  #count = 0;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** Ordered and not answered yet, in order. */
  *open(): Generator<readonly [Id16, Errand]> {
    for (const [id, { errand }] of this.#open) yield [id, errand];
  }

  /** `back` hears the answer once, unless the errand is dropped before. */
  order(errand: Errand, back: Back): Id16 {
    const id = derivedId(this.#secret, 'errand', String(this.#count++));
    this.#open.set(id, { errand, back });
    return id;
  }

  drop(id: Id16 | undefined): void {
    if (id !== undefined) this.#open.delete(id);
  }

  /** An input that is the answer to an errand; `undefined` for other words. */
  answered(words: string, now: EpochMs): Reaction | undefined {
    const [, id, text] = COMMAND.exec(words) ?? [];
    if (id === undefined || text === undefined) return undefined;
    const open = this.#open.get(id as Id16);
    if (open === undefined) return { drop: 'errand-unknown' };
    this.#open.delete(id as Id16);
    return open.back(read(text), now);
  }
}

function read(text: string): Returned {
  try {
    const answer = returned.safeParse(parseJson(text));
    return answer.success ? answer.data : { failed: 'malformed' };
  } catch (error) {
    if (error instanceof ProtocolError) return { failed: 'malformed' };
    throw error;
  }
}
