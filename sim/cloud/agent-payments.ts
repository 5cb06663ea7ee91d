/** Paying under a credential (ACT 2.1 PSD-PAY-DEL, PSD-PAY-AUP): one request for each order, and what became of it. */
import {
  authoriseSubAccount,
  CLOCK_SKEW_S,
  type DelegatedRequestType,
  type Digest,
  digestOf,
  type EpochMs,
  FRAME_MAX_LIFETIME_S,
  type Id16,
  type ObjectValue,
  PAYMENT_ERRORS,
  type Party,
  type PaymentError,
  type Receipt,
  type SigningKey,
  secondsOf,
  signObject,
  type TrustSet,
} from '../../protocol/index.ts';
import type { Alarms } from './agent-alarms.ts';
import type { Task } from './agent-task.ts';
import { derivedId } from './derive.ts';
import { genuine } from './genuine.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';

/** What is paid: an order with its signed cart, or a resource behind HTTP 402. */
export interface Payable {
  readonly payee: string;
  readonly orderNo: string;
  readonly amountMinor: number;
  readonly cart?: Uint8Array;
  readonly resourceId?: string;
}

export type Outcome =
  | { readonly kind: 'paid'; readonly receipt: Receipt; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly error: PaymentError }
  /** The request cannot arrive any more and the PSP has never seen it. */
  | { readonly kind: 'lost' };

export type Settled = (outcome: Outcome, now: EpochMs) => readonly Outgoing[];

export interface PaymentOptions {
  readonly tenant: string;
  readonly trust: TrustSet;
  readonly psp: string;
  readonly agentId: string;
  readonly method: string;
  /** The key that the credentials name, and that of the sub-accounts. */
  readonly objectKey: SigningKey;
  readonly secret: Uint8Array;
}

interface Payment {
  readonly requestId: Id16;
  readonly what: Payable;
  readonly task: Task;
  readonly digest: Digest;
  readonly sentAt: EpochMs;
  readonly settled: Settled;
  queries: number;
  /** The refusal that the PSP is asked about again before it is believed. */
  doubted?: PaymentError;
}

const QUERY_MS = 10_000;
const QUERY_MAX_MS = 60_000;
/** After this no copy of a frame is taken by anybody. */
const GONE_MS = (FRAME_MAX_LIFETIME_S + 2 * CLOCK_SKEW_S) * 1000;

export class Payments {
  readonly #options: PaymentOptions;
  readonly #alarms: Alarms;
  readonly #open = new Map<Id16, Payment>();
  /** Every request ever made. */
  readonly #made = new Set<Id16>();

  constructor(options: PaymentOptions, alarms: Alarms) {
    this.#options = options;
    this.#alarms = alarms;
  }

