/**
 * ACT 2.1 PSD-AGT-SUB: money set apart for one agent, authorised by its own key. States and ways as in
 * SUB_ACCOUNT_TRANSITIONS; freezing and cancelling disable the key in the same step.
 */
import {
  type EpochMs,
  nextSubAccountState,
  type PaymentError,
  type SubAccountFailure,
  type SubAccountState,
} from '../../protocol/index.ts';
import { balanceOf, move, moveHeld, subAccountPot, walletPot } from './money.ts';
import type {
  DelegationTerms,
  SubAccountAnswer,
  SubAccountKey,
  SubAccountOrder,
  SubAccountStanding,
} from './orders.ts';
import { readRecord, type SubAccountRecord, sameContent, writeRecord } from './records.ts';
import type { Books } from './store.ts';

/** What an operation that the table does not have is told: what is in its way, or that there is nothing to be done. */
const IN_THE_WAY: Readonly<Record<SubAccountState, SubAccountFailure>> = {
  AVAILABLE: 'BINDING_MISMATCH',
  FROZEN: 'FROZEN',
  CANCELLED: 'CANCELLED',
};

/** An operation of the wearer or of the PSP, idempotent by its request number; a refusal is kept under it as well. */
export function operate(books: Books, order: SubAccountOrder): SubAccountAnswer {
  if (order.operation === 'QUERY') return answerOf(books, order, failureOf(books, order));
  const known = readRecord(books, 'operation', order.requestId);
  if (known !== undefined)
    return answerOf(books, order, sameContent(known.order, order) ? known.failure : 'BINDING_MISMATCH');
  const failure = failureOf(books, order) ?? carryOut(books, order);
  if (order.operation === 'FREEZE' && failure === 'FROZEN') outdate(books, order.subAccountId);
  writeRecord(books, 'operation', order.requestId, { order, failure });
  return answerOf(books, order, failure);
}

/** Whatever was ordered before the wearer said stop once more does nothing any more, also where it was stopped already (T17). */
function outdate(books: Books, subAccountId: string): void {
  const record = readRecord(books, 'sub-account', subAccountId) as SubAccountRecord;
  writeRecord(books, 'sub-account', subAccountId, { ...record, version: record.version + 1 });
}

function failureOf(books: Books, order: SubAccountOrder): SubAccountFailure | undefined {
  const record = readRecord(books, 'sub-account', order.subAccountId);
  if (record === undefined) return order.operation === 'OPEN' ? undefined : 'NOT_OPENED';
  if (record.account !== order.account) return 'BINDING_MISMATCH';
  if (order.operation === 'TOP_UP' && order.currency !== record.currency) return 'BINDING_MISMATCH';
  return nextSubAccountState(record.state, order.operation) === undefined ? IN_THE_WAY[record.state] : undefined;
}

function carryOut(
  books: Books,
  order: Exclude<SubAccountOrder, { operation: 'QUERY' }>,
): SubAccountFailure | undefined {
  const { account, subAccountId } = order;
  if (order.operation === 'OPEN') {
    const { agentId, keyKid, currency, limits = {} } = order;
    create(books, { account, subAccountId, agentId, keyKid, currency, limits });
    return undefined;
  }
  const record = readRecord(books, 'sub-account', subAccountId) as SubAccountRecord;
  if (order.operation === 'TOP_UP') {
    const [from, to] = [walletPot(account), subAccountPot(subAccountId)];
    const { currency, amountMinor } = order;
    const moved = move(books, `top-up ${order.requestId}`, { from, to, currency, amountMinor });
    if (moved === 'overdrawn') return 'INSUFFICIENT_BALANCE';
    writeRecord(books, 'sub-account', subAccountId, { ...record, version: record.version + 1 });
    return undefined;
  }
  if (order.operation === 'CANCEL') cancel(books, record);
  else enter(books, record, order.operation);
  return undefined;
}

/** Opens a sub-account for a credential and fills it, with the total unless less was said; or fills the one the wearer has opened for this agent. */
export function openFor(
  books: Books,
  { delegationId, account, currency, maxTotalMinor, firstFundMinor }: DelegationTerms,
  key: SubAccountKey,
): 'filled' | 'differs' | 'insufficient-balance' {
  const { subAccountId, agentId, keyKid } = key;
  const known = readRecord(books, 'sub-account', subAccountId);
  if (known !== undefined) {
    const bound = { account, subAccountId, agentId, keyKid, currency };
    const has = { ...bound, account: known.account, agentId: known.agentId, keyKid: known.keyKid };
    const fits = sameContent(bound, { ...has, currency: known.currency });
    if (!fits || known.state !== 'AVAILABLE' || known.openedFor !== undefined) return 'differs';
  }
  const [from, to] = [walletPot(account), subAccountPot(subAccountId)];
  const posting = { from, to, currency, amountMinor: firstFundMinor ?? maxTotalMinor };
  if (move(books, `fill ${delegationId}`, posting) === 'overdrawn') return 'insufficient-balance';
  if (known === undefined)
    create(books, { account, subAccountId, agentId, keyKid, currency, limits: {}, openedFor: delegationId });
  return 'filled';
}

