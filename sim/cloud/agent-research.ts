/** Carries out a BOUNDED delegation: sees what is on offer, has it chosen from, buys one resource after the other (PSD-PAY-AUP). */
import type { EpochMs, Id16, PaymentError } from '../../protocol/index.ts';
import { type Offered, readCatalogue } from './agent-catalogue.ts';
import type { Errands, Returned } from './agent-errands.ts';
import { afterFailure, mayRetry, reasonOf } from './agent-failures.ts';
import { type PlanQuestion, plainPlan, readPlan } from './agent-planner.ts';
import type { Desk, Purchase, ResourceDesk } from './agent-resources.ts';
import { nextDayAt, nextOpening } from './agent-schedule.ts';
import type { Task } from './agent-task.ts';
import { deviationActionOf, isOverTolerance } from './agent-tolerance.ts';
import type { Worker, WorkerMeans } from './agent-worker.ts';
import type { Outgoing } from './handler.ts';

/** `buying` lasts until the money is spoken for, one way or the other: nothing else may be bought meanwhile. */
type Stage = 'resting' | 'reading' | 'planning' | 'billing' | 'asking' | 'buying';

const SOON_MS = 5_000;
const LATER_MS = 3_600_000;
/** An account that does not pay is tried again at least every 16 hours. */
const MOST_WAITS = 4;
/** Catalogues that cannot be read, and bills that do not come, are asked for so often. */
const TRIES = 4;

export interface ResearchMeans extends WorkerMeans {
  readonly errands: Errands;
  readonly resources: ResourceDesk;
  /** By party. */
  readonly desks: ReadonlyMap<string, Desk>;
}

export class Researcher implements Worker {
  readonly #task: Task;
  readonly #means: ResearchMeans;
  #stage: Stage = 'resting';
  #errand: Id16 | undefined;
  /** What every desk has said it sells; a desk that said nothing is asked again. */
  readonly #offered = new Map<string, readonly Offered[]>();
  /** What is to be bought, once that is decided. */
  #plan: Offered[] | undefined;
  #tries = 0;
  /** Numbers the bills: one that failed is not paid later. */
  #bills = 0;
  #acceptedMinor = 0;
  /** Why the last thing was not bought. */
  #reason = 'nothing-to-buy';
  /** Why something that was paid did not come. */
  #missing: string | undefined;

  constructor(task: Task, means: ResearchMeans) {
    this.#task = task;
    this.#means = means;
  }

