/** Words to a draft order or to one short question; deterministic, driven by the catalogue, both languages at once. */
import { answerOrder } from './answer-order.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import { lex } from './lex.ts';
import { candidatesFor } from './near-items.ts';
import { type OrderReading, readOrder } from './read-order.ts';
import { type OrderParse, type PendingOrder, settle } from './settle.ts';
import type { Vocabulary } from './vocabulary.ts';

export type { OrderParse, PendingOrder, Question } from './settle.ts';

/** What words are read against. */
export interface OrderContext {
  readonly vocabulary: Vocabulary;
  /** Limits are amounts in this currency; an amount in another leads to a question. */
  readonly currency: 'CNY';
  /** The question that was asked last; `words` are read as its answer. */
  readonly pending?: PendingOrder;
}

/** From this many unknown words on, words without an ordering verb only mention an item ("my sister drank a latte"). */
const MENTION_WORDS = 3;

/** Parses one utterance. Total: never throws, whatever the words; an unknown product never becomes a known one unasked. */
export function parseOrder(words: string, context: OrderContext): OrderParse {
  const catalogue = catalogueOf(context.vocabulary);
  const lexemes = lex(words, catalogue);
  if (lexemes.every((lexeme) => lexeme.kind === 'break')) return { kind: 'empty' };
  const reading = readOrder(lexemes, catalogue);
  if (context.pending) {
    const order = answerOrder(reading, context.pending);
    return order ? settle(order, catalogue) : { kind: 'not-an-order' };
  }
  if (!isOrder(reading, catalogue)) return { kind: 'not-an-order' };
  return settle(reading.order, catalogue);
}

function isOrder(reading: OrderReading, catalogue: Catalogue): boolean {
  const { lines } = reading.order;
  const known = lines.some((line) => line.itemIds.length > 0);
  if (reading.refused || reading.asked) return false;
  if (reading.verb) return true;
  if (known) return reading.unknownWords < MENTION_WORDS;
  // Without a verb and an item, the start of an order is a bare quantity or choice ("two", "large") or nearly a name ("tea").
  return (
    lines.length > 0 && lines.every((line) => line.said === undefined || candidatesFor(line.said, catalogue).length > 0)
  );
}
