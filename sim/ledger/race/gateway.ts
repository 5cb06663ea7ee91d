/** One of a PSP's machines: drives each request from the reservation to an answer, over a link that fails and through crashes. */
import type { SeededRandom } from '../../seeded-random.ts';
import type { DelegationLedger } from '../delegation-ledger.ts';
import type { Change, RefundOrder, SpendRequest } from '../orders.ts';
import { LedgerUnavailable } from '../store.ts';
import type { Agenda } from './agenda.ts';
import type { Bank, Outcome } from './bank.ts';
import type { Asked } from './witness.ts';

/** What a gateway uses of the ledger; other rules can be put in their place. */
export type Rules = Pick<
  DelegationLedger,
  'fund' | 'open' | 'change' | 'status' | 'reserve' | 'commit' | 'release' | 'find' | 'refund'
>;

export interface Answer {
  readonly request: SpendRequest;
  readonly paid: boolean;
}

/** What the world hears from its gateways. */
export interface Ears {
  answered(answer: Answer): void;
  /** The wearer has been told that a change was made, and how the credential stands. */
  acknowledged(change: Change, told: ReturnType<Rules['change']>): void;
}

/** Asks the ledger in the name of this gateway. @throws LedgerUnavailable as the link decides. */
export type Ask = <T>(asked: Omit<Asked, 'gateway'>, call: (rules: Rules) => T) => T;

const QUERY_AFTER_MS = 2_000;

export class Gateway {
  readonly #agenda: Agenda;
  readonly #random: SeededRandom;
  readonly #bank: Bank;
  readonly #ears: Ears;
  readonly #ask: Ask;
  /** What it has taken on and not answered. Its journal: a crash does not take it. */
  readonly #tasks = new Set<() => void>();
  /** Counts crashes: what was planned in an earlier life does not happen. */
  #life = 0;
  #isDown = false;

  constructor(agenda: Agenda, random: SeededRandom, bank: Bank, ears: Ears, ask: Ask) {
    this.#agenda = agenda;
    this.#random = random;
    this.#bank = bank;
    this.#ears = ears;
    this.#ask = ask;
  }

  /** Everything in memory is lost; at `untilMs` it begins again with what is in its journal. */
  crash(untilMs: number): void {
    const life = ++this.#life;
    this.#isDown = true;
    this.#agenda.at(untilMs, () => {
      if (life !== this.#life) return;
      this.#isDown = false;
      for (const task of [...this.#tasks]) this.#soon(task);
    });
  }

  receive(request: SpendRequest): void {
    const drive = () => this.#reserve(request, finish);
    const finish = (paid: boolean) => {
      this.#tasks.delete(drive);
      this.#ears.answered({ request, paid });
    };
    this.#take(drive);
  }

  change(change: Change): void {
    const drive = () =>
      this.#try(
        { what: 'change', id: change.changeId },
        drive,
        (rules) => rules.change(change, this.#agenda.now),
        (told) => {
          this.#tasks.delete(drive);
          this.#ears.acknowledged(change, told);
        },
      );
    this.#take(drive);
  }

  refund(order: RefundOrder): void {
    const drive = () =>
      this.#try(
        { what: 'refund', id: order.refundId },
        drive,
        (rules) => rules.refund(order, this.#agenda.now),
        () => {
          this.#tasks.delete(drive);
        },
      );
    this.#take(drive);
  }

  #reserve(request: SpendRequest, finish: (paid: boolean) => void): void {
    const { requestId } = request;
    const asked = { what: 'reserve', id: requestId } as const;
    const again = () => this.#reserve(request, finish);
    this.#try(
      asked,
      again,
      (rules) => rules.reserve(request, this.#agenda.now),
      (told) => {
        const standing = told.kind === 'known' ? told.standing.standing : told.kind;
        if (standing !== 'reserved') return finish(standing === 'committed');
        this.#execute(requestId, finish);
      },
    );
  }

  /** Asks for an outcome that does not come; never takes silence for a failure. */
  #execute(requestId: string, finish: (paid: boolean) => void): void {
    let settled = false;
    const settle = (outcome: Outcome) => {
      if (settled) return;
      settled = true;
      this.#soon(() => this.#settle(requestId, outcome, finish));
    };
    this.#bank.execute(requestId, this.#alive(settle));
    const query = () => {
      const outcome = this.#bank.query(requestId);
      if (outcome !== undefined) settle(outcome);
      else if (!settled) this.#later(QUERY_AFTER_MS, query);
    };
    this.#later(QUERY_AFTER_MS, query);
  }

  #settle(requestId: string, outcome: Outcome, finish: (paid: boolean) => void): void {
    const again = () => this.#settle(requestId, outcome, finish);
    const now = this.#agenda.now;
    if (outcome === 'failed') {
      const release = (rules: Rules) => rules.release(requestId, 'EXECUTION_FAILED', now);
      this.#try({ what: 'release', id: requestId }, again, release, () => finish(false));
      return;
    }
    const trade = { tradeNo: `T-${requestId}`, orderNo: `O-${requestId}`, payee: 'shop', receipt: '' };
    this.#try(
      { what: 'commit', id: requestId },
      again,
      (rules) => rules.commit(requestId, trade, now),
      (told) => finish(told.kind === 'committed' || (told.kind === 'known' && told.standing.standing === 'committed')),
    );
  }

  /** One call; when the ledger does not answer, `again` a little later. */
  #try<T>(asked: Omit<Asked, 'gateway'>, again: () => void, call: (rules: Rules) => T, then: (told: T) => void): void {
    let told: T;
    try {
      told = this.#ask(asked, call);
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      this.#later(5 + this.#random.below(50), again);
      return;
    }
    // The answer is on its way for a while, in which others act and this machine may die.
    this.#later(this.#random.below(12), () => then(told));
  }

  #take(task: () => void): void {
    this.#tasks.add(task);
    if (!this.#isDown) this.#soon(task);
  }

  #soon(act: () => void): void {
    this.#later(1 + this.#random.below(12), act);
  }

  #later(delayMs: number, act: () => void): void {
    this.#agenda.after(delayMs, this.#alive(act));
  }

  #alive<A extends readonly unknown[]>(act: (...args: A) => void): (...args: A) => void {
    const life = this.#life;
    return (...args) => {
      if (life === this.#life) act(...args);
    };
  }
}
