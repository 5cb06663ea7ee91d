/** `act-edge keys publish`: the way back for two sides that missed each other's recipient keys. */
import { writeFileSync } from 'node:fs';
import { readDirectory, readJson } from '../../device/adapters/json-file.ts';
import { statementsIn } from '../../device/adapters/recipient-keys.ts';
import { DeviceError, type DirectoryFile } from '../../device/index.ts';
import { hex, openRecipientKey, ProtocolError, type RecipientPublicKey } from '../../protocol/index.ts';
import { CommandError, defineCommand, EXIT, required } from '../command.ts';

export const keysPublish = defineCommand({
  summary: 'put recipient keys that a party made while running into a directory file',
  help: `DIR is recipient-keys in the state directory of a device, or PARTY.recipient-keys in that of the cloud. Running programs tell each
other their keys; this is for sides that were off for so long that the keys of both have ended. Start each once, so that it
makes a key, publish the keys of one or of both, give the file to the other side and start it again. Nothing secret is read.`,
  options: { directory: { type: 'string', value: 'FILE', describe: 'the directory file to add them to' } },
  operands: ['DIR...'],
  async run(args, io) {
    const path = required(args, 'directory');
    const { trust, tenant } = readDirectory(path);
    const file = readJson(path) as DirectoryFile;
    const known = new Set(file.recipientKeysHex ?? []);
    const found = args.operands.flatMap((directory) => statementsIn(directory));
    if (found.length === 0)
      throw new CommandError(
        'keys-none',
        `no recipient keys in ${args.operands.join(', ')}`,
        'start that side once, it makes one',
      );
    for (const statement of found) {
      const { party, role, kid } = open(statement, { trust, tenant }, path);
      const state = known.has(hex(statement)) ? 'known' : 'added';
      known.add(hex(statement));
      io.stdout.write(`${state}  ${role} ${party}  ${hex(kid)}\n`);
    }
    writeFileSync(path, `${JSON.stringify({ ...file, recipientKeysHex: [...known] }, null, 2)}\n`);
    return EXIT.held;
  },
});

function open(statement: Uint8Array, by: Parameters<typeof openRecipientKey>[1], path: string): RecipientPublicKey {
  try {
    return openRecipientKey(statement, by);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const message = `${path} does not vouch for a key that is to be published (${error.code})`;
    throw new DeviceError('config-invalid', message, 'take directory and keys from one set');
  }
}
