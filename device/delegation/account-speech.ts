/** What the device says of a sub-account: what the PSP has told of it, and as of when (ACT 2.1 PSD-AGT-SUB). */
import { type FrameBody, msOf } from '../../protocol/index.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { type AccountErrand, operationOf } from './account.ts';
import type { DelegationEffect } from './events.ts';
import { say, spokenTime, words } from './speech.ts';
import type { HeldDelegation } from './state.ts';
import type { Situation } from './transition.ts';

export type Failure = NonNullable<FrameBody<'sub-account-result'>['failure']>;

/** The PSP's word is as good as new for so long. */
const FRESH_MS = 60_000;

/** One saying of one or more sentences. */
export function tellOfAccount(locale: Locale, ...sentences: readonly string[]): DelegationEffect {
  return say('delegation-account', sentences.join(locale === 'zh-CN' ? '' : ' '), locale);
}

/** What is known of the account, and as of when, where that is not now: payments may have gone out since. */
export function standing(state: HeldDelegation, locale: Locale, { settings, now }: Situation): readonly string[] {
  const { phrases, name, amount } = words(state, settings, locale);
  const known = state.account?.known;
  if (!known) return [phrases.accountNotKnown(name)];
  const holds = phrases.accountHolds(name, amount(known.balanceMinor));
  const says = {
    AVAILABLE: [holds],
    FROZEN: [phrases.accountFrozen(name), holds],
    CANCELLED: [phrases.accountClosed(name)],
  }[known.state];
  const isOld = now - msOf(known.asOf) > FRESH_MS;
  return [...says, ...(isOld ? [phrases.asOf(spokenTime(known.asOf, now, locale))] : [])];
}

/** What was done, in the words of how the account stands after it. */
export function done(state: HeldDelegation, errand: AccountErrand, moment: Situation): readonly string[] {
  const { locale } = errand;
  const { phrases, name, amount } = words(state, moment.settings, locale);
  const isPaying = state.account?.known?.state === 'AVAILABLE';
  if (errand.step !== 'ordered' || !isPaying) return standing(state, locale, moment);
  const { wants } = errand;
  const says =
    wants.operation === 'TOP_UP' ? phrases.accountFilled(name, amount(wants.amountMinor)) : phrases.accountPays(name);
  return [says, ...standing(state, locale, moment)];
}

/** Why nothing was done. What is stopped already has what a stop asked for. */
export function failed(
  state: HeldDelegation,
  errand: AccountErrand,
  failure: Failure,
  { settings }: Situation,
): readonly string[] {
  const { phrases, name } = words(state, settings, errand.locale);
  const operation = operationOf(errand);
  if (failure === 'CANCELLED') return [phrases.accountClosed(name)];
  if (failure === 'FROZEN' && operation === 'FREEZE') return [phrases.accountFrozen(name)];
  const why: Partial<Record<Failure, string>> = {
    FROZEN: phrases.accountFrozen(name),
    INSUFFICIENT_BALANCE: phrases.accountPoor(),
    LIMIT_EXCEEDED: phrases.accountOver(),
  };
  return [phrases.accountUnchanged(name, operation), ...(why[failure] ? [why[failure]] : [])];
}
