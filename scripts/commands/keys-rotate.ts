/** A device's key gives way to a new one: the device makes it and has the old one vouch for it, the cloud takes it over. */

import { writeFileSync } from 'node:fs';
import { readAgentConfig, readCloudConfig } from '../../device/adapters/config-file.ts';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { createKey, openKey } from '../../device/adapters/keystore.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { DeviceError } from '../../device/errors.ts';
import { equalBytes } from '../../protocol/bytes.ts';
import { hex, kidOf, type SigningKey, secondsOf, signRecipientKey } from '../../protocol/index.ts';
import { openKeyHandOver, signKeyHandOver } from '../../protocol/key-hand-over.ts';
import { type CloudBooks, withCloudBooks } from '../cloud-books.ts';
import { CommandError, defineCommand, EXIT, oneOf, required } from '../command.ts';
import { ownRecipientKey } from '../enrolling.ts';
import { judged } from '../judged.ts';
import { OUT, sealedUnder } from '../sealing.ts';
import { HAND_OVER_FILE, readStatementFile } from '../statement-files.ts';

const PURPOSES = {
  agent: { role: 'device', file: 'agentKeyFile' },
  confirmation: { role: 'signer', file: 'confirmationKeyFile' },
} as const;
const CONFIG = { config: { type: 'string', value: 'FILE', describe: 'the configuration of the device' } } as const;

export const keysRotate = defineCommand({
  summary: 'make the next agent or confirmation key, and a statement with which the old one hands over to it',
  help: `The new key lies beside the old one, under the same passphrase. Then, in this order: stop the device; have the cloud take the
statement over (act-edge keys take-over, within a day); give the device the directory that results; name the new file in the
configuration; start the device; destroy the old key. What the old key signed stays verifiable.
Not for a key that was stolen or copied: a thief can hand over as well. Enrol the device anew (act-edge keys enrol-request).`,
  options: {
    ...CONFIG,
    purpose: { type: 'string', value: 'agent|confirmation', describe: 'which of the two keys' },
    ...OUT,
    statement: { type: 'string', value: 'FILE', describe: 'the statement to write; nothing in it is secret' },
    json: { type: 'boolean', describe: 'print JSON' },
  },
  async run(args, io) {
    const config = readAgentConfig(required(args, 'config'));
    const purpose = oneOf(args, 'purpose', ['agent', 'confirmation']);
    const [path, statement] = [required(args, 'out'), required(args, 'statement')];
    const by = sealedUnder(config.keys.passphraseFile);
    const { role, file } = PURPOSES[purpose];
    const old = openKey({ path: named(config.keys[file], file), purpose, ...by });
    createKey({ path, purpose, random: systemRandom(), ...by });
    const next = openKey({ path, purpose, ...by });
    try {
      const at = secondsOf(systemClock().now());
      const value = { party: config.device.id, role, newKey: next.publicKey, at };
      const handOverHex = hex(signKeyHandOver(value, config.tenant, { old, new: next }));
      const recipientKeysHex = role === 'device' ? restated(config.peers.trustFile, config.device.id, next) : [];
      const text = `${JSON.stringify({ format: HAND_OVER_FILE, handOverHex, recipientKeysHex }, null, 2)}\n`;
      writeFileSync(statement, text, { flag: 'wx' });
      const shown = { purpose, from: hex(old.kid), to: hex(next.kid), publicKey: hex(next.publicKey) };
      if (args.values.json) io.stdout.write(`${JSON.stringify(shown)}\n`);
      else io.stdout.write(`${purpose} key ${shown.from} hands over to ${shown.to}; have ${statement} taken over\n`);
    } finally {
      old.destroy();
      next.destroy();
    }
    return EXIT.held;
  },
});

/** Another signer than the one in the device's process keeps its key to itself. */
function named(path: string | undefined, key: string): string {
  if (path !== undefined) return path;
  throw new DeviceError(
    'config-invalid',
    `keys.${key}: missing`,
    'name the key file; a signer of its own is enrolled anew',
  );
}

/** The recipient keys that the directory has of a device, with their windows, under its next frame key. */
function restated(trustFile: string, device: string, frameKey: SigningKey): readonly string[] {
  const { recipients, tenant } = readDirectory(trustFile);
  return recipients.all
    .filter(({ party, role }) => party === device && role === 'device')
    .map(({ party, role, publicKey, notBefore, notAfter }) =>
      hex(signRecipientKey({ party, role, publicKey, notBefore, notAfter }, tenant, frameKey)),
    );
}

export const keysTakeOver = defineCommand({
  summary: 'have the simulated cloud take over a key that its device has rotated',
  help: `STATEMENT is what act-edge keys rotate wrote. Enrolments and directory are changed: the old key is kept with its end, for what
it signed before. Stop act-edge cloud first, start it afterwards, and give the directory to the device.`,
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration of the cloud' },
    json: { type: 'boolean', describe: 'print JSON' },
  },
  operands: ['STATEMENT'],
  async run(args, io) {
    const config = readCloudConfig(required(args, 'config'));
    const [path = ''] = args.operands;
    const statement = readStatementFile(path, HAND_OVER_FILE);
    const surroundings = { now: systemClock().now(), random: systemRandom() };
    const shown = withCloudBooks(config, surroundings, (books) => takeOver(path, statement, books));
    if (args.values.json) io.stdout.write(`${JSON.stringify(shown)}\n`);
    else io.stdout.write(`${shown.device}: ${shown.role} key ${shown.from} ended, ${shown.to} takes its place\n`);
    return EXIT.held;
  },
});

function takeOver(
  path: string,
  {
    handOverHex,
    recipientKeysHex,
  }: { readonly handOverHex: Uint8Array; readonly recipientKeysHex: readonly Uint8Array[] },
  { directory, devices, nextSecond: until, write }: CloudBooks,
) {
  const { trust, tenant } = directory;
  const by = { trust, tenant, now: until };
  const hint = 'make the statement anew with act-edge keys rotate; after a theft enrol the device anew';
  const { party, role, newKey, old } = judged(path, hint, () => openKeyHandOver(handOverHex, by));
  const enrolment = devices.find(({ device }) => device === party);
  if (!enrolment) throw new CommandError('enrolment-refused', `${party} is not enrolled`, 'enrol it first');
  const former = { role, publicKey: old.publicKey, until, isHandedOver: true };
  const formerKeys = [...(enrolment.formerKeys ?? []), former];
  const changed =
    role === 'signer'
      ? { confirmationPublicKey: newKey }
      : {
          framePublicKey: newKey,
          recipientKey: judged(path, hint, () =>
            ownRecipientKey(recipientKeysHex, { party, tenant, frameKey: newKey }),
          ),
        };
  const next = { ...enrolment, ...changed, formerKeys };
  if (devices.some(({ framePublicKey: a, confirmationPublicKey: b }) => [a, b].some((key) => equalBytes(key, newKey))))
    throw new CommandError('enrolment-keys', `${path}: the new key is in use already`, hint);
  write(devices.map((one) => (one === enrolment ? next : one)));
  return { device: party, role, from: hex(old.kid), to: hex(kidOf(newKey)), until };
}
