/** Completes a pending order with what the wearer answered. An answer that settles nothing leads to the same question again. */
import type { CatalogueEntry } from './catalogue.ts';
import type { PartialChoice, PartialLine, PartialOrder } from './partial-order.ts';
import type { OrderReading } from './read-order.ts';
import type { PendingOrder, Question } from './settle.ts';

/** `undefined`: the wearer gave the order up. */
export function answerOrder(reading: OrderReading, pending: PendingOrder): PartialOrder | undefined {
  if (reading.refused) return undefined;
  const named = reading.order.lines.some((line) => line.itemIds.length > 0 || line.said !== undefined);
  // A whole new order said instead of an answer replaces what was pending, except where the item itself was missing.
  if (reading.verb && named && !ASKS_ITEM.has(pending.question.kind)) return reading.order;
  const answered = ANSWERS[pending.question.kind](reading, pending.order, pending.question);
  return answered && withLimits(answered, reading.order, pending.question.kind);
}

const ASKS_ITEM = new Set<Question['kind']>(['what-item', 'which-item', 'unknown-product']);

type Answer = (reading: OrderReading, order: PartialOrder, question: Question) => PartialOrder | undefined;

/** A limit, shop or time given along with an answer counts too, where the question was about something else. */
function withLimits(order: PartialOrder, said: PartialOrder, kind: Question['kind']): PartialOrder {
  return {
    ...order,
    limitsMinor: kind === 'which-limit' || said.limitsMinor.length === 0 ? order.limitsMinor : said.limitsMinor,
    merchantIds: kind === 'which-merchant' || said.merchantIds.length === 0 ? order.merchantIds : said.merchantIds,
    minutes: said.minutes.length === 0 ? order.minutes : said.minutes,
  };
}

function lineOf(question: Question): number {
  return 'line' in question ? question.line : 0;
}

function replaceLine(order: PartialOrder, at: number, change: (line: PartialLine) => PartialLine): PartialOrder {
  return { ...order, lines: order.lines.map((line, index) => (index === at ? change(line) : line)) };
}

/** The line of an answer laid over the line that was open. */
function overlay(open: PartialLine, said: PartialLine): PartialLine {
  const kept = open.options.filter(({ optionId }) => said.options.every((choice) => choice.optionId !== optionId));
  const quantity = said.quantity ?? open.quantity;
  return {
    itemIds: said.itemIds,
    options: [...kept, ...said.options],
    ...(quantity === undefined ? {} : { quantity }),
    ...(said.said === undefined ? {} : { said: said.said }),
  };
}

const answerItem: Answer = (reading, order, question) => {
  const at = Math.max(
    0,
    order.lines.findIndex((line) => line.itemIds.length !== 1 || line.said !== undefined),
  );
  const open = order.lines[at] ?? { itemIds: [], options: [] };
  const [said, ...more] = reading.order.lines;
  const candidates = question.kind === 'which-item' ? question.candidates : [];
  const chosen =
    reading.position === undefined
      ? reading.yes && candidates.length === 1
        ? candidates[0]
        : undefined
      : candidates[reading.position - 1];
  const { said: _unknown, ...known } = open;
  const fill = (line: PartialLine): PartialOrder => ({
    ...order,
    lines: [...order.lines.slice(0, at), line, ...more, ...order.lines.slice(at + 1)],
  });
  if (chosen !== undefined) return fill({ ...known, itemIds: [chosen] });
  if (reading.no) return candidates.length > 0 ? fill({ ...known, itemIds: [] }) : undefined;
  if (said === undefined) return order;
  if (said.itemIds.length === 0 && said.said === undefined)
    return fill({ ...overlay(open, said), itemIds: open.itemIds, ...(open.said ? { said: open.said } : {}) });
  // "a" in "a latte" is no count when a count was asked about before.
  return fill(
    overlay(open, said.quantity === 1 && open.quantity !== undefined ? { ...said, quantity: open.quantity } : said),
  );
};

