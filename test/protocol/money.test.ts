import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CURRENCY_EXPONENTS,
  type Currency,
  exponentOf,
  formatAmount,
  isCurrency,
  isMinor,
  MAX_MINOR,
  parseAmount,
  sumMinor,
} from '../../protocol/money.ts';
import { verdict } from './support.ts';

const CURRENCIES = Object.keys(CURRENCY_EXPONENTS) as Currency[];

describe('an amount in text', () => {
  it.each<[string, Currency, number]>([
    ['24.80', 'CNY', 2480],
    ['24.8', 'CNY', 2480],
    ['24', 'CNY', 2400],
    ['0', 'CNY', 0],
    ['0.00', 'CNY', 0],
    ['0.01', 'CNY', 1],
    ['1', 'JPY', 1],
    ['1.234', 'KWD', 1234],
    ['1.2', 'KWD', 1200],
    ['600.05', 'USD', 60005],
    ['9999999999.99', 'CNY', MAX_MINOR],
    ['999999999999', 'VND', MAX_MINOR],
  ])('T7: reads %s %s as %d minor units', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toBe(minor);
  });

  it.each<[string, Currency, string]>([
    ['0.001', 'CNY', 'money-precision'],
    ['600.005', 'CNY', 'money-precision'],
    ['1.000', 'CNY', 'money-precision'],
    ['1.0', 'JPY', 'money-precision'],
    ['1.2345', 'KWD', 'money-precision'],
    ['10000000000.00', 'CNY', 'money-range'],
    ['1000000000000', 'JPY', 'money-range'],
    ['9007199254740992', 'JPY', 'money-range'],
    ['18446744073709551615', 'JPY', 'money-range'],
    ['9'.repeat(400), 'JPY', 'money-range'],
    ['1', 'ZZZ' as Currency, 'money-currency'],
    ['1', 'cny' as Currency, 'money-currency'],
    ['1', '' as Currency, 'money-currency'],
    ['1', 'constructor' as Currency, 'money-currency'],
    ['1', undefined as unknown as Currency, 'money-currency'],
  ])('T7: refuses %s %s with %s', (text, currency, code) => {
    expect(verdict(() => parseAmount(text, currency))).toBe(code);
  });

  it.each([
    ...['', ' ', ' 1', '1 ', '12.00\n', '\t1', '1e3', '1E3', '0x10', '-0', '-1', '+1', '1.', '.5', '1..0', '1.0.0'],
    ...[
      '01',
      '00',
      '007.00',
      '1,000',
      '1_000',
      '1，0',
      '１',
      '٣',
      '¥1',
      '1元',
      'NaN',
      'Infinity',
      'null',
      '1\0',
      '1.-1',
    ],
  ])('T7: refuses the spelling %j', (text) => {
    expect(verdict(() => parseAmount(text, 'CNY'))).toBe('money-syntax');
  });

  it.each([1, null, undefined, 1n, ['1'], { toString: () => '1' }])('T7: refuses %s, which is no text', (value) => {
    expect(verdict(() => parseAmount(value as string, 'CNY'))).toBe('money-syntax');
  });

  it('reads back exactly what it writes, in every currency', () => {
    const minor = fc.integer({ min: 0, max: MAX_MINOR });
    fc.assert(
      fc.property(minor, fc.constantFrom(...CURRENCIES), (amount, currency) => {
        const text = formatAmount(amount, currency);
        expect(parseAmount(text, currency)).toBe(amount);
        expect(text.split('.')[1]?.length ?? 0).toBe(exponentOf(currency));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it('is written with all decimals of its currency', () => {
    expect(formatAmount(2480, 'CNY')).toBe('24.80');
    expect(formatAmount(5, 'CNY')).toBe('0.05');
    expect(formatAmount(0, 'KWD')).toBe('0.000');
    expect(formatAmount(1500, 'JPY')).toBe('1500');
    for (const amount of NO_AMOUNTS) expect(verdict(() => formatAmount(amount, 'CNY'))).toBe('money-range');
    expect(verdict(() => formatAmount(1, 'ZZZ' as Currency))).toBe('money-currency');
  });
});

const NO_AMOUNTS = [
  -1,
  -0,
  0.5,
  600.005,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  MAX_MINOR + 1,
  2 ** 53,
  2 ** 64,
  '1',
  null,
  1n,
] as number[];

describe('minor units', () => {
  it('T7: are integers from 0 to twelve digits', () => {
    for (const amount of NO_AMOUNTS) expect(isMinor(amount)).toBe(false);
    for (const amount of [0, 1, MAX_MINOR]) expect(isMinor(amount)).toBe(true);
  });

  it('add up exactly or not at all', () => {
    expect(sumMinor([])).toBe(0);
    expect(sumMinor([1000, 980, 500])).toBe(2480);
    expect(sumMinor(new Set([MAX_MINOR - 1, 1]))).toBe(MAX_MINOR);
    expect(verdict(() => sumMinor([MAX_MINOR, 1]))).toBe('money-range');
    for (const amount of NO_AMOUNTS) expect(verdict(() => sumMinor([1, amount]))).toBe('money-range');
  });
});

describe('currencies', () => {
  it('T7: have the decimals of ISO 4217 as the platform knows them', () => {
    for (const currency of CURRENCIES) {
      const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
      expect([currency, CURRENCY_EXPONENTS[currency]]).toEqual([currency, maximumFractionDigits]);
    }
  });

  it('are only the pinned ones', () => {
    for (const value of ['ZZZ', 'toString', '__proto__', '', 156, null, ['CNY']]) expect(isCurrency(value)).toBe(false);
    expect(isCurrency('CNY')).toBe(true);
  });
});
