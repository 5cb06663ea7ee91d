/** `act-edge bench signer`: how long the wearer waits for the signature once the hold is complete. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileJournal, systemRandom } from '../../device/index.ts';
import { memoryDisk } from '../../sim/index.ts';
import { playPurchase } from '../bench/purchase.ts';
import { ROUNDS_OPTION, readRounds } from '../bench/rounds.ts';
import { type SignerLatency, signerLatency } from '../bench/signer-latency.ts';
import { defineCommand, EXIT } from '../command.ts';

const HELP = `From the moment the hold is complete to the signed confirmation: the counter and the nonce are made durable, then the
confirmation is signed. Each round also times one bare Ed25519 signature with the same key; what counts is the median of
the ratios. "in memory" is the computing alone, "on disk" with the append and fdatasync of a file journal.`;

export const benchSigner = defineCommand({
  summary: 'measure the time from the end of the hold to the signature',
  help: HELP,
  options: {
    rounds: ROUNDS_OPTION,
    json: { type: 'boolean', describe: 'print one JSON object' },
  },
  async run({ values }, io) {
    const effort = { rounds: readRounds(values.rounds), nowMs: () => performance.now() };
    const purchase = playPurchase('bench');
    const inMemory = signerLatency(purchase, memoryDisk().open(), effort);
    const folder = mkdtempSync(join(tmpdir(), 'act-edge-bench-'));
    const journal = openFileJournal(join(folder, 'signer'), systemRandom());
    try {
      const onDisk = signerLatency(purchase, journal, effort);
      io.stdout.write(
        values.json
          ? `${JSON.stringify({ rounds: effort.rounds, inMemory, onDisk })}\n`
          : `from the end of the hold to the signature, in bare Ed25519 signatures; medians of ${effort.rounds} rounds\n` +
              tell('in memory', inMemory) +
              tell('on disk', onDisk),
      );
    } finally {
      journal.close();
      rmSync(folder, { recursive: true });
    }
    return EXIT.held;
  },
});

function tell(where: string, { ratio, medianUs, bareUs }: SignerLatency): string {
  return `  ${where.padEnd(10)} ${ratio.toFixed(2).padStart(6)}   (${medianUs.toFixed(0)} µs; bare ${bareUs.toFixed(0)} µs)\n`;
}
