/** A view that is a list of statements: what must stand on the first page, what follows, and what the hold does. */
import { ProtocolError } from '../../protocol/errors.ts';
import type { EpochSeconds } from '../../protocol/time.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { type Block, fitsOnePage, paginate, pair } from './layout.ts';
import { PHRASES } from './phrases.ts';
import { DELEGATION_PHRASES } from './phrases-delegation.ts';
import type { DisplayProfile } from './profiles.ts';
import { View, type ViewContent } from './sealed-view.ts';
import { saysQuotation } from './spoken-text.ts';
import { timeRows, utcOf } from './utc.ts';
import type { ComposedView, ViewRefusal } from './view.ts';
import { displayWidth, wrap } from './width.ts';

/** Labels, sentences and names are ours; `value` is written by our code; `texts` are others' and were checked for the display. */
export type Statement =
  | { readonly kind: 'value'; readonly label: string; readonly value: string }
  | { readonly kind: 'time'; readonly label: string; readonly at: EpochSeconds }
  | { readonly kind: 'sentence'; readonly text: string }
  | { readonly kind: 'named'; readonly label: string; readonly names: readonly string[] }
  | { readonly kind: 'quoted'; readonly label: string; readonly texts: readonly string[] };

export interface StatementParts {
  readonly locale: Locale;
  readonly heading: string;
  /** Whole on the first page, or there is no view (T9). */
  readonly first: readonly Statement[];
  readonly body: readonly Statement[];
  /** Of `first`: what is repeated beside the hold when the first page is out of sight. */
  readonly reminder: Statement;
  readonly hold: string;
  /** The first sentence, which says what `first` shows, and the last one. */
  readonly sayOpening: string;
  readonly sayClosing: string;
}

/** Rows of another's text begin with one of these, so that none of them can pass for a row of the view's own (T8). */
const QUOTE = '> ';
const QUOTE_GOES_ON = '| ';

/** Lays the statements out and puts them into words. The same input gives the same bytes. */
export function composeStatements(parts: StatementParts, profile: DisplayProfile): ComposedView {
  const screens = profile.columns > 0 ? drawn(parts, profile) : [];
  if (typeof screens === 'string') return { ok: false, reason: screens };
  const spoken = profile.speech ? said(parts) : [];
  if (typeof spoken === 'string') return { ok: false, reason: spoken };
  if (screens.length + spoken.length === 0) return { ok: false, reason: 'display-too-small' };
  return sealed({ profileId: profile.id, locale: parts.locale, title: parts.heading, screens, spoken });
}

/** What a text says of a statement, in one sentence without its end. */
export function phraseOf(statement: Statement, locale: Locale): string {
  const { sayTime, sayQuoted, sayText, listComma } = DELEGATION_PHRASES[locale];
  switch (statement.kind) {
    case 'sentence':
      return statement.text;
    case 'value':
      return `${statement.label} ${statement.value}`;
    case 'named':
      return [statement.label, ...statement.names].join(' ');
    case 'time': {
      const { date, time } = utcOf(statement.at);
      return `${statement.label} ${sayTime(date, time)}`;
    }
    case 'quoted':
      // Each text, not the list: a text with a comma in it must not sound like two (T8).
      return sayQuoted(statement.label, statement.texts.map(sayText).join(listComma));
  }
}

function drawn(parts: StatementParts, profile: DisplayProfile): string[][] | ViewRefusal {
  const { columns } = profile;
  const first = parts.first.flatMap((statement) => leadingRows(statement, columns));
  if (first.some((row) => displayWidth(row) > columns)) return 'amount-does-not-fit';
  const body = parts.body.flatMap((statement) => blocksOf(rowsOf(statement, columns), profile));
  const closing = [parts.hold, PHRASES[parts.locale].click];
  const reminder = leadingRows(parts.reminder, columns);
  return paginate({ heading: parts.heading, first, body, reminder, closing }, profile) ?? 'display-too-small';
}

/** On the first page room is dear: a value that leaves no room for its label stands alone, as a payment's total does. */
function leadingRows(statement: Statement, columns: number): Block {
  if (statement.kind !== 'value') return rowsOf(statement, columns);
  const row = `${statement.label} ${statement.value}`;
  return [displayWidth(row) <= columns ? row : statement.value];
}

function rowsOf(statement: Statement, columns: number): Block {
  switch (statement.kind) {
    case 'sentence':
      return wrap(statement.text, columns);
    case 'value':
      return pair(statement.label, statement.value, columns);
    case 'named':
      return wrap([statement.label, ...statement.names].join(' '), columns);
    case 'time':
      return timeRows(statement.label, statement.at, columns);
    case 'quoted':
      return [statement.label, ...statement.texts.flatMap((text) => quotedRows(text, columns))];
  }
}

function quotedRows(text: string, columns: number): string[] {
  return wrap(text, columns - QUOTE.length).map((row, i) => (i === 0 ? QUOTE : QUOTE_GOES_ON) + row);
}

/** Rows that share a page stay together; a longer text goes on over the page, for nothing of it may be left out. */
function blocksOf(rows: Block, profile: DisplayProfile): Block[] {
  if (fitsOnePage(rows, profile)) return [rows];
  const [label = '', first, ...rest] = rows;
  return [first === undefined ? [label] : [label, first], ...rest.map((row) => [row])];
}

function said({ locale, body, sayOpening, sayClosing }: StatementParts): string[] | ViewRefusal {
  const others = body.flatMap((statement) => (statement.kind === 'quoted' ? statement.texts : []));
  if (others.some(saysQuotation)) return 'text:quotation-words';
  const { sentence } = PHRASES[locale];
  return [sayOpening, ...body.map((statement) => sentence(phraseOf(statement, locale))), sayClosing];
}

/** What one CBOR item cannot hold has no digest, and so is no view. */
function sealed(content: ViewContent): ComposedView {
  try {
    return { ok: true, view: new View(content) };
  } catch (error) {
    if (error instanceof ProtocolError) return { ok: false, reason: 'too-long' };
    throw error;
  }
}
