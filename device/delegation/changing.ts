/**
 * Suspend, resume, revoke (ACT 2.1 ADD-IAC-LCM): asked for by voice, signed with a press, told to the PSP until it has
 * acknowledged it. It waits over restarts and a lost link, and only the PSP's own word makes it done (T17).
 */
import { encodeCbor, type IacState, iacTransition, LifecycleChange, secondsOf } from '../../protocol/index.ts';
import { requestIdFor } from '../purchase/ending.ts';
import type { DeviceSettings } from '../settings.ts';
import type { SignerAnswer } from '../signer/port.ts';
import { opened } from '../signer/reading.ts';
import type { DelegationEffect, DelegationStep } from './events.ts';
import { lost } from './funding.ts';
import { again, later, say, send, words } from './speech.ts';
import type { Change, HeldDelegation, Wanted } from './state.ts';
import { chain, type Moment, type OfHeld, revised, type Situation, stay, without } from './transition.ts';

/** How often a press is asked for before the device leaves it to the wearer. */
const MAX_TRIES = 3;
/** How long after a press that did not come an alarm asks for it again. */
const ALARM_AGAIN_MS = 60_000;

type Telling = Extract<Change, { step: 'telling' }>;
type Pressing = Exclude<Change, Telling>;

/** The state it is in, as far as is known here. While it is being issued the PSP may have it active already. */
function stateNow(state: HeldDelegation): IacState | undefined {
  if (state.at === 'refused') return undefined;
  return state.at === 'expired' ? 'Expired' : (state.status?.state ?? 'Active');
}

/** Whether one may ask for it: what cannot follow from where it stands would only be refused. */
export function canBecome(state: HeldDelegation, to: Wanted): boolean {
  const from = stateNow(state);
  return from !== undefined && iacTransition(from, to, 'PRINCIPAL') !== undefined;
}

/** The wearer asks by voice. The hold that they mean as a stop must not give the agent money: what is to be filled goes (T17). */
export const wish: OfHeld<'command'> = (state, moment) => {
  const stopped = moment.event.to === 'Active' ? undefined : lost(state, moment);
  return stopped ? chain(stopped, (next) => wanted(next as HeldDelegation, moment)) : wanted(state, moment);
};

/** A stop overrides a resume that is still waiting; a later wish replaces one not signed yet. */
const wanted: OfHeld<'command'> = (state, { event, settings }) => {
  const { to, locale } = event;
  const { phrases, name } = words(state, settings, locale);
  const from = stateNow(state);
  if (!canBecome(state, to)) {
    const says = from === undefined ? phrases.none() : phrases.already(name, from);
    return stay(state, say('delegation-changed', says, locale));
  }
  const { change } = state;
  if (change?.step === 'telling' && change.to === to)
    return stay(state, say('delegation-pending', phrases.pending(name, to), locale));
  if (change?.step === 'open') return change.to === to ? undefined : stay(asked(state, to), unprompt(state));
  return stay(asked(state, to));
};

function asked(state: HeldDelegation, to: Wanted, isAlarm = false): HeldDelegation {
  return revised(state, { change: { step: 'waiting', to, tries: 1, isAlarm } });
}

/** A payment outside the bounds: the device asks for the press itself, unless a stop is on its way already. */
export function alarm(state: HeldDelegation): HeldDelegation {
  const isStopping = state.change !== undefined && state.change.to !== 'Active';
  if (isStopping || !canBecome(state, 'Suspended')) return state;
  return asked(state, 'Suspended', true);
}

/** Whether it waits for its turn at the signer. */
export function wantsPrompt({ change }: HeldDelegation, now: Situation['now']): boolean {
  return change?.step === 'waiting' && now >= (change.notBefore ?? now);
}

/** Its pause is over: from now on only its turn is waited for. */
export function waitOn(state: HeldDelegation, { now }: Situation): DelegationStep | undefined {
  const { change } = state;
  if (change?.step !== 'waiting' || change.notBefore === undefined || now < change.notBefore) return undefined;
  return stay(waiting(state, change));
}

