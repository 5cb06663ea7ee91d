/**
 * Words to a draft of a delegation or to one short question; deterministic, driven by the catalogue, both languages at once.
 * What is ordered is read as an instant order is, after the clauses that bound it were taken out.
 */
import { type Catalogue, catalogueOf } from '../catalogue.ts';
import { isRole } from '../order-state.ts';
import { type OrderReading, readOrder } from '../read-order.ts';
import { ASKS_AMOUNT, ASKS_ITEM, answerDelegation } from './answer-delegation.ts';
import { dayAt, type LocalNow } from './calendar.ts';
import type { Clause, WhenClause } from './clause.ts';
import type { DelegationContext, DelegationParse } from './draft.ts';
import { mergeMentions } from './mentions.ts';
import { collect } from './partial.ts';
import { readClauses } from './read-clauses.ts';
import { isService } from './read-words.ts';
import { settleDelegation } from './settle-delegation.ts';

/**
 * Parses one utterance. Total: never throws, whatever the words. An order that is carried out at once is `not-a-delegation`,
 * and so is an answer that gives the pending one up.
 */
export function parseDelegation(words: string, context: DelegationContext): DelegationParse {
  const catalogue = catalogueOf(context.vocabulary);
  const local: LocalNow = { now: context.now, utcOffsetMin: context.utcOffsetMin };
  const { pending } = context;
  const expects = pending && ASKS_AMOUNT.has(pending.question.kind) ? 'amount' : undefined;
  const { clauses, lexemes, tokens } = readClauses(words, context.vocabulary, local, expects);
  const reading = readOrder(mergeMentions(lexemes), catalogue);
  const isNew = isDelegation(clauses, reading, catalogue, local);
  const names = reading.verb && reading.order.lines.some((line) => line.itemIds.length > 0);
  // A whole sentence said instead of an answer replaces what was pending, except where the thing itself was asked for.
  if (pending && !(names && !ASKS_ITEM.has(pending.question.kind))) {
    const refuses =
      lexemes.some((lexeme) => isRole(lexeme, 'not')) ||
      clauses.some((clause) => clause.kind === 'beyond' && clause.refused);
    const answered = answerDelegation({ clauses, reading, tokens, refuses }, pending, local);
    return answered ? settleDelegation(answered, catalogue, local) : { kind: 'not-a-delegation' };
  }
  return isNew ? settleDelegation(collect(reading.order, clauses), catalogue, local) : { kind: 'not-a-delegation' };
}

function isDelegation(
  clauses: readonly Clause[],
  reading: OrderReading,
  catalogue: Catalogue,
  local: LocalNow,
): boolean {
  if (reading.refused || reading.asked) return false;
  const { lines } = reading.order;
  const itemIds = lines.flatMap((line) => line.itemIds);
  const isMarked = clauses.some((clause) => isMarker(clause, local));
  if (itemIds.some((id) => isService(id, catalogue)))
    return reading.verb || (reading.unknownWords === 0 && clauses.some((clause) => clause.kind === 'amount'));
  // Without a verb ("my sister has a latte every day") every word has to be understood.
  return isMarked && (reading.verb || (itemIds.length > 0 && reading.unknownWords === 0));
}

/** Whether only a delegation says this. A price, a shop or an hour an instant order has, too. */
function isMarker(clause: Clause, local: LocalNow): boolean {
  if (clause.kind === 'when') return isDateAhead(clause, local);
  if (clause.kind === 'amount') return clause.scope === 'day' || clause.repeats === true || clause.waits === true;
  if (clause.kind === 'lasts') return clause.lasting.unit !== 'minute';
  if (clause.kind === 'beyond') return clause.repeats === true;
  return MARKERS.has(clause.kind);
}

const MARKERS: ReadonlySet<Clause['kind']> = new Set(['every', 'trigger', 'price', 'failure']);

/** Any day but today; today where an hour or a bound goes with it. */
function isDateAhead(when: WhenClause, local: LocalNow): boolean {
  if (when.fault) return when.role !== 'at' || when.fault.kind !== 'past';
  if (when.days === undefined) return false;
  const isToday =
    when.days.until === dayAt(local.now, local.utcOffsetMin) + 1 && when.days.from === when.days.until - 1;
  return !isToday || when.role !== 'at' || when.minute !== undefined || when.window !== undefined;
}
