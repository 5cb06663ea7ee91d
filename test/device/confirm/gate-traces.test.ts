import { describe, expect, it } from 'vitest';
import { debounce, restingLine, STUCK_MS } from '../../../device/confirm/button.ts';
import { PROFILES, View } from '../../../device/confirm/view.ts';
import { at, prompt } from './facts.fixture.ts';
import { down, drive, type Ending, type Timed, up } from './gate-driver.fixture.ts';
import { type Edge, type Trace, verdictOf } from './gate-reference.ts';

const TRACES = 10_000;

type Draw = (min: number, max: number) => number;

/** Integers from a seed, the same on every machine (xorshift32). */
function drawFrom(seed: number): Draw {
  let state = (seed * 2_654_435_761 + 1) >>> 0 || 1;
  return (min, max) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return min + ((state >>> 0) % (max - min + 1));
  };
}

/** How long a gesture holds the button and pauses after it, in milliseconds. */
const GESTURES: readonly ((draw: Draw) => readonly [heldMs: number, pausedMs: number])[] = [
  (draw) => [draw(51, 300), draw(60, 3_000)],
  (draw) => [draw(51, 120), draw(50, 200)],
  () => [799, 400],
  () => [800, 400],
  () => [801, 400],
  (draw) => [draw(780, 900), draw(50, 1_500)],
  (draw) => [draw(700, 4_000), draw(0, 4_000)],
  (draw) => [draw(0, 60), draw(0, 60)],
  () => [60_000, 200],
  (draw) => [draw(9_900, 10_100), draw(50, 500)],
  () => [STUCK_MS, 300],
  () => [STUCK_MS + 1, 300],
];

function traceFrom(seed: number): Trace {
  const draw = drawFrom(seed);
  const edges: Edge[] = [];
  const pages = draw(1, 3);
  const armed = (pages - 1) * 2_500 + 1_000;
  const downBefore = draw(0, 4) === 0;
  const starts = [draw(0, 1_000), draw(-2_000, 100), armed + draw(-60, 60), armed, draw(0, 36_000)];
  let now = starts[draw(0, starts.length - 1)] ?? 0;
  let down = downBefore;
  const turn = () => {
    down = !down;
    edges.push({ at: now, down });
  };
  /** One movement of the contact: it ends at the other level, after 0 to 3 bounces of 0 to 50 ms. */
  const move = () => {
    turn();
    for (let bounces = draw(0, 2) === 0 ? draw(1, 3) : 0; bounces > 0; bounces -= 1) {
      now += draw(0, 50);
      turn();
      now += draw(0, 50);
      turn();
    }
  };
  if (down) {
    move();
    now += draw(0, 400);
  }
  for (let gestures = draw(0, 5); gestures > 0; gestures -= 1) {
    const [heldMs, pausedMs] = GESTURES[draw(0, GESTURES.length - 1)]?.(draw) ?? [0, 0];
    move();
    if (draw(0, 5) === 0 && heldMs > 200) {
      const glitchAfter = draw(60, heldMs - 60);
      now += glitchAfter;
      turn();
      const width = draw(0, 45);
      now += width;
      turn();
      now += Math.max(0, heldMs - glitchAfter - width);
    } else {
      now += heldMs;
    }
    if (draw(0, 9) === 0) break;
    move();
    now += pausedMs;
  }
  // A keyboard repeats its key while it is down; repeats are no edges.
  const repeated = draw(0, 3) === 0 ? edges.flatMap((edge) => [edge, edge]) : edges;
  const expiresAt = draw(0, 4) === 0 ? draw(1, 30_000) : 120_000;
  const lostAt = draw(0, 5) === 0 ? draw(0, 12_000) : undefined;
  return { downBefore, edges: repeated.filter((edge) => edge.at <= (lostAt ?? edge.at)), pages, expiresAt, lostAt };
}

const VIEWS = [1, 2, 3].map((pages) => {
  const screens = Array.from({ length: pages }, (_, i) => [`page ${i}`]);
  return new View({ profileId: PROFILES.phone.id, locale: 'en-US', title: 'test', screens, spoken: [] });
});

/** Plays a trace as the runtime would, for some traces with ticks for nothing in between. */
function play(trace: Trace, extraTicks: Draw | undefined): Ending {
  const view = VIEWS[trace.pages - 1];
  const frozen = prompt({ ...(view && { view }), expiresAt: at(trace.expiresAt) });
  const line = trace.edges
    .filter((edge) => edge.at < 0)
    .reduce(
      (before, edge) => debounce(before, edge.down ? 'down' : 'up', at(edge.at)).line,
      restingLine(trace.downBefore ? 'down' : 'up', at(-1e9)),
    );
  const late = trace.edges.filter((edge) => edge.at >= 0);
  const events = late.flatMap((edge, i): Timed[] => {
    const event = edge.down ? down(edge.at) : up(edge.at);
    return extraTicks ? [[extraTicks(late[i - 1]?.at ?? 0, edge.at), { kind: 'tick' }], event] : [event];
  });
  const lost: Timed[] = trace.lostAt === undefined ? [] : [[trace.lostAt, { kind: 'void', reason: 'button-lost' }]];
  return drive(frozen, [...events, ...lost], line);
}

describe('the gate on random button traces', () => {
  it(`T10: ends ${TRACES} prompts as the rules say, at the same millisecond as the reference`, () => {
    const counts = new Map<string, number>();
    for (let seed = 1; seed <= TRACES; seed += 1) {
      const trace = traceFrom(seed);
      const { what, atMs: when, shownAtMs } = play(trace, seed % 2 === 0 ? drawFrom(seed + TRACES) : undefined);
      const expected = verdictOf(trace);
      if (what !== expected.what || when !== expected.at) {
        expect({ seed, what, when, trace }).toEqual({ seed, what: expected.what, when: expected.at, trace });
      }
      if (what === 'confirmed') expect(shownAtMs.length, `seed ${seed} skipped a page`).toBe(trace.pages - 1);
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    for (const what of ['confirmed', 'declined', 'timed-out', 'void button-lost', 'void expired']) {
      expect(counts.get(what), what).toBeGreaterThan(TRACES / 20);
    }
    expect([...counts.keys()].sort()).toEqual([
      'confirmed',
      'declined',
      'timed-out',
      'void button-lost',
      'void expired',
    ]);
  });
});
