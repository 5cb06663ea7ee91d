/**
 * Everything that shows one instant purchase to somebody who has nothing but the file: the bundle of `act-edge audit export`,
 * in bytes by what they are, beside two published examples.
 */
import type { Attested } from '../../device/audit/attestations.ts';
import { type Bundle, encodeBundle } from '../../device/audit/bundle.ts';
import { collectBundle } from '../../device/audit/bundle-collect.ts';
import { findOrder } from '../../device/audit/bundle-sources.ts';
import { verifyBundle } from '../../device/audit/bundle-verify.ts';
import { journalName, noteSigner } from '../../device/audit/journal-keys.ts';
import { JournalTree } from '../../device/audit/journal-tree.ts';
import { Lineage } from '../../device/audit/lineage.ts';
import { reportedBy } from '../../device/audit/records.ts';
import { recordIdOf } from '../../device/audit/reported.ts';
import { decodeRecord } from '../../device/journal-record.ts';
import { IDLE } from '../../device/purchases.ts';
import {
  type AttestationRecord,
  anchorOf,
  cosign,
  fromBase64url,
  publicKeyOf,
  type RecordDraft,
  STRUCTURE_VERSION,
  secondsOf,
  sha256,
  signAnchor,
  signCheckpoint,
  signRecord,
  softSigningKey,
  utf8,
} from '../../protocol/index.ts';
import { memoryDisk } from '../../sim/memory-journal.ts';
import { createTrustNode } from '../../sim/trust-chain/node.ts';
import type { PlayedPurchase } from './purchase.ts';

/** Bytes by what they are; they add up to the whole file. */
export interface WholeEvidence {
  readonly bytes: number;
  readonly parts: Readonly<Record<'objects' | 'records' | 'anchors' | 'proofs' | 'keys' | 'frame', number>>;
  /** How many records, entries of the journal and anchors in the chain the proofs are for. */
  readonly counts: { readonly records: number; readonly entries: number; readonly anchors: number };
}

/**
 * What others' evidence of one purchase with the buyer present takes in their published examples, and what of it there is.
 * The bytes are as published figures give them, not measured here.
 */
const PUBLISHED = [
  {
    name: 'AP2, buyer present',
    bytes: 3_951,
    holds: 'the cart with the merchant’s signature, the payment mandate with the buyer’s',
  },
  {
    name: 'Verifiable Intent, immediate mode',
    bytes: 3_077,
    holds:
      'the issuer’s credential for the buyer’s key, the buyer’s checkout and payment mandates, the merchant’s checkout',
  },
] as const;

const CHANNEL = 'act:channel:bench';
const CHAIN_SEED = new Uint8Array(32).fill(12);
const chain = { name: 'chain.example.com/act', publicKey: publicKeyOf(CHAIN_SEED) };

/** The same for the same purchase. @throws Error when its bundle does not verify: something is broken then. */
export function wholeEvidence(purchase: PlayedPurchase): WholeEvidence {
  const bundle = bundleOf(purchase);
  const encoded = encodeBundle(bundle);
  const { standing, faults, missing } = verifyBundle(encoded);
  if (standing !== 'verified') throw new Error(`the bundle is ${standing}: ${[...faults, ...missing].join(', ')}`);
  const parts = partsOf(bundle);
  const frame = encoded.length - Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  const { records } = bundle;
  const counts = { records: records.length, entries: purchase.entries.length, anchors: records.length };
  return { bytes: encoded.length, parts: { ...parts, frame }, counts };
}

function partsOf({ objects, records, notes, keys }: Bundle) {
  const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);
  const text = (value: string | undefined) => utf8(value ?? '').length;
  const hashes = records.flatMap(({ place, journal }) => [
    ...(place?.proof ?? []),
    ...(journal ? [journal.leaf, ...journal.proof] : []),
  ]);
  return {
    objects: sum(objects.map(({ bytes }) => bytes.length)),
    records: sum(records.map(({ json }) => text(json))),
    anchors: sum(records.map(({ anchor }) => text(anchor))),
    proofs: sum([...hashes.map(({ length }) => length), ...notes.map(text)]),
    keys: sum(keys.map(({ id, publicKey }) => text(id) + publicKey.length)),
  };
}

