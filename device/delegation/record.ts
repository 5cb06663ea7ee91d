/**
 * What one entry of the device's journal says of delegations: those that have changed, and the evidence that came. Each
 * payment stands there once, beside the frame that brought it; a delegation's state has sums only, so that an entry does not
 * grow with what was bought before.
 */
import type { Id16, Receipt } from '../../protocol/index.ts';
import type { Purchase } from '../purchase/state.ts';
import { Book, type Kept } from './book.ts';
import type { Delegation } from './state.ts';

export interface DelegationNotes {
  readonly changed: readonly Delegation[];
  readonly kept: readonly Kept[];
}

export type Delegations = ReadonlyMap<Id16, Delegation>;

/** An open question and the half delegation behind it quote the wearer; words stay in the transcript store (T28). */
export function withoutDelegationWords({ changed, kept }: DelegationNotes): DelegationNotes {
  return {
    kept,
    changed: changed.map((state) => {
      if (state.at !== 'drafting') return state;
      const { question: _question, pending: _pending, ...rest } = state;
      return rest;
    }),
  };
}

/** What a journal says, entry by entry: the delegations as they stand, and the book. */
export class DelegationMemory {
  readonly book = new Book();
  readonly #items = new Map<Id16, Delegation>();

  get items(): Delegations {
    return this.#items;
  }

  /** Takes in one entry. What ended unsigned leaves nothing to be known of it. */
  take({ delegations: notes, purchases, carried }: Entry): void {
    for (const receipt of carried?.receipts ?? []) this.book.note(receipt);
    for (const state of notes?.changed ?? [])
      if (state.at === 'ended') this.#items.delete(state.id);
      else this.#items.set(state.id, state);
    for (const kept of notes?.kept ?? []) this.book.keep(kept);
    for (const purchase of [purchases.current, ...purchases.background])
      if ('paid' in purchase && purchase.paid) this.book.note(purchase.paid.receipt);
  }
}

interface Entry {
  readonly carried?: { readonly receipts: readonly Receipt[] };
  readonly delegations?: DelegationNotes;
  readonly purchases: { readonly current: Purchase; readonly background: readonly Purchase[] };
}
