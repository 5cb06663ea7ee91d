/** ACT 2.1 ADD-IAC-LCM at the PSP: credentials come to be and change their state. */
import { type EpochMs, type IacState, iacTransition } from '../../protocol/index.ts';
import type { Change, DelegationStanding, DelegationTerms, Passage } from './orders.ts';
import { type ChangeRecord, type DelegationRecord, readRecord, sameContent, writeRecord } from './records.ts';
import type { Books } from './store.ts';
import { endFor, openFor } from './sub-accounts.ts';

/**
 * `repeated`: opened before with these terms. `differs`: the id of it or of its sub-account stands for something else.
 * `insufficient-balance`: the wallet cannot fill the sub-account; the id stands for that refusal from then on.
 */
export type Opened = 'opened' | 'repeated' | 'differs' | 'insufficient-balance';

/**
 * `repeated`: this change was made before, or the end it reports had come already; `status` is how things stand now.
 * `illegal`: there is no such way for this actor, or the id stands for another change. `stale`: `version` is not the next one.
 */
export type Changed =
  | { readonly kind: 'changed' | 'repeated' | 'illegal' | 'stale'; readonly status: DelegationStanding }
  | { readonly kind: 'unknown'; readonly status?: undefined };

const FINAL: readonly IacState[] = ['Revoked', 'Expired'];

export function openDelegation(books: Books, terms: DelegationTerms, now: EpochMs): Opened {
  checkTerms(terms);
  const id = terms.delegationId;
  const refused = readRecord(books, 'refused-delegation', id);
  const known = readRecord(books, 'delegation', id)?.terms ?? refused;
  if (known !== undefined && !sameContent(known, terms)) return 'differs';
  if (refused !== undefined) return 'insufficient-balance';
  if (known !== undefined) return 'repeated';
  const filled = terms.instrument === 'wallet' ? 'filled' : openFor(books, terms, terms.instrument);
  if (filled === 'insufficient-balance') writeRecord(books, 'refused-delegation', id, terms);
  if (filled !== 'filled') return filled;
  writeRecord(books, 'delegation', id, {
    terms,
    state: 'Active',
    version: 0,
    changedAt: now,
    spentMinor: 0,
    reservedMinor: 0,
    refundedMinor: 0,
    spends: 0,
    openSpends: 0,
    day: Number.MIN_SAFE_INTEGER,
    dayMinor: 0,
  });
  return 'opened';
}

/**
 * The record of a credential as of now. One that meets its end here is Expired from now on, whatever a clock that goes
 * backwards says later (T16), and counts that as a change.
 */
export function currentRecord(books: Books, delegationId: string, now: EpochMs): DelegationRecord | undefined {
  const record = readRecord(books, 'delegation', delegationId);
  if (record === undefined || FINAL.includes(record.state) || now < record.terms.validUntil) return record;
  return enter(books, record, { to: 'Expired', by: 'SYSTEM' }, now);
}

export function statusOf(books: Books, delegationId: string, now: EpochMs): DelegationStanding | undefined {
  const record = currentRecord(books, delegationId, now);
  return record && standingOf(record);
}

/** The changes of state it has gone through after one version, oldest first. */
export function passagesOf(books: Books, delegationId: string, afterVersion: number): readonly Passage[] {
  const { version = 0 } = readRecord(books, 'delegation', delegationId) ?? {};
  const versions = Array.from({ length: Math.max(0, version - afterVersion) }, (_, i) => afterVersion + 1 + i);
  return versions.flatMap((one) => readRecord(books, 'passage', `${delegationId}/${one}`) ?? []);
}

/**
 * A refused change is kept under its id like one that was made: asked again, it is not made then, however things stand.
 * The versions count one by one, so that an order given before another was known of does nothing (T4).
 */
export function changeState(books: Books, change: Change, now: EpochMs): Changed {
  const known = readRecord(books, 'change', change.changeId);
  const before = readRecord(books, 'delegation', change.delegationId);
  const record = currentRecord(books, change.delegationId, now);
  if (known !== undefined) return again(known, change, record);
  const keep = (kind: ChangeRecord['kind']): void => writeRecord(books, 'change', change.changeId, { change, kind });
  if (record === undefined || before === undefined) {
    keep('unknown');
    return { kind: 'unknown' };
  }
  // The clock has been here first: to tell it again is no second change.
  if (change.by === 'SYSTEM' && change.to === 'Expired' && record.state === 'Expired') {
    keep('changed');
    return { kind: before.state === 'Expired' ? 'repeated' : 'changed', status: standingOf(record) };
  }
  const kind = judge(record, change);
  keep(kind);
  return { kind, status: standingOf(kind === 'changed' ? enter(books, record, change, now) : record) };
}

/** Before its end has come nobody lets a credential expire: {@link currentRecord} alone does. */
function judge(record: DelegationRecord, { to, by, version }: Change): 'changed' | 'illegal' | 'stale' {
  if (to === 'Expired' || iacTransition(record.state, to, by) === undefined) return 'illegal';
  return version === undefined || version === record.version + 1 ? 'changed' : 'stale';
}

function again(known: ChangeRecord, change: Change, record: DelegationRecord | undefined): Changed {
  if (known.kind === 'unknown' || record === undefined) return { kind: 'unknown' };
  const same = sameContent(known.change, change);
  const kind = known.kind === 'changed' ? 'repeated' : known.kind;
  return { kind: same ? kind : 'illegal', status: standingOf(record) };
}

function enter(
  books: Books,
  record: DelegationRecord,
  { to: state, by, changeId }: Pick<Passage, 'to' | 'by' | 'changeId'>,
  now: EpochMs,
): DelegationRecord {
  const version = record.version + 1;
  const after = { ...record, state, version, changedAt: now };
  const { delegationId } = record.terms;
  writeRecord(books, 'delegation', delegationId, after);
  const passage = { version, from: record.state, to: state, by, changeId, at: now };
  writeRecord(books, 'passage', `${delegationId}/${version}`, passage);
  if (FINAL.includes(state)) endFor(books, record.terms);
  return after;
}

function standingOf(record: DelegationRecord): DelegationStanding {
  const { state, version, spentMinor, reservedMinor, refundedMinor, spends } = record;
  return { state, version, currency: record.terms.currency, spentMinor, reservedMinor, refundedMinor, spends };
}

function checkTerms(terms: DelegationTerms): void {
  const { maxTotalMinor, maxSingleMinor = 1, maxDailyMinor = 1, maxOrders = 1, utcOffsetMin = 0 } = terms;
  const { firstFundMinor = 1 } = terms;
  const positive = [maxTotalMinor, maxSingleMinor, maxDailyMinor, maxOrders, firstFundMinor].every(
    (bound) => Number.isSafeInteger(bound) && bound >= 1,
  );
  if (
    !positive ||
    firstFundMinor > maxTotalMinor ||
    !Number.isSafeInteger(utcOffsetMin) ||
    !(terms.validFrom < terms.validUntil)
  )
    throw new Error('bounds are whole numbers from 1, and a window ends after it begins');
}
