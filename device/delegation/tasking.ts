/** The task at the agent: handed over until the agent speaks of it. What it says is its word only (T13). */
import { msOf } from '../../protocol/index.ts';
import { requestIdFor } from '../purchase/ending.ts';
import type { DeviceSettings } from '../settings.ts';
import type { DelegationEffect, DelegationStep } from './events.ts';
import { again, say, send, words } from './speech.ts';
import { type HeldDelegation, isRunning } from './state.ts';
import { type OfHeld, revised, type Situation, stay } from './transition.ts';

function taskOf(state: HeldDelegation, { agent, place }: DeviceSettings): DelegationEffect {
  const { id, authorization, locale } = state;
  const body = { requestId: requestIdFor(id, 'task'), authorization, locale, place };
  return send(agent, { type: 'delegation-task', body });
}

/** Once the PSP has said that it is active, and until the agent has answered. */
export function handOver(state: HeldDelegation, { settings, now }: Situation): DelegationStep | undefined {
  const { task } = state;
  if (state.at !== 'active' || task.version > 0 || task.nextAt !== undefined) return undefined;
  return stay(revised(state, { task: { ...task, nextAt: again(now, 0) } }), taskOf(state, settings));
}

export function handOverAgain(state: HeldDelegation, { settings, now }: Situation): DelegationStep | undefined {
  const { task } = state;
  if (task.nextAt === undefined || now < task.nextAt) return undefined;
  if (state.at !== 'active' || now >= msOf(state.iac.validityEndTime)) {
    const { nextAt: _over, ...rest } = task;
    return stay(revised(state, { task: rest }));
  }
  const attempts = task.attempts + 1;
  const next = { ...task, attempts, nextAt: again(now, attempts) };
  return stay(revised(state, { task: next }), taskOf(state, settings));
}

/** News end the handing over: the agent has the task. Only what needs the wearer is spoken. */
export const news: OfHeld<'delegation-news'> = (state, { settings, event }) => {
  const { version, state: is, reason } = event.body;
  if (event.from.party !== settings.agent || version <= state.task.version) return undefined;
  const isShort = state.account !== undefined && reason === 'insufficient-balance';
  const next = revised(state, { task: { version, state: is, attempts: 0, ...(isShort && { isShort }) } });
  // Where the PSP or the clock has ended it already, the agent only says the same later.
  if (isShort && !state.task.isShort && isRunning(state)) {
    const { phrases, name, locale } = words(state, settings);
    return stay(next, say('delegation-account', phrases.accountEmpty(name), locale));
  }
  const isSpoken = (is === 'refused' || is === 'done' || is === 'ended') && is !== state.task.state;
  if (!isSpoken || !isRunning(state)) return stay(next);
  const { phrases, name, locale } = words(state, settings);
  return stay(next, say('delegation-task', phrases.task(name, is, reason), locale));
};

/** A link that is back, or a process that has started again: what was not answered goes out at once. */
export function handOverNow(state: HeldDelegation, moment: Situation): DelegationStep | undefined {
  const { task } = state;
  if (task.nextAt === undefined) return undefined;
  return handOverAgain(revised(state, { task: { ...task, attempts: 0, nextAt: moment.now } }), moment);
}
