/** What the journals of a finished or still running set of programs say, read from copies of the bytes on disk. */
import { existsSync, readFileSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Journal, journalName, readAttestations, type Transport } from '../../device/index.ts';
import { decodeRecord, type JournalRecord } from '../../device/journal-record.ts';
import {
  equalBytes,
  fromHex,
  fromUtf8,
  leafHash,
  type OpenFrame,
  openCheckpoint,
  openObject,
  peekFrame,
  type Receipt,
  rootOf,
} from '../../protocol/index.ts';
import { sealedUnder } from '../../scripts/sealing.ts';
import { readEnrolments } from '../../sim/cloud/enrolments.ts';
import { decodeRecord as decodeServiceRecord } from '../../sim/cloud/service-record.ts';
import { type Debit, enrolledTenant, startPsp, type Tenant, wearerAccount } from '../../sim/index.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { recordsIn, unsealedRecords } from '../helpers/journal-file.ts';
import { manualClock } from '../helpers/manual-clock.ts';

/** The records of a service's journal, which the simulated cloud does not seal. */
function recordsOf(path: string): readonly Uint8Array[] {
  return existsSync(path) ? recordsIn(readFileSync(path), path) : [];
}

/** What one of the sealed journals of a device holds, in the clear. */
export function sealedRecordsOf(
  agentYaml: string,
  name: 'device' | 'checkpoints' | 'words' | 'binding' | 'attestations',
): readonly Uint8Array[] {
  const folder = dirname(agentYaml);
  const path = join(folder, 'state', `${name}.journal`);
  return existsSync(path) ? unsealedRecords(path, name, () => sealedUnder(join(folder, 'passphrase'))) : [];
}

/** The journal of the device whose configuration this is. */
export function deviceRecords(agentYaml: string): readonly JournalRecord[] {
  return sealedRecordsOf(agentYaml, 'device').map(decodeRecord);
}

/** How many of its records the device itself knows to be in the chain; the chain knows it a moment before. */
export function anchoredRecords(agentYaml: string): number {
  const attested = readAttestations({ read: () => [...sealedRecordsOf(agentYaml, 'attestations')] });
  return [...attested.values()].filter(({ standing }) => standing.at === 'anchored').length;
}

/** How often each entry says that a purchase newly ended as it did. */
export function endings(agentYaml: string): readonly string[] {
  const ends = deviceRecords(agentYaml).map(({ purchases: { current } }) =>
    current.at === 'ended' ? `${current.outcome}: ${current.reason}` : '',
  );
  return ends.filter((end, i) => end !== '' && end !== ends[i - 1]);
}

/** Types and message ids of the frames that a service of this set has acted on, from one sender; not those about its journal. */
export function framesOf(
  set: string,
  service: string,
  sender: string,
): readonly { type: OpenFrame['type']; cti: string }[] {
  return recordsOf(join(set, 'cloud/state', `${service}.journal`)).flatMap((record) => {
    const { frame } = decodeServiceRecord(record);
    const head = frame && peekFrame(frame);
    return head?.iss === sender && head.type !== 'journal-checkpoint' ? [{ type: head.type, cti: head.cti }] : [];
  });
}

/** How many records of the device's journal its PSP has cosigned; fails where a checkpoint is not of this very journal. */
export function cosignedRecords(set: string, agentYaml: string, device: string): number {
  const { tenant, keys, witnessKeyOf } = tenantOf(set).directory;
  const key = keys.find(({ party, role }) => party === device && role === 'device');
  const witness = { name: journalName(tenant, 'psp'), publicKey: witnessKeyOf('psp') ?? new Uint8Array() };
  const leaves = sealedRecordsOf(agentYaml, 'device').map(leafHash);
  const sizes = sealedRecordsOf(agentYaml, 'checkpoints').map((note) => {
    const own = { name: journalName(tenant, device), publicKey: key?.publicKey ?? new Uint8Array() };
    const { size, root, cosignedAt } = openCheckpoint(fromUtf8(note), own);
    if (!equalBytes(root, rootOf(leaves.slice(0, size)))) throw new Error('a checkpoint of another journal');
    return cosignedAt(witness) === undefined ? 0 : size;
  });
  return Math.max(0, ...sizes);
}

/** Any time at which frames can be sealed: replay takes all times from the journal. */
const NOW_MS = 1_800_000_000_000;
const NOTHING_LEAVES: Transport = { start: () => {}, publish: () => {}, stop: (closed) => closed() };

/** Making a tenant means checking all its keys, so each set is read once. */
const tenants = new Map<string, Tenant>();

function tenantOf(set: string): Tenant {
  const known = tenants.get(set);
  if (known) return known;
  const file = (name: string) => readFileSync(join(set, 'cloud', name), 'utf8');
  const enrolments = readEnrolments(JSON.parse(file('enrolments.json')));
  if (enrolments === undefined) throw new Error('no enrolments');
  const seed = fromHex(file('tenant-seed').trim());
  const tenant = enrolledTenant(seed, 'demo', enrolments.devices, enrolments.since);
  tenants.set(set, tenant);
  return tenant;
}

/** What left a wearer's account: the PSP's journal, replayed by the PSP's own code as a restart would. */
export function debitsOf(set: string, device: string): readonly Debit[] {
  const records = [...recordsOf(join(set, 'cloud/state/psp.journal'))];
  const journal: Journal = { read: () => records, append: () => {}, close: () => {} };
  const parts = { clock: manualClock(NOW_MS), random: countingRandom('psp'), log: { write: () => {} } };
  const psp = startPsp(tenantOf(set), { ...parts, transport: NOTHING_LEAVES, journal });
  return psp.ledger.debits(wearerAccount(device));
}

/** The receipt with which a device's purchase ended, if it did, after the checks that anybody with the directory can make. */
export function receiptOf(set: string, agentYaml: string): Receipt | undefined {
  const current = deviceRecords(agentYaml).at(-1)?.purchases.current;
  if (current?.at !== 'ended' || current.paid === undefined) return undefined;
  const { tenant, trust } = tenantOf(set).directory;
  const { value, signer } = openObject('receipt', current.paid.receiptBytes, { trust, tenant });
  if (signer.party !== 'psp') throw new Error('signed by somebody else');
  return value;
}

/** Waits until `condition` holds; looked at whenever the file grows. */
export function grownUntil(path: string, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(path, look);
    function look(): void {
      if (!condition()) return;
      watcher.close();
      resolve();
    }
    look();
  });
}
