/** What the signer makes of the documents it is asked to sign: a view, how long it holds, and how it is signed. One reader for each kind of request. */
import type {
  ConfirmationMethod,
  Digest,
  EpochSeconds,
  Id16,
  ObjectType,
  OpenedObject,
  SigningKey,
} from '../../protocol/index.ts';
import { openObject, ProtocolError } from '../../protocol/index.ts';
import type { Documents } from '../confirm/prompt.ts';
import type { DisplayProfile, View, ViewRefusal } from '../confirm/view.ts';
import type { Directory } from '../directory.ts';
import type { Locale } from '../voice/vocabulary.ts';

/** Whom the signer believes and where it shows things. All of it comes from enrolment, none from a request. */
export interface ReadSettings {
  readonly directory: Directory;
  /** The PSP whose challenges and offers count. */
  readonly psp: string;
  /** The device whose wearer this signer belongs to. */
  readonly device: string;
  readonly profile: DisplayProfile;
  readonly locale: Locale;
}

export type ReadRefusal =
  | 'challenge-signature'
  | 'cart-signature'
  | 'authorization-signature'
  | 'offer-signature'
  | 'draft-malformed'
  | 'terms-differ'
  | 'payee-unknown'
  | ViewRefusal;

/** What goes into the signed object besides what was asked. */
export interface Gesture {
  /** Of the frozen documents, in their order. */
  readonly digests: readonly Digest[];
  readonly viewDigest: Digest;
  readonly method: ConfirmationMethod;
  readonly counter: number;
  readonly confirmedAt: EpochSeconds;
}

export interface Read {
  readonly ok: true;
  readonly view: View;
  /** What the PSP says the time is; only out of an object it signed. */
  readonly issuedAt?: EpochSeconds;
  /** From this signed time on it cannot be confirmed; absent where only the prompt's own limit holds. */
  readonly expiresAt?: EpochSeconds;
  /** Answered once and never again (design 5.4). */
  readonly nonce?: Id16;
  sign(gesture: Gesture, key: SigningKey): { readonly signed: Uint8Array; readonly jsonSignature?: Uint8Array };
}

export type Reading = Read | { readonly ok: false; readonly reason: ReadRefusal };

export type Reader = (documents: Documents, settings: ReadSettings) => Reading;

export function refused(reason: ReadRefusal): { readonly ok: false; readonly reason: ReadRefusal } {
  return { ok: false, reason };
}

/**
 * A signed object under the pinned keys, or `undefined` for whatever is wrong with it.
 * @param at as of when the keys are taken; left out, no key counts that was replaced.
 */
export function opened<T extends ObjectType>(
  type: T,
  bytes: Uint8Array | undefined,
  { directory }: Pick<ReadSettings, 'directory'>,
  at?: EpochSeconds,
): OpenedObject<T> | undefined {
  try {
    const by = { trust: directory.trust, tenant: directory.tenant, ...(at !== undefined && { at }) };
    return bytes && openObject(type, bytes, by);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
