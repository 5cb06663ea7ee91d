/** Everything a PSP does about delegated payments, behind one door: frames, commands, time. */
import type { Currency, EpochMs } from '../../protocol/index.ts';
import { fundWallet } from '../ledger/money.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import type { Ledger } from './ledger.ts';
import type { OrderBook } from './order-book.ts';
import { DelegationDesk } from './psp-delegation.ts';
import { SubAccountDesk } from './psp-delegation-accounts.ts';
import { DelegationBook } from './psp-delegation-book.ts';
import { DelegationChanges } from './psp-delegation-changes.ts';
import type { DelegationParts } from './psp-delegation-parts.ts';
import { LedgerRetries } from './psp-delegation-retries.ts';
import { Notices } from './psp-notices.ts';
import { RefundDesk, type Trades } from './psp-refunds.ts';
import { SpendingDesk } from './psp-spending.ts';

/** What a wearer's account holds for delegated spending at the start. */
export interface DelegatedFunds {
  readonly account: string;
  readonly currency: Currency;
  readonly amountMinor: number;
}

export interface DelegationServiceOptions extends Omit<DelegationParts, 'book' | 'retries'> {
  readonly currency: Currency;
  readonly delegatedFunds: readonly DelegatedFunds[];
  readonly orders: OrderBook;
  readonly trades: Trades;
  /** Of instant payments. */
  readonly ledger: Ledger;
  ledgerAccountOf(device: string): string;
  soldWithoutOrder(payee: string): readonly string[] | undefined;
}

const COMMANDS =
  /^(?:(?<change>suspend|resume) (?<id>[0-9a-f]{32})|status-(?<status>down|up)|execution-(?<how>late|done|failed))$/;

export class DelegationService {
  readonly #retries = new LedgerRetries();
  readonly #notices = new Notices();
  readonly #book = new DelegationBook();
  readonly #changes: DelegationChanges;
  readonly #desk: DelegationDesk;
  readonly #spending: SpendingDesk;
  readonly #refunds: RefundDesk;
  readonly #accounts: SubAccountDesk;

  constructor(options: DelegationServiceOptions) {
    const parts = { ...options, book: this.#book, retries: this.#retries, notices: this.#notices };
    this.#changes = new DelegationChanges(parts);
    this.#desk = new DelegationDesk(parts, (delegation, now) => this.#changes.issued(delegation, now));
    this.#spending = new SpendingDesk(parts);
    this.#refunds = new RefundDesk(parts);
    this.#accounts = new SubAccountDesk(parts);
    for (const { account, currency, amountMinor } of options.delegatedFunds)
      this.#retries.insist(`fund/${account}`, 0 as EpochMs, () => {
        const id = `opening-${account}-${currency}`;
        options.store.transact((books) => fundWallet(books, account, currency, amountMinor, id));
        return [];
      });
  }

  get reactions() {
    return {
      'delegation-request': (frame: FrameOf<'delegation-request'>, now: EpochMs) => this.#desk.request(frame, now),
      'delegation-confirm': (frame: FrameOf<'delegation-confirm'>, now: EpochMs) => this.#desk.confirm(frame, now),
      'delegation-query': (frame: FrameOf<'delegation-query'>, now: EpochMs) => this.#changes.query(frame, now),
      'delegation-end': (frame: FrameOf<'delegation-end'>, now: EpochMs) => this.#changes.end(frame, now),
      lifecycle: (frame: FrameOf<'lifecycle'>, now: EpochMs) => this.#changes.order(frame, now),
      'delegated-pay': (frame: FrameOf<'delegated-pay'>, now: EpochMs) => this.#spending.pay(frame, now),
      'delegated-query': (frame: FrameOf<'delegated-query'>, now: EpochMs) => this.#spending.query(frame, now),
      'refund-request': (frame: FrameOf<'refund-request'>, now: EpochMs) => this.#refunds.request(frame, now),
      'sub-account-request': (frame: FrameOf<'sub-account-request'>, now: EpochMs) =>
        this.#accounts.request(frame, now),
      'notice-ack': (frame: FrameOf<'notice-ack'>, now: EpochMs) => this.#notices.acknowledged(frame, now),
    };
  }

  /**
   * `suspend` or `resume` and a delegation (risk control); `status-down` or `status-up`; and how payments are executed from
   * now on: `execution-late`, `execution-done`, `execution-failed`. @returns `undefined` for other words.
   */
  command(words: string, now: EpochMs): Reaction | undefined {
    const { change, id = '', status, how } = COMMANDS.exec(words)?.groups ?? {};
    if (change !== undefined) return this.#changes[change as 'suspend' | 'resume'](id, now);
    if (how !== undefined) return this.#spending.executions(how as 'late' | 'done' | 'failed', now);
    if (status === undefined) return undefined;
    this.#spending.statusService(status === 'down');
    return [];
  }

  /** A device was locked. */
  lockdown(device: string, now: EpochMs): readonly Outgoing[] {
    return this.#changes.lockdown(device, now);
  }

  orderCame(payee: string, orderNo: string, now: EpochMs): readonly Outgoing[] {
    return this.#spending.orderCame(payee, orderNo, now);
  }

  heard(party: string, now: EpochMs): readonly Outgoing[] {
    return this.#notices.heard(party, now);
  }

  wakeAt(): EpochMs | undefined {
    const times = [this.#retries, this.#notices, this.#spending].map((one) => one.wakeAt());
    return [...times, this.#book.nextEnd()].reduce(
      (first, time) => (time !== undefined && time < (first ?? Number.POSITIVE_INFINITY) ? time : first),
      undefined,
    );
  }

  tick(now: EpochMs): readonly Outgoing[] {
    return [this.#retries, this.#changes, this.#spending, this.#notices].flatMap((one) => one.tick(now));
  }
}
