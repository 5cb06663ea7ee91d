/** Decides what a partial delegation is: a draft when nothing is open, otherwise the first thing worth asking. */
import type { Catalogue } from '../catalogue.ts';
import { settle } from '../settle.ts';
import type { IntentLine } from '../vocabulary.ts';
import type { LocalNow } from './calendar.ts';
import type { FundClause } from './clause.ts';
import type { DelegationDraft, DelegationParse, DelegationQuestion } from './draft.ts';
import { type Bought, limitQuestion, limitsOf } from './limits.ts';
import { idsOf, type PartialDelegation } from './partial.ts';
import { isService } from './read-words.ts';
import { doesRepeat, type Times, timesOf } from './times.ts';

/** One order of a delegation holds no more different things: its credential has no room for them. */
export const MAX_DELEGATED_LINES = 8;

/** A draft, or the first open question together with what its answer completes. Never throws. */
export function settleDelegation(partial: PartialDelegation, catalogue: Catalogue, local: LocalNow): DelegationParse {
  const ask = (question: DelegationQuestion): DelegationParse => ({
    kind: 'question',
    question,
    pending: { question, delegation: partial },
  });
  const target = targetOf(partial, catalogue);
  if ('question' in target) return ask(target.question);
  const { extras } = partial.order;
  const { lines, isTask } = target;
  if (partial.fund && (!isTask || partial.fund.minor === 0)) return leaveOut(partial, partial.fund);
  if (extras.length > 0) return ask({ kind: 'leave-out', said: extras.join(', ') });
  const bought: Bought = {
    mode: isTask ? 'BOUNDED' : 'SPECIFIED',
    pieces: lines.reduce((sum, line) => sum + line.quantity, 0),
    repeats: doesRepeat(partial, isTask),
  };
  const open = limitQuestion(partial, bought) ?? shopQuestion(partial) ?? categoryQuestion(partial);
  if (open) return ask(open);
  const times = timesOf(partial, isTask, local);
  if ('question' in times) return ask(times.question);
  const draft = draftOf(partial, lines, bought, times.value);
  const { fund } = partial;
  return fund && fund.minor > draft.maxTotalMinor ? leaveOut(partial, fund) : { kind: 'draft', draft };
}

/** No account is filled where none pays, with nothing, or beyond the total. */
function leaveOut({ fund: _misplaced, ...partial }: PartialDelegation, { said }: FundClause): DelegationParse {
  const order = { ...partial.order, extras: [...partial.order.extras, said] };
  const question = { kind: 'leave-out', said: order.extras.join(', ') } as const;
  return { kind: 'question', question, pending: { question, delegation: { ...partial, order } } };
}

type Target =
  | { readonly question: DelegationQuestion }
  | { readonly lines: readonly IntentLine[]; readonly isTask: boolean };

/** What is to be bought, as an instant order would be asked about it. */
function targetOf(partial: PartialDelegation, catalogue: Catalogue): Target {
  const parse = settle({ ...partial.order, extras: [] }, catalogue);
  if (parse.kind === 'question' && parse.question.kind !== 'which-limit' && parse.question.kind !== 'which-merchant')
    return { question: parse.question };
  const lines = parse.kind === 'draft' ? parse.draft.lines : [];
  const [surplus] = lines.slice(MAX_DELEGATED_LINES);
  if (surplus) return { question: { kind: 'too-many', line: MAX_DELEGATED_LINES, itemId: surplus.itemId } };
  const tasks = lines.filter((line) => isService(line.itemId, catalogue));
  // A task and a thing, or two tasks, are two delegations: each has its own bounds.
  if (tasks.length > 0 && lines.length > 1)
    return { question: { kind: 'which-one', itemIds: lines.slice(0, 3).map((line) => line.itemId) } };
  return { lines, isTask: tasks.length > 0 };
}

function shopQuestion(partial: PartialDelegation): DelegationQuestion | undefined {
  const { allowed, forbidden } = idsOf(partial.shops, (shops) => shops.merchantIds);
  const merchantId = allowed.find((id) => forbidden.includes(id));
  if (merchantId !== undefined) return { kind: 'merchant-both', merchantId };
  return partial.unnamedShops && { kind: 'which-merchants', ...partial.unnamedShops };
}

function categoryQuestion(partial: PartialDelegation): DelegationQuestion | undefined {
  const { allowed, forbidden } = idsOf(partial.categories, (rows) => rows.categories);
  const category = allowed.find((id) => forbidden.includes(id));
  return category === undefined ? undefined : { kind: 'category-both', category };
}

function draftOf(
  partial: PartialDelegation,
  lines: readonly IntentLine[],
  bought: Bought,
  { validFrom, validUntil, schedule, wanted, days }: Times,
): DelegationDraft {
  const shops = idsOf(partial.shops, (row) => row.merchantIds);
  const categories = idsOf(partial.categories, (row) => row.categories);
  const isTask = bought.mode === 'BOUNDED';
  const { price, failure, fund } = partial;
  const limits = limitsOf(partial, bought, days);
  return {
    mode: bought.mode,
    lines: isTask ? [] : lines,
    ...(isTask ? { purpose: lines[0]?.itemId ?? '' } : {}),
    currency: 'CNY',
    ...limits,
    // The whole total is what an account holds anyhow.
    ...(fund && fund.minor !== limits.maxTotalMinor ? { firstFundMinor: fund.minor } : {}),
    allowedMerchants: shops.allowed,
    forbiddenMerchants: shops.forbidden,
    allowedCategories: categories.allowed,
    forbiddenCategories: categories.forbidden,
    validFrom,
    validUntil,
    ...(schedule ? { schedule } : {}),
    ...(wanted ? { wanted } : {}),
    ...(price?.toleranceE2 === undefined ? {} : { priceToleranceE2: price.toleranceE2 }),
    ...(price?.action === undefined ? {} : { onPriceDeviation: price.action }),
    ...(failure === undefined ? {} : { onPaymentFailure: failure.action }),
    ...(failure?.retries === undefined ? {} : { maxRetryCount: failure.retries }),
  };
}
