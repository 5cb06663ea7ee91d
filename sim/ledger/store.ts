/** The one place a delegated payment's truth is kept in: values by key, changed in transactions that are as if one after another. */

/**
 * What a transaction sees: its own writes over what the transactions before it left. Values are JSON; each `get` gives a
 * fresh copy.
 */
export interface Books {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  /** The keys that begin so, in ascending order of their code units. */
  list(prefix: string): readonly string[];
}

export interface LedgerStore {
  /**
   * Runs `work` as one transaction, serialisable against every other gateway on the same store; once this returns, what it
   * wrote is durable. If `work` throws, nothing of it stays. `work` may run again after a conflict, so it has no effects but
   * those on `books`.
   * @throws LedgerUnavailable when the store did not answer: whether the transaction took effect is unknown.
   */
  transact<T>(work: (books: Books) => T): T;
  close(): void;
}

/** The store did not answer. Nobody may claim that the operation took effect, nor that it did not: ask again by its id. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}
