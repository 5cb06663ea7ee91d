/** A PSP reports the payments it made, and each state that a delegation came to. */
import { keptObject } from '../../device/audit/kept-object.ts';
import type { Reported } from '../../device/audit/reported.ts';
import { type EpochMs, type Id16, secondsOf } from '../../protocol/index.ts';
import type { FrameOf } from '../cloud/handler.ts';
import { DelegationReports } from './psp-delegation-records.ts';
import { bodiesOf, iacIn, Once, requestIn, type ServiceReports, type ServiceStep } from './service-records.ts';

export interface PspReportOptions {
  readonly party: string;
}

/** How a payment came about. */
interface Origin {
  readonly agentId: string;
  readonly methodId: string;
  readonly intentId: Id16;
  readonly delegationId?: Id16;
}

export class PspReports implements ServiceReports {
  readonly #options: PspReportOptions;
  readonly #delegations: DelegationReports;
  /** What each order was made for, by payee and number: a pay request does not name it, so without it there is no record. */
  readonly #madeFor = new Map<string, Id16>();
  /** The device that each intent was first named for. */
  readonly #devices = new Map<Id16, string>();
  /** Who asked to pay what, by device and request. */
  readonly #asked = new Map<string, { readonly agentId: string; readonly methodId: string }>();
  readonly #paid = new Once();

  constructor(options: PspReportOptions) {
    this.#options = options;
    this.#delegations = new DelegationReports(options.party);
  }

  take(step: ServiceStep): readonly Reported[] {
    if (step.frame?.type === 'order-notice') this.#order(step.frame);
    return [...this.#delegations.take(step), ...this.#instant(step), ...this.#delegated(step)];
  }

  /** The first word on an order is the one that stands: the PSP takes no other. */
  #order({ from, body: { orderNo, device, intentId } }: FrameOf<'order-notice'>): void {
    const key = orderKey(from.party, orderNo);
    if (intentId === undefined || this.#madeFor.has(key)) return;
    this.#madeFor.set(key, intentId);
    if (!this.#devices.has(intentId)) this.#devices.set(intentId, device);
  }

  /** A merchant speaks for its own orders only, and a payment is not laid to the intent of another device (T5, T27). */
  #intentOf(payer: string, payee: string, orderNo: string): Id16 | undefined {
    const intentId = this.#madeFor.get(orderKey(payee, orderNo));
    return intentId !== undefined && this.#devices.get(intentId) === payer ? intentId : undefined;
  }

  #instant({ at, frame, sent }: ServiceStep): readonly Reported[] {
    if (frame?.type === 'pay-request') {
      const { requestId, agentId, method: methodId } = frame.body;
      const key = `${frame.from.party} ${requestId}`;
      // The first one is the one that is paid: another under its id is refused.
      if (!this.#asked.has(key)) this.#asked.set(key, { agentId, methodId });
    }
    return sent.flatMap(({ to, message }): readonly Reported[] => {
      if (message.type !== 'receipt') return [];
      const asked = this.#asked.get(`${to.party} ${message.body.requestId}`);
      const { payee, orderNo } = keptObject('receipt', message.body.receipt).value;
      const intentId = this.#intentOf(to.party, payee, orderNo);
      return asked && intentId !== undefined ? this.#payment(message.body.receipt, { ...asked, intentId }, at) : [];
    });
  }

  #delegated({ at, sent }: ServiceStep): readonly Reported[] {
    return bodiesOf(sent, 'spend-notice').flatMap(({ request: bytes, receipt }) => {
      const request = requestIn(bytes);
      const { intentId, delegationId } = iacIn(request);
      const { agentId, method: methodId } = request.value;
      return intentId === undefined ? [] : this.#payment(receipt, { agentId, methodId, intentId, delegationId }, at);
    });
  }

  #payment(bytes: Uint8Array, { agentId, methodId, ...links }: Origin, at: EpochMs): readonly Reported[] {
    const { value: receipt, digest: receiptDigest } = keptObject('receipt', bytes);
    const { tradeNo, orderNo, payee, amountMinor, currency, paidAt, confirmationDigest } = receipt;
    if (!this.#paid.isNew(tradeNo)) return [];
    return [
      {
        eventType: 'act:payment:transaction-completed',
        // Its own clock says both; the notice may go out later than the payment.
        eventTime: paidAt < secondsOf(at) ? paidAt : secondsOf(at),
        ...{ ...links, orderNo, tradeNo },
        participants: [
          { participantId: this.#options.party, role: 'PSP' },
          { participantId: agentId, role: 'PAYER_AGENT' },
          { participantId: payee, role: 'MERCHANT' },
        ],
        eventBody: {
          ...{ payeeId: payee, amountMinor, currency, methodId, tradeState: 'WAIT_SELLER_FULFILLMENT' },
          ...{ paidAt, receiptDigest, confirmationDigest },
        },
      },
    ];
  }
}

function orderKey(payee: string, orderNo: string): string {
  return `${payee} ${orderNo}`;
}
