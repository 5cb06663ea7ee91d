/** Carries out a SPECIFIED delegation: waits for its time and its price, has a cart made, checks it, pays it (PSD-PAY-DEL). */
import type { EpochMs } from '../../protocol/index.ts';
import { type CartFault, cartFault, goodsMinor } from './agent-cart.ts';
import { afterFailure, mayRetry, reasonOf } from './agent-failures.ts';
import type { CartAnswer, Orders } from './agent-orders.ts';
import type { Outcome } from './agent-payments.ts';
import { type Estimate, TaskPrices } from './agent-prices.ts';
import { nextDayAt, nextOpening } from './agent-schedule.ts';
import type { Task } from './agent-task.ts';
import { deviationActionOf, isOverTolerance } from './agent-tolerance.ts';
import type { Follower } from './agent-watches.ts';
import type { Worker, WorkerMeans } from './agent-worker.ts';
import type { Outgoing } from './handler.ts';

/** One thing at a time: an order that is asked about or paid is the only one. */
type Stage = 'resting' | 'armed' | 'asking' | 'ordering' | 'paying';

const SOON_MS = 5_000;
const LATER_MS = 60_000;
const MUCH_LATER_MS = 3_600_000;

/** What a merchant's refusal to make a cart means; with any other code he is of no use to this task. */
const REFUSED_FOR_MS: ReadonlyMap<string, number> = new Map([
  ['queueing', SOON_MS],
  ['not-on-sale', LATER_MS],
  ['sold-out', LATER_MS],
  ['out-of-stock', LATER_MS],
  ['no-seat', LATER_MS],
  ['silent', LATER_MS],
  ['closed', 10 * LATER_MS],
  // What is wanted may be put on yet.
  ['not-then', 10 * LATER_MS],
]);

/** Faults of the moment or of the price; after any other the merchant is struck off. */
const PRICE_FAULTS: ReadonlySet<CartFault> = new Set(['over-limit', 'below-minimum', 'cart-expired']);

export class Shopper implements Worker, Follower {
  readonly #task: Task;
  readonly #means: WorkerMeans;
  readonly #orders: Orders;
  readonly #prices: TaskPrices;
  #stage: Stage = 'resting';
  /** What the order cost when its price was first seen. */
  #referenceMinor: number | undefined;
  /** What the wearer has said yes to. */
  #acceptedMinor = 0;
  #isFollowing = false;

  constructor(task: Task, means: WorkerMeans, orders: Orders) {
    this.#task = task;
    this.#means = means;
    this.#orders = orders;
    this.#prices = new TaskPrices(task, means.watches, this);
  }

