/** What a credential bounds, as the device itself reads it: days, windows, what is left. */
import {
  type EdgeTerms,
  type EpochMs,
  type EpochSeconds,
  type IacPayload,
  msOf,
  ProtocolError,
  termsOf,
} from '../../protocol/index.ts';
import { DAY_MIN, dayAt, minuteAt, weekdayOf } from '../voice/delegation/calendar.ts';

/** Spoken times and days are those of China, as the words are read. */
export const LOCAL_OFFSET_MIN = 480;

const DAY_MS = 86_400_000;
/** From this part of the total on the wearer is warned, in hundredths. */
const BUDGET_WARNING_PERCENT = 80;

/** A credential never changes, and is asked for its terms at each word about it: they are read once. */
const read = new WeakMap<IacPayload, { readonly terms: EdgeTerms | undefined }>();

/** The terms, or `undefined` where there are none that can be read; what cannot be read was never shown, so never signed. */
export function readTerms(iac: IacPayload): EdgeTerms | undefined {
  const known = read.get(iac) ?? { terms: readableTerms(iac) };
  read.set(iac, known);
  return known.terms;
}

function readableTerms(iac: IacPayload): EdgeTerms | undefined {
  try {
    return termsOf(iac);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** Of the terms, or the one that words are read in. */
export function offsetOf(terms: EdgeTerms | undefined): number {
  return terms?.utcOffsetMin ?? LOCAL_OFFSET_MIN;
}

/** Whether the terms let an order be made at this moment. */
export function isDue(terms: EdgeTerms | undefined, at: EpochSeconds): boolean {
  if (terms === undefined) return true;
  const { weekdays, fromMin = 0, untilMin = DAY_MIN } = terms;
  const [weekday, minute] = [weekdayOf(dayAt(msOf(at), terms.utcOffsetMin)), minuteAt(msOf(at), terms.utcOffsetMin)];
  return (weekdays === undefined || weekdays.includes(weekday)) && minute >= fromMin && minute < untilMin;
}

/** A day before the end, or in the last tenth of a window that is shorter than ten days. */
export function endWarningAt({ validityStartTime, validityEndTime }: IacPayload): EpochMs {
  const [from, until] = [msOf(validityStartTime), msOf(validityEndTime)];
  return (until - Math.min(DAY_MS, Math.floor((until - from) / 10))) as EpochMs;
}

export function isNearTotal(spentMinor: number, { maxTotalMinor }: IacPayload): boolean {
  // No product of two amounts: that may be above what a number holds exactly.
  return spentMinor >= Math.ceil(maxTotalMinor / 100) * BUDGET_WARNING_PERCENT || spentMinor >= maxTotalMinor;
}

/** What can still be paid; 0 where more was paid than was allowed. */
export function leftMinor(spentMinor: number, { maxTotalMinor }: IacPayload): number {
  return Math.max(0, maxTotalMinor - spentMinor);
}
