import { describe, expect, it } from 'vitest';
import { ALWAYS, breaches, Inspector, type Invariant } from '../../../sim/checkers.ts';
import { planOf } from '../../../sim/fuzz/plan.ts';
import { fuzzTenant } from '../../../sim/fuzz/seed-report.ts';
import { storm } from '../../../sim/fuzz/storm.ts';
import type { Play } from '../../../sim/play.ts';
import { WorldRecord } from '../../../sim/world-record.ts';
import { begin, DEVICE } from '../world/play.ts';

/** Copies the entries of a record one by one, in the order in which they came, as if the world was being played. */
function* grown(whole: WorldRecord, into: WorldRecord): Generator<void> {
  const lists = [
    'sent',
    'acked',
    'stored',
    'found',
    'presented',
    'edges',
    'worn',
    'links',
    'signatures',
    'steps',
    'crashes',
  ] as const;
  const entries = lists
    .flatMap((list) => (whole[list] as readonly { readonly seq: number }[]).map((one) => ({ list, one })))
    .sort((a, b) => a.one.seq - b.one.seq);
  into.words.push(...whole.words);
  for (const [tradeNo, debit] of whole.debits) into.debits.set(tradeNo, debit);
  for (const { list, one } of entries) {
    (into[list] as unknown[]).push(one);
    yield;
  }
}

/** The invariant, and what breaks it at the moment when the device begins to settle. */
const PLANTED: readonly (readonly [Invariant, (record: WorldRecord, play: Play) => void])[] = [
  ['onlyGenuineIsActedOn', (record) => record.stored.push({ ...last(record.stored.filter(isReceived)) })],
  ['signaturesAreSingle', (record) => record.signatures.push(last(record.signatures))],
  ['signedIsHeld', (record) => record.edges.fill({ ...last(record.edges), edge: 'up' })],
  [
    'signedInTime',
    (record) => record.links.push({ ...last(record.links), online: false, seq: last(record.signatures).seq - 0.5 }),
  ],
  ['nothingRetained', (record) => record.retained.push('act/1/demo/x/down')],
  ['noWordsOnTheWire', (record) => record.wire.push({ topic: `act/${record.words[0]}`, payload: new Uint8Array() })],
  [
    'journalledFirst',
    (record) => record.sent.push({ ...last(record.sent.filter(({ party }) => party === DEVICE)), seq: 0 }),
  ],
  ['debitsAreSingle', (record) => record.ledgerFaults.push('a trade is debited twice')],
];

const isReceived = ({ party, disk }: WorldRecord['stored'][number]) => party !== DEVICE && disk === 'journal';

function last<T>(list: readonly T[]): T {
  const one = list.at(-1);
  if (one === undefined) throw new Error('nothing there');
  return one;
}

describe('an inspector that looks along', () => {
  const honest = begin({ seed: 'watched' }).settle();

  it('finds nothing in an honest world, however often it looks', () => {
    const record = new WorldRecord();
    const inspector = new Inspector(record, honest.about);
    for (const _ of grown(honest.world.record, record)) expect(inspector.look()).toBe(true);
    expect(inspector.findings).toEqual(breaches(honest.world.record, honest.about));
  });

  it.each(PLANTED)('sees in the next look what breaks %s, and names it once', (invariant, plant) => {
    const record = new WorldRecord();
    const inspector = new Inspector(record, honest.about);
    let planted = false;
    for (const _ of grown(honest.world.record, record)) {
      // Before the look that judges the signature: what is planted concerns it.
      if (!planted && record.signatures.length > 0) {
        plant(record, honest);
        planted = true;
        expect(inspector.look()).toBe(false);
        expect(inspector.findings.some((finding) => finding.startsWith(`${invariant}: `))).toBe(true);
        break;
      }
      inspector.look();
    }
    const found = inspector.findings.length;
    inspector.look();
    expect(inspector.findings).toHaveLength(found);
  });

  it('breaks off a play at the event in which it happened', () => {
    const play = begin({ seed: 'watched', lookEvery: 1 });
    play.run(() => play.current.at === 'confirming');
    expect(play.inspector?.findings).toEqual([]);
    play.world.record.retained.push('act/1/demo/x/down');
    play.step();
    expect(play.inspector?.findings).toEqual(['nothingRetained: the broker had kept a message on act/1/demo/x/down']);
  });

  it('comes to what one look at a whole world of several wearers does, in storms and with a signature that nobody held for', () => {
    const tenant = fuzzTenant(3);
    for (const seed of ['look-1', 'look-2', 'look-3']) {
      const { record } = storm(planOf(seed, 3), tenant).play.world;
      const about = { ...honest.about, tenant, device: 'glasses-01', others: ['glasses-02', 'glasses-03'] };
      const growing = new WorldRecord();
      const inspector = new Inspector(growing, about);
      const made = record.signatures.at(-1);
      const held = record.edges.filter(({ party }) => party !== made?.party);
      const unheld = Object.assign(Object.create(record), { edges: held });
      for (const _ of grown(unheld, growing)) inspector.look();
      expect([...inspector.findings].sort()).toEqual([...breaches(unheld, about)].sort());
      expect(inspector.findings.some((one) => one.startsWith('signedIsHeld: '))).toBe(made !== undefined);
    }
  });

  it('knows every invariant by the name under which a whole record is judged', () => {
    expect(PLANTED.every(([invariant]) => invariant in ALWAYS)).toBe(true);
  });
});
