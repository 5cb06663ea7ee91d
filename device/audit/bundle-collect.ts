/** Puts together what is handed out of one order: its objects, its records with their proofs, the keys to check them with. */

import { AttestationRecord } from '../../protocol/act/attestation.ts';
import {
  type EpochSeconds,
  type EventType,
  hex,
  type Id16,
  inclusionProof,
  leafHash,
  type NoteKey,
  OBJECTS,
  parseSign1,
  toJson,
  writeJson,
} from '../../protocol/index.ts';
import type { Directory } from '../directory.ts';
import type { Attested } from './attestations.ts';
import type { Bundle, BundleKey, BundleObject, BundleRecord } from './bundle.ts';
import type { OrderFound } from './bundle-sources.ts';
import { openedOwn } from './history.ts';
import { journalKeysOf } from './journal-keys.ts';
import { keptObject } from './kept-object.ts';
import { recordIdOfLeaf } from './reported.ts';

/** What a device has, and under which names it is known. */
export interface BundleSources {
  readonly device: { readonly party: string; readonly agentId: string; readonly directory: Directory };
  /** The journal's entries of all generations, in order. */
  readonly entries: readonly Uint8Array[];
  readonly attested: readonly Attested[];
  /** Of the journal, oldest first, some of them with a witness's line. */
  readonly checkpoints: readonly string[];
  readonly witnesses: readonly NoteKey[];
  readonly chain?: NoteKey;
}

/** An event of one type in one entry of the journal; more than this many are never in one. */
const MAX_NTH = 8;

export function collectBundle(sources: BundleSources, found: OrderFound, exportedAt: EpochSeconds): Bundle {
  const { device, attested } = sources;
  const own = attested.filter(({ record }) => isOf(record, found));
  const notes = new Notes(sources);
  const leaves = sources.entries.map(leafHash);
  const records = own.map((one) => recordItem(one, notes, leaves));
  return {
    header: {
      ...{ version: 1, tenant: device.directory.tenant, device: device.party, exportedAt },
      ...{ intentId: found.intentId, orderNo: found.orderNo },
      ...(found.delegationId !== undefined && { delegationId: found.delegationId }),
    },
    keys: keysFor(sources, found.objects, notes),
    objects: found.objects,
    notes: notes.all,
    records,
  };
}

/** All records with their anchors, as they would stand in a bundle, and the keys for them; the journal is judged as a whole. */
export function collectRecords(sources: BundleSources): Pick<Bundle, 'records' | 'notes' | 'keys'> {
  const notes = new Notes({ ...sources, checkpoints: [] });
  const records = sources.attested.map((one) => recordItem(one, notes, []));
  return { records, notes: notes.all, keys: keysFor(sources, [], notes) };
}

function isOf({ intentId, orderNo, delegationId }: AttestationRecord, found: OrderFound): boolean {
  return (
    intentId === found.intentId &&
    (orderNo ?? found.orderNo) === found.orderNo &&
    (delegationId ?? found.delegationId) === found.delegationId
  );
}

/** The notes that the proofs of a bundle lead to, each once. */
class Notes {
  readonly all: string[] = [];
  /** The newest checkpoint of the journal that a witness has signed; without one the newest of all. */
  readonly journal: (Head & { readonly index: number }) | undefined;

  constructor({ checkpoints, witnesses, device }: BundleSources) {
    const own = journalKeysOf(device.directory, device.party);
    const heads = checkpoints.flatMap((note) => headOf(note, own, witnesses) ?? []);
    const newest = heads.findLast(({ isCosigned }) => isCosigned) ?? heads.at(-1);
    if (newest) this.journal = { ...newest, index: this.indexOf(newest.note) };
  }

  indexOf(note: string): number {
    const at = this.all.indexOf(note);
    return at >= 0 ? at : this.all.push(note) - 1;
  }
}

interface Head {
  readonly note: string;
  readonly size: number;
  /** The one of the device's keys that signed it. */
  readonly key: NoteKey;
  readonly isCosigned: boolean;
}

function headOf(note: string, own: readonly NoteKey[], witnesses: readonly NoteKey[]): Head | undefined {
  for (const key of own) {
    const head = openedOwn(note, [key]);
    if (!head) continue;
    const isCosigned = witnesses.some((witness) => head.cosignedAt(witness) !== undefined);
    return { note, size: head.size, key, isCosigned };
  }
  return undefined;
}

function recordItem({ record, anchor, standing }: Attested, notes: Notes, leaves: readonly Uint8Array[]): BundleRecord {
  const { recordId, eventType } = record;
  const shown = notes.journal && journalPlace(recordId, eventType, leaves.slice(0, notes.journal.size));
  return {
    ...{ recordId, eventType, anchor, json: writeJson(toJson(AttestationRecord, record, 'record')) },
    ...(standing.at === 'anchored' && {
      place: {
        ...{ position: standing.position, note: notes.indexOf(standing.proof.checkpoint) },
        proof: standing.proof.hashes,
      },
    }),
    ...(shown && { journal: { ...shown, note: notes.journal?.index ?? 0 } }),
  };
}

/** Where the entry that a record is of stands in the tree: its id follows from the entry. */
function journalPlace(recordId: Id16, eventType: EventType, leaves: readonly Uint8Array[]) {
  for (let nth = 0; nth < MAX_NTH; nth++) {
    const index = leaves.findIndex((leaf) => recordIdOfLeaf(leaf, eventType, nth) === recordId);
    const leaf = leaves[index];
    if (leaf) return { leaf, index, proof: inclusionProof(leaves, index), ...(nth > 0 && { nth }) };
  }
  return undefined;
}

function keysFor(sources: BundleSources, objects: readonly BundleObject[], notes: Notes): readonly BundleKey[] {
  const { device, witnesses, chain } = sources;
  const { directory, party, agentId } = device;
  const kids = new Set(objects.flatMap(({ typ, bytes }) => kidsIn(typ, bytes)));
  const signers = directory.keys
    .filter((key) => key.use === 'object' && kids.has(hex(key.kid)))
    .map(({ party: id, role, publicKey, until }) => {
      return { id, purpose: 'object' as const, publicKey, role, ...(until !== undefined && { until }) };
    });
  const agents = directory.keys
    .filter((key) => key.party === party && key.role === 'device' && key.use === 'frame')
    .map(({ publicKey, until }) => {
      return { id: agentId, purpose: 'record' as const, publicKey, ...(until !== undefined && { until }) };
    });
  const note = (purpose: BundleKey['purpose'], { name, publicKey }: NoteKey) => ({ id: name, purpose, publicKey });
  return [
    ...[...signers, ...agents],
    ...(notes.journal ? [note('journal', notes.journal.key), ...witnesses.map((one) => note('witness', one))] : []),
    ...(chain ? [note('chain', chain)] : []),
  ];
}

/** Whose signatures are on an object, and on the authorization that a request carries. */
function kidsIn(typ: number, bytes: Uint8Array): readonly string[] {
  const type = REQUESTS.find((one) => OBJECTS[one].typ === typ);
  const inner = type && keptObject(type, bytes).value.iac;
  return [bytes, ...(inner ? [inner] : [])].map((signed) => hex(parseSign1(signed).header.kid));
}

const REQUESTS = ['delegated-pay-request', 'autonomous-pay-request'] as const;
