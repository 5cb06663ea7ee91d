/** What a device's configuration leads to: everything that can be refused is read and checked before anything is opened or connected. */
import { readBrokerFiles } from '../device/adapters/broker-files.ts';
import { readSecretFile } from '../device/adapters/config-file.ts';
import { readDirectory, readVocabulary } from '../device/adapters/json-file.ts';
import { type OpenKey, openKey, openRecipientSeed } from '../device/adapters/keystore.ts';
import type { BrokerAccess } from '../device/adapters/mqtt-transport.ts';
import type { AgentConfig } from '../device/config.ts';
import { DeviceError, type DeviceSettings, type Directory } from '../device/index.ts';
import { paymentToken } from '../protocol/ids.ts';
import { hex, type OwnRecipientKey, ProtocolError, parseSessionId } from '../protocol/index.ts';

/** ACT's identifier of the one payment method a device is bound to (CID-PCA-NEG). */
const PAYMENT_METHOD = 'urn:act:payment:alipay';

export interface AgentParts {
  readonly settings: DeviceSettings;
  readonly broker: BrokerAccess;
  /** The device's frame key and the wearer's confirmation key. Whoever is done with them destroys them. */
  readonly keys: { readonly agent: OpenKey; readonly confirmation: OpenKey };
  /** What opens the frames that are sealed for the device. */
  readonly recipientKeys: readonly OwnRecipientKey[];
}

/** @throws DeviceError `config-*` or `keystore-*`, naming the file at fault. */
export function readAgentParts(config: AgentConfig): AgentParts {
  const settings = settingsOf(config);
  const passphrase = readSecretFile(config.keys.passphraseFile);
  try {
    const keys = openKeys(config, settings, passphrase);
    const recipientKeys = openRecipientKeys(config, settings, passphrase);
    return { settings, broker: readBrokerFiles(config.broker), keys, recipientKeys };
  } finally {
    passphrase.fill(0);
  }
}

/** The device's own recipient key, with the end that its statement in the directory gives it. */
function openRecipientKeys(
  { keys }: AgentConfig,
  { device, directory }: DeviceSettings,
  passphrase: Uint8Array,
): AgentParts['recipientKeys'] {
  const key = openRecipientSeed({ path: keys.recipientKeyFile, passphrase });
  const published = directory.recipients.find({ party: device, role: 'device' }, key.kid);
  if (published) return [{ key, notAfter: published.notAfter }];
  const message = `the recipient key ${hex(key.kid)} is not in the directory for ${device}`;
  throw new DeviceError('config-invalid', message, 'enrol the device, or take the directory again');
}

function settingsOf({ tenant, device, peers, purchase, voice }: AgentConfig): DeviceSettings {
  const directory = readDirectory(peers.trustFile);
  if (directory.tenant !== tenant) {
    const hint = 'correct tenant in the configuration, or take the directory of that tenant';
    throw new DeviceError(
      'config-invalid',
      `${peers.trustFile} is of the tenant ${directory.tenant}, not ${tenant}`,
      hint,
    );
  }
  return {
    device: device.id,
    agentId: device.agentId,
    session: parseSessionId(device.sessionHex),
    locale: device.locale,
    directory,
    agent: only(directory, 'agent', peers.trustFile),
    psp: only(directory, 'psp', peers.trustFile),
    currency: purchase.currency,
    orderCapMinor: purchase.orderCapMinor,
    paymentToken: readPaymentToken(purchase.paymentTokenFile),
    paymentMethod: PAYMENT_METHOD,
    place: {
      latitudeE3: Math.round(purchase.location.latE6 / 1000),
      longitudeE3: Math.round(purchase.location.lonE6 / 1000),
    },
    vocabulary: readVocabulary(voice.vocabularyFile),
  };
}

/** The one party of a role; a device is enrolled with one agent and one PSP. */
function only(directory: Directory, role: 'agent' | 'psp', path: string): string {
  const parties = directory.partiesOf(role);
  const [party] = parties;
  if (party !== undefined && parties.length === 1) return party;
  const message = `${path} names ${parties.length} parties in the role ${role}; it takes exactly one`;
  throw new DeviceError('config-invalid', message, 'take the file again from where it was made');
}

/** A token that no frame can carry is found out here and not in the middle of a purchase. */
function readPaymentToken(path: string): string {
  const token = new TextDecoder().decode(readSecretFile(path));
  try {
    paymentToken.encode(token, 'paymentToken');
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new DeviceError('config-invalid', `${path} holds no payment token`, 'take the token again from the PSP');
  }
  return token;
}

/** Both keys, opened and found in the directory under this device: a key nobody knows would only produce refused frames. */
function openKeys(
  { keys }: AgentConfig,
  { device, directory }: DeviceSettings,
  passphrase: Uint8Array,
): AgentParts['keys'] {
  const agent = openKey({ path: keys.agentKeyFile, purpose: 'agent', passphrase });
  const confirmation = openKey({ path: keys.confirmationKeyFile, purpose: 'confirmation', passphrase });
  for (const [key, role] of [
    [agent, 'device'],
    [confirmation, 'signer'],
  ] as const) {
    const known = directory.keys.some(
      (one) => one.party === device && one.role === role && hex(one.kid) === hex(key.kid),
    );
    if (known) continue;
    const message = `the ${key.purpose} key ${hex(key.kid)} is not in the directory as ${role} ${device}`;
    throw new DeviceError('config-invalid', message, 'enrol the device, or take the directory again');
  }
  return { agent, confirmation };
}
