/**
 * The X25519 keys that frames are sealed for. Each party publishes its own under its frame key, which authenticates
 * transport and which every receiver of frames has; object keys stay with what is evidence (design 2). They are rotated:
 * whoever takes a key later reads no more than its window.
 */
import { hex } from './bytes.ts';
import { type CborKey, decodeCbor, encodeCbor } from './cbor.ts';
import { type AgreementKey, sha256 } from './crypto.ts';
import { ProtocolError } from './errors.ts';
import { epochSeconds } from './fields.ts';
import { CLOCK_SKEW_S, FRAME_MAX_LIFETIME_S, type Party } from './frame.ts';
import { checkedSeed, deriveKeyPair, HPKE_KEY_BYTES, isSoundPublicKey } from './hpke.ts';
import { partyId } from './ids.ts';
import { KID_BYTES, parseSign1, type SigningKey, signSign1, verifyParsed } from './sign1.ts';
import type { EpochSeconds } from './time.ts';
import type { TrustSet } from './trust.ts';
import { PROFILE, PROFILE_VERSION } from './version.ts';
import { bytes, oneOf, type WireValue, wireMap } from './wire.ts';

/** The type number of a recipient key: the last one below the frames, so that it is read as none of them (T25). */
export const RECIPIENT_KEY_TYP = 31;
/** The longest a key may be sealed for: 90 days. */
export const RECIPIENT_KEY_MAX_WINDOW_S = 90 * 86_400;
/**
 * How long after its end a key still opens: a frame sealed in its last second, by a clock that is behind, lives this long
 * at a receiver whose clock is ahead.
 */
export const RECIPIENT_KEY_GRACE_S = FRAME_MAX_LIFETIME_S + 2 * CLOCK_SKEW_S;
/**
 * How far ahead of the reader's clock a window may begin to be learnt: the next key may be published early, but a party
 * whose clock runs far ahead must not fill the places of the keys it is reached with now (T16).
 */
export const RECIPIENT_KEY_MAX_AHEAD_S = 86_400;
/** Keys remembered per party: the one before, the one in use, the next. */
const KEPT_PER_PARTY = 3;

/** Who receives frames. */
const ROLE_NUMBERS = { device: 1, agent: 2, merchant: 3, psp: 4 } as const;
const RECIPIENT_ROLES = Object.keys(ROLE_NUMBERS) as (keyof typeof ROLE_NUMBERS)[];

/** Party and public key, and the seconds from and to which frames may be sealed for it. The `kid` is computed, not carried. */
export const RecipientKeyBody = wireMap('recipient-key', {
  party: [1, partyId],
  role: [2, oneOf(ROLE_NUMBERS)],
  publicKey: [3, bytes(HPKE_KEY_BYTES)],
  notBefore: [4, epochSeconds],
  notAfter: [5, epochSeconds],
});
export type RecipientKeyBody = WireValue<typeof RecipientKeyBody>;

/** A private key that opens what was sealed for it. */
export interface RecipientPrivateKey extends AgreementKey {
  readonly kid: Uint8Array;
}

declare const opened: unique symbol;

/** A public key to seal for. Only {@link openRecipientKey} makes one, out of a signature that a {@link TrustSet} trusts. */
export interface RecipientPublicKey extends RecipientKeyBody {
  readonly tenant: string;
  readonly kid: Uint8Array;
  readonly [opened]: true;
}

/** The key pair of 32 secret random bytes (RFC 9180 §7.1.3). @throws ProtocolError `key-malformed` for another length. */
export function recipientKeyPair(seed: Uint8Array): RecipientPrivateKey {
  const key = deriveKeyPair(checkedSeed(seed));
  return { ...key, kid: recipientKidOf(key.publicKey) };
}

/** The first 8 bytes of the SHA-256 thumbprint (RFC 9679 §3) of the key as a COSE_Key: kty OKP, crv X25519, x. */
export function recipientKidOf(publicKey: Uint8Array): Uint8Array {
  const coseKey = new Map<CborKey, number | Uint8Array>([
    [1, 1],
    [-1, 4],
    [-2, publicKey],
  ]);
  return sha256(encodeCbor(coseKey)).slice(0, KID_BYTES);
}

function aadOf(tenant: string): Uint8Array {
  return encodeCbor([PROFILE, PROFILE_VERSION, 'recipient-key', RECIPIENT_KEY_TYP, tenant]);
}

/** Signs a key under the frame key of its party. @throws ProtocolError as {@link openRecipientKey} would: `seal-key`, `message-shape`. */
export function signRecipientKey(value: RecipientKeyBody, tenant: string, frameKey: SigningKey): Uint8Array {
  checkBody(value);
  const payload = encodeCbor(RecipientKeyBody.encode(value, 'recipient-key'));
  return signSign1({ payload, key: frameKey, typ: RECIPIENT_KEY_TYP, externalAad: aadOf(tenant) });
}

/**
 * Verifies and decodes a recipient key. A party speaks for itself only: the frame key that signed must be its own.
 * @throws ProtocolError `seal-key` for a key of somebody else, of low order or with a window that is empty or too long;
 *   `cose-*`, `cbor-*`, `message-shape`.
 */