function bundleOf({ tenant, settings, entries }: PlayedPurchase): Bundle {
  const [secrets] = tenant.devices;
  const last = entries.at(-1);
  if (!secrets || !last) throw new Error('the tenant is without a device, or its journal without entries');
  const agentKey = softSigningKey(secrets.frameSeed);
  const publicKey = publicKeyOf(secrets.frameSeed);
  const witness = noteSigner(tenant.tenant, tenant.psp.party, withPublic(tenant.psp.witnessSeed));
  const tree = new JournalTree();
  for (const entry of entries) tree.append(entry);
  const at = secondsOf(decodeRecord(last).at);
  const head = { origin: journalName(tenant.tenant, secrets.device), ...tree.head };
  const signed = signCheckpoint(head, noteSigner(tenant.tenant, secrets.device, { ...agentKey, publicKey }));
  const sources = {
    device: { party: secrets.device, agentId: secrets.agentId, directory: tenant.directory },
    ...{ entries, checkpoints: [signed + cosign(head, at, witness)], witnesses: [witness], chain },
    attested: anchored(recordsOf(entries, settings, agentKey), secrets.agentId, agentKey),
  };
  const paid = recordsOf(entries, settings, agentKey).find(({ orderNo }) => orderNo !== undefined);
  const found = paid && findOrder(entries, { orderNo: paid.orderNo ?? '' });
  if (!found) throw new Error('the journal has no paid order');
  return collectBundle(sources, found, at);
}

function withPublic(seed: Uint8Array) {
  const key = softSigningKey(seed);
  return { publicKey: publicKeyOf(seed), sign: (message: Uint8Array) => key.sign(message) };
}

type Key = ReturnType<typeof softSigningKey>;

/** What the device reports of its journal, signed; salts are made up, so that the same purchase has the same bytes. */
function recordsOf(entries: readonly Uint8Array[], settings: PlayedPurchase['settings'], key: Key) {
  const [lineage, made]: [Lineage, AttestationRecord[]] = [new Lineage(), []];
  let before = IDLE;
  for (const entry of entries) {
    const journalled = decodeRecord(entry);
    for (const reported of reportedBy(before, journalled, settings)) {
      const recordId = recordIdOf(entry, reported.eventType);
      const upstreamRecordId = lineage.upstreamOf(reported);
      const draft = {
        ...{ ...reported, recordId, createdAt: reported.eventTime, structureVersion: STRUCTURE_VERSION },
        ...(upstreamRecordId && { upstreamRecordId }),
        ...{ hashAlgorithm: 'SHA-256', salt: sha256(utf8(recordId)).slice(0, 16) },
      } as RecordDraft;
      const record = signRecord(draft, settings.agentId, key);
      lineage.add(record);
      made.push(record);
    }
    before = journalled.purchases;
  }
  return made;
}

/** Each with its anchor in a log that holds nothing else. */
function anchored(records: readonly AttestationRecord[], submitterId: string, key: Key): readonly Attested[] {
  const signer = { ...chain, sign: (message: Uint8Array) => softSigningKey(CHAIN_SEED).sign(message) };
  const verifying = { kid: key.kid, publicKey: (key as Key & { publicKey: Uint8Array }).publicKey };
  const node = createTrustNode({
    ...{ signer, keysOf: () => [verifying], channels: new Set([CHANNEL]), journal: memoryDisk().open() },
    log: { write: () => {} },
  });
  const submitted = records.map((record) => {
    const submission = { submitterId, iat: record.createdAt, privacyChannel: CHANNEL };
    const anchor = signAnchor(anchorOf(record, submission), key);
    node.answer({ method: 'POST', path: '/anchors', body: anchor });
    return { record, anchor };
  });
  return submitted.map(({ record, anchor }) => {
    const { body } = node.answer({ method: 'GET', path: `/anchors/${record.recordId}` });
    const { position, checkpoint, proof } = JSON.parse(body) as {
      position: number;
      checkpoint: string;
      proof: string[];
    };
    return {
      ...{ record, anchor },
      standing: { at: 'anchored', position, proof: { checkpoint, hashes: proof.map((hash) => fromBase64url(hash)) } },
    };
  });
}

const LABELS = {
  objects: 'cart, challenge, confirmation, receipt and news of the order, signed',
  records: 'attestation records in ACT’s JSON, signed',
  anchors: 'their anchors as JWS',
  proofs: 'inclusion proofs in journal and chain, signed checkpoints with a cosignature',
  keys: 'public keys and their names',
  frame: 'CBOR around it',
} as const;

export function tellWholeEvidence({ bytes, parts, counts }: WholeEvidence): string {
  const { records, entries, anchors } = counts;
  return [
    `all that shows one instant purchase (audit export), of ${records} records, ${entries} entries in the journal, ${anchors} anchors in the chain`,
    ...Object.entries(LABELS).map(([name, label]) => `  ${label.padEnd(78)} ${parts[name as keyof typeof parts]}`),
    `  ${'together; twice as many entries or anchors take 32 more for each record'.padEnd(78)} ${bytes}`,
    `  for comparison, in published examples, without receipt, records, anchors and proofs of a log:`,
    ...PUBLISHED.map(({ name, bytes: published, holds }) => `  ${`${name}: ${holds}`.padEnd(78)} ${published}`),
    `  ours for as much and more, signed objects only: ${parts.objects}`,
    '',
  ].join('\n');
}