export const openPrompt: OfHeld<'turn'> = (state, { event, now }) => {
  const { change, authorization, locale } = state;
  if (event.of !== 'prompt' || change?.step !== 'waiting' || !wantsPrompt(state, now)) return undefined;
  if (!canBecome(state, change.to)) return stay(without(state, 'change'));
  const bytes = encodeCbor(LifecycleChange.encode(draftOf(state, change, now), 'change'));
  return stay(
    revised(state, { change: { ...change, step: 'open', bytes } }),
    { do: 'prompt', id: state.id, request: { kind: 'lifecycle', change: bytes, authorization, locale } },
    ...(event.mayListen ? [{ do: 'listen-for', expect: 'reply', locale } as const] : []),
  );
};

/** `version`: one more than the last one known, so that a repeated or overtaken order is harmless (T4). */
function draftOf(state: HeldDelegation, { to, tries }: Pressing, now: Situation['now']): LifecycleChange {
  const version = (state.status?.version ?? 0) + 1;
  return {
    changeId: requestIdFor(state.id, `change:${version}:${to}:${tries}:${now}`),
    delegationId: state.id,
    from: stateNow(state) ?? 'Active',
    to,
    by: 'PRINCIPAL',
    changedAt: secondsOf(now),
    version,
  };
}

export const answerOfSigner: OfHeld<'signer'> = (state, moment) => {
  const { change } = state;
  const { answer } = moment.event;
  if (change?.step !== 'open') return undefined;
  if (answer.kind === 'signed') return tell(state, change, answer.signed, moment);
  // A payment's prompt took its place: it waits for its turn again.
  if (answer.kind === 'void' && answer.reason === 'new-cart') return stay(waiting(state, change));
  return notPressed(state, change, answer, moment);
};

function waiting(state: HeldDelegation, { to, tries, isAlarm }: Pressing): HeldDelegation {
  return revised(state, { change: { step: 'waiting', to, tries, isAlarm } });
}

/** An alarm that nobody answered is raised again; a wish that was not pressed for is over. */
function notPressed(
  state: HeldDelegation,
  change: Pressing,
  answer: Exclude<SignerAnswer, { kind: 'signed' }>,
  { settings, now }: Situation,
): DelegationStep {
  const { phrases, name, locale } = words(state, settings);
  const isWish = !change.isAlarm || answer.kind === 'declined' || answer.kind === 'cancelled';
  const next =
    isWish || change.tries >= MAX_TRIES
      ? without(state, 'change')
      : revised(state, { change: pressAgain(change, later(now, ALARM_AGAIN_MS)) });
  return stay(next, say('delegation-unchanged', phrases.unchanged(name, change.to), locale));
}

function tell(
  state: HeldDelegation,
  change: Pressing,
  order: Uint8Array,
  { settings, now }: Situation,
): DelegationStep {
  const { phrases, name, locale } = words(state, settings);
  const signed = opened('lifecycle-order', order, settings);
  const isOurs =
    signed?.signer.party === settings.device &&
    change.bytes !== undefined &&
    isSame(change.bytes, encodeCbor(LifecycleChange.encode(signed.value.change, 'change')));
  if (!isOurs) {
    const text = phrases.unchanged(name, change.to);
    return stay(without(state, 'change'), say('delegation-unchanged', text, locale));
  }
  const { version, changeId } = signed.value.change;
  const { to, tries, isAlarm } = change;
  const telling: Telling = {
    ...{ step: 'telling', to, tries, version, requestId: requestIdFor(changeId, 'tell'), order, isAlarm },
    ...{ attempts: 0, nextAt: again(now, 0) },
  };
  return stay(
    revised(state, { change: telling }),
    orderOf(telling, settings),
    say('delegation-pending', phrases.pending(name, to), locale),
  );
}

function orderOf({ requestId, order }: Telling, { psp }: DeviceSettings): DelegationEffect {
  return send(psp, { type: 'lifecycle', body: { requestId, order } });
}

export function tellAgain(state: HeldDelegation, { settings, now }: Situation): DelegationStep | undefined {
  const { change } = state;
  if (change?.step !== 'telling' || now < change.nextAt) return undefined;
  const attempts = change.attempts + 1;
  const next = { ...change, attempts, nextAt: again(now, attempts) };
  return stay(revised(state, { change: next }), orderOf(change, settings));
}