export function openRecipientKey(
  signed: Uint8Array,
  by: { readonly trust: TrustSet; readonly tenant: string },
): RecipientPublicKey {
  const parsed = parseSign1(signed);
  const signer = by.trust.find(parsed.header.kid, { tenant: by.tenant, use: 'frame', roles: RECIPIENT_ROLES });
  verifyParsed(parsed, { key: signer, typ: RECIPIENT_KEY_TYP, externalAad: aadOf(by.tenant) });
  const value = RecipientKeyBody.decode(decodeCbor(parsed.payload), 'recipient-key');
  if (value.party !== signer.party || value.role !== signer.role) refuse('signed by another party than it names');
  checkBody(value);
  return { ...value, tenant: by.tenant, kid: recipientKidOf(value.publicKey) } as RecipientPublicKey;
}

/**
 * Whether these bytes say that they are a recipient key: so a receiver tells one from a frame. Nothing of it is verified,
 * that is for {@link openRecipientKey}.
 */
export function isRecipientKey(bytes: Uint8Array): boolean {
  try {
    return parseSign1(bytes).header.typ === RECIPIENT_KEY_TYP;
  } catch {
    return false;
  }
}

function checkBody({ publicKey, notBefore, notAfter }: RecipientKeyBody): void {
  const windowS = notAfter - notBefore;
  if (windowS < 1 || windowS > RECIPIENT_KEY_MAX_WINDOW_S) refuse('the window is empty or longer than 90 days');
  if (!isSoundPublicKey(publicKey)) refuse('not an X25519 public key, or one of low order');
}

/** The keys of the others, to seal for. Whatever order they come in, and however often, the answer is the same (T4). */
export class RecipientKeySet {
  readonly #byOwner = new Map<string, readonly RecipientPublicKey[]>();

  constructor(keys: Iterable<RecipientPublicKey> = []) {
    for (const key of keys) this.add(key);
  }

  /** Every key that is remembered, at most three a party. */
  get all(): readonly RecipientPublicKey[] {
    return [...this.#byOwner.values()].flat();
  }

  /**
   * Whether {@link add} would make a difference from now on: not for a key that is known, has ended, or is older than all
   * that are remembered of its party.
   * @throws ProtocolError `seal-key` for a window that begins more than {@link RECIPIENT_KEY_MAX_AHEAD_S} from now, and as `add`.
   */
  isNews(key: RecipientPublicKey, now: EpochSeconds): boolean {
    if (key.notBefore > now + RECIPIENT_KEY_MAX_AHEAD_S) refuse('a window too far ahead');
    const kept = this.#with(key);
    return now <= key.notAfter && kept !== undefined && kept.includes(key);
  }

  /** @throws ProtocolError `seal-key` for a known key with another window: keys are replaced, not prolonged. */
  add(key: RecipientPublicKey): void {
    const kept = this.#with(key);
    if (kept !== undefined) this.#byOwner.set(ownerOf(key), kept);
  }

  /** What would be kept of the party with this key; `undefined` for a key that is known. */
  #with(key: RecipientPublicKey): readonly RecipientPublicKey[] | undefined {
    const known = this.#byOwner.get(ownerOf(key)) ?? [];
    const same = known.find((other) => hex(other.kid) === hex(key.kid));
    if (same === undefined) {
      // The newest stay: a broker that repeats old keys displaces none.
      return [...known, key].sort(newestFirst).slice(0, KEPT_PER_PARTY);
    }
    if (same.notBefore !== key.notBefore || same.notAfter !== key.notAfter) refuse('a known key with another window');
    return undefined;
  }

  /** The key of this party with this `kid`, whenever it holds. */
  find(party: Party, kid: Uint8Array): RecipientPublicKey | undefined {
    return this.#byOwner.get(ownerOf(party))?.find((key) => hex(key.kid) === hex(kid));
  }

  /** The newest key of this party, whether it holds now or not. */
  latest(party: Party): RecipientPublicKey | undefined {
    return this.#byOwner.get(ownerOf(party))?.[0];
  }

  /** The newest key of this party that one may seal for now; `undefined` if there is none, and then nothing may be sent. */
  current(party: Party, now: EpochSeconds): RecipientPublicKey | undefined {
    return this.#byOwner.get(ownerOf(party))?.find(({ notBefore, notAfter }) => notBefore <= now && now <= notAfter);
  }
}

function ownerOf({ role, party }: Party): string {
  return `${role}/${party}`;
}

function newestFirst(a: RecipientPublicKey, b: RecipientPublicKey): number {
  return b.notBefore - a.notBefore || (hex(a.kid) < hex(b.kid) ? -1 : 1);
}

/** One's own key and its published end. */
export interface OwnRecipientKey {
  readonly key: RecipientPrivateKey;
  readonly notAfter: EpochSeconds;
}

/** Those of one's own keys that still open now, by `kid` in hex: until {@link RECIPIENT_KEY_GRACE_S} after their end. */
export function openingKeys(
  own: Iterable<OwnRecipientKey>,
  now: EpochSeconds,
): ReadonlyMap<string, RecipientPrivateKey> {
  const open = [...own].filter(({ notAfter }) => now <= notAfter + RECIPIENT_KEY_GRACE_S);
  return new Map(open.map(({ key }) => [hex(key.kid), key]));
}

function refuse(detail: string): never {
  throw new ProtocolError('seal-key', detail);
}
