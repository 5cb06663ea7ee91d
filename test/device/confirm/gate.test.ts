import { describe, expect, it } from 'vitest';
import { debounce, restingLine } from '../../../device/confirm/button.ts';
import {
  type GateEvent,
  type GateOutcome,
  gateStep,
  openGate,
  pageShown,
  type VoidReason,
  wakeAt,
} from '../../../device/confirm/gate.ts';
import { PROFILES } from '../../../device/confirm/view.ts';
import { displayWidth } from '../../../device/confirm/width.ts';
import type { EpochMs } from '../../../protocol/time.ts';
import { at, facts, OPENED, prompt, viewOf } from './facts.fixture.ts';
import { down, drive, type Timed, up } from './gate-driver.fixture.ts';

const RESTING = restingLine('up', at(-60_000));
const PROMPT = prompt();
const TICK: GateEvent = { kind: 'tick' };
const pagedView = viewOf(facts(), PROFILES['oled-3']);
const pages = pagedView.pages.length;
const armedMs = (pages - 1) * 2_500 + 1_000;

/** The outcome in words and its time. */
function ending(events: readonly Timed[], over: Parameters<typeof prompt>[0] = {}): readonly [string, number] {
  const { what, atMs } = drive(prompt(over), events);
  return [what, atMs];
}

/** The outcome of steps without a timer, as a stalled process takes them. */
function stalled(...events: readonly Timed[]): GateOutcome | undefined {
  let state = openGate(PROMPT, OPENED, RESTING);
  for (const [atMs, event] of events) {
    const step = gateStep(state, event, at(atMs));
    if (step.outcome) return step.outcome;
    state = step.state;
  }
  return undefined;
}

/** A hold from the first moment on, watched until 50 ms before it is complete. */
const HELD: readonly Timed[] = [
  [1_000, TICK],
  [1_000, TICK],
  down(1_000),
  ...Array.from({ length: 8 }, (_, i): Timed => [1_050 + i * 100, TICK]),
];

/** The ticks of two seconds. */
function everyBeatFrom(ms: number): readonly Timed[] {
  return Array.from({ length: 20 }, (_, i): Timed => [ms + i * 100, TICK]);
}

