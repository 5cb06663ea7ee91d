/**
 * The data desk as a service: what it is asked over HTTP, and what the PSP says of refunds, both journalled before they count.
 * A desk that was killed knows every bill, payment and delivery again, and asks for no refund twice.
 */
import * as z from 'zod/mini';
import { type EpochMs, ProtocolError, parseJson } from '../../protocol/index.ts';
import { type FrameOf, type Handler, type Outgoing, react } from '../cloud/handler.ts';
import { RefundDesk, type RefundOptions } from '../cloud/merchant-refunds.ts';
import { type HttpRequest, type HttpResponse, pathOf } from './http.ts';
import { ResourceSeller, type SellerOptions } from './seller.ts';

export type DeskOptions = Omit<SellerOptions, 'giveBack'> & Omit<RefundOptions, 'secret'>;

/** How a request is spelt as an input. */
const COMMAND = /^http (\{.*\})$/s;
const written = z.strictObject({
  method: z.enum(['GET', 'POST']),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.optional(z.string()),
});
/** Of the longest body that anything is made of: a digest in hex. */
const BODY_CHARACTERS = 64;
/** Longer than any header of an honest buyer: what goes beyond makes it unreadable (T30). */
const HEADER_CHARACTERS = 4_096;
/** What a request is judged by; nothing else of it is kept. */
const HEADERS = ['idempotency-key', 'payment-proof'] as const;

/** What of a request a desk looks at. */
export function essenceOf({ method, url, headers, body }: HttpRequest): HttpRequest {
  const kept = HEADERS.flatMap((name) => {
    const value = headers[name]?.slice(0, HEADER_CHARACTERS);
    return value === undefined ? [] : [[name, value] as const];
  });
  const isShort = body !== undefined && body.length <= BODY_CHARACTERS;
  const whole = { method, url: `http://desk${pathOf(url) ?? ''}`, headers: Object.fromEntries(kept) };
  return isShort ? { ...whole, body } : whole;
}

export function httpCommand(request: HttpRequest): string {
  return `http ${JSON.stringify(request)}`;
}

export class DeskHandler implements Handler {
  readonly seller: ResourceSeller;
  readonly #refunds: RefundDesk;
  readonly #asked: Outgoing[] = [];
  #answer: HttpResponse | undefined;

  constructor(options: DeskOptions) {
    const refunds = new RefundDesk(options);
    this.#refunds = refunds;
    this.seller = new ResourceSeller({
      ...options,
      giveBack: (receipt, reason, now, settled) => {
        const decided = (isRefunded: boolean, at: EpochMs) => {
          settled(isRefunded, at);
          return isRefunded ? [] : { drop: 'refund-refused' };
        };
        this.#asked.push(refunds.ask(receipt, receipt.amountMinor, reason, decided, now));
      },
    });
  }

  /** The answer to the request that was the latest input; once. */
  takeAnswer(): HttpResponse | undefined {
    const answer = this.#answer;
    this.#answer = undefined;
    return answer;
  }

  handle(frame: Parameters<Handler['handle']>[0], now: EpochMs) {
    const answered = (answer: FrameOf<'refund-answer'>, at: EpochMs) => this.#refunds.answer(answer, at);
    return react({ 'refund-answer': answered }, frame, now);
  }

  wakeAt(): EpochMs | undefined {
    const times = [this.seller.wakeAt(), this.#refunds.wakeAt()].filter((time) => time !== undefined);
    return times.length === 0 ? undefined : (Math.min(...times) as EpochMs);
  }

  tick(now: EpochMs): readonly Outgoing[] {
    this.seller.tick(now);
    return [...this.#asked.splice(0), ...this.#refunds.tick(now)];
  }

  /** A request, or `withhold` or `offer` and a resource. */
  command(words: string, now: EpochMs) {
    const [, text] = COMMAND.exec(words) ?? [];
    const request = text === undefined ? undefined : requestIn(text);
    if (request === undefined) {
      const said = this.seller.command(words);
      return said === 'done' ? [] : { drop: said };
    }
    this.#answer = this.seller.handle(request, now);
    return this.#asked.splice(0);
  }
}

/** What {@link httpCommand} has written. */
function requestIn(text: string): HttpRequest | undefined {
  try {
    const { method, url, headers, body } = written.parse(parseJson(text));
    return { method, url, headers, ...(body !== undefined && { body }) };
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof z.core.$ZodError) return undefined;
    throw error;
  }
}
