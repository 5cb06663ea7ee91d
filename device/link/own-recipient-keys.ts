/**
 * One's own recipient keys over time: the next one is made while a third of the window is left, kept before anybody hears
 * of it, and each is erased as soon as nothing genuine can be sealed for it any more. Whoever takes the device later
 * reads no more than its last window (SPEC ACTC-SEA-012, ACTC-SEA-015).
 */

import type { Role } from '../../protocol/fields.ts';
import { CLOCK_SKEW_S } from '../../protocol/frame.ts';
import {
  type EpochSeconds,
  hex,
  openingKeys,
  RECIPIENT_KEY_GRACE_S,
  type RecipientPrivateKey,
  type SigningKey,
  signRecipientKey,
} from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import type { Log, Random } from '../ports.ts';
import { ENVELOPES, type Envelopes } from './envelopes.ts';
import type { OwnKeyStore, StoredRecipientKey } from './recipient-stores.ts';

/** Who has recipient keys. */
export interface Recipient {
  readonly party: string;
  readonly role: Exclude<Role, 'signer'>;
}

/** A private key with its window. */
export interface OwnKey {
  readonly key: RecipientPrivateKey;
  readonly notBefore: EpochSeconds;
  readonly notAfter: EpochSeconds;
}

export interface OwnRecipientKeysParts {
  readonly self: Recipient;
  readonly tenant: string;
  /** Signs what is published. */
  readonly frameKey: SigningKey;
  /** The key the party enrolled with; absent once it has been erased. */
  readonly enrolled: OwnKey | undefined;
  readonly store: OwnKeyStore;
  /** How long a new key holds. */
  readonly windowS: number;
  readonly random: Random;
  /** What holds private keys; the protocol's own unless something stands in between, as where a run is recorded. */
  readonly envelopes?: Envelopes;
  readonly log: Log;
}

/** More than rotation ever needs; a clock that is thrown about (T16) makes no more than these. */
const MOST_KEPT = 4;
const SEED_BYTES = 32;

export class OwnRecipientKeys {
  readonly #parts: OwnRecipientKeysParts;
  #keys: readonly OwnKey[];

  /** Reads what is kept. @throws DeviceError as the store does. */
  constructor(parts: OwnRecipientKeysParts) {
    this.#parts = parts;
    const { envelopes = ENVELOPES } = parts;
    const kept = parts.store.read().map((stored) => opened(stored, envelopes));
    this.#keys = parts.enrolled ? [parts.enrolled, ...kept] : kept;
  }

  /** Those that open now, by `kid` in hex. */
  opening(now: EpochSeconds): ReadonlyMap<string, RecipientPrivateKey> {
    return openingKeys(this.#keys, now);
  }

  /** The key the others are to seal for now; `undefined` before the first {@link turn} of a party whose keys have all ended. */
  newest(now: EpochSeconds): OwnKey | undefined {
    const holding = this.#keys.filter((one) => one.notBefore <= now + CLOCK_SKEW_S && now <= one.notAfter);
    return holding.sort((a, b) => b.notBefore - a.notBefore)[0];
  }

  /** Whether this is another key than the one that everybody has from the enrolment. */
  isRotated({ key }: OwnKey): boolean {
    return this.#parts.enrolled === undefined || hex(this.#parts.enrolled.key.kid) !== hex(key.kid);
  }

  /** What is published of a key: the same bytes each time. */
  statementOf({ key, notBefore, notAfter }: OwnKey): Uint8Array {
    const { self, tenant, frameKey } = this.#parts;
    return signRecipientKey({ ...self, publicKey: key.publicKey, notBefore, notAfter }, tenant, frameKey);
  }

  /**
   * Does what is due: makes the next key, erases those that have ended.
   * @returns the key that was made. It is durable.
   * @throws StoreError when it could not be kept; then there is none. Called again, it is tried again.
   */
  turn(now: EpochSeconds): OwnKey | undefined {
    const newest = this.newest(now);
    const made = newest === undefined || this.#turnsAt(newest) <= now ? this.#make(now) : undefined;
    // The one in use stays, however many were made ahead of it by a clock that was wrong then (T16).
    const others = this.#keys.filter((one) => one !== (made ?? newest));
    const longest = others.sort((a, b) => b.notAfter - a.notAfter);
    const gone = longest.filter((one, i) => i >= MOST_KEPT || one.notAfter + RECIPIENT_KEY_GRACE_S < now);
    for (const one of gone) this.#erase(one);
    return made;
  }

  /** When {@link turn} has something to do next. */
  dueAt(now: EpochSeconds): EpochSeconds {
    const newest = this.newest(now);
    const ends = this.#keys.map(({ notAfter }) => notAfter + RECIPIENT_KEY_GRACE_S + 1);
    return Math.min(newest ? this.#turnsAt(newest) : now, ...ends) as EpochSeconds;
  }

  #turnsAt({ notBefore, notAfter }: OwnKey): number {
    const windowS = Math.min(notAfter - notBefore, this.#parts.windowS);
    return notBefore + Math.floor((windowS * 2) / 3);
  }

  #make(now: EpochSeconds): OwnKey {
    const { store, windowS, random, envelopes = ENVELOPES, log } = this.#parts;
    const stored = { seed: random.bytes(SEED_BYTES), notBefore: now, notAfter: (now + windowS) as EpochSeconds };
    try {
      const made = { ...stored, key: envelopes.keyPair(stored.seed) };
      store.keep(stored, this.statementOf(made));
      const { key, notBefore, notAfter } = made;
      const own = { key, notBefore, notAfter };
      this.#keys = [...this.#keys, own];
      log.write('info', 'recipient-key-made', { kid: hex(key.kid), notAfter });
      return own;
    } finally {
      stored.seed.fill(0);
    }
  }

  /** Forgotten here even where the store fails: it opens nothing any more, and the store is asked again at the next start. */
  #erase(gone: OwnKey): void {
    const { store, log } = this.#parts;
    this.#keys = this.#keys.filter((one) => one !== gone);
    try {
      store.erase(gone.key.kid);
      log.write('info', 'recipient-key-erased', { kid: hex(gone.key.kid) });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.write('error', 'recipient-key-not-erased', { kid: hex(gone.key.kid), reason: error.message });
    }
  }
}

function opened({ seed, notBefore, notAfter }: StoredRecipientKey, envelopes: Envelopes): OwnKey {
  const key = envelopes.keyPair(seed);
  seed.fill(0);
  return { key, notBefore, notAfter };
}
