import { describe, expect, it, vi } from 'vitest';
import { type Plan, planOf, seedOf } from '../../../sim/fuzz/plan.ts';
import { ALL_REACHABLE } from '../../../sim/fuzz/reachable.ts';
import { reachedIn } from '../../../sim/fuzz/reached.ts';
import { fuzzTenant } from '../../../sim/fuzz/seed-report.ts';
import { storm } from '../../../sim/fuzz/storm.ts';
import { STRANGE_KINDS } from '../../../sim/fuzz/strange-bytes.ts';

vi.mock('../../../protocol/ed25519.ts', () => import('../../../sim/fuzz/fake-ed25519.ts'));

const TENANT = fuzzTenant(1);
const WORLDS = 12;
const SHOPS = ['luna-coffee', 'paper-crane', 'tin-robot'];
const BUY = { temper: 'buy', order: 'order me a large iced latte, less sugar, under 25 yuan' } as const;

/** A world with these faults at their worst and no others. */
function played(over: Partial<Plan>, seed = 'reached-1s'): { reached: ReadonlySet<string>; found: readonly string[] } {
  const calm: Plan = { ...planOf(seed), locale: 'en-US', display: 'oled-3', sealed: false, faults: {}, ...over };
  const result = storm(calm, TENANT);
  return { reached: reachedIn(result), found: result.findings };
}

const named = (reached: Iterable<string>, kind: string) =>
  [...reached].filter((name) => name.startsWith(`${kind}:`)).map((name) => name.slice(kind.length + 1));

describe('where a world has been', { timeout: 300_000 }, () => {
  it(`has a name of the list: ${WORLDS} worlds, and as many with delegations`, () => {
    const reached = new Set<string>();
    for (let n = 0; n < WORLDS; n += 1)
      for (const isDelegated of [false, true])
        for (const name of reachedIn(storm(planOf(seedOf('named', n, { isDelegated, isAimed: true })), TENANT)))
          reached.add(name);
    expect([...reached].filter((name) => !ALL_REACHABLE.includes(name))).toEqual([]);
    expect(reached.size).toBeGreaterThan(100);
  });

  it('is told of a purchase: states, the trade, the signer’s answer, the end, and no threat where nothing struck', () => {
    const { reached, found } = played({ errands: [BUY], sellers: SHOPS });
    expect(found).toEqual([]);
    expect(named(reached, 'ending')).toEqual(['finished: trade-finished']);
    expect(named(reached, 'signer')).toEqual(['signed']);
    expect(named(reached, 'trade')).toContain('TRADE_FINISHED');
    for (const kind of ['fault', 'threat', 'refusal', 'logged']) expect(named(reached, kind)).toEqual([]);
  });

  it.each([
    ['a hidden turn', 'Iced latte \u202e00.0 YNC\u202c'],
    ['letters that nobody sees', 'Iced\u200b latte'],
    ['a letter of another alphabet', 'Iced l\u0430tte'],
  ])('T8 T9: a thing that is called by a text with %s is neither shown nor paid', (_what, title) => {
    const { reached, found } = played({ errands: [BUY], sellers: SHOPS, title });
    expect(found).toEqual([]);
    expect(named(reached, 'threat')).toEqual(['T8', 'T9']);
    expect(named(reached, 'signer')).toEqual(['failed: text']);
    expect(named(reached, 'ending')).toEqual(['refused: by another']);
  });

  it('T20 T21 T24: strange bytes are refused each for its own reason, and the wearer buys all the same', () => {
    const { reached, found } = played({ errands: [BUY], sellers: SHOPS, faults: { 'strange-bytes': 1 } });
    expect(found).toEqual([]);
    const known: readonly string[] = STRANGE_KINDS;
    const logged = named(reached, 'logged');
    expect(logged.length).toBeGreaterThan(STRANGE_KINDS.length / 2);
    expect(logged.filter((code) => !known.includes(code))).toEqual([]);
    expect(named(reached, 'ending')).toEqual(['finished: trade-finished']);
  });

  it('T21: a frame of no shape is refused, whoever has signed it', () => {
    const { reached, found } = played({ errands: [BUY], sellers: SHOPS, faults: { 'no-shape': 1 } });
    expect(found).toEqual([]);
    expect(named(reached, 'logged')).toEqual(['message-shape']);
  });

  it('T13: what an agent orders in its madness the sellers refuse', () => {
    const refusals = new Set<string>();
    for (let n = 0; n < 24; n += 1) {
      const over = { errands: [BUY], sellers: SHOPS, faults: { 'mad-order': 1 } } as const;
      const { reached, found } = played(over, `mad-${n}s`);
      expect(found).toEqual([]);
      for (const code of named(reached, 'refusal')) refusals.add(code);
    }
    expect(refusals).toContain('not-sold');
    expect(refusals).toContain('option-not-offered');
    expect(refusals).toContain('out-of-range');
  });

  it('T29: an order that its seller takes back is paid back once', () => {
    const order = 'buy me a train ticket for tomorrow, a window seat, at most 600';
    const errands = [{ temper: 'buy', order, answers: ['yes'] }] as const;
    const { reached, found } = played({ errands, faults: { 'withdrawn-order': 1 } }, 'reached-0sd');
    expect(found).toEqual([]);
    expect(named(reached, 'delegated')).toEqual(expect.arrayContaining(['paid', 'refunded']));
    expect(named(reached, 'threat')).toEqual(['T29']);
  });
});
