/** Money moves for an agent only under a credential that its wearer held for, inside every bound of it (T13, T14, T15, T29). */
import { type EpochSeconds, msOf, thumbprintOf } from '../../protocol/index.ts';
import { grouped, Spends, type Spent } from './delegated-facts.ts';
import type { Findings } from './facts.ts';
import type { Reading, Watching } from './reading.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** A request is good for five minutes by the PSP's clock; books and executions may be away for so much longer, in seconds. */
const OLD_S = 3_600;
/** Two clocks, in seconds. */
const FUTURE_S = 60;

type Rules = readonly (readonly [what: string, holds: boolean])[];

const faults = ({ receipt }: Spent, rules: Rules): Findings =>
  rules.filter(([, holds]) => !holds).map(([what]) => `delegated trade ${receipt.tradeNo} ${what}`);

/** Receipt → request → credential → what the wearer held for, and the cart → what the credential names. */
export const spendsAreCovered: Watching = (reading) => {
  const spends = new Spends(reading);
  return () => spends.take().flatMap((spent) => [...chainFaults(reading, spent), ...termFaults(reading, spent)]);
};

function chainFaults(reading: Reading, spent: Spent): Findings {
  const { receipt, request, value, authorization } = spent;
  if (!authorization) return faults(spent, [['was paid without a credential of a wearer', false]]);
  const { iac, agentKey, challengeDigest } = authorization.value;
  const { party } = authorization.signer;
  const isHeld = reading.signed.some(
    (made) => made.type === 'authorization' && made.party === party && made.value.challengeDigest === challengeDigest,
  );
  const { allowedMerchants, forbiddenMerchants = [] } = iac.ext?.commerce ?? {};
  const isActive = [...reading.objects('delegation-status').values()].some(
    ({ value: status }) => status.delegationId === iac.delegationId && status.state === 'Active',
  );
  return faults(spent, [
    ['was allowed by another key than a wearer’s', reading.devices.has(party)],
    ['was allowed by nobody who held for it', isHeld],
    ['was paid under a credential that the PSP never said was active', isActive],
    ['was asked for under another credential than it carries', value.delegationId === iac.delegationId],
    ['was asked for by another agent', value.agentId === iac.agentId],
    ['was asked for with another key than was shown', thumbprintOf(request.signer.publicKey) === agentKey],
    ['moved another amount than was asked for', receipt.amountMinor === value.amountMinor],
    ['moved another currency', receipt.currency === value.currency && value.currency === iac.currency],
    ['went to another payee than was asked for', receipt.payee === value.payee],
    ['is of another order than was asked for', (value.orderNo ?? receipt.orderNo) === receipt.orderNo],
    ['went to a payee that was not named', allowedMerchants?.includes(receipt.payee) ?? true],
    ['went to a payee that was ruled out', !forbiddenMerchants.includes(receipt.payee)],
    ['was paid before it was allowed', receipt.paidAt >= iac.validityStartTime],
    ['was paid after the end', receipt.paidAt < iac.validityEndTime],
    ['was asked for long before', receipt.paidAt < value.createdAt + OLD_S],
    ['was asked for in the future', receipt.paidAt >= value.createdAt - FUTURE_S],
    ['was paid with what the PSP gave for something else', isOwnInstrument(reading, spent)],
    ['was paid by a means that was not named', iac.allowedPaymentMethods?.includes(value.method) ?? true],
  ]);
}

/** Token or sub-account: that which the PSP has told the agent of under this credential. */
function isOwnInstrument({ instruments }: Reading, { value }: Spent): boolean {
  const own = instruments.get(value.delegationId);
  return own?.paymentToken === value.paymentToken && own?.subAccountId === value.subAccountId;
}

function termFaults(reading: Reading, spent: Spent): Findings {
  const { receipt, value, terms, cart } = spent;
  if (!terms) return [];
  const { items, wantedFrom, wantedUntil } = terms;
  const isNamed = reading.objects('delegated-pay-request').has(receipt.confirmationDigest);
  const happensAt = cart?.happensAt;
  return faults(spent, [
    ['was the agent’s own choice although things are named', items === undefined || isNamed],
    ['has no cart although things are named', items === undefined || cart !== undefined],
    ['has a cart of another amount', cart === undefined || cart.totalMinor === receipt.amountMinor],
    ['has a cart of another merchant', cart === undefined || cart.merchant === receipt.payee],
    ['bought something else than was named', items === undefined || cart === undefined || isWhatIsNamed(spent)],
    [
      'is for another day than was named',
      wantedFrom === undefined ||
        (happensAt !== undefined && happensAt >= wantedFrom && happensAt < (wantedUntil ?? wantedFrom)),
    ],
    // Between these two moments the PSP has decided.
    ['was made at another time of day', [value.createdAt, receipt.paidAt].some((at) => isDue(spent, at))],
  ]);
}

