import { ProtocolError } from './errors.ts';

/**
 * ISO 4217 codes this protocol pays in, with the decimals of their minor unit (ISO 4217 list one). The table is pinned: an
 * amount whose currency is not here has no meaning, and nothing falls back to CNY (T7).
 */
export const CURRENCY_EXPONENTS = {
  CNY: 2,
  EUR: 2,
  HKD: 2,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  MOP: 2,
  MYR: 2,
  SGD: 2,
  THB: 2,
  TWD: 2,
  USD: 2,
  VND: 0,
} as const;

/** A currency of {@link CURRENCY_EXPONENTS}. */
export type Currency = keyof typeof CURRENCY_EXPONENTS;

/** The largest amount in minor units: twelve digits, so that sums over a whole cart stay exact. */
export const MAX_MINOR = 999_999_999_999;

/** Whether `value` is a pinned currency code; names every object inherits, such as `constructor`, are not. */
export function isCurrency(value: unknown): value is Currency {
  return typeof value === 'string' && Object.hasOwn(CURRENCY_EXPONENTS, value);
}

/** How many decimals the currency has. @throws ProtocolError `money-currency` if it is not in the table. */
export function exponentOf(currency: Currency): number {
  if (!isCurrency(currency)) throw new ProtocolError('money-currency', 'not a currency of the pinned table');
  return CURRENCY_EXPONENTS[currency];
}

/** Whether `value` is an amount in minor units: an integer from 0 to {@link MAX_MINOR}, and not negative zero. */
export function isMinor(value: unknown): value is number {
  return Number.isInteger(value) && !Object.is(value, -0) && (value as number) >= 0 && (value as number) <= MAX_MINOR;
}

/**
 * Reads a plain decimal such as `24.80` into minor units, exactly: nothing is rounded, trimmed or guessed (T7).
 * @throws ProtocolError `money-syntax` for another spelling, `money-precision` for more decimals than the currency has,
 *   `money-range` above {@link MAX_MINOR}, `money-currency`.
 */
export function parseAmount(text: string, currency: Currency): number {
  const exponent = exponentOf(currency);
  const parts = typeof text === 'string' ? /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text) : null;
  if (parts === null) throw new ProtocolError('money-syntax', 'expected a plain decimal such as 24.80');
  const [, whole = '', decimals = ''] = parts;
  if (decimals.length > exponent) {
    throw new ProtocolError('money-precision', `${currency} has ${exponent} decimals`);
  }
  const minor = Number(whole + decimals.padEnd(exponent, '0'));
  if (!isMinor(minor)) throw new ProtocolError('money-range', TOO_LARGE);
  return minor;
}

/** Writes minor units as a plain decimal with all the currency's decimals. @throws ProtocolError `money-range`, `money-currency`. */
export function formatAmount(minor: number, currency: Currency): string {
  const exponent = exponentOf(currency);
  if (!isMinor(minor)) throw new ProtocolError('money-range', TOO_LARGE);
  const digits = String(minor).padStart(exponent + 1, '0');
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** The exact sum, 0 for none. @throws ProtocolError `money-range` if a part or the sum is no amount. */
export function sumMinor(amounts: Iterable<number>): number {
  let total = 0;
  for (const amount of amounts) {
    if (!isMinor(amount) || !isMinor(total + amount)) throw new ProtocolError('money-range', TOO_LARGE);
    total += amount;
  }
  return total;
}

const TOO_LARGE = `an amount is a whole number of minor units from 0 to ${MAX_MINOR}`;
