/** Decides what a partial order is: a draft when nothing is open, otherwise the first thing worth asking. */
import type { Catalogue } from './catalogue.ts';
import { candidatesFor } from './near-items.ts';
import type { PartialLine, PartialOrder } from './partial-order.ts';
import type { IntentDraft, IntentLine } from './vocabulary.ts';

/** The one short question an utterance left open. `line` is the index of the line it is about. */
export type Question =
  /** No item was named. */
  | { readonly kind: 'what-item'; readonly quantity?: number }
  /** One of one to three items may have been meant; never chosen without the wearer. */
  | {
      readonly kind: 'which-item';
      readonly line: number;
      readonly said?: string;
      readonly candidates: readonly string[];
    }
  /** Nothing in the catalogue comes near what was said. */
  | { readonly kind: 'unknown-product'; readonly line: number; readonly said: string }
  /** Two choices for one option. */
  | OptionQuestion<'contradiction'>
  /** A choice was refused and several remain. */
  | OptionQuestion<'which-choice'>
  /** The item does not come with this choice: order it without? */
  | {
      readonly kind: 'not-offered';
      readonly line: number;
      readonly itemId: string;
      readonly optionId: string;
      readonly choiceId: string;
    }
  /** More than twenty. */
  | { readonly kind: 'too-many'; readonly line: number; readonly itemId: string }
  /** None, a fraction, or two numbers. */
  | { readonly kind: 'how-many'; readonly line: number; readonly itemId: string }
  /** An amount that was not clearly an upper limit in yuan. One amount: is that the limit? Otherwise: which is? */
  | { readonly kind: 'which-limit'; readonly amountsMinor: readonly number[] }
  | { readonly kind: 'which-merchant'; readonly merchantIds: readonly string[] }
  /** Something was asked for that an order cannot carry: order the rest? */
  | { readonly kind: 'leave-out'; readonly said: string };

interface OptionQuestion<Kind extends string> {
  readonly kind: Kind;
  readonly line: number;
  readonly itemId: string;
  readonly optionId: string;
  readonly choiceIds: readonly string[];
}

/** What the answer to `question` completes. Plain data: it may be kept and restored. */
export interface PendingOrder {
  readonly question: Question;
  readonly order: PartialOrder;
}

/** What an utterance came to. */
export type OrderParse =
  | { readonly kind: 'draft'; readonly draft: IntentDraft }
  | { readonly kind: 'question'; readonly question: Question; readonly pending: PendingOrder }
  | { readonly kind: 'not-an-order' }
  | { readonly kind: 'empty' };

export const MAX_QUANTITY = 20;
/** More lines than this are not one spoken order, and would not fit one cart frame. */
export const MAX_LINES = 10;
const MAX_MINUTES = 1440;

/** A draft, or the first open question together with what its answer completes. */
export function settle(order: PartialOrder, catalogue: Catalogue): OrderParse {
  const question = firstQuestion(order, catalogue);
  if (question) return { kind: 'question', question, pending: { question, order } };
  return { kind: 'draft', draft: draftOf(order) };
}

function firstQuestion(order: PartialOrder, catalogue: Catalogue): Question | undefined {
  if (order.lines.length === 0) return { kind: 'what-item' };
  const surplus = order.lines[MAX_LINES];
  if (surplus) return { kind: 'too-many', line: MAX_LINES, itemId: surplus.itemIds[0] ?? '' };
  for (const [at, line] of order.lines.entries()) {
    const question =
      itemQuestion(line, at, catalogue) ?? quantityQuestion(line, at) ?? optionQuestion(line, at, catalogue);
    if (question) return question;
  }
  return limitQuestion(order) ?? restQuestion(order);
}

