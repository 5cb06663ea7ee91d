import type { Books } from './store.ts';

/** What stands in a store, as text; read inside one transaction. */
export interface Kept {
  get(key: string): string | undefined;
  list(prefix: string): readonly string[];
}

/** Books over what is kept. What is written is gathered in `written`, as JSON text, for the store to keep if all goes well. */
export function booksOver(kept: Kept, written: Map<string, string>): Books {
  return {
    get(key) {
      const text = written.get(key) ?? kept.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    put(key, value) {
      written.set(key, JSON.stringify(value));
    },
    list(prefix) {
      const fresh = [...written.keys()].filter((key) => key.startsWith(prefix));
      return [...new Set([...kept.list(prefix), ...fresh])].sort();
    },
  };
}
