/** The terms of a delegation that ACT has no fields for: what exactly is bought, when, how often and for how much a day. */
import { type EdgeTerms, termsOf } from '../../protocol/act/edge-terms.ts';
import type { IacPayload } from '../../protocol/act/iac.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { type FieldTable, quoted, sentence, valued } from './field-table.ts';
import type { Weekday } from './phrases-delegation.ts';

/** A credential with its private part read. */
export type ReadIac = Omit<IacPayload, 'ext'> & {
  readonly ext?: Omit<NonNullable<IacPayload['ext']>, 'vendorPrivate'> & { readonly vendorPrivate?: EdgeTerms };
};

/** The credential as it can be shown, or `undefined` where its private part is not exactly terms of ours (T9). */
export function readIac(iac: IacPayload): ReadIac | undefined {
  const { ext, ...core } = iac;
  if (ext === undefined) return core;
  const { vendorPrivate: _text, ...known } = ext;
  try {
    const terms = termsOf(iac);
    return { ...core, ext: terms === undefined ? known : { ...known, vendorPrivate: terms } };
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

const twoDigits = (number: number) => String(number).padStart(2, '0');

/** `09:30`; the end of the day is `24:00`. */
function clockTime(minutes: number): string {
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

/** `UTC+08:00`, so that nobody takes a time of day for one in UTC, as the others on the page are. */
function offset(minutes: number): string {
  return `UTC${minutes < 0 ? '-' : '+'}${clockTime(Math.abs(minutes))}`;
}

type Item = NonNullable<EdgeTerms['items']>[number];

/** `2x latte: large, oat`. */
function itemText({ quantity, itemId, choices = [] }: Item): string {
  return `${quantity}x ${itemId}${choices.length === 0 ? '' : `: ${choices.join(', ')}`}`;
}

/**
 * Every term, in the order in which they are shown. The ids of the vocabulary are shown as they are: the signer has no
 * vocabulary, and a name from the host would be the host's word for it.
 */
export const TERM_FIELDS: FieldTable<EdgeTerms> = {
  items: { tell: (items, { words }) => quoted(words.items, items.map(itemText)) },
  purpose: { tell: (purpose, { words }) => quoted(words.purpose, [purpose]) },
  maxOrders: {
    tell: (count, { words }) => valued(words.ordersMax, String(count)),
    absent: ({ words }) => sentence(words.anyNumber),
  },
  maxDailyMinor: {
    tell: (minor, { words, money }) => valued(words.dailyMax, money(minor)),
    absent: ({ words }) => sentence(words.dailyAny),
  },
  firstFundMinor: { tell: (minor, { words, money }) => valued(words.firstFund, money(minor)) },
  weekdays: {
    tell: (days, { words }) => [
      { kind: 'named', label: words.weekdays, names: days.map((day) => words.weekday[day as Weekday]) },
    ],
    absent: ({ words }) => sentence(words.anyDay),
  },
  fromMin: {
    tell: (minutes, { words }) => valued(words.dayFrom, clockTime(minutes)),
    absent: ({ words }) => sentence(words.anyTime),
  },
  untilMin: { tell: (minutes, { words }) => valued(words.dayUntil, clockTime(minutes)) },
  utcOffsetMin: { tell: (minutes, { words }) => valued(words.localTime, offset(minutes)) },
  wantedFrom: { tell: (at, { words }) => [{ kind: 'time', label: words.wantedFrom, at }] },
  wantedUntil: { tell: (at, { words }) => [{ kind: 'time', label: words.wantedUntil, at }] },
  currency: { unseen: 'that of the credential: the terms are refused in another one' },
};
