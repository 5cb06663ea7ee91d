/**
 * When a device's store of records begins a new generation, and with what: everything that going on needs, so that a start
 * reads one generation and not all records there ever were (T30). What is left behind stays in the archive with its proofs, for
 * `audit`.
 */
import type { Id16 } from '../../protocol/index.ts';
import type { Journal } from '../ports.ts';
import { glimpse, indexAttestations, sizeOf } from './attestation-index.ts';
import { encodeAttestation } from './attestations.ts';

/** A generation is full after so many entries behind those it began with. */
export const FULL_STORE = 2_048;
/**
 * The ids of so many records are known without the archive. A device makes its records out of the present generation of its
 * journal once more at each start, and knows by the id which there are: four for each entry of a full one.
 */
export const KNOWN_RECORDS = 8_192;
/** So many can be linked to from a later one; a link that is missing then is optional in ACT. */
const KNOWN_LINKS = 1_024;
/** So many stand in one entry at most, which keeps each far below what one append may take. */
const PER_ENTRY = { ids: 1_024, links: 512 } as const;
/** Closing off is worth its writing where at least this part of the store stays behind. */
const WORTH = 0.5;

/**
 * What a new generation begins with: ids and links of the newest records, each record whose anchor waits, what the node was
 * found to have done, and the newest head that was believed.
 * @returns `undefined` where too much would be carried over, because the trust chain is away.
 * @throws StoreError as the store does.
 */
export function carriedAttestations(store: Pick<Journal, 'read'>): readonly Uint8Array[] | undefined {
  const entries = store.read();
  const { made, records, waiting } = indexAttestations({ read: () => entries });
  const waits = new Set<Id16>(waiting.map(({ recordId }) => recordId));
  const newest = newestAnchored(entries);
  const isWhole = (id: Id16 | undefined) => id !== undefined && (waits.has(id) || id === newest);
  const whole = entries.filter((bytes) => {
    const { record, anchored, refused, fault } = glimpse(bytes);
    return fault !== undefined || isWhole(record?.record_id ?? anchored ?? refused);
  });
  if (whole.length > entries.length * (1 - WORTH)) return undefined;
  const isLeft = (id: Id16) => !isWhole(id);
  const ids = made.filter(isLeft).slice(-KNOWN_RECORDS);
  const links = records.filter(({ recordId }) => isLeft(recordId)).slice(-KNOWN_LINKS);
  return [
    ...inParts(ids, PER_ENTRY.ids).map((part) => encodeAttestation({ kind: 'made', ids: part })),
    ...inParts(links, PER_ENTRY.links).map((part) => encodeAttestation({ kind: 'linked', links: part })),
    ...whole,
  ];
}

/** The record whose proof is under the head with the most entries. */
function newestAnchored(entries: readonly Uint8Array[]): Id16 | undefined {
  let newest: { readonly id: Id16; readonly size: number } | undefined;
  for (const bytes of entries) {
    const { anchored, checkpoint = '' } = glimpse(bytes);
    const size = sizeOf(checkpoint);
    if (anchored && (!newest || size > newest.size)) newest = { id: anchored, size };
  }
  return newest?.id;
}

function inParts<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));
}
