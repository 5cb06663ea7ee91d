/** Answers to what was asked about amounts. */

import { type Answer, type Answering, type Asked, replaced } from './answering.ts';
import type { AmountClause } from './clause.ts';
import type { LimitScope } from './draft.ts';
import { scopesNamed } from './read-limits.ts';

/** The amounts of an answer, each a limit now. `scope` is what was asked about. */
function limitsSaid({ said, reading }: Answering, scope: LimitScope): readonly AmountClause[] {
  if (reading.no) return [];
  return said.amounts.map((amount) => ({
    ...amount,
    limit: true,
    scope: amount.scope === 'bare' ? scope : amount.scope,
  }));
}

export const answerAmount: Answer<Asked<'how-much' | 'foreign-amount'>> = (delegation, answering) => {
  const { question } = answering;
  const limits = limitsSaid(answering, question.kind === 'how-much' && !question.repeats ? 'total' : 'bare');
  if (limits.length === 0 || answering.said.foreign) return delegation;
  return { ...delegation, foreign: false, amounts: replaced(delegation.amounts, limits) };
};

export const answerWhichLimit: Answer<Asked<'which-limit'>> = (delegation, answering) => {
  const { question, reading } = answering;
  const others = delegation.amounts.filter(({ scope }) => scope !== question.scope);
  const limits = limitsSaid(answering, question.scope);
  const [only, other] = question.amountsMinor;
  if (limits.length > 0) return { ...delegation, amounts: replaced(others, limits) };
  if (reading.no) return { ...delegation, amounts: others };
  const agreed = reading.yes && other === undefined ? only : question.amountsMinor[(reading.position ?? 0) - 1];
  if (agreed === undefined) return delegation;
  return { ...delegation, amounts: [...others, { kind: 'amount', limit: true, scope: question.scope, minor: agreed }] };
};

export const answerScope: Answer<Asked<'limit-scope'>> = (delegation, answering) => {
  const { question, reading, tokens, said, refuses } = answering;
  const others = delegation.amounts.filter(({ scope }) => scope !== 'bare');
  const scoped = said.amounts.filter(({ scope }) => scope !== 'bare');
  if (scoped.length > 0) return { ...delegation, amounts: replaced(others, limitsSaid(answering, 'bare')) };
  const named = refuses ? [] : scopesNamed(tokens);
  const scope = named.length === 1 ? named[0] : ([undefined, 'order', 'total'] as const)[reading.position ?? 0];
  if (scope === undefined || reading.no) return delegation;
  return { ...delegation, amounts: [...others, { kind: 'amount', limit: true, scope, minor: question.amountMinor }] };
};

export const answerDisagreement: Answer<Asked<'limits-disagree'>> = (delegation, answering) => {
  const { within } = answering.question;
  const limits = limitsSaid(answering, within);
  if (limits.length === 0) return delegation;
  const others = delegation.amounts.filter(({ scope }) => !(within === 'total' && scope === 'bare'));
  const isTotal = limits.some(({ scope }) => scope === 'total');
  return { ...delegation, amounts: replaced(isTotal ? others : delegation.amounts, limits) };
};
