/** `act-edge bench protocol`: what the binding costs in time and bytes, against what cannot be cheaper and against JSON. */
import { type ByteRow, byteTable, sealedBytes } from '../bench/byte-table.ts';
import type { Effort } from '../bench/measure.ts';
import { playPurchase } from '../bench/purchase.ts';
import { ROUNDS_OPTION, readRounds } from '../bench/rounds.ts';
import { type Ratio, reaches, type Speed, speed } from '../bench/speed.ts';
import { tellWholeEvidence, wholeEvidence } from '../bench/whole-evidence.ts';
import { defineCommand, EXIT } from '../command.ts';

const HELP = `Everything is timed in one process, in turns, by the processor time it takes; what counts is the median of the ratios.
The bytes are those of one purchase in the simulator; below them stands what a delegated purchase of the same cart leaves
behind, made for the table and not played. JSON: ACT's names, ISO 8601 times, decimal amounts, base64url for
identifiers, digests and detached Ed25519 signatures, no white space. Exit code 1 when a goal or a budget is missed.`;

const BATCH_MS = 4;

/** Milliseconds this process has computed: time in which the machine did something else does not count. */
function computedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function goalOf(ratio: Ratio): string {
  if (!ratio.goal) return '';
  const wanted = 'atLeast' in ratio.goal ? `≥ ${ratio.goal.atLeast}` : `≤ ${ratio.goal.atMost}`;
  return `  goal ${wanted}: ${reaches(ratio) ? 'reached' : 'missed'}`;
}

function tellSpeed({ timings, ratios }: Speed, { rounds }: Effort): string {
  return [
    `ratios, medians of ${rounds} rounds`,
    ...ratios.map((ratio) => `  ${ratio.name.padEnd(52)} ${ratio.ratio.toFixed(2).padStart(7)}${goalOf(ratio)}`),
    'median times, in microseconds of the processor',
    ...timings.map(({ name, medianUs }) => `  ${name.padEnd(52)} ${medianUs.toFixed(1).padStart(7)}`),
    '',
  ].join('\n');
}

const isWithin = ({ bytes, budget }: ByteRow): boolean => budget === undefined || bytes <= budget;

function tellBytes(rows: readonly ByteRow[], sealed: number): string {
  const line = (row: ByteRow): string => {
    const budget = row.budget === undefined ? '' : `  budget ${row.budget}: ${isWithin(row) ? 'kept' : 'exceeded'}`;
    const share = `${Math.round((100 * row.bytes) / row.jsonBytes)} %`;
    return `  ${row.name.padEnd(24)} ${String(row.bytes).padStart(6)} ${String(row.jsonBytes).padStart(6)} ${share.padStart(6)}${budget}`;
  };
  return [
    'bytes of one purchase, each with header and signature',
    `  ${''.padEnd(24)} ${'ours'.padStart(6)} ${'JSON'.padStart(6)}`,
    ...rows.map(line),
    `  every frame sealed, in sizes that tell nothing: ${sealed}`,
    '',
  ].join('\n');
}

export const benchProtocol = defineCommand({
  summary: 'measure what the binding costs in time and bytes',
  help: HELP,
  options: {
    rounds: ROUNDS_OPTION,
    json: { type: 'boolean', describe: 'print one JSON object' },
  },
  async run({ values }, io) {
    const rounds = readRounds(values.rounds);
    const effort: Effort = { rounds, batchMs: BATCH_MS };
    const purchase = playPurchase('bench');
    const rows = byteTable(purchase);
    const sealed = sealedBytes(purchase.frames);
    const whole = wholeEvidence(purchase);
    const measured = speed(purchase, effort, computedMs);
    if (values.json) {
      const timings = measured.timings.map(({ name, medianUs }) => ({ name, medianUs }));
      io.stdout.write(
        `${JSON.stringify({ rounds, ratios: measured.ratios, timings, bytes: rows, sealedBytes: sealed, wholeEvidence: whole })}\n`,
      );
    } else {
      io.stdout.write(tellSpeed(measured, effort) + tellBytes(rows, sealed) + tellWholeEvidence(whole));
    }
    return rows.every(isWithin) && measured.ratios.every(reaches) ? EXIT.held : EXIT.fellShort;
  },
});
