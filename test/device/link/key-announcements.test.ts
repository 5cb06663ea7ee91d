import { describe, expect, it } from 'vitest';
import { BATCH_MS, KeyAnnouncements, TOLD_AT_ONCE } from '../../../device/link/key-announcements.ts';
import type { EpochMs, Party } from '../../../protocol/index.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';

const GAP_MS = 60_000;
const parties = (count: number): Party[] =>
  Array.from({ length: count }, (_, i) => ({ party: `p-${i}`, role: 'merchant' }));

function announcing() {
  const clock = new VirtualClock(1_750_000_000_000 as EpochMs);
  const told: string[] = [];
  const announcements = new KeyAnnouncements(clock, ({ party }) => told.push(party));
  return { clock, told, announcements };
}

describe('announcements of a recipient key', () => {
  it('T30: go to each party once in a gap, however often there is a reason', () => {
    const { clock, told, announcements } = announcing();
    for (let i = 0; i < 100; i += 1) announcements.tell(parties(2), GAP_MS);
    expect(told).toEqual(['p-0', 'p-1']);
    clock.advance(GAP_MS - 1);
    announcements.tell(parties(2), GAP_MS);
    expect(told).toHaveLength(2);
    clock.advance(1);
    announcements.tell(parties(2), GAP_MS);
    expect(told).toHaveLength(4);
  });

  it('T30: go to many in batches', () => {
    const { clock, told, announcements } = announcing();
    announcements.tell(parties(3 * TOLD_AT_ONCE), GAP_MS);
    expect(told).toHaveLength(TOLD_AT_ONCE);
    clock.advance(BATCH_MS - 1);
    expect(told).toHaveLength(TOLD_AT_ONCE);
    clock.advance(1 + BATCH_MS);
    expect(new Set(told).size).toBe(3 * TOLD_AT_ONCE);
    expect(clock.nextAt()).toBeUndefined();
  });

  it('go to everybody again when there is something new to tell, and those who waited are told that', () => {
    const { clock, told, announcements } = announcing();
    announcements.tell(parties(TOLD_AT_ONCE + 1), GAP_MS);
    announcements.startOver();
    announcements.tell(parties(TOLD_AT_ONCE + 1), GAP_MS);
    clock.advance(3 * BATCH_MS);
    expect(told).toHaveLength(2 * TOLD_AT_ONCE + 1);
  });

  it('T16: are not held back by a clock that was set back', () => {
    const { clock, told, announcements } = announcing();
    announcements.tell(parties(1), GAP_MS);
    clock.jump(-365 * 86_400_000);
    announcements.tell(parties(1), GAP_MS);
    expect(told).toHaveLength(2);
  });

  it('end when they are stopped', () => {
    const { clock, told, announcements } = announcing();
    announcements.tell(parties(2 * TOLD_AT_ONCE), GAP_MS);
    announcements.stop();
    clock.advance(10 * BATCH_MS);
    expect(told).toHaveLength(TOLD_AT_ONCE);
  });
});
