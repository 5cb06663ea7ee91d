/**
 * The events of instant purchases, as this device's journal tells them: intent, decision, cart, payment, fulfilment
 * (ACT 2.1 TSD-ATT-EVT). Pure; amounts, states, times, ids and digests only: no word, place, account or token (T28).
 */
import { ActIsr } from '../../protocol/act/intent.ts';
import {
  type Digest,
  decodeCbor,
  digestOf,
  hex,
  jsonDigest,
  parseSign1,
  peekFrame,
  secondsOf,
} from '../../protocol/index.ts';
import { Offer } from '../../protocol/messages/offers.ts';
import { list } from '../../protocol/wire.ts';
import type { JournalRecord, Purchases } from '../journal-record.ts';
import { isrOf } from '../purchase/asking.ts';
import type { Intent, Paid, Purchase, PurchaseIn } from '../purchase/state.ts';
import type { DeviceSettings } from '../settings.ts';
import { type KeptObject, keptObject } from './kept-object.ts';
import { earlier, type Reported, type ReportedOf } from './reported.ts';

/** What a report needs to know of the device. */
export type ReportSettings = Pick<DeviceSettings, 'agentId' | 'currency' | 'paymentMethod' | 'psp'>;

/**
 * What one durable step reports.
 * @param before where the purchases stood before it.
 */
export function reportedBy(before: Purchases, record: JournalRecord, settings: ReportSettings): readonly Reported[] {
  const earlierStates = byIntent(before);
  const steps = [...byIntent(record.purchases)].flatMap(([intentId, now]) =>
    step(earlierStates.get(intentId), now, record, settings),
  );
  const fulfilled = all(before).flatMap((state) =>
    state.at === 'following' ? fulfilment(state, record, settings) : [],
  );
  return [...steps, ...fulfilled];
}

function all({ current, background }: Purchases): readonly Purchase[] {
  return [current, ...background];
}

function intentOf(state: Purchase): Intent | undefined {
  if ('intent' in state) return state.intent;
  if ('payment' in state) return state.payment.intent;
  return 'paid' in state ? state.paid?.intent : undefined;
}

/** The purchases the wearer has confirmed an intent for. */
function byIntent(purchases: Purchases): ReadonlyMap<string, Purchase> {
  const states = all(purchases).flatMap((state) => {
    const intent = intentOf(state);
    return intent ? [[intent.intentId as string, state] as const] : [];
  });
  return new Map(states);
}

function step(
  before: Purchase | undefined,
  now: Purchase,
  record: JournalRecord,
  settings: ReportSettings,
): readonly Reported[] {
  if (now.at === 'seeking' && before === undefined) return [intentCreated(now, settings)];
  if (now.at === 'carting' && before?.at === 'choosing') return [decisionLogged(before, now, record, settings)];
  if (now.at === 'requesting' && before?.at === 'carting') return [cartConfirmed(now, record, settings)];
  if (now.at === 'following' && (before?.at === 'settling' || before?.at === 'unknown'))
    return [transactionCompleted(now, record, settings)];
  return [];
}

function payer({ agentId }: ReportSettings) {
  return { participantId: agentId, role: 'PAYER_AGENT' } as const;
}

function merchant(party: string) {
  return { participantId: party, role: 'MERCHANT' } as const;
}

function intentCreated(
  { intent }: PurchaseIn<'seeking'>,
  settings: ReportSettings,
): ReportedOf<'act:delegation:intent-created'> {
  const isr = isrOf(intent, settings);
  const { delegationMode, maxTotalMinor, currency, validityEndTime, userConfirmationMethod } = isr;
  return {
    eventType: 'act:delegation:intent-created',
    eventTime: secondsOf(intent.confirmedAt),
    intentId: intent.intentId,
    participants: [payer(settings)],
    eventBody: {
      // Of the JSON form, for those who have no other (design 4).
      isrDigest: hex(jsonDigest(ActIsr, isr, 'isr')) as Digest,
      ...{ delegationMode, maxTotalMinor, currency, validityEndTime, userConfirmationMethod },
    },
  };
}

/** The candidates, best first, as they were judged sound. */
const Candidates = list(Offer, 5);