/** A link that is back, or a process that has started again: what is pending goes out at once. */
export function tellNow(state: HeldDelegation, { settings, now }: Situation): DelegationStep | undefined {
  const { change } = state;
  if (change?.step !== 'telling') return undefined;
  const next = { ...change, attempts: 0, nextAt: again(now, 0) };
  return stay(revised(state, { change: next }), orderOf(change, settings));
}

/** A prompt does not outlive its process. The wish does: it is asked for once more. */
export function promptAgain(state: HeldDelegation): DelegationStep | undefined {
  const { change } = state;
  return change?.step === 'open' ? stay(waiting(state, change), unprompt(state)) : undefined;
}

/** What the PSP's status means for a change that it was told of. */
export function acknowledge(state: HeldDelegation, moment: Situation): DelegationStep | undefined {
  const { change, status } = state;
  if (!change || !status) return undefined;
  const { phrases, name, locale } = words(state, moment.settings);
  const isOver = status.state === 'Revoked' || status.state === 'Expired';
  if (change.step === 'telling' && (isOver || status.version >= change.version)) {
    const done = without(state, 'change');
    if (status.state === change.to)
      return stay(done, say('delegation-changed', phrases.changed(name, change.to), locale));
    // Another change took the number: this order can do nothing any more, so the wish needs another press.
    return canBecome(state, change.to) && change.tries < MAX_TRIES
      ? stay(revised(state, { change: pressAgain(change) }))
      : stay(done, say('delegation-unchanged', unlike(state, change.to, moment), locale));
  }
  if (change.step === 'telling' || canBecome(state, change.to)) return undefined;
  // It has come about by itself, or never can: nothing is left to press for.
  return stay(without(state, 'change'), ...(change.step === 'open' ? [unprompt(state)] : []));
}

function pressAgain({ to, tries, isAlarm }: Change, notBefore?: Situation['now']): Pressing {
  return { step: 'waiting', to, tries: tries + 1, isAlarm, ...(notBefore !== undefined && { notBefore }) };
}

function unlike(state: HeldDelegation, to: Wanted, { settings }: Situation): string {
  const { phrases, name } = words(state, settings);
  const is = state.status?.state;
  return is === 'Revoked' || is === 'Expired' ? phrases.changed(name, is) : phrases.unchanged(name, to);
}

/**
 * A refusal is no acknowledgement: an order to stop stays on its way, and the PSP is asked where things stand. One to go on
 * is over with it, as the PSP refuses it for good: the wearer can press for another.
 */
export function changeRefused(
  state: HeldDelegation,
  { settings, event, now }: Moment<'refusal'>,
): DelegationStep | undefined {
  const { change, id } = state;
  if (change?.step !== 'telling' || event.body.requestId !== change.requestId) return undefined;
  const { phrases, name, locale } = words(state, settings);
  const requestId = requestIdFor(id, `query:${now}`);
  const query = send(settings.psp, { type: 'delegation-query', body: { requestId, delegationId: id } });
  if (change.to === 'Active') {
    const text = phrases.unchanged(name, change.to);
    return stay(without(state, 'change'), query, say('delegation-unchanged', text, locale));
  }
  return stay(
    state,
    query,
    // Once: what is sent again may be refused again.
    ...(change.attempts === 0 ? [say('delegation-pending', phrases.refusedChange(name, change.to), locale)] : []),
  );
}

/** "No" and "cancel" take a prompt away that is open for a change. */
export function leavePrompt(state: HeldDelegation, { event, settings }: Moment<'answer'>): DelegationStep | undefined {
  const { change } = state;
  if (change?.step !== 'open' || (event.reply.kind !== 'cancel' && event.reply.kind !== 'no')) return undefined;
  const { phrases, name, locale } = words(state, settings);
  const text = phrases.unchanged(name, change.to);
  return stay(without(state, 'change'), unprompt(state), say('delegation-unchanged', text, locale));
}

function unprompt({ id }: HeldDelegation): DelegationEffect {
  return { do: 'unprompt', id };
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}
