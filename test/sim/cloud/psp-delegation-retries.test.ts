import { describe, expect, it } from 'vitest';
import type { EpochMs } from '../../../protocol/index.ts';
import { LEDGER_AGAIN_MS, LedgerRetries, MAX_WAITING } from '../../../sim/cloud/psp-delegation-retries.ts';
import { LedgerUnavailable } from '../../../sim/ledger/store.ts';

const at = (ms: number) => ms as EpochMs;
const silent = () => {
  throw new LedgerUnavailable();
};

describe('work that the ledger did not answer', () => {
  it('is done again after doubling waits, until it is done', () => {
    const retries = new LedgerRetries();
    const times: number[] = [];
    let left = 8;
    const work = (now: EpochMs) => {
      times.push(now);
      left -= 1;
      return left > 0 ? silent() : [];
    };
    retries.attempt('key', at(0), work);
    for (let next = retries.wakeAt(); next !== undefined; next = retries.wakeAt()) retries.tick(next);
    const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, LEDGER_AGAIN_MS.most]);
  });

  it('waits once under its key, as it was asked for last', () => {
    const retries = new LedgerRetries();
    const done: string[] = [];
    retries.attempt('key', at(0), silent);
    retries.attempt('key', at(1), silent);
    retries.attempt('key', at(2), () => {
      done.push('at once');
      return [];
    });
    expect([done, retries.wakeAt()]).toEqual([['at once'], undefined]);
  });

  it('T30: waits in so many pieces only, but for what nobody will ask for again', () => {
    const retries = new LedgerRetries();
    for (let i = 0; i < MAX_WAITING; i += 1) retries.attempt(`${i}`, at(0), silent);
    retries.attempt('one more', at(-10), silent);
    expect(retries.wakeAt()).toBe(1_000);
    retries.insist('lock', at(-10), silent);
    expect(retries.wakeAt()).toBe(990);
  });

  it('is no excuse for a defect', () => {
    const defect = () => {
      throw new TypeError('ours');
    };
    expect(() => new LedgerRetries().attempt('key', at(0), defect)).toThrow('ours');
  });
});
