/** The payment service provider: registers orders, challenges, and debits exactly once for a genuine confirmation (PSD-PAY-INS). */
import {
  type Currency,
  type Digest,
  digestOf,
  type EpochMs,
  type EpochSeconds,
  type OpenedObject,
  type Party,
  type PayRequest,
  type SigningKey,
  secondsOf,
  signObject,
  type TrustSet,
} from '../../protocol/index.ts';
import { merchantAccount, wearerAccount } from './accounts.ts';
import { derivedHex, derivedId } from './derive.ts';
import { genuine } from './genuine.ts';
import { type FrameOf, type Handler, type Outgoing, type Reaction, react } from './handler.ts';
import { Ledger, OUTSIDE } from './ledger.ts';
import { OrderBook, type RegisteredOrder } from './order-book.ts';
import { type Awaiting, answerOf, type PayStanding, statusOf } from './pay-record.ts';
import { PayRecords } from './pay-records.ts';
import { BindingDesk } from './psp-binding.ts';
import type { WearerAccount } from './psp-binding-checks.ts';
import { type PaymentBinding, PaymentTokens } from './psp-binding-tokens.ts';
import { confirmationFault, requestFault } from './psp-checks.ts';
import { type ForkOptions, ForkWatch } from './psp-forks.ts';
import { DeviceLocks } from './psp-locks.ts';
import { type RefusalCode, refusal } from './refusals.ts';
import { contentOf, requestKey } from './requests.ts';

export interface Funds {
  readonly account: string;
  readonly currency: Currency;
  /** What the wearer's account holds at the start. */
  readonly amountMinor: number;
}

export interface PspOptions extends ForkOptions {
  readonly tenant: string;
  readonly trust: TrustSet;
  readonly objectKey: SigningKey;
  /** Nonces and trade numbers are derived from it; 32 bytes. */
  readonly secret: Uint8Array;
  readonly bindings: readonly PaymentBinding[];
  /** Payment methods that are accepted, as URNs. */
  readonly methods: readonly string[];
  readonly funds: readonly Funds[];
  /** The account that each enrolled device pays from; several devices of one wearer may have the same. */
  readonly accounts: ReadonlyMap<string, WearerAccount>;
}

export interface Psp extends Handler {
  readonly ledger: Ledger;
}

/** How long the wearer has to confirm: the device's own 30 s and room for two slow links. */
export const CHALLENGE_S = 60;

export function createPsp(options: PspOptions): Psp {
  const psp = new PaymentService(options);
  const { locks, desk } = psp;
  const reactions = {
    'order-notice': (frame: FrameOf<'order-notice'>) => psp.orderNotice(frame),
    'pay-request': (frame: FrameOf<'pay-request'>, now: EpochMs) => psp.payRequest(frame, now),
    confirm: (frame: FrameOf<'confirm'>, now: EpochMs) => psp.confirm(frame, now),
    'pay-cancel': (frame: FrameOf<'pay-cancel'>, now: EpochMs) => psp.payCancel(frame, now),
    'pay-query': (frame: FrameOf<'pay-query'>, now: EpochMs) => psp.payQuery(frame, now),
    'bind-request': (frame: FrameOf<'bind-request'>, now: EpochMs) => desk.request(frame, now),
    'bind-consent': (frame: FrameOf<'bind-consent'>, now: EpochMs) => desk.consent(frame, now),
    'lock-ack': (frame: FrameOf<'lock-ack'>) => locks.acknowledged(frame),
  };
  return {
    ledger: psp.ledger,
    handle: (frame, now) => {
      const reaction = react(reactions, frame, now);
      if ('drop' in reaction) return reaction;
      return [...reaction, ...psp.lockForked(now), ...locks.heard(frame.from.party, now)];
    },
    wakeAt: () => locks.wakeAt(),
    tick: (now) => locks.tick(now),
    command: (words, now) => psp.command(words, now),
  };
}

