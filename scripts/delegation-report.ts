/** What a device's journal says of its delegations, as data and as lines for people. The bounds are those that were signed. */

import { type Account, operationOf } from '../device/delegation/account.ts';
import type { BookView, KeptRefund, KeptSpend } from '../device/delegation/book.ts';
import { leftMinor, readTerms } from '../device/delegation/bounds.ts';
import { DelegationMemory } from '../device/delegation/record.ts';
import { mayBeMissing } from '../device/delegation/standing.ts';
import { type Delegation, type HeldDelegation, isHeld, isRunning } from '../device/delegation/state.ts';
import { decodeRecord } from '../device/journal-record.ts';
import { delegationModeOf, type EpochMs, formatAmount, msOf, toIsoUtc } from '../protocol/index.ts';
import { CommandError } from './command.ts';

/** Amounts in minor units, times in ISO 8601 UTC. */
export interface DelegationEntry {
  readonly id: string;
  /** `issuing`, `active`, `suspended`, `revoked`, `expired` or `refused`. */
  readonly state: string;
  /** When the PSP last said where it stands; absent while it has not. */
  readonly asOf?: string;
  readonly mode: 'SPECIFIED' | 'BOUNDED';
  readonly items: readonly string[];
  readonly currency: string;
  readonly bounds: {
    readonly maxTotalMinor: number;
    readonly maxSingleMinor?: number;
    readonly maxDailyMinor?: number;
    readonly maxOrders?: number;
    readonly allowedMerchants: readonly string[];
    readonly forbiddenMerchants: readonly string[];
    readonly allowedCategories: readonly string[];
    readonly forbiddenCategories: readonly string[];
    readonly weekdays?: readonly number[];
    /** Minutes of the local day. */
    readonly fromMin?: number;
    readonly untilMin?: number;
    readonly validFrom: string;
    readonly validUntil: string;
  };
  /** Out of receipts. */
  readonly spentMinor: number;
  readonly leftMinor: number;
  readonly refundedMinor: number;
  readonly spends: number;
  /** Payments that are outside the bounds. */
  readonly strays: number;
  /** The PSP counts payments that this device has no receipt of. */
  readonly mayBeMissing: boolean;
  /** A change that the wearer asked for and the PSP has not acknowledged. */
  readonly pending?: { readonly to: string; readonly step: 'waiting' | 'open' | 'telling' };
  /** The sub-account that pays, as the PSP said last; its state is absent until it has. */
  readonly account?: {
    readonly subAccountId: string;
    readonly state?: string;
    readonly balanceMinor?: number;
    readonly asOf?: string;
    /** An operation that the PSP has not answered. */
    readonly pending?: string;
  };
  /** What the agent says of its task; its word only. */
  readonly task?: string;
}

export interface DelegationDetail extends DelegationEntry {
  readonly payments: readonly (Pick<KeptSpend, 'tradeNo' | 'orderNo' | 'payee' | 'amountMinor' | 'items' | 'faults'> & {
    readonly paidAt: string;
  })[];
  readonly refunds: readonly (Pick<KeptRefund, 'tradeNo' | 'payee' | 'amountMinor' | 'faults'> & {
    readonly refundedAt: string;
  })[];
}

/** Reads a journal to its end, one generation or several. @throws StoreError `store-altered`, `store-version`. */
export function readDelegations(records: readonly Uint8Array[]): DelegationMemory {
  const memory = new DelegationMemory();
  for (const bytes of records) {
    const { delegations: notes, ...entry } = decodeRecord(bytes);
    // A generation begins with what the one before it had kept already.
    const kept = notes?.kept.filter(({ digest }) => !memory.book.holds(digest)) ?? [];
    memory.take({ ...entry, ...(notes && { delegations: { changed: notes.changed, kept } }) });
  }
  return memory;
}

/** Those that were signed, in the order in which they came to be. */
export function signedOf(memory: DelegationMemory): readonly HeldDelegation[] {
  return [...memory.items.values()].filter((one: Delegation): one is HeldDelegation => isHeld(one));
}

