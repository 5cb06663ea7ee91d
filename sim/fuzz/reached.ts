/** Where a world has been: each state, ending, answer, refusal, fault, recovery and threat that occurred in it, by name. */
import { bodyOf } from '../checkers/facts.ts';
import type { Reading } from '../checkers/reading.ts';
import type { StepTaken } from '../world-record.ts';
import { delegatedReach } from './delegated-reached.ts';
import { reasonOf } from './reachable.ts';
import type { StormResult } from './storm.ts';
import { threatsMet } from './threats.ts';

/** Names as `state:confirming`, `ending:cancelled: link-lost`, `refusal:sold-out`, `logged:frame-expired`, `fault:loss`. */
export function reachedIn(result: StormResult): ReadonlySet<string> {
  const { play, strikes, plan } = result;
  const reached = new Set<string>();
  const add = (kind: string, names: Iterable<string>): void => {
    for (const name of new Set(names)) reached.add(`${kind}:${name}`);
  };
  const { record, logs } = play.world;
  add(
    'fault',
    strikes.map(({ kind }) => kind),
  );
  add(
    'logged',
    logs.filter(({ level }) => level !== 'info').map(({ code }) => code),
  );
  if (plan.sealed) reached.add('world:sealed');
  if (plan.title !== undefined) reached.add('world:strange-titles');
  for (const { device } of play.wearers)
    for (const name of coursesOf(record.steps.filter(({ party }) => party === device))) reached.add(name);
  if (play.inspector) for (const name of ofFrames(play.inspector.reading)) reached.add(name);
  if (plan.isDelegated && play.inspector) for (const name of delegatedReach(play.inspector.reading)) reached.add(name);
  add('recovery', recoveriesIn(result));
  add('threat', threatsMet(reached));
  return reached;
}

function* coursesOf(steps: readonly StepTaken[]): Generator<string> {
  let before: StepTaken | undefined;
  let wasUnknown = false;
  for (const step of steps) {
    const { event, purchases } = step;
    if (event.kind !== 'tick' && event.kind !== 'frame') yield* ofEvent(step);
    if (before?.purchases === purchases) continue;
    const { current, background } = purchases;
    yield `state:${current.at}`;
    for (const { at } of background) yield `state:${at}`;
    if (before?.purchases.current !== current && current.at === 'ended') {
      yield `ending:${current.outcome}: ${reasonOf(current.reason)}`;
      if (current.paid && step.life > 1) yield 'recovery:paid-and-restarted';
    }
    wasUnknown ||= current.at === 'unknown';
    if (wasUnknown && current.at === 'following') yield 'recovery:unknown-payment-found';
    if (wasUnknown && current.at === 'ended' && !current.paid) yield 'recovery:unknown-payment-void';
    before = step;
  }
}

function* ofEvent({ event, purchases }: StepTaken): Generator<string> {
  if (event.kind === 'restarted') yield `recovery:device-restarted-in-${purchases.current.at}`;
  else if (event.kind === 'lock-order') yield `lock-order:${event.taken.answer}`;
  else if (event.kind === 'signer' || event.kind === 'delegation-signer') {
    const { answer } = event;
    if (answer.kind === 'void') yield `signer:void: ${answer.reason}`;
    else if (answer.kind === 'failed') yield `signer:failed: ${answer.code.replace(/text:.*$/, 'text')}`;
    else yield `signer:${answer.kind}`;
  }
}

function* ofFrames(reading: Reading): Generator<string> {
  for (const payload of reading.byType.get('refusal') ?? []) yield `refusal:${String(bodyOf(payload).body.code)}`;
  for (const { value } of reading.objects('fulfilment').values()) yield `trade:${value.state}`;
}

function* recoveriesIn({ play }: StormResult): Generator<string> {
  const { psp, agent, merchants } = play.about.tenant;
  const crashed = new Set(play.world.record.crashes.map(({ party }) => party));
  if (crashed.has(psp.party)) yield 'psp-restarted';
  if (crashed.has(agent.party)) yield 'agent-restarted';
  if (merchants.some(({ party }) => crashed.has(party))) yield 'merchant-restarted';
  if (play.world.logs.some(({ code }) => code === 'recipient-key-made')) yield 'recipient-key-rotated';
}
