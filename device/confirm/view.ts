/** The view of one payment: what is shown and said is computed here, from checked facts, and from nothing else (design 5). */
import { type Currency, formatAmount, isCurrency, isMinor } from '../../protocol/money.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { isMixedScript } from './confusables.ts';
import { type Block, fitsOnePage, paginate, pair } from './layout.ts';
import { PHRASES } from './phrases.ts';
import type { DisplayProfile } from './profiles.ts';
import { View } from './sealed-view.ts';
import { asOnePart } from './spoken-text.ts';
import { PAYEE_LIMITS, safeText, type TextRefusal, TITLE_LIMITS } from './text.ts';
import { clip, displayWidth, wrap } from './width.ts';

export { type DisplayProfile, PROFILES, type ProfileId } from './profiles.ts';
export { type Page, View } from './sealed-view.ts';

export interface ConfirmationLine {
  /** Product text: an attacker's. It is the only text that may be clipped. */
  readonly title: string;
  /** 1 to 999. */
  readonly quantity: number;
  /** For the whole line, not for one piece. */
  readonly amountMinor: number;
}

/** Everything the view of a payment says. Amounts are in minor units of `currency`. */
export interface ConfirmationFacts {
  /** From the registry, found by the key that signed; never from a message (T8). */
  readonly payeeName: string;
  readonly totalMinor: number;
  readonly currency: Currency;
  /** At most 20. */
  readonly lines: readonly ConfirmationLine[];
  /** Taken off; 0 for none. */
  readonly discountMinor: number;
  readonly deliveryMinor: number;
  /** 1 to 24 ASCII letters, digits or hyphens. */
  readonly orderNo: string;
  readonly locale: Locale;
  /** Minutes until delivery, 0 to 1,440. */
  readonly etaMin?: number;
}

/** Why there is no view. `text:…` names what is wrong with a title, `payee-text:…` with the payee's name. */
export type ViewRefusal =
  | 'amount-does-not-fit'
  | 'amount-invalid'
  /** A field whose meaning cannot be put on a page. */
  | 'cannot-show'
  | 'display-too-small'
  | 'eta-invalid'
  | 'order-no-invalid'
  | 'payee-does-not-fit'
  | 'quantity-invalid'
  | 'too-long'
  | 'too-many-lines'
  | `payee-text:${TextRefusal}`
  /** A text says the words that mark its end in speech. */
  | 'text:quotation-words'
  | `text:${TextRefusal}`;

export type ComposedView =
  | { readonly ok: true; readonly view: View }
  | { readonly ok: false; readonly reason: ViewRefusal };

const MAX_LINES = 20;
const MAX_QUANTITY = 999;
const MAX_ETA_MIN = 1_440;
const ORDER_NO = /^[A-Za-z0-9-]{1,24}$/;
/** A title of this many columns is said in about seven seconds. */
const SPOKEN_TITLE_COLUMNS = 60;
/** UTF-8 bytes of all text; with the heads of some hundred strings a view stays below the 4 KiB of one CBOR item. */
const MAX_TEXT_BYTES = 3_584;

/** The facts with every text checked and every amount written out: what layout and speech have in common. */
interface Checked {
  readonly payee: string;
  readonly total: string;
  readonly lines: readonly { readonly quantity: number; readonly title: string; readonly amount: string }[];
  readonly fields: readonly { readonly label: string; readonly sign: '' | '-'; readonly amount: string }[];
  readonly orderNo: string;
  readonly eta: string | undefined;
}

/**
 * The view of a payment on one kind of surface. The total with its currency and the payee stand whole on the first page,
 * or are the first sentence, or there is no view (T9). The same input gives the same bytes.
 */
export function composeView(facts: ConfirmationFacts, profile: DisplayProfile): ComposedView {
  const checked = check(facts);
  if (typeof checked === 'string') return { ok: false, reason: checked };
  const screens = profile.columns > 0 ? drawn(checked, facts.locale, profile) : [];
  if (typeof screens === 'string') return { ok: false, reason: screens };
  const spoken = profile.speech ? said(checked, facts.locale) : [];
  if (screens.length + spoken.length === 0) return { ok: false, reason: 'display-too-small' };
  if (textBytes([...screens.flat(), ...spoken]) > MAX_TEXT_BYTES) return { ok: false, reason: 'too-long' };
  const title = PHRASES[facts.locale].heading;
  return { ok: true, view: new View({ profileId: profile.id, locale: facts.locale, title, screens, spoken }) };
}

