/**
 * The keys of the others: those of the directory, and those their owners published since, which outlive the process.
 * A statement convinces by its signature alone, whoever brought it; one that is repeated displaces nothing.
 */
import {
  type EpochMs,
  type EpochSeconds,
  hex,
  openRecipientKey,
  type Party,
  ProtocolError,
  parseSign1,
  RecipientKeySet,
  type RecipientPublicKey,
  secondsOf,
  type TrustSet,
} from '../../protocol/index.ts';
import type { Log } from '../ports.ts';
import type { StatementStore } from './recipient-stores.ts';
import { TokenBuckets } from './token-buckets.ts';

export interface KnownRecipientsParts {
  readonly tenant: string;
  readonly trust: TrustSet;
  /** Whether frames go to this party: nobody else's key is learnt, so that what is stored is bounded. */
  readonly isPeer: (party: string) => boolean;
  /** Filled from the directory. It is added to here, so it must belong to nobody else. */
  readonly keys: RecipientKeySet;
  readonly store: StatementStore;
  readonly log: Log;
}

/**
 * What is looked at of one signer at once, and each second after that: verifying costs, and so does each write (T30). A key
 * that was missed is announced again.
 */
export const STATEMENTS_PER_SIGNER = { burst: 16, perSecond: 0.2 } as const;

export class KnownRecipients {
  readonly #parts: KnownRecipientsParts;
  /** Every statement that came after the directory, by `kid` in hex: as many as the set keeps. */
  #signed: ReadonlyMap<string, Uint8Array>;
  readonly #buckets = new TokenBuckets(STATEMENTS_PER_SIGNER);

  /** Takes up what is stored. One that the directory no longer vouches for is left out. @throws StoreError */
  constructor(parts: KnownRecipientsParts) {
    this.#parts = parts;
    const signed = new Map<string, Uint8Array>();
    for (const statement of parts.store.read()) {
      try {
        const key = openRecipientKey(statement, parts);
        parts.keys.add(key);
        signed.set(hex(key.kid), statement);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        parts.log.write('warn', 'recipient-key-forgotten', { reason: error.code });
      }
    }
    this.#signed = signed;
  }

  /** The key to seal for now. */
  current(party: Party, now: EpochSeconds): RecipientPublicKey | undefined {
    return this.#parts.keys.current(party, now);
  }

  /** The last key heard of, whether it holds or not. */
  latest(party: Party): RecipientPublicKey | undefined {
    return this.#parts.keys.latest(party);
  }

  /** Whether this is, or was lately, a key of that party. */
  has(party: Party, kid: Uint8Array): boolean {
    return this.#parts.keys.find(party, kid) !== undefined;
  }

  /**
   * Takes one statement in, durably before it returns.
   * @param owner whose topic it came on, where only one party writes there: only that party's are looked at, so that nobody
   *   uses up the rate of another (T30). Without it, a device's are not.
   * @returns whose it is and whether it was new, or `undefined` where one signer sends so many that this one was not looked at.
   * @throws ProtocolError as {@link openRecipientKey} and `RecipientKeySet.isNews`; StoreError, and then nothing was learnt.
   */
  learn(
    statement: Uint8Array,
    owner: string | undefined,
    now: EpochMs,
  ): { readonly party: string; readonly isNews: boolean } | undefined {
    const { tenant, trust, isPeer, keys, log } = this.#parts;
    const { kid } = parseSign1(statement).header;
    // Only signers we know have a bucket, so that there are few of them.
    const signer = trust.find(kid, { tenant, use: 'frame', roles: ['device', 'agent', 'merchant', 'psp'] });
    if (!isPeer(signer.party)) throw new ProtocolError('seal-key', 'the key of somebody no frames go to');
    if (owner === undefined ? signer.role === 'device' : signer.party !== owner)
      throw new ProtocolError('seal-key', 'on the topic of another party');
    if (!this.#buckets.take(hex(kid), now)) return undefined;
    const key = openRecipientKey(statement, { trust, tenant });
    const isNews = keys.isNews(key, secondsOf(now));
    if (isNews) {
      this.#keep(key, statement);
      log.write('info', 'recipient-key-learnt', { party: key.party, kid: hex(key.kid), notAfter: key.notAfter });
    }
    return { party: key.party, isNews };
  }

  /** Remembers what we published ourselves, so that a key of ours is known as such when its private part is gone. @throws StoreError */
  published(statement: Uint8Array): void {
    const { tenant, trust } = this.#parts;
    this.#keep(openRecipientKey(statement, { trust, tenant }), statement);
  }

  /** Stored first: what was acknowledged to the broker does not come again. */
  #keep(key: RecipientPublicKey, statement: Uint8Array): void {
    const { keys, store } = this.#parts;
    const after = new RecipientKeySet([...keys.all, key]);
    const signed = new Map([...this.#signed, [hex(key.kid), statement.slice()] as const]);
    const kept = new Set(after.all.map(({ kid }) => hex(kid)));
    for (const kid of signed.keys()) if (!kept.has(kid)) signed.delete(kid);
    store.replace([...signed.values()]);
    this.#signed = signed;
    keys.add(key);
  }
}