  begin(now: EpochMs): readonly Outgoing[] {
    if (this.#stage !== 'resting') return [];
    this.#means.alarms.clear(this.#alarm);
    return this.#go(now);
  }

  halt(): void {
    const { alarms, questions, errands } = this.#means;
    alarms.clear(this.#alarm);
    questions.withdraw(this.#task.id);
    errands.drop(this.#errand);
    if (this.#stage !== 'buying') this.#stage = 'resting';
  }

  /** What has to be done next, if it may be done now. */
  #go(now: EpochMs): readonly Outgoing[] {
    const task = this.#task;
    this.#stage = 'resting';
    this.#errand = undefined;
    if (!task.mayPay) return [];
    if (task.wantsMore(now) === 'no') return this.#finish(now);
    const opens = nextOpening(task.mandate.iac, task.mandate.terms, now);
    if (opens === undefined) return this.#finish(now, 'time-over');
    if (opens > now) return [...task.tell('watching', 'not-yet'), ...this.#rest(opens)];
    if (this.#plan !== undefined) return this.#next(this.#plan, now);
    const unread = [...task.merchants].find((party) => !this.#offered.has(party));
    return unread === undefined ? this.#choose(now) : this.#read(unread);
  }

  #read(seller: string): readonly Outgoing[] {
    const { errands, desks } = this.#means;
    this.#stage = 'reading';
    const request = { method: 'GET', url: `${desks.get(seller)?.url}/resources`, headers: {} } as const;
    this.#errand = errands.order({ kind: 'http', request, body: 'text' }, (answer, at) =>
      this.#offers(seller, answer, at),
    );
    return this.#task.tell('watching');
  }

  #offers(seller: string, answer: Returned, now: EpochMs): readonly Outgoing[] {
    const text = 'status' in answer && answer.status === 200 ? answer.text : undefined;
    if (text === undefined && this.#tries < TRIES) return this.#again(now);
    this.#tries = 0;
    this.#offered.set(seller, readCatalogue(text ?? '', seller, this.#task.mandate.iac.currency));
    return this.#go(now);
  }

  /** BOUNDED: which of them, a planner may say; nothing that the bounds do not allow is put to it. */
  #choose(now: EpochMs): readonly Outgoing[] {
    const task = this.#task;
    const { terms, locale } = task.mandate;
    const { budgetMinor, mostMinor } = task;
    const able = [...this.#offered.values()].flat().filter(({ amountMinor }) => amountMinor <= mostMinor);
    if (able.length === 0) return this.#finish(now);
    const question: PlanQuestion = {
      ...{ purpose: terms.purpose ?? '', locale, currency: terms.currency, budgetMinor },
      candidates: able.map(({ title, amountMinor }, i) => ({ id: `r${i + 1}`, title: title[locale], amountMinor })),
    };
    this.#stage = 'planning';
    this.#errand = this.#means.errands.order({ kind: 'plan', question }, (answer, at) => {
      const proposed = 'proposal' in answer ? readPlan(answer.proposal, question) : undefined;
      const taken = proposed ?? plainPlan(question);
      this.#plan = taken.flatMap((id) => able[question.candidates.findIndex((one) => one.id === id)] ?? []);
      return this.#go(at);
    });
    return [];
  }

  #next(plan: readonly Offered[], now: EpochMs): readonly Outgoing[] {
    const [offered] = plan;
    if (offered === undefined) return this.#finish(now);
    this.#stage = 'billing';
    const purchase = this.#means.resources.purchase(this.#task, offered, this.#bills);
    this.#errand = this.#means.resources.bill(purchase, (judged, at) => this.#billed(purchase, judged, at));
    return [];
  }

  /** The local pre-check of PSD-PAY-AUP; the PSP checks all of it again. */
  #billed(purchase: Purchase, judged: ReturnType<ResourceDesk['judge']>, now: EpochMs): readonly Outgoing[] {
    const task = this.#task;
    if ('silent' in judged && this.#tries < TRIES) return this.#again(now);
    if (!('bill' in judged)) return this.#skip('fault' in judged ? judged.fault : 'silent', now);
    if (!task.mayPay) return this.#go(now);
    const { bill } = judged;
    const { iac } = task.mandate;
    if (bill.amountMinor < (iac.ext?.commerce?.minSingleMinor ?? 0)) return this.#skip('below-minimum', now);
    if (bill.amountMinor > task.mostMinor) return this.#skip('over-limit', now);
    if (bill.amountMinor > task.leftMinor(now)) return this.#tomorrow('budget-of-day-spent', now);
    const expectedMinor = purchase.offered.amountMinor;
    const isOver = isOverTolerance(iac, bill.amountMinor, expectedMinor);
    if (isOver && bill.amountMinor > this.#acceptedMinor) return this.#deviates(purchase, bill.amountMinor, now);
    this.#stage = 'buying';
    const what = { payee: purchase.offered.seller, orderNo: bill.outTradeNo, resourceId: bill.resourceId };
    const payable = { ...what, amountMinor: bill.amountMinor };
    const sent = this.#means.payments.pay(task, payable, now, (outcome, at) => {
      if (outcome.kind === 'refused') return this.#refused(outcome.error, at);
      if (outcome.kind === 'lost') return this.#retry('payment-lost', at);
      task.paid(outcome.receipt.amountMinor, at);
      this.#taken();
      this.#means.resources.collect(purchase, bill, outcome, (why, then) => this.#received(why, then));
      return task.tell('buying', 'paid');
    });
    return sent ?? this.#skip('order-repeated', now);
  }

  /** Delivery is an outcome of its own: what was paid stays paid, whatever the seller does. */
  #received(reason: string | undefined, now: EpochMs): readonly Outgoing[] {
    this.#missing ??= reason;
    this.#stage = 'resting';
    return this.#task.hasEnded ? [] : this.#go(now);
  }

