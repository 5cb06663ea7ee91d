/** The journals in a device's state directory that hold frames, tokens or words: none of them lies there in the clear (T19, T28). */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSealedJournal } from '../device/adapters/sealed-journal.ts';
import { systemRandom } from '../device/adapters/system-random.ts';
import type { AgentConfig } from '../device/config.ts';
import type { Journal } from '../device/index.ts';
import { sealedUnder } from './sealing.ts';

/**
 * `device`: every step of the purchases with its frames; `checkpoints`: what was signed for it; `attestations`: the records made
 * of it; `words`: what the wearer said;
 * `binding`: the steps of a binding.
 */
type StateJournal = 'device' | 'checkpoints' | 'attestations' | 'words' | 'binding';

/**
 * Opens those of the names, all or none. Each belongs to this process alone until it is closed; a second program on the same
 * directory gets `store-locked`.
 * @throws StoreError `store-*`; DeviceError `keystore-*`.
 */
export function openStateJournals<N extends StateJournal>(
  { state, keys }: Pick<AgentConfig, 'state' | 'keys'>,
  names: readonly N[],
): Readonly<Record<N, Journal>> {
  mkdirSync(state.directory, { recursive: true, mode: 0o700 });
  const by = sealedUnder(keys.passphraseFile);
  const opened = new Map<N, Journal>();
  try {
    for (const name of names) {
      const path = join(state.directory, `${name}.journal`);
      opened.set(name, openSealedJournal({ path, name, by, random: systemRandom() }));
    }
    return Object.fromEntries(opened) as Record<N, Journal>;
  } catch (error) {
    for (const journal of opened.values()) journal.close();
    throw error;
  } finally {
    by.passphrase.fill(0);
  }
}
