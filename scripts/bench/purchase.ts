/** One purchase played in the simulator, with every byte of it: what the tables count and the timings run on. */
import { type Evidence, encodeEvidence } from '../../protocol/index.ts';
import type { DeviceSecrets, Tenant } from '../../sim/index.ts';
import { Play } from '../../sim/play.ts';

export interface PlayedPurchase {
  readonly tenant: Tenant<DeviceSecrets>;
  /** Each frame any party sent, in order, before it was sealed. */
  readonly frames: readonly Uint8Array[];
  readonly evidence: Evidence;
  readonly bundle: Uint8Array;
}

/** The same bytes for the same seed. @throws Error when the wearer's order does not end paid: the simulator is broken then. */
export function playPurchase(seed: string): PlayedPurchase {
  const { world, current } = new Play({ seed }).begin().settle();
  if (current.at !== 'ended' || !current.paid) throw new Error(`the simulated purchase ended ${current.at}`);
  const { cart, challenge, confirmation, receiptBytes } = current.paid;
  const evidence = { cart: cart.bytes, challenge: challenge.bytes, confirmation, receipt: receiptBytes };
  return {
    tenant: world.tenant,
    frames: world.record.sent.map(({ payload }) => payload),
    evidence,
    bundle: encodeEvidence(evidence),
  };
}