describe('the gate', () => {
  it('T10: confirms a hold of 800 ms while the button is still down', () => {
    expect(ending([down(1_000)])).toEqual(['confirmed', 1_800]);
    expect(ending([down(5_000), up(5_800)])).toEqual(['confirmed', 5_800]);
    expect(ending([down(5_000), up(5_799)])).toEqual(['declined', 5_849]);
  });

  it('T10: lets no press from dead time count, however long it is held', () => {
    expect(ending([down(999)])).toEqual(['timed-out', 31_000]);
    expect(ending([down(999), up(5_000)])).toEqual(['timed-out', 31_000]);
    expect(ending([down(999), up(5_000), down(5_100)])).toEqual(['confirmed', 5_900]);
    expect(ending([down(995), up(999), down(1_005)])).toEqual(['timed-out', 31_000]);
  });

  it('T10: wants a button that is down at the start released first', () => {
    const held = restingLine('down', at(-1_000));
    expect(drive(prompt(), [], held).what).toBe('timed-out');
    expect(drive(prompt(), [up(2_000)], held).what).toBe('timed-out');
    expect(drive(prompt(), [up(2_000), down(2_100)], held)).toMatchObject({ what: 'confirmed', atMs: 2_900 });
  });

  it('T10: does not take the release of an earlier press for a click', () => {
    const pressed = debounce(RESTING, 'down', at(-100)).line;
    expect(drive(prompt(), [up(100)], pressed).what).toBe('timed-out');
    const pressing = debounce(RESTING, 'down', at(-1)).line;
    expect(drive(prompt(), [up(100)], pressing).what).toBe('timed-out');
  });

  it('T10: never confirms with a stuck button, nor with one whose contact is loose after that', () => {
    const stuck = restingLine('down', at(-60_000));
    expect(drive(prompt(), [], stuck).what).toBe('timed-out');
    expect(drive(prompt(), [up(5_000), down(5_060)], stuck).what).toBe('timed-out');
    expect(ending([down(500), up(10_501), down(10_600)])).toEqual(['timed-out', 31_000]);
    expect(ending([down(500), up(10_500), down(10_600)])).toEqual(['confirmed', 11_400]);
  });

  it('T10: confirms once, not again for the rest of a 60 s hold', () => {
    let state = [1_000, 1_000].reduce(
      (before, ms) => gateStep(before, TICK, at(ms)).state,
      openGate(prompt(), OPENED, RESTING),
    );
    const outcomes: string[] = [];
    for (let ms = 1_000; ms <= 61_000; ms += 50) {
      const step = gateStep(state, ms === 1_000 ? { kind: 'edge', edge: 'down' } : TICK, at(ms));
      if (step.outcome) outcomes.push(step.outcome.kind);
      state = step.state;
    }
    expect(outcomes).toEqual(['confirmed']);
    expect(wakeAt(state)).toBeUndefined();
  });

  it('T10: begins a hold anew with each glitch in it', () => {
    expect(ending([down(1_000), up(1_790), down(1_795)])).toEqual(['confirmed', 2_595]);
    expect(ending([down(1_000), up(1_400), down(1_410)])).toEqual(['confirmed', 2_210]);
    expect(ending([down(1_000), up(1_790), down(1_795), up(1_830)])).toEqual(['declined', 1_880]);
    const chatter = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? up(1_700 + i * 40) : down(1_700 + i * 40)));
    expect(ending([down(1_000), ...chatter])).toEqual(['confirmed', 1_700 + 39 * 40 + 800]);
  });

  it('declines at one short click, also in dead time and between pages', () => {
    expect(ending([down(10), up(100)])).toEqual(['declined', 150]);
    expect(ending([down(5_000), up(5_100), down(5_200), up(5_300)])).toEqual(['declined', 5_150]);
    expect(ending([down(2_600), up(2_700)], { view: pagedView })).toEqual(['declined', 2_750]);
  });

  it('T9: arms the hold 1 s after the last page came up, and turns pages every 2.5 s until then', () => {
    expect(pages).toBeGreaterThan(2);
    const paged = { view: pagedView };
    expect(ending([down(armedMs - 1)], paged)[0]).toBe('timed-out');
    expect(ending([down(armedMs)], paged)).toEqual(['confirmed', armedMs + 800]);
    expect(drive(prompt(paged), []).shownAtMs).toEqual(Array.from({ length: pages - 1 }, (_, i) => (i + 1) * 2_500));
  });

  it('T9: shows one page at a time even if the timer comes late', () => {
    let state = openGate(prompt({ view: pagedView }), OPENED, RESTING);
    const shown: (number | undefined)[] = [];
    for (const ms of [60_000, 60_001, 62_499, 62_500]) {
      const step = gateStep(state, TICK, at(ms));
      shown.push(step.show);
      state = step.state;
    }
    expect(shown).toEqual([1, undefined, undefined, 2]);
  });

  it('T9: gives each sentence the time to be said where there is no display', () => {
    const view = viewOf(facts(), PROFILES.voice);
    const { shownAtMs, atMs } = drive(prompt({ view }), []);
    const sayMs = view.spoken.map((sentence) => Math.max(2_500, displayWidth(sentence) * 120));
    const starts = sayMs.map((_, i) => sayMs.slice(0, i).reduce((sum, ms) => sum + ms, 0));
    expect(shownAtMs).toEqual(starts.slice(1));
    expect(atMs).toBe((starts.at(-1) ?? 0) + 31_000);
  });

  it('times out 30 s after arming; a hold that is not complete by then is none', () => {
    expect(ending([])).toEqual(['timed-out', 31_000]);
    expect(ending([], { view: pagedView })).toEqual(['timed-out', armedMs + 30_000]);
    expect(ending([down(30_199)])).toEqual(['confirmed', 30_999]);
    expect(ending([down(30_200)])).toEqual(['timed-out', 31_000]);
  });

  it('T16: is void from the instant of expiry, whatever is being held', () => {
    expect(ending([down(1_000)], { expiresAt: at(1_801) })).toEqual(['confirmed', 1_800]);
    expect(ending([down(1_000)], { expiresAt: at(1_800) })).toEqual(['void expired', 1_800]);
    expect(ending([], { expiresAt: at(-1) })).toEqual(['void expired', 0]);
  });

  it('T16: is void when the clock goes back or is no number', () => {
    expect(
      ending([
        [5_000, TICK],
        [4_999, TICK],
      ]),
    ).toEqual(['void clock', 4_999]);
    expect(stalled([-1, TICK])).toEqual({ kind: 'void', reason: 'clock' });
    const state = openGate(prompt(), OPENED, RESTING);
    expect(gateStep(state, TICK, Number.NaN as EpochMs).outcome).toEqual({ kind: 'void', reason: 'clock' });
  });

  it('T16: voids a hold that nobody watched, after a stall or a step of the clock', () => {
    const watched = HELD.slice(0, -3);
    expect(stalled(...watched, [1_950, TICK])).toBeUndefined();
    expect(stalled(...watched, [1_950, TICK], [1_950, TICK])).toMatchObject({ kind: 'confirmed' });
    expect(stalled(...watched, [1_951, TICK])).toEqual({ kind: 'void', reason: 'clock' });
    expect(stalled(...watched, up(1_951))).toEqual({ kind: 'void', reason: 'clock' });
    expect(stalled(...watched, [31_000, TICK])).toEqual({ kind: 'timed-out' });
    expect(stalled(...watched, [120_000, TICK])).toEqual({ kind: 'void', reason: 'expired' });
  });

  it('T10: asks to be woken until it knows that the line was up at the arming, and ten times a second while it is down', () => {
    const woken: number[] = [];
    let state = openGate(PROMPT, OPENED, RESTING);
    for (const [atMs, event] of [
      [0, TICK],
      [1_000, TICK],
      [1_001, TICK],
      down(2_000),
      [2_050, TICK],
      [2_150, TICK],
    ] as const) {
      state = gateStep(state, event, at(atMs)).state;
      woken.push((wakeAt(state) ?? 0) - OPENED);
    }
    expect(woken).toEqual([1_000, 1_000, 31_000, 2_050, 2_150, 2_250]);
  });

  it('T10: does not know at a tick what has come since the one before', () => {
    const held = HELD.slice(0, -1);
    expect(stalled(...held, [1_800, TICK])).toBeUndefined();
    expect(stalled(...held, [1_800, TICK], up(1_801), [1_801, TICK])).toBeUndefined();
    expect(stalled(...held, [1_850, TICK], up(1_850), [1_851, TICK])).toBeUndefined();
    expect(stalled(...held, [1_799, TICK], [1_800, TICK], [1_801, TICK])).toMatchObject({ kind: 'confirmed' });
  });

  it('T10: a click during a stall is no hold, whenever the stall begins and ends, and whether it is known before a tick or after', () => {
    for (let stallMs = 1_060; stallMs < 1_800; stallMs += 20)
      for (let endMs = stallMs; endMs <= 2_400; endMs += 20) {
        const before = HELD.filter(([atMs]) => atMs <= stallMs);
        for (const ending of [[up(endMs)], [[endMs, TICK] as const, up(endMs)]])
          expect(stalled(...before, ...ending, ...everyBeatFrom(endMs + 1))?.kind).not.toBe('confirmed');
      }
  });

  it('T10: what the button did during a stall does not count: the hold begins anew after it', () => {
    const stall: readonly Timed[] = [...HELD.slice(0, 4), up(1_400), down(1_401)];
    const beats = Array.from({ length: 8 }, (_, i): Timed => [1_460 + i * 100, TICK]);
    expect(stalled(...stall, ...beats, [2_200, TICK], [2_200, TICK])).toBeUndefined();
    expect(stalled(...stall, ...beats, [2_201, TICK], [2_201, TICK])).toMatchObject({ kind: 'confirmed' });
  });

  it('T10: a press that may have come before the arming does not count', () => {
    const beats = everyBeatFrom(1_150);
    expect(stalled([900, TICK], [1_000, TICK], down(1_001), ...beats)).toBeUndefined();
    expect(stalled([900, TICK], [1_000, TICK], [1_001, TICK], down(1_001), ...beats)).toMatchObject({
      kind: 'confirmed',
    });
  });

  it('T9: the dead time runs from when the page was drawn', () => {
    const drawn = pageShown(openGate(PROMPT, OPENED, RESTING), at(900));
    const [early, whole] = [1_800, 1_900].map((pressMs) => {
      let state = drawn;
      const events: readonly Timed[] = [[1_000, TICK], [1_001, TICK], [1_900, TICK], [1_900, TICK], down(pressMs)];
      for (const [atMs, event] of [...events].sort(([a], [b]) => a - b)) state = gateStep(state, event, at(atMs)).state;
      const beats = everyBeatFrom(pressMs + 110).map(([atMs, event]) => {
        const step = gateStep(state, event, at(atMs));
        state = step.state;
        return step.outcome?.kind;
      });
      return beats.includes('confirmed');
    });
    expect([early, whole]).toEqual([false, true]);
  });

  it('ends with five different answers', () => {
    const kinds = [
      ending([down(1_000)]),
      ending([down(1_000), up(1_100)]),
      ending([[1_000, { kind: 'cancel' }]]),
      ending([]),
      ending([[1_000, { kind: 'void', reason: 'link-lost' }]]),
    ].map(([kind]) => kind);
    expect(kinds).toEqual(['confirmed', 'declined', 'cancelled', 'timed-out', 'void link-lost']);
  });

  it('T6, T18: a void or a cancel at any millisecond before the confirmation prevents it, even in its last instant', () => {
    const reasons: Exclude<VoidReason, 'clock'>[] = ['new-cart', 'wear-off', 'link-lost', 'restart', 'expired'];
    for (let ms = 0; ms <= 1_800; ms += 1) {
      const reason = reasons[ms % reasons.length] ?? 'new-cart';
      const before = HELD.filter(([atMs]) => atMs <= ms);
      expect(stalled(...before, [ms, { kind: 'void', reason }])).toEqual({ kind: 'void', reason });
      expect(stalled(...before, [ms, { kind: 'cancel' }])).toEqual({ kind: 'cancelled' });
    }
  });

  it('stays closed: nothing after an outcome gives another, changes the state or asks for a timer', () => {
    const { state } = gateStep(openGate(prompt(), OPENED, RESTING), { kind: 'cancel' }, at(500));
    const events: Timed[] = [
      down(1_000),
      [1_800, TICK],
      up(2_000),
      [0, TICK],
      [2_500, { kind: 'void', reason: 'restart' }],
    ];
    for (const [atMs, event] of events) expect(gateStep(state, event, at(atMs))).toEqual({ state });
    expect(wakeAt(state)).toBeUndefined();
  });

  it('is pure: an old state gives the same answer again', () => {
    const opened = openGate(prompt(), OPENED, RESTING);
    const held = HELD.reduce((state, [atMs, event]) => gateStep(state, event, at(atMs)).state, opened);
    expect(gateStep(held, TICK, at(1_760)).outcome).toBeUndefined();
    expect(gateStep(held, { kind: 'cancel' }, at(1_760)).outcome).toEqual({ kind: 'cancelled' });
    const due = gateStep(held, TICK, at(1_800)).state;
    for (let again = 0; again < 2; again += 1) expect(gateStep(due, TICK, at(1_800)).outcome?.kind).toBe('confirmed');
    expect(wakeAt(opened)).toBe(at(1_000));
    expect(wakeAt(held)).toBe(at(1_800));
  });

  it('never asks for a timer in the past', () => {
    const bouncing = debounce(RESTING, 'down', at(-500)).line;
    expect(wakeAt(openGate(prompt(), OPENED, bouncing))).toBe(at(1_000));
    expect(wakeAt(openGate(prompt({ expiresAt: at(-5_000) }), OPENED, RESTING))).toBe(OPENED);
  });
});