class PaymentService {
  readonly ledger = new Ledger();
  readonly locks: DeviceLocks;
  readonly desk: BindingDesk;
  readonly #options: PspOptions;
  readonly #tokens: PaymentTokens;
  readonly #orders = new OrderBook();
  /** What was promised to an open request out of its token is spent when it ends, or free again. */
  readonly #records = new PayRecords((key, { at }) => this.#tokens.close(key, at === 'paid'));
  readonly #forks: ForkWatch;

  constructor(options: PspOptions) {
    const { bindings, accounts, objectKey, funds } = options;
    this.#options = options;
    this.#tokens = new PaymentTokens(bindings);
    this.#forks = new ForkWatch(options);
    this.locks = new DeviceLocks(objectKey);
    this.desk = new BindingDesk({
      ...options,
      tokens: this.#tokens,
      accountOf: (device) => accounts.get(device),
      agentIdsOf: (device) => this.#agentIdsOf(device),
      isLocked: (device) => this.locks.isLocked(device),
      counters: this.#forks.counters,
      onRevoked: (token) => this.#end(({ request }) => request.paymentToken === token, 'token-revoked'),
    });
    for (const { account, currency, amountMinor } of funds) {
      this.ledger.post(`opening-${account}-${currency}`, [
        { account: OUTSIDE, currency, amountMinor: -amountMinor },
        { account: wearerAccount(account), currency, amountMinor },
      ]);
    }
  }

  /** `lock`, `unlock` or `retire` and a device. From when this returns, nothing of a locked device is paid (T17, T18). */
  command(words: string, now: EpochMs): Reaction {
    const [, order, device = ''] = /^(lock|unlock|retire) ([a-z0-9-]+)$/.exec(words) ?? [];
    if (order === undefined) return { drop: 'command-unknown' };
    if (!this.#options.accounts.has(device)) return { drop: 'device-unknown' };
    if (order === 'unlock')
      return this.#forks.isForked(device) ? { drop: 'key-forked' } : this.locks.unlock(device, now);
    return this.#lock(device, now, order === 'retire');
  }

  lockForked(now: EpochMs): readonly Outgoing[] {
    return this.#forks.news().flatMap((device) => this.#lock(device, now));
  }

  #lock(device: string, now: EpochMs, isForGood = false): readonly Outgoing[] {
    this.#end(({ challenge }) => challenge.payer === device, 'device-locked');
    return this.locks.lock(device, now, isForGood);
  }

