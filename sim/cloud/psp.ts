/** The payment service provider: registers orders, challenges, and debits exactly once for a genuine confirmation (PSD-PAY-INS). */
import {
  type Currency,
  type Digest,
  digestOf,
  type EpochMs,
  type EpochSeconds,
  hex,
  msOf,
  type OpenedObject,
  openObject,
  type Party,
  type PayRequest,
  ProtocolError,
  type SigningKey,
  secondsOf,
  signObject,
  type TrustSet,
} from '../../protocol/index.ts';
import { derivedHex, derivedId } from './derive.ts';
import { type FrameOf, type Handler, type Outgoing, type Reaction, react } from './handler.ts';
import { Ledger, OUTSIDE } from './ledger.ts';
import { OrderBook, type RegisteredOrder } from './order-book.ts';
import { type Awaiting, answerOf, type PayRecord, type PayStanding, statusOf } from './pay-record.ts';
import { confirmationFault, type PaymentBinding, requestFault } from './psp-checks.ts';
import { type RefusalCode, refusal } from './refusals.ts';
import { contentOf, requestKey } from './requests.ts';

export interface Funds {
  readonly device: string;
  readonly currency: Currency;
  /** What the wearer's account holds at the start. */
  readonly amountMinor: number;
}

export interface PspOptions {
  readonly tenant: string;
  readonly trust: TrustSet;
  readonly objectKey: SigningKey;
  /** Nonces and trade numbers are derived from it; 32 bytes. */
  readonly secret: Uint8Array;
  readonly bindings: readonly PaymentBinding[];
  /** Payment methods that are accepted, as URNs. */
  readonly methods: readonly string[];
  readonly funds: readonly Funds[];
}

export interface Psp extends Handler {
  readonly ledger: Ledger;
}

/** How long the wearer has to confirm: the device's own 30 s and room for two slow links. */
export const CHALLENGE_S = 60;

export function wearerAccount(device: string): string {
  return `wearer:${device}`;
}

export function merchantAccount(merchant: string): string {
  return `merchant:${merchant}`;
}

export function createPsp(options: PspOptions): Psp {
  const psp = new PaymentService(options);
  const reactions = {
    'order-notice': (frame: FrameOf<'order-notice'>) => psp.orderNotice(frame),
    'pay-request': (frame: FrameOf<'pay-request'>, now: EpochMs) => psp.payRequest(frame, now),
    confirm: (frame: FrameOf<'confirm'>, now: EpochMs) => psp.confirm(frame, now),
    'pay-cancel': (frame: FrameOf<'pay-cancel'>, now: EpochMs) => psp.payCancel(frame, now),
    'pay-query': (frame: FrameOf<'pay-query'>, now: EpochMs) => psp.payQuery(frame, now),
  };
  return { ledger: psp.ledger, handle: (frame, now) => react(reactions, frame, now) };
}

class PaymentService {
  readonly ledger = new Ledger();
  readonly #options: PspOptions;
  readonly #orders = new OrderBook();
  readonly #records = new Map<string, PayRecord>();
  /** The highest counter each confirmation key has used. */
  readonly #counters = new Map<string, number>();

  constructor(options: PspOptions) {
    this.#options = options;
    for (const { device, currency, amountMinor } of options.funds) {
      this.ledger.post(`opening-${device}-${currency}`, [
        { account: OUTSIDE, currency, amountMinor: -amountMinor },
        { account: wearerAccount(device), currency, amountMinor },
      ]);
    }
  }

  /** A merchant that asks again about a paid order has missed the notice. */
  orderNotice({ from, body }: FrameOf<'order-notice'>): Reaction {
    const order = this.#orders.register(from.party, body);
    if (order === undefined) return { drop: 'order-notice-differs' };
    return order.receipt === undefined ? [] : [paidNotice(order, order.receipt)];
  }

  payRequest(frame: FrameOf<'pay-request'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const content = contentOf(frame);
    const known = this.#record(frame, now);
    if (known?.content !== undefined && known.content !== content) {
      // A refusal promises that nothing will be debited, so the request that used this id first ends with it.
      if (known.standing.at === 'awaiting') this.#settle(frame, { at: 'refused', code: 'repeated-request' });
      return [refusal(from, body.requestId, 'repeated-request')];
    }
    if (known !== undefined) return [answerOf(known.standing, from, body.requestId)];
    const fault = this.#requestFault(body, from.party, secondsOf(now));
    // Not final: the merchant's notice may still be on its way, so the request id stays free.
    if (fault === 'order-unknown') return [refusal(from, body.requestId, fault)];
    const standing: PayStanding =
      fault === undefined ? this.#challenge(body, from.party, secondsOf(now)) : { at: 'refused', code: fault };
    this.#records.set(requestKey(frame), { content, standing });
    return [answerOf(standing, from, body.requestId)];
  }

