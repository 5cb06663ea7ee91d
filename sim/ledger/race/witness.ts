/**
 * Who watches a race: sees every transaction that took effect with the money it moved from pot to pot, also where the gateway
 * that asked never heard of it. It knows balances and nothing of the rules, so that a checker need not believe their sums.
 */

import type { Books, LedgerStore } from '../store.ts';
import type { Agenda } from './agenda.ts';

/** What a gateway is asking for. */
export interface Asked {
  readonly gateway: number;
  readonly what: 'open' | 'reserve' | 'commit' | 'release' | 'find' | 'change' | 'refund' | 'status';
  /** Of the request, the change or the refund. */
  readonly id: string;
}

/** One transaction, in the order in which they took effect. */
export interface Happened extends Asked {
  readonly atMs: number;
  readonly result: unknown;
  /** By how much each pot changed; the others did not. */
  readonly moved: ReadonlyMap<string, number>;
}

const BALANCE = 'balance/';

export class Witness implements LedgerStore {
  readonly #inner: LedgerStore;
  readonly #agenda: Agenda;
  readonly #balances = new Map<string, number>();
  readonly happened: Happened[] = [];
  asking: Asked = { gateway: -1, what: 'open', id: '' };

  constructor(inner: LedgerStore, agenda: Agenda) {
    this.#inner = inner;
    this.#agenda = agenda;
  }

  transact<T>(work: (books: Books) => T): T {
    const put = new Map<string, number>();
    const result = this.#inner.transact((books) =>
      work({
        get: (key) => books.get(key),
        list: (prefix) => books.list(prefix),
        put(key, value) {
          books.put(key, value);
          if (key.startsWith(BALANCE)) put.set(key.slice(BALANCE.length), value as number);
        },
      }),
    );
    const moved = new Map<string, number>();
    for (const [pot, holdsMinor] of put) {
      moved.set(pot, holdsMinor - (this.#balances.get(pot) ?? 0));
      this.#balances.set(pot, holdsMinor);
    }
    this.happened.push({ ...this.asking, atMs: this.#agenda.now, result, moved });
    return result;
  }

  /** What every pot holds now. */
  get balances(): ReadonlyMap<string, number> {
    return this.#balances;
  }

  close(): void {
    this.#inner.close();
  }
}
