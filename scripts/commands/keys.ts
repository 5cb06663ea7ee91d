import { readSecretFile } from '../../device/adapters/config-file.ts';
import { createKey, describeKey, type KeyDescription } from '../../device/adapters/keystore.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { hex } from '../../protocol/bytes.ts';
import { defineCommand, EXIT, type Io, oneOf, required } from '../command.ts';

const json = { type: 'boolean', describe: 'print JSON' } as const;

/** Only what anybody may know of a key is ever printed. */
function print({ purpose, kid, publicKey }: KeyDescription, asJson: boolean, io: Io): void {
  const shown = { purpose, kid: hex(kid), publicKey: hex(publicKey) };
  if (asJson) io.stdout.write(`${JSON.stringify(shown)}\n`);
  else for (const [name, value] of Object.entries(shown)) io.stdout.write(`${name.padEnd(9)}  ${value}\n`);
}

export const keysCreate = defineCommand({
  summary: 'make a key and seal it into a new file',
  help: [
    'The agent key signs what the device sends; the confirmation key signs what the wearer confirmed;',
    'the recipient key opens what is sealed for the device. They are never the same.',
    'The passphrase is what FILE holds, without the line break at its end; FILE must be readable by its owner only.',
    'An existing key file is never overwritten.',
  ].join('\n'),
  options: {
    purpose: { type: 'string', value: 'agent|confirmation|recipient', describe: 'what the key is for' },
    out: { type: 'string', value: 'FILE', describe: 'the key file to make' },
    'passphrase-file': {
      type: 'string',
      value: 'FILE',
      describe: 'the file that holds the passphrase, at least 8 bytes',
    },
    json,
  },
  async run(args, io) {
    const purpose = oneOf(args, 'purpose', ['agent', 'confirmation', 'recipient']);
    const path = required(args, 'out');
    const passphrase = readSecretFile(required(args, 'passphrase-file'));
    print(createKey({ path, purpose, passphrase, random: systemRandom() }), args.values.json, io);
    return EXIT.held;
  },
});

export const keysShow = defineCommand({
  summary: 'show the public part of a key file',
  help: 'No passphrase is asked for: this is what the file says of itself, proven only when the agent opens the key.',
  options: { json },
  operands: ['FILE'],
  async run({ values, operands: [path = ''] }, io) {
    print(describeKey(path), values.json, io);
    return EXIT.held;
  },
});
