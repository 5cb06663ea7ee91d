import { type Line, restingLine } from '../../../device/confirm/button.ts';
import { type GateEvent, type GateOutcome, gateStep, openGate, wakeAt } from '../../../device/confirm/gate.ts';
import type { Prompt } from '../../../device/confirm/prompt.ts';
import { at, OPENED } from './facts.fixture.ts';

/** An event and when it comes, in milliseconds since the prompt opened. */
export type Timed = readonly [atMs: number, event: GateEvent];

export const down = (atMs: number): Timed => [atMs, { kind: 'edge', edge: 'down' }];
export const up = (atMs: number): Timed => [atMs, { kind: 'edge', edge: 'up' }];

export interface Ending {
  readonly outcome: GateOutcome;
  /** The kind of outcome in one word or two, for comparing. */
  readonly what: string;
  readonly atMs: number;
  /** When each further page was presented. */
  readonly shownAtMs: readonly number[];
}

/** Plays events as the runtime does: one timer, always at `wakeAt`, and whatever comes in between. */
export function drive(prompt: Prompt, events: readonly Timed[], line: Line = restingLine('up', at(-60_000))): Ending {
  let state = openGate(prompt, OPENED, line);
  const shownAtMs: number[] = [];
  const queue = [...events];
  for (;;) {
    const wakeMs = (wakeAt(state) ?? Number.POSITIVE_INFINITY) - OPENED;
    const head = queue[0];
    const [atMs, event]: Timed = head && head[0] < wakeMs ? head : [wakeMs, { kind: 'tick' }];
    if (event === head?.[1]) queue.shift();
    const step = gateStep(state, event, at(atMs));
    state = step.state;
    if (step.show !== undefined) shownAtMs.push(atMs);
    const { outcome } = step;
    if (outcome) {
      return { outcome, what: outcome.kind === 'void' ? `void ${outcome.reason}` : outcome.kind, atMs, shownAtMs };
    }
  }
}
