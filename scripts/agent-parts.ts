/** What a device's configuration leads to: everything that can be refused is read and checked before anything is opened or connected. */
import { readBrokerFiles } from '../device/adapters/broker-files.ts';
import { readDirectory, readVocabulary } from '../device/adapters/json-file.ts';
import { type OpenKey, openKey, openToken } from '../device/adapters/keystore.ts';
import type { BrokerAccess } from '../device/adapters/mqtt-transport.ts';
import type { SealedBy } from '../device/adapters/sealed-file.ts';
import type { AgentConfig } from '../device/config.ts';
import { delegationVoice } from '../device/delegation/voice.ts';
import { DeviceError, type DeviceSettings, type Directory } from '../device/index.ts';
import { hex, parseSessionId } from '../protocol/index.ts';
import { type AgentRecipient, openRecipient } from './agent-recipient.ts';
import { expectPaymentToken } from './payment-token.ts';
import { sealedUnder } from './sealing.ts';

/** ACT's identifier of the one payment method a device is bound to (CID-PCA-NEG). */
const PAYMENT_METHOD = 'urn:act:payment:alipay';

export interface AgentParts {
  readonly settings: DeviceSettings;
  readonly broker: BrokerAccess;
  /**
   * The device's frame key; the wearer's confirmation key, or where the signer is a device of its own, the key by which it
   * knows this host. Whoever is done with them destroys them.
   */
  readonly keys: { readonly agent: OpenKey; readonly signer: OpenKey };
  /** What opens the frames that are sealed for the device, now and after the next change of keys. */
  readonly recipient: AgentRecipient;
}

/**
 * @param isBound false for a device that is still to get its payment token; what it has for one then, no frame can carry.
 * @throws DeviceError `config-*` or `keystore-*`, naming the file at fault.
 */
export function readAgentParts(config: AgentConfig, { isBound = true } = {}): AgentParts {
  const by = sealedUnder(config.keys.passphraseFile);
  try {
    const unbound = settingsOf(config);
    const keys = openKeys(config, unbound, by);
    const token = isBound ? readPaymentToken(config.purchase.paymentTokenFile, by) : '';
    const settings = { ...unbound, paymentToken: token };
    const recipient = openRecipient(config, settings, by);
    return { settings, broker: readBrokerFiles(config.broker), keys, recipient };
  } finally {
    by.passphrase.fill(0);
  }
}

/** All but the payment token, which is sealed. */
type OpenSettings = Omit<DeviceSettings, 'paymentToken'>;

function settingsOf({ tenant, device, peers, purchase, voice }: AgentConfig): OpenSettings {
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
    paymentMethod: PAYMENT_METHOD,
    place: {
      latitudeE3: Math.round(purchase.location.latE6 / 1000),
      longitudeE3: Math.round(purchase.location.lonE6 / 1000),
    },
    vocabulary: readVocabulary(voice.vocabularyFile),
    ...(device.principalId !== undefined && {
      delegation: { principal: device.principalId, voice: delegationVoice },
    }),
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

function readPaymentToken(path: string, by: SealedBy): string {
  const token = openToken({ path, ...by });
  expectPaymentToken(token, path);
  return token;
}

/**
 * Both keys. Those that sign for others are found in the directory under this device: a key nobody knows would only produce
 * refused frames.
 */
function openKeys(config: AgentConfig, settings: OpenSettings, by: SealedBy): AgentParts['keys'] {
  const { keys, signer } = config;
  const agent = openKey({ path: keys.agentKeyFile, purpose: 'agent', ...by });
  expectEnrolled(agent, 'device', settings);
  if (signer.kind !== 'soft')
    return { agent, signer: openKey({ path: signer.pairingKeyFile, purpose: 'pairing', ...by }) };
  const confirmation = openKey({ path: keys.confirmationKeyFile ?? '', purpose: 'confirmation', ...by });
  expectEnrolled(confirmation, 'signer', settings);
  return { agent, signer: confirmation };
}

function expectEnrolled(key: OpenKey, role: 'device' | 'signer', { device, directory }: OpenSettings): void {
  const known = directory.keys.some(
    (one) => one.party === device && one.role === role && hex(one.kid) === hex(key.kid) && one.until === undefined,
  );
  if (known) return;
  const message = `the ${key.purpose} key ${hex(key.kid)} is not in the directory as ${role} ${device}, or was replaced`;
  throw new DeviceError('config-invalid', message, 'enrol the device, or take the directory again');
}
