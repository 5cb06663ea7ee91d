/** Recipient keys of a simulated party, kept over its lives as a disk would. */
import type { OwnKeyStore, StatementStore, StoredRecipientKey } from '../device/link/recipient-stores.ts';
import { hex, recipientKeyPair } from '../protocol/index.ts';

export interface MemoryRecipientStores {
  readonly own: OwnKeyStore;
  readonly statements: StatementStore;
  /** The `kid`s of the private keys that whoever takes the party now would find, in hex. */
  readonly held: readonly string[];
}

/**
 * @param reached called before and after each write with the name of what is written; it throws where the power goes.
 */
export function memoryRecipientStores(
  reached: (moment: 'store' | 'stored', disk: string) => void = () => {},
): MemoryRecipientStores {
  const own = new Map<string, StoredRecipientKey>();
  let statements: readonly Uint8Array[] = [];
  return {
    own: {
      read: () => [...own.values()].map((key) => ({ ...key, seed: key.seed.slice() })),
      keep(key) {
        reached('store', 'recipient-keys');
        own.set(hex(recipientKeyPair(key.seed).kid), { ...key, seed: key.seed.slice() });
        reached('stored', 'recipient-keys');
      },
      erase: (kid) => void own.delete(hex(kid)),
    },
    statements: {
      read: () => statements.map((one) => one.slice()),
      replace(next) {
        reached('store', 'statements');
        statements = next.map((one) => one.slice());
        reached('stored', 'statements');
      },
    },
    get held() {
      return [...own.keys()];
    },
  };
}
