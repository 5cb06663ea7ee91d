/** `act-edge cloud records`: what the simulated services hand over to whoever has to judge an intent (ACT 2.1 TSD-ATT-DSP). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCloudConfig } from '../../device/adapters/config-file.ts';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { type Attested, readAttestations } from '../../device/audit/attestations.ts';
import { handedText } from '../../device/audit/handed-records.ts';
import { CommandError, defineCommand, EXIT, required } from '../command.ts';

function recordsIn(path: string): readonly Attested[] {
  if (!existsSync(path)) return [];
  const journal = openFileJournal(path, systemRandom());
  try {
    return [...readAttestations(journal).values()];
  } finally {
    journal.close();
  }
}

export const cloudRecords = defineCommand({
  summary: 'print the attestation records of the services about one intent, for a dispute',
  help: `One JSON object a line, each with its anchor and the proof that it stands in the trust chain; they say hashes, ids, amounts
and times. act-edge audit verify --records takes them beside those of the device. The cloud must not run meanwhile. Exit code 1
where there are none.`,
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration of the cloud' },
    intent: { type: 'string', value: 'ID', describe: 'of which intent, 32 hex digits' },
  },
  async run(args, io) {
    const { peers, state } = readCloudConfig(required(args, 'config'));
    const intent = required(args, 'intent');
    const { partiesOf } = readDirectory(peers.trustFile);
    const parties = (['agent', 'psp', 'merchant'] as const).flatMap(partiesOf);
    const all = parties.flatMap((party) => recordsIn(join(state.directory, `${party}.attestations.journal`)));
    const own = all.filter(({ record }) => record.intentId === intent);
    if (own.length === 0)
      throw new CommandError(
        'intent-unknown',
        'no service has a record of it',
        'check the id, and chain in cloud.yaml',
      );
    io.stdout.write(handedText(own));
    return EXIT.held;
  },
});
