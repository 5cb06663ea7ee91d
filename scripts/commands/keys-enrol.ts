/** From the factory to the directory: a nonce of the cloud, what the device signs for it, and the cloud that takes it. */
import { existsSync, writeFileSync } from 'node:fs';
import { readCloudConfig, readSecretFile } from '../../device/adapters/config-file.ts';
import { eraseFile } from '../../device/adapters/durable-file.ts';
import { describeKey, openKey } from '../../device/adapters/keystore.ts';
import { writeNewPrivateFile } from '../../device/adapters/private-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { DeviceError } from '../../device/index.ts';
import { makerRoot } from '../../protocol/device-certificate.ts';
import { hex, type Id16, kidOf, newId, parseId16, parseSessionId, secondsOf } from '../../protocol/index.ts';
import type { Enrolment, FormerKey } from '../../sim/index.ts';
import { type CloudBooks, withCloudBooks } from '../cloud-books.ts';
import { CommandError, defineCommand, EXIT, required } from '../command.ts';
import { hasKeys, type JudgedEnrolment, judgeEnrolment, requestEnrolment } from '../enrolling.ts';
import { judged } from '../judged.ts';
import { OUT, PASSPHRASE_FILE, sealedBy } from '../sealing.ts';
import { ENROLMENT_FILE, MAKER_ROOTS_FILE, readCertificate, readStatementFile } from '../statement-files.ts';

const json = { type: 'boolean', describe: 'print JSON' } as const;
const keyFile = (purpose: string) =>
  ({ type: 'string', value: 'FILE', describe: `the sealed ${purpose} key of the device` }) as const;

export const keysEnrolNonce = defineCommand({
  summary: 'make the nonce for one enrolment, on the side of the cloud',
  help: 'Tell it to whoever sets the device up, and keep the file for act-edge keys enrol, which removes it.',
  options: { ...OUT },
  async run(args, io) {
    const nonce = newId(systemRandom().bytes(16));
    writeNewPrivateFile(required(args, 'out'), `${nonce}\n`);
    io.stdout.write(`${nonce}\n`);
    return EXIT.held;
  },
});

export const keysEnrolRequest = defineCommand({
  summary: 'sign with all keys of a device that it wants to be enrolled with them',
  help: `Run it on the device. Agent and confirmation key sign for themselves, the identity key for both, and the maker's certificate
vouches for the identity key. The file that is made holds no secret; it is good for one nonce and one day.`,
  options: {
    tenant: { type: 'string', value: 'ID', describe: 'the tenant to be enrolled with' },
    device: { type: 'string', value: 'ID', describe: 'the party id that the device is to have' },
    'agent-id': { type: 'string', value: 'DID', describe: 'its agent id, such as did:act:example.com/device-1' },
    nonce: { type: 'string', value: 'HEX', describe: 'from act-edge keys enrol-nonce' },
    certificate: { type: 'string', value: 'FILE', describe: "the maker's device certificate" },
    'identity-key': keyFile('identity'),
    'agent-key': keyFile('agent'),
    'confirmation-key': keyFile('confirmation'),
    'recipient-key': keyFile('recipient'),
    ...PASSPHRASE_FILE,
    ...OUT,
  },
  async run(args, io) {
    const out = required(args, 'out');
    const nonce = judged('--nonce', 'take it from act-edge keys enrol-nonce', () => parseId16(required(args, 'nonce')));
    const by = sealedBy(args);
    const open = (purpose: 'identity' | 'agent' | 'confirmation') =>
      openKey({ path: required(args, `${purpose}-key`), purpose, ...by });
    const [identity, frame, confirmation] = [open('identity'), open('agent'), open('confirmation')];
    const request = judged('the request', 'correct --tenant, --device or --agent-id', () =>
      requestEnrolment(
        {
          tenant: required(args, 'tenant'),
          device: required(args, 'device'),
          agentId: required(args, 'agent-id'),
          nonce,
          at: secondsOf(systemClock().now()),
          certificate: readCertificate(required(args, 'certificate')),
          recipientPublicKey: describeKey(required(args, 'recipient-key')).publicKey,
        },
        { identity, frame, confirmation },
      ),
    );
    for (const key of [identity, frame, confirmation]) key.destroy();
    const file = {
      format: ENROLMENT_FILE,
      certificateHex: hex(request.certificate),
      enrolmentHex: hex(request.enrolment),
      recipientKeyHex: hex(request.recipientKey),
    };
    writeFileSync(out, `${JSON.stringify(file, null, 2)}\n`, { flag: 'wx' });
    io.stdout.write(`made ${out}: take it to the cloud\n`);
    return EXIT.held;
  },
});

