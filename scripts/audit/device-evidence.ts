/** What a device keeps of its purchases, read for whoever is to judge or show it. The agent must not run meanwhile. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSecretFile } from '../../device/adapters/config-file.ts';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { type Attested, readAttestations } from '../../device/audit/attestations.ts';
import type { BundleSources } from '../../device/audit/bundle-collect.ts';
import { witnessOf } from '../../device/audit/journal-keys.ts';
import type { AgentConfig } from '../../device/config.ts';
import type { Directory } from '../../device/index.ts';
import { fromHex, fromUtf8, type NoteKey } from '../../protocol/index.ts';
import { CommandError } from '../command.ts';
import { readStateJournals } from '../state-journals.ts';

/** Files to read in place of those in the state directory: copies that were put away. They must lie in a directory of their own. */
export interface Copies {
  readonly device?: string;
  readonly checkpoints?: string;
}

/**
 * Reads the three journals, those that there are.
 * @throws StoreError `store-*`; DeviceError `keystore-*`, `config-*`; CommandError `audit-nothing` without a journal.
 */
export function readEvidence(config: AgentConfig, copies: Copies = {}): BundleSources {
  const { device } = config;
  const directory = readDirectory(config.peers.trustFile);
  const chain = chainOf(config);
  const journal = copies.device ?? join(config.state.directory, 'device.journal');
  if (!existsSync(journal))
    throw new CommandError('audit-nothing', `there is no journal ${journal}`, 'run the agent first');
  const records = readStateJournals(config, ['device', 'attestations', 'checkpoints'], copies);
  return {
    device: { party: device.id, agentId: device.agentId, directory },
    entries: records.device,
    attested: attestedIn(records.attestations),
    checkpoints: records.checkpoints.map(fromUtf8),
    witnesses: witnessesOf(directory),
    ...(chain && { chain }),
  };
}

function attestedIn(records: readonly Uint8Array[]): readonly Attested[] {
  return [...readAttestations({ read: () => [...records] }).values()];
}

/** The PSPs of a tenant watch over the journals of its devices, each with a key for nothing else. */
export function witnessesOf(directory: Directory): readonly NoteKey[] {
  return directory.partiesOf('psp').flatMap((party) => witnessOf(directory, party) ?? []);
}

function chainOf({ audit }: AgentConfig): NoteKey | undefined {
  if (!audit) return undefined;
  const { chainName, chainKeyHex, chainKeyFile } = audit;
  const keyHex = chainKeyHex ?? (chainKeyFile === undefined ? '' : fromUtf8(readSecretFile(chainKeyFile)).trim());
  if (!/^[0-9a-f]{64}$/.test(keyHex))
    throw new CommandError('config-invalid', 'audit.chainKeyFile holds no key', 'put 64 hex digits into it');
  return { name: chainName, publicKey: fromHex(keyHex) };
}