/**
 * The one whose id begins so.
 * @throws CommandError `delegation-unknown` where none does, `delegation-ambiguous` where several do.
 */
export function delegationNamed(memory: DelegationMemory, wanted: string): HeldDelegation {
  const [found, other] = signedOf(memory).filter(({ id }) => wanted !== '' && id.startsWith(wanted.toLowerCase()));
  if (found && !other) return found;
  const [code, what] = other ? ['delegation-ambiguous', 'more than one begins'] : ['delegation-unknown', 'none begins'];
  throw new CommandError(code ?? '', `${what} with "${wanted}"`, 'act-edge delegations list shows them');
}

export function entryOf(held: HeldDelegation, now: EpochMs): DelegationEntry {
  const { id, iac, sums, status, change, task } = held;
  const terms = readTerms(iac);
  const { maxSingleMinor } = iac.ext?.commerce ?? {};
  const { allowedMerchants = [], forbiddenMerchants = [] } = iac.ext?.commerce ?? {};
  const { allowedCategories = [], forbiddenCategories = [] } = iac.ext?.commerce ?? {};
  const { maxDailyMinor, maxOrders, weekdays, fromMin, untilMin } = terms ?? {};
  const isOver = isRunning(held) && now >= msOf(iac.validityEndTime);
  return {
    ...{ id, state: isOver ? 'expired' : held.at, ...(status && { asOf: toIsoUtc(status.asOf) }) },
    mode: delegationModeOf(iac),
    items: terms?.items?.map(({ itemId }) => itemId) ?? (terms?.purpose === undefined ? [] : [terms.purpose]),
    currency: iac.currency,
    bounds: {
      maxTotalMinor: iac.maxTotalMinor,
      ...(maxSingleMinor !== undefined && { maxSingleMinor }),
      ...(maxDailyMinor !== undefined && { maxDailyMinor }),
      ...(maxOrders !== undefined && { maxOrders }),
      ...{ allowedMerchants, forbiddenMerchants, allowedCategories, forbiddenCategories },
      ...(weekdays && { weekdays }),
      ...(fromMin !== undefined && untilMin !== undefined && { fromMin, untilMin }),
      ...{ validFrom: toIsoUtc(iac.validityStartTime), validUntil: toIsoUtc(iac.validityEndTime) },
    },
    ...{ spentMinor: sums.spentMinor, leftMinor: leftMinor(sums.spentMinor, iac), refundedMinor: sums.refundedMinor },
    ...{ spends: sums.count, strays: sums.strays, mayBeMissing: mayBeMissing(held) },
    ...(change && { pending: { to: change.to, step: change.step } }),
    ...(held.account && { account: accountOf(held.account) }),
    ...(task.state && { task: task.state }),
  };
}

function accountOf({ subAccountId, known, errand }: Account): NonNullable<DelegationEntry['account']> {
  return {
    subAccountId,
    ...(known && { state: known.state, balanceMinor: known.balanceMinor, asOf: toIsoUtc(known.asOf) }),
    ...(errand && { pending: operationOf(errand) }),
  };
}

export function detailOf(held: HeldDelegation, book: BookView, now: EpochMs): DelegationDetail {
  const all = book.all.filter(({ delegationId }) => delegationId === held.id);
  const payments = all.filter((one): one is KeptSpend => one.kind === 'spend');
  const refunds = all.filter((one): one is KeptRefund => one.kind === 'refund');
  return {
    ...entryOf(held, now),
    payments: payments.map(({ tradeNo, orderNo, payee, amountMinor, items, faults, paidAt }) => {
      return { tradeNo, orderNo, payee, amountMinor, items, faults, paidAt: toIsoUtc(paidAt) };
    }),
    refunds: refunds.map(({ tradeNo, payee, amountMinor, faults, refundedAt }) => {
      return { tradeNo, payee, amountMinor, faults, refundedAt: toIsoUtc(refundedAt) };
    }),
  };
}

/** So many digits tell delegations apart for a person; `show` takes any unique beginning. */
const SHORT_ID = 8;

function money(minor: number, currency: string): string {
  return `${formatAmount(minor, currency as Parameters<typeof formatAmount>[1])} ${currency}`;
}

