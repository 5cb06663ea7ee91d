import { describe, expect, it } from 'vitest';
import { memoryLedger } from '../../../sim/ledger/memory-ledger.ts';
import { balanceOf, fundWallet, move, moveHeld, type Posting, walletPot } from '../../../sim/ledger/money.ts';
import type { Books } from '../../../sim/ledger/store.ts';

const inBooks = <T>(work: (books: Books) => T): T => {
  const store = memoryLedger();
  store.transact((books) => fundWallet(books, 'w', 'CNY', 100, 'opening'));
  return store.transact(work);
};
const posting = (changed: Partial<Posting> = {}): Posting => ({
  from: walletPot('w'),
  to: 'payee:cafe',
  currency: 'CNY',
  amountMinor: 60,
  ...changed,
});

describe('a posting', () => {
  it('T29: takes from one pot what it puts into another, in one currency', () => {
    const holds = inBooks((books) => {
      expect(move(books, 'p1', posting())).toBe('moved');
      const pots = [walletPot('w'), 'payee:cafe', 'outside'];
      return [...pots.map((pot) => balanceOf(books, pot, 'CNY')), balanceOf(books, 'payee:cafe', 'USD')];
    });
    expect(holds).toEqual([40, 60, -100, 0]);
  });

  it('T29: is made once for its id', () => {
    inBooks((books) => {
      move(books, 'p1', posting());
      expect(() => move(books, 'p1', posting({ amountMinor: 1 }))).toThrow('made before');
      expect(balanceOf(books, 'payee:cafe', 'CNY')).toBe(60);
    });
  });

  it('does not take what is not there, to the last minor unit; for held money that is a defect of ours', () => {
    inBooks((books) => {
      expect(move(books, 'p1', posting({ amountMinor: 101 }))).toBe('overdrawn');
      expect(() => moveHeld(books, 'p1', posting({ amountMinor: 101 }))).toThrow('does not hold');
      expect(move(books, 'p1', posting({ currency: 'USD', amountMinor: 1 }))).toBe('overdrawn');
      expect(balanceOf(books, walletPot('w'), 'CNY')).toBe(100);
      expect(move(books, 'p1', posting({ amountMinor: 100 }))).toBe('moved');
    });
  });

  it.each([0, -1, 0.5, Number.NaN, 2 ** 53])('of %s minor units is a defect of the caller', (amountMinor) => {
    inBooks((books) => expect(() => move(books, 'p1', posting({ amountMinor }))).toThrow('whole minor units'));
  });

  it('within one pot, or beyond what a number holds exactly, is a defect of the caller', () => {
    inBooks((books) => {
      expect(() => move(books, 'p1', posting({ to: walletPot('w') }))).toThrow('between two pots');
      const most = posting({ from: 'outside', amountMinor: Number.MAX_SAFE_INTEGER });
      expect(() => move(books, 'p1', most)).toThrow('safe integers');
    });
  });
});
