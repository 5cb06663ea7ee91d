/** The books of delegated payments with an observer at their edge: what moves money in them is seen once it is durable. */
import type { Posting } from './ledger/money.ts';
import { type LedgerStore, LedgerUnavailable } from './ledger/store.ts';

/** Under which all movements of money stand. */
const POSTING = 'posting/';

type Made = readonly (readonly [id: string, posting: Posting])[];

/**
 * Only the last run of a transaction counts, and only if it came to its end. Where the store did not answer after that, what was
 * written counts as durable: so it is with books that lose answers, and no others are watched.
 * @param onPosting with each movement that is written, by its id; again when books are made anew out of a journal.
 */
export function watchedBooks(store: LedgerStore, onPosting: (id: string, posting: Posting) => void): LedgerStore {
  return {
    close: () => store.close(),
    transact(work) {
      let made: Made = [];
      const tell = () => {
        for (const [id, posting] of made) onPosting(id, posting);
      };
      const run: typeof work = (books) => {
        made = [];
        const written: (readonly [id: string, posting: Posting])[] = [];
        const result = work({
          get: (key) => books.get(key),
          list: (prefix) => books.list(prefix),
          put: (key, value) => {
            books.put(key, value);
            if (key.startsWith(POSTING)) written.push([key.slice(POSTING.length), value as Posting]);
          },
        });
        made = written;
        return result;
      };
      let result: ReturnType<typeof work>;
      try {
        result = store.transact(run);
      } catch (error) {
        if (error instanceof LedgerUnavailable) tell();
        throw error;
      }
      tell();
      return result;
    },
  };
}