  #deviates({ offered }: Purchase, amountMinor: number, now: EpochMs): readonly Outgoing[] {
    const task = this.#task;
    if (deviationActionOf(task.mandate.iac) === 'AUTO_CANCEL')
      return this.#means.end(task, 'ended', 'price-moved', now);
    this.#stage = 'asking';
    const { seller: merchant, resourceId: itemId, amountMinor: referenceMinor } = offered;
    return this.#means.questions.ask(task, { merchant, itemId, amountMinor, referenceMinor }, now, (accept, at) => {
      this.#stage = 'resting';
      if (!accept) return this.#skip('price-moved', at);
      this.#acceptedMinor = amountMinor;
      // The bill may have run out while the wearer thought about it.
      this.#bills += 1;
      return this.#go(at);
    });
  }

  #refused(error: PaymentError, now: EpochMs): readonly Outgoing[] {
    const task = this.#task;
    const reason = reasonOf(error);
    this.#stage = 'resting';
    if (task.hasEnded) return [];
    // PSD-AGT-SUB: the wearer may put more in, or let it pay again; the PSP tells of that by naming what pays once more.
    if (error === 'INSUFFICIENT_BALANCE') return this.#awaitAccount(reason, now);
    // Whether it is closed for good, and no use waiting for, its status tells; one that is only frozen is waited for.
    if (error === 'SUB_ACCOUNT_INVALID') return [...this.#awaitAccount(reason, now), ...this.#means.doubt(task, now)];
    const after = {
      retry: () => this.#retry(reason, now),
      wait: () => {
        this.#bills += 1;
        task.status = 'Suspended';
        return [...task.tell('watching', reason), ...this.#means.doubt(task, now)];
      },
      later: () => this.#retry(reason, now),
      'too-much': () => this.#skip(reason, now),
      'other-merchant': () => {
        const [refused] = this.#plan ?? [];
        this.#plan = this.#plan?.filter(({ seller }) => seller !== refused?.seller);
        this.#reason = reason;
        return this.#go(now);
      },
      'another-day': () => {
        const { maxDailyMinor } = task.mandate.terms;
        return maxDailyMinor === undefined ? this.#finish(now, reason) : this.#tomorrow(reason, now);
      },
      end: () => this.#means.end(task, 'ended', reason, now),
    };
    return after[afterFailure(error)]();
  }

  /** Nothing tells for certain that it pays again, so it is tried, ever more seldom; the same is bought then. */
  #awaitAccount(reason: string, now: EpochMs): readonly Outgoing[] {
    this.#bills += 1;
    const afterMs = LATER_MS * 2 ** Math.min(this.#task.retries, MOST_WAITS);
    this.#task.retries += 1;
    return [...this.#task.tell('watching', reason), ...this.#rest((now + afterMs) as EpochMs)];
  }

  /** The bill will have run out by then. */
  #tomorrow(reason: string, now: EpochMs): readonly Outgoing[] {
    this.#bills += 1;
    return [...this.#task.tell('watching', reason), ...this.#rest(nextDayAt(this.#task.mandate.terms, now))];
  }

  #retry(reason: string, now: EpochMs, afterMs = SOON_MS * 2 ** this.#task.retries): readonly Outgoing[] {
    const task = this.#task;
    this.#stage = 'resting';
    if (task.hasEnded) return [];
    this.#bills += 1;
    if (!mayRetry(task.mandate.iac, task.retries)) return this.#skip(reason, now);
    task.retries += 1;
    return [...task.tell('watching', reason), ...this.#rest((now + afterMs) as EpochMs)];
  }

  #skip(reason: string, now: EpochMs): readonly Outgoing[] {
    this.#reason = reason;
    this.#taken();
    return this.#go(now);
  }

  /** The first of the plan is dealt with. */
  #taken(): void {
    this.#plan?.shift();
    this.#tries = 0;
    this.#task.retries = 0;
    this.#acceptedMinor = 0;
  }

  #again(now: EpochMs): readonly Outgoing[] {
    this.#tries += 1;
    return this.#rest((now + SOON_MS * 2 ** this.#tries) as EpochMs);
  }

  #finish(now: EpochMs, reason = this.#reason): readonly Outgoing[] {
    const isDone = this.#task.orders > 0;
    return this.#means.end(this.#task, isDone ? 'done' : 'ended', isDone ? (this.#missing ?? 'bought') : reason, now);
  }

  #rest(until: EpochMs): readonly Outgoing[] {
    this.#stage = 'resting';
    this.#means.alarms.set(this.#alarm, until, (at) => this.#go(at));
    return [];
  }

  get #alarm(): string {
    return `task/${this.#task.id}`;
  }
}
