/**
 * Whether the records of all parties tell one story of one intent: intent → delegation → decision → cart → payment →
 * fulfilment (ACT 2.1 TSD-ATT-SVF, TSD-ATT-DSP). Each record is concluded on by itself; then it has to be of somebody who may
 * say so, and no two parties may contradict each other (T27, T29). What nobody shows is missing and accuses nobody.
 */
import {
  type AnchorAnswer,
  type AttestationRecord,
  type Conclusion,
  checkRecord,
  type EventType,
  type Id16,
  leafHash,
  type NoteKey,
  openAnchor,
  openCheckpoint,
  ProtocolError,
  utf8,
  type VerifyingKey,
  verifyInclusion,
} from '../../protocol/index.ts';
import type { Attested } from './attestations.ts';
import { contradictionsIn, unshownIn } from './causal-rules.ts';
import { precedes } from './lineage.ts';

export const STAGES = ['intent', 'delegation', 'decision', 'cart', 'payment', 'fulfilment'] as const;
export type Stage = (typeof STAGES)[number];
type MakerRole = 'device' | 'agent' | 'merchant' | 'psp';

/** Somebody as the reader's own directory has them. */
export interface Maker {
  readonly role: MakerRole;
  readonly key: VerifyingKey;
}

export interface CausalParts {
  /** The trust chain's node. */
  readonly node: NoteKey;
  /** Under which key and in which role a signer was known at a time; `undefined` for one nobody knows. */
  makerOf(signerId: string, at: number): Maker | undefined;
}

export interface CausalLink {
  readonly stage: Stage;
  readonly record: AttestationRecord;
  readonly conclusion: Conclusion;
}

export interface CausalVerdict {
  readonly standing: 'verified' | 'incomplete' | 'broken';
  /** Along the chain, within a stage in order of time. */
  readonly links: readonly CausalLink[];
  /** Codes, each once, sorted: what cannot be so. */
  readonly faults: readonly string[];
  /** What nobody shows: stages, `resume` for the end of a pause, and `anchor` or `key` for records not checked to the end. */
  readonly missing: readonly string[];
}

const STAGE_OF: { readonly [E in EventType]: readonly [Stage, readonly MakerRole[]] } = {
  'act:delegation:intent-created': ['intent', ['device']],
  'act:delegation:delegation-issued': ['delegation', ['psp']],
  'act:delegation:delegation-suspended': ['delegation', ['psp']],
  'act:delegation:delegation-resumed': ['delegation', ['psp']],
  'act:delegation:delegation-revoked': ['delegation', ['psp']],
  'act:delegation:delegation-expired': ['delegation', ['psp']],
  'act:commerce:decision-logged': ['decision', ['device', 'agent']],
  'act:commerce:cart-confirmed': ['cart', ['device', 'merchant']],
  'act:payment:transaction-completed': ['payment', ['device', 'psp']],
  'act:commerce:fulfillment-completed': ['fulfilment', ['device', 'merchant']],
};
const ACCUSING: ReadonlySet<Conclusion> = new Set([
  'PAYLOAD_HASH_MISMATCH',
  'SIGNATURE_INVALID',
  'CHAIN_HASH_MISMATCH',
] as const);

/** Whose signature holds, anchored or not: what is of somebody unknown, or was altered, speaks against nobody. */
const BELIEVED: ReadonlySet<Conclusion> = new Set(['VERIFIED', 'ANCHOR_NOT_FOUND', 'ANCHOR_QUERY_TIMEOUT'] as const);

/** @param attested of any parties and purchases; those of other intents are left out. */
export function judgeCausalChain(attested: readonly Attested[], intentId: Id16, parts: CausalParts): CausalVerdict {
  const own = attested.filter(({ record }) => record.intentId === intentId);
  const links = own.map((one) => linkOf(one, parts)).sort(byStage);
  const records = links.flatMap(({ record, conclusion }) => (BELIEVED.has(conclusion) ? [record] : []));
  const faults = [
    ...links.flatMap(({ record, conclusion }) => (isOfMaker(record, conclusion, parts) ? [] : ['record-maker'])),
    ...(new Set(records.map(({ recordId }) => recordId)).size < records.length ? ['record-repeated'] : []),
    ...records.flatMap((record) => (followsUpstream(record, records) ? [] : ['record-upstream'])),
    ...contradictionsIn(records),
  ];
  const conclusions = links.map(({ conclusion }) => conclusion);
  const missing = [
    ...missingIn(links),
    ...unshownIn(records),
    ...(conclusions.some((one) => one === 'ANCHOR_NOT_FOUND' || one === 'ANCHOR_QUERY_TIMEOUT') ? ['anchor'] : []),
    ...(conclusions.includes('PUBLIC_KEY_UNAVAILABLE') ? ['key'] : []),
  ];
  const isBroken = faults.length > 0 || conclusions.some((one) => ACCUSING.has(one));
  const standing = isBroken ? 'broken' : missing.length > 0 ? 'incomplete' : 'verified';
  return { standing, links, faults: [...new Set(faults)].sort(), missing };
}

