/** One thing named twice in a sentence is one thing: "two tickets for Saturday's concert", 演唱会开售了帮我抢两张票. */
import type { CatalogueEntry } from '../catalogue.ts';
import type { Lexeme } from '../lex.ts';
import { isEntry, isRole } from '../order-state.ts';

/** `lexemes` with names that only repeat another left out, and names of several things narrowed to what both may mean. */
export function mergeMentions(lexemes: readonly Lexeme[]): readonly Lexeme[] {
  const out = lexemes.map((lexeme) => (isOptionOnly(lexeme) ? filler(lexeme.text) : lexeme));
  for (let first = 0; first < out.length; first++) {
    for (let second = first + 1; second < out.length; second++) merge(out, first, second);
  }
  return out;
}

function merge(out: Lexeme[], first: number, second: number): void {
  const [one, other] = [out[first], out[second]];
  if (one?.kind !== 'entry' || other?.kind !== 'entry' || !isEntry(one, 'item') || !isEntry(other, 'item')) return;
  const shared = one.entries.filter((entry) => itemIds([entry]).some((id) => itemIds(other.entries).includes(id)));
  if (shared.length === 0 || isJoined(out, first, second)) return;
  const counts = [isCounted(out, first), isCounted(out, second)];
  // Counted twice, or right behind each other, they are left to the reading of the order.
  if ((counts[0] && counts[1]) || second === first + 1) return;
  const kept = counts[1] ? second : first;
  out[kept] = { kind: 'entry', entries: shared, text: out[kept]?.text ?? '' };
  const dropped = kept === first ? second : first;
  out[dropped] = filler(out[dropped]?.text ?? '');
}

function itemIds(entries: readonly CatalogueEntry[]): readonly string[] {
  return entries.flatMap((entry) => (entry.kind === 'item' ? [entry.itemId] : []));
}

/** "And" or "or" between them makes them two; so does another item. */
function isJoined(lexemes: readonly Lexeme[], first: number, second: number): boolean {
  const between = lexemes.slice(first + 1, second);
  return between.some((lexeme) => isRole(lexeme, 'and', 'or', 'not', 'correct', 'refuse') || isEntry(lexeme, 'item'));
}

/** Whether a number stands before the name; "a ticket" counts, "the ticket" does not. */
function isCounted(lexemes: readonly Lexeme[], at: number): boolean {
  let before = at - 1;
  while (isRole(lexemes[before], 'filler', 'measure') || isEntry(lexemes[before], 'choice')) before -= 1;
  return lexemes[before]?.kind === 'numeric' || isRole(lexemes[before], 'article');
}

/** "A seat on the train": the name of an option without a choice limits nothing. */
function isOptionOnly(lexeme: Lexeme): boolean {
  return lexeme.kind === 'entry' && lexeme.entries.every((entry) => entry.kind === 'option');
}

function filler(text: string): Lexeme {
  return { kind: 'role', role: 'filler', text };
}
