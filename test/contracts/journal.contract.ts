import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../device/errors.ts';
import type { Journal } from '../../device/ports.ts';

/** One storage place, fresh for each test; opening it again sees what was appended before. */
export interface JournalStand {
  open(): Journal;
  dispose(): void;
}

/** What every body of the Journal port must do. */
export function journalContract(body: string, makeStand: () => JournalStand): void {
  describe(`Journal: ${body}`, () => {
    let stand: JournalStand | undefined;
    afterEach(() => stand?.dispose());

    function fresh(): JournalStand {
      stand?.dispose();
      stand = makeStand();
      return stand;
    }

    it('starts empty', () => {
      expect(fresh().open().read()).toEqual([]);
    });

    it('gives every record back in order, now and after opening again', () => {
      const place = fresh();
      const journal = place.open();
      const records = [bytes(1), bytes(), bytes(2, 3), new Uint8Array(65_536).fill(7)];
      journal.append(records.slice(0, 1));
      journal.append(records.slice(1));
      journal.append([]);
      expect(journal.read()).toEqual(records);
      journal.close();
      expect(place.open().read()).toEqual(records);
    });

    it('T12: is not changed by whoever changes the bytes it was given or gave', () => {
      const journal = fresh().open();
      const mine = bytes(1, 2, 3);
      journal.append([mine]);
      mine.fill(9);
      journal.read()[0]?.fill(8);
      expect(journal.read()).toEqual([bytes(1, 2, 3)]);
    });

    it('lets only one at a time have it open', () => {
      const place = fresh();
      const journal = place.open();
      expect(code(() => place.open())).toBe('store-locked');
      journal.close();
      place.open().close();
    });

    it('does nothing any more once closed, and closing twice is fine', () => {
      const journal = fresh().open();
      journal.close();
      journal.close();
      expect(code(() => journal.append([bytes(1)]))).toBe('store-closed');
      expect(code(() => journal.read())).toBe('store-closed');
    });

    it('does not let go of a lock that a later opener holds', () => {
      const place = fresh();
      const first = place.open();
      first.close();
      place.open();
      first.close();
      expect(code(() => place.open())).toBe('store-locked');
    });

    it('refuses an append over the limit and stays as it was', () => {
      const place = fresh();
      const journal = place.open();
      journal.append([bytes(1)]);
      expect(code(() => journal.append([new Uint8Array(2 << 20)]))).toBe('store-too-large');
      journal.append([bytes(2)]);
      journal.close();
      expect(place.open().read()).toEqual([bytes(1), bytes(2)]);
    });

    it('where it can be closed off, goes on with what it is given and keeps the old records for whoever asks', () => {
      const place = fresh();
      const journal = place.open();
      if (!journal.rotate) return;
      journal.append([bytes(1), bytes(2)]);
      expect(journal.rotate([bytes(3)])).toBe(true);
      journal.append([bytes(4)]);
      expect(code(() => journal.rotate?.([bytes(5), new Uint8Array(2 << 20)]))).toBe('store-too-large');
      expect(journal.read()).toEqual([bytes(3), bytes(4)]);
      journal.close();
      expect(code(() => journal.rotate?.([]))).toBe('store-closed');
      const again = place.open();
      expect([again.read(), [...(again.archives?.() ?? [])]]).toEqual([[bytes(3), bytes(4)], [[bytes(1), bytes(2)]]]);
    });

    it('agrees with a plain list through any course of appends and openings', () => {
      const step = fc.oneof(
        fc.constant('reopen' as const),
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
      );
      fc.assert(
        fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
          const place = fresh();
          let journal = place.open();
          const model: Uint8Array[] = [];
          for (const records of steps) {
            if (records === 'reopen') {
              journal.close();
              journal = place.open();
            } else {
              journal.append(records);
              model.push(...records);
            }
            expect(journal.read()).toEqual(model);
          }
        }),
        { seed: 20_261, numRuns: 40 },
      );
    });
  });
}

/** The code of the StoreError that `act` throws; anything else fails the test. */
export function code(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return (error as StoreError).code;
  }
  throw new Error('expected a StoreError');
}

export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}
