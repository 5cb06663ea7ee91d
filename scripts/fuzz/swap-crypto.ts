/** Puts keyed hashes into the place of signatures and of sealing, for a process that plays worlds. */
import { register } from 'node:module';
import type * as RealSignatures from '../../protocol/ed25519.ts';
import type * as RealSealing from '../../protocol/hpke.ts';
import type * as FakeSignatures from '../../sim/fuzz/fake-ed25519.ts';
import type * as FakeSealing from '../../sim/fuzz/fake-hpke.ts';
import type { Swap } from './fake-crypto-hooks.ts';

export type CryptoKind = 'fake' | 'real';

/** The compiler sees to it that the ones can stand in for the others. */
type StandIns = typeof FakeSignatures extends typeof RealSignatures
  ? typeof FakeSealing extends typeof RealSealing
    ? readonly Swap[]
    : never
  : never;

/** To be called before anything that signs is imported: modules that are loaded already stay as they are. */
export function useCrypto(kind: CryptoKind): void {
  if (kind === 'real') return;
  const data: StandIns = [
    ['../../protocol/ed25519.js', '../../sim/fuzz/fake-ed25519.js'],
    ['../../protocol/hpke.js', '../../sim/fuzz/fake-hpke.js'],
  ].map(([module, standIn]) => ({ module: urlOf(module), standIn: urlOf(standIn) }));
  register('./fake-crypto-hooks.js', import.meta.url, { data });
}

const urlOf = (path = ''): string => new URL(path, import.meta.url).href;
