/**
 * The store of a party's own records and of what became of their anchors. It is the queue, too: what is not anchored yet is
 * read from here, however long the trust chain is away.
 *
 * One entry is one JSON text in UTF-8: `{v, record, anchor}` with the record in ACT's JSON and the anchor as JWS Compact;
 * `{v, anchored, position, checkpoint, proof}`; `{v, refused, code}`; `{v, fault, checkpoints}`. A later generation begins
 * with `{v, made}` and `{v, linked}`, which tell of records in the archive (attestation-closing.ts).
 */
import {
  AttestationRecord,
  base64url,
  fromBase64url,
  fromJson,
  fromUtf8,
  type Id16,
  type JsonObject,
  type JsonValue,
  ProtocolError,
  parseJson,
  toJson,
  utf8,
  writeJson,
} from '../../protocol/index.ts';
import { isJsonObject } from '../../protocol/json.ts';
import { StoreError } from '../errors.ts';
import type { ChainFault, InclusionProof, Journal } from '../ports.ts';
import type { Linked } from './lineage.ts';

/** Raised when a reader of the previous version could misread an entry. */
const VERSION = 1;

/** What became of a record's anchor. */
export type AnchorStanding =
  | { readonly at: 'pending' }
  | { readonly at: 'anchored'; readonly position: number; readonly proof: InclusionProof }
  | { readonly at: 'refused'; readonly code: string };

/** A record, its anchor as it was or will be submitted, and where that stands. */
export interface Attested {
  readonly record: AttestationRecord;
  readonly anchor: string;
  readonly standing: AnchorStanding;
}

export type AttestationEntry =
  | { readonly kind: 'record'; readonly record: AttestationRecord; readonly anchor: string }
  | {
      readonly kind: 'anchored';
      readonly recordId: Id16;
      readonly position: number;
      readonly proof: InclusionProof;
    }
  | { readonly kind: 'refused'; readonly recordId: Id16; readonly code: string }
  /** Of records in the archive: which there are. */
  | { readonly kind: 'made'; readonly ids: readonly Id16[] }
  /** Of records in the archive: what a later one is linked by. */
  | { readonly kind: 'linked'; readonly links: readonly (Linked & { readonly recordId: Id16 })[] }
  /** The node was found lying: the heads that show it. */
  | { readonly kind: 'fault'; readonly fault: ChainFault; readonly checkpoints: readonly string[] };

/** What is judged of a store: all but what is carried over. */
export type JudgedEntry = Exclude<AttestationEntry, { kind: 'made' | 'linked' }>;

export function encodeAttestation(entry: AttestationEntry): Uint8Array {
  return utf8(writeJson({ v: VERSION, ...bodyOf(entry) }));
}

function bodyOf(entry: AttestationEntry): JsonObject {
  switch (entry.kind) {
    case 'record':
      return { record: toJson(AttestationRecord, entry.record, 'record'), anchor: entry.anchor };
    case 'anchored': {
      const { recordId, position, proof } = entry;
      return { anchored: recordId, position, checkpoint: proof.checkpoint, proof: proof.hashes.map(base64url) };
    }
    case 'refused':
      return { refused: entry.recordId, code: entry.code };
    case 'fault':
      return { fault: entry.fault, checkpoints: entry.checkpoints };
    case 'made':
      return { made: entry.ids };
    case 'linked':
      return { linked: entry.links.map(linkedJson) };
  }
}

/** As the record itself names them. */
function linkedJson({ recordId, eventType, intentId, delegationId, orderNo }: Linked & { recordId: Id16 }): JsonObject {
  return {
    ...{ record_id: recordId, event_type: eventType, intent_id: intentId },
    ...(delegationId !== undefined && { delegation_id: delegationId }),
    ...(orderNo !== undefined && { out_trade_no: orderNo }),
  };
}

/** @throws StoreError `store-version` for an entry of another version, `store-altered` for one that cannot be read. */
export function decodeAttestation(bytes: Uint8Array): JudgedEntry {
  const json = versioned(bytes);
  return readable(() => entryOf(json));
}

function versioned(bytes: Uint8Array): JsonObject {
  const json = readEntry(bytes);
  if (json.v !== VERSION)
    throw new StoreError('store-version', 'an attestation has another version', 'start the release that wrote it');
  return json;
}

/** What is carried over tells a reporter of records in the archive; whoever judges records reads those themselves. */
function isCarried({ made, linked }: JsonObject): boolean {
  return made !== undefined || linked !== undefined;
}

function readEntry(bytes: Uint8Array): JsonObject {
  return readable(() => {
    const json = parseJson(fromUtf8(bytes));
    return isJsonObject(json) ? json : undefined;
  });
}

function readable<T>(read: () => T | undefined): T {
  try {
    const found = read();
    if (found !== undefined) return found;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  throw new StoreError('store-altered', 'an attestation cannot be read', 'keep the file and report it');
}

/** The store is this party's own and checks its bytes itself, so only the record is judged as it would be from outside. */
function entryOf(json: JsonObject): JudgedEntry | undefined {
  if (json.record !== undefined) {
    const record = fromJson(AttestationRecord, json.record, 'record');
    return { kind: 'record', record, anchor: json.anchor as string };
  }
  if (json.anchored !== undefined) {
    const hashes = (json.proof as readonly JsonValue[]).map((hash) => fromBase64url(hash as string));
    const proof = { checkpoint: json.checkpoint as string, hashes };
    return { kind: 'anchored', recordId: json.anchored as Id16, position: json.position as number, proof };
  }
  if (json.refused !== undefined) return { kind: 'refused', recordId: json.refused as Id16, code: json.code as string };
  if (json.fault !== undefined)
    return { kind: 'fault', fault: json.fault as ChainFault, checkpoints: json.checkpoints as readonly string[] };
  return undefined;
}

/** Everything a store says, by record id, oldest first. @throws StoreError as {@link decodeAttestation}. */
export function readAttestations(store: Pick<Journal, 'read'>): ReadonlyMap<Id16, Attested> {
  const attested = new Map<Id16, Attested>();
  for (const bytes of store.read()) {
    const json = versioned(bytes);
    if (isCarried(json)) continue;
    const entry = readable(() => entryOf(json));
    if (entry.kind === 'record')
      attested.set(entry.record.recordId, { record: entry.record, anchor: entry.anchor, standing: { at: 'pending' } });
    else if (entry.kind !== 'fault') {
      const known = attested.get(entry.recordId);
      if (known) attested.set(entry.recordId, { ...known, standing: standingOf(entry) });
    }
  }
  return attested;
}

function standingOf(entry: Extract<AttestationEntry, { kind: 'anchored' | 'refused' }>): AnchorStanding {
  return entry.kind === 'anchored'
    ? { at: 'anchored', position: entry.position, proof: entry.proof }
    : { at: 'refused', code: entry.code };
}
