/** Completes a pending delegation with what was answered. An answer that settles nothing leads to the same question again. */
import { answerOrder } from '../answer-order.ts';
import { answerAmount, answerDisagreement, answerScope, answerWhichLimit } from './answer-limits.ts';
import { answerCategory, answerShop, answerShops } from './answer-shops.ts';
import { answerDay, answerEnd, answerHalf } from './answer-times.ts';
import { type Answer, type Asked, type Heard, replaced } from './answering.ts';
import type { LocalNow } from './calendar.ts';
import type { DelegationQuestion, PendingDelegation } from './draft.ts';
import { collect, type PartialDelegation } from './partial.ts';

/** Their answers name a thing, as a new order does. */
export const ASKS_ITEM: ReadonlySet<DelegationQuestion['kind']> = new Set([
  'what-item',
  'which-item',
  'unknown-product',
]);

/** Their answers name an amount, with its currency or without. */
export const ASKS_AMOUNT: ReadonlySet<DelegationQuestion['kind']> = new Set([
  'how-much',
  'foreign-amount',
  'which-limit',
  'limit-scope',
  'limits-disagree',
]);

/** `undefined`: it was given up. */
export function answerDelegation(
  heard: Heard,
  pending: PendingDelegation,
  local: LocalNow,
): PartialDelegation | undefined {
  if (heard.reading.refused) return undefined;
  const { question, delegation } = pending;
  const said = collect(heard.reading.order, heard.clauses);
  const answer = ANSWERS[question.kind] as Answer<DelegationQuestion>;
  const answered = answer(delegation, { ...heard, question, said, local });
  if (answered === undefined) return undefined;
  const subject = SUBJECTS[question.kind] ?? 'order';
  const whole = withRest(answered, said, subject);
  // What was not understood in an answer is asked about, unless nothing was: "I don't know".
  const extras = subject === 'order' || answered === delegation ? [] : said.order.extras;
  return { ...whole, order: { ...whole.order, extras: [...new Set([...whole.order.extras, ...extras])] } };
}

type Subject = 'amounts' | 'shops' | 'categories' | 'whens' | 'order';

/** What is said along with an answer counts, too; what the question was about the answer has settled. */
function withRest(delegation: PartialDelegation, said: PartialDelegation, subject: Subject): PartialDelegation {
  return {
    ...delegation,
    amounts: subject === 'amounts' ? delegation.amounts : replaced(delegation.amounts, said.amounts),
    shops: subject === 'shops' ? delegation.shops : [...delegation.shops, ...said.shops],
    categories: subject === 'categories' ? delegation.categories : [...delegation.categories, ...said.categories],
    whens: subject === 'whens' ? delegation.whens : [...delegation.whens, ...said.whens],
    lasting: subject === 'whens' ? delegation.lasting : [...delegation.lasting, ...said.lasting],
    // "Every day" in answer to "each time or in all?" is said of the amount.
    every: subject === 'amounts' || said.every.length === 0 ? delegation.every : said.every,
    ...(said.fund ? { fund: said.fund } : {}),
    ...(said.price ? { price: said.price } : {}),
    ...(said.failure ? { failure: said.failure } : {}),
  };
}

type OrderKind =
  | 'what-item'
  | 'which-item'
  | 'unknown-product'
  | 'contradiction'
  | 'which-choice'
  | 'not-offered'
  | 'too-many'
  | 'how-many'
  | 'leave-out';

/** One of several things that cannot be in one delegation. */
const answerOne: Answer<Asked<'which-one'>> = (delegation, { question, reading }) => {
  const named = reading.order.lines.flatMap((line) => line.itemIds).filter((id) => question.itemIds.includes(id));
  const [chosen, other] = new Set(
    reading.position === undefined ? named : question.itemIds.slice(reading.position - 1, reading.position),
  );
  if (chosen === undefined || other !== undefined) return delegation;
  const lines = delegation.order.lines.filter((line) => line.itemIds.includes(chosen));
  return { ...delegation, order: { ...delegation.order, lines } };
};

/** The order of a delegation is asked about as an instant order is. */
const answerTarget: Answer<Asked<OrderKind>> = (delegation, { question, reading }) => {
  const order = answerOrder(
    { ...reading, order: { ...reading.order, limitsMinor: [], merchantIds: [], minutes: [] } },
    { question: question, order: delegation.order },
  );
  return order && { ...delegation, order };
};

const ANSWERS: { readonly [Kind in DelegationQuestion['kind']]: Answer<Asked<Kind>> } = {
  'what-item': answerTarget,
  'which-item': answerTarget,
  'unknown-product': answerTarget,
  contradiction: answerTarget,
  'which-choice': answerTarget,
  'not-offered': answerTarget,
  'too-many': answerTarget,
  'how-many': answerTarget,
  'leave-out': answerTarget,
  'which-one': answerOne,
  'how-much': answerAmount,
  'foreign-amount': answerAmount,
  'which-limit': answerWhichLimit,
  'limit-scope': answerScope,
  'limits-disagree': answerDisagreement,
  'which-merchants': answerShops,
  'merchant-both': answerShop,
  'category-both': answerCategory,
  'until-when': answerEnd,
  'which-end': answerEnd,
  'end-before-start': answerEnd,
  'too-long': answerEnd,
  'never-due': answerEnd,
  'date-past': answerDay,
  'no-such-day': answerDay,
  'which-day': answerDay,
  'which-half': answerHalf,
};

const SUBJECTS: Partial<Record<DelegationQuestion['kind'], Subject>> = {
  'how-much': 'amounts',
  'foreign-amount': 'amounts',
  'which-limit': 'amounts',
  'limit-scope': 'amounts',
  'limits-disagree': 'amounts',
  'which-merchants': 'shops',
  'merchant-both': 'shops',
  'category-both': 'categories',
  'until-when': 'whens',
  'which-end': 'whens',
  'end-before-start': 'whens',
  'too-long': 'whens',
  'never-due': 'whens',
  'date-past': 'whens',
  'no-such-day': 'whens',
  'which-day': 'whens',
  'which-half': 'whens',
};
