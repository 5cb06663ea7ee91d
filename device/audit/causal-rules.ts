/** What the records of one intent, of all parties together, cannot say: two things of one order, more than was allowed, pay after a stop. */
import type { AttestationRecord } from '../../protocol/index.ts';

type Payment = Extract<AttestationRecord, { eventType: 'act:payment:transaction-completed' }>;

/** Each body's fields by the one name under which they have to agree within an order. */
const SAID: Readonly<Record<string, string>> = {
  ...{ cartDigest: 'cart', receiptDigest: 'receipt', confirmationDigest: 'confirmation', updateDigest: 'update' },
  ...{ merchantId: 'merchant', payeeId: 'merchant', finalMinor: 'amount', amountMinor: 'amount', currency: 'currency' },
};

/** @returns codes. */
export function contradictionsIn(records: readonly AttestationRecord[]): readonly string[] {
  const payments = paymentsIn(records);
  return [
    ...(ordersAgree(records) ? [] : ['order-disagrees']),
    ...(new Set(records.flatMap(({ delegationId }) => delegationId ?? [])).size > 1 ? ['delegation-disagrees'] : []),
    ...(isWithinTotals(records, payments) ? [] : ['over-total']),
    ...(payments.some((payment) => standingAt(records, payment) === 'stopped') ? ['paid-while-stopped'] : []),
  ];
}

/** What would have to be shown for a payment to be in order: the end of the pause before it. */
export function unshownIn(records: readonly AttestationRecord[]): readonly 'resume'[] {
  return paymentsIn(records).some((payment) => standingAt(records, payment) === 'unshown') ? ['resume'] : [];
}

function paymentsIn(records: readonly AttestationRecord[]): readonly Payment[] {
  return records.filter((one): one is Payment => one.eventType === 'act:payment:transaction-completed');
}

/** Whoever speaks of an order says the same cart, merchant, amount, trade and papers of it. */
function ordersAgree(records: readonly AttestationRecord[]): boolean {
  const said = new Map<string, unknown>();
  const isSame = (key: string, value: unknown): boolean => {
    const known = said.get(key) ?? value;
    said.set(key, known);
    return known === value;
  };
  return records.every(({ orderNo, tradeNo, eventBody }) => {
    if (orderNo === undefined) return true;
    const fields = Object.entries(eventBody).flatMap(([name, value]) => {
      const one = SAID[name];
      return one === undefined || value === undefined ? [] : [isSame(`${orderNo} ${one}`, value)];
    });
    return [...fields, tradeNo === undefined || isSame(`${orderNo} trade`, tradeNo)].every(Boolean);
  });
}

/** Each trade counts once, whoever tells of it. A refund opens nothing again. */
function isWithinTotals(records: readonly AttestationRecord[], payments: readonly Payment[]): boolean {
  const amounts = new Map(payments.map(({ tradeNo, eventBody }) => [tradeNo, eventBody]));
  return records.every(({ eventBody }) => {
    if (!('maxTotalMinor' in eventBody)) return true;
    const own = [...amounts.values()].filter(({ currency }) => currency === eventBody.currency);
    const sum = own.reduce((total, { amountMinor }) => total + amountMinor, 0);
    return own.length === amounts.size && sum <= eventBody.maxTotalMinor;
  });
}

/**
 * Where the delegation stood when it was paid. A pause may have had an end that nobody shows, unless the pause itself or the
 * change right after it is told of no earlier than the payment; the two other ways to stop are for good.
 * Times are whole seconds: what happened within one is not told apart.
 */
function standingAt(
  records: readonly AttestationRecord[],
  { eventBody: { paidAt } }: Payment,
): 'active' | 'stopped' | 'unshown' {
  const changes = records
    .flatMap(({ eventTime, eventBody }) => ('to' in eventBody ? [{ eventTime, ...eventBody }] : []))
    .sort((one, other) => one.version - other.version);
  const before = changes.findLast(({ eventTime }) => eventTime < paidAt);
  const isResumed = changes.some(({ eventTime, to }) => eventTime === paidAt && to === 'Active');
  if (!before || before.to === 'Active' || isResumed) return 'active';
  const lasts = (version: number) => version === before.version || version === before.version + 1;
  const isShown = changes.some(({ eventTime, version }) => eventTime >= paidAt && lasts(version));
  return before.to === 'Suspended' && !isShown ? 'unshown' : 'stopped';
}
