/** When orders may be made under a delegation: inside its validity, on its weekdays, between its minutes of the local day. */
import { type EdgeTerms, type EpochMs, type IacPayload, msOf } from '../../protocol/index.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** 1970-01-01 was a Thursday. */
const WEEKDAY_OF_DAY_0 = 3;

/** The number of the local day: days since the first of 1970. */
export function localDay({ utcOffsetMin }: EdgeTerms, at: EpochMs): number {
  return Math.floor((at + utcOffsetMin * MINUTE_MS) / DAY_MS);
}

/** The first moment of the local day after that of `at`. */
export function nextDayAt(terms: EdgeTerms, at: EpochMs): EpochMs {
  return startOf(terms, localDay(terms, at) + 1);
}

/** Whether the delegation is for orders again and again, one each day. */
export function isRecurring({ weekdays, fromMin }: EdgeTerms): boolean {
  return weekdays !== undefined || fromMin !== undefined;
}

/** When an order may be made next: `now` where it may now, `undefined` where never again. */
export function nextOpening(iac: IacPayload, terms: EdgeTerms, now: EpochMs): EpochMs | undefined {
  const from = Math.max(now, msOf(iac.validityStartTime));
  // The thing itself is over with its window: nobody wants a ticket for yesterday.
  const until = Math.min(msOf(iac.validityEndTime), ...(terms.wantedUntil ? [msOf(terms.wantedUntil)] : []));
  const first = localDay(terms, from as EpochMs);
  for (let day = first; day <= first + 7; day += 1) {
    if (!isOnDay(terms, day)) continue;
    const opens = Math.max(from, startOf(terms, day) + (terms.fromMin ?? 0) * MINUTE_MS);
    const closes = startOf(terms, day) + (terms.untilMin ?? 1_440) * MINUTE_MS;
    if (opens < closes) return opens < until ? (opens as EpochMs) : undefined;
  }
  return undefined;
}

function startOf({ utcOffsetMin }: EdgeTerms, day: number): EpochMs {
  return (day * DAY_MS - utcOffsetMin * MINUTE_MS) as EpochMs;
}

function isOnDay({ weekdays }: EdgeTerms, day: number): boolean {
  return weekdays?.includes(((day + WEEKDAY_OF_DAY_0) % 7) + 1) ?? true;
}