/** The credential has ended: the sub-account that was opened for it ends too, and what is left goes back to the wallet. */
export function endFor(books: Books, { delegationId, instrument }: DelegationTerms): void {
  if (instrument === 'wallet') return;
  const record = readRecord(books, 'sub-account', instrument.subAccountId);
  if (record?.openedFor === delegationId && record.state !== 'CANCELLED') cancel(books, record);
}

/** Why a sub-account does not pay so much now, its limits in the order of ACT's checks. */
export function refusalOf(
  books: Books,
  subAccountId: string,
  amountMinor: number,
  now: EpochMs,
): PaymentError | undefined {
  const record = readRecord(books, 'sub-account', subAccountId);
  const { maxSingleMinor, maxTotalMinor, validUntil } = record?.limits ?? {};
  if (record?.state !== 'AVAILABLE' || now >= (validUntil ?? Number.POSITIVE_INFINITY)) return 'SUB_ACCOUNT_INVALID';
  if (amountMinor > (maxSingleMinor ?? amountMinor)) return 'SINGLE_LIMIT_EXCEEDED';
  const promisedMinor = record.promisedMinor + amountMinor;
  return promisedMinor > (maxTotalMinor ?? promisedMinor) ? 'TOTAL_LIMIT_EXCEEDED' : undefined;
}

/** Counts what is paid and promised out of a sub-account. */
export function promise(books: Books, subAccountId: string, amountMinor: number): void {
  const record = readRecord(books, 'sub-account', subAccountId) as SubAccountRecord;
  const promisedMinor = record.promisedMinor + amountMinor;
  writeRecord(books, 'sub-account', subAccountId, { ...record, promisedMinor });
}

/** How often what pays was stopped: what was promised before the last time is void (T17). A wallet is never frozen. */
export function freezesOf(books: Books, { instrument }: DelegationTerms): number {
  return (instrument !== 'wallet' && readRecord(books, 'sub-account', instrument.subAccountId)?.freezes) || 0;
}

/** Where money of this credential goes back to: where it came from, or the wallet behind a sub-account that is no more. */
export function sourceOf(books: Books, { account, instrument }: DelegationTerms): string {
  if (instrument === 'wallet') return walletPot(account);
  const state = readRecord(books, 'sub-account', instrument.subAccountId)?.state;
  return state === 'CANCELLED' ? walletPot(account) : subAccountPot(instrument.subAccountId);
}

function create(books: Books, opened: Omit<SubAccountRecord, 'state' | 'promisedMinor' | 'version'>): void {
  writeRecord(books, 'sub-account', opened.subAccountId, {
    ...opened,
    state: 'AVAILABLE',
    promisedMinor: 0,
    version: 0,
  });
}

function enter(books: Books, record: SubAccountRecord, operation: 'FREEZE' | 'UNFREEZE' | 'CANCEL'): void {
  const state = nextSubAccountState(record.state, operation);
  if (state === undefined) throw new Error(`no ${operation} from ${record.state}`);
  writeRecord(books, 'sub-account', record.subAccountId, {
    ...record,
    ...{ state, version: record.version + 1 },
    ...(operation === 'FREEZE' && { freezes: (record.freezes ?? 0) + 1 }),
  });
}

/** What open payments hold is not in the sub-account any more: they fail or commit on their own, and give back to the wallet. */
function cancel(books: Books, record: SubAccountRecord): void {
  const { account, subAccountId, currency } = record;
  enter(books, record, 'CANCEL');
  const [from, to] = [subAccountPot(subAccountId), walletPot(account)];
  const amountMinor = balanceOf(books, from, currency);
  if (amountMinor > 0) moveHeld(books, `return ${subAccountId}`, { from, to, currency, amountMinor });
}

function answerOf(
  books: Books,
  { subAccountId }: SubAccountOrder,
  failure: SubAccountFailure | undefined,
): SubAccountAnswer {
  if (failure !== undefined) return { kind: 'refused', failure };
  return { kind: 'done', status: accountStanding(books, subAccountId) as SubAccountStanding };
}

/** Where a sub-account stands now; `undefined` for one that was never opened. */
export function accountStanding(books: Books, subAccountId: string): SubAccountStanding | undefined {
  const record = readRecord(books, 'sub-account', subAccountId);
  if (record === undefined) return undefined;
  const { agentId, keyKid, state, currency, limits, version } = record;
  return {
    subAccountId,
    agentId,
    keyKid,
    state,
    keyState: state === 'AVAILABLE' ? 'ENABLED' : 'DISABLED',
    currency,
    balanceMinor: balanceOf(books, subAccountPot(subAccountId), currency),
    limits,
    version,
  };
}
