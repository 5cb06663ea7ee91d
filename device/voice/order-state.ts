/** What is known while an utterance is read from left to right, and how its neighbours are looked at. */
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import type { Lexeme } from './lex.ts';
import type { Role } from './lexicon.ts';
import type { DraftLine } from './lines.ts';

/** Mutable, and never leaves one call of `readOrder`. */
export interface OrderState {
  readonly catalogue: Catalogue;
  readonly lexemes: readonly Lexeme[];
  at: number;
  readonly lines: DraftLine[];
  line: DraftLine | undefined;
  readonly refusedItems: Set<string>;
  readonly limitsMinor: number[];
  amountsMinor: number[];
  readonly merchantIds: string[];
  readonly minutes: number[];
  readonly extras: string[];
  readonly entries: CatalogueEntry[];
  readonly refusedEntries: CatalogueEntry[];
  foreign: boolean;
  perPiece: boolean;
  verb: boolean;
  refused: boolean;
  asked: boolean;
  yes: boolean;
  /** A refusal was said of nothing in particular. */
  declined: boolean;
  not: boolean;
  correcting: boolean;
  all: boolean;
  /** The positions said and not refused. */
  positions: number[];
  unknownWords: number;
}

/** The state before the first lexeme. */
export function newOrderState(lexemes: readonly Lexeme[], catalogue: Catalogue): OrderState {
  return {
    catalogue,
    lexemes,
    at: 0,
    lines: [],
    line: undefined,
    refusedItems: new Set(),
    limitsMinor: [],
    amountsMinor: [],
    merchantIds: [],
    minutes: [],
    extras: [],
    entries: [],
    refusedEntries: [],
    foreign: false,
    perPiece: false,
    verb: false,
    refused: false,
    asked: false,
    yes: false,
    declined: false,
    not: false,
    correcting: false,
    all: false,
    positions: [],
    unknownWords: 0,
  };
}

/** Whether a lexeme is a phrase with one of `roles`. */
export function isRole(lexeme: Lexeme | undefined, ...roles: readonly Role[]): boolean {
  return lexeme?.kind === 'role' && roles.includes(lexeme.role);
}

/** Whether a lexeme may name something of this kind. */
export function isEntry(lexeme: Lexeme | undefined, kind: CatalogueEntry['kind']): boolean {
  return lexeme?.kind === 'entry' && lexeme.entries.some((entry) => entry.kind === kind);
}

/** The nearest lexeme in direction `step` that is not a filler. */
export function beside(state: OrderState, step: 1 | -1, from = state.at): Lexeme | undefined {
  let at = from + step;
  while (isRole(state.lexemes[at], 'filler')) at += step;
  return state.lexemes[at];
}

/** Whether what starts at `from` is words before an item ("large oat milk latte"), so that it belongs to that item. */
export function leadsToItem(state: OrderState, from: number): boolean {
  for (let at = from; at < state.lexemes.length; at++) {
    const lexeme = state.lexemes[at];
    if (isEntry(lexeme, 'item')) return true;
    if (!isEntry(lexeme, 'choice') && !isRole(lexeme, 'filler', 'measure') && lexeme?.kind !== 'unknown') return false;
  }
  return false;
}

/** Starts a new line of the order. */
export function openLine(state: OrderState): DraftLine {
  const line: DraftLine = {
    itemIds: [],
    said: [],
    quantities: [],
    options: new Map(),
    refusals: new Map(),
    corrected: new Set(),
  };
  state.lines.push(line);
  state.line = line;
  return line;
}

/** The line that still waits for its item, opened when there is none. */
export function waitingLine(state: OrderState): DraftLine {
  return state.line && state.line.itemIds.length === 0 ? state.line : openLine(state);
}
