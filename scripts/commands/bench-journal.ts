/** `act-edge bench journal`: what it costs that every step is durable before its effect leaves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type AppendRate, appendRates } from '../bench/append-rate.ts';
import { openStores, WHOLE } from '../bench/journal-stores.ts';
import { playPurchase } from '../bench/purchase.ts';
import { ROUNDS_OPTION, readRounds } from '../bench/rounds.ts';
import { defineCommand, EXIT } from '../command.ts';

const HELP = `The entries of a simulated purchase are appended over and over, the same ones to each store in turns; what counts is the
median over the rounds of the rate in rates of a bare write and fdatasync of the same bytes behind each other. A journal's
file grows by 64 KiB at a time, which spares the file system a second write at most syncs: the bare store is timed that way,
too. "8 at a time" is group commit: eight entries in one append, under one fdatasync. The times are of one append. The
disk is that of --directory. Exit code 1 when the device's journal is under 0.8 of the bare rate, one entry at a time.`;

const APPENDS_PER_ROUND = 16;
const AT_ONCE = [1, 8] as const;
const GOAL = 0.8;

interface Table {
  readonly atOnce: number;
  readonly rates: readonly AppendRate[];
}

export const benchJournal = defineCommand({
  summary: 'measure appends to the journal against a bare write and fdatasync',
  help: HELP,
  options: {
    rounds: ROUNDS_OPTION,
    directory: {
      type: 'string',
      value: 'DIR',
      describe: 'where the files are made, and removed again',
      default: tmpdir(),
    },
    json: { type: 'boolean', describe: 'print one JSON object' },
  },
  async run({ values }, io) {
    const rounds = readRounds(values.rounds);
    const { entries } = playPurchase('bench');
    const tables = AT_ONCE.map((atOnce) => ({
      atOnce,
      rates: timed(resolve(values.directory), entries, rounds, atOnce),
    }));
    const entryBytes = Math.round(entries.reduce((sum, { length }) => sum + length, 0) / entries.length);
    io.stdout.write(
      values.json
        ? `${JSON.stringify({ rounds, entryBytes, goal: GOAL, tables })}\n`
        : `entries of ${entryBytes} bytes in the mean; medians of ${rounds} rounds\n${tables.map(tell).join('')}`,
    );
    return wholeOf(tables[0]) >= GOAL ? EXIT.held : EXIT.fellShort;
  },
});

function timed(directory: string, entries: readonly Uint8Array[], rounds: number, atOnce: number): AppendRate[] {
  const folder = mkdtempSync(join(directory, 'act-edge-bench-'));
  try {
    const { stores, close } = openStores(folder);
    try {
      return appendRates(stores, entries, {
        ...{ rounds, atOnce, appendsPerRound: APPENDS_PER_ROUND },
        nowMs: () => performance.now(),
      });
    } finally {
      close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function wholeOf(table: Table | undefined): number {
  return table?.rates.find(({ name }) => name === WHOLE)?.ratio ?? 0;
}

function tell({ atOnce, rates }: Table): string {
  const title = atOnce === 1 ? 'one at a time' : `${atOnce} at a time`;
  const lines = rates.map(({ name, perSecond, p50Us, p99Us, ratio }) => {
    const goal = name === WHOLE && atOnce === 1 ? `  goal ≥ ${GOAL}: ${ratio >= GOAL ? 'reached' : 'missed'}` : '';
    const columns = [perSecond.toFixed(0).padStart(8), p50Us.toFixed(0).padStart(8), p99Us.toFixed(0).padStart(8)];
    return `  ${name.padEnd(38)}${columns.join('')}${ratio.toFixed(2).padStart(7)}${goal}\n`;
  });
  return `${title.padEnd(40)}${'entries/s'.padStart(8)}  p50 µs  p99 µs  ratio\n${lines.join('')}`;
}
