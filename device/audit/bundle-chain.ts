/**
 * Whether the records of a bundle tell one story, intent → delegation → decision → cart → payment → fulfilment, and the same
 * one as the signed objects beside them: ids, order, times, amounts, digests (ACT 2.1 TSD-ATT-SVF, upstream records).
 */
import type { AttestationRecord, EventType } from '../../protocol/index.ts';
import type { BundleHeader } from './bundle.ts';
import type { OpenedObjects } from './bundle-objects.ts';
import { precedes } from './lineage.ts';

type RecordOfType<E extends EventType> = Extract<AttestationRecord, { eventType: E }>;
type Rule<E extends EventType> = (record: RecordOfType<E>, objects: OpenedObjects) => boolean;

/** What each event's record has to say of the objects that are there; a missing object refutes nothing. */
const RULES: { readonly [E in EventType]?: Rule<E> } = {
  'act:delegation:intent-created': ({ eventBody }, { receipt, request }) =>
    !receipt ||
    request !== undefined ||
    (receipt.value.currency === eventBody.currency && receipt.value.amountMinor <= eventBody.maxTotalMinor),
  'act:delegation:delegation-issued': ({ eventBody, delegationId }, { authorization }) =>
    !authorization ||
    (authorization.value.iac.delegationId === delegationId &&
      authorization.value.iac.maxTotalMinor === eventBody.maxTotalMinor &&
      (eventBody.confirmationDigest ?? authorization.digest) === authorization.digest),
  'act:commerce:decision-logged': ({ eventBody }, { receipt }) =>
    !receipt || eventBody.merchantId === undefined || eventBody.merchantId === receipt.value.payee,
  'act:commerce:cart-confirmed': ({ eventBody, orderNo }, { cart, challenge, receipt }) =>
    (!cart || (cart.digest === eventBody.cartDigest && cart.value.lines.length === eventBody.itemCount)) &&
    (!challenge || challenge.value.cartDigest === eventBody.cartDigest) &&
    (!receipt ||
      (receipt.value.orderNo === orderNo &&
        receipt.value.payee === eventBody.merchantId &&
        receipt.value.amountMinor === eventBody.finalMinor &&
        receipt.value.currency === eventBody.currency)),
  'act:payment:transaction-completed': ({ eventBody, orderNo, tradeNo }, { receipt }) =>
    !receipt ||
    (receipt.digest === eventBody.receiptDigest &&
      receipt.value.confirmationDigest === (eventBody.confirmationDigest ?? receipt.value.confirmationDigest) &&
      receipt.value.orderNo === orderNo &&
      receipt.value.tradeNo === tradeNo &&
      receipt.value.payee === eventBody.payeeId &&
      receipt.value.amountMinor === eventBody.amountMinor &&
      receipt.value.currency === eventBody.currency &&
      receipt.value.paidAt === eventBody.paidAt),
  'act:commerce:fulfillment-completed': ({ eventBody, orderNo, tradeNo }, { receipt, updates }) =>
    (!receipt ||
      (receipt.value.orderNo === orderNo &&
        receipt.value.tradeNo === tradeNo &&
        receipt.value.payee === eventBody.merchantId)) &&
    (updates.length === 0 || updates.some(({ digest }) => digest === eventBody.updateDigest)),
};

export interface JudgedChain {
  readonly faults: readonly string[];
  readonly missing: readonly string[];
}

/** @param ids of all records in the bundle, those kept back included. */
export function judgeChain(
  header: BundleHeader,
  records: readonly AttestationRecord[],
  ids: readonly string[],
  objects: OpenedObjects,
): JudgedChain {
  const byId = new Map<string, AttestationRecord>(records.map((record) => [record.recordId, record]));
  const faults = records.flatMap((record) => [
    ...(isOfSubject(record, header) ? [] : ['record-subject']),
    ...(followsUpstream(record, byId) ? [] : ['record-upstream']),
    ...(agrees(record, objects) ? [] : [`record-${record.eventType.split(':')[2]}`]),
  ]);
  const isComplete = records.every(({ upstreamRecordId: id }) => id === undefined || ids.includes(id));
  const isPaid = records.some(({ eventType }) => eventType === 'act:payment:transaction-completed');
  return {
    faults: [...faults, ...(new Set(ids).size < ids.length ? ['record-repeated'] : [])],
    missing: [...(isComplete ? [] : ['upstream']), ...(isPaid ? [] : ['payment-record'])],
  };
}

function isOfSubject({ intentId, orderNo, delegationId }: AttestationRecord, header: BundleHeader): boolean {
  return (
    intentId === header.intentId &&
    (orderNo ?? header.orderNo) === header.orderNo &&
    (delegationId ?? header.delegationId) === header.delegationId
  );
}

function followsUpstream(record: AttestationRecord, byId: ReadonlyMap<string, AttestationRecord>): boolean {
  const upstream = byId.get(record.upstreamRecordId ?? '');
  return !upstream || (precedes(upstream, record) && upstream.eventTime <= record.eventTime);
}

function agrees(record: AttestationRecord, objects: OpenedObjects): boolean {
  const rule = RULES[record.eventType] as Rule<EventType> | undefined;
  return rule?.(record as never, objects) ?? true;
}
