/** The public keys in a bundle by what they vouch for. A key that is not there is only not there: it accuses nobody. */
import {
  type EpochSeconds,
  kidOf,
  type NoteKey,
  type TrustedKey,
  TrustSet,
  trustedKey,
  type VerifyingKey,
} from '../../protocol/index.ts';
import type { BundleKey } from './bundle.ts';

type Purpose = BundleKey['purpose'];

export class BundleKeys {
  /** Those that sign carts, challenges, confirmations, receipts. */
  readonly trust: TrustSet;
  readonly #keys: readonly BundleKey[];

  /** @throws ProtocolError `key-*` or `cose-kid` for unsound keys and for one that stands there twice. */
  constructor(tenant: string, keys: readonly BundleKey[]) {
    this.#keys = keys;
    this.trust = new TrustSet(keys.flatMap((key) => objectKey(tenant, key)));
  }

  /** The key under which a signer of records and anchors was known at a time: of those that still held then, the first to end. */
  recordKey(signerId: string, at: number): VerifyingKey | undefined {
    const held = this.#of('record', signerId)
      .filter(({ until }) => until === undefined || at < until)
      .sort((one, other) => (one.until ?? Number.POSITIVE_INFINITY) - (other.until ?? Number.POSITIVE_INFINITY));
    return held[0] && { publicKey: held[0].publicKey, kid: kidOf(held[0].publicKey) };
  }

  /** The key of the log that a note says it is of. */
  logKey(purpose: 'journal' | 'chain', note: string): NoteKey | undefined {
    const [name = ''] = note.split('\n');
    const [key] = this.#of(purpose, name);
    return key && { name, publicKey: key.publicKey };
  }

  /** Those who may have signed a note beside its log. */
  get witnesses(): readonly NoteKey[] {
    return this.#keys
      .filter(({ purpose }) => purpose === 'witness')
      .map(({ id, publicKey }) => ({ name: id, publicKey }));
  }

  #of(wanted: Purpose, name: string): readonly BundleKey[] {
    return this.#keys.filter(({ id, purpose }) => purpose === wanted && id === name);
  }
}

function objectKey(tenant: string, { id, purpose, publicKey, role, until }: BundleKey): readonly TrustedKey[] {
  if (purpose !== 'object' || role === undefined) return [];
  const ends = until === undefined ? {} : { until: until as EpochSeconds };
  return [trustedKey({ party: id, role, tenant, use: 'object', publicKey, ...ends })];
}
