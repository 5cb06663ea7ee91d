/** Where a world has been: each state, ending, refusal, fault and recovery that occurred in it, by name. */
import { all } from '../checkers/facts.ts';
import type { StepTaken } from '../world-record.ts';
import { delegatedReach } from './delegated-reached.ts';
import type { StormResult } from './storm.ts';

/** Names as `state:confirming`, `ending:cancelled: link-lost`, `refused:frame-expired`, `fault:loss`, `recovery:…`. */
export function reachedIn(result: StormResult): ReadonlySet<string> {
  const { play, strikes, plan } = result;
  const reached = new Set<string>(plan.isDelegated ? delegatedReach(result) : []);
  for (const { kind } of strikes) reached.add(`fault:${kind}`);
  const { record, logs } = play.world;
  for (const { code, level } of logs) if (level !== 'info') reached.add(`refused:${code}`);
  if (plan.sealed) reached.add('world:sealed');
  if (logs.some(({ code }) => code === 'recipient-key-made')) reached.add('recovery:recipient-key-rotated');
  for (const { device } of play.wearers) {
    const steps = record.steps.filter(({ party }) => party === device);
    for (const name of coursesOf(steps)) reached.add(name);
  }
  const services = new Set(record.crashes.map(({ party }) => party));
  if (services.has(play.about.tenant.psp.party)) reached.add('recovery:psp-restarted');
  if (services.has(play.about.tenant.agent.party)) reached.add('recovery:agent-restarted');
  if (play.about.tenant.merchants.some(({ party }) => services.has(party))) reached.add('recovery:merchant-restarted');
  return reached;
}

function* coursesOf(steps: readonly StepTaken[]): Generator<string> {
  let before: StepTaken | undefined;
  let wasUnknown = false;
  for (const step of steps) {
    const { current } = step.purchases;
    const isNew = before?.purchases.current !== current;
    for (const { at } of all(step.purchases)) yield `state:${at}`;
    if (step.event.kind === 'restarted') yield `recovery:device-restarted-in-${current.at}`;
    if (isNew && current.at === 'ended') {
      yield `ending:${current.outcome}: ${current.reason}`;
      if (current.paid && step.life > 1) yield 'recovery:paid-and-restarted';
    }
    wasUnknown ||= current.at === 'unknown';
    if (wasUnknown && current.at === 'following') yield 'recovery:unknown-payment-found';
    if (wasUnknown && current.at === 'ended' && !current.paid) yield 'recovery:unknown-payment-void';
    before = step;
  }
}
