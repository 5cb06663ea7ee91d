import { expect, it } from 'vitest';
import { readAttestations } from '../../../device/audit/attestations.ts';
import { DeviceReports, REPORT_AFTER_MS } from '../../../device/audit/device-reports.ts';
import { Reporter } from '../../../device/audit/reporter.ts';
import { CARRIED_OVER } from '../../../device/carry-over.ts';
import { decodeRecord, encodeRecord } from '../../../device/journal-record.ts';
import type { Journal } from '../../../device/ports.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { rigAfter, STORY } from '../agent-rig.ts';
import { deviceKey, START, settings } from '../builders.ts';
import { CHANNEL, storedRecords } from './reporting-rig.ts';

/** A journal whose generations are arrays. */
class Generations implements Journal {
  readonly closed: Uint8Array[][] = [];
  present: Uint8Array[] = [];

  read = () => [...this.present];
  append = (records: readonly Uint8Array[]) => void this.present.push(...records);
  rotate = (first: readonly Uint8Array[]) => {
    this.closed.push(this.present);
    this.present = [...first];
    return true;
  };
  archives = () => this.closed;
  close = () => {};
}

const entries = storedRecords(rigAfter(STORY.length).disks.journal);
/** What a new generation begins with after so many entries. */
function carriedOver(count: number): Uint8Array {
  const { at, purchases } = decodeRecord(entries[count - 1] as Uint8Array);
  return encodeRecord({ at, event: CARRIED_OVER, sent: [], purchases });
}

function born(journal: Journal, disk = memoryDisk(), clock = new VirtualClock(START)) {
  const reporter = new Reporter({
    ...{ store: disk.open(), privacyChannel: CHANNEL, clock, random: new SeededRandom('reports') },
    chain: { submit: () => () => {} } as never,
    ...{ self: { id: settings.agentId, key: deviceKey }, log: { write: () => {} } },
  });
  const reports = new DeviceReports({ journal, settings, reporter, clock });
  const made = () => readAttestations({ read: () => storedRecords(disk) }).size;
  return { reports, followed: reports.follow(), disk, clock, made };
}

it('no generation of the journal is closed off before all of it is reported', () => {
  const journal = new Generations();
  const { followed, disk, made } = born(journal);
  followed.append(entries.slice(0, 9));
  disk.setFull(true);
  expect([followed.rotate?.([carriedOver(9)]), journal.closed.length, made()]).toEqual([false, 0, 0]);
  disk.setFull(false);
  expect([followed.rotate?.([carriedOver(9)]), journal.closed.length]).toEqual([true, 1]);
  const reported = made();
  expect(reported).toBeGreaterThan(1);
  expect(followed.archives?.()).toBe(journal.closed);
});

it.each(entries.map((_, n) => n + 1))(
  'a generation that begins after entry %i reports nothing of the one before again',
  (count) => {
    const journal = new Generations();
    const first = born(journal);
    first.reports.start();
    first.followed.append(entries.slice(0, count));
    expect(first.followed.rotate?.([carriedOver(count)])).toBe(true);
    first.reports.stop();
    first.disk.crash();
    const second = born(journal, first.disk, first.clock);
    second.reports.start();
    second.followed.append(entries.slice(count));
    second.clock.advance(10 * REPORT_AFTER_MS);
    expect(second.made()).toBe(5);
  },
);
