/** Where recipient keys are kept over a restart: our own private ones, and what the others have published. */
import type { EpochSeconds } from '../../protocol/index.ts';

/** One own key: the 32 bytes it is made of, and its window. Whoever gets one overwrites the seed after use. */
export interface StoredRecipientKey {
  readonly seed: Uint8Array;
  readonly notBefore: EpochSeconds;
  readonly notAfter: EpochSeconds;
}

/** Own private keys. Bodies seal them at rest (T19). */
export interface OwnKeyStore {
  /** All that are kept. @throws DeviceError when one cannot be read: a party that cannot open what it is sent must say so. */
  read(): readonly StoredRecipientKey[];
  /**
   * Keeps one, durably before it returns: a key that is announced and then lost would leave its owner deaf.
   * @param statement the published form, for whoever has to hand it on by hand.
   * @throws StoreError
   */
  keep(key: StoredRecipientKey, statement: Uint8Array): void;
  /** Erases the private part of the key with this `kid`, of the one from enrolment too. @throws StoreError when it is still there. */
  erase(kid: Uint8Array): void;
}

/** Signed statements of recipient keys: public, and each worth only what its signature is. */
export interface StatementStore {
  /** What was written last, or nothing. @throws StoreError */
  read(): readonly Uint8Array[];
  /** Replaces all, durably: afterwards, or after a power cut, either the old ones or the new ones are found. @throws StoreError */
  replace(statements: readonly Uint8Array[]): void;
}
