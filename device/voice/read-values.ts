/** Numbers, prices and times: quantities of lines, limits of the whole, or parts nothing can be done with. */
import type { Lexeme } from './lex.ts';
import type { Numeric } from './normalise.ts';
import { beside, isEntry, isRole, leadsToItem, type OrderState, openLine, waitingLine } from './order-state.ts';

/** Takes one number, price or time into the order. */
export function readValue(state: OrderState, lexeme: Extract<Lexeme, { kind: 'numeric' }>): void {
  const { numeric, text } = lexeme;
  const next = beside(state, 1);
  if (numeric.kind === 'ordinal') readPosition(state, numeric.position);
  else if (state.not && isLimiting(state, numeric)) state.extras.push(`no ${text}`);
  // "a mocha, not two lattes" refuses the item whatever its count.
  else if (state.not && numeric.kind === 'number' && leadsToItem(state, state.at + 1)) return;
  else if (numeric.kind === 'foreign-money') state.foreign = true;
  else if (numeric.kind === 'minutes') state.minutes.push(numeric.minutes);
  else if (numeric.kind === 'time-of-day') state.extras.push(text);
  else if (numeric.kind === 'money') {
    if (isCounting(state, numeric)) readQuantity(state, numeric.minor / 100);
    else if (isRole(next, 'limit-after')) state.limitsMinor.push(numeric.minor);
    else if (isRole(next, 'floor-after')) state.extras.push(`${text}${next?.text}`);
    else state.amountsMinor.push(numeric.minor);
  } else if (isRole(next, 'limit-after') && !isEntry(next, 'item')) state.limitsMinor.push(numeric.hundredths);
  else if (isRole(next, 'floor-after')) state.extras.push(`${text} ${next?.text}`);
  else readQuantity(state, state.not ? REFUSED_COUNT : numeric.hundredths / 100);
  state.not = false;
}

function isCounting(state: OrderState, { maybePieces }: { readonly maybePieces: boolean }): boolean {
  const next = beside(state, 1);
  return maybePieces && (isEntry(next, 'item') || isEntry(next, 'choice'));
}

/** Whether a refused value is an amount or a time: it limits nothing, and the opposite of a limit cannot be carried. */
function isLimiting(state: OrderState, numeric: Numeric): boolean {
  if (numeric.kind === 'money') return !isCounting(state, numeric);
  return numeric.kind === 'minutes' || (numeric.kind === 'number' && isRole(beside(state, 1), 'limit-after'));
}

function readPosition(state: OrderState, position: number): void {
  if (state.not) return;
  if (state.correcting) state.positions = [];
  state.positions.push(position);
}

/** "Not two" leaves the count open, as two counts do. */
const REFUSED_COUNT = Number.NaN;

/** Whether a number opens a new line or belongs after the item already named ("拿铁两杯，摩卡一杯"). */
function readQuantity(state: OrderState, quantity: number): void {
  const line = state.line;
  if (state.correcting && line) {
    line.quantities = [quantity];
    // "Two lattes, no, three mochas" corrects the item as well.
    state.correcting = leadsToItem(state, state.at + 1);
    return;
  }
  // "a small one" counts with its article.
  if (quantity === 1 && line && line.quantities.length > 0 && isEntry(state.lexemes[state.at - 1], 'choice')) return;
  const isPartOfLast =
    line !== undefined && line.itemIds.length === 0 && line.quantities.length > 0 && line.options.size > 0;
  if (isPartOfLast) {
    openLine(state).quantities.push(quantity);
    return;
  }
  if (line === undefined || line.itemIds.length === 0) {
    const waiting = waitingLine(state);
    // "not two, three" counts three.
    if (Number.isNaN(waiting.quantities.at(-1))) waiting.quantities.pop();
    waiting.quantities.push(quantity);
    return;
  }
  const afterBreak = state.lexemes[state.at - 1]?.kind === 'break' || isRole(state.lexemes[state.at - 1], 'and');
  let at = state.at + 1;
  while (isRole(state.lexemes[at], 'measure', 'filler')) at += 1;
  const respectively = isRole(beside(state, -1), 'respectively');
  if (respectively) {
    for (const filled of state.lines) if (filled.quantities.length === 0) filled.quantities.push(quantity);
    return;
  }
  const trailing =
    line.quantities.length === 0 && (!leadsToItem(state, at) || (!afterBreak && numberFollowsItem(state, at)));
  if (trailing) line.quantities.push(quantity);
  else openLine(state).quantities.push(quantity);
}

