/** What moves money in the books is taken down as it becomes durable, once (T2, T29). */
import { describe, expect, it } from 'vitest';
import { DelegationLedger } from '../../../sim/ledger/delegation-ledger.ts';
import { memoryLedger } from '../../../sim/ledger/memory-ledger.ts';
import { type Books, type LedgerStore, LedgerUnavailable } from '../../../sim/ledger/store.ts';
import { watchedBooks } from '../../../sim/watched-books.ts';
import { WorldRecord } from '../../../sim/world-record.ts';

const POSTING = { from: 'outside', to: 'wallet:x', currency: 'CNY', amountMinor: 1 } as const;

function watched(record: WorldRecord, books: LedgerStore = memoryLedger()) {
  const store = watchedBooks(books, (id, posting) => record.seePosting({ ...posting, id, at: 5 }));
  return { store, ledger: new DelegationLedger(store) };
}

describe('watched books', () => {
  it('tell of each movement, in its place between the entries of the record', () => {
    const record = new WorldRecord();
    const before = record.nextSeq();
    watched(record).ledger.fund('wearer', 'CNY', 700, 'first');
    const [movement] = record.movements;
    expect(movement).toMatchObject({ id: 'fund first', at: 5, to: 'wallet:wearer', currency: 'CNY', amountMinor: 700 });
    expect(movement?.seq).toBeGreaterThan(before);
    expect(movement?.seq).toBeLessThan(record.nextSeq());
  });

  it('tell nothing of a transaction that came to nothing', () => {
    const record = new WorldRecord();
    const { store, ledger } = watched(record);
    const failing = () =>
      store.transact((books) => {
        books.put('posting/fund x', POSTING);
        throw new Error('not so');
      });
    expect(failing).toThrow('not so');
    expect([record.movements, ledger.wallet('x', 'CNY')]).toEqual([[], 0]);
  });

  it('tell of what the last run of a transaction wrote: the runs before it met a conflict', () => {
    const record = new WorldRecord();
    const inner = memoryLedger();
    const conflicting: LedgerStore = {
      close: () => inner.close(),
      transact: <T>(work: (books: Books) => T): T => {
        const conflict = () =>
          inner.transact((books) => {
            work(books);
            throw new Error('conflict');
          });
        expect(conflict).toThrow('conflict');
        return inner.transact(work);
      },
    };
    let runs = 0;
    watched(record, conflicting).store.transact((books) => {
      runs += 1;
      books.put(`posting/run ${runs}`, POSTING);
    });
    expect(record.movements.map(({ id }) => id)).toEqual(['run 2']);
  });

  it('tell of a transaction whose answer was lost, and not of one that was rolled back or never begun (T2)', () => {
    const record = new WorldRecord();
    const inner = memoryLedger();
    let lost: 'question' | 'answer' | 'commit' | undefined;
    const away = () => new LedgerUnavailable('the books do not answer');
    const { store } = watched(record, {
      close: () => inner.close(),
      transact: <T>(work: (books: Books) => T): T => {
        if (lost === 'question') throw away();
        const result = inner.transact((books) => {
          const made = work(books);
          if (lost === 'commit') throw new Error('the disk is full');
          return made;
        });
        if (lost === 'answer') throw away();
        return result;
      },
    });
    const post = (id: string, ends: () => void = () => {}) =>
      store.transact((books) => {
        books.put(`posting/${id}`, POSTING);
        ends();
      });
    lost = 'question';
    expect(() => post('unasked')).toThrow(LedgerUnavailable);
    lost = 'answer';
    expect(() => post('unanswered')).toThrow(LedgerUnavailable);
    lost = 'commit';
    expect(() => post('unwritten')).toThrow('the disk is full');
    lost = undefined;
    const gaveUp = () => {
      throw away();
    };
    expect(() => post('given-up', gaveUp)).toThrow(LedgerUnavailable);
    expect(record.movements.map(({ id }) => id)).toEqual(['unanswered']);
  });

  it('that are made anew have the same movements again, or are found out', () => {
    const record = new WorldRecord();
    watched(record).ledger.fund('wearer', 'CNY', 700, 'first');
    watched(record).ledger.fund('wearer', 'CNY', 700, 'first');
    expect([record.movements.length, record.ledgerFaults]).toEqual([1, []]);
    watched(record).ledger.fund('wearer', 'CNY', 701, 'first');
    expect(record.ledgerFaults).toEqual(['the movement fund first has changed']);
  });

  it('T7: a movement that has another currency is another movement', () => {
    const record = new WorldRecord();
    watched(record).ledger.fund('wearer', 'CNY', 700, 'first');
    watched(record).ledger.fund('wearer', 'USD', 700, 'first');
    expect(record.ledgerFaults).toEqual(['the movement fund first has changed']);
  });
});
