/**
 * What lets an agent spend more than now (ACT 2.1 PSD-AGT-SUB): more money in its sub-account, or a frozen one that pays again. The
 * wearer asks by voice, the PSP says how the account stands, and then a press orders exactly that once (T2, T17, T18).
 */
import { encodeCbor, equalBytes, SubAccountChange, secondsOf } from '../../protocol/index.ts';
import { requestIdFor } from '../purchase/ending.ts';
import { opened } from '../signer/reading.ts';
import { type Account, type ErrandIn, operationOf, withoutErrand } from './account.ts';
import { tell } from './account-sending.ts';
import { standing, tellOfAccount } from './account-speech.ts';
import { leftMinor } from './bounds.ts';
import type { DelegationEffect, DelegationStep } from './events.ts';
import { again, later, words } from './speech.ts';
import { type HeldDelegation, isRunning } from './state.ts';
import { type Moment, type OfHeld, revised, type Situation, stay } from './transition.ts';

/** How long a wish waits for its turn at the signer: what the PSP has said of the account would be old after that. */
const TURN_MS = 60_000;

/** The account is known now: what cannot be done is told at once, and for the rest the press is waited for. */
export function consider(state: HeldDelegation, errand: ErrandIn<'asking'>, moment: Situation): DelegationStep {
  const { wants, locale } = errand;
  const { phrases, name, amount } = words(state, moment.settings, locale);
  const { account } = state;
  const says = (...text: readonly string[]) => stay(state, tellOfAccount(locale, ...text));
  const unchanged = phrases.accountUnchanged(name, wants.operation);
  const { known } = account ?? {};
  if (!account || !known) return says(phrases.accountNotKnown(name));
  const isPossible = known.state === (wants.operation === 'TOP_UP' ? 'AVAILABLE' : 'FROZEN');
  if (!isPossible || !isRunning(state)) return says(unchanged, ...standing(state, locale, moment));
  if (wants.operation === 'TOP_UP') {
    // By the receipts of this device; the PSP counts for itself (T14).
    const room = leftMinor(state.sums.spentMinor, state.iac) - known.balanceMinor;
    if (wants.amountMinor > room) return says(unchanged, phrases.accountRoom(amount(Math.max(0, room))));
  }
  const waiting = { step: 'waiting', wants, locale, until: later(moment.now, TURN_MS) } as const;
  return stay(revised(state, { account: { ...account, errand: waiting } }));
}

/** Whether it waits for its turn at the signer. */
export function wantsFunding({ account }: HeldDelegation): boolean {
  return account?.errand?.step === 'waiting';
}

export const openPrompt: OfHeld<'turn'> = (state, moment) => {
  const { event, now } = moment;
  const { account, authorization, id } = state;
  const { errand, known } = account ?? {};
  if (event.of !== 'prompt' || errand?.step !== 'waiting' || !account || !known) return undefined;
  if (!isRunning(state)) return ended(state, moment);
  const { wants, locale } = errand;
  const change: SubAccountChange = {
    changeId: requestIdFor(id, `account:${wants.operation}:${known.version}:${now}`),
    ...{ delegationId: id, subAccountId: account.subAccountId, ...wants },
    ...{ currency: state.iac.currency, changedAt: secondsOf(now), version: known.version + 1 },
  };
  const bytes = encodeCbor(SubAccountChange.encode(change, 'change'));
  return stay(
    revised(state, { account: { ...account, errand: { step: 'open', wants, locale, bytes } } }),
    { do: 'prompt', id, request: { kind: 'account', change: bytes, authorization, locale } },
    ...(event.mayListen ? [{ do: 'listen-for', expect: 'reply', locale } as const] : []),
  );
};

export const answerOfSigner: OfHeld<'signer'> = (state, moment) => {
  const { account } = state;
  const { errand } = account ?? {};
  if (!account || errand?.step !== 'open') return undefined;
  const { answer } = moment.event;
  if (answer.kind === 'signed') return order(state, account, errand, answer.signed, moment);
  // A payment's prompt took its place: it waits for its turn again.
  if (answer.kind === 'void' && answer.reason === 'new-cart') {
    const { wants, locale } = errand;
    const waiting = { step: 'waiting', wants, locale, until: later(moment.now, TURN_MS) } as const;
    return stay(revised(state, { account: { ...account, errand: waiting } }));
  }
  return over(state, account, errand, moment);
};

/** A signer outside this process is believed no more than a peer: it may answer late, or for another prompt (T2). */
function order(
  state: HeldDelegation,
  account: Account,
  errand: ErrandIn<'open'>,
  signed: Uint8Array,
  moment: Situation,
): DelegationStep {
  const { settings, now } = moment;
  const { wants, locale, bytes } = errand;
  const known = opened('sub-account-order', signed, settings);
  const isOurs =
    known?.signer.party === settings.device &&
    equalBytes(bytes, encodeCbor(SubAccountChange.encode(known.value.change, 'change')));
  if (!isOurs) return over(state, account, errand, moment);
  const requestId = requestIdFor(known.value.change.changeId, 'tell');
  const sent = {
    step: 'ordered',
    wants,
    locale,
    requestId,
    order: signed,
    attempts: 0,
    nextAt: again(now, 0),
  } as const;
  const told = tell(state, account, sent, moment);
  const { phrases, name } = words(state, settings, locale);
  const says = tellOfAccount(locale, phrases.accountPending(name, wants.operation));
  return { state: told.state, effects: [...told.effects, says] };
}

/** "No" and "cancel" take a prompt away that is open for the account. */
export function leavePrompt(state: HeldDelegation, moment: Moment<'answer'>): DelegationStep | undefined {
  const { account } = state;
  const { kind } = moment.event.reply;
  if (account?.errand?.step !== 'open' || (kind !== 'cancel' && kind !== 'no')) return undefined;
  return over(state, account, account.errand, moment, { do: 'unprompt', id: state.id });
}

/** Its turn did not come in time: how the account stands would have to be asked anew. */
export function letGo(state: HeldDelegation, moment: Situation): DelegationStep | undefined {
  const { account } = state;
  const { errand } = account ?? {};
  if (!account || errand?.step !== 'waiting' || moment.now < errand.until) return undefined;
  return over(state, account, errand, moment);
}

/** Once a delegation is over, no press is asked for any more that would give its agent money (T17). */
export function ended(state: HeldDelegation, moment: Situation): DelegationStep | undefined {
  const step = state.account?.errand?.step;
  return isRunning(state) || (step !== 'waiting' && step !== 'open') ? undefined : lost(state, moment);
}

/** What was not signed outlives neither its process nor a stop: nobody presses for what was said before. */
export function lost(state: HeldDelegation, moment: Situation): DelegationStep | undefined {
  const { account } = state;
  const { errand } = account ?? {};
  if (!account || !errand || errand.step === 'telling' || errand.step === 'ordered') return undefined;
  const effects: readonly DelegationEffect[] = errand.step === 'open' ? [{ do: 'unprompt', id: state.id }] : [];
  return over(state, account, errand, moment, ...effects);
}

function over(
  state: HeldDelegation,
  account: Account,
  errand: ErrandIn<'asking' | 'waiting' | 'open'>,
  { settings }: Situation,
  ...before: readonly DelegationEffect[]
): DelegationStep {
  const { locale } = errand;
  const { phrases, name } = words(state, settings, locale);
  const text = phrases.accountUnchanged(name, operationOf(errand));
  return stay(revised(state, { account: withoutErrand(account) }), ...before, tellOfAccount(locale, text));
}