  /**
   * Sends the one request there will ever be for this order. `settled` is called once, with what became of it.
   * @returns `undefined` for an order that a request was made for before, whatever became of that.
   */
  pay(task: Task, what: Payable, now: EpochMs, settled: Settled): readonly Outgoing[] | undefined {
    const { secret } = this.#options;
    const requestId = derivedId(secret, 'delegated-pay', task.id, what.payee, what.orderNo);
    if (this.#made.has(requestId)) return undefined;
    this.#made.add(requestId);
    const request = this.#signed(task, what, requestId, now);
    const payment = { requestId, what, task, digest: digestOf(request), sentAt: now, settled, queries: 0 };
    this.#open.set(requestId, payment);
    this.#askLater(payment, now);
    const { cart } = what;
    const body = { requestId, request, ...(cart !== undefined && { cart }) };
    return [...task.tell('buying'), { to: this.#psp, message: { type: 'delegated-pay', body } }];
  }

  /** T29: paid is what a receipt of the PSP says of exactly this request. */
  result({ from, body }: FrameOf<'delegated-result'>, now: EpochMs): Reaction {
    const payment = this.#open.get(body.result.requestId);
    if (payment === undefined) return { drop: 'reply-unknown' };
    if (from.party !== this.#options.psp) return { drop: 'reply-foreign' };
    const { error } = body.result;
    if (error !== undefined) return this.#refused(payment, error, now);
    const opened = body.receipt && genuine('receipt', body.receipt, { ...this.#options, at: secondsOf(now) });
    if (opened === undefined || body.receipt === undefined || !isFor(payment, opened.value))
      return { drop: 'receipt-unsound' };
    return this.#settle(payment, { kind: 'paid', receipt: opened.value, bytes: body.receipt }, now);
  }

  /** The PSP does not know the request: it may still be on its way, so only time tells that it is lost. */
  unknown({ from, body }: FrameOf<'refusal'>, now: EpochMs): Reaction | undefined {
    const payment = this.#open.get(body.requestId);
    if (payment === undefined || from.party !== this.#options.psp) return undefined;
    return now >= payment.sentAt + GONE_MS ? this.#settle(payment, { kind: 'lost' }, now) : [];
  }

  #refused(payment: Payment, error: PaymentError, now: EpochMs): readonly Outgoing[] {
    const isDoubted = PAYMENT_ERRORS[error].next === 'query-first' && payment.doubted !== error;
    if (!isDoubted) return this.#settle(payment, { kind: 'refused', error }, now);
    payment.doubted = error;
    return this.#query(payment, now);
  }

  #settle(payment: Payment, outcome: Outcome, now: EpochMs): readonly Outgoing[] {
    this.#open.delete(payment.requestId);
    this.#alarms.clear(alarmOf(payment));
    return payment.settled(outcome, now);
  }

  #query(payment: Payment, now: EpochMs): readonly Outgoing[] {
    payment.queries += 1;
    this.#askLater(payment, now);
    return [{ to: this.#psp, message: { type: 'delegated-query', body: { requestId: payment.requestId } } }];
  }

  #askLater(payment: Payment, now: EpochMs): void {
    const after = Math.min(QUERY_MS * (payment.queries + 1), QUERY_MAX_MS);
    this.#alarms.set(alarmOf(payment), (now + after) as EpochMs, (at) => this.#query(payment, at));
  }

  #signed({ mandate, instrument, isBounded }: Task, what: Payable, requestId: Id16, now: EpochMs): Uint8Array {
    const { agentId, method } = this.#options;
    const { payee, orderNo, amountMinor, cart, resourceId } = what;
    const { paymentToken, subAccountId } = instrument ?? {};
    const base = {
      ...{ requestId, agentId, method, payee, orderNo, amountMinor },
      currency: mandate.iac.currency,
      createdAt: secondsOf(now),
      delegationId: mandate.id,
      iac: mandate.authorization,
      ...(paymentToken !== undefined && { paymentToken }),
      ...(subAccountId !== undefined && { subAccountId }),
    };
    const cartDigest = cart && digestOf(cart);
    if (isBounded) {
      const named = { ...(cartDigest && { cartDigest }), ...(resourceId !== undefined && { resourceId }) };
      return this.#signedAs('autonomous-pay-request', { ...base, ...named });
    }
    if (cartDigest === undefined) throw new Error('a specified payment has its cart');
    return this.#signedAs('delegated-pay-request', { ...base, cartDigest });
  }

  #signedAs<T extends DelegatedRequestType>(type: T, request: ObjectValue<T>): Uint8Array {
    const { objectKey } = this.#options;
    const whole = request.subAccountId === undefined ? request : authoriseSubAccount(type, request, objectKey);
    return signObject(type, whole, objectKey);
  }

  get #psp(): Party {
    return { party: this.#options.psp, role: 'psp' };
  }
}

function isFor({ what, task, digest }: Payment, receipt: Receipt): boolean {
  return (
    receipt.confirmationDigest === digest &&
    receipt.orderNo === what.orderNo &&
    receipt.payee === what.payee &&
    receipt.amountMinor === what.amountMinor &&
    receipt.currency === task.mandate.iac.currency
  );
}

function alarmOf({ requestId }: Payment): string {
  return `payment/${requestId}`;
}