function linkOf({ record, anchor, standing }: Attested, { node, makerOf }: CausalParts): CausalLink {
  const keyOf = (signerId: string, at: number) => makerOf(signerId, at)?.key;
  const signed = (signerId: string, at: number) => keyOf(signerId, at)?.publicKey;
  const answer = standing.at === 'anchored' ? placed(anchor, standing, record, node, keyOf) : 'not-found';
  const [stage] = STAGE_OF[record.eventType];
  return { stage, record, conclusion: checkRecord(record, signed, answer).conclusion };
}

/** What is not proved counts as not there: the node's word is no proof. */
function placed(
  jws: string,
  { position, proof }: Extract<Attested['standing'], { at: 'anchored' }>,
  { recordId, createdAt, signatures }: AttestationRecord,
  node: NoteKey,
  keyOf: (signerId: string, at: number) => VerifyingKey | undefined,
): AnchorAnswer {
  const key = keyOf(signatures[0]?.signerId ?? '', createdAt);
  try {
    const head = openCheckpoint(proof.checkpoint, node);
    if (!key || !verifyInclusion(leafHash(utf8(jws)), position, head, proof.hashes)) return 'not-found';
    const anchor = openAnchor(jws, key);
    return anchor.recordId === recordId ? { payloadHash: anchor.payloadHash } : 'not-found';
  } catch (error) {
    if (error instanceof ProtocolError) return 'not-found';
    throw error;
  }
}

function byStage(one: CausalLink, other: CausalLink): number {
  return STAGES.indexOf(one.stage) - STAGES.indexOf(other.stage) || one.record.eventTime - other.record.eventTime;
}

/** Nobody speaks for another: a merchant of its own carts only, and of what was paid only those who paid or took the money. */
function isOfMaker(record: AttestationRecord, conclusion: Conclusion, { makerOf }: CausalParts): boolean {
  if (conclusion === 'PUBLIC_KEY_UNAVAILABLE') return true;
  const { eventBody, participants, signatures, createdAt } = record;
  const [, roles] = STAGE_OF[record.eventType];
  return signatures.every(({ signerId }) => {
    const role = makerOf(signerId, createdAt)?.role;
    if (role === undefined || !roles.includes(role)) return false;
    if (role === 'merchant' && 'merchantId' in eventBody && eventBody.merchantId !== signerId) return false;
    return participants.some(({ participantId }) => participantId === signerId);
  });
}

function followsUpstream(record: AttestationRecord, all: readonly AttestationRecord[]): boolean {
  const upstream = all.find(({ recordId }) => recordId === record.upstreamRecordId);
  return !upstream || (precedes(upstream, record) && upstream.eventTime <= record.eventTime);
}

/** The stages that nobody shows; of each order that is named, cart, payment and fulfilment. */
function missingIn(links: readonly CausalLink[]): readonly Stage[] {
  const isDelegated = links.some(({ stage, record }) => stage !== 'intent' && record.delegationId !== undefined);
  const orders = new Set(links.flatMap(({ record: { orderNo } }) => orderNo ?? []));
  const shows = (stage: Stage, orderNo?: string) =>
    links.some((link) => link.stage === stage && (orderNo === undefined || link.record.orderNo === orderNo));
  return STAGES.filter((stage) => {
    if (stage === 'delegation') return isDelegated && !shows(stage);
    if (stage === 'intent' || stage === 'decision' || orders.size === 0) return !shows(stage);
    return [...orders].some((orderNo) => !shows(stage, orderNo));
  });
}
