/** Puts keyed hashes into the place of signatures, for a process that plays worlds. */
import { register } from 'node:module';
import type * as Real from '../../protocol/ed25519.ts';
import type * as Fake from '../../sim/fuzz/fake-ed25519.ts';
import type { Swap } from './fake-crypto-hooks.ts';

export type CryptoKind = 'fake' | 'real';

/** The compiler sees to it that the one can stand in for the other. */
type StandIn = typeof Fake extends typeof Real ? Swap : never;

/** To be called before anything that signs is imported: modules that are loaded already stay as they are. */
export function useCrypto(kind: CryptoKind): void {
  if (kind === 'real') return;
  const data: StandIn = {
    module: new URL('../../protocol/ed25519.js', import.meta.url).href,
    standIn: new URL('../../sim/fuzz/fake-ed25519.js', import.meta.url).href,
  };
  register('./fake-crypto-hooks.js', import.meta.url, { data });
}