/** In "拿铁两杯摩卡一杯" the number after the next item shows that numbers follow their items. */
function numberFollowsItem(state: OrderState, from: number): boolean {
  let at = from;
  while (at < state.lexemes.length && !isEntry(state.lexemes[at], 'item')) at += 1;
  const after = state.lexemes[at + 1];
  return after?.kind === 'numeric' && after.numeric.kind === 'number';
}

/** A limit word before its amount; a number that counts things ("at most two lattes") is left for the quantity. */
export function readLimit(state: OrderState, text: string): void {
  let at = state.at + 1;
  while (isRole(state.lexemes[at], 'filler', 'about', 'limit')) at += 1;
  const value = state.lexemes[at];
  const numeric = value?.kind === 'numeric' ? value.numeric : undefined;
  if (state.not && value && numeric && isAmount(state, numeric, at)) state.extras.push(`no ${text} ${value.text}`);
  else if (numeric?.kind === 'money') state.limitsMinor.push(numeric.minor);
  else if (numeric?.kind === 'number' && spokenCents(state, at) !== undefined) {
    state.limitsMinor.push(numeric.hundredths + (spokenCents(state, at) ?? 0));
    at += 1;
  } else if (numeric?.kind === 'number' && !countsThings(state, at)) state.limitsMinor.push(numeric.hundredths);
  else if (numeric?.kind === 'foreign-money') state.foreign = true;
  else if (numeric?.kind === 'minutes') state.minutes.push(numeric.minutes);
  else {
    if (numeric === undefined) readTrailingLimit(state, text);
    return;
  }
  state.at = at;
  state.not = false;
}

function isAmount(state: OrderState, numeric: Numeric, at: number): boolean {
  return (
    numeric.kind === 'money' || numeric.kind === 'minutes' || (numeric.kind === 'number' && !countsThings(state, at))
  );
}

/** "under twenty five fifty": a second number from 10 to 99 right after whole yuan is their fen. */
function spokenCents(state: OrderState, at: number): number | undefined {
  const next = state.lexemes[at + 1];
  if (next?.kind !== 'numeric' || next.numeric.kind !== 'number' || countsThings(state, at + 1)) return undefined;
  const { hundredths } = next.numeric;
  return hundredths % 100 === 0 && hundredths >= 1000 && hundredths < 10_000 ? hundredths / 100 : undefined;
}

function countsThings(state: OrderState, at: number): boolean {
  const next = beside(state, 1, at);
  return isRole(next, 'measure') || isEntry(next, 'item') || isEntry(next, 'choice') || next?.kind === 'unknown';
}

/** "25 yuan max": the amount stood before the word. */
function readTrailingLimit(state: OrderState, text: string): void {
  const before = beside(state, -1);
  const isAmount = before?.kind === 'numeric' && before.numeric.kind === 'money';
  const amount = isAmount ? state.amountsMinor.pop() : undefined;
  if (amount !== undefined) state.limitsMinor.push(amount);
  else if (!isRole(beside(state, 1), 'limit', 'limit-after')) state.extras.push(text);
}

/** A lower bound is understood, but an order cannot carry it. */
export function readFloor(state: OrderState, text: string): void {
  const next = beside(state, 1);
  if (next?.kind !== 'numeric' || (next.numeric.kind !== 'money' && countsThings(state, state.at + 1))) return;
  state.extras.push(`${text} ${next.text}`);
  state.at = state.lexemes.indexOf(next);
}

/** "within" holds for a time or a price; a bare number after it could be either. */
export function readWithin(state: OrderState, text: string): void {
  const next = beside(state, 1);
  if (next?.kind !== 'numeric') return;
  const { numeric } = next;
  const at = state.lexemes.indexOf(next);
  if (state.not && isAmount(state, numeric, at)) state.extras.push(`no ${text} ${next.text}`);
  else if (numeric.kind === 'money') state.limitsMinor.push(numeric.minor);
  else if (numeric.kind === 'minutes') state.minutes.push(numeric.minutes);
  else if (numeric.kind === 'number' && !countsThings(state, at)) state.extras.push(`${text} ${next.text}`);
  else return;
  state.at = at;
  state.not = false;
}
