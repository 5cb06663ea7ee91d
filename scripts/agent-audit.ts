/** What holds a device's journal to what was signed for: its frame key, and the PSP of its directory as the witness. */
import { DeviceAudit, journalName, noteSigner } from '../device/audit/device-audit.ts';
import type { Clock, DeviceSettings, Journal, Log, Random } from '../device/index.ts';
import type { NoteKey } from '../protocol/index.ts';
import type { AgentParts } from './agent-parts.ts';

interface AuditJournals {
  readonly device: Journal;
  readonly checkpoints: Journal;
}

interface AuditPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** @throws StoreError as the journals do. */
export function openAudit(
  { settings, keys }: Pick<AgentParts, 'settings' | 'keys'>,
  { device: journal, checkpoints }: AuditJournals,
  ports: AuditPorts,
): DeviceAudit {
  const { directory, device, psp } = settings;
  const publicKey = directory.witnessKeyOf(psp);
  return new DeviceAudit({
    ...{ ...ports, journal, checkpoints },
    signer: noteSigner(directory.tenant, device, keys.agent),
    formerKeys: formerKeysOf(settings),
    ...(publicKey && { witness: { name: journalName(directory.tenant, psp), publicKey } }),
  });
}

/** The frame keys that this device signed with before: what it signed then still counts. */
function formerKeysOf({ directory, device }: Pick<DeviceSettings, 'directory' | 'device'>): readonly NoteKey[] {
  return directory.keys
    .filter(({ party, role, until }) => party === device && role === 'device' && until !== undefined)
    .map(({ publicKey }) => ({ name: journalName(directory.tenant, device), publicKey }));
}