const answerOption: Answer = (reading, order, question) => {
  if (question.kind !== 'contradiction' && question.kind !== 'which-choice') return order;
  const { optionId, choiceIds } = question;
  const ordinal = reading.position === undefined ? undefined : choiceIds[reading.position - 1];
  const chosen = ordinal ?? namedChoice(reading.entries, optionId) ?? leftOver(reading.order, optionId);
  if (chosen === undefined) return order;
  return replaceLine(order, question.line, (line) => ({
    ...line,
    options: line.options.map(
      (choice): PartialChoice => (choice.optionId === optionId ? { optionId, choiceIds: [chosen] } : choice),
    ),
  }));
};

function namedChoice(entries: readonly CatalogueEntry[], optionId: string): string | undefined {
  const named = entries.flatMap((entry) =>
    entry.kind === 'choice' && entry.optionId === optionId ? [entry.choiceId] : [],
  );
  return new Set(named).size === 1 ? named[0] : undefined;
}

function leftOver(order: PartialOrder, optionId: string): string | undefined {
  const choice = order.lines[0]?.options.find((option) => option.optionId === optionId && !option.leftByRefusal);
  return choice?.choiceIds.length === 1 ? choice.choiceIds[0] : undefined;
}

const answerQuantity: Answer = (reading, order, question) => {
  const quantity = reading.order.lines[0]?.quantity;
  if (reading.no) return undefined;
  if (quantity === undefined || Number.isNaN(quantity)) return order;
  return replaceLine(order, lineOf(question), (line) => ({ ...line, quantity }));
};

const answerNotOffered: Answer = (reading, order, question) => {
  if (reading.no) return undefined;
  if (!reading.yes || question.kind !== 'not-offered') return order;
  const { optionId } = question;
  return replaceLine(order, question.line, (line) => ({
    ...line,
    options: line.options.filter((choice) => choice.optionId !== optionId),
  }));
};

const answerLimit: Answer = (reading, order, question) => {
  if (question.kind !== 'which-limit') return order;
  const settled = (limitsMinor: readonly number[]): PartialOrder => ({
    ...order,
    limitsMinor,
    amountsMinor: [],
    foreign: false,
  });
  const [only, other] = question.amountsMinor;
  const bare = reading.order.lines[0]?.quantity;
  const said = [...reading.order.limitsMinor, ...reading.order.amountsMinor];
  if (said.length > 0) return settled(said);
  if (reading.order.foreign) return order;
  if (bare !== undefined && bare > 0) return settled([Math.round(bare * 100)]);
  if (reading.no) return settled([]);
  return reading.yes && only !== undefined && other === undefined ? settled([only]) : order;
};

const answerMerchant: Answer = (reading, order, question) => {
  if (question.kind !== 'which-merchant') return order;
  const ordinal = reading.position === undefined ? undefined : question.merchantIds[reading.position - 1];
  const merchantIds = ordinal === undefined ? reading.order.merchantIds : [ordinal];
  return merchantIds.length === 1 ? { ...order, merchantIds } : order;
};

const answerLeaveOut: Answer = (reading, order) => {
  if (reading.no) return undefined;
  return reading.yes
    ? {
        ...order,
        extras: [],
        minutes: order.minutes.length > 1 || order.minutes.some((m) => m < 1 || m > 1440) ? [] : order.minutes,
      }
    : order;
};

const ANSWERS: Readonly<Record<Question['kind'], Answer>> = {
  'what-item': answerItem,
  'which-item': answerItem,
  'unknown-product': answerItem,
  contradiction: answerOption,
  'which-choice': answerOption,
  'not-offered': answerNotOffered,
  'too-many': answerQuantity,
  'how-many': answerQuantity,
  'which-limit': answerLimit,
  'which-merchant': answerMerchant,
  'leave-out': answerLeaveOut,
};
