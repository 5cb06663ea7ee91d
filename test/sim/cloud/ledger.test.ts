import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, Ledger, OUTSIDE } from '../../../sim/cloud/index.ts';

const cny = (account: string, amountMinor: number): Entry => ({ account, currency: 'CNY', amountMinor });

function funded(amountMinor = 1000): Ledger {
  const ledger = new Ledger();
  ledger.post('opening', [cny(OUTSIDE, -amountMinor), cny('wearer', amountMinor)]);
  return ledger;
}

describe('the ledger', () => {
  it('moves money from one account to the other', () => {
    const ledger = funded();
    expect(ledger.post('t1', [cny('wearer', -300), cny('shop', 300)])).toBe('posted');
    expect([ledger.balance('wearer', 'CNY'), ledger.balance('shop', 'CNY')]).toEqual([700, 300]);
    expect(ledger.debits('wearer')).toEqual([{ tradeNo: 't1', currency: 'CNY', amountMinor: 300 }]);
    expect(ledger.debits('shop')).toEqual([]);
  });

  it('T3: moves nothing when a trade number comes again, in whichever order its entries stand', () => {
    const ledger = funded();
    ledger.post('t1', [cny('wearer', -300), cny('shop', 300)]);
    expect(ledger.post('t1', [cny('shop', 300), cny('wearer', -300)])).toBe('repeated');
    expect(ledger.balance('shop', 'CNY')).toBe(300);
    expect(ledger.postings()).toHaveLength(2);
  });

  it('moves nothing that an account does not hold', () => {
    const ledger = funded(299);
    expect(ledger.post('t1', [cny('wearer', -300), cny('shop', 300)])).toBe('overdrawn');
    expect([ledger.balance('wearer', 'CNY'), ledger.balance('shop', 'CNY')]).toEqual([299, 0]);
    expect(ledger.postings()).toHaveLength(1);
  });

  it('keeps currencies apart', () => {
    const ledger = funded();
    expect(ledger.balance('wearer', 'USD')).toBe(0);
    const dollars = (account: string, amountMinor: number): Entry => ({ account, currency: 'USD', amountMinor });
    expect(ledger.post('t1', [dollars('wearer', -1), dollars('shop', 1)])).toBe('overdrawn');
    expect(() => ledger.post('t2', [cny('wearer', -1), dollars('shop', 1)])).toThrow('sums to zero');
  });

  it.each<[string, Entry[], string]>([
    ['entries that make money', [cny('wearer', -1), cny('shop', 2)], 'sums to zero'],
    ['one side only', [cny('shop', 1)], 'sums to zero'],
    ['nothing at all', [], 'names each account once'],
    ['an account twice', [cny('wearer', -1), cny('wearer', 1)], 'names each account once'],
    ['a fraction', [cny('wearer', -0.5), cny('shop', 0.5)], 'whole minor units'],
    ['more than can be counted', [cny('wearer', -(2 ** 53)), cny('shop', 2 ** 53)], 'whole minor units'],
    ['no amount', [cny('wearer', 0), cny('shop', 0)], 'whole minor units'],
    [
      'a currency nobody knows',
      [
        { ...cny('wearer', -1), currency: 'XXX' as 'CNY' },
        { ...cny('shop', 1), currency: 'XXX' as 'CNY' },
      ],
      'pinned table',
    ],
  ])('takes %s for the caller’s defect', (_what, entries, message) => {
    const ledger = funded();
    expect(() => ledger.post('t1', entries)).toThrow(message);
    expect(ledger.balance('wearer', 'CNY')).toBe(1000);
  });

  it('takes a trade number with another movement for the caller’s defect', () => {
    const ledger = funded();
    ledger.post('t1', [cny('wearer', -300), cny('shop', 300)]);
    expect(() => ledger.post('t1', [cny('wearer', -301), cny('shop', 301)])).toThrow('another movement');
    expect(() => ledger.post('t1', [cny('wearer', -301), cny('shop', 300), cny('fee', 1)])).toThrow('another movement');
  });

  it('does not change when the caller changes what it posted', () => {
    const ledger = funded();
    const entry = { account: 'wearer', currency: 'CNY' as const, amountMinor: -300 };
    ledger.post('t1', [entry, cny('shop', 300)]);
    entry.amountMinor = -1;
    expect(ledger.debits('wearer')[0]?.amountMinor).toBe(300);
  });

  it('T14: conserves money and never lets anybody owe, whatever is posted in whatever order', () => {
    const accounts = ['wearer', 'other', 'shop', 'rival'] as const;
    const account = fc.constantFrom(...accounts);
    const movement = fc.record({
      tradeNo: fc.integer({ min: 0, max: 20 }),
      from: account,
      to: account,
      amountMinor: fc.integer({ min: 1, max: 700 }),
    });
    fc.assert(
      fc.property(fc.array(movement, { maxLength: 40 }), (movements) => {
        const ledger = funded();
        const first = new Map<number, string>();
        for (const { tradeNo, from, to, amountMinor } of movements) {
          if (from === to) continue;
          const meaning = `${from} ${to} ${amountMinor}`;
          // Another movement under a used number is a defect and has a test of its own.
          if ((first.get(tradeNo) ?? meaning) !== meaning) continue;
          const posted = ledger.post(`t${tradeNo}`, [cny(from, -amountMinor), cny(to, amountMinor)]);
          expect(posted === 'repeated').toBe(first.has(tradeNo));
          if (posted === 'posted') first.set(tradeNo, meaning);
          const held = accounts.map((name) => ledger.balance(name, 'CNY'));
          expect(Math.min(...held)).toBeGreaterThanOrEqual(0);
          expect(held.reduce((sum, minor) => sum + minor, 0)).toBe(1000);
          expect(ledger.balance(OUTSIDE, 'CNY')).toBe(-1000);
        }
        expect(ledger.postings()).toHaveLength(first.size + 1);
      }),
      { seed: 20261123, numRuns: 300 },
    );
  });
});
