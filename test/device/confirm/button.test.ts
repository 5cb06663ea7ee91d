import { describe, expect, it } from 'vitest';
import { debounce, isStuck, type Line, restingLine, settle, settlesAt } from '../../../device/confirm/button.ts';
import type { ButtonEdge } from '../../../device/ports.ts';
import { at } from './facts.fixture.ts';

const RESTING = restingLine('up', at(-60_000));

/** Edges alternate from `down`; the numbers are their times. */
function after(line: Line, ...times: number[]): Line {
  return times.reduce<Line>((before, time) => {
    const edge: ButtonEdge = before.raw === 'up' ? 'down' : 'up';
    return debounce(before, edge, at(time)).line;
  }, line);
}

describe('debounce', () => {
  it('T10: takes a level for real only after 50 ms of quiet', () => {
    const pressed = after(RESTING, 0);
    expect(settlesAt(pressed)).toBe(at(50));
    expect(settle(pressed, at(49)).line.level).toBe('up');
    expect(settle(pressed, at(50)).line.level).toBe('down');
    expect(settlesAt(settle(pressed, at(50)).line)).toBeUndefined();
  });

  it('T10: counts a press from the first edge as begun and from the last as held', () => {
    const pressed = settle(after(RESTING, 0, 20, 69, 70, 119), at(169)).line;
    expect(pressed).toMatchObject({ level: 'down', pressedAt: at(0), heldSince: at(119) });
  });

  it('T10: counts a release from its first edge, bounce or not', () => {
    const down = settle(after(RESTING, 0), at(50)).line;
    const releasing = after(down, 799, 810, 830);
    expect(settle(releasing, at(879)).released).toBeUndefined();
    expect(settle(releasing, at(880)).released).toEqual({ pressedAt: at(0), heldMs: 799 });
  });

  it('T10: sees neither a press nor a release in a burst that ends where it began', () => {
    const quiet = settle(after(RESTING, 0, 30), at(80));
    expect(quiet).toEqual({ line: { ...RESTING, quietSince: at(30) } });
    const down = settle(after(RESTING, 0), at(50)).line;
    const glitch = settle(after(down, 400, 420), at(470));
    expect(glitch.released).toBeUndefined();
    expect(glitch.line).toMatchObject({ level: 'down', heldSince: at(0), burstAt: undefined });
  });

  it('T10: never settles a line that chatters', () => {
    const times = Array.from({ length: 1_001 }, (_, i) => i * 49);
    expect(after(RESTING, ...times)).toMatchObject({ level: 'up', raw: 'down', burstAt: at(0) });
  });

  it('takes a repeated edge, as a keyboard sends it, for none', () => {
    const pressed = after(RESTING, 0);
    expect(debounce(pressed, 'down', at(30)).line).toEqual(pressed);
    expect(debounce(RESTING, 'up', at(30))).toEqual({ line: RESTING });
  });

  it('reports a release that an edge after the quiet makes certain', () => {
    const released = after(RESTING, 0, 100);
    expect(debounce(released, 'down', at(150))).toMatchObject({
      released: { pressedAt: at(0), heldMs: 100 },
      line: { level: 'up', raw: 'down', burstAt: at(150) },
    });
  });
});

describe('isStuck', () => {
  it('T10: is so after more than 10 s down, through glitches, until the release begins', () => {
    const down = settle(after(RESTING, 0), at(50)).line;
    expect(isStuck(down, at(10_000))).toBe(false);
    expect(isStuck(down, at(10_001))).toBe(true);
    const glitched = settle(after(down, 5_000, 5_010), at(5_060)).line;
    expect(isStuck(glitched, at(10_001))).toBe(true);
    expect(isStuck(after(down, 9_990), at(10_030))).toBe(false);
    expect(isStuck(after(down, 10_001), at(10_001))).toBe(true);
    expect(isStuck(settle(after(down, 10_001), at(10_051)).line, at(10_051))).toBe(false);
  });

  it('T10: knows a line that was down before anybody looked', () => {
    expect(isStuck(restingLine('down', at(-10_001)), at(0))).toBe(true);
    expect(isStuck(RESTING, at(1e9))).toBe(false);
  });
});
