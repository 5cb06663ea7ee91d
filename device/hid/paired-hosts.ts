/** The hosts that a signer trusts, in a journal of its own: durable before the host is told, and bounded (ACT-HID.md §5.3). */
import { type CborValue, decodeCbor, encodeCbor, hex, isBytes, ProtocolError } from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import type { Journal } from '../ports.ts';
import { MAX_HOSTS } from './limits.ts';

export interface PairedHosts {
  readonly count: number;
  has(publicKey: Uint8Array): boolean;
  /** The one that was paired first gives way where there is no room. @throws StoreError */
  add(publicKey: Uint8Array): void;
  /** @throws StoreError */
  remove(publicKey: Uint8Array): void;
  /** @throws StoreError */
  clear(): void;
}

/** The first item of a record. */
const [PAIRED, UNPAIRED, CLEARED] = [1, 2, 3] as const;
const KEY_BYTES = 32;

/** @throws StoreError `store-altered` when the journal holds anything but what this writes. */
export function openPairedHosts(journal: Journal): PairedHosts {
  /** In the order of pairing. */
  const hosts = new Set<string>();

  function replay(record: Uint8Array): void {
    const [kind, publicKey, ...rest] = itemsOf(record);
    if (kind === CLEARED && publicKey === undefined) {
      hosts.clear();
      return;
    }
    const isSound = isBytes(publicKey) && publicKey.length === KEY_BYTES && rest.length === 0;
    if (!isSound || (kind !== PAIRED && kind !== UNPAIRED)) throw altered();
    hosts.delete(hex(publicKey));
    if (kind === UNPAIRED) return;
    const [first] = hosts;
    if (first !== undefined && hosts.size >= MAX_HOSTS) hosts.delete(first);
    hosts.add(hex(publicKey));
  }

  /** What is written is read back as after a restart: there is one way into this list. */
  function append(items: CborValue[]): void {
    const record = encodeCbor(items);
    journal.append([record]);
    replay(record);
  }

  for (const record of journal.read()) replay(record);
  return {
    get count() {
      return hosts.size;
    },
    has: (publicKey) => hosts.has(hex(publicKey)),
    add: (publicKey) => append([PAIRED, new Uint8Array(publicKey)]),
    remove: (publicKey) => append([UNPAIRED, new Uint8Array(publicKey)]),
    clear: () => append([CLEARED]),
  };
}

function itemsOf(record: Uint8Array): readonly CborValue[] {
  try {
    const items = decodeCbor(record);
    return Array.isArray(items) ? items : [];
  } catch (error) {
    if (error instanceof ProtocolError) return [];
    throw error;
  }
}

function altered(): StoreError {
  const hint = 'Unpair all hosts by a factory reset and pair again.';
  return new StoreError('store-altered', 'the list of paired hosts holds a record that nobody wrote', hint);
}
