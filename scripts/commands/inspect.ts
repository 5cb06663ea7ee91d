/** `act-edge inspect`: what some bytes say, who signed them, and what is wrong with them. */
import { readDirectory } from '../../device/adapters/json-file.ts';
import { openRecipientSeed } from '../../device/adapters/keystore.ts';
import { parseSessionId } from '../../protocol/index.ts';
import { type Arguments, defineCommand, EXIT, UsageError } from '../command.ts';
import { diagnose } from '../inspect/diagnostic.ts';
import { type Context, inspect as inspectBytes } from '../inspect/inspect.ts';
import { printReport } from '../inspect/print.ts';
import { readInput } from '../inspect/read-input.ts';
import { isSound } from '../inspect/report.ts';
import { sealedUnder } from '../sealing.ts';

const HELP = `INPUT is hex, base64 or base64url, the name of a file that holds one of them or the bytes themselves, or - for standard
input. Frames, signed objects, recipient keys, sealed envelopes and evidence bundles are taken apart, other CBOR is shown
as it is. A frame is bound to the session of the enrolment, which it does not carry: to check one that a device sends or
receives, give --session. Times are not judged. Exit code 1: not sound, or a signature does not verify.`;

const OPTIONS = {
  diag: { type: 'boolean', describe: 'print CBOR diagnostic notation (RFC 8949 §8) and nothing else' },
  directory: { type: 'string', value: 'FILE', describe: 'the public keys to check signatures with' },
  session: {
    type: 'string',
    value: 'HEX',
    describe: 'the session of the enrolment, 8 bytes in hex (sessionHex of agent.yaml)',
  },
  key: {
    type: 'string',
    value: 'FILE',
    describe: 'the recipient key that opens a sealed envelope; needs --passphrase-file and --directory',
  },
  'passphrase-file': { type: 'string', value: 'FILE', describe: 'the file that holds the passphrase of the key' },
  json: { type: 'boolean', describe: 'print one JSON object' },
} as const;

function contextOf({ values }: Arguments<typeof OPTIONS>): Context {
  const { directory, session, key } = values;
  const passphraseFile = values['passphrase-file'];
  if (session !== undefined && !/^[0-9a-f]{16}$/.test(session))
    throw new UsageError(
      'usage-option-value',
      '--session is not 8 bytes in lower-case hex',
      'take sessionHex out of agent.yaml',
    );
  if (key !== undefined && (passphraseFile === undefined || directory === undefined))
    throw new UsageError(
      'usage-missing-option',
      '--key needs --passphrase-file and --directory',
      'see act-edge inspect --help',
    );
  return {
    directory: directory === undefined ? undefined : readDirectory(directory),
    session: session === undefined ? undefined : parseSessionId(session),
    key:
      key === undefined || passphraseFile === undefined
        ? undefined
        : openRecipientSeed({ path: key, ...sealedUnder(passphraseFile) }),
  };
}

export const inspect = defineCommand({
  summary: 'tell what a captured message, object or evidence bundle says and who signed it',
  help: HELP,
  options: OPTIONS,
  operands: ['INPUT'],
  async run(args, io) {
    const [operand = ''] = args.operands;
    const { json, diag } = args.values;
    if (json && diag)
      throw new UsageError('usage-option-value', '--json and --diag exclude each other', 'choose one of them');
    const context = contextOf(args);
    const { bytes, spelling } = readInput(operand);
    if (diag) {
      io.stdout.write(`${diagnose(bytes)}\n`);
      return EXIT.held;
    }
    const report = inspectBytes(bytes, context);
    io.stdout.write(json ? `${JSON.stringify({ ...report, spelling })}\n` : printReport(report));
    return isSound(report) ? EXIT.held : EXIT.fellShort;
  },
});
