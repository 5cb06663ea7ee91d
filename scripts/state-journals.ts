/** The journals in a device's state directory that hold frames, tokens or words: none of them lies there in the clear (T19, T28). */
import { existsSync, mkdirSync } from 'node:fs';
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
  const opened = openEach(
    keys,
    names.map((name) => [name, pathOf(state, name)]),
  );
  return Object.fromEntries(opened) as Record<N, Journal>;
}

/**
 * Reads those of the names that there are, every generation that is there, oldest first; nothing is made where there is none.
 * @param copies files to read in place of those in the state directory. They lie in a directory of their own.
 * @throws as {@link openStateJournals}.
 */
export function readStateJournals<N extends StateJournal>(
  { state, keys }: Pick<AgentConfig, 'state' | 'keys'>,
  names: readonly N[],
  copies: { readonly [Name in N]?: string } = {},
): Readonly<Record<N, readonly Uint8Array[]>> {
  const files = names.map((name): readonly [N, string] => [name, copies[name] ?? pathOf(state, name)]);
  const opened = openEach(
    keys,
    files.filter(([, path]) => existsSync(path)),
  );
  try {
    return Object.fromEntries(names.map((name) => [name, allOf(opened.get(name))])) as Record<N, Uint8Array[]>;
  } finally {
    for (const journal of opened.values()) journal.close();
  }
}

function allOf(journal: Journal | undefined): readonly Uint8Array[] {
  return journal ? [...[...(journal.archives?.() ?? [])].flat(), ...journal.read()] : [];
}

function pathOf({ directory }: AgentConfig['state'], name: StateJournal): string {
  return join(directory, `${name}.journal`);
}

function openEach<N extends StateJournal>(
  { passphraseFile }: AgentConfig['keys'],
  files: readonly (readonly [name: N, path: string])[],
): ReadonlyMap<N, Journal> {
  const by = sealedUnder(passphraseFile);
  const opened = new Map<N, Journal>();
  try {
    for (const [name, path] of files) opened.set(name, openSealedJournal({ path, name, by, random: systemRandom() }));
    return opened;
  } catch (error) {
    for (const journal of opened.values()) journal.close();
    throw error;
  } finally {
    by.passphrase.fill(0);
  }
}
