/** The books of delegated payments with an observer at their edge: what moves money in them is seen as it becomes durable. */
import type { Posting } from './ledger/money.ts';
import type { LedgerStore } from './ledger/store.ts';

/** Under which all movements of money stand. */
const POSTING = 'posting/';

/** @param onPosting with each movement that is written, by its id; again when books are made anew out of a journal. */
export function watchedBooks(store: LedgerStore, onPosting: (id: string, posting: Posting) => void): LedgerStore {
  return {
    close: () => store.close(),
    transact: (work) =>
      store.transact((books) => {
        const made: (readonly [id: string, posting: Posting])[] = [];
        const result = work({
          get: (key) => books.get(key),
          list: (prefix) => books.list(prefix),
          put: (key, value) => {
            books.put(key, value);
            if (key.startsWith(POSTING)) made.push([key.slice(POSTING.length), value as Posting]);
          },
        });
        for (const [id, posting] of made) onPosting(id, posting);
        return result;
      }),
  };
}
