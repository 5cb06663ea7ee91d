/** From lexemes to a partial order: which quantity, choices and refusals belong to which item, and what limits the whole. */
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import type { Lexeme } from './lex.ts';
import type { Role } from './lexicon.ts';
import { finishLines } from './lines.ts';
import {
  beside,
  isEntry,
  isRole,
  leadsToItem,
  newOrderState,
  type OrderState,
  openLine,
  waitingLine,
} from './order-state.ts';
import type { PartialOrder } from './partial-order.ts';
import { readEntries, readUnknown, spreadLastChoice } from './read-items.ts';
import { readFloor, readLimit, readValue, readWithin } from './read-values.ts';
import { refusalsFirst } from './refusals.ts';

/** One utterance: its order, and what else was said in it. */
export interface OrderReading {
  readonly order: PartialOrder;
  /** An ordering verb was said ("order me", 来一杯). */
  readonly verb: boolean;
  /** The wearer said not to order, or to stop. */
  readonly refused: boolean;
  /** A question word came before any ordering verb. */
  readonly asked: boolean;
  /** Something was agreed to, and nothing refused that way. */
  readonly yes: boolean;
  /** Nothing but a refusal was said. */
  readonly no: boolean;
  /** "the second one", from 1; absent when several were said. */
  readonly position?: number;
  /** How many words were not understood. */
  readonly unknownWords: number;
  /** The catalogue names said; those that were refused anywhere are left out. */
  readonly entries: readonly CatalogueEntry[];
}

/** Reads a whole utterance. Total: every lexeme either takes effect, is known to carry nothing, or ends up in `extras`. */
export function readOrder(spokenInOrder: readonly Lexeme[], catalogue: Catalogue): OrderReading {
  const lexemes = refusalsFirst(spokenInOrder);
  const state = newOrderState(lexemes, catalogue);
  for (; state.at < lexemes.length; state.at++) {
    const lexeme = lexemes[state.at];
    if (lexeme?.kind === 'break') readBreak(state);
    else if (lexeme?.kind === 'entry') readEntries(state, lexeme.entries, lexeme.text);
    else if (lexeme?.kind === 'numeric') readValue(state, lexeme);
    else if (lexeme?.kind === 'unknown') readUnknown(state, lexeme.text, lexeme.words);
    else if (lexeme?.kind === 'role') ROLES[lexeme.role]?.(state, lexeme.text);
  }
  const lines = finishLines(state.lines, state.refusedItems, catalogue);
  const order: PartialOrder = {
    lines,
    limitsMinor: state.limitsMinor,
    amountsMinor: state.amountsMinor,
    foreign: state.foreign,
    perPiece: state.perPiece,
    merchantIds: [...new Set(state.merchantIds)],
    minutes: [...new Set(state.minutes)],
    extras: state.extras,
  };
  const refused = new Set(state.refusedEntries.map((entry) => JSON.stringify(entry)));
  const [position, other] = new Set(state.positions);
  const spoken = lexemes.filter(
    (lexeme) => lexeme.kind !== 'break' && !(lexeme.kind === 'role' && lexeme.role === 'filler'),
  );
  return {
    order,
    verb: state.verb,
    refused: state.refused,
    asked: state.asked,
    yes: state.yes && !state.declined && !state.not,
    entries: state.entries.filter((entry) => !refused.has(JSON.stringify(entry))),
    no:
      spoken.length > 0 &&
      spoken.every((lexeme) => lexeme.kind === 'role' && (lexeme.role === 'not' || lexeme.role === 'correct')),
    unknownWords: state.unknownWords,
    ...(position === undefined || other !== undefined ? {} : { position }),
  };
}

function readBreak(state: OrderState): void {
  // "no, small": a refusal alone before a pause corrects what came before it.
  if (state.not) {
    state.correcting ||= hasSomething(state);
    state.declined = true;
  }
  state.not = false;
}

function hasSomething(state: OrderState): boolean {
  return state.lines.length > 0 || state.positions.length > 0;
}

/** Roles that change the state; the others only shape how their neighbours are read. */
const ROLES: Partial<Record<Role, (state: OrderState, text: string) => void>> = {
  verb: (state) => {
    // 不 + verb is a refusal however it is cut; "要大杯" after an item is not.
    if (state.not) state.refused = true;
    state.verb = true;
  },
  refuse: (state) => {
    state.refused = true;
  },
  ask: (state) => {
    if (!state.verb) state.asked = true;
  },
  yes: (state) => {
    // "not okay" agrees to nothing.
    if (state.not) state.declined = true;
    else state.yes = true;
  },
  article: (state) => {
    const next = beside(state, 1);
    if (isRole(beside(state, -1), 'or')) return;
    if (next?.kind === 'numeric' || next === undefined || next.kind === 'break') return;
    if (state.line !== undefined && state.line.itemIds.length > 0 && !state.correcting) {
      const isPart = isRole(beside(state, -1), 'and') && isEntry(next, 'choice');
      if (isPart || leadsToItem(state, state.at + 1) || next.kind === 'unknown') openLine(state).quantities.push(1);
    } else if (!state.not && !state.correcting) {
      const line = waitingLine(state);
      if (line.quantities.length === 0) line.quantities.push(1);
    }
  },
  not: (state) => {
    state.not = true;
  },
  correct: (state) => {
    state.correcting = hasSomething(state);
    state.not = false;
  },
  limit: readLimit,
  floor: readFloor,
  within: readWithin,
  each: (state) => {
    state.perPiece = true;
  },
  all: (state) => {
    state.all = true;
    const before = state.lexemes[state.at - 1];
    if (isEntry(before, 'choice') && before?.kind === 'entry') spreadLastChoice(state, before.entries);
  },
};
