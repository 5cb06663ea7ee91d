/** What a signer must not forget, not even without power: its counter and the challenge nonces it has answered (design 5.4). */
import { decodeCbor, encodeCbor, fromHex, hex, type Id16 } from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import type { Journal } from '../ports.ts';

export interface SignerMemory {
  /** Whether this nonce was answered before. */
  hasAnswered(nonce: Id16): boolean;
  /**
   * Takes the next counter for this nonce and makes both durable before it returns, so that a power cut between here and
   * the signature wastes a number and never repeats one. @throws StoreError when it cannot be made durable.
   */
  spend(nonce: Id16): number;
}

/** @throws StoreError `store-altered` when the journal holds anything but growing counters with their nonces. */
export function openSignerMemory(journal: Journal): SignerMemory {
  const answered = new Set<string>();
  let counter = 0;
  for (const record of journal.read()) {
    const entry = decodeCbor(record);
    const [count, nonce] = Array.isArray(entry) ? entry : [];
    if (typeof count !== 'number' || count <= counter || !(nonce instanceof Uint8Array))
      throw new StoreError('store-altered', 'the signer counter does not grow', 'Lock the device and enrol it again.');
    counter = count;
    answered.add(hex(nonce));
  }
  return {
    hasAnswered: (nonce) => answered.has(nonce),
    spend(nonce) {
      journal.append([encodeCbor([counter + 1, fromHex(nonce)])]);
      counter += 1;
      answered.add(nonce);
      return counter;
    },
  };
}
