/** Turns the lines as heard into the lines of a partial order: refusals applied, splits resolved, equal lines added up. */
import type { Catalogue } from './catalogue.ts';
import type { PartialChoice, PartialLine } from './partial-order.ts';
import { joinSpeech } from './tokens.ts';

/** One line while lexemes are read into it. */
export interface DraftLine {
  itemIds: string[];
  readonly said: string[];
  quantities: number[];
  /** Option to the choices said for it. */
  readonly options: Map<string, string[]>;
  /** Option to the choices refused for it ("not large"). */
  readonly refusals: Map<string, string[]>;
  /** Options whose choice was said again on purpose ("no, small"). */
  readonly corrected: Set<string>;
}

/** Lines without an item left after refusals, and lines that hold nothing, are dropped. */
export function finishLines(
  drafts: readonly DraftLine[],
  refusedItems: ReadonlySet<string>,
  catalogue: Catalogue,
): PartialLine[] {
  const lines: PartialLine[] = [];
  const kept = drafts
    .map((draft) => ({
      ...draft,
      itemIds: draft.itemIds.filter((id) => !refusedItems.has(id)),
      hadItem: draft.itemIds.length > 0,
    }))
    .filter((draft) => draft.itemIds.length > 0 || !draft.hadItem);
  lendItemBackwards(kept);
  for (let at = 0; at < kept.length; at++) {
    const draft = kept[at];
    if (draft === undefined) continue;
    const parts = [];
    while (draft.itemIds.length > 0 && isPart(kept[at + 1])) parts.push(kept[++at]);
    const line = finishLine(draft, catalogue);
    if (parts.length === 0) lines.push(line);
    else
      lines.push(
        ...split(
          line,
          parts.map((part) => finishLine({ ...(part ?? draft), itemIds: draft.itemIds }, catalogue)),
        ),
      );
  }
  return addUp(lines.filter((line) => !isBlank(line)));
}

/** "one large and one small latte": the item stands only once, after its parts. */
function lendItemBackwards(drafts: DraftLine[]): void {
  for (let at = drafts.length - 2; at >= 0; at--) {
    const draft = drafts[at];
    const next = drafts[at + 1];
    const startsOwn = drafts.slice(0, at).every((before) => before.itemIds.length === 0);
    if (draft && next && next.said.length === 0 && isPart(draft) && draft.options.size > 0 && startsOwn)
      draft.itemIds = next.itemIds;
  }
}

/** A quantity with choices but no item, after an item: one of several ("two lattes, one large and one small"). */
function isPart(draft: DraftLine | undefined): boolean {
  return draft !== undefined && draft.itemIds.length === 0 && draft.said.length === 0 && draft.quantities.length > 0;
}

/** Parts of the whole must add up to it; parts that choose otherwise ("two large lattes and a small one") come on top of it. */
function split(whole: PartialLine, parts: readonly PartialLine[]): PartialLine[] {
  const chosen = new Set(whole.options.map(({ optionId }) => optionId));
  const onTop = parts.every((part) => part.options.some(({ optionId }) => chosen.has(optionId)));
  const sum = parts.reduce((total, part) => total + (part.quantity ?? 1), 0);
  if (!onTop && sum !== (whole.quantity ?? sum)) return [{ ...whole, quantity: Number.NaN }];
  const resolved = parts.map((part) => ({
    ...part,
    options: [
      ...whole.options.filter(({ optionId }) => part.options.every((own) => own.optionId !== optionId)),
      ...part.options,
    ],
  }));
  return onTop ? [whole, ...resolved] : resolved;
}

function finishLine(draft: DraftLine, catalogue: Catalogue): PartialLine {
  const options = new Map<string, PartialChoice>();
  for (const [optionId, choiceIds] of draft.options) {
    const refused = draft.refusals.get(optionId) ?? [];
    options.set(optionId, { optionId, choiceIds: choiceIds.filter((id) => !refused.includes(id)) });
  }
  for (const [optionId, refused] of draft.refusals) {
    if ((options.get(optionId)?.choiceIds.length ?? 0) > 0) continue;
    const all = catalogue.options.get(optionId)?.choices.map((choice) => choice.id) ?? [];
    const left = all.filter((id) => !refused.includes(id));
    options.set(optionId, { optionId, choiceIds: left, leftByRefusal: true });
  }
  const quantities = [...new Set(draft.quantities)];
  const quantity = quantities.length > 1 ? Number.NaN : quantities[0];
  const line = {
    itemIds: draft.itemIds,
    options: [...options.values()].filter((choice) => choice.choiceIds.length > 0),
    ...(quantity === undefined ? {} : { quantity }),
    ...(draft.said.length === 0 ? {} : { said: joinSpeech(unrepeated(draft.said)) }),
  };
  return nameWithChoice(line, catalogue);
}

function unrepeated(words: readonly string[]): readonly string[] {
  return words.filter((word, at) => word !== words[at - 1]);
}

/** "a latte, iced": when choice and item together name another item of the catalogue, that item was meant. */
function nameWithChoice(line: PartialLine, catalogue: Catalogue): PartialLine {
  const [itemId, other] = line.itemIds;
  if (itemId === undefined || other !== undefined || line.said !== undefined) return line;
  for (const { optionId, choiceIds } of line.options) {
    const [choiceId, second] = choiceIds;
    if (choiceId === undefined || second !== undefined) continue;
    const joined = itemNamed(optionId, choiceId, itemId, catalogue);
    if (joined !== undefined && joined !== itemId) {
      return { ...line, itemIds: [joined], options: line.options.filter((choice) => choice.optionId !== optionId) };
    }
  }
  return line;
}

function itemNamed(optionId: string, choiceId: string, itemId: string, catalogue: Catalogue): string | undefined {
  const choice = catalogue.options.get(optionId)?.choices.find(({ id }) => id === choiceId);
  const item = catalogue.items.get(itemId);
  if (choice === undefined || item === undefined) return undefined;
  for (const locale of ['en-US', 'zh-CN'] as const) {
    const [itemName] = item.names[locale];
    const space = locale === 'en-US' ? ' ' : '';
    const joined = choice.names[locale].map((name) => `${name}${space}${itemName}`);
    for (const [otherId, other] of catalogue.items)
      if (other.names[locale].some((name) => joined.includes(name))) return otherId;
  }
  return undefined;
}

function isBlank(line: PartialLine): boolean {
  return (
    line.itemIds.length === 0 && line.said === undefined && line.quantity === undefined && line.options.length === 0
  );
}

/** "a latte and a latte" is two lattes; lines with other choices stay apart. */
function addUp(lines: readonly PartialLine[]): PartialLine[] {
  const sums = new Map<string, PartialLine>();
  for (const line of lines) {
    const key =
      line.itemIds.length === 1 && line.said === undefined
        ? JSON.stringify([line.itemIds, sorted(line.options)])
        : `line ${sums.size}`;
    const before = sums.get(key);
    sums.set(key, before ? { ...before, quantity: (before.quantity ?? 1) + (line.quantity ?? 1) } : line);
  }
  return [...sums.values()];
}

function sorted(options: readonly PartialChoice[]): readonly PartialChoice[] {
  return [...options].sort((a, b) => (a.optionId < b.optionId ? -1 : 1));
}
