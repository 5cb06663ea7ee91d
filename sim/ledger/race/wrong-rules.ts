/** Two ledgers with one thing wrong in each, to show that a race finds it: a check that cannot fail shows nothing. */
import type { EpochMs } from '../../../protocol/index.ts';
import { dayOf, limitRefusal, stateRefusal } from '../bounds.ts';
import { DelegationLedger } from '../delegation-ledger.ts';
import { currentRecord } from '../delegations.ts';
import { heldPot, move } from '../money.ts';
import type { Executed, SpendRequest, Standing } from '../orders.ts';
import { type DelegationRecord, readRecord, writeRecord } from '../records.ts';
import { type Committed, find, pay, type Reserved } from '../spending.ts';
import type { LedgerStore } from '../store.ts';
import { sourceOf } from '../sub-accounts.ts';
import type { Rules } from './gateway.ts';

/** Commits whatever was reserved, whether or not the credential still stands (against T17). */
export function uncheckedCommit(store: LedgerStore): Rules {
  const ledger = new DelegationLedger(store);
  return {
    ...methodsOf(ledger),
    commit: (requestId, executed, now) =>
      store.transact((books): Committed => {
        const known = find(books, requestId) as Standing;
        if (known.standing !== 'reserved') return { kind: 'known', standing: known };
        const record = readRecord(books, 'delegation', known.delegationId) as DelegationRecord;
        pay(books, record, known, executed, now);
        return { kind: 'committed' };
      }),
  };
}

/** Judges by the payments that have succeeded and promises nothing: ACT’s own wording, taken literally (against T15). */
export function pastSuccessesOnly(store: LedgerStore): Rules {
  const ledger = new DelegationLedger(store);
  return {
    ...methodsOf(ledger),
    reserve: (request, now) => store.transact((books) => naiveReserve(books, request, now)),
    commit: (requestId, executed, now) => store.transact((books) => naiveCommit(books, requestId, executed, now)),
    release: (requestId, error, now) =>
      store.transact((books) => {
        const known = find(books, requestId);
        if (known?.standing !== 'reserved') return;
        const { delegationId, contentDigest, amountMinor, currency } = known;
        const request = { requestId, delegationId, contentDigest, amountMinor, currency };
        writeRecord(books, 'request', requestId, { ...request, standing: 'released', error, releasedAt: now });
      }),
  };
}

type Books = Parameters<Parameters<LedgerStore['transact']>[0]>[0];

function naiveReserve(books: Books, request: SpendRequest, now: EpochMs): Reserved {
  const known = find(books, request.requestId);
  if (known?.contentDigest === request.contentDigest) return { kind: 'known', standing: known };
  if (known !== undefined) return { kind: 'refused', error: 'REQUEST_REPEATED' };
  const record = currentRecord(books, request.delegationId, now);
  if (record === undefined) return { kind: 'refused', error: 'IAC_INVALID' };
  const error = stateRefusal(record, now) ?? limitRefusal(record, request, now);
  const { version } = record;
  const standing: Standing =
    error === undefined
      ? { ...request, standing: 'reserved', reservedAt: now, version, day: dayOf(record, now) }
      : { ...request, standing: 'released', error, releasedAt: now };
  writeRecord(books, 'request', request.requestId, standing);
  return error === undefined ? { kind: 'reserved' } : { kind: 'refused', error };
}

function naiveCommit(books: Books, requestId: string, executed: Executed, now: EpochMs): Committed {
  const known = find(books, requestId) as Standing;
  if (known.standing !== 'reserved') return { kind: 'known', standing: known };
  const record = currentRecord(books, known.delegationId, now) as DelegationRecord;
  const { amountMinor, currency, delegationId, contentDigest } = known;
  const held = { from: sourceOf(books, record.terms), to: heldPot(delegationId), currency, amountMinor };
  const error =
    stateRefusal(record, now) ?? (move(books, `hold ${requestId}`, held) === 'overdrawn' && 'EXECUTION_FAILED');
  if (error) {
    const request = { requestId, delegationId, contentDigest, amountMinor, currency };
    writeRecord(books, 'request', requestId, { ...request, standing: 'released', error, releasedAt: now });
    return { kind: 'refused', error };
  }
  const reservedMinor = record.reservedMinor + amountMinor;
  const dayMinor = (known.day === record.day ? record.dayMinor : 0) + amountMinor;
  pay(
    books,
    { ...record, reservedMinor, openSpends: record.openSpends + 1, day: known.day, dayMinor },
    known,
    executed,
    now,
  );
  return { kind: 'committed' };
}

function methodsOf(ledger: DelegationLedger): Rules {
  return {
    fund: (...of) => ledger.fund(...of),
    open: (...of) => ledger.open(...of),
    change: (...of) => ledger.change(...of),
    status: (...of) => ledger.status(...of),
    reserve: (...of) => ledger.reserve(...of),
    commit: (...of) => ledger.commit(...of),
    release: (...of) => ledger.release(...of),
    find: (...of) => ledger.find(...of),
    refund: (...of) => ledger.refund(...of),
  };
}
