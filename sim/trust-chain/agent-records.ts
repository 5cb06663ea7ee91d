/** An agent reports its decisions: what the wearer chose of its candidates, and what it decided to pay under a delegation. */
import { offersDigestOf } from '../../device/audit/records.ts';
import type { Reported, ReportedOf } from '../../device/audit/reported.ts';
import { digestOf, type EpochMs, type Id16, type Offer, secondsOf } from '../../protocol/index.ts';
import type { FrameOf } from '../cloud/handler.ts';
import { bodiesOf, iacIn, Once, requestIn, type ServiceReports, type ServiceStep } from './service-records.ts';

type Decision = ReportedOf<'act:commerce:decision-logged'>;

export class AgentReports implements ServiceReports {
  readonly #self: { readonly agentId: string };
  /** What was offered for an intent, until it is chosen from. */
  readonly #offers = new Map<Id16, readonly Offer[]>();
  readonly #intents = new Map<Id16, Id16>();
  readonly #decided = new Once();

  constructor(self: { readonly agentId: string }) {
    this.#self = self;
  }

  take({ at, frame, sent }: ServiceStep): readonly Reported[] {
    if (frame?.type === 'intent') this.#intents.set(frame.body.requestId, frame.body.isr.intentId);
    for (const { requestId, offers } of bodiesOf(sent, 'offers')) {
      const intentId = this.#intents.get(requestId);
      if (intentId !== undefined && offers.length > 0) this.#offers.set(intentId, offers);
    }
    const chosen = frame?.type === 'select' ? this.#chosen(frame.body, at) : [];
    return [...chosen, ...bodiesOf(sent, 'delegated-pay').flatMap((pay) => this.#paying(pay, at))];
  }

  #chosen({ intentId, offerId }: FrameOf<'select'>['body'], at: EpochMs): readonly Decision[] {
    const offers = this.#offers.get(intentId);
    const offer = offers?.find((one) => one.offerId === offerId);
    if (!offers || !offer || !this.#decided.isNew(intentId)) return [];
    this.#offers.delete(intentId);
    const { merchant: merchantId, totalMinor: amountMinor, currency, reasons } = offer;
    const about = { merchantId, amountMinor, currency, reasons };
    return [
      this.#decision(
        at,
        { intentId },
        {
          ...{ candidates: offers.length, chosenItemId: offerId, ...about },
          offersDigest: offersDigestOf(offers),
        },
      ),
    ];
  }

  /** The request names what was decided for: an order, by its signed cart, or a resource. */
  #paying(
    { request: bytes, cart }: { readonly request: Uint8Array; readonly cart?: Uint8Array },
    at: EpochMs,
  ): readonly Decision[] {
    const request = requestIn(bytes);
    const { intentId, delegationId } = iacIn(request);
    if (intentId === undefined || !this.#decided.isNew(request.value.requestId)) return [];
    const { payee: merchantId, amountMinor, currency, orderNo } = request.value;
    const resourceId = 'resourceId' in request.value ? request.value.resourceId : undefined;
    return [
      this.#decision(
        at,
        { intentId, delegationId, ...(orderNo !== undefined && { orderNo }) },
        {
          candidates: 1,
          ...(resourceId !== undefined && { chosenItemId: resourceId }),
          ...{ merchantId, amountMinor, currency, reasons: [] },
          offersDigest: cart === undefined ? request.digest : digestOf(cart),
        },
      ),
    ];
  }

  #decision(
    at: EpochMs,
    links: Pick<Decision, 'intentId' | 'delegationId' | 'orderNo'>,
    eventBody: Decision['eventBody'],
  ): Decision {
    return {
      eventType: 'act:commerce:decision-logged',
      eventTime: secondsOf(at),
      ...links,
      participants: [{ participantId: this.#self.agentId, role: 'PAYER_AGENT' }],
      eventBody,
    };
  }
}