  #requestFault(request: PayRequest, device: string, now: EpochSeconds): RefusalCode | undefined {
    const { bindings, methods } = this.#options;
    return requestFault({
      request,
      device,
      now,
      agentIds: bindings.filter((binding) => binding.device === device).map(({ agentId }) => agentId),
      token: bindings.find(({ token }) => token === request.paymentToken),
      methods,
      order: this.#orders.find(request.payee, request.orderNo),
      isOthersOrder: this.#orders.isOthers(request.payee, request.orderNo),
      balanceMinor: this.ledger.balance(wearerAccount(device), request.currency),
    });
  }

  /** PSD-PAY-INS: all checks held, now the principal is asked; amount, currency and payee exactly as in the request. */
  #challenge(request: PayRequest, payer: string, now: EpochSeconds): Awaiting {
    const { secret, objectKey } = this.#options;
    const order = this.#orders.find(request.payee, request.orderNo);
    const challenge = {
      nonce: derivedId(secret, 'nonce', payer, request.requestId),
      amountMinor: request.amountMinor,
      currency: request.currency,
      payee: request.payee,
      orderNo: request.orderNo,
      cartDigest: request.cartDigest,
      payer,
      issuedAt: now,
      expiresAt: Math.min(now + CHALLENGE_S, order?.notice.lockedUntil ?? now) as EpochSeconds,
    };
    const bytes = signObject('challenge', challenge, objectKey);
    return { at: 'awaiting', bytes, digest: digestOf(bytes), challenge };
  }

  confirm(frame: FrameOf<'confirm'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const record = this.#record(frame, now);
    if (record === undefined) {
      // Refused for good: a request that comes later under this id must not be paid after the device was told no.
      this.#settle(frame, { at: 'refused', code: 'unknown-request' });
      return [refusal(from, body.requestId, 'unknown-request')];
    }
    const { standing } = record;
    if (standing.at !== 'awaiting') return [answerOf(standing, from, body.requestId)];
    const order = this.#orders.find(standing.challenge.payee, standing.challenge.orderNo);
    const confirmation = this.#openConfirmation(body.confirmation);
    const fault = this.#confirmFault(confirmation, standing, order, from.party, secondsOf(now));
    if (confirmation === undefined || order === undefined || fault !== undefined) {
      const refused: PayStanding = { at: 'refused', code: fault ?? 'bad-confirmation' };
      this.#settle(frame, refused);
      return [answerOf(refused, from, body.requestId)];
    }
    const receipt = this.#debit(standing, confirmation.digest, order, secondsOf(now));
    this.#settle(frame, { at: 'paid', receipt });
    return [answerOf({ at: 'paid', receipt }, from, body.requestId), paidNotice(order, receipt)];
  }

  #openConfirmation(bytes: Uint8Array): OpenedObject<'confirmation'> | undefined {
    const { trust, tenant } = this.#options;
    try {
      return openObject('confirmation', bytes, { trust, tenant });
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }

  #confirmFault(
    confirmation: OpenedObject<'confirmation'> | undefined,
    { challenge, digest: challengeDigest }: Awaiting,
    order: RegisteredOrder | undefined,
    device: string,
    now: EpochSeconds,
  ): RefusalCode | undefined {
    if (confirmation === undefined) return 'bad-confirmation';
    const signer = hex(confirmation.signer.kid);
    const lastCounter = this.#counters.get(signer) ?? 0;
    const balanceMinor = this.ledger.balance(wearerAccount(device), challenge.currency);
    const facts = { device, confirmation, challenge, challengeDigest, lastCounter, now, order, balanceMinor };
    const fault = confirmationFault(facts);
    // A counter that a signer has signed is used, whatever comes of it.
    if (fault !== 'wrong-signer') this.#counters.set(signer, Math.max(lastCounter, confirmation.value.counter));
    return fault;
  }

  /** Moves the money, once for each order whatever leads here, and signs for it. */
  #debit(
    { challenge }: Awaiting,
    confirmationDigest: Digest,
    order: RegisteredOrder,
    paidAt: EpochSeconds,
  ): Uint8Array {
    const { secret, objectKey } = this.#options;
    const { amountMinor, currency, payee, payer, orderNo } = challenge;
    const tradeNo = derivedHex(secret, 'trade', payee, orderNo).slice(0, 20);
    const posted = this.ledger.post(tradeNo, [
      { account: wearerAccount(payer), currency, amountMinor: -amountMinor },
      { account: merchantAccount(payee), currency, amountMinor },
    ]);
    if (posted !== 'posted') throw new Error(`a checked payment was ${posted}`);
    const body = { tradeNo, confirmationDigest, orderNo, amountMinor, currency, payee, paidAt };
    order.receipt = signObject('receipt', body, objectKey);
    return order.receipt;
  }

  /** A request that was never seen is cancelled, too: it may arrive later than its cancellation (T4). */
  payCancel(frame: FrameOf<'pay-cancel'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const record = this.#record(frame, now);
    const isOpen = record === undefined || record.standing.at === 'awaiting';
    const standing: PayStanding = isOpen ? { at: 'declined' } : record.standing;
    if (isOpen) this.#settle(frame, standing);
    return [statusOf(standing, from, body.requestId)];
  }

  payQuery(frame: FrameOf<'pay-query'>, now: EpochMs): Reaction {
    return [statusOf(this.#record(frame, now)?.standing, frame.from, frame.body.requestId)];
  }

  /** What is known of a request now. Once a challenge was seen to have expired it stays expired, whatever the clock does (T16). */
  #record(frame: RequestFrame, now: EpochMs): PayRecord | undefined {
    const record = this.#records.get(requestKey(frame));
    if (record?.standing.at === 'awaiting' && now >= msOf(record.standing.challenge.expiresAt)) {
      this.#settle(frame, { at: 'expired' });
    }
    return this.#records.get(requestKey(frame));
  }

  #settle(frame: RequestFrame, standing: PayStanding): void {
    this.#records.set(requestKey(frame), { ...this.#records.get(requestKey(frame)), standing });
  }
}

type RequestFrame = FrameOf<'pay-request' | 'confirm' | 'pay-cancel' | 'pay-query'>;

function paidNotice({ merchant, notice }: RegisteredOrder, receipt: Uint8Array): Outgoing {
  const to: Party = { party: merchant, role: 'merchant' };
  return { to, message: { type: 'paid-notice', body: { orderNo: notice.orderNo, receipt } } };
}
