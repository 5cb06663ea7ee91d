import { booksOver } from './books.ts';
import type { LedgerStore } from './store.ts';

/** Books in memory, as JSON text like in every other store, so that nobody keeps a hand on what was written. */
export function memoryLedger(): LedgerStore {
  const kept = new Map<string, string>();
  let busy = false;
  return {
    transact(work) {
      if (busy) throw new Error('a transaction inside a transaction');
      busy = true;
      const written = new Map<string, string>();
      const list = (prefix: string) => [...kept.keys()].filter((key) => key.startsWith(prefix));
      try {
        const result = work(booksOver({ get: (key) => kept.get(key), list }, written));
        for (const [key, text] of written) kept.set(key, text);
        return result;
      } finally {
        busy = false;
      }
    },
    close() {},
  };
}
