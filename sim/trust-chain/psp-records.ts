/** A PSP reports the payments it made, and each state that a delegation came to. */
import { keptObject } from '../../device/audit/kept-object.ts';
import type { Reported } from '../../device/audit/reported.ts';
import { type EpochMs, type Id16, secondsOf } from '../../protocol/index.ts';
import { DelegationReports } from './psp-delegation-records.ts';
import { bodiesOf, iacIn, Once, requestIn, type ServiceReports, type ServiceStep } from './service-records.ts';

export interface PspReportOptions {
  readonly party: string;
  /**
   * The intent that an order was made for. A pay request does not name it, so a PSP that is not told by the merchant has no
   * record of instant payments.
   */
  intentOf(payee: string, orderNo: string): Id16 | undefined;
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
  /** Who asked to pay what, by device and request. */
  readonly #asked = new Map<string, { readonly agentId: string; readonly methodId: string }>();
  readonly #paid = new Once();

  constructor(options: PspReportOptions) {
    this.#options = options;
    this.#delegations = new DelegationReports(options.party);
  }

  take(step: ServiceStep): readonly Reported[] {
    return [...this.#delegations.take(step), ...this.#instant(step), ...this.#delegated(step)];
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
      const intentId = this.#options.intentOf(payee, orderNo);
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
