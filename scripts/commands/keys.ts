import { readSecretFile } from '../../device/adapters/config-file.ts';
import { eraseFile } from '../../device/adapters/durable-file.ts';
import {
  createKey,
  describeKey,
  describeSealed,
  type KeyDescription,
  openToken,
  sealToken,
} from '../../device/adapters/keystore.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { hex } from '../../protocol/bytes.ts';
import { encodeCoseKey } from '../../protocol/cose-key.ts';
import { type Command, defineCommand, EXIT, type Io, oneOf, required, UsageError } from '../command.ts';
import { firstLine } from '../first-line.ts';
import { expectPaymentToken } from '../payment-token.ts';
import { OUT, PASSPHRASE_FILE, sealedBy } from '../sealing.ts';

const json = { type: 'boolean', describe: 'print JSON' } as const;
const MADE_HERE = ['agent', 'confirmation', 'recipient', 'identity', 'pairing'] as const;

/** Lines of name and value, or one JSON object. */
function print(shown: Readonly<Record<string, unknown>>, asJson: boolean, io: Io): void {
  if (asJson) io.stdout.write(`${JSON.stringify(shown)}\n`);
  else for (const [name, value] of Object.entries(shown)) io.stdout.write(`${name.padEnd(9)}  ${value}\n`);
}

/** Only what anybody may know of a key is ever printed. */
function publicPart({ purpose, kid, publicKey }: KeyDescription) {
  return { purpose, kid: hex(kid), publicKey: hex(publicKey) };
}

/** What the file is bound to, in words. */
function machineOf(machine: readonly string[]): string {
  return machine.join('+') || 'none';
}

function warnUnbound(machine: readonly string[], path: string, io: Io): void {
  if (machine.length > 0) return;
  io.stderr.write(`act-edge: this machine has no machine-id, so ${path} opens wherever it is copied to\n`);
}

export const keysCreate = defineCommand({
  summary: 'make a key and seal it into a new file',
  help: [
    'The agent key signs what the device sends; the confirmation key signs what the wearer confirmed;',
    'the recipient key opens what is sealed for the device; the identity key is the one that the maker certifies,',
    'and signs enrolments. They are never the same.',
    'The passphrase is what FILE holds, without the line break at its end; FILE must be readable by its owner only.',
    'The file opens on this machine only (machine-id, board serial number). An existing key file is never overwritten.',
  ].join('\n'),
  options: {
    purpose: { type: 'string', value: MADE_HERE.join('|'), describe: 'what the key is for' },
    ...OUT,
    ...PASSPHRASE_FILE,
    json,
  },
  async run(args, io) {
    const purpose = oneOf(args, 'purpose', MADE_HERE);
    const path = required(args, 'out');
    const made = createKey({ path, purpose, random: systemRandom(), ...sealedBy(args) });
    print(publicPart(made), args.values.json, io);
    warnUnbound(made.machine, path, io);
    return EXIT.held;
  },
});

export const keysShow = defineCommand({
  summary: 'show the public part of a key file',
  help: 'No passphrase is asked for: this is what the file says of itself, proven only when the agent opens the key.',
  options: { json },
  operands: ['FILE'],
  async run({ values, operands: [path = ''] }, io) {
    const { machine, ...about } = describeSealed(path);
    const shown = about.purpose === 'token' ? about : publicPart({ ...about, machine });
    print({ ...shown, machine: machineOf(machine) }, values.json, io);
    return EXIT.held;
  },
});

/** Where the public half of a key stands in a directory file; the other purposes stand in none. */
const ENTRIES = {
  agent: { role: 'device', use: 'frame' },
  confirmation: { role: 'signer', use: 'object' },
} as const;

export const keysExport = defineCommand({
  summary: 'write out the public half of a key: hex, COSE_Key, directory entry',
  help: `Nothing secret is read or written. With --party, the entry for the keys of a directory file is printed along, for agent and
confirmation keys. A directory should take keys through act-edge keys enrol, which proves that the device has them.`,
  options: { party: { type: 'string', value: 'ID', describe: 'whose key it is' }, json },
  operands: ['FILE'],
  async run({ values, operands: [path = ''] }, io) {
    const key = describeKey(path);
    const coseKey = hex(encodeCoseKey(key.publicKey, key.purpose === 'recipient' ? 'X25519' : 'Ed25519'));
    const place = key.purpose in ENTRIES ? ENTRIES[key.purpose as keyof typeof ENTRIES] : undefined;
    if (values.party !== undefined && !place)
      throw new UsageError(
        'usage-option-value',
        `a key for ${key.purpose} has no directory entry`,
        'leave out --party',
      );
    const entry = values.party === undefined ? {} : { party: values.party, ...place, publicKeyHex: hex(key.publicKey) };
    const shown = { ...publicPart(key), coseKey };
    if (values.party === undefined) print(shown, values.json, io);
    else print({ ...shown, entry: values.json ? entry : JSON.stringify(entry) }, values.json, io);
    return EXIT.held;
  },
});

export const keysDestroy = defineCommand({
  summary: 'overwrite and remove a key file',
  help: `Asks for the kid of the key on standard input (for a token: the word token), unless --yes is given. There is no way back, and no
other copy should be left. What a flash disk or a copying file system keeps of older blocks is out of reach: without the
passphrase and the machine it is of no use. Tell the PSP as well: act-edge cloud keeps believing a key it was not told about.`,
  options: { yes: { type: 'boolean', describe: 'do not ask' }, json },
  operands: ['FILE'],
  async run({ values, operands: [path = ''] }, io) {
    const about = describeSealed(path);
    const name = about.purpose === 'token' ? 'token' : hex(about.kid);
    if (!values.yes) await confirmByName(path, name, io);
    eraseFile(path);
    print({ destroyed: name, purpose: about.purpose }, values.json, io);
    return EXIT.held;
  },
});

async function confirmByName(path: string, name: string, io: Io): Promise<void> {
  io.stderr.write(`type ${name === 'token' ? 'token' : 'the kid'} to destroy ${path} for good: `);
  const typed = await firstLine(process.stdin);
  if (typed === name) return;
  const what = typed === undefined ? 'nothing was typed' : 'that is not what was to be typed';
  throw new UsageError(
    'usage-not-confirmed',
    `${what}; ${path} is left as it is`,
    'look at it with act-edge keys show, or give --yes',
  );
}

export const keysSealToken: Command = defineCommand({
  summary: 'seal a payment token that came in a plain file',
  help: `The token is what FILE holds, without the line break at its end. Once the sealed file opens, the plain one is overwritten
and removed. The sealed file is named in the configuration as purchase.paymentTokenFile.`,
  options: {
    'token-file': { type: 'string', value: 'FILE', describe: 'the plain file, readable by its owner only' },
    ...OUT,
    ...PASSPHRASE_FILE,
    json,
  },
  async run(args, io) {
    const [plain, path] = [required(args, 'token-file'), required(args, 'out')];
    const token = new TextDecoder().decode(readSecretFile(plain));
    expectPaymentToken(token, plain);
    const by = sealedBy(args);
    sealToken({ path, token, random: systemRandom(), ...by });
    if (openToken({ path, ...by }) !== token) throw new Error('a sealed token came back as another one');
    eraseFile(plain);
    const { machine } = describeSealed(path);
    print({ purpose: 'token', machine: machineOf(machine) }, args.values.json, io);
    warnUnbound(machine, path, io);
    return EXIT.held;
  },
});