/** Of the candidates' JSON form: they come in a frame of the agent and have no signature of their own. */
export function offersDigestOf(offers: readonly Offer[]): Digest {
  return hex(jsonDigest(Candidates, offers, 'offers')) as Digest;
}

function decisionLogged(
  { offers }: PurchaseIn<'choosing'>,
  { intent, offer }: PurchaseIn<'carting'>,
  { at }: JournalRecord,
  settings: ReportSettings,
): ReportedOf<'act:commerce:decision-logged'> {
  return {
    eventType: 'act:commerce:decision-logged',
    eventTime: secondsOf(at),
    intentId: intent.intentId,
    participants: [payer(settings)],
    eventBody: {
      candidates: offers.length,
      chosenItemId: offer.offerId,
      merchantId: offer.merchant,
      amountMinor: offer.totalMinor,
      currency: offer.currency,
      reasons: offer.reasons,
      offersDigest: offersDigestOf(offers),
    },
  };
}

function cartConfirmed(
  { intent, cart: { cart, digest } }: PurchaseIn<'requesting'>,
  { at }: JournalRecord,
  settings: ReportSettings,
): ReportedOf<'act:commerce:cart-confirmed'> {
  return {
    eventType: 'act:commerce:cart-confirmed',
    eventTime: secondsOf(at),
    intentId: intent.intentId,
    orderNo: cart.orderNo,
    participants: [payer(settings), merchant(cart.merchant)],
    eventBody: {
      cartDigest: digest,
      merchantId: cart.merchant,
      finalMinor: cart.totalMinor,
      currency: cart.currency,
      itemCount: cart.lines.length,
      etaMin: cart.etaMin,
    },
  };
}

function transactionCompleted(
  { paid }: PurchaseIn<'following'>,
  { at }: JournalRecord,
  settings: ReportSettings,
): ReportedOf<'act:payment:transaction-completed'> {
  const { receipt, receiptBytes } = paid;
  return {
    eventType: 'act:payment:transaction-completed',
    eventTime: earlier(receipt.paidAt, secondsOf(at)),
    ...linksOf(paid),
    participants: [payer(settings), merchant(receipt.payee), { participantId: settings.psp, role: 'PSP' }],
    eventBody: {
      payeeId: receipt.payee,
      amountMinor: receipt.amountMinor,
      currency: receipt.currency,
      methodId: settings.paymentMethod,
      // What a payment leads to in ACT's table (PSD-PAY-A402 PAYMENT_VALIDATED).
      tradeState: 'WAIT_SELLER_FULFILLMENT',
      paidAt: receipt.paidAt,
      receiptDigest: digestOf(receiptBytes),
      confirmationDigest: receipt.confirmationDigest,
    },
  };
}

function linksOf({ intent, receipt }: Paid) {
  return { intentId: intent.intentId, orderNo: receipt.orderNo, tradeNo: receipt.tradeNo };
}

/** An order that was followed and is not any more, because the merchant's last word came. */
function fulfilment(
  { paid }: PurchaseIn<'following'>,
  { at, received, purchases }: JournalRecord,
  settings: ReportSettings,
): readonly ReportedOf<'act:commerce:fulfillment-completed'>[] {
  const isFollowed = all(purchases).some(
    (state) => state.at === 'following' && state.paid.receipt.tradeNo === paid.receipt.tradeNo,
  );
  const update = isFollowed || !received ? undefined : updateIn(received);
  if (!update) return [];
  const { state, at: completedAt } = update.value;
  if (state !== 'TRADE_FINISHED' && state !== 'TRADE_CLOSED') return [];
  return [
    {
      eventType: 'act:commerce:fulfillment-completed',
      eventTime: earlier(completedAt, secondsOf(at)),
      ...linksOf(paid),
      participants: [payer(settings), merchant(paid.receipt.payee)],
      eventBody: { merchantId: paid.receipt.payee, tradeState: state, completedAt, updateDigest: update.digest },
    },
  ];
}

/** The merchant's update in a frame of the journal. */
function updateIn(frame: Uint8Array): KeptObject<'fulfilment'> | undefined {
  if (peekFrame(frame).type !== 'fulfilment') return undefined;
  const body = decodeCbor(parseSign1(frame).payload) as ReadonlyMap<number, Uint8Array>;
  return keptObject('fulfilment', body.get(1) as Uint8Array);
}
