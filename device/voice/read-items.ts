/** Items, choices and unknown words: which line of the order each belongs to. */
import type { CatalogueEntry } from './catalogue.ts';
import type { DraftLine } from './lines.ts';
import { beside, isEntry, isRole, leadsToItem, type OrderState, openLine, waitingLine } from './order-state.ts';

/** Takes one catalogue name into the order. */
export function readEntries(state: OrderState, entries: readonly CatalogueEntry[], text: string): void {
  (state.not ? state.refusedEntries : state.entries).push(...entries);
  const items = entries.filter((entry) => entry.kind === 'item').map((entry) => entry.itemId);
  const merchants = entries.filter((entry) => entry.kind === 'merchant').map((entry) => entry.merchantId);
  const choices = entries.filter((entry) => entry.kind === 'choice');
  if (items.length > 0) readItem(state, items, text);
  else if (choices.length > 0) readChoice(state, choices, text);
  else if (merchants.length > 0 && !state.not) state.merchantIds.push(...merchants);
  else state.extras.push(state.not ? `no ${text}` : text);
  state.not = false;
}

function readItem(state: OrderState, itemIds: readonly string[], text: string): void {
  const before = beside(state, -1);
  const offered = isRole(before, 'article') ? state.lexemes[state.at - 2] : before;
  const line = state.line;
  if (state.not) {
    for (const itemId of itemIds) state.refusedItems.add(itemId);
    state.correcting = true;
    if (line && line.itemIds.length === 0 && line.quantities.length === 0 && line.said.length === 0)
      state.lines.splice(state.lines.indexOf(line), 1);
    return;
  }
  if (state.correcting && line && line.itemIds.length > 0) {
    line.itemIds = [...itemIds];
  } else if (line && line.itemIds.length > 0 && isRole(offered, 'or')) {
    line.itemIds = [...new Set([...line.itemIds, ...itemIds])];
  } else if (line && isEntry(before, 'item')) {
    // Two names in one breath ("latte cheesecake") may be one thing the catalogue does not have: ask, never choose.
    if (line.itemIds.join() === itemIds.join()) return;
    line.itemIds = [...new Set([...line.itemIds, ...itemIds])];
    line.said.push(before?.text ?? '', text);
  } else {
    const target = waitingLine(state);
    target.itemIds = [...itemIds];
    if (target.said.length > 0) target.said.push(text);
  }
  state.correcting = false;
  state.all = false;
}

function readChoice(state: OrderState, choices: readonly { optionId: string; choiceId: string }[], text: string): void {
  const fits = (line: DraftLine) =>
    choices.filter(({ optionId }) =>
      line.itemIds.some((id) => state.catalogue.items.get(id)?.options.includes(optionId)),
    );
  const before = state.lexemes[state.at - 1];
  const opensNext =
    state.line === undefined || leadsToItem(state, state.at + 1) || (state.line.itemIds.length === 0 && !state.all);
  if (opensNext && !state.correcting) {
    const line = before !== undefined && isRole(before, 'not') ? (state.line ?? openLine(state)) : waitingLine(state);
    addChoice(state, line, choices, text);
    return;
  }
  const filled = state.lines.filter((line) => line.itemIds.length > 0);
  const accepting = filled.filter((line) => fits(line).length > 0);
  if (state.all || isRole(beside(state, -1), 'all')) {
    for (const line of accepting) addChoice(state, line, fits(line), text);
    return;
  }
  const target = accepting.at(-1) ?? filled.at(-1) ?? waitingLine(state);
  const fitting = fits(target);
  addChoice(state, target, fitting.length > 0 ? fitting : choices, text);
}

function addChoice(
  state: OrderState,
  line: DraftLine,
  choices: readonly { optionId: string; choiceId: string }[],
  text: string,
): void {
  for (const [index, { optionId, choiceId }] of choices.entries()) {
    // One phrase that means several options at once is not decided here.
    if (index > 0 && choices[0]?.optionId !== optionId) {
      state.extras.push(text);
      return;
    }
    const into = state.not ? line.refusals : line.options;
    const heard = into.get(optionId) ?? [];
    if (state.correcting && !state.not) line.corrected.add(optionId);
    into.set(optionId, state.correcting && !state.not ? [choiceId] : [...new Set([...heard, choiceId])]);
  }
  // "A large latte, no, a small mocha" corrects the item as well.
  state.correcting = state.correcting && leadsToItem(state, state.at + 1);
}

/** "two lattes and a mocha, large for all". */
export function spreadLastChoice(state: OrderState, entries: readonly CatalogueEntry[]): void {
  for (const entry of entries) {
    if (entry.kind !== 'choice') continue;
    for (const line of state.lines) {
      const takes = line.itemIds.some((id) => state.catalogue.items.get(id)?.options.includes(entry.optionId));
      if (takes && !line.options.has(entry.optionId)) line.options.set(entry.optionId, [entry.choiceId]);
    }
  }
}

/** Keeps words the catalogue does not know where they can be asked about. */
export function readUnknown(state: OrderState, text: string, words: number): void {
  state.unknownWords += words;
  const before = state.lexemes[state.at - 1];
  const line = state.line;
  if (state.not) state.extras.push(`no ${text}`);
  else if (isRole(before, 'from')) state.extras.push(`${before?.text} ${text}`);
  else if (line === undefined || line.itemIds.length === 0) waitingLine(state).said.push(text);
  else if (isEntry(before, 'item')) line.said.push(before?.text ?? '', text);
  else if (leadsToItem(state, state.at + 1) || isRole(before, 'and')) openLine(state).said.push(text);
  else state.extras.push(text);
  state.not = false;
}
