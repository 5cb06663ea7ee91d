/** One purchase played in the simulator, with every byte of it: what the tables count and the timings run on. */

import type { DeviceSettings } from '../../device/index.ts';
import { type Evidence, encodeEvidence, peekFrame } from '../../protocol/index.ts';
import type { DeviceSecrets, Tenant } from '../../sim/index.ts';
import { type MemoryDisk, memoryDisk } from '../../sim/memory-journal.ts';
import { Play } from '../../sim/play.ts';

export interface PlayedPurchase {
  readonly tenant: Tenant<DeviceSecrets>;
  /** Each frame any party sent for it, in order, before it was sealed. */
  readonly frames: readonly Uint8Array[];
  readonly evidence: Evidence;
  readonly bundle: Uint8Array;
  readonly settings: DeviceSettings;
  /** Of the device's journal. */
  readonly entries: readonly Uint8Array[];
}

/** The same bytes for the same seed. @throws Error when the wearer's order does not end paid: the simulator is broken then. */
export function playPurchase(seed: string): PlayedPurchase {
  const { world, current } = new Play({ seed }).begin().settle();
  if (current.at !== 'ended' || !current.paid) throw new Error(`the simulated purchase ended ${current.at}`);
  const { cart, challenge, confirmation, receiptBytes } = current.paid;
  const evidence = { cart: cart.bytes, challenge: challenge.bytes, confirmation, receipt: receiptBytes };
  return {
    tenant: world.tenant,
    frames: world.record.sent.map(({ payload }) => payload).filter((frame) => !isAboutTheJournal(frame)),
    evidence,
    bundle: encodeEvidence(evidence),
    settings: world.settings,
    entries: recordsOn(world.disks.journal),
  };
}

/** A checkpoint of the journal counts whatever was done since the one before: it is of no one purchase. */
function isAboutTheJournal(frame: Uint8Array): boolean {
  const { type } = peekFrame(frame);
  return type === 'journal-checkpoint' || type === 'journal-cosignature';
}

/** What is on a disk, also while a journal is open on it. */
function recordsOn(disk: MemoryDisk): readonly Uint8Array[] {
  const copy = memoryDisk();
  copy.replace(disk.image());
  return copy.open().read();
}
