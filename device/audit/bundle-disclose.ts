/**
 * A bundle that shows the payment and not what was bought. Only what is signed as a whole can be shown or kept back, and a
 * cart is one signed object; so it is left out with everything that was made from it, and what stays says only its digest.
 */
import { type EventType, OBJECTS } from '../../protocol/index.ts';
import type { Bundle, BundleRecord, WithheldPart } from './bundle.ts';

/** The records that say nothing of the basket. Of the others the anchor stays, whose hash is salted and tells nothing. */
const SHOWN: ReadonlySet<EventType> = new Set<EventType>([
  'act:payment:transaction-completed',
  'act:commerce:fulfillment-completed',
]);
/** A request has the bounds in it, with what may be bought, and a payment token. */
const BASKET = new Map<number, WithheldPart>([
  [OBJECTS.cart.typ, 'cart'],
  [OBJECTS['delegated-pay-request'].typ, 'request'],
  [OBJECTS['autonomous-pay-request'].typ, 'request'],
]);

/** They tell what else was paid under the delegation, and what for. */
const DELEGATION: ReadonlySet<number> = new Set([
  ...[OBJECTS['delegation-challenge'].typ, OBJECTS['lifecycle-order'].typ, OBJECTS['delegation-status'].typ],
]);

/** What a reader of such a bundle cannot check, in words for people. */
export const NOT_SHOWN: Readonly<Record<WithheldPart, string>> = {
  cart: 'what was bought, that its prices add up to the amount, and that the merchant offered it',
  request: 'which agent paid, and that the wearer had allowed it within bounds',
  records: 'what the intent and the decision were; only that they were recorded',
  payments: 'that all payments of the delegation together stayed within its bounds, and how it was changed or ended',
};

export function withoutBasket(bundle: Bundle): Bundle {
  const kept = bundle.objects.filter(({ typ }) => !BASKET.has(typ) && !DELEGATION.has(typ));
  const withheld = new Set(bundle.objects.flatMap(({ typ }) => BASKET.get(typ) ?? []));
  const records = bundle.records.map((record) => (SHOWN.has(record.eventType) ? record : withoutText(record)));
  if (bundle.records.some(({ eventType }) => !SHOWN.has(eventType))) withheld.add('records');
  if (bundle.header.delegationId !== undefined) withheld.add('payments');
  return { ...bundle, header: { ...bundle.header, withheld: [...withheld] }, objects: kept, records, payments: [] };
}

/** The place in the journal goes, too: the hash of an entry is not salted. */
function withoutText({ json: _json, journal: _journal, ...record }: BundleRecord): BundleRecord {
  return record;
}
