/** The device's recipient keys on disk: the one from its enrolment, those that followed it, and what the others published. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openRecipientSeed } from '../device/adapters/keystore.ts';
import { openStoreKey, recipientKeyDirectory, statementFile } from '../device/adapters/recipient-keys.ts';
import type { SealedBy } from '../device/adapters/sealed-file.ts';
import { systemRandom } from '../device/adapters/system-random.ts';
import type { AgentConfig } from '../device/config.ts';
import { DeviceError, type DeviceSettings, type SealedTransportParts } from '../device/index.ts';
import { hex, type RecipientPrivateKey } from '../protocol/index.ts';

export type AgentRecipient = Pick<SealedTransportParts, 'enrolled' | 'stores' | 'windowS'>;

/** @throws DeviceError `keystore-*`, `config-invalid`. */
export function openRecipient({ keys, state }: AgentConfig, settings: DeviceSettings, by: SealedBy): AgentRecipient {
  const path = join(state.directory, 'recipient-keys');
  // Once it has ended the first key is erased; from the first change of keys on there is a directory of its successors.
  const isGone = !existsSync(keys.recipientKeyFile) && existsSync(path);
  const first = isGone ? undefined : openRecipientSeed({ path: keys.recipientKeyFile, ...by });
  const random = systemRandom();
  const storeKey = openStoreKey(path, by, random);
  const file = first && { path: keys.recipientKeyFile, kid: first.kid };
  return {
    enrolled: first && withWindow(first, settings),
    stores: {
      own: recipientKeyDirectory({ path, storeKey, enrolled: file, random }),
      statements: statementFile(join(state.directory, 'recipients.json')),
    },
    windowS: keys.recipientKeyWindowSeconds,
  };
}

/** With the window that its statement in the directory gives it. */
function withWindow(key: RecipientPrivateKey, { device, directory }: DeviceSettings): AgentRecipient['enrolled'] {
  const published = directory.recipients.find({ party: device, role: 'device' }, key.kid);
  if (published) return { key, notBefore: published.notBefore, notAfter: published.notAfter };
  const message = `the recipient key ${hex(key.kid)} is not in the directory for ${device}`;
  throw new DeviceError('config-invalid', message, 'enrol the device, or take the directory again');
}
