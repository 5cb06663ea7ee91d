/** Whether the anchor in a bundle stands in the trust chain: its submitter's signature and the node's proof (TSD-ATT-OCA, T27). */
import {
  type Anchor,
  type AnchorAnswer,
  fromBase64url,
  fromUtf8,
  leafHash,
  openAnchor,
  openCheckpoint,
  ProtocolError,
  parseJson,
  utf8,
  verifyInclusion,
} from '../../protocol/index.ts';
import { isJsonObject } from '../../protocol/json.ts';
import type { Bundle, BundleRecord } from './bundle.ts';
import type { BundleKeys } from './bundle-keys.ts';

/** What is known of an anchor. `no-key`: it may well be right; the key that would tell is not there. */
export interface FoundAnchor {
  readonly answer: AnchorAnswer | 'no-key';
  readonly anchor?: Anchor;
  /** The anchor or its proof is not what it was said to be. */
  readonly isUntrue: boolean;
}

const NOT_THERE: FoundAnchor = { answer: 'not-found', isUntrue: false };
const TIMED_OUT: FoundAnchor = { answer: 'timed-out', isUntrue: false };
const NO_KEY: FoundAnchor = { answer: 'no-key', isUntrue: false };
const UNTRUE: FoundAnchor = { answer: 'not-found', isUntrue: true };

export function findAnchor(item: BundleRecord, { notes }: Pick<Bundle, 'notes'>, keys: BundleKeys): FoundAnchor {
  const { anchor: jws, place, query } = item;
  if (!jws || !place) return query === 'timed-out' ? TIMED_OUT : NOT_THERE;
  const note = notes[place.note];
  const submitter = peek(jws);
  if (note === undefined || !submitter) return UNTRUE;
  const chain = keys.logKey('chain', note);
  const key = keys.recordKey(submitter.id, submitter.iat);
  if (!chain || !key) return NO_KEY;
  try {
    const head = openCheckpoint(note, chain);
    if (!verifyInclusion(leafHash(utf8(jws)), place.position, head, place.proof)) return UNTRUE;
    const anchor = openAnchor(jws, key);
    return { answer: { payloadHash: anchor.payloadHash }, anchor, isUntrue: false };
  } catch (error) {
    if (error instanceof ProtocolError) return UNTRUE;
    throw error;
  }
}

/** By whom and when an anchor says it was made; that only chooses the key, whose signature then has to cover both. */
function peek(jws: string): { readonly id: string; readonly iat: number } | undefined {
  try {
    const payload = parseJson(fromUtf8(fromBase64url(jws.split('.')[1] ?? '-')));
    if (!isJsonObject(payload)) return undefined;
    const { submitter_id: id, iat } = payload;
    return typeof id === 'string' && typeof iat === 'number' ? { id, iat } : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
