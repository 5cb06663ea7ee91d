/**
 * Which field of a signed document is shown how. A table names every field: the compiler refuses one that leaves a field out,
 * and a field that is present but stands in no table is refused at run time, never signed unseen (T9).
 */
import { type Currency, formatAmount } from '../../protocol/money.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { isMixedScript } from './confusables.ts';
import { DELEGATION_PHRASES, type DelegationPhrases } from './phrases-delegation.ts';
import type { Statement } from './statement-view.ts';
import { PAYEE_LIMITS, safeText, TITLE_LIMITS } from './text.ts';
import type { ViewRefusal } from './view.ts';

/** What a table needs to put fields into words. */
export interface Teller {
  readonly words: DelegationPhrases;
  money(minor: number): string;
  /** The registered name of a merchant. */
  nameOf(merchant: string): string;
}

export function tellerOf(currency: Currency, locale: Locale, nameOf: (merchant: string) => string): Teller {
  const money = (minor: number) => `${currency} ${formatAmount(minor, currency)}`;
  return { words: DELEGATION_PHRASES[locale], money, nameOf };
}

export type Told = readonly Statement[] | ViewRefusal;

export type Treatment<V> =
  | {
      /** In the body, in the order of the table. */
      readonly tell: (value: V, teller: Teller) => Told;
      /** Said where the field is left out, because its absence has a meaning: mostly that there is no such bound. */
      readonly absent?: (teller: Teller) => Told;
    }
  /** The composer puts it where the wearer sees it first. */
  | { readonly isFirst: true }
  /** Nothing the wearer could judge, and why. */
  | { readonly unseen: string }
  /** Never signed, and why. */
  | { readonly refused: string }
  | { readonly within: FieldTable<V> };

export type FieldTable<T> = { readonly [K in keyof T]-?: Treatment<NonNullable<T[K]>> };

/** The statements of all fields that the body shows, or why there can be no view. */
export function toldBy<T>(table: FieldTable<T>, value: Partial<T>, teller: Teller): Told {
  if (Object.keys(value).some((name) => !Object.hasOwn(table, name))) return 'cannot-show';
  const told: Statement[] = [];
  for (const name of Object.keys(table) as (keyof T)[]) {
    const one = toldOf(table[name], value[name] as NonNullable<T[keyof T]> | undefined, teller);
    if (typeof one === 'string') return one;
    told.push(...one);
  }
  return told;
}

function toldOf<V>(treatment: Treatment<V>, value: V | undefined, teller: Teller): Told {
  if ('within' in treatment) return toldBy(treatment.within, value ?? {}, teller);
  if ('refused' in treatment) return value === undefined ? [] : 'cannot-show';
  if (!('tell' in treatment)) return [];
  return value === undefined ? (treatment.absent?.(teller) ?? []) : treatment.tell(value, teller);
}

/** Texts of others, each whole. An empty list would say nothing of whether all or none is meant (T7). */
export function quoted(label: string, raw: readonly string[]): Told {
  if (raw.length === 0) return 'cannot-show';
  const texts: string[] = [];
  for (const one of raw) {
    const safe = safeText(one, TITLE_LIMITS);
    if (!safe.ok) return `text:${safe.reason}`;
    texts.push(safe.text);
  }
  return [{ kind: 'quoted', label, texts }];
}

/** Registered names, held to the rules for a payee. */
export function quotedNames(label: string, merchants: readonly string[], { nameOf }: Teller): Told {
  const names = merchants.map((merchant) => safeText(nameOf(merchant), PAYEE_LIMITS));
  for (const name of names) {
    if (!name.ok) return `payee-text:${name.reason}`;
    if (isMixedScript(name.text)) return 'payee-text:mixed-script';
  }
  return quoted(
    label,
    names.map((name) => (name.ok ? name.text : '')),
  );
}

export function sentence(text: string): readonly Statement[] {
  return [{ kind: 'sentence', text }];
}

export function valued(label: string, value: string): readonly Statement[] {
  return [{ kind: 'value', label, value }];
}