function check(facts: ConfirmationFacts): Checked | ViewRefusal {
  const { currency, discountMinor, deliveryMinor, totalMinor, orderNo, etaMin } = facts;
  const payee = safeText(facts.payeeName, PAYEE_LIMITS);
  if (!payee.ok) return `payee-text:${payee.reason}`;
  if (isMixedScript(payee.text)) return 'payee-text:mixed-script';
  const amounts = [totalMinor, discountMinor, deliveryMinor, ...facts.lines.map((line) => line.amountMinor)];
  // Nobody confirms a payment of nothing: a free order needs no signature of the wearer.
  if (!isCurrency(currency) || !amounts.every(isMinor) || totalMinor === 0) return 'amount-invalid';
  if (facts.lines.length > MAX_LINES) return 'too-many-lines';
  if (!facts.lines.every((line) => isWhole(line.quantity, 1, MAX_QUANTITY))) return 'quantity-invalid';
  if (!ORDER_NO.test(orderNo)) return 'order-no-invalid';
  if (etaMin !== undefined && !isWhole(etaMin, 0, MAX_ETA_MIN)) return 'eta-invalid';
  const titles = facts.lines.map((line) => safeText(line.title, TITLE_LIMITS));
  const refused = titles.find((title) => !title.ok);
  if (refused && !refused.ok) return `text:${refused.reason}`;

  const money = (minor: number) => `${currency} ${formatAmount(minor, currency)}`;
  const words = PHRASES[facts.locale];
  const discount = { label: words.discount, sign: '-', amount: money(discountMinor) } as const;
  return {
    payee: payee.text,
    total: money(totalMinor),
    lines: facts.lines.map(({ quantity, amountMinor }, i) => {
      const title = titles[i];
      return { quantity, title: title?.ok ? title.text : '', amount: money(amountMinor) };
    }),
    fields: [
      ...(discountMinor > 0 ? [discount] : []),
      { label: words.delivery, sign: '', amount: money(deliveryMinor) },
    ],
    orderNo,
    eta: etaMin === undefined ? undefined : words.eta(etaMin),
  };
}

function drawn(facts: Checked, locale: Locale, profile: DisplayProfile): string[][] | ViewRefusal {
  const { columns } = profile;
  const words = PHRASES[locale];
  const labelled = `${words.total} ${facts.total}`;
  const total = displayWidth(labelled) <= columns ? labelled : facts.total;
  if (displayWidth(total) > columns) return 'amount-does-not-fit';
  const first = [total, ...wrap(`${words.payee} ${facts.payee}`, columns)];
  if (!fitsOnePage(first, profile)) return 'payee-does-not-fit';
  const body: Block[] = [
    ...facts.lines.map(({ quantity, title, amount }) => {
      // The quantity in front is ours: no title can begin a row and pass for a row of the view's own.
      return pair(clip(`${quantity}x ${title}`, columns, '…'), amount, columns);
    }),
    ...facts.fields.map(({ label, sign, amount }) => pair(label, sign + amount, columns)),
    ...(facts.eta === undefined ? [] : [[facts.eta]]),
    wrap(`${words.order} ${facts.orderNo}`, columns),
  ];
  const parts = { heading: words.heading, first, body, reminder: [total], closing: [words.hold, words.click] };
  return paginate(parts, profile) ?? 'display-too-small';
}

function said(facts: Checked, locale: Locale): string[] {
  const words = PHRASES[locale];
  return [
    words.sayPayment(facts.total, facts.payee),
    ...facts.lines.map(({ quantity, title, amount }) =>
      words.sayLine(quantity, clip(asOnePart(title, words.pause), SPOKEN_TITLE_COLUMNS, words.cutShort), amount),
    ),
    // A sign is easily lost in speech; the label says it.
    ...facts.fields.map(({ label, amount }) => words.sentence(`${label} ${amount}`)),
    ...(facts.eta === undefined ? [] : [words.sentence(facts.eta)]),
    words.sentence(`${words.order} ${facts.orderNo}`),
    words.sayClosing(facts.total),
  ];
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

const utf8 = new TextEncoder();

function textBytes(texts: readonly string[]): number {
  return texts.reduce((bytes, text) => bytes + utf8.encode(text).length, 0);
}
