import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { appendRates } from '../../scripts/bench/append-rate.ts';
import { COMMANDS } from '../../scripts/command-table.ts';
import { runCommandLine } from '../../scripts/dispatch.ts';
import { bytes } from '../contracts/journal.contract.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

describe('the rates of appends', () => {
  it('are counted in those of the first store, over the same records in turns', () => {
    let nowMs = 0;
    const got: Uint8Array[][] = [[], []];
    const order: number[] = [];
    const store = (which: number, tookMs: readonly number[]) => ({
      name: `store ${which}`,
      append(records: readonly Uint8Array[]) {
        order.push(which);
        got[which]?.push(...records);
        nowMs += tookMs[order.length % tookMs.length] as number;
      },
    });
    const effort = { rounds: 5, appendsPerRound: 2, atOnce: 3, nowMs: () => nowMs };
    const rates = appendRates([store(0, [2]), store(1, [3, 5])], [bytes(1), bytes(2)], effort);
    // Two appends of three records each: 4 ms for the first store; the second takes 3 or 5 ms, once each in a round.
    expect(rates).toEqual([
      { name: 'store 0', perSecond: 1_500, p50Us: 2_000, p99Us: 2_000, ratio: 1 },
      { name: 'store 1', perSecond: 750, p50Us: 3_000, p99Us: 5_000, ratio: 0.5 },
    ]);
    expect(got[0]).toEqual(got[1]);
    expect(got[0]?.slice(0, 4)).toEqual([bytes(1), bytes(2), bytes(1), bytes(2)]);
    expect(order.slice(0, 4)).toEqual([0, 1, 1, 0]);
  });
});

describe('`bench journal`', () => {
  const run = async (...words: string[]) => {
    const [out, err]: [string[], string[]] = [[], []];
    const io = {
      stdout: { write: (text: string) => out.push(text) },
      stderr: { write: (text: string) => err.push(text) },
    };
    const code = await runCommandLine(['bench', 'journal', ...words], io as never, COMMANDS, false);
    return { code, out: out.join(''), err: err.join('') };
  };

  it('reports every layer of the device’s journal beside the bare writes, and leaves no file', async () => {
    const { path: directory, remove } = temporaryDirectory();
    const { code, out } = await run('--rounds', '1', '--directory', directory, '--json');
    const report = JSON.parse(out);
    expect(report.tables.map(({ atOnce }: { atOnce: number }) => atOnce)).toEqual([1, 8]);
    for (const { rates } of report.tables) {
      expect(rates).toHaveLength(5);
      for (const rate of rates) expect(Math.min(rate.perSecond, rate.p50Us, rate.p99Us, rate.ratio)).toBeGreaterThan(0);
    }
    expect(code).toBe(report.tables[0].rates[4].ratio >= report.goal ? 0 : 1);
    expect(readdirSync(directory)).toEqual([]);
    expect((await run('--rounds', '1', '--directory', directory)).out).toMatch(
      /one at a time[\s\S]*goal ≥ 0\.8[\s\S]*8 at a time/,
    );
    remove();
  });

  it('refuses rounds that are no number', async () => {
    const refused = await run('--rounds', 'many');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('usage-option-value')]);
  });
});
