/**
 * The one ledger of all gateways, watched: every transaction that took effect with the postings it made and the records it
 * left, also where the gateway that asked never heard of it. It reads what was written and knows no rule.
 */
import type { IacState } from '../../protocol/index.ts';
import type { Books, LedgerStore } from '../ledger/store.ts';
import type { VirtualClock } from '../virtual-clock.ts';

export interface Posted {
  /** `hold`, `pay`, `give-back` or `fill` with the id of a request or a delegation, and others. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amountMinor: number;
}

/** Where a delegation stands from here on. */
export interface Entered {
  readonly delegationId: string;
  readonly state: IacState;
  readonly version: number;
}

/** What became of a request. */
export interface Became {
  readonly id: string;
  readonly standing: 'reserved' | 'committed' | 'released';
  readonly orderNo?: string;
  readonly payee?: string;
  readonly tradeNo?: string;
  readonly receipt?: string;
  /** The times that its gateway gives it. */
  readonly reservedAt?: number;
  readonly committedAt?: number;
}

/** Money that went back, or was asked back. */
export interface Returned {
  readonly tradeNo: string;
  readonly isRefused: boolean;
}

/** One transaction, in the order in which they took effect. Those that wrote nothing of this are left out. */
export interface Happened {
  readonly gateway: number;
  readonly atMs: number;
  readonly posted: readonly Posted[];
  readonly entered: readonly Entered[];
  readonly became: readonly Became[];
  readonly returned: readonly Returned[];
}

export class Witness {
  readonly #inner: LedgerStore;
  readonly #clock: VirtualClock;
  readonly happened: Happened[] = [];
  readonly balances = new Map<string, number>();
  /** Where each delegation stands, and each request. */
  readonly standings = new Map<string, string>();

  constructor(inner: LedgerStore, clock: VirtualClock) {
    this.#inner = inner;
    this.#clock = clock;
  }

  transact<T>(gateway: number, work: (books: Books) => T): T {
    const put = new Map<string, unknown>();
    const result = this.#inner.transact((books) => {
      put.clear();
      return work({
        get: (key) => books.get(key),
        list: (prefix) => books.list(prefix),
        put(key, value) {
          books.put(key, value);
          put.set(key, value);
        },
      });
    });
    this.#note(gateway, put);
    return result;
  }

  #note(gateway: number, put: ReadonlyMap<string, unknown>): void {
    const posted: Posted[] = [];
    const entered: Entered[] = [];
    const became: Became[] = [];
    const returned: Returned[] = [];
    for (const [key, value] of put) {
      const [kind = '', id = ''] = splitOnce(key);
      if (kind === 'balance') this.balances.set(id, value as number);
      if (kind === 'posting') posted.push({ ...(value as Posted), id });
      if (kind === 'delegation') entered.push({ ...(value as Entered), delegationId: id });
      if (kind === 'request') became.push({ ...(value as Became), id });
      if (kind === 'refund') {
        const { order, refusal } = value as { order: { tradeNo: string }; refusal?: string };
        returned.push({ tradeNo: order.tradeNo, isRefused: refusal !== undefined });
      }
    }
    for (const { id, standing } of became) this.standings.set(id, standing);
    if (posted.length + entered.length + became.length + returned.length === 0) return;
    this.happened.push({ gateway, atMs: this.#clock.now(), posted, entered, became, returned });
  }
}

function splitOnce(key: string): readonly string[] {
  const at = key.indexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}
