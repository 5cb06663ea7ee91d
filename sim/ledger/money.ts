/**
 * Money as double entry in integer minor units: each posting takes from one pot what it puts into another, once for its id.
 * Nothing else writes a balance, so that money is conserved whatever the rules above do (T29).
 */
import type { Currency } from '../../protocol/index.ts';
import { sameContent } from './records.ts';
import type { Books } from './store.ts';

/** The world outside, where all money comes from. It is the one pot that may owe. */
const OUTSIDE = 'outside';

/** Of a wearer, for delegated spending; apart from the account that instant payments draw on. */
export const walletPot = (account: string): string => `wallet:${account}`;
/** Of one agent, filled from a wallet (PSD-AGT-SUB). */
export const subAccountPot = (subAccountId: string): string => `sub:${subAccountId}`;
/** Promised to payments of one credential whose outcome is open: nobody else can spend it. */
export const heldPot = (delegationId: string): string => `held:${delegationId}`;
/** What a merchant was paid and has not given back. */
export const payeePot = (payee: string): string => `payee:${payee}`;

export interface Posting {
  readonly from: string;
  readonly to: string;
  readonly currency: Currency;
  /** At least 1. */
  readonly amountMinor: number;
}

/** What a pot holds, 0 for one that was never used. */
export function balanceOf(books: Books, pot: string, currency: Currency): number {
  return (books.get(balanceKey(pot, currency)) as number | undefined) ?? 0;
}

/**
 * Moves money under a posting id. `overdrawn`: the pot does not hold that much, nothing moved.
 * @throws Error for an amount that is no whole number from 1, and for an id that was posted before: a defect of the caller.
 */
export function move(books: Books, id: string, posting: Posting): 'moved' | 'overdrawn' {
  const { from, to, currency, amountMinor } = posting;
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1) throw new Error('a posting moves whole minor units');
  if (from === to) throw new Error('a posting moves between two pots');
  if (books.get(postingKey(id)) !== undefined) throw new Error('this posting was made before');
  const leftMinor = balanceOf(books, from, currency) - amountMinor;
  const reachedMinor = balanceOf(books, to, currency) + amountMinor;
  if (from !== OUTSIDE && leftMinor < 0) return 'overdrawn';
  if (!Number.isSafeInteger(leftMinor) || !Number.isSafeInteger(reachedMinor))
    throw new Error('a balance has left the safe integers');
  books.put(balanceKey(from, currency), leftMinor);
  books.put(balanceKey(to, currency), reachedMinor);
  books.put(postingKey(id), { from, to, currency, amountMinor });
  return 'moved';
}

/** @throws Error where the pot does not hold what the rules have put into it: a defect of ours. */
export function moveHeld(books: Books, id: string, posting: Posting): void {
  if (move(books, id, posting) === 'overdrawn') throw new Error(`${posting.from} does not hold what it was given`);
}

/** Money comes into a wallet, once for each id. @throws Error for an id that stands for another movement. */
export function fundWallet(books: Books, account: string, currency: Currency, amountMinor: number, id: string): void {
  const posting: Posting = { from: OUTSIDE, to: walletPot(account), currency, amountMinor };
  const known = books.get(postingKey(`fund ${id}`)) as Posting | undefined;
  if (known === undefined) moveHeld(books, `fund ${id}`, posting);
  else if (!sameContent(known, posting)) throw new Error('this funding id stands for another movement');
}

const balanceKey = (pot: string, currency: Currency): string => `balance/${pot}/${currency}`;
const postingKey = (id: string): string => `posting/${id}`;
