/**
 * Ledgers with one thing wrong in each, to show that a run finds it: a check that cannot fail shows nothing. Each stands before
 * the true ledger and shows a machine something else than is written there; what is written stays right.
 */
import type { DelegationRecord } from '../ledger/records.ts';
import type { Books, LedgerStore } from '../ledger/store.ts';

/** Counts the payments that have succeeded and no promise: ACT’s own wording, taken literally (against T15). */
export const pastSuccessesOnly = (store: LedgerStore): LedgerStore =>
  over(store, (books) => ({
    get(key) {
      const record = books.get(key);
      return isDelegation(key) && record !== undefined ? withoutPromises(record as DelegationRecord) : record;
    },
    put(key, value) {
      books.put(key, isDelegation(key) ? countedByDay(books, key, value as DelegationRecord) : value);
    },
    list: (prefix) => books.list(prefix),
  }));

/** Commits whatever was promised, whether or not the credential still stands (against T17). */
export const uncheckedCommit = (store: LedgerStore): LedgerStore =>
  over(store, (books) => {
    let promised: { readonly version: number } | undefined;
    return {
      get(key) {
        const value = books.get(key);
        if (key.startsWith('request/')) promised = asPromised(value) ?? promised;
        return isDelegation(key) && promised && value !== undefined
          ? { ...(value as DelegationRecord), state: 'Active', version: promised.version }
          : value;
      },
      put(key, value) {
        const true_ = isDelegation(key) && promised ? (books.get(key) as DelegationRecord | undefined) : undefined;
        const { state, version } = true_ ?? {};
        books.put(key, true_ ? { ...(value as DelegationRecord), state, version } : value);
      },
      list: (prefix) => books.list(prefix),
    };
  });

/** Does not keep by which payment an order was paid (against T3). */
export const forgetfulOfOrders = (store: LedgerStore): LedgerStore => hiding(store, ['paid-order/', 'trade/']);

/** Every machine has the named records to itself: as if they were in its memory and not in the ledger. */
export function hiding(store: LedgerStore, prefixes: readonly string[]): LedgerStore {
  const own = new Map<string, unknown>();
  const isHidden = (key: string) => prefixes.some((prefix) => key.startsWith(prefix));
  return over(store, (books) => ({
    get: (key) => (isHidden(key) ? own.get(key) : books.get(key)),
    put(key, value) {
      if (isHidden(key)) own.set(key, value);
      else books.put(key, value);
    },
    list: (prefix) => books.list(prefix),
  }));
}

function over(store: LedgerStore, shown: (books: Books) => Books): LedgerStore {
  return { transact: (work) => store.transact((books) => work(shown(books))), close: () => store.close() };
}

const isDelegation = (key: string): boolean => key.startsWith('delegation/');

function withoutPromises(record: DelegationRecord): DelegationRecord {
  return { ...record, reservedMinor: 0, openSpends: 0 };
}

/** What a promise adds to the day is taken away again; what a payment takes is added. */
function countedByDay(books: Books, key: string, after: DelegationRecord): DelegationRecord {
  const before = books.get(key) as DelegationRecord | undefined;
  if (before === undefined) return after;
  const paidMinor = after.spentMinor - before.spentMinor;
  const dayMinor = (after.day === before.day ? before.dayMinor : 0) + paidMinor;
  return { ...after, dayMinor };
}

function asPromised(value: unknown): { readonly version: number } | undefined {
  const known = value as { readonly standing?: string; readonly version?: number } | undefined;
  return known?.standing === 'reserved' ? { version: known.version ?? 0 } : undefined;
}

/** By what is wrong with them. */
export const WRONG_RULES: Readonly<Record<string, (store: LedgerStore) => LedgerStore>> = {
  'past successes only': pastSuccessesOnly,
  'commit without a look at the credential': uncheckedCommit,
  'orders are paid more than once': forgetfulOfOrders,
};
