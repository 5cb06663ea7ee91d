/**
 * What bounds a delegation beyond the fields that ACT has: what exactly is bought, when, how often, how much a day. It stands
 * in `ext.vendor_private` of the credential as `{"act_edge":{…}}`: every term only narrows what the core fields allow, so a
 * party that does not know them changes nothing by leaving them out, and the PSP that issued the challenge enforces them.
 */
import { ProtocolError } from '../errors.ts';
import { quantity } from '../fields.ts';
import { slug } from '../ids.ts';
import { isJsonObject, parseJson, writeJson } from '../json.ts';
import { int, list, uint, type WireValue, wireMap } from '../wire.ts';
import { currency, paidNumber, time } from './fields.ts';
import { delegationModeOf, type IacPayload } from './iac.ts';
import { fromJson, toJson } from './json-form.ts';
import { ascending, oneAlone, ruled, together } from './rules.ts';

const MINUTES_OF_A_DAY = 1_440;

/** One thing to buy: out of the vocabulary, how many in one order, and which choices are wanted. */
const WantedItem = wireMap('wanted-item', {
  itemId: [1, slug],
  quantity: [2, quantity],
  choices: [3, list(slug, 8, 1), 'optional'],
});

export const EdgeTerms = ruled(
  wireMap(
    'edge-terms',
    {
      currency: [1, currency],
      /** What one order holds, no more and nothing else; absent where the agent chooses. */
      items: [2, list(WantedItem, 8, 1), 'optional'],
      /** What a BOUNDED task is for: an item of the vocabulary. */
      purpose: [3, slug, 'optional'],
      maxDailyMinor: [4, paidNumber, 'optional'],
      /** How many orders in all. */
      maxOrders: [5, uint(10_000, 1), 'optional'],
      /** On which days orders may be made, 1 Monday to 7 Sunday, ascending. */
      weekdays: [6, list(uint(7, 1), 7, 1), 'optional'],
      /** From this minute of the local day until before that one. */
      fromMin: [7, uint(MINUTES_OF_A_DAY - 1), 'optional'],
      untilMin: [8, uint(MINUTES_OF_A_DAY, 1), 'optional'],
      /** What local time is ahead of UTC, in minutes: UTC-12 to UTC+14. */
      utcOffsetMin: [9, int(-720, 840)],
      /** When the thing itself is to be: the day of the concert, the window of the departure. */
      wantedFrom: [10, time, 'optional'],
      wantedUntil: [11, time, 'optional'],
      /** What the sub-account of a BOUNDED task holds at first, where that is not the whole total; the wearer fills it up (PSD-AGT-SUB). */
      firstFundMinor: [12, paidNumber, 'optional'],
    },
    { maxDailyMinor: 'max_daily_amount', firstFundMinor: 'first_fund_amount' },
  ),
  [
    {
      code: 'act-request-link',
      says: 'items are named or a purpose is',
      holds: ({ items, purpose }) => oneAlone(items, purpose),
    },
    {
      code: 'act-instrument',
      says: 'only what is for a purpose has an account to be filled',
      holds: ({ purpose, firstFundMinor }) => purpose !== undefined || firstFundMinor === undefined,
    },
    {
      code: 'act-window',
      says: 'windows have both ends, the later one last',
      holds: ({ fromMin, untilMin, wantedFrom, wantedUntil }) =>
        together(fromMin, untilMin) &&
        together(wantedFrom, wantedUntil) &&
        (fromMin ?? 0) < (untilMin ?? 1) &&
        (wantedFrom ?? 0) < (wantedUntil ?? 1),
    },
    {
      code: 'act-list-conflict',
      says: 'each item, choice and day is named once, days in order',
      holds: ({ items = [], weekdays = [] }) =>
        distinct(items.map(({ itemId }) => itemId)) &&
        items.every(({ choices = [] }) => distinct(choices)) &&
        weekdays.every((day, i) => i === 0 || day > (weekdays[i - 1] as number)),
    },
  ],
);
export type EdgeTerms = WireValue<typeof EdgeTerms>;

function distinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

/** The text for `ext.vendorPrivate`, which has room for 512 characters. @throws ProtocolError `message-shape`, `act-*`. */
export function writeTerms(terms: EdgeTerms): string {
  return writeJson({ act_edge: toJson(EdgeTerms, terms, 'act_edge') });
}

/**
 * The terms of a credential, `undefined` where it has none.
 * @throws ProtocolError for private content that is not exactly these terms: nobody can show or enforce what it cannot read.
 */
export function termsOf(iac: IacPayload): EdgeTerms | undefined {
  const { ext } = iac;
  if (ext?.vendorPrivate === undefined) return undefined;
  const json = parseJson(ext.vendorPrivate);
  if (!isJsonObject(json) || json.act_edge === undefined)
    throw new ProtocolError('message-shape', 'the private part of a credential is not ours');
  const terms = fromJson(EdgeTerms, json.act_edge, 'act_edge');
  // What else stands there, or stands otherwise, is not what these terms are written as.
  if (terms.currency !== iac.currency || writeTerms(terms) !== ext.vendorPrivate)
    throw new ProtocolError('message-shape', 'the terms are spelt in one way, in the currency of the credential');
  // ADD-IAC-ISS: SPECIFIED fixes what is bought, BOUNDED leaves it to the agent. Items of the one under the mode of the other mean neither.
  if ((terms.items === undefined) !== (delegationModeOf(iac) === 'BOUNDED'))
    throw new ProtocolError('message-shape', 'a credential names items, or is BOUNDED with a purpose');
  if (!ascending(terms.firstFundMinor, iac.maxTotalMinor))
    throw new ProtocolError('act-amount-order', 'no account is filled beyond the total');
  return terms;
}
