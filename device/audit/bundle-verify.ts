/**
 * Judges a bundle offline, with nothing but public keys (ACT 2.1 TSD-ATT-SVF, TSD-ATT-DSP). A log that is down and a key that
 * is not there leave the evidence incomplete; only what contradicts itself is broken.
 */
import type { AttestationRecord, Conclusion, Digest, EpochSeconds } from '../../protocol/index.ts';
import { type Bundle, type BundleKey, decodeBundle, type WithheldPart } from './bundle.ts';
import { judgeChain } from './bundle-chain.ts';
import { BundleKeys } from './bundle-keys.ts';
import { judgeObjects, type OpenedObjects } from './bundle-objects.ts';
import { type JudgedRecord, judgeRecord, type RecordVerdict } from './bundle-records.ts';

/**
 * - `verified`: all that is there holds, and nothing is missing but what is said to be kept back.
 * - `incomplete`: nothing contradicts anything; something could not be judged.
 * - `broken`: something was altered, forged or put together wrongly.
 */
export type BundleStanding = 'verified' | 'incomplete' | 'broken';

export interface BundleVerdict {
  readonly standing: BundleStanding;
  readonly records: readonly RecordVerdict[];
  /** Codes, each once, sorted. */
  readonly faults: readonly string[];
  /** Codes of what could not be judged, each once, sorted. */
  readonly missing: readonly string[];
  readonly withheld: readonly WithheldPart[];
  /** What was opened, for whoever tells the story. */
  readonly objects: OpenedObjects;
  readonly attested: readonly AttestationRecord[];
}

/** The conclusions that accuse somebody; the three others only say what is not known. */
const ACCUSING: ReadonlySet<Conclusion | undefined> = new Set([
  'PAYLOAD_HASH_MISMATCH',
  'SIGNATURE_INVALID',
  'CHAIN_HASH_MISMATCH',
] as const);

/**
 * @param keys whom the reader trusts; the bundle's own where left out, and then the verdict is worth what they are.
 * @throws ProtocolError for bytes that are no bundle, records that are none, and keys that are unsound.
 */
export function verifyBundle(encoded: Uint8Array, keys?: readonly BundleKey[]): BundleVerdict {
  const bundle = decodeBundle(encoded);
  return judgeBundle(bundle, new BundleKeys(bundle.header.tenant, keys ?? bundle.keys));
}

/** The same for a bundle that was not written yet. */
export function judgeBundle(bundle: Bundle, keys: BundleKeys): BundleVerdict {
  const judged = bundle.records.map((record) => judgeRecord(record, bundle, keys));
  const { objects, ...evidence } = judgeObjects(bundle, keys.trust, seenIn(judged));
  const attested = judged.flatMap(({ record }) => (record ? [record] : []));
  const ids = bundle.records.map(({ recordId }) => recordId);
  const chain = judgeChain(bundle.header, attested, ids, objects);
  const parts = [evidence, chain, ...judged];
  const faults = sorted(parts.flatMap((part) => part.faults));
  const missing = sorted(parts.flatMap((part) => part.missing));
  const records = judged.map(({ verdict }) => verdict);
  const standing = standingOf(records, faults, missing);
  return { standing, records, faults, missing, withheld: bundle.header.withheld ?? [], objects, attested };
}

function sorted(codes: readonly string[]): readonly string[] {
  return [...new Set(codes)].sort();
}

function standingOf(
  records: readonly RecordVerdict[],
  faults: readonly string[],
  missing: readonly string[],
): BundleStanding {
  if (faults.length > 0 || records.some(({ conclusion }) => ACCUSING.has(conclusion))) return 'broken';
  const isWhole = records.every(({ conclusion = 'VERIFIED' }) => conclusion === 'VERIFIED');
  return missing.length === 0 && isWhole ? 'verified' : 'incomplete';
}

/** Whoever received money or took part in taking it does not say when: only the payer's own agent does. */
function isOfPayer({ participants, signatures }: AttestationRecord): boolean {
  const payers = participants.flatMap(({ participantId, role }) => (role === 'PAYER_AGENT' ? [participantId] : []));
  return signatures.some(({ signerId }) => payers.includes(signerId));
}

/** When the payer's agent had the objects whose digests its sound records name. */
function seenIn(judged: readonly JudgedRecord[]): ReadonlyMap<Digest, EpochSeconds> {
  const seen = new Map<Digest, EpochSeconds>();
  for (const { record, verdict } of judged) {
    const isSound = !ACCUSING.has(verdict.conclusion) && verdict.conclusion !== 'PUBLIC_KEY_UNAVAILABLE';
    if (!record || !isSound || !isOfPayer(record)) continue;
    if (record.eventType === 'act:payment:transaction-completed')
      seen.set(record.eventBody.receiptDigest, record.createdAt);
    if (record.eventType === 'act:commerce:fulfillment-completed')
      seen.set(record.eventBody.updateDigest, record.createdAt);
  }
  return seen;
}
