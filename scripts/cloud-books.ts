/** Who is enrolled with a simulated cloud, as its files have it; changed only while none of its services runs. */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../device/adapters/durable-file.ts';
import { type FileJournal, openFileJournal } from '../device/adapters/file-journal.ts';
import { readDirectory, readJson } from '../device/adapters/json-file.ts';
import type { CloudConfig } from '../device/config.ts';
import type { Directory, DirectoryFile, Random } from '../device/index.ts';
import {
  type EpochMs,
  type EpochSeconds,
  fromHex,
  hex,
  openRecipientKey,
  ProtocolError,
  secondsOf,
} from '../protocol/index.ts';
import { decodeRecord } from '../sim/cloud/service-record.ts';
import { type Enrolment, enrolledTenant, enrolmentsFile, type Tenant } from '../sim/index.ts';
import { readCloudSecrets } from './cloud-files.ts';

export interface CloudBooks {
  readonly directory: Directory;
  readonly devices: readonly Enrolment[];
  /** The first second that no service has acted in yet: what is replaced ends here, so that every journal still holds. */
  readonly nextSecond: EpochSeconds;
  /** Replaces the enrolments, and the directory accordingly. @throws as `enrolledTenant` for what cannot be enrolled. */
  write(devices: readonly Enrolment[]): void;
}

/**
 * Opens the files of a cloud for `use`; no service can start meanwhile.
 * @throws StoreError `store-locked` while one runs; DeviceError `config-*`, `keystore-*`.
 */
export function withCloudBooks<T>(
  config: CloudConfig,
  { now, random }: { readonly now: EpochMs; readonly random: Random },
  use: (books: CloudBooks) => T,
): T {
  const { keys, peers, state } = config;
  const { seed, enrolments } = readCloudSecrets(keys);
  const tenant = enrolledTenant(seed, config.tenant, enrolments.devices, enrolments.since);
  const paths = partiesOf(tenant).map((party) => join(state.directory, `${party}.journal`));
  const journals: FileJournal[] = [];
  try {
    for (const path of paths.filter((one) => existsSync(one))) journals.push(openFileJournal(path, random));
    const last = journals
      .map((journal) => journal.read().at(-1))
      .map((record) => (record ? decodeRecord(record).at : now));
    return use({
      directory: readDirectory(peers.trustFile),
      devices: enrolments.devices,
      nextSecond: (secondsOf(Math.max(now, ...last) as EpochMs) + 1) as EpochSeconds,
      write(devices) {
        const next = enrolledTenant(seed, config.tenant, devices, enrolments.since);
        writeDurably(keys.enrolmentsFile, json(enrolmentsFile({ since: enrolments.since, devices })));
        const file = {
          ...next.file,
          recipientKeysHex: recipientKeysFor(next, readJson(peers.trustFile) as DirectoryFile),
        };
        writeFileSync(`${peers.trustFile}.new`, json(file));
        renameSync(`${peers.trustFile}.new`, peers.trustFile);
      },
    });
  } finally {
    for (const journal of journals) journal.close();
  }
}

function partiesOf({ agent, psp, merchants, counterparts }: Tenant): readonly string[] {
  return [agent, psp, ...merchants, ...counterparts].map(({ party }) => party);
}

/** Those of the enrolments, and what was published since under keys that are still good. */
function recipientKeysFor({ tenant, file, directory }: Tenant, before: DirectoryFile): readonly string[] {
  const first = file.recipientKeysHex ?? [];
  const known = new Set(first.map((statement) => kidOf(statement, directory, tenant)));
  const later = (before.recipientKeysHex ?? []).filter((statement) => {
    const kid = kidOf(statement, directory, tenant);
    return kid !== undefined && !known.has(kid);
  });
  return [...first, ...later];
}

function kidOf(statement: string, { trust }: Directory, tenant: string): string | undefined {
  try {
    return hex(openRecipientKey(fromHex(statement), { trust, tenant }).kid);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
