/** Double entry in integer minor units: money is never made, lost or moved twice (T14, T29). */
import { type Currency, isCurrency } from '../../protocol/index.ts';

/** One account's side of a posting: what it gains, or with a minus sign what it gives. */
export interface Entry {
  readonly account: string;
  readonly currency: Currency;
  readonly amountMinor: number;
}

export interface Posting {
  readonly tradeNo: string;
  readonly entries: readonly Entry[];
}

/** `repeated`: the trade was posted before, nothing moved. `overdrawn`: an account does not hold that much, nothing moved. */
export type Posted = 'posted' | 'repeated' | 'overdrawn';

export interface Debit {
  readonly tradeNo: string;
  readonly currency: Currency;
  /** What left the account, at least 1. */
  readonly amountMinor: number;
}

/** The world outside, where all money comes from. It is the one account that may owe. */
export const OUTSIDE = 'outside';

export class Ledger {
  readonly #postings = new Map<string, Posting>();
  readonly #balances = new Map<string, number>();

  /** What an account holds, 0 for one that was never used. */
  balance(account: string, currency: Currency): number {
    return this.#balances.get(`${account}/${currency}`) ?? 0;
  }

  /**
   * Moves money, all entries or none, once for each trade number.
   * @throws Error for entries that do not sum to zero in each currency, that name an account twice or an amount that is no
   *   whole number, and for a trade number that stands for another movement: each is a defect of the caller.
   */
  post(tradeNo: string, entries: readonly Entry[]): Posted {
    checkEntries(entries);
    const known = this.#postings.get(tradeNo);
    if (known !== undefined) {
      if (!sameEntries(known.entries, entries)) throw new Error('this trade number stands for another movement');
      return 'repeated';
    }
    const after = entries.map((entry) => ({
      ...entry,
      holdsMinor: this.balance(entry.account, entry.currency) + entry.amountMinor,
    }));
    if (after.some(({ account, holdsMinor }) => account !== OUTSIDE && holdsMinor < 0)) return 'overdrawn';
    for (const { account, currency, holdsMinor } of after) {
      if (!Number.isSafeInteger(holdsMinor)) throw new Error('a balance has left the safe integers');
      this.#balances.set(`${account}/${currency}`, holdsMinor);
    }
    this.#postings.set(tradeNo, { tradeNo, entries: entries.map((entry) => ({ ...entry })) });
    return 'posted';
  }

  /** What left an account, in order. */
  debits(account: string): readonly Debit[] {
    return this.postings().flatMap(({ tradeNo, entries }) =>
      entries
        .filter((entry) => entry.account === account && entry.amountMinor < 0)
        .map(({ currency, amountMinor }) => ({ tradeNo, currency, amountMinor: -amountMinor })),
    );
  }

  /** Everything that was ever posted, in order. */
  postings(): readonly Posting[] {
    return [...this.#postings.values()];
  }
}

function checkEntries(entries: readonly Entry[]): void {
  const sums = new Map<Currency, number>();
  const accounts = new Set<string>();
  for (const { account, currency, amountMinor } of entries) {
    if (!isCurrency(currency)) throw new Error('an entry is in a currency of the pinned table');
    if (!Number.isSafeInteger(amountMinor) || amountMinor === 0) throw new Error('an entry moves whole minor units');
    accounts.add(`${account}/${currency}`);
    sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
  }
  if (accounts.size !== entries.length || entries.length === 0) throw new Error('a posting names each account once');
  if ([...sums.values()].some((sum) => sum !== 0)) throw new Error('a posting sums to zero in each currency');
}

function sameEntries(left: readonly Entry[], right: readonly Entry[]): boolean {
  const spell = (entries: readonly Entry[]) =>
    entries.map(({ account, currency, amountMinor }) => `${account}/${currency}/${amountMinor}`).sort();
  const other = spell(right);
  return left.length === right.length && spell(left).every((entry, i) => entry === other[i]);
}
