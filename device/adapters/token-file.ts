/** The payment token in a sealed file, replaced when the account is bound anew (T19). */
import { existsSync } from 'node:fs';
import type { TokenStore } from '../binding/binder.ts';
import { DeviceError, StoreError } from '../errors.ts';
import type { Random } from '../ports.ts';
import { eraseFile, readIfThere, writeDurably } from './durable-file.ts';
import { openToken, sealToken } from './keystore.ts';
import type { SealedBy } from './sealed-file.ts';

/**
 * @param sealedBy called for each access, so that nothing keeps the passphrase in between; it is overwritten afterwards.
 */
export function tokenFile(path: string, random: Random, sealedBy: () => SealedBy): TokenStore {
  const withSeal = <T>(use: (by: SealedBy) => T): T => {
    const by = sealedBy();
    try {
      return use(by);
    } finally {
      by.passphrase.fill(0);
    }
  };
  return {
    read: () => (existsSync(path) ? withSeal((by) => openToken({ path, ...by })) : undefined),
    write: (token) => orStoreError(() => withSeal((by) => replace(path, token, random, by))),
  };
}

/** Sealed beside the old one and then put in its place, so that a power cut leaves one of the two, whole. */
function replace(path: string, token: string, random: Random, by: SealedBy): void {
  const draft = `${path}.sealing`;
  eraseFile(draft);
  sealToken({ path: draft, token, random, ...by });
  writeDurably(path, readIfThere(draft) ?? '');
  eraseFile(draft);
}

function orStoreError(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError || !(error instanceof DeviceError)) throw error;
    throw new StoreError('store-failed', `the payment token could not be kept (${error.code})`, error.hint);
  }
}
