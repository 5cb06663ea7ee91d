/** Which keys may speak for whom. Filled from configuration and enrolment only; nothing in a message adds to it (T1, T23). */
import { hex } from './bytes.ts';
import { checkEnrolmentKey } from './ed25519.ts';
import { ProtocolError } from './errors.ts';
import type { Role } from './fields.ts';
import { kidOf, type VerifyingKey } from './sign1.ts';
import type { EpochSeconds } from './time.ts';

/** `frame` keys authenticate transport; `object` keys sign what is evidence: carts, challenges, confirmations, receipts (design 2). */
export type KeyUse = 'frame' | 'object';

export interface TrustedKey extends VerifyingKey {
  readonly party: string;
  readonly role: Role;
  readonly tenant: string;
  readonly use: KeyUse;
  /**
   * Present for a key that was replaced: what it signed is believed for times before this second only, and only where the
   * time comes from somebody else than the key itself.
   */
  readonly until?: EpochSeconds;
}

/** What a key is wanted for. */
export interface Wanted {
  readonly tenant: string;
  readonly use: KeyUse;
  readonly roles: readonly Role[];
  /** As of when: now, or a time that another trusted party has signed. Without one, no replaced key is found. */
  readonly at?: EpochSeconds | undefined;
}

/** Enrols a public key: it must be a sound Ed25519 key (design 4); its `kid` is computed, never taken from elsewhere. */
export function trustedKey(entry: Omit<TrustedKey, 'kid'>): TrustedKey {
  checkEnrolmentKey(entry.publicKey);
  return { ...entry, publicKey: new Uint8Array(entry.publicKey), kid: kidOf(entry.publicKey) };
}

/** A fixed set of trusted keys. One key has one owner, one role, one use and its own `kid`; a second entry for it is refused. */
export class TrustSet {
  readonly #byKid = new Map<string, TrustedKey>();

  constructor(keys: Iterable<TrustedKey>) {
    for (const key of keys) {
      const kid = hex(key.kid);
      if (hex(kidOf(key.publicKey)) !== kid) throw new ProtocolError('cose-kid', 'not the kid of this key');
      if (this.#byKid.has(kid)) throw new ProtocolError('cose-kid', 'two trusted keys share one kid');
      this.#byKid.set(kid, key);
    }
  }

  /**
   * The key a `kid` names, if it is trusted for this tenant, use and one of these roles.
   * @throws ProtocolError `cose-kid`; it does not say which of the conditions failed.
   */
  find(kid: Uint8Array, wanted: Wanted): TrustedKey {
    const key = this.#byKid.get(hex(kid));
    if (!key || key.tenant !== wanted.tenant || key.use !== wanted.use || !wanted.roles.includes(key.role))
      throw new ProtocolError('cose-kid', 'no trusted key for this purpose');
    if (key.until !== undefined && (wanted.at === undefined || wanted.at >= key.until))
      throw new ProtocolError('cose-kid', 'no trusted key for this purpose');
    return key;
  }
}
