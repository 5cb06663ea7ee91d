/**
 * Where a signed delegation stands: as the PSP says, newest first, or as the clock says (ADD-IAC-LCM). What this device does
 * not know it does not claim: news that are late change nothing, and receipts that are missing are spoken of.
 */
import { type DelegationStatus, type IacState, msOf } from '../../protocol/index.ts';
import { requestIdFor } from '../purchase/ending.ts';
import { endWarningAt, isNearTotal, leftMinor } from './bounds.ts';
import { acknowledge } from './changing.ts';
import type { DelegationEffect, DelegationStep } from './events.ts';
import { ended } from './funding.ts';
import { later, say, send, spokenTime, words } from './speech.ts';
import type { HeldDelegation, KnownStatus, Standing } from './state.ts';
import { handOver } from './tasking.ts';
import { chain, type Moment, type OfHeld, revised, type Situation, stay, without } from './transition.ts';

/** How old the PSP's word may be before it is asked for again. */
const STATUS_AGE_MS = 3_600_000;
/** Receipts travel beside the status that counts them: they get this long before anything is said. */
const DOUBT_MS = 5_000;

const STANDINGS: Readonly<Record<IacState, Standing>> = {
  Active: 'active',
  Suspended: 'suspended',
  Revoked: 'revoked',
  Expired: 'expired',
};

function isFinal(state: IacState): boolean {
  return state === 'Revoked' || state === 'Expired';
}

/**
 * Late news are no news, and nothing leads out of a final state (T4, T17). `version` orders changes; the clocks of two gateways
 * differ, so that `asOf` orders only what has the same one.
 */
function isNewer(status: DelegationStatus, known: KnownStatus | undefined): boolean {
  if (!known) return true;
  const goesOn = !isFinal(known.state) || isFinal(status.state);
  return goesOn && (status.version - known.version || status.asOf - known.asOf) >= 0;
}

function standingOf(status: DelegationStatus, { iac }: HeldDelegation, { now }: Situation): Standing {
  const isOver = !isFinal(status.state) && now >= msOf(iac.validityEndTime);
  return isOver ? 'expired' : STANDINGS[status.state];
}

export const takeStatus: OfHeld<'status'> = (state, moment) => {
  const { status } = moment.event;
  const { now } = moment;
  if (!isNewer(status, state.status) || status.currency !== state.iac.currency) return undefined;
  const { state: is, version, asOf, freshUntil, spentMinor, reservedMinor, spends, subAccountId } = status;
  const since = state.status?.state === is ? state.status.since : asOf;
  const known: KnownStatus = { state: is, version, asOf, freshUntil, spentMinor, reservedMinor, spends, since };
  const at = standingOf(status, state, moment);
  const taken = taking(
    state.account || !subAccountId ? state : revised(state, { account: { subAccountId } }),
    known,
    at,
    moment,
  );
  const isDoubtful = spends > state.sums.count && spends > state.told.missing;
  const doubting = isDoubtful ? revised(taken, { doubtAt: later(now, DOUBT_MS) }) : without(taken, 'doubtAt');
  const first = stay(doubting, ...newsOf(state, at, moment));
  const handed = chain(first, (next) => handOver(next as HeldDelegation, moment));
  const acknowledged = chain(handed, (next) => acknowledge(next as HeldDelegation, moment));
  return chain(acknowledged, (next) => ended(next as HeldDelegation, moment));
};

function taking(state: HeldDelegation, status: KnownStatus, at: Standing, { now }: Situation): HeldDelegation {
  const { id, locale, iac, authorization, agentKey, sums, told, task, change, asked, answered, doubtAt, account } =
    state;
  return {
    ...{ at, id, locale, iac, authorization, agentKey, sums, told, task, status },
    ...(change && { change }),
    // A question whose delegation has stopped is answered with its end.
    ...(asked && { asked }),
    ...(answered && { answered }),
    ...(doubtAt !== undefined && { doubtAt }),
    ...(account && { account }),
    nextAt: later(now, STATUS_AGE_MS),
  };
}

const TOLD_AS = { active: 'Active', suspended: 'Suspended', revoked: 'Revoked', expired: 'Expired' } as const;

/** What the wearer is told of a change that they have not asked for; those they have asked for are told when acknowledged. */
function newsOf(before: HeldDelegation, at: Standing, { settings }: Situation): readonly DelegationEffect[] {
  const { phrases, name, locale } = words(before, settings);
  if (before.at === at) return [];
  if (before.at === 'issuing' || before.at === 'refused')
    return at === 'active'
      ? [say('delegation-active', phrases.active(name), locale)]
      : [say('delegation-changed', phrases.changedByPsp(name, TOLD_AS[at]), locale)];
  if (before.change?.step === 'telling' && before.change.to === TOLD_AS[at]) return [];
  return [say('delegation-changed', phrases.changedByPsp(name, TOLD_AS[at]), locale)];
}

