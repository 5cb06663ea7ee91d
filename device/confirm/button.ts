/** One button line without its bounce (T10). Pure: every edge comes with its time, and time passes only by {@link settle}. */
import type { EpochMs } from '../../protocol/time.ts';
import type { ButtonEdge } from '../ports.ts';

/** A line must be quiet this long before its level counts; switch contacts bounce for less. */
export const BOUNCE_MS = 50;
/** Nobody holds a button longer: beyond this it is stuck, jammed or lain upon. */
export const STUCK_MS = 10_000;

/**
 * A line at one moment. `level` is what the line is known to be; `raw` is what its last edge said. A *burst* begins with
 * the first edge after quiet and lasts until the line is quiet again.
 */
export interface Line {
  readonly level: ButtonEdge;
  readonly raw: ButtonEdge;
  /** First edge of the burst in progress; absent while the line is quiet. */
  readonly burstAt: EpochMs | undefined;
  /** The last edge. */
  readonly quietSince: EpochMs;
  /** First edge of the press that brought the line down: when the finger arrived. Means nothing while `level` is up. */
  readonly pressedAt: EpochMs;
  /** Last edge of that press: from when it was surely held. */
  readonly heldSince: EpochMs;
}

/** A press that is over. Its times err against a confirmation: holding counts late, letting go early. */
export interface Click {
  /** When the press began. */
  readonly pressedAt: EpochMs;
  /** From the end of the press's bounce to the first edge of the release. */
  readonly heldMs: number;
}

export interface LineStep {
  readonly line: Line;
  /** A press that has ended with this step. */
  readonly released?: Click;
}

/** A line that has been at `level` without a break, as far as anybody knows since `now`. */
export function restingLine(level: ButtonEdge, now: EpochMs): Line {
  return { level, raw: level, burstAt: undefined, quietSince: now, pressedAt: now, heldSince: now };
}

/** Lets time pass: a burst that has been quiet for {@link BOUNCE_MS} at `now` is over, and its last edge gives the level. */
export function settle(line: Line, now: EpochMs): LineStep {
  const { burstAt } = line;
  if (burstAt === undefined || now - line.quietSince < BOUNCE_MS) return { line };
  const quiet: Line = { ...line, burstAt: undefined };
  if (line.raw === line.level) return { line: quiet };
  if (line.raw === 'down') {
    return { line: { ...quiet, level: 'down', pressedAt: burstAt, heldSince: line.quietSince } };
  }
  const released = { pressedAt: line.pressedAt, heldMs: burstAt - line.heldSince };
  return { line: { ...quiet, level: 'up' }, released };
}

/** One raw edge at `now`, after the time up to it has passed. A repeat of the same edge, as keyboards send, is no edge. */
export function debounce(line: Line, edge: ButtonEdge, now: EpochMs): LineStep {
  const step = settle(line, now);
  if (edge === step.line.raw) return step;
  return { ...step, line: { ...step.line, raw: edge, burstAt: step.line.burstAt ?? now, quietSince: now } };
}

/** When the line settles if no further edge comes; `undefined` while it is quiet. */
export function settlesAt(line: Line): EpochMs | undefined {
  return line.burstAt === undefined ? undefined : ((line.quietSince + BOUNCE_MS) as EpochMs);
}

/** Whether the line has been down for longer than {@link STUCK_MS}, until now or until the burst that may be its release. */
export function isStuck(line: Line, now: EpochMs): boolean {
  return line.level === 'down' && (line.burstAt ?? now) - line.heldSince > STUCK_MS;
}