/** A choice is spelt with its option only where it would mean two. */
function isWhatIsNamed({ terms, cart }: Spent): boolean {
  const items = terms?.items ?? [];
  const lines = cart?.lines ?? [];
  return (
    lines.length === items.length &&
    items.every(({ itemId, quantity, choices = [] }) =>
      lines.some(
        (line) =>
          line.itemId === itemId &&
          line.quantity === quantity &&
          choices.every((choice) =>
            line.options.some(({ optionId, choiceId }) => choice === choiceId || choice === `${optionId}-${choiceId}`),
          ),
      ),
    )
  );
}

function isDue({ terms }: Spent, at: EpochSeconds): boolean {
  const { weekdays, fromMin = 0, untilMin = 1_440, utcOffsetMin = 0 } = terms ?? {};
  const local = msOf(at) + utcOffsetMin * MINUTE_MS;
  const minute = Math.floor((local % DAY_MS) / MINUTE_MS);
  // 1970 began on a Thursday.
  const weekday = ((Math.floor(local / DAY_MS) + 3) % 7) + 1;
  return (weekdays?.includes(weekday) ?? true) && minute >= fromMin && minute < untilMin;
}

/** The sum of what was paid, and of what is promised, stays inside every bound of the credential. */
export const spendsAreBounded: Watching = (reading) => {
  const spends = new Spends(reading);
  let statuses = 0;
  return () => {
    const concerned = new Set(spends.take().map(({ value }) => value.delegationId));
    const findings = [...concerned].flatMap((id) =>
      overBounds(spends.all.filter(({ value }) => value.delegationId === id)),
    );
    const told = [...reading.objects('delegation-status').values()];
    for (const { value } of told.slice(statuses)) {
      const bounds = boundsOf(reading, value.delegationId);
      if (bounds && value.spentMinor + value.reservedMinor > bounds.maxTotalMinor)
        findings.push('more is paid and promised under a credential than it allows in all');
      if (value.refundedMinor > value.spentMinor) findings.push('more went back under a credential than was paid');
    }
    statuses = told.length;
    return findings;
  };
};

function boundsOf(reading: Reading, delegationId: string) {
  for (const { value } of reading.objects('authorization').values())
    if (value.iac.delegationId === delegationId) return value.iac;
  return undefined;
}

function overBounds(spends: readonly Spent[]): Findings {
  const [first] = spends;
  const iac = first?.authorization?.value.iac;
  if (!first || !iac) return [];
  const { maxDailyMinor, maxOrders, utcOffsetMin = 0 } = first.terms ?? {};
  const { maxSingleMinor = Number.POSITIVE_INFINITY } = iac.ext?.commerce ?? {};
  const sum = (some: readonly Spent[]) => some.reduce((total, { receipt }) => total + receipt.amountMinor, 0);
  const dayOf = (at: EpochSeconds) => Math.floor((msOf(at) + utcOffsetMin * MINUTE_MS) / DAY_MS);
  // It counts for the day on which it was promised: certain only where asking and paying were on the same one.
  const days = grouped(
    spends.filter(({ value, receipt }) => dayOf(value.createdAt) === dayOf(receipt.paidAt)),
    ({ receipt }) => dayOf(receipt.paidAt),
  );
  const rules: Rules = [
    ['one payment than it allows', spends.every(({ receipt }) => receipt.amountMinor <= maxSingleMinor)],
    ['all than it allows', sum(spends) <= iac.maxTotalMinor],
    [
      'a day than it allows',
      maxDailyMinor === undefined || [...days.values()].every((day) => sum(day) <= maxDailyMinor),
    ],
    ['number than it allows', maxOrders === undefined || spends.length <= maxOrders],
  ];
  return rules.filter(([, holds]) => !holds).map(([what]) => `under a credential more was paid in ${what}`);
}

/** One request, one order, one cart: each is paid once. */
export const spendsAreSingle: Watching = (reading) => {
  const spends = new Spends(reading);
  const trades = new Map<string, string>();
  const isOther = (key: string, tradeNo: string) => {
    const first = trades.get(key) ?? tradeNo;
    trades.set(key, first);
    return first !== tradeNo;
  };
  return () =>
    spends
      .take()
      .flatMap(({ receipt: { tradeNo, payee, orderNo }, value }) => [
        ...(isOther(`request ${value.delegationId} ${value.requestId}`, tradeNo) ? ['a request was paid twice'] : []),
        ...(isOther(`order ${payee} ${orderNo}`, tradeNo) ? [`delegated order ${orderNo} was paid twice`] : []),
        ...(value.cartDigest !== undefined && isOther(`cart ${value.cartDigest}`, tradeNo)
          ? ['a cart was paid twice']
          : []),
      ]);
};
