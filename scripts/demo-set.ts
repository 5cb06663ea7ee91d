/** A tenant on disk: devices with keys of their own, and the simulated cloud they are enrolled with. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKey, type KeyPurpose, openKey, sealToken } from '../device/adapters/keystore.ts';
import { linuxMachineIdentity } from '../device/adapters/machine-identity.ts';
import { writeNewPrivateFile } from '../device/adapters/private-file.ts';
import type { Random } from '../device/index.ts';
import { type EpochSeconds, hex, parseSessionId, signRecipientKey, utf8 } from '../protocol/index.ts';
import {
  chainSigner,
  demoPlace,
  type Enrolment,
  enrolledTenant,
  enrolmentsFile,
  principalOf,
  privacyChannelOf,
  recipientWindow,
  shopVocabulary,
  type Tenant,
} from '../sim/index.ts';

const TENANT = 'demo';

export interface DemoSet {
  /** Where it is made. Nothing in it may exist yet. */
  readonly directory: string;
  /** Each device's party id, and the folder in `directory` that becomes its own. */
  readonly devices: readonly { readonly id: string; readonly folder: string }[];
  readonly brokerUrl: string;
  /** Whether the configurations name a `broker-password` file. Writing it is left to whoever knows the password. */
  readonly withPassword: boolean;
  /** Where on 127.0.0.1 the cloud runs a trust chain node that its services and the devices report to; absent: there is none. */
  readonly chainPort?: number;
  /** Where on 127.0.0.1 the cloud runs its data desk; absent: there is none. */
  readonly deskPort?: number;
}

/** The configurations of what was made. */
export interface DemoSetFiles {
  readonly cloud: string;
  /** In the order of `devices`. */
  readonly agents: readonly string[];
}

/** Makes every key new; what is sealed is sealed for keys that hold 90 days from `since`. @throws DeviceError `keystore-exists` where a key or secret is there already: none is overwritten. */
export function makeDemoSet(set: DemoSet, random: Random, since: EpochSeconds): DemoSetFiles {
  const { directory, brokerUrl } = set;
  const cloud = join(directory, 'cloud');
  mkdirSync(cloud, { recursive: true, mode: 0o700 });
  const seed = random.bytes(32);
  writeNewPrivateFile(join(cloud, 'tenant-seed'), `${hex(seed)}\n`);
  const enrolments = set.devices.map(({ id, folder }) => enrolDevice(id, join(directory, folder), since, random));
  const tenant = enrolledTenant(seed, TENANT, enrolments, since);
  writeNewPrivateFile(join(cloud, 'enrolments.json'), json(enrolmentsFile({ since, devices: enrolments })));
  writeFileSync(join(directory, 'directory.json'), json(tenant.file));
  writeFileSync(join(directory, 'vocabulary.json'), json(shopVocabulary));
  const files = {
    cloud: join(cloud, 'cloud.yaml'),
    agents: set.devices.map(({ folder }) => join(directory, folder, 'agent.yaml')),
  };
  // The services log in under their own names, with this password; the name here stands for all of them.
  const lines = cloudYaml(brokerLines(brokerUrl, set.withPassword, 'cloud'));
  writeFileSync(files.cloud, `${lines}${listenLines('chain', set.chainPort)}${listenLines('desk', set.deskPort)}`);
  for (const [i, enrolment] of enrolments.entries()) {
    writeFileSync(
      files.agents[i] ?? '',
      `${agentYaml(brokerLines(brokerUrl, set.withPassword, enrolment.device), enrolment)}${auditLines(tenant, set.chainPort)}`,
    );
  }
  return files;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Keys are made on the device's side; the cloud's side gets the public halves. */
function enrolDevice(device: string, folder: string, since: EpochSeconds, random: Random): Enrolment {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const words = hex(random.bytes(24));
  const paymentToken = `token-${hex(random.bytes(16))}`;
  writeNewPrivateFile(join(folder, 'passphrase'), `${words}\n`);
  const by = { passphrase: utf8(words), machine: linuxMachineIdentity() };
  sealToken({ path: join(folder, 'payment-token.json'), token: paymentToken, random, ...by });
  const pathOf = (purpose: KeyPurpose) => join(folder, `${purpose}.key.json`);
  const make = (purpose: KeyPurpose) => createKey({ path: pathOf(purpose), purpose, random, ...by }).publicKey;
  const [framePublicKey, confirmationPublicKey, publicKey] = [make('agent'), make('confirmation'), make('recipient')];
  const frameKey = openKey({ path: pathOf('agent'), purpose: 'agent', ...by });
  const statement = { party: device, role: 'device', publicKey, ...recipientWindow(since) } as const;
  const recipientKey = signRecipientKey(statement, TENANT, frameKey);
  frameKey.destroy();
  return {
    device,
    framePublicKey,
    confirmationPublicKey,
    recipientKey,
    session: parseSessionId(hex(random.bytes(8))),
    agentId: `did:act:example.com/device-${device}`,
    paymentToken,
  };
}

function brokerLines(url: string, withPassword: boolean, username: string): string {
  const login = withPassword ? `  username: ${username}\n  passwordFile: broker-password\n` : '';
  return `broker:\n  url: ${url}\n  mqttVersion: "5"\n${login}`;
}

function agentYaml(broker: string, { device, agentId, session, account = device }: Enrolment): string {
  return `tenant: ${TENANT}
device:
  id: ${device}
  agentId: "${agentId}"
  principalId: "${principalOf(account)}"
  sessionHex: "${session}"
  locale: en-US
${broker}peers:
  trustFile: ../directory.json
keys:
  agentKeyFile: agent.key.json
  confirmationKeyFile: confirmation.key.json
  recipientKeyFile: recipient.key.json
  passphraseFile: passphrase
state:
  directory: state
purchase:
  currency: CNY
  orderCapMinor: 20000
  paymentTokenFile: payment-token.json
  location: { latE6: ${demoPlace.latE6}, lonE6: ${demoPlace.lonE6} }
voice:
  recognizer: typed
  vocabularyFile: ../vocabulary.json
button:
  kind: keyboard
`;
}

function cloudYaml(broker: string): string {
  return `tenant: ${TENANT}
${broker}peers:
  trustFile: ../directory.json
keys:
  tenantSeedFile: tenant-seed
  enrolmentsFile: enrolments.json
state:
  directory: state
`;
}

function listenLines(section: 'chain' | 'desk', port: number | undefined): string {
  return port === undefined ? '' : `${section}:\n  listen: 127.0.0.1:${port}\n`;
}

/** The same node, as a device has to know it. */
function auditLines(tenant: Pick<Tenant, 'tenant' | 'chainSeed'>, port: number | undefined): string {
  if (port === undefined) return '';
  const { name, publicKey } = chainSigner(tenant);
  return `audit:
  chainUrl: http://127.0.0.1:${port}
  chainName: ${name}
  chainKeyHex: "${hex(publicKey)}"
  privacyChannel: "${privacyChannelOf(tenant.tenant)}"
`;
}
