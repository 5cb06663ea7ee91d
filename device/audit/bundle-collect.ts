/** Puts together what is handed out of one order: its objects, its records with their proofs, the keys to check them with. */

import { AttestationRecord } from '../../protocol/act/attestation.ts';
import {
  type EpochSeconds,
  type EventType,
  hex,
  type Id16,
  leafHash,
  type NoteKey,
  OBJECTS,
  parseSign1,
  toJson,
  writeJson,
} from '../../protocol/index.ts';
import type { Directory } from '../directory.ts';
import { baseOf } from '../journal-record.ts';
import type { Attested } from './attestations.ts';
import type { Bundle, BundleKey, BundleObject, BundlePayment, BundleRecord } from './bundle.ts';
import { withinRoom } from './bundle-room.ts';
import type { OrderFound } from './bundle-sources.ts';
import { openedOwn } from './history.ts';
import { journalKeysOf } from './journal-keys.ts';
import { JournalTree } from './journal-tree.ts';
import { keptObject } from './kept-object.ts';
import { recordIdOfLeaf } from './reported.ts';

/** What a device has, and under which names it is known. */
export interface BundleSources {
  readonly device: { readonly party: string; readonly agentId: string; readonly directory: Directory };
  /** The journal's entries, in order, of all generations that are there: of older ones nobody needs to have kept any. */
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
  const records = own.map((one) => recordItem(one, notes));
  const objects = found.objects.filter((object) => !isOldWord(object, device.directory));
  const whole: Bundle = {
    header: {
      ...{ version: 1, tenant: device.directory.tenant, device: device.party, exportedAt },
      ...{ intentId: found.intentId, orderNo: found.orderNo },
      ...(found.delegationId !== undefined && { delegationId: found.delegationId }),
    },
    keys: keysFor(sources, [...objects, ...found.payments.flatMap(objectsOf)], notes),
    objects,
    notes: notes.all,
    records,
    payments: found.payments,
  };
  return withinRoom(whole, found.receipt.paidAt);
}

/** All records with their anchors, as they would stand in a bundle, and the keys for them; the journal is judged as a whole. */
export function collectRecords(sources: BundleSources): Pick<Bundle, 'records' | 'notes' | 'keys'> {
  const notes = new Notes({ ...sources, entries: [], checkpoints: [] });
  const records = sources.attested.map((one) => recordItem(one, notes));
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
  readonly #tree: JournalTree;
  readonly #leaves: readonly Uint8Array[];

  constructor({ entries, checkpoints, witnesses, device }: BundleSources) {
    // Where older generations were moved away, entries are counted, and proved, from where the journal goes on (T26).
    this.#tree = new JournalTree(baseOf(entries[0]));
    for (const entry of entries) this.#tree.append(entry);
    this.#leaves = entries.map(leafHash);
    const own = journalKeysOf(device.directory, device.party);
    const heads = checkpoints.flatMap((note) => headOf(note, own, witnesses) ?? []);
    const able = heads.filter(({ size }) => size > this.#tree.base.size && size <= this.#tree.size);
    const newest = able.findLast(({ isCosigned }) => isCosigned) ?? able.at(-1);
    if (newest) this.journal = { ...newest, index: this.indexOf(newest.note) };
  }

  /** Where the entry that a record is of stands in the tree: its id follows from the entry. */
  placeOf(recordId: Id16, eventType: EventType) {
    if (!this.journal) return undefined;
    const { size, index: note } = this.journal;
    const leaves = this.#leaves.slice(0, size - this.#tree.base.size);
    for (let nth = 0; nth < MAX_NTH; nth++) {
      const at = leaves.findIndex((leaf) => recordIdOfLeaf(leaf, eventType, nth) === recordId);
      const [leaf, index] = [leaves[at], this.#tree.base.size + at];
      if (leaf) return { leaf, index, note, proof: this.#tree.inclusionOf(index, size), ...(nth > 0 && { nth }) };
    }
    return undefined;
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

function recordItem({ record, anchor, standing }: Attested, notes: Notes): BundleRecord {
  const { recordId, eventType } = record;
  const journal = notes.placeOf(recordId, eventType);
  return {
    ...{ recordId, eventType, anchor, json: writeJson(toJson(AttestationRecord, record, 'record')) },
    ...(standing.at === 'anchored' && {
      place: {
        ...{ position: standing.position, note: notes.indexOf(standing.proof.checkpoint) },
        proof: standing.proof.hashes,
      },
    }),
    ...(journal && { journal }),
  };
}

/** A status is dated by nobody but its signer: under a key that was replaced it is believed by nobody, and shows nothing. */
function isOldWord({ typ, bytes }: BundleObject, { keys }: Directory): boolean {
  if (typ !== OBJECTS['delegation-status'].typ) return false;
  const kid = hex(parseSign1(bytes).header.kid);
  return !keys.some((key) => hex(key.kid) === kid && key.until === undefined);
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

function objectsOf({ receipt, request }: BundlePayment): readonly BundleObject[] {
  return [
    { typ: OBJECTS.receipt.typ, bytes: receipt },
    { typ: parseSign1(request).header.typ, bytes: request },
  ];
}

/** Whose signatures are on an object, and on the authorization that a request carries. */
function kidsIn(typ: number, bytes: Uint8Array): readonly string[] {
  const type = REQUESTS.find((one) => OBJECTS[one].typ === typ);
  const inner = type && keptObject(type, bytes).value.iac;
  return [bytes, ...(inner ? [inner] : [])].map((signed) => hex(parseSign1(signed).header.kid));
}

const REQUESTS = ['delegated-pay-request', 'autonomous-pay-request'] as const;
