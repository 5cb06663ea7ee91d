/** `act-edge audit settle`: lets a device go on whose journal is not the one that was signed for, once somebody knows why (T26). */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { archivePath, archivesOf } from '../../device/adapters/journal-generations.ts';
import { jsonLog } from '../../device/adapters/json-log.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { auditOf } from '../../device/audit/device-audit.ts';
import { noteSigner } from '../../device/audit/journal-keys.ts';
import type { AgentConfig } from '../../device/config.ts';
import type { History } from '../../device/index.ts';
import { signCheckpoint, utf8 } from '../../protocol/index.ts';
import { readAgentParts } from '../agent-parts.ts';
import { defineCommand, EXIT, type Io, required } from '../command.ts';
import { openStateJournals } from '../state-journals.ts';

const FOUND: Readonly<Record<Extract<History, { kind: 'broken' }>['fault'], string>> = {
  truncated: 'records are missing that this device had signed for',
  altered: 'a record is not what it was when this device signed for it',
  'base-unsigned': 'it goes on after records that no checkpoint counts',
  'checkpoint-forged': 'a kept checkpoint is of another key',
  'rolled-back': 'the witness has seen more than there is',
  forked: 'the witness has seen another history',
};

interface Found {
  readonly history: History;
  /** Signed now: the heads from which the device is to go on. */
  readonly notes: readonly string[];
}

/** What the device's own checkpoints say; what a witness has seen is known to a device that runs. */
function examine(config: AgentConfig, io: Io): Found {
  const [clock, random] = [systemClock(), systemRandom()];
  const parts = readAgentParts(config);
  const journals = openStateJournals(config, ['device', 'checkpoints']);
  try {
    const log = jsonLog({ level: 'error', output: io.stderr, clock });
    const { journal, history } = auditOf(parts.settings, parts.keys.agent, {
      ...{ clock, random, log, journal: journals.device, checkpoints: journals.checkpoints },
    });
    const { device, directory } = parts.settings;
    const signer = noteSigner(directory.tenant, device, parts.keys.agent);
    const { tree } = journal;
    // Where the journal goes on after an archive, what is in the archive needs somebody's word, too.
    const heads = [...new Set([tree.base.size, tree.size])].flatMap((size) =>
      size > 0 ? (tree.headAt(size) ?? []) : [],
    );
    const notes = heads.map((head) => signCheckpoint({ origin: signer.name, ...head }, signer));
    journal.close();
    return { history, notes };
  } finally {
    for (const journal of Object.values(journals)) journal.close();
    parts.keys.agent.destroy();
    parts.keys.signer.destroy();
  }
}

/** Puts the checkpoints away under the first free name, beside the journal, and begins new ones. @returns the new path. */
function beginAnew(config: AgentConfig, notes: readonly string[]): string {
  const { directory } = config.state;
  const name = (n: number) => join(directory, `checkpoints.settled-${n}.journal`);
  let n = 1;
  while (existsSync(name(n))) n += 1;
  const path = join(directory, 'checkpoints.journal');
  // Their archive goes along: no journal is begun anew beside what was closed off of another.
  for (const number of archivesOf(path)) renameSync(archivePath(path, number), archivePath(name(n), number));
  renameSync(path, name(n));
  const { checkpoints } = openStateJournals(config, ['checkpoints']);
  checkpoints.append(notes.map(utf8));
  checkpoints.close();
  return name(n);
}

export const auditSettle = defineCommand({
  summary: 'go on with a journal that is not the one that was signed for',
  help: `A device that finds its journal cut off, changed or put back orders nothing until this is done. Find out why first: a restored
disk is an explanation, a stranger's hand is not. The old checkpoints are put away beside the journal and stay proof of
what was; new ones begin with the journal as it is. Where the witness has seen more than there is, it has to be told, too:
act-edge cloud accept-journal. A paired phone contradicts the device again until it is told as well: act-edge witness --accept.
The device must not be running. Without --yes it only says what it found, with exit code 1 where something is broken.`,
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration of the device' },
    yes: { type: 'boolean', describe: 'put the checkpoints away' },
  },
  async run(args, io) {
    const config = readAgentConfig(required(args, 'config'));
    const { history, notes } = examine(config, io);
    const found =
      history.kind === 'broken'
        ? `${FOUND[history.fault]} (${history.fault}, checkpoint of ${history.at} records)`
        : `its own checkpoints hold, the newest of ${history.checkpointed} records`;
    io.stdout.write(`${config.device.id}: ${found}\n`);
    if (!args.values.yes) return history.kind === 'broken' ? EXIT.fellShort : EXIT.held;
    io.stdout.write(`the checkpoints so far: ${beginAnew(config, notes)}\n`);
    return EXIT.held;
  },
});
