/** What moves money in the books is taken down as it becomes durable, once (T2, T29). */
import { describe, expect, it } from 'vitest';
import { DelegationLedger } from '../../../sim/ledger/delegation-ledger.ts';
import { memoryLedger } from '../../../sim/ledger/memory-ledger.ts';
import { watchedBooks } from '../../../sim/watched-books.ts';
import { WorldRecord } from '../../../sim/world-record.ts';

function watched(record: WorldRecord) {
  const store = watchedBooks(memoryLedger(), (id, posting) => record.seePosting({ ...posting, id, at: 5 }));
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
        books.put('posting/fund x', { from: 'outside', to: 'wallet:x', currency: 'CNY', amountMinor: 1 });
        throw new Error('not so');
      });
    expect(failing).toThrow('not so');
    expect([record.movements, ledger.wallet('x', 'CNY')]).toEqual([[], 0]);
  });

  it('that are made anew have the same movements again, or are found out', () => {
    const record = new WorldRecord();
    watched(record).ledger.fund('wearer', 'CNY', 700, 'first');
    watched(record).ledger.fund('wearer', 'CNY', 700, 'first');
    expect([record.movements.length, record.ledgerFaults]).toEqual([1, []]);
    watched(record).ledger.fund('wearer', 'CNY', 701, 'first');
    expect(record.ledgerFaults).toEqual(['the movement fund first has changed']);
  });
});
