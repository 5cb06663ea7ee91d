/** The secret files of a simulated cloud. */
import { statSync } from 'node:fs';
import { readSecretFile } from '../device/adapters/config-file.ts';
import { readJson } from '../device/adapters/json-file.ts';
import type { CloudConfig } from '../device/config.ts';
import { DeviceError } from '../device/index.ts';
import { fromHex } from '../protocol/index.ts';
import { type Enrolments, readEnrolments } from '../sim/index.ts';

const REMAKE = 'make it with `act-edge keys demo-set`';

/** Whoever has the seed has every key of the services. */
export interface CloudSecrets {
  readonly seed: Uint8Array;
  readonly enrolments: Enrolments;
}

/** @throws DeviceError `config-unreadable`, `config-invalid`, `keystore-permissions`. */
export function readCloudSecrets({ tenantSeedFile, enrolmentsFile }: CloudConfig['keys']): CloudSecrets {
  const seed = seedIn(tenantSeedFile);
  const enrolments = readEnrolments(readJson(enrolmentsFile));
  if (enrolments === undefined)
    throw new DeviceError('config-invalid', `${enrolmentsFile} holds no enrolments`, REMAKE);
  // The payment tokens in it are secrets (T19).
  if ((statSync(enrolmentsFile).mode & 0o077) !== 0) {
    const message = `${enrolmentsFile} can be read or changed by others`;
    throw new DeviceError('keystore-permissions', message, `run: chmod 600 ${enrolmentsFile}`);
  }
  return { seed, enrolments };
}

function seedIn(path: string): Uint8Array {
  const text = new TextDecoder().decode(readSecretFile(path));
  if (/^[0-9a-f]{64}$/.test(text)) return fromHex(text);
  throw new DeviceError('config-invalid', `${path} holds no seed`, REMAKE);
}
