/** What an unknown word may have meant. Only ever offered as a question: a near product is not the product. */
import type { Catalogue } from './catalogue.ts';
import { tokenise } from './tokens.ts';

const MAX_CANDIDATES = 3;

/** Up to three item ids near to `said`, nearest first: names that contain it, that it contains a part of, or that are a slip away. */
export function candidatesFor(said: string, catalogue: Catalogue): readonly string[] {
  const heard = tokenise(said).map((token) => token.text);
  if (heard.length === 0) return [];
  const scored = new Map<string, number>();
  for (const { itemId, tokens } of catalogue.itemNames) {
    const score = nearness(
      heard,
      tokens.map((token) => token.text),
    );
    if (score > (scored.get(itemId) ?? 0)) scored.set(itemId, score);
  }
  for (const [itemId, item] of catalogue.items) {
    if (heard.join(' ') === item.category.toLowerCase() && !scored.has(itemId)) scored.set(itemId, 0.5);
  }
  return [...scored]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MAX_CANDIDATES)
    .map(([itemId]) => itemId);
}

/** 0 for nothing in common, up to 1. Words must be whole; a slip is one letter in five. */
function nearness(heard: readonly string[], name: readonly string[]): number {
  if (contains(name, heard)) return heard.length / name.length;
  const [slipped, target] = [heard.join(''), name.join('')];
  const slips = Math.floor(target.length / 5);
  if (slips > 0 && Math.abs(slipped.length - target.length) <= slips && distance(slipped, target, slips) <= slips)
    return 0.9;
  return 0;
}

function contains(whole: readonly string[], part: readonly string[]): boolean {
  return whole.some((_, at) =>
    part.every((word, offset) => whole[at + offset] === word || `${whole[at + offset]}s` === word),
  );
}

/** Levenshtein distance, given up above `limit`. */
function distance(a: string, b: string, limit: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > limit) return limit + 1;
    row = next;
  }
  return row[b.length] ?? 0;
}