function notesOf({ asOf, pending, strays, mayBeMissing: isMissing, task }: DelegationEntry): readonly string[] {
  return [
    asOf === undefined ? 'not confirmed by the PSP yet' : `as of ${asOf}`,
    ...(pending ? [`${pending.to} is asked for, not acknowledged yet`] : []),
    ...(strays > 0 ? [`${strays} outside the bounds`] : []),
    ...(isMissing ? ['there may be payments that are not known here'] : []),
    ...(task === undefined ? [] : [`the agent says: ${task}`]),
  ];
}

/** One line of the list. */
export function lineOf(entry: DelegationEntry): string {
  const { id, state, items, spentMinor, bounds, currency, spends } = entry;
  const spent = `${money(spentMinor, currency)} of ${money(bounds.maxTotalMinor, currency)} in ${spends}`;
  return `${id.slice(0, SHORT_ID)}  ${state}  ${items.join('+')}  ${spent}  until ${bounds.validUntil}  (${notesOf(entry).join('; ')})`;
}

/** Everything about one, line by line. */
export function linesOf(detail: DelegationDetail): readonly string[] {
  const { bounds, currency, payments, refunds } = detail;
  const limit = (name: string, minor: number | undefined) =>
    minor === undefined ? [] : [`${name}: ${money(minor, currency)}`];
  const list = (name: string, values: readonly (string | number)[] | undefined) =>
    values === undefined || values.length === 0 ? [] : [`${name}: ${values.join(', ')}`];
  const { fromMin, untilMin } = bounds;
  return [
    `delegation: ${detail.id}`,
    `state: ${detail.state} (${notesOf(detail).join('; ')})`,
    `mode: ${detail.mode}`,
    ...list('for', detail.items),
    ...limit('total max', bounds.maxTotalMinor),
    ...limit('each max', bounds.maxSingleMinor),
    ...limit('each day max', bounds.maxDailyMinor),
    ...list('orders max', bounds.maxOrders === undefined ? [] : [bounds.maxOrders]),
    ...list('only from', bounds.allowedMerchants),
    ...list('never from', bounds.forbiddenMerchants),
    ...list('only these kinds', bounds.allowedCategories),
    ...list('never these kinds', bounds.forbiddenCategories),
    ...list('weekdays', bounds.weekdays),
    ...(fromMin === undefined || untilMin === undefined ? [] : [`between: ${hour(fromMin)} and ${hour(untilMin)}`]),
    `valid: ${bounds.validFrom} to ${bounds.validUntil}`,
    `spent: ${money(detail.spentMinor, currency)} in ${detail.spends}, left: ${money(detail.leftMinor, currency)}`,
    ...(detail.refundedMinor === 0 ? [] : [`refunded: ${money(detail.refundedMinor, currency)}`]),
    ...accountLines(detail),
    ...payments.map(
      ({ paidAt, amountMinor, payee, tradeNo, faults }) =>
        `  ${paidAt}  ${money(amountMinor, currency)}  ${payee}  ${tradeNo}${wrong(faults)}`,
    ),
    ...refunds.map(
      ({ refundedAt, amountMinor, payee, tradeNo, faults }) =>
        `  ${refundedAt}  -${money(amountMinor, currency)}  ${payee}  ${tradeNo}${wrong(faults)}`,
    ),
  ];
}

/** Payments move the balance without a word, so it is never shown without its time. */
function accountLines({ account, currency }: DelegationDetail): readonly string[] {
  if (account === undefined) return [];
  const { subAccountId, state, balanceMinor, asOf, pending } = account;
  const known =
    state === undefined || balanceMinor === undefined
      ? 'the PSP has not said how it stands'
      : `${state}, holds ${money(balanceMinor, currency)} (as of ${asOf})`;
  const asked = pending === undefined ? '' : `; ${pending} is asked for, not answered yet`;
  return [`account: ${subAccountId}, ${known}${asked}`];
}

function wrong(faults: readonly string[]): string {
  return faults.length === 0 ? '' : `  OUTSIDE: ${faults.join(', ')}`;
}

function hour(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