  #end(concerns: (awaiting: Awaiting) => boolean, code: RefusalCode): void {
    this.#records.end(concerns, { at: 'refused', code });
  }

  #agentIdsOf(device: string): readonly string[] {
    return this.#options.bindings.filter((binding) => binding.device === device).map(({ agentId }) => agentId);
  }

  #accountOf(device: string): string {
    return wearerAccount(this.#options.accounts.get(device)?.account ?? device);
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
    const known = this.#records.find(requestKey(frame), now);
    if (known?.content !== undefined && known.content !== content) {
      // A refusal promises that nothing will be debited, so the request that used this id first ends with it.
      if (known.standing.at === 'awaiting')
        this.#records.settle(requestKey(frame), { at: 'refused', code: 'repeated-request' });
      return [refusal(from, body.requestId, 'repeated-request')];
    }
    if (known !== undefined) return [answerOf(known.standing, from, body.requestId)];
    const fault = this.#requestFault(body, from.party, secondsOf(now));
    // Not final: the merchant's notice may still be on its way, so the request id stays free.
    if (fault === 'order-unknown') return [refusal(from, body.requestId, fault)];
    const standing: PayStanding =
      fault === undefined ? this.#challenge(frame, secondsOf(now)) : { at: 'refused', code: fault };
    this.#records.set(requestKey(frame), { content, standing });
    return [answerOf(standing, from, body.requestId)];
  }

  #requestFault(request: PayRequest, device: string, now: EpochSeconds): RefusalCode | undefined {
    const { methods } = this.#options;
    const { paymentToken: token } = request;
    return requestFault({
      request,
      device,
      now,
      agentIds: this.#agentIdsOf(device),
      token: this.#tokens.find(token),
      tokenFault: this.#tokens.fault({ ...request, token, now }),
      isLocked: this.locks.isLocked(device),
      methods,
      order: this.#orders.find(request.payee, request.orderNo),
      isOthersOrder: this.#orders.isOthers(request.payee, request.orderNo),
      balanceMinor: this.ledger.balance(this.#accountOf(device), request.currency),
    });
  }

  /** PSD-PAY-INS: all checks held, now the principal is asked; amount, currency and payee exactly as in the request. */
  #challenge(frame: FrameOf<'pay-request'>, now: EpochSeconds): Awaiting {
    const { secret, objectKey } = this.#options;
    const { body: request, from } = frame;
    const payer = from.party;
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
      expiresAt: Math.min(
        now + CHALLENGE_S,
        order?.notice.lockedUntil ?? now,
        this.#tokens.find(request.paymentToken)?.limits?.validUntil ?? Number.POSITIVE_INFINITY,
      ) as EpochSeconds,
    };
    const bytes = signObject('challenge', challenge, objectKey);
    this.#tokens.reserve(request.paymentToken, requestKey(frame), request.amountMinor);
    return { at: 'awaiting', bytes, digest: digestOf(bytes), challenge, request };
  }

  confirm(frame: FrameOf<'confirm'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const record = this.#records.find(requestKey(frame), now);
    const confirmation = genuine('confirmation', body.confirmation, { ...this.#options, at: secondsOf(now) });
    if (record?.standing.at !== 'awaiting' && confirmation) this.#forks.counters.witness(confirmation);
    if (record === undefined) {
      // Refused for good: a request that comes later under this id must not be paid after the device was told no.
      this.#records.settle(requestKey(frame), { at: 'refused', code: 'unknown-request' });
      return [refusal(from, body.requestId, 'unknown-request')];
    }
    const { standing } = record;
    if (standing.at !== 'awaiting') return [answerOf(standing, from, body.requestId)];
    const order = this.#orders.find(standing.challenge.payee, standing.challenge.orderNo);
    const fault = this.#confirmFault(confirmation, standing, order, from.party, secondsOf(now));
    if (confirmation === undefined || order === undefined || fault !== undefined) {
      const refused: PayStanding = { at: 'refused', code: fault ?? 'bad-confirmation' };
      this.#records.settle(requestKey(frame), refused);
      return [answerOf(refused, from, body.requestId)];
    }
    const receipt = this.#debit(standing, confirmation.digest, order, secondsOf(now));
    this.#records.settle(requestKey(frame), { at: 'paid', receipt });
    return [answerOf({ at: 'paid', receipt }, from, body.requestId), paidNotice(order, receipt)];
  }

  #confirmFault(
    confirmation: OpenedObject<'confirmation'> | undefined,
    { challenge, digest: challengeDigest }: Awaiting,
    order: RegisteredOrder | undefined,
    device: string,
    now: EpochSeconds,
  ): RefusalCode | undefined {
    if (confirmation === undefined) return 'bad-confirmation';
    // A counter that a signer has signed is used, whatever comes of it.
    const counter = this.#forks.counters.judge(confirmation);
    const balanceMinor = this.ledger.balance(this.#accountOf(device), challenge.currency);
    const facts = { device, confirmation, challenge, challengeDigest, counter, now, order, balanceMinor };
    return confirmationFault(facts);
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
      { account: this.#accountOf(payer), currency, amountMinor: -amountMinor },
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
    const record = this.#records.find(requestKey(frame), now);
    const isOpen = record === undefined || record.standing.at === 'awaiting';
    const standing: PayStanding = isOpen ? { at: 'declined' } : record.standing;
    if (isOpen) this.#records.settle(requestKey(frame), standing);
    return [statusOf(standing, from, body.requestId)];
  }

  payQuery(frame: FrameOf<'pay-query'>, now: EpochMs): Reaction {
    return [statusOf(this.#records.find(requestKey(frame), now)?.standing, frame.from, frame.body.requestId)];
  }
}

function paidNotice({ merchant, notice }: RegisteredOrder, receipt: Uint8Array): Outgoing {
  const to: Party = { party: merchant, role: 'merchant' };
  return { to, message: { type: 'paid-notice', body: { orderNo: notice.orderNo, receipt } } };
}
