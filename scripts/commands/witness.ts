/** `act-edge witness`: stands in for the paired phone that cosigns a device's journal (T26, T27). */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { attend } from '../../device/adapters/attend-socket.ts';
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { makeDirectory } from '../../device/adapters/durable-file.ts';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { jsonLog } from '../../device/adapters/json-log.ts';
import { readPrivateFile, writeNewPrivateFile } from '../../device/adapters/private-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { journalKeysOf, journalName } from '../../device/audit/journal-keys.ts';
import { PairedWitness, type PairedWitnessOptions } from '../../device/audit/paired-witness.ts';
import type { Directory } from '../../device/directory.ts';
import { DeviceError } from '../../device/errors.ts';
import { readWitnessKey, witnessKeyText } from '../../protocol/checkpoint.ts';
import { equalBytes, fromHex, hex, type NoteKey, type NoteSigner, softSigningKey } from '../../protocol/index.ts';
import { defineCommand, EXIT, required } from '../command.ts';
import { stopRequested } from '../until-stopped.ts';

const DIRECTORY = {
  type: 'string',
  value: 'DIR',
  describe: 'where the witness keeps its key and what it has seen',
} as const;
const SEED = /^[0-9a-f]{64}\n$/;

/** In the clear, since it only stands in for a phone; made where there is none. @throws DeviceError `keystore-*`. */
function signerIn(directory: string, name: string): NoteSigner {
  const path = join(directory, 'witness.key');
  makeDirectory(directory);
  if (!existsSync(path)) writeNewPrivateFile(path, `${hex(systemRandom().bytes(32))}\n`);
  const text = readPrivateFile(path, 'keystore-unreadable').toString();
  if (!SEED.test(text))
    throw new DeviceError('keystore-unreadable', `${path} is no key`, 'move it away; another one is made then');
  const key = softSigningKey(fromHex(text.trim()));
  return { name, publicKey: key.publicKey, sign: (message) => key.sign(message) };
}

/** Which keys of a device's journal are good for what it says now, and which for what it had said. */
export function keysIn(directory: Directory, device: string): Pick<PairedWitnessOptions, 'journals' | 'formerKeys'> {
  const replaced = directory.keys.filter(({ until }) => until !== undefined);
  const isFormer = (key: NoteKey) => replaced.some(({ publicKey }) => equalBytes(publicKey, key.publicKey));
  const keys = journalKeysOf(directory, device);
  return { journals: keys.filter((key) => !isFormer(key)), formerKeys: keys.filter(isFormer) };
}

export const witnessKey = defineCommand({
  summary: 'print the key of a witness, to be pinned in agent.yaml; makes one where there is none',
  help: 'The line goes into the section witness of agent.yaml, as key. The name is what it signs under.',
  options: {
    directory: DIRECTORY,
    name: { type: 'string', value: 'NAME', describe: 'the name', default: 'paired-phone' },
  },
  async run(args, io) {
    const signer = signerIn(resolve(required(args, 'directory')), args.values.name);
    io.stdout.write(`${witnessKeyText(signer)}\n`);
    return EXIT.held;
  },
});

export const witness = defineCommand({
  summary: 'stand in for the paired phone that cosigns a device’s journal',
  help: `Connects to the socket that agent.yaml names under witness, again whenever the device is away, cosigns each checkpoint that only
adds to the one before, and shows the device what it has seen where one does not. The log goes to stderr as JSON lines. With
--accept it takes what the device shows next as its first: say so once somebody knows why, together with act-edge audit settle.`,
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration of the device' },
    directory: DIRECTORY,
    accept: { type: 'boolean', describe: 'forget what was seen of the device, and end' },
  },
  async run(args, io) {
    const config = readAgentConfig(required(args, 'config'));
    const directory = resolve(required(args, 'directory'));
    if (!config.witness) {
      const hint = 'add it, with the key that act-edge witness key prints';
      throw new DeviceError('config-invalid', 'the configuration has no section witness', hint);
    }
    const pinned = readWitnessKey(config.witness.key);
    const signer = signerIn(directory, pinned.name);
    if (witnessKeyText(signer) !== config.witness.key) {
      const hint = 'pin the key that act-edge witness key prints';
      throw new DeviceError('config-invalid', 'witness.key is of another witness than this directory', hint);
    }
    const clock = systemClock();
    const log = jsonLog({ level: config.log.level, output: io.stderr, clock });
    const peers = readDirectory(config.peers.trustFile);
    const store = openFileJournal(join(directory, 'witness.journal'), systemRandom());
    try {
      const paired = new PairedWitness({ store, signer, ...keysIn(peers, config.device.id), clock, log });
      const name = journalName(peers.tenant, config.device.id);
      if (args.values.accept) return paired.accept(name) ? EXIT.held : EXIT.fellShort;
      const stopped = stopRequested();
      const stop = attend(paired, config.witness.socketFile, clock);
      await stopped;
      stop();
      return EXIT.held;
    } finally {
      store.close();
    }
  },
});
