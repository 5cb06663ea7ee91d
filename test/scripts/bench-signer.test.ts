import { expect, it } from 'vitest';
import { playPurchase } from '../../scripts/bench/purchase.ts';
import { signerLatency } from '../../scripts/bench/signer-latency.ts';
import { COMMANDS } from '../../scripts/command-table.ts';
import { runCommandLine } from '../../scripts/dispatch.ts';
import { memoryDisk } from '../../sim/memory-journal.ts';

it('times the step that completes the hold, against the bare signature made just before it', () => {
  // A clock that is read four times a round: around the bare signature (2 ms) and around that step (3 ms).
  let reading = 0;
  const times = [0, 2, 2, 5].map((ms, i, all) => ms - (all[i - 1] ?? 0));
  let now = 0;
  const nowMs = () => (now += times[reading++ % 4] as number);
  const latency = signerLatency(playPurchase('bench signer'), memoryDisk().open(), { rounds: 5, nowMs });
  expect(latency).toEqual({ ratio: 1.5, medianUs: 3_000, bareUs: 2_000 });
  expect(reading).toBe(4 * 35);
});

it('`bench signer` reports in memory and on disk, and refuses rounds that are no number', async () => {
  const run = async (...words: string[]) => {
    const [out, err]: [string[], string[]] = [[], []];
    const io = {
      stdout: { write: (text: string) => out.push(text) },
      stderr: { write: (text: string) => err.push(text) },
    };
    const code = await runCommandLine(['bench', 'signer', ...words], io as never, COMMANDS, false);
    return { code, out: out.join(''), err: err.join('') };
  };
  const { code, out } = await run('--rounds', '3', '--json');
  const report = JSON.parse(out);
  expect(code).toBe(0);
  expect(report.rounds).toBe(3);
  for (const { ratio } of [report.inMemory, report.onDisk]) expect(ratio).toBeGreaterThan(0);
  expect((await run('--rounds', '3')).out).toMatch(/in memory +[\d.]+ .*\n +on disk +[\d.]+ /);
  const refused = await run('--rounds', 'many');
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('usage-option-value')]);
});
