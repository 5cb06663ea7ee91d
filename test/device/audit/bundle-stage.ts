/** A finished purchase with its records anchored and its journal cosigned, as bundles are collected from. */
import type { Attested } from '../../../device/audit/attestations.ts';
import type { Bundle, BundleKey } from '../../../device/audit/bundle.ts';
import { type BundleSources, collectBundle } from '../../../device/audit/bundle-collect.ts';
import { findOrder } from '../../../device/audit/bundle-sources.ts';
import { journalName } from '../../../device/audit/journal-keys.ts';
import { JournalTree } from '../../../device/audit/journal-tree.ts';
import { cosign, type NoteSigner, type SigningKey, signCheckpoint, softSigningKey } from '../../../protocol/index.ts';
import { cart, DEVICE, deviceKey, directory, PSP, seconds, settings, TENANT } from '../builders.ts';
import { nodeSigner, ReportingRig, storedRecords } from './reporting-rig.ts';

/** A key under a name, for notes. */
export function noteSigner(name: string, key: SigningKey): NoteSigner {
  const { publicKey } = key as SigningKey & { publicKey: Uint8Array };
  return { name, publicKey, sign: (message) => key.sign(message) };
}

export const LOG = journalName(TENANT, DEVICE);
export const deviceNotes = noteSigner(LOG, deviceKey);
export const witness = noteSigner(journalName(TENANT, PSP), softSigningKey(new Uint8Array(32).fill(78)));
export const EXPORTED = seconds(600);
export const ORDER = cart().orderNo;

/** The first `size` entries under a checkpoint, with the line of a witness. */
export function cosignedNote(entries: readonly Uint8Array[], size = entries.length): string {
  const tree = new JournalTree();
  for (const entry of entries.slice(0, size)) tree.append(entry);
  const checkpoint = { origin: LOG, ...tree.head };
  return signCheckpoint(checkpoint, deviceNotes) + cosign(checkpoint, seconds(500), witness);
}

/** What a device has after the first chapters of the story. */
export function sourcesAfter(chapters: number): BundleSources {
  const stand = new ReportingRig().after(chapters);
  stand.clock.advance(10_000);
  const entries = storedRecords(stand.disks.journal);
  return sourcesOf(entries, stand.attested());
}

export function sourcesOf(entries: readonly Uint8Array[], attested: readonly Attested[]): BundleSources {
  return {
    device: { party: DEVICE, agentId: settings.agentId, directory },
    ...{ entries, attested, checkpoints: [cosignedNote(entries)] },
    ...{ witnesses: [witness], chain: nodeSigner },
  };
}

export function bundleOf(sources: BundleSources): Bundle {
  const found = findOrder(sources.entries, { orderNo: ORDER });
  if (!found) throw new Error('the story ends paid');
  return collectBundle(sources, found, EXPORTED);
}

/** The keys of a bundle without some. */
export function keysWithout(bundle: Bundle, isGone: (key: BundleKey) => boolean): readonly BundleKey[] {
  return bundle.keys.filter((key) => !isGone(key));
}