export const keysEnrol = defineCommand({
  summary: 'enrol a device with the simulated cloud: certificate and signatures checked, directory written',
  help: `REQUEST is what act-edge keys enrol-request wrote. The certificate must be of a maker in --maker-roots, every key sound, its
own signature there, and the nonce that of the file, which is removed. Enrolments and directory are changed; the session goes
to stdout, for device.sessionHex of the device, and the payment token into --token-out: seal it there (act-edge keys seal-token).
A device that is enrolled already keeps both with --replace, for example after its key was found in two signers; its old keys
are kept for what they signed before. Stop act-edge cloud first, start it afterwards, then: unlock, if it was locked.`,
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration of the cloud' },
    'nonce-file': { type: 'string', value: 'FILE', describe: 'from act-edge keys enrol-nonce' },
    'maker-roots': { type: 'string', value: 'FILE', describe: 'the makers whose certificates are believed' },
    'token-out': { type: 'string', value: 'FILE', describe: 'the file to make for the payment token' },
    replace: { type: 'boolean', describe: 'give new keys to a device that is enrolled' },
    json,
  },
  operands: ['REQUEST'],
  async run(args, io) {
    const [path = ''] = args.operands;
    const config = readCloudConfig(required(args, 'config'));
    const [nonceFile, tokenOut] = [required(args, 'nonce-file'), required(args, 'token-out')];
    const request = readStatementFile(path, ENROLMENT_FILE);
    const roots = rootsIn(required(args, 'maker-roots'));
    const nonce = nonceIn(nonceFile);
    if (existsSync(tokenOut))
      throw new DeviceError('keystore-exists', `${tokenOut} is there already`, 'choose another path for --token-out');
    const surroundings = { now: systemClock().now(), random: systemRandom() };
    const enrolled = withCloudBooks(config, surroundings, (books) => {
      const by = { tenant: books.directory.tenant, roots, nonce, now: secondsOf(surroundings.now) };
      const statements = {
        certificate: request.certificateHex,
        enrolment: request.enrolmentHex,
        recipientKey: request.recipientKeyHex,
      };
      const hint = 'have the device make its request anew, for a nonce of today';
      const device = judged(path, hint, () => judgeEnrolment(statements, by));
      return enter(device, books, args.values.replace, surroundings.random);
    });
    writeNewPrivateFile(tokenOut, `${enrolled.paymentToken}\n`);
    eraseFile(nonceFile);
    const shown = {
      device: enrolled.device,
      agentId: enrolled.agentId,
      session: enrolled.session,
      frameKey: hex(kidOf(enrolled.framePublicKey)),
      confirmationKey: hex(kidOf(enrolled.confirmationPublicKey)),
    };
    if (args.values.json) io.stdout.write(`${JSON.stringify(shown)}\n`);
    else for (const [name, value] of Object.entries(shown)) io.stdout.write(`${name.padEnd(15)}  ${value}\n`);
    return EXIT.held;
  },
});

function rootsIn(path: string) {
  const { roots } = readStatementFile(path, MAKER_ROOTS_FILE);
  return judged(path, 'take the roots from the makers again', () =>
    roots.map(({ maker, publicKeyHex }) => makerRoot({ maker, publicKey: publicKeyHex })),
  );
}

function nonceIn(path: string): Id16 {
  const text = new TextDecoder().decode(readSecretFile(path));
  return judged(path, 'name the file made by act-edge keys enrol-nonce', () => parseId16(text));
}

const REPLACE = 'give --replace if it is to have new keys';

/** Writes a judged device into the books. Session, agent and token of one that was enrolled stay: journals hang on them. */
function enter(
  { value, certificate, recipientKey }: JudgedEnrolment,
  { directory, devices, nextSecond: until, write }: CloudBooks,
  isReplacing: boolean,
  random: { bytes(length: number): Uint8Array },
): Enrolment {
  const { device, agentId, frameKey, confirmationKey } = value;
  const { identityKey } = certificate;
  const known = devices.find((one) => one.device === device);
  const role = directory.roleOf(device) ?? 'device';
  if (role !== 'device') throw refused(`${device} is the ${role}`, 'choose another --device');
  const rival = devices.find((one) => one !== known && one.identityKey && hex(one.identityKey) === hex(identityKey));
  if (rival) throw refused(`the signer of this certificate is enrolled as ${rival.device}`, 'enrol it once');
  if (known?.identityKey && hex(known.identityKey) !== hex(identityKey))
    throw refused(`${device} is another device, by its certificate`, 'choose another --device; retire the old one');
  if (known && !hasKeys(known, value) && !isReplacing)
    throw new CommandError('enrolment-exists', `${device} is enrolled already`, REPLACE);
  if (known && known.agentId !== agentId)
    throw refused(`the agent id of ${device} is ${known.agentId}`, 'use that one');
  const former = known && !hasKeys(known, value) ? formerKeys(known, value, until) : [];
  const kept = known ?? {
    session: parseSessionId(hex(random.bytes(8))),
    paymentToken: `token-${hex(random.bytes(16))}`,
  };
  const next: Enrolment = {
    ...kept,
    ...{ device, agentId, recipientKey, identityKey, framePublicKey: frameKey, confirmationPublicKey: confirmationKey },
    ...(former.length > 0 && { formerKeys: [...(known?.formerKeys ?? []), ...former] }),
  };
  judged(device, 'make new keys for the device: one of these is in use', () =>
    write(known ? devices.map((one) => (one === known ? next : one)) : [...devices, next]),
  );
  return next;
}

function formerKeys(
  known: Enrolment,
  { frameKey, confirmationKey }: JudgedEnrolment['value'],
  until: FormerKey['until'],
) {
  const pairs = [
    ['device', known.framePublicKey, frameKey],
    ['signer', known.confirmationPublicKey, confirmationKey],
  ] as const;
  return pairs
    .filter(([, old, next]) => hex(old) !== hex(next))
    .map(([role, publicKey]): FormerKey => ({ role, publicKey, until, isHandedOver: false }));
}

function refused(message: string, hint: string): CommandError {
  return new CommandError('enrolment-refused', message, hint);
}
