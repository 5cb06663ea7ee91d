/** A simulated device's audit: its journal with a disk for checkpoints, and the PSP as its witness. */

import { DeviceAudit, journalName, noteSigner } from '../device/audit/device-audit.ts';
import type { Clock, Journal, Log, Random } from '../device/index.ts';
import { softSigningKey } from '../protocol/index.ts';
import type { DeviceSecrets, Tenant } from './cloud/index.ts';

export interface WorldAuditParts {
  readonly journal: Journal;
  readonly checkpoints: Journal;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export function worldAudit({ tenant, psp, directory }: Tenant, device: DeviceSecrets, parts: WorldAuditParts) {
  const publicKey = directory.witnessKeyOf(psp.party);
  return new DeviceAudit({
    ...parts,
    signer: noteSigner(tenant, device.device, softSigningKey(device.frameSeed)),
    ...(publicKey && { witness: { name: journalName(tenant, psp.party), publicKey } }),
  });
}