  begin(now: EpochMs): readonly Outgoing[] {
    if (this.#stage !== 'resting') return [];
    const watches = this.#isFollowing ? [] : this.#prices.follow(now);
    this.#isFollowing = true;
    return [...watches, ...this.#consider(now)];
  }

  halt(): void {
    const { alarms, questions } = this.#means;
    this.#prices.disarm();
    questions.withdraw(this.#task.id);
    alarms.clear(this.#alarm);
    this.#orders.forget(this.#task.id);
    if (this.#stage !== 'paying') this.#stage = 'resting';
    if (!this.#task.hasEnded) return;
    this.#prices.unfollow();
    this.#isFollowing = false;
  }

  onPrice(now: EpochMs): readonly Outgoing[] {
    this.#referenceMinor ??= this.#prices.asked()?.totalMinor;
    if (this.#stage !== 'armed' && this.#stage !== 'asking') return [];
    const { iac, terms } = this.#task.mandate;
    if (this.#stage === 'armed' && nextOpening(iac, terms, now) !== now) return this.#consider(now);
    const best = this.#prices.best();
    if (best === undefined || best.totalMinor > this.#task.worthMinor(now)) return [];
    const isDeviation = this.#isDeviation(best.totalMinor);
    if (this.#stage === 'asking' && (isDeviation || nextOpening(iac, terms, now) !== now)) return [];
    // What is within the tolerance again needs no answer.
    this.#means.questions.withdraw(this.#task.id);
    return isDeviation ? this.#deviates(best, now) : this.#order(best, now);
  }

  /** Whether anything can be bought now; if not, when next, or never. */
  #consider(now: EpochMs): readonly Outgoing[] {
    const task = this.#task;
    this.#stage = 'resting';
    this.#prices.disarm();
    if (!task.mayPay) return [];
    const wants = task.wantsMore(now);
    if (wants === 'no') return this.#means.end(task, 'done', 'bought', now);
    const { iac, terms } = task.mandate;
    const opens = nextOpening(iac, terms, wants === 'yes' ? now : nextDayAt(terms, now));
    if (opens === undefined) return this.#means.end(task, task.orders > 0 ? 'done' : 'ended', 'time-over', now);
    if (opens > now) return [...task.tell('watching', 'not-yet'), ...this.#rest(opens)];
    if (task.merchants.size === 0) return this.#means.end(task, 'ended', 'no-merchant', now);
    if (task.leftMinor(now) < Math.max(1, iac.ext?.commerce?.minSingleMinor ?? 0)) return this.#spent(now);
    return this.#arm(now);
  }

  #arm(now: EpochMs): readonly Outgoing[] {
    const { alarms } = this.#means;
    const { terms } = this.#task.mandate;
    this.#stage = 'armed';
    this.#prices.arm(this.#task.worthMinor(now));
    // The bounds of the day, and its hours, are others tomorrow.
    alarms.set(this.#alarm, nextDayAt(terms, now), (at) => this.#consider(at));
    return [...this.#task.tell('watching'), ...this.onPrice(now)];
  }

  #spent(now: EpochMs): readonly Outgoing[] {
    const { iac, terms } = this.#task.mandate;
    const isForToday = this.#task.spentMinor < iac.maxTotalMinor && terms.maxDailyMinor !== undefined;
    if (!isForToday) return this.#means.end(this.#task, 'done', 'budget-spent', now);
    return [...this.#task.tell('watching', 'budget-of-day-spent'), ...this.#rest(nextDayAt(terms, now))];
  }

  #rest(until: EpochMs): readonly Outgoing[] {
    this.#stage = 'resting';
    this.#prices.disarm();
    this.#means.alarms.set(this.#alarm, until, (at) => this.#consider(at));
    return [];
  }

  #isDeviation(goods: number): boolean {
    // Where no price was seen before, what the wearer meant to pay at most is what is expected.
    const reference = this.#referenceMinor ?? this.#task.singleMinor;
    return goods > this.#acceptedMinor && isOverTolerance(this.#task.mandate.iac, goods, reference);
  }

  /** CID-CART-CFM: a price beyond the tolerance never leads to a payment by itself. */
  #deviates({ merchant, totalMinor: amountMinor, itemId }: Estimate, now: EpochMs): readonly Outgoing[] {
    const task = this.#task;
    if (deviationActionOf(task.mandate.iac) === 'AUTO_CANCEL')
      return this.#means.end(task, 'ended', 'price-moved', now);
    this.#stage = 'asking';
    this.#prices.arm(task.worthMinor(now));
    this.#means.alarms.clear(this.#alarm);
    const referenceMinor = this.#referenceMinor ?? task.singleMinor;
    const what = { merchant, itemId, amountMinor, referenceMinor };
    return this.#means.questions.ask(task, what, now, (accept, at) => {
      if (accept) this.#acceptedMinor = amountMinor;
      else task.isTooMuch(amountMinor, at);
      return this.#consider(at);
    });
  }

  #order(estimate: Estimate, now: EpochMs): readonly Outgoing[] {
    this.#stage = 'ordering';
    this.#prices.disarm();
    this.#means.alarms.clear(this.#alarm);
    const { merchant } = estimate;
    return [
      ...this.#task.tell('buying'),
      ...this.#orders.request(this.#task, merchant, now, (answer, at) => this.#answered(answer, estimate, at)),
    ];
  }

  #answered(answer: CartAnswer, estimate: Estimate, now: EpochMs): readonly Outgoing[] {
    if (answer.kind === 'cart') return this.#judge(answer, estimate, now);
    const waitMs = REFUSED_FOR_MS.get(answer.code);
    if (waitMs === undefined) return this.#strike(estimate.merchant, answer.code, now);
    return [...this.#task.tell('watching', answer.code), ...this.#rest((now + waitMs) as EpochMs)];
  }

  /** PSD-PAY-DEL: the local pre-check; the PSP checks all of it again. */
  #judge({ bytes, opened }: Extract<CartAnswer, { kind: 'cart' }>, estimate: Estimate, now: EpochMs) {
    const task = this.#task;
    const { merchant } = estimate;
    const { iac, terms } = task.mandate;
    if (!task.mayPay || nextOpening(iac, terms, now) !== now) return this.#consider(now);
    const fault = cartFault(opened, merchant, task, now);
    if (fault !== undefined && PRICE_FAULTS.has(fault)) {
      if (fault === 'over-limit') task.isTooMuch(estimate.totalMinor, now);
      return [...task.tell('watching', fault), ...this.#rest((now + LATER_MS) as EpochMs)];
    }
    if (fault !== undefined || opened === undefined) return this.#strike(merchant, fault ?? 'cart-unsound', now);
    const goods = goodsMinor(opened.value);
    this.#referenceMinor ??= goods;
    if (this.#isDeviation(goods)) return this.#deviates({ ...estimate, totalMinor: goods }, now);
    const { orderNo, totalMinor: amountMinor } = opened.value;
    this.#stage = 'paying';
    const what = { payee: merchant, orderNo, amountMinor, cart: bytes };
    const sent = this.#means.payments.pay(task, what, now, (outcome, at) => this.#settled(outcome, estimate, at));
    return sent ?? this.#strike(merchant, 'order-repeated', now);
  }

  #settled(outcome: Outcome, estimate: Estimate, now: EpochMs): readonly Outgoing[] {
    const task = this.#task;
    this.#stage = 'resting';
    if (outcome.kind === 'paid') {
      task.paid(outcome.receipt.amountMinor, now);
      this.#acceptedMinor = 0;
    }
    if (task.hasEnded) return [];
    if (outcome.kind === 'paid') return this.#consider(now);
    if (outcome.kind === 'lost') return this.#retry('payment-lost', now);
    return this.#refused(outcome.error, estimate, now);
  }

  #refused(error: Extract<Outcome, { kind: 'refused' }>['error'], estimate: Estimate, now: EpochMs) {
    const task = this.#task;
    const reason = reasonOf(error);
    const rest = (until: number) => [...task.tell('watching', reason), ...this.#rest(until as EpochMs)];
    const { terms } = task.mandate;
    const after = {
      retry: () => this.#retry(reason, now),
      // The status that says Active begins again.
      wait: () => {
        task.status = 'Suspended';
        return [...task.tell('watching', reason), ...this.#means.doubt(task, now)];
      },
      later: () => this.#retry(reason, now, MUCH_LATER_MS),
      'too-much': () => {
        task.isTooMuch(estimate.totalMinor, now);
        return rest(now + LATER_MS);
      },
      'other-merchant': () => this.#strike(estimate.merchant, reason, now),
      'another-day': () =>
        terms.maxDailyMinor === undefined ? this.#means.end(task, 'ended', reason, now) : rest(nextDayAt(terms, now)),
      end: () => this.#means.end(task, 'ended', reason, now),
    };
    return after[afterFailure(error)]();
  }

  #retry(reason: string, now: EpochMs, afterMs = SOON_MS * 2 ** this.#task.retries): readonly Outgoing[] {
    const task = this.#task;
    if (!mayRetry(task.mandate.iac, task.retries)) return this.#giveUp(reason, now);
    task.retries += 1;
    return [...task.tell('watching', reason), ...this.#rest((now + afterMs) as EpochMs)];
  }

  /** This order is off; where there is one each day, tomorrow's is another. */
  #giveUp(reason: string, now: EpochMs): readonly Outgoing[] {
    const task = this.#task;
    task.retries = 0;
    if (!task.isRecurring) return this.#means.end(task, 'ended', reason, now);
    return [...task.tell('watching', reason), ...this.#rest(nextDayAt(task.mandate.terms, now))];
  }

  #strike(merchant: string, reason: string, now: EpochMs): readonly Outgoing[] {
    this.#prices.unfollow(merchant);
    this.#task.merchants.delete(merchant);
    if (this.#task.merchants.size === 0) return this.#means.end(this.#task, 'ended', reason, now);
    return this.#consider(now);
  }

  get #alarm(): string {
    return `task/${this.#task.id}`;
  }
}