/** What time does: the end, the warning before it, the doubt, and asking for a word that has become old. */
export const passTime: OfHeld<'tick'> = (state, moment) => {
  const next = chain(
    chain(stay(state), (one) => warnOfEnd(one as HeldDelegation, moment)),
    (one) => expire(one as HeldDelegation, moment),
  );
  const over = chain(next, (one) => ended(one as HeldDelegation, moment));
  const last = chain(over, (one) => speakDoubt(one as HeldDelegation, moment));
  const asked = chain(last, (one) => askAgain(one as HeldDelegation, moment));
  return asked.state === state && asked.effects.length === 0 ? undefined : asked;
};

function warnOfEnd(state: HeldDelegation, { settings, now }: Situation): DelegationStep | undefined {
  if (state.at !== 'active' || state.told.end || now < endWarningAt(state.iac)) return undefined;
  const { phrases, name, locale } = words(state, settings);
  const told = { ...state.told, end: true };
  if (now >= msOf(state.iac.validityEndTime)) return stay(revised(state, { told }));
  const text = phrases.nearEnd(name, spokenTime(state.iac.validityEndTime, now, locale));
  return stay(revised(state, { told }), say('delegation-warning', text, locale));
}

/** By this device's clock. What was paid before is still received, and counts. */
function expire(state: HeldDelegation, { settings, now }: Situation): DelegationStep | undefined {
  const isRunning = state.at === 'issuing' || state.at === 'active' || state.at === 'suspended';
  if (!isRunning || now < msOf(state.iac.validityEndTime)) return undefined;
  const { phrases, name, locale } = words(state, settings);
  const { status, id, iac, authorization, agentKey, sums, told, answered, change, account } = state;
  return stay(
    {
      ...{ at: 'expired', id, locale: state.locale, iac, authorization, agentKey, sums, told },
      ...(status && { status }),
      // A revoke that was signed goes on to the PSP: its clock may be behind, and the wearer is to hear what became of it.
      ...(change?.step === 'telling' && { change }),
      ...(answered && { answered }),
      ...(account && { account }),
      task: { version: state.task.version, attempts: 0, ...(state.task.state && { state: state.task.state }) },
      nextAt: now,
    },
    say('delegation-changed', phrases.changed(name, 'Expired'), locale),
  );
}

function speakDoubt(state: HeldDelegation, { settings, now }: Situation): DelegationStep | undefined {
  if (state.doubtAt === undefined || now < state.doubtAt) return undefined;
  const { phrases, name, locale } = words(state, settings);
  const settled = without(state, 'doubtAt');
  const missing = state.status?.spends ?? 0;
  if (missing <= state.sums.count) return stay(settled);
  const told = { ...state.told, missing };
  return stay(revised(settled, { told }), say('delegation-doubt', phrases.doubt(name), locale));
}

/** Whether the PSP counts payments that this device has no receipt of. */
export function mayBeMissing({ status, sums }: HeldDelegation): boolean {
  return status !== undefined && (status.spends > sums.count || status.spentMinor > sums.spentMinor);
}

function askAgain(state: HeldDelegation, moment: Situation): DelegationStep | undefined {
  if (state.at !== 'active' && state.at !== 'suspended') return undefined;
  return moment.now < state.nextAt ? undefined : query(state, moment);
}

/** After a restart and when the link is back: what was missed meanwhile is asked for, if the last word is not new. */
export const catchUp: OfHeld<'restarted' | 'link'> = (state, moment) => {
  if (moment.event.kind === 'link' && !moment.event.online) return undefined;
  return state.at === 'active' || state.at === 'suspended' ? query(state, moment) : undefined;
};

function query(state: HeldDelegation, { settings, now }: Situation): DelegationStep {
  const requestId = requestIdFor(state.id, `query:${now}`);
  const effect = send(settings.psp, { type: 'delegation-query', body: { requestId, delegationId: state.id } });
  return stay({ ...state, nextAt: later(now, STATUS_AGE_MS) } as HeldDelegation, effect);
}

/** The PSP did not take what was signed. Unless its status says otherwise, nothing pays under it. */
export function refuse(state: HeldDelegation, reason: string, { settings }: Situation): DelegationStep {
  const { id, locale, iac, authorization, agentKey, sums, told, task } = state;
  const { phrases } = words(state, settings);
  return stay(
    { at: 'refused', id, locale, iac, authorization, agentKey, sums, told, task: { ...task }, reason },
    say('delegation-not-made', phrases.notMade(reason), locale),
  );
}

/** Near the total, once (PSD-PAY-AUP). */
export function warnOfTotal(state: HeldDelegation, { settings }: Moment<'spend'>): DelegationStep | undefined {
  const { spentMinor } = state.sums;
  if (state.told.budget || !isNearTotal(spentMinor, state.iac)) return undefined;
  const { phrases, name, amount, locale } = words(state, settings);
  const text = phrases.nearTotal(name, amount(leftMinor(spentMinor, state.iac)));
  return stay(revised(state, { told: { ...state.told, budget: true } }), say('delegation-warning', text, locale));
}
