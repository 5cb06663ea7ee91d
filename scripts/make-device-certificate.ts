/**
 * A sample maker, for trying the way of a device from the factory into a directory:
 * `node dist/scripts/make-device-certificate.js root …`, then `… issue …` for each device. A real maker's root is in an HSM.
 */
import { writeFileSync } from 'node:fs';
import { createKey, openKey } from '../device/adapters/keystore.ts';
import { systemClock } from '../device/adapters/system-clock.ts';
import { systemRandom } from '../device/adapters/system-random.ts';
import { signDeviceCertificate } from '../protocol/device-certificate.ts';
import { fromHex, hex, secondsOf } from '../protocol/index.ts';
import { confirmationMethod } from '../protocol/messages/payment.ts';
import { defineCommand, EXIT, oneOf, required, UsageError } from './command.ts';
import type { CommandTable } from './command-table.ts';
import { runCommandLine } from './dispatch.ts';
import { judged } from './judged.ts';
import { OUT, PASSPHRASE_FILE, sealedBy } from './sealing.ts';
import { MAKER_ROOTS_FILE } from './statement-files.ts';

const DAY_S = 86_400;
const METHODS = confirmationMethod.kind?.is === 'names' ? confirmationMethod.kind.names : [];

const root = defineCommand({
  summary: 'make the root of a maker, and the file with which others pin it',
  options: {
    maker: { type: 'string', value: 'ID', describe: 'the name of the maker in its certificates' },
    ...OUT,
    'roots-out': { type: 'string', value: 'FILE', describe: 'the file of pinned roots to make' },
    ...PASSPHRASE_FILE,
  },
  async run(args, io) {
    const [maker, rootsOut] = [required(args, 'maker'), required(args, 'roots-out')];
    const made = createKey({
      path: required(args, 'out'),
      purpose: 'maker',
      random: systemRandom(),
      ...sealedBy(args),
    });
    const file = { format: MAKER_ROOTS_FILE, roots: [{ maker, publicKeyHex: hex(made.publicKey) }] };
    writeFileSync(rootsOut, `${JSON.stringify(file, null, 2)}\n`, { flag: 'wx' });
    io.stdout.write(`${hex(made.kid)}\n`);
    return EXIT.held;
  },
});

const issue = defineCommand({
  summary: 'issue the certificate of one device',
  options: {
    maker: { type: 'string', value: 'ID', describe: 'as the root was made' },
    root: { type: 'string', value: 'FILE', describe: "the maker's root" },
    ...PASSPHRASE_FILE,
    'identity-public': { type: 'string', value: 'HEX', describe: 'publicKey of the identity key (act-edge keys show)' },
    serial: { type: 'string', value: 'TEXT', describe: 'the number of the device' },
    model: { type: 'string', value: 'TEXT', describe: 'the model of the device' },
    method: { type: 'string', value: METHODS.join('|'), describe: 'how the hold reaches the signer' },
    'secure-element': { type: 'boolean', describe: 'its keys cannot leave it' },
    days: { type: 'string', value: 'N', default: '3650', describe: 'how long it holds' },
    ...OUT,
  },
  async run(args, io) {
    const identity = required(args, 'identity-public');
    if (!/^[0-9a-f]{64}$/.test(identity))
      throw new UsageError('usage-option-value', '--identity-public is no public key', 'give 64 hex digits');
    const days = Number(args.values.days);
    if (!Number.isInteger(days)) throw new UsageError('usage-option-value', '--days is no number', 'give whole days');
    const notBefore = secondsOf(systemClock().now());
    const claims = {
      maker: required(args, 'maker'),
      serial: required(args, 'serial'),
      model: required(args, 'model'),
      method: oneOf(args, 'method', METHODS) as 'hold-hardware-line',
      secureElement: args.values['secure-element'],
      identityKey: fromHex(identity),
      notBefore,
      notAfter: (notBefore + days * DAY_S) as typeof notBefore,
    };
    const key = openKey({ path: required(args, 'root'), purpose: 'maker', ...sealedBy(args) });
    const certificate = judged('the certificate', 'correct what it is to say', () =>
      signDeviceCertificate(claims, key),
    );
    key.destroy();
    writeFileSync(required(args, 'out'), `${hex(certificate)}\n`, { flag: 'wx' });
    io.stdout.write(`${certificate.length} bytes\n`);
    return EXIT.held;
  },
});

const TABLE: CommandTable = { root: async () => root, issue: async () => issue };
process.exitCode = await runCommandLine(process.argv.slice(2), process, TABLE, false);
