/**
 * The PSP's ledger of delegated payments (ACT 2.1 PSD-PAY-DEL, PSD-PAY-AUP, PSD-AGT-SUB): what was authorised, what is
 * promised, what was paid and what went back. Any number of gateways may hold one over the same store. Each operation is one
 * transaction and idempotent by its id: after {@link LedgerUnavailable} the same call is simply made again.
 */
import type { Currency, EpochMs, PaymentError } from '../../protocol/index.ts';
import { type Changed, changeState, type Opened, openDelegation, passagesOf, statusOf } from './delegations.ts';
import { balanceOf, fundWallet, walletPot } from './money.ts';
import type {
  Change,
  DelegationStanding,
  DelegationTerms,
  Executed,
  Passage,
  RefundOrder,
  Spend,
  SpendRequest,
  Standing,
  SubAccountAnswer,
  SubAccountOrder,
} from './orders.ts';
import { type Refunded, refund } from './refunds.ts';
import {
  type Committed,
  check,
  commit,
  find,
  type Price,
  type Reserved,
  release,
  reserve,
  spendsOf,
} from './spending.ts';
import type { LedgerStore } from './store.ts';
import { operate } from './sub-accounts.ts';

export class DelegationLedger {
  readonly #store: LedgerStore;

  constructor(store: LedgerStore) {
    this.#store = store;
  }

  /** Puts money into a wearer's wallet, once for each id. @throws Error for an id that stands for another movement. */
  fund(account: string, currency: Currency, amountMinor: number, id: string): void {
    this.#store.transact((books) => fundWallet(books, account, currency, amountMinor, id));
  }

  /** What a wallet holds; what is promised to open payments is not in it. */
  wallet(account: string, currency: Currency): number {
    return this.#store.transact((books) => balanceOf(books, walletPot(account), currency));
  }

  /**
   * A credential the wearer has signed becomes Active. With a sub-account, that is opened for its agent and topped up with
   * the total, or with what it is to hold at first, out of the wallet in the same transaction.
   */
  open(terms: DelegationTerms, now: EpochMs): Opened {
    return this.#store.transact((books) => openDelegation(books, terms, now));
  }

  /**
   * Takes a credential to another state, by {@link IAC_TRANSITIONS} only. Once this has returned Suspended, Revoked or
   * Expired, no {@link commit} succeeds (T17).
   */
  change(change: Change, now: EpochMs): Changed {
    return this.#store.transact((books) => changeState(books, change, now));
  }

  /** Where a credential stands. One whose end has come is found Expired, and stays so whatever a clock says later (T16). */
  status(delegationId: string, now: EpochMs): DelegationStanding | undefined {
    return this.#store.transact((books) => statusOf(books, delegationId, now));
  }

  /** The changes of state that a credential has gone through after one version, oldest first, whoever has made them. */
  passages(delegationId: string, afterVersion: number): readonly Passage[] {
    return this.#store.transact((books) => passagesOf(books, delegationId, afterVersion));
  }

  /**
   * What state, window and limits of the credential say to a payment, in ACT's order, without promising anything; for a PSP
   * that judges other things between the limits and the money. {@link reserve} judges all of it again.
   */
  check(price: Price, now: EpochMs): PaymentError | undefined {
    return this.#store.transact((books) => check(books, price, now));
  }

  /** Promises an amount to a payment before it is executed (T14, T15). A refusal is kept: the id stands for it from then on. */
  reserve(request: SpendRequest, now: EpochMs): Reserved {
    return this.#store.transact((books) => reserve(books, request, now));
  }

  /**
   * Makes the payment: state, window and version are judged again in this transaction (T17). A refused commit gives back what
   * was reserved. @throws Error for a request that was never reserved.
   */
  commit(requestId: string, executed: Executed, now: EpochMs): Committed {
    return this.#store.transact((books) => commit(books, requestId, executed, now));
  }

  /** The payment has failed: gives back what was reserved. What is committed, released or unknown stays as it is. */
  release(requestId: string, error: PaymentError, now: EpochMs): void {
    this.#store.transact((books) => release(books, requestId, error, now));
  }

  /** What became of a request; `undefined` for one that never came this far. */
  find(requestId: string): Standing | undefined {
    return this.#store.transact((books) => find(books, requestId));
  }

  /** Gives back what was paid, to where it came from (T29). */
  refund(order: RefundOrder, now: EpochMs): Refunded {
    return this.#store.transact((books) => refund(books, order, now));
  }

  /** PSD-AGT-SUB: open, top up, freeze, unfreeze, cancel, query. */
  subAccount(order: SubAccountOrder): SubAccountAnswer {
    return this.#store.transact((books) => operate(books, order));
  }

  /** The payments made under a credential, in the order in which they were made. */
  spends(delegationId: string): readonly Spend[] {
    return this.#store.transact((books) => spendsOf(books, delegationId));
  }
}
