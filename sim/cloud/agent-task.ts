/** One delegation as its agent knows it: the credential, what pays under it, what was spent, and how far the task is. */
import {
  type DelegationNews,
  type DelegationTask,
  delegationModeOf,
  type EdgeTerms,
  type EpochMs,
  type IacPayload,
  type Id16,
  type Instrument,
  msOf,
  type Party,
  type TaskState,
} from '../../protocol/index.ts';
import { isRecurring, localDay } from './agent-schedule.ts';
import type { Outgoing } from './handler.ts';

/** What a credential says, verified; nothing of it changes any more. */
export interface Mandate {
  /** The credential's id. */
  readonly id: Id16;
  readonly device: Party;
  /** The authorization whole, as payment requests carry it. */
  readonly authorization: Uint8Array;
  readonly iac: IacPayload;
  readonly terms: EdgeTerms;
  readonly locale: DelegationTask['locale'];
  readonly place: DelegationTask['place'];
}

/** What was spent, and how often, on one local day. */
interface DaySpent {
  readonly day: number;
  readonly amountMinor: number;
  readonly orders: number;
}

/** Where the agent stands with one delegation. The PSP's own history decides; this only spares it what it would refuse. */
export class Task {
  readonly mandate: Mandate;
  /** Whom to buy from; one that answers with what nobody asked for is struck off. */
  readonly merchants: Set<string>;
  instrument: Instrument | undefined;
  /** By the PSP's word, the newest. */
  status: 'Active' | 'Suspended' | 'Revoked' | 'Expired' = 'Active';
  /** Counts from 0, which is the credential as it was issued. */
  statusVersion = 0;
  hasEnded = false;
  spentMinor = 0;
  orders = 0;
  /** Payments of the present order that failed. */
  retries = 0;
  /** What is not to be paid or more than that today: a merchant or the wearer has shown that it is too much. */
  #tooMuch = { day: -1, amountMinor: Number.POSITIVE_INFINITY };
  #day: DaySpent = { day: -1, amountMinor: 0, orders: 0 };
  #news: DelegationNews;

  constructor(mandate: Mandate, merchants: Iterable<string>) {
    this.mandate = mandate;
    this.merchants = new Set(merchants);
    this.#news = { delegationId: mandate.id, version: 1, state: 'accepted' };
  }

  get id(): Id16 {
    return this.mandate.id;
  }

  get isBounded(): boolean {
    return delegationModeOf(this.mandate.iac) === 'BOUNDED';
  }

  get isRecurring(): boolean {
    return isRecurring(this.mandate.terms);
  }

  /** What pays is there, and the PSP has not stopped it. */
  get mayPay(): boolean {
    return !this.hasEnded && this.instrument !== undefined && this.status === 'Active';
  }

  /** The most that one payment may be now: single, total and daily limit, whichever is least. */
  leftMinor(now: EpochMs): number {
    const { maxDailyMinor = Number.POSITIVE_INFINITY } = this.mandate.terms;
    return Math.min(this.mostMinor, maxDailyMinor - this.#today(now).amountMinor);
  }

  /** What the things may cost to be worth a try now. */
  worthMinor(now: EpochMs): number {
    const { day, amountMinor } = this.#tooMuch;
    const isToday = day === localDay(this.mandate.terms, now);
    return Math.min(this.leftMinor(now), isToday ? amountMinor - 1 : Number.POSITIVE_INFINITY);
  }

  /** No order for things at this price again today. */
  isTooMuch(amountMinor: number, now: EpochMs): void {
    this.#tooMuch = { day: localDay(this.mandate.terms, now), amountMinor };
  }

  /** What is left in all. */
  get budgetMinor(): number {
    return this.mandate.iac.maxTotalMinor - this.spentMinor;
  }

  /** The most that one payment may be on any day. */
  get mostMinor(): number {
    return Math.min(this.budgetMinor, this.singleMinor, this.mandate.terms.maxDailyMinor ?? Number.POSITIVE_INFINITY);
  }

  get singleMinor(): number {
    const { iac } = this.mandate;
    return iac.ext?.commerce?.maxSingleMinor ?? iac.maxTotalMinor;
  }

  /** Whether one more order is meant: one each day where there are days, else as many as were named, else one. */
  wantsMore(now: EpochMs): 'yes' | 'another-day' | 'no' {
    const { terms } = this.mandate;
    const isRepeated = isRecurring(terms) || this.isBounded;
    if (this.orders >= (terms.maxOrders ?? (isRepeated ? Number.POSITIVE_INFINITY : 1))) return 'no';
    return isRecurring(terms) && !this.isBounded && this.#today(now).orders > 0 ? 'another-day' : 'yes';
  }

  isOver(now: EpochMs): boolean {
    return now >= msOf(this.mandate.iac.validityEndTime);
  }

  /** Counts what a receipt shows. */
  paid(amountMinor: number, now: EpochMs): void {
    const { day, amountMinor: before, orders } = this.#today(now);
    this.spentMinor += amountMinor;
    this.orders += 1;
    this.retries = 0;
    this.#day = { day, amountMinor: before + amountMinor, orders: orders + 1 };
  }

  /** Tells the device, unless it was told this last. */
  tell(state: TaskState, reason?: string): readonly Outgoing[] {
    if (this.#news.state === state && this.#news.reason === reason) return [];
    // What comes in after the end, a late receipt for example, takes nothing of it back.
    if (this.hasEnded && state !== 'done' && state !== 'ended') return [];
    const { delegationId, version } = this.#news;
    this.#news = { delegationId, version: version + 1, state, ...(reason !== undefined && { reason }) };
    return [this.news];
  }

  /** The newest news. */
  get news(): Outgoing {
    return { to: this.mandate.device, message: { type: 'delegation-news', body: this.#news } };
  }

  #today(now: EpochMs): DaySpent {
    const day = localDay(this.mandate.terms, now);
    return this.#day.day === day ? this.#day : { day, amountMinor: 0, orders: 0 };
  }
}
