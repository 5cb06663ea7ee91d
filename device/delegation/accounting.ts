/**
 * The sub-account that pays (ACT 2.1 PSD-AGT-SUB), as far as it is between this device and the PSP: what is asked for goes out
 * until it is answered, over restarts and a lost link, and only the PSP's own answer makes it done (T2, T17).
 */
import { delegationModeOf, type SubAccountStatus, secondsOf } from '../../protocol/index.ts';
import { requestIdFor } from '../purchase/ending.ts';
import type { AccountCommand } from '../voice/delegation/account-command.ts';
import type { Locale } from '../voice/vocabulary.ts';
import {
  type Account,
  type AccountErrand,
  isNewer,
  isSent,
  operationOf,
  type SentErrand,
  withoutErrand,
} from './account.ts';
import { tell } from './account-sending.ts';
import { done, failed, standing, tellOfAccount } from './account-speech.ts';
import type { DelegationStep } from './events.ts';
import { consider } from './funding.ts';
import { again, later, words } from './speech.ts';
import type { HeldDelegation } from './state.ts';
import { type Moment, type OfHeld, revised, type Situation, stay } from './transition.ts';

/** A question that is not answered is asked once more, and then answered out of what is known. */
const QUESTION_AGAIN_MS = 4_000;
const QUESTIONS = 2;

/** What is on its way already: it is told, and not asked for again. Closing replaces everything, a freeze all but closing. */
function isInTheWay(errand: AccountErrand | undefined, { operation }: AccountCommand): boolean {
  if (!errand || operation === 'CANCEL') return errand?.step === 'telling' && errand.operation === 'CANCEL';
  if (errand.step === 'ordered') return operation !== 'FREEZE';
  return errand.step === 'telling' && errand.operation !== 'QUERY';
}

/** The wearer asks by voice. */
export const wish: OfHeld<'account'> = (state, moment) => {
  const { command, locale } = moment.event;
  const { account } = state;
  const { phrases, name } = words(state, moment.settings, locale);
  const says = (text: string) => stay(state, tellOfAccount(locale, text));
  if (!account)
    return says(delegationModeOf(state.iac) === 'BOUNDED' ? phrases.accountNotNamed(name) : phrases.accountNone(name));
  const { errand: before } = account;
  if (before && isInTheWay(before, command)) return says(phrases.accountPending(name, operationOf(before)));
  const told = tell(state, account, errandFor(state, command, locale, moment), moment);
  const { operation } = command;
  const isTold = operation === 'FREEZE' || operation === 'CANCEL';
  return {
    state: told.state,
    effects: [
      ...(before?.step === 'open' ? [{ do: 'unprompt', id: state.id } as const] : []),
      ...told.effects,
      ...(isTold ? [tellOfAccount(locale, phrases.accountPending(name, operation))] : []),
    ],
  };
};

function errandFor({ id }: HeldDelegation, command: AccountCommand, locale: Locale, { now }: Situation): SentErrand {
  const { operation } = command;
  const requestId = requestIdFor(id, `account:${operation}:${now}`);
  const errand = { locale, requestId, createdAt: secondsOf(now), attempts: 0 };
  const soon = later(now, QUESTION_AGAIN_MS);
  if (operation === 'UNFREEZE') return { ...errand, step: 'asking', wants: { operation }, nextAt: soon };
  if (operation === 'TOP_UP')
    return { ...errand, step: 'asking', wants: { operation, amountMinor: command.amountMinor }, nextAt: soon };
  return { ...errand, step: 'telling', operation, nextAt: operation === 'QUERY' ? soon : again(now, 0) };
}

/** What came of it; an answer that nobody waits for any more is still the PSP's word on how things stand. */
export const takeResult: OfHeld<'sub-account-result'> = (state, moment) => {
  const { account } = state;
  const { requestId, status, failure } = moment.event.body;
  if (!account || (status && !isOf(state, status))) return undefined;
  const known = status ? takenIn(account, status) : account;
  const { errand } = account;
  if (!errand || !isSent(errand) || errand.requestId !== requestId)
    return known === account ? undefined : stay(revised(state, { account: known }));
  const next = revised(state, { account: withoutErrand(known) });
  if (failure !== undefined) return stay(next, tellOfAccount(errand.locale, ...failed(next, errand, failure, moment)));
  if (errand.step === 'asking') return consider(next, errand, moment);
  return stay(next, tellOfAccount(errand.locale, ...done(next, errand, moment)));
};

/** Whether it is about this account, bound to this agent, in this currency: anything else means nothing here (T5). */
function isOf({ account, iac }: HeldDelegation, status: SubAccountStatus): boolean {
  const { subAccountId, agentId, currency } = status;
  return account?.subAccountId === subAccountId && agentId === iac.agentId && currency === iac.currency;
}

function takenIn(account: Account, status: SubAccountStatus): Account {
  if (!isNewer(status, account.known)) return account;
  const { state, balanceMinor, version, asOf } = status;
  return { ...account, known: { state, balanceMinor, version, asOf } };
}

function isQuestion(errand: SentErrand): boolean {
  return errand.step === 'asking' || (errand.step === 'telling' && errand.operation === 'QUERY');
}

/** Told again until the PSP has answered; a question is answered out of what is known when it does not. */
export function tellAgain(state: HeldDelegation, moment: Situation): DelegationStep | undefined {
  const { account } = state;
  const { errand } = account ?? {};
  if (!account || !errand || !isSent(errand) || moment.now < errand.nextAt) return undefined;
  const attempts = errand.attempts + 1;
  if (isQuestion(errand) && attempts >= QUESTIONS) return unanswered(state, account, errand, moment);
  const nextAt = isQuestion(errand) ? later(moment.now, QUESTION_AGAIN_MS) : again(moment.now, attempts);
  return tell(state, account, { ...errand, attempts, nextAt }, moment);
}

/** A link that is back, or a process that has started again: what is pending goes out at once. */
export function tellNow(state: HeldDelegation, moment: Situation): DelegationStep | undefined {
  const { account } = state;
  const { errand } = account ?? {};
  if (!account || !errand || !isSent(errand)) return undefined;
  return tell(state, account, { ...errand, attempts: 0, nextAt: again(moment.now, 0) }, moment);
}

function unanswered(state: HeldDelegation, account: Account, errand: SentErrand, moment: Situation): DelegationStep {
  const { locale } = errand;
  const next = revised(state, { account: withoutErrand(account) });
  const { phrases, name } = words(next, moment.settings, locale);
  const says =
    errand.step === 'asking' ? [phrases.accountUnchanged(name, operationOf(errand))] : standing(next, locale, moment);
  return stay(next, tellOfAccount(locale, phrases.accountSilent(), ...says));
}

/** The PSP does not do it, for good; what it cannot do just now is told again. */
export function refused(state: HeldDelegation, { settings, event }: Moment<'refusal'>): DelegationStep | undefined {
  const { account } = state;
  const { errand } = account ?? {};
  const { requestId, category } = event.body;
  if (!account || !errand || !isSent(errand) || errand.requestId !== requestId || category === 'SYSTEM_UNAVAILABLE')
    return undefined;
  const { phrases, name } = words(state, settings, errand.locale);
  const text = phrases.accountUnchanged(name, operationOf(errand));
  return stay(revised(state, { account: withoutErrand(account) }), tellOfAccount(errand.locale, text));
}
