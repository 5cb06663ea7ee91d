import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALWAYS } from '../../../sim/checkers.ts';
import { ALL_FAULT_KINDS } from '../../../sim/fuzz/faults.ts';
import {
  DELEGATED_MUST_REACH,
  DELEGATED_REACH_SEEDS,
  MUST_REACH,
  missingReach,
  REACH_SEEDS,
} from '../../../sim/fuzz/reach-table.ts';
import { ALARMS, ALL_REACHABLE, DROPS, REACHABLE } from '../../../sim/fuzz/reachable.ts';
import { THREAT_IDS, THREATS, type Threat, threatsMet } from '../../../sim/fuzz/threats.ts';
import { filesBelow, ROOT, read } from '../../helpers/source-text.ts';
import { possibleEndings } from '../scenario/endings.ts';
import { ELSEWHERE } from './elsewhere.ts';

const DEMANDED = [...MUST_REACH, ...DELEGATED_MUST_REACH];
const EXCUSED = ELSEWHERE.flatMap(({ marks }) => marks);
const ROWS: readonly (readonly [string, Threat])[] = Object.entries(THREATS);

function literals(folder: string, pattern: RegExp): readonly string[] {
  const sources = filesBelow(folder).filter((path) => path.endsWith('.ts'));
  return sources.flatMap((path) => [...read(path).matchAll(pattern)].map(([, name = '']) => name));
}

describe('what a run must reach', () => {
  it('is said to be missing, and nothing else, when it did not occur', () => {
    const all = new Map(MUST_REACH.map((name) => [name, 1]));
    expect(missingReach(all)).toEqual([]);
    all.delete('fault:flood');
    expect(missingReach(all)).toEqual(['fault:flood']);
    expect(REACH_SEEDS).toBeGreaterThan(DELEGATED_REACH_SEEDS);
  });

  it('is all that can be reached, but for what is reached elsewhere, with the reason', () => {
    const threats = ROWS.filter(([, { faults, worlds = [] }]) => faults.length + worlds.length === 0);
    const known = new Set([...DEMANDED, ...EXCUSED, ...threats.map(([id]) => `threat:${id}`)]);
    expect(ALL_REACHABLE.filter((name) => !known.has(name))).toEqual([]);
    expect([...known].filter((name) => !ALL_REACHABLE.includes(name))).toEqual([]);
  });

  it('excuses nothing that it demands, and nothing twice', () => {
    expect(EXCUSED.filter((name) => DEMANDED.includes(name))).toEqual([]);
    expect(EXCUSED.filter((name, i) => EXCUSED.indexOf(name) !== i)).toEqual([]);
    for (const list of [MUST_REACH, DELEGATED_MUST_REACH, ALL_REACHABLE]) expect(new Set(list).size).toBe(list.length);
  });

  it('has every fault', () => {
    expect(ALL_FAULT_KINDS.filter((kind) => !DEMANDED.includes(`fault:${kind}`))).toEqual([]);
  });

  it.each(ELSEWHERE.map((row) => ({ ...row, first: row.marks[0] })))(
    'is reached elsewhere where it says: $first …',
    ({ marks, why, tests, saying }) => {
      expect(why.length).toBeGreaterThan(7);
      const texts = tests.map(read).join('\n');
      const names = marks.map((mark) => saying ?? mark.replace(/^.*:\s?/, ''));
      expect(names.filter((name) => !texts.includes(name))).toEqual([]);
    },
  );
});

describe('the lists of what can be reached', () => {
  it('have every ending of a purchase', () => {
    const own = [...possibleEndings()].filter((name) => !REACHABLE.ending.some((known) => known === name));
    // What a service refuses is a refusal of its own, and ends a purchase as `by another`.
    expect(own.filter((name) => !REACHABLE.refusal.includes(name.replace('refused: ', '')))).toEqual([]);
  });

  it('have every message that a service drops', () => {
    const dropped = literals('sim/cloud', /drop: '([a-z-]+)'/g);
    const silent = ['duplicate', 'not-for-me'];
    const known: readonly string[] = [...REACHABLE.logged, ...silent];
    expect(dropped.filter((code) => !known.includes(code))).toEqual([]);
    expect(DROPS.length).toBeGreaterThan(20);
  });

  it('have every other warning of a device that these worlds can have', () => {
    const folders = ['device/audit', 'device/link', 'device/delegation', 'device/purchase', 'device/signer'];
    const warned = folders.flatMap((folder) => [
      ...literals(folder, /write\('(?:warn|error)', '([a-z-]+)'/g),
      ...literals(folder, /code: '(link-[a-z-]+)'/g),
    ]);
    expect(warned.filter((code) => !REACHABLE.logged.some((known) => known === code))).toEqual([]);
    expect(ALARMS.length).toBeGreaterThan(10);
  });
});

describe('the threats', () => {
  it('are T1 to T30, in order', () => {
    expect(THREAT_IDS).toEqual(Array.from({ length: 30 }, (_, i) => `T${i + 1}`));
  });

  it.each(ROWS)('%s is attacked with or tested, and watched', (id, { faults, worlds = [], watchedBy, tests }) => {
    expect(faults.length + worlds.length + tests.length).toBeGreaterThan(0);
    expect(watchedBy.filter((name) => !(name in ALWAYS))).toEqual([]);
    if (faults.length + worlds.length > 0) expect(watchedBy.length).toBeGreaterThan(0);
    const word = new RegExp(`\\b${id}\\b`);
    expect(tests.filter((path) => !existsSync(`${ROOT}${path}`) || !word.test(read(path)))).toEqual([]);
  });

  it('have every fault and every invariant in some row', () => {
    const faults = new Set(ROWS.flatMap(([, row]) => row.faults));
    expect(ALL_FAULT_KINDS.filter((kind) => !faults.has(kind))).toEqual([]);
    const watched = new Set<string>(ROWS.flatMap(([, { watchedBy }]) => watchedBy));
    expect(Object.keys(ALWAYS).filter((name) => !watched.has(name))).toEqual([]);
  });

  it('are met where a fault of theirs strikes, or in a world that is their attack', () => {
    expect(threatsMet(new Set(['fault:flood', 'state:idle']))).toEqual(['T30']);
    expect(threatsMet(new Set(['world:strange-titles']))).toEqual(['T8', 'T9']);
    expect(threatsMet(new Set())).toEqual([]);
  });
});
