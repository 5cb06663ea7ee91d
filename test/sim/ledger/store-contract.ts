import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerStore } from '../../../sim/ledger/store.ts';

/** What every body of {@link LedgerStore} does. `open` opens the same books each time, except those of memory. */
export function storeContract(name: string, open: () => LedgerStore, outlives: boolean): void {
  describe(`the books in ${name}`, () => {
    let store: LedgerStore;
    beforeAll(() => {
      store = open();
    });
    afterAll(() => store?.close());

    it('give what was put, in the same transaction and in later ones, as JSON has it', () => {
      const value = {
        text: 'café ☕ \u0000 "',
        list: [1, null, { deep: true }],
        minor: 999_999_999_999,
        gone: undefined,
      };
      const { gone: _, ...kept } = value;
      store.transact((books) => {
        expect(books.get('value')).toBeUndefined();
        books.put('value', value);
        expect(books.get('value')).toEqual(kept);
      });
      expect(store.transact((books) => books.get('value'))).toEqual(kept);
      store.transact((books) => books.put('value', 0));
      expect(store.transact((books) => books.get('value'))).toBe(0);
    });

    it('keep their own copy: who changes what was put or got changes nothing', () => {
      const mine = { amountMinor: 1 };
      store.transact((books) => books.put('copy', mine));
      mine.amountMinor = 2;
      store.transact((books) => {
        (books.get('copy') as typeof mine).amountMinor = 3;
        expect(books.get('copy')).toEqual({ amountMinor: 1 });
      });
    });

    it('keep nothing of a transaction that throws, and throw what it threw', () => {
      store.transact((books) => books.put('kept', 'before'));
      const broken = new Error('broken');
      expect(() =>
        store.transact((books) => {
          books.put('kept', 'after');
          books.put('fresh', 1);
          throw broken;
        }),
      ).toThrow(broken);
      expect(store.transact((books) => [books.get('kept'), books.get('fresh')])).toEqual(['before', undefined]);
    });

    it('list the keys that begin so, in order, fresh ones among them, and no neighbour', () => {
      const keys = ['p/1', 'p/10', 'p/2', 'p/a~', 'p/A'];
      store.transact((books) => {
        for (const key of [...keys, 'p', 'p0', 'o/9', 'q/1']) books.put(key, key);
      });
      const listed = store.transact((books) => {
        books.put('p/15', 0);
        books.put('p/1', 0);
        return books.list('p/');
      });
      expect(listed).toEqual(['p/1', 'p/10', 'p/15', 'p/2', 'p/A', 'p/a~']);
      expect(store.transact((books) => books.list('nothing'))).toEqual([]);
    });

    it('have no transaction inside a transaction, and go on after somebody tried', () => {
      expect(() => store.transact(() => store.transact(() => 1))).toThrow('inside a transaction');
      expect(store.transact(() => 2)).toBe(2);
    });

    it.skipIf(!outlives)('are there when they are opened again, and next to each other', () => {
      const other = open();
      try {
        store.transact((books) => books.put('outlives', 1));
        expect(other.transact((books) => books.get('outlives'))).toBe(1);
        other.transact((books) => books.put('outlives', 2));
        expect(store.transact((books) => books.get('outlives'))).toBe(2);
      } finally {
        other.close();
      }
    });
  });
}
