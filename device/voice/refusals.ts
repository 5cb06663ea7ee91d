/** Puts a word of refusal before everything it refuses, so that the words can be read once and from left to right. */
import type { Lexeme } from './lex.ts';
import { isEntry, isRole } from './order-state.ts';

type Naming = 'item' | 'choice' | 'merchant' | 'position' | 'value';

/** `lexemes` with "large no" and 大杯不要 as "no large", and with "not large or medium" as "not large or not medium". */
export function refusalsFirst(lexemes: readonly Lexeme[]): readonly Lexeme[] {
  return spread(moveForward(lexemes.map(narrow)));
}

/** "I don't want large" refuses the choice, "I don't want a large latte" the order. */
function narrow(lexeme: Lexeme, at: number, lexemes: readonly Lexeme[]): Lexeme {
  if (!isRole(lexeme, 'refuse') || !/^(?:do|did|别|不)/u.test(lexeme.text)) return lexeme;
  const rest = lexemes.slice(at + 1).filter((next) => !isRole(next, 'filler', 'article', 'measure', 'from'));
  const isOfItem = namingOf(rest.find((next) => namingOf(next) !== 'choice')) === 'item';
  const naming = namingOf(rest[0]);
  const isOfPart = naming === 'merchant' || naming === 'position' || (naming === 'choice' && !isOfItem);
  return isOfPart ? { kind: 'role', role: 'not', text: lexeme.text } : lexeme;
}

function namingOf(lexeme: Lexeme | undefined): Naming | undefined {
  if (lexeme?.kind === 'numeric') return lexeme.numeric.kind === 'ordinal' ? 'position' : 'value';
  return (['item', 'choice', 'merchant'] as const).find((kind) => isEntry(lexeme, kind));
}

/** A refusal that nothing follows refuses what came before it. */
function moveForward(lexemes: readonly Lexeme[]): readonly Lexeme[] {
  const out: Lexeme[] = [];
  for (const [at, lexeme] of lexemes.entries()) {
    const rest = lexemes.slice(at + 1).filter((next) => !isRole(next, 'filler'));
    const refused = isRole(lexeme, 'not') ? namedBefore(out) : [];
    const naming = namingOf(out[refused[0] ?? -1]);
    const isLast = rest.every((next) => next.kind === 'break');
    // Before a pause "a latte, large no, small" and "two lattes no, three" correct the item or the count instead.
    const isTrailing = isLast || (rest[0]?.kind === 'break' && naming !== 'item' && naming !== 'value');
    if (naming === undefined || !isTrailing) out.push(lexeme);
    else for (const index of refused) out.splice(index, 0, lexeme);
  }
  return out;
}

/**
 * Where the last thing named stands, and before it what belongs to it: what "and" or "or" joins (小杯和中杯都不要), and the
 * choices of an item ("a large latte no"). From back to front.
 */
function namedBefore(lexemes: readonly Lexeme[]): readonly number[] {
  const found: number[] = [];
  let isJoined = true;
  for (let at = lexemes.length - 1; at >= 0; at--) {
    const lexeme = lexemes[at];
    const naming = namingOf(lexeme);
    const after = namingOf(lexemes[found.at(-1) ?? -1]);
    // The "one" of "the large one" counts nothing.
    if (lexeme?.text === 'one' && isEntry(lexemes[at - 1], 'choice')) continue;
    if (naming === undefined) {
      const isBetween = isRole(lexeme, 'filler', 'article', 'measure', 'one', 'all', 'and', 'or');
      if (!isBetween && !(lexeme?.kind === 'break' && found.length === 0)) break;
      isJoined ||= isRole(lexeme, 'and', 'or');
    } else if (isJoined ? (after ?? naming) === naming : after === 'item' && naming === 'choice') {
      found.push(at);
      isJoined = false;
    } else break;
  }
  return found;
}

/** A refusal holds for what "or" adds, and for what "and" adds where both cannot be had anyway. */
function spread(lexemes: readonly Lexeme[]): readonly Lexeme[] {
  const out: Lexeme[] = [];
  let not: Lexeme | undefined;
  let refused: Lexeme | undefined;
  let joint: Lexeme | undefined;
  for (const lexeme of lexemes) {
    const naming = namingOf(lexeme);
    if (isRole(lexeme, 'not')) {
      not = lexeme;
      refused = undefined;
    } else if (isRole(lexeme, 'and', 'or')) joint = lexeme;
    else if (naming !== undefined) {
      const isAdded = joint !== undefined && refused !== undefined && naming === namingOf(refused);
      if (not && isAdded && (isRole(joint, 'or') || excludes(refused, lexeme))) out.push(not);
      else if (refused !== undefined) not = undefined;
      refused = not && lexeme;
      joint = undefined;
    } else if (!isRole(lexeme, 'filler', 'article', 'measure', 'one', 'from')) {
      not = undefined;
      refused = undefined;
    }
    out.push(lexeme);
  }
  return out;
}

/** Two choices of one option, two shops, two positions: an answer can mean one only. */
function excludes(one: Lexeme | undefined, other: Lexeme): boolean {
  const naming = namingOf(one);
  if (naming !== 'choice') return naming === 'merchant' || naming === 'position';
  return optionsOf(other).some((optionId) => optionsOf(one).includes(optionId));
}

function optionsOf(lexeme: Lexeme | undefined): readonly string[] {
  const entries = lexeme?.kind === 'entry' ? lexeme.entries : [];
  return entries.flatMap((entry) => (entry.kind === 'choice' ? [entry.optionId] : []));
}