function itemQuestion(line: PartialLine, at: number, catalogue: Catalogue): Question | undefined {
  if (line.itemIds.length === 1 && line.said === undefined) return undefined;
  if (line.itemIds.length === 0 && line.said === undefined) {
    return { kind: 'what-item', ...(isCount(line.quantity) ? { quantity: line.quantity } : {}) };
  }
  const said = line.said;
  const candidates = line.itemIds.length > 0 ? line.itemIds.slice(0, 3) : candidatesFor(said ?? '', catalogue);
  if (candidates.length === 0) return { kind: 'unknown-product', line: at, said: said ?? '' };
  return { kind: 'which-item', line: at, candidates, ...(said === undefined ? {} : { said }) };
}

function isCount(quantity: number | undefined): quantity is number {
  return quantity !== undefined && Number.isInteger(quantity) && quantity > 0;
}

function quantityQuestion(line: PartialLine, at: number): Question | undefined {
  const itemId = line.itemIds[0] ?? '';
  if (line.quantity !== undefined && !isCount(line.quantity)) return { kind: 'how-many', line: at, itemId };
  return (line.quantity ?? 1) > MAX_QUANTITY ? { kind: 'too-many', line: at, itemId } : undefined;
}

function optionQuestion(line: PartialLine, at: number, catalogue: Catalogue): Question | undefined {
  const itemId = line.itemIds[0] ?? '';
  const offered = catalogue.items.get(itemId)?.options ?? [];
  for (const { optionId, choiceIds, leftByRefusal } of line.options) {
    const [choiceId, second] = choiceIds;
    // Refusing what an item does not have anyway ("a croissant, not large") needs no question.
    if (!offered.includes(optionId) && leftByRefusal) continue;
    if (!offered.includes(optionId))
      return { kind: 'not-offered', line: at, itemId, optionId, choiceId: choiceId ?? '' };
    if (second !== undefined)
      return { kind: leftByRefusal ? 'which-choice' : 'contradiction', line: at, itemId, optionId, choiceIds };
  }
  return undefined;
}

/** A limit is never invented: an amount counts only when it was said to be one, in yuan, once, and above zero. */
function limitQuestion(order: PartialOrder): Question | undefined {
  const limits = [...new Set(order.limitsMinor)];
  const usable = limits.length === 1 && limits.every((minor) => minor > 0);
  if (order.foreign) return { kind: 'which-limit', amountsMinor: [] };
  if (limits.length > 0 && !usable) return { kind: 'which-limit', amountsMinor: limits.filter((minor) => minor > 0) };
  if (limits.length > 0 && order.amountsMinor.length === 0) return undefined;
  const amounts = [...new Set([...limits, ...order.amountsMinor])].filter((minor) => minor > 0);
  return order.amountsMinor.length === 0 ? undefined : { kind: 'which-limit', amountsMinor: amounts };
}

function restQuestion(order: PartialOrder): Question | undefined {
  if (order.merchantIds.length > 1) return { kind: 'which-merchant', merchantIds: order.merchantIds.slice(0, 3) };
  const odd = order.minutes.length > 1 || order.minutes.some((minutes) => minutes < 1 || minutes > MAX_MINUTES);
  const extras = [...order.extras, ...(odd ? order.minutes.map((minutes) => `${minutes} min`) : [])];
  return extras.length > 0 ? { kind: 'leave-out', said: extras.join(', ') } : undefined;
}

function draftOf(order: PartialOrder): IntentDraft {
  const lines: IntentLine[] = order.lines.map((line) => ({
    itemId: line.itemIds[0] ?? '',
    quantity: line.quantity ?? 1,
    options: line.options
      .filter((choice) => choice.choiceIds.length === 1)
      .map(({ optionId, choiceIds }) => ({ optionId, choiceId: choiceIds[0] ?? '' })),
  }));
  const pieces = order.perPiece ? lines.reduce((sum, line) => sum + line.quantity, 0) : 1;
  const [limit] = order.limitsMinor;
  const [merchantId] = order.merchantIds;
  const [minutes] = order.minutes;
  return {
    lines,
    ...(limit === undefined ? {} : { maxTotalMinor: limit * pieces }),
    ...(merchantId === undefined ? {} : { merchantId }),
    ...(minutes === undefined ? {} : { deliverWithinMin: minutes }),
  };
}
