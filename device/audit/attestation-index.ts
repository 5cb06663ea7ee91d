/**
 * What a reporter needs to know of its own store, in one quick pass: the ids, what waits, the newest head. The journal checks
 * its bytes, so nothing is judged again here; whoever checks records reads them with {@link readAttestations}.
 */
import type { EventType, Id16 } from '../../protocol/index.ts';
import type { ChainFault, Journal } from '../ports.ts';
import type { Linked } from './lineage.ts';

/** An anchor that is to be submitted. */
export interface Waiting {
  readonly recordId: Id16;
  readonly jws: string;
  /** The code it was refused with in an earlier life; absent for one that was not. */
  readonly refused?: string;
}

export interface AttestationIndex {
  /** Entries besides those that a generation begins with. */
  readonly entries: number;
  /** In order of making, as far as the store knows without its archive. */
  readonly made: readonly Id16[];
  /** Those of them that a later one can be linked to. */
  readonly records: readonly (Linked & { readonly recordId: Id16 })[];
  readonly waiting: readonly Waiting[];
  /** What the node was found to have done. */
  readonly faults: ReadonlySet<ChainFault>;
  /** The head with the most entries that was believed. */
  readonly newestHead?: string;
}

/** What links a record, as ACT's JSON names it. */
interface LinksJson {
  readonly record_id: Id16;
  readonly event_type: EventType;
  readonly intent_id: Id16;
  readonly delegation_id?: Id16;
  readonly out_trade_no?: string;
}

/** An entry as far as it is looked at; its form stands in `attestations.ts`. */
interface Glimpse {
  readonly record?: LinksJson;
  readonly made?: readonly Id16[];
  readonly linked?: readonly LinksJson[];
  readonly anchor?: string;
  readonly anchored?: Id16;
  readonly checkpoint?: string;
  readonly refused?: Id16;
  readonly code?: string;
  readonly fault?: ChainFault;
}

/** Other refusals may have been put right by whoever runs the node; an id that is taken stays so. */
const HOPELESS = 'record-id-taken';

export function indexAttestations(store: Pick<Journal, 'read'>): AttestationIndex {
  let entries = 0;
  const made = new Set<Id16>();
  const records: (Linked & { recordId: Id16 })[] = [];
  const waiting = new Map<Id16, Waiting>();
  const faults = new Set<ChainFault>();
  let newest: { readonly note: string; readonly size: number } | undefined;
  for (const bytes of store.read()) {
    const entry = glimpse(bytes);
    const { record, anchor = '', anchored, checkpoint = '', refused, code = '', fault } = entry;
    if (!entry.made && !entry.linked) entries += 1;
    for (const id of entry.made ?? []) made.add(id);
    for (const one of entry.linked ?? []) records.push({ recordId: one.record_id, ...linksOf(one) });
    if (record) {
      const recordId = record.record_id;
      made.add(recordId);
      records.push({ recordId, ...linksOf(record) });
      waiting.set(recordId, { recordId, jws: anchor });
    }
    if (anchored) {
      waiting.delete(anchored);
      const size = sizeOf(checkpoint);
      if (!newest || size > newest.size) newest = { note: checkpoint, size };
    }
    const known = refused && waiting.get(refused);
    if (known && code === HOPELESS) waiting.delete(known.recordId);
    else if (known) waiting.set(known.recordId, { ...known, refused: code });
    if (fault) faults.add(fault);
  }
  const newestHead = newest && { newestHead: newest.note };
  return { entries, made: [...made], records, waiting: [...waiting.values()], faults, ...newestHead };
}

export function glimpse(bytes: Uint8Array): Glimpse {
  return JSON.parse(new TextDecoder().decode(bytes)) as Glimpse;
}

function linksOf({ event_type, intent_id, delegation_id, out_trade_no }: LinksJson): Linked {
  return {
    ...{ eventType: event_type, intentId: intent_id },
    ...(delegation_id !== undefined && { delegationId: delegation_id }),
    ...(out_trade_no !== undefined && { orderNo: out_trade_no }),
  } as Linked;
}

/** The second line of a checkpoint, which was verified before it was kept. */
export function sizeOf(checkpoint: string): number {
  return Number(checkpoint.split('\n')[1]);
}
