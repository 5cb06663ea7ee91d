/** Everything a PSP does about delegated payments, behind one door: frames, commands, time. */
import { type Currency, type EpochMs, fromHex, type OrderNotice } from '../../protocol/index.ts';
import { fundWallet } from '../ledger/money.ts';
import type { LedgerStore } from '../ledger/store.ts';
import type { Drop, FrameOf, Outgoing, Reaction } from './handler.ts';
import type { Ledger } from './ledger.ts';
import type { OrderBook } from './order-book.ts';
import { SubAccountOrders } from './psp-account-orders.ts';
import { DelegationDesk } from './psp-delegation.ts';
import { SubAccountDesk } from './psp-delegation-accounts.ts';
import { DelegationBook } from './psp-delegation-book.ts';
import { DelegationChanges } from './psp-delegation-changes.ts';
import type { DelegationParts } from './psp-delegation-parts.ts';
import { LedgerRetries } from './psp-delegation-retries.ts';
import { RiskControl } from './psp-delegation-risk.ts';
import { Notices } from './psp-notices.ts';
import { RefundDesk, type Trades } from './psp-refunds.ts';
import { SpendingDesk } from './psp-spending.ts';
import { receiptIn } from './psp-spending-decision.ts';
import { registerIn } from './psp-spending-orders.ts';
import { paidNotice } from './psp-spending-record.ts';

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
  readonly #store: LedgerStore;
  readonly #orders: OrderBook;
  readonly #retries = new LedgerRetries();
  readonly #notices = new Notices();
  readonly #book: DelegationBook;
  readonly #changes: DelegationChanges;
  readonly #risk: RiskControl;
  readonly #desk: DelegationDesk;
  readonly #spending: SpendingDesk;
  readonly #refunds: RefundDesk;
  readonly #accounts: SubAccountDesk;
  readonly #accountOrders: SubAccountOrders;

  constructor(options: DelegationServiceOptions) {
    this.#store = options.store;
    this.#orders = options.orders;
    this.#book = new DelegationBook(options.store);
    const parts = { ...options, book: this.#book, retries: this.#retries, notices: this.#notices };
    this.#changes = new DelegationChanges(parts);
    this.#risk = new RiskControl(parts);
    this.#desk = new DelegationDesk(parts);
    this.#spending = new SpendingDesk(parts);
    this.#refunds = new RefundDesk(parts);
    this.#accounts = new SubAccountDesk(parts);
    this.#accountOrders = new SubAccountOrders(parts);
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
      'sub-account-order': (frame: FrameOf<'sub-account-order'>, now: EpochMs) => this.#accountOrders.order(frame, now),
      'notice-ack': (frame: FrameOf<'notice-ack'>, now: EpochMs) => this.#notices.acknowledged(frame, now),
    };
  }

  /**
   * `suspend` or `resume` and a delegation (risk control); `status-down` or `status-up`; and how payments are executed from
   * now on: `execution-late`, `execution-done`, `execution-failed`. @returns `undefined` for other words.
   */
  command(words: string, now: EpochMs): Reaction | undefined {
    const { change, id = '', status, how } = COMMANDS.exec(words)?.groups ?? {};
    if (change !== undefined) return this.#risk[change as 'suspend' | 'resume'](id, now);
    if (how !== undefined) return this.#spending.executions(how as 'late' | 'done' | 'failed', now);
    if (status === undefined) return undefined;
    this.#spending.statusService(status === 'down');
    return [];
  }

  /** A device was locked, perhaps for good. */
  lockdown(device: string, now: EpochMs, isForGood: boolean): readonly Outgoing[] {
    return this.#risk.lockdown(device, now, isForGood);
  }

  /** @returns why it stays locked all the same, as far as the ledger has answered. */
  unlocked(device: string, now: EpochMs): Drop | undefined {
    return this.#risk.unlocked(device, now);
  }

  /** Whether the ledger has not taken yet that a device was locked, or unlocked. */
  isWaiting(device: string): boolean {
    return this.#risk.isWaiting(device);
  }

  /**
   * A merchant has registered an order with this gateway; the others find it in the ledger. One that asks again about an order
   * that was paid with another gateway has missed the notice.
   */
  orderCame(payee: string, notice: OrderNotice, now: EpochMs): readonly Outgoing[] {
    return this.#retries.attempt(`order/${payee}/${notice.orderNo}`, now, (at) => {
      const receipt = this.#store.transact((books) => {
        registerIn(books, payee, notice);
        return receiptIn(books, payee, notice.orderNo);
      });
      const order = this.#orders.find(payee, notice.orderNo);
      const missed = order && receipt && !order.receipt ? [paidNotice(order, fromHex(receipt))] : [];
      // T3: it is not paid here once more, at once.
      if (order && receipt) order.receipt ??= fromHex(receipt);
      return [...missed, ...this.#spending.orderCame(payee, notice.orderNo, at)];
    });
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
