import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryDisk, PowerCut } from '../../sim/memory-journal.ts';
import { bytes, code, journalContract } from '../contracts/journal.contract.ts';

journalContract('memory', () => {
  const disk = memoryDisk();
  return { open: disk.open, dispose: disk.crash };
});

describe('the simulated disk', () => {
  it('T26: keeps what was acknowledged and nothing half-written, wherever the power goes', () => {
    const picks = fc.array(fc.nat(), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(picks, { minLength: 1, maxLength: 6 }), (cuts) => {
        const disk = memoryDisk();
        const acknowledged: Uint8Array[] = [];
        for (const [round, picked] of cuts.entries()) {
          const journal = disk.open();
          journal.append([bytes(round, 1)]);
          acknowledged.push(bytes(round, 1));
          let next = 0;
          disk.crashInNextAppend((bound) => (picked[next++] ?? 0) % bound);
          const doomed = [bytes(round, 2), bytes(round, 3)];
          expect(() => journal.append(doomed)).toThrow(PowerCut);
          expect(code(() => journal.read())).toBe('store-closed');
          const found = disk.open().read();
          if (found.length > acknowledged.length) acknowledged.push(...doomed);
          expect(found).toEqual(acknowledged);
          disk.crash();
        }
      }),
      { seed: 20_262, numRuns: 300 },
    );
  });

  it('refuses an append that does not fit and keeps the rest', () => {
    const disk = memoryDisk(200);
    const journal = disk.open();
    journal.append([bytes(1)]);
    expect(code(() => journal.append([new Uint8Array(200)]))).toBe('store-full');
    journal.append([bytes(2)]);
    expect(journal.read()).toEqual([bytes(1), bytes(2)]);
  });

  it('T26: refuses an image in which a middle record was changed', () => {
    const disk = memoryDisk();
    const journal = disk.open();
    journal.append([bytes(1)]);
    const middle = disk.image().length;
    journal.append([bytes(2)]);
    journal.append([bytes(3)]);
    journal.close();
    const image = disk.image();
    image[middle + 24] = 9;
    disk.replace(image);
    expect(code(() => disk.open())).toBe('store-altered');
  });
});
