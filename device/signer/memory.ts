/** What a signer must not forget, not even without power: its counter, the nonces it has answered, the time it was told and its locks (design 5.4). */
import {
  type CborValue,
  decodeCbor,
  type EpochSeconds,
  encodeCbor,
  epochSeconds,
  fromHex,
  hex,
  type Id16,
  isBytes,
  ProtocolError,
} from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import type { Journal } from '../ports.ts';

/** Nonces kept at a time. Each took a hold of its own, and may be forgotten once the time of its challenge is over. */
export const MAX_NONCES = 512;
/** 2000-01-01: what a signer takes the time to be that was never told any. */
const NEVER_TOLD = epochSeconds(946_684_800);

export type LockKind = 'by-wearer' | 'by-psp';

/** A lock order that was obeyed: the version of the latest one counts (T4). */
export interface ObeyedOrder {
  readonly isLocked: boolean;
  readonly version: number;
}

/** What a signature takes: the nonce it answers, if any, until when that could be asked again, and the signed time. */
export interface Spending {
  readonly nonce: Id16 | undefined;
  readonly expiresAt: EpochSeconds | undefined;
  readonly seen: EpochSeconds;
}

export interface SignerMemory {
  readonly counter: number;
  /** The latest signed time that was made durable. */
  readonly seen: EpochSeconds;
  /** The lock that is durable. */
  readonly lock: LockKind | undefined;
  /** The lock that holds: also one that was told and could not be made durable. */
  readonly lockInForce: LockKind | undefined;
  /** Of the lock order that was obeyed last; 0 where none was. */
  readonly orderVersion: number;
  /** Whether this nonce was answered before. */
  hasAnswered(nonce: Id16): boolean;
  /** Whether one more nonce can be kept at this signed time. Those whose time is over are forgotten, but only for want of room. */
  hasRoom(now: EpochSeconds): boolean;
  /**
   * Takes the next counter and makes it durable with the nonce, before it returns, so that a power cut between here and
   * the signature wastes a number and never repeats one. @throws StoreError when it cannot be made durable.
   */
  spend(what: Spending): number;
  /** Locked or unlocked by the wearer. A lock holds from here on, kept or not; it is lifted once that is kept. @throws StoreError */
  setLocked(locked: boolean): void;
  /** Locked or unlocked by the PSP, in the same way. @throws StoreError */
  obey(order: ObeyedOrder): void;
}

/** The first item of a record. */
const [SPENT, WEARER_LOCK, PSP_LOCK] = [1, 2, 3] as const;

/** @throws StoreError `store-altered` when the journal holds anything but what this memory writes, in the order it does. */
export function openSignerMemory(journal: Journal): SignerMemory {
  const memory = new JournalMemory(journal);
  for (const record of journal.read()) memory.replay(record);
  return memory;
}

class JournalMemory implements SignerMemory {
  readonly #journal: Journal;
  readonly #answered = new Map<string, EpochSeconds>();
  #counter = 0;
  #seen = NEVER_TOLD;
  #lockedByWearer = false;
  #order: ObeyedOrder | undefined;
  /** Locks that were told and are not durable. */
  readonly #unkept = new Set<LockKind>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get counter(): number {
    return this.#counter;
  }

  get seen(): EpochSeconds {
    return this.#seen;
  }

  get lock(): LockKind | undefined {
    if (this.#order?.isLocked) return 'by-psp';
    return this.#lockedByWearer ? 'by-wearer' : undefined;
  }

  get lockInForce(): LockKind | undefined {
    if (this.#unkept.has('by-psp')) return 'by-psp';
    return this.lock ?? (this.#unkept.has('by-wearer') ? 'by-wearer' : undefined);
  }

  get orderVersion(): number {
    return this.#order?.version ?? 0;
  }

  hasAnswered(nonce: Id16): boolean {
    return this.#answered.has(nonce);
  }

  hasRoom(now: EpochSeconds): boolean {
    if (this.#answered.size < MAX_NONCES) return true;
    for (const [nonce, expiresAt] of this.#answered) if (expiresAt < now) this.#answered.delete(nonce);
    return this.#answered.size < MAX_NONCES;
  }

  spend({ nonce, expiresAt, seen }: Spending): number {
    const kept = nonce !== undefined && expiresAt !== undefined ? [fromHex(nonce), expiresAt] : [];
    this.#append([SPENT, this.#counter + 1, seen, ...kept]);
    return this.#counter;
  }

  setLocked(locked: boolean): void {
    // A lock is the one effect that comes before it is durable: a full disk must not keep a lost signer open (T18).
    if (locked) this.#unkept.add('by-wearer');
    this.#append([WEARER_LOCK, locked]);
  }

  obey({ isLocked, version }: ObeyedOrder): void {
    if (isLocked) this.#unkept.add('by-psp');
    this.#append([PSP_LOCK, isLocked, version]);
  }

  /** What is written is read back as after a restart: there is one way into this memory. */
  #append(entry: CborValue[]): void {
    const record = encodeCbor(entry);
    this.#journal.append([record]);
    this.replay(record);
  }

  replay(record: Uint8Array): void {
    const entry = itemsOf(record);
    const known = this.#spent(entry) || this.#wearerLock(entry) || this.#pspLock(entry);
    if (!known) throw altered('a record that this signer does not write');
  }

  #spent([kind, counter, seen, nonce, expiresAt, ...rest]: readonly CborValue[]): boolean {
    if (kind !== SPENT || rest.length > 0 || typeof seen !== 'number') return false;
    if (typeof counter !== 'number' || counter <= this.#counter) throw altered('the counter does not grow');
    if (nonce !== undefined) {
      if (!isBytes(nonce) || nonce.length !== 16 || typeof expiresAt !== 'number') return false;
      this.#answered.set(hex(nonce), expiresAt as EpochSeconds);
    }
    this.#counter = counter;
    if (seen > this.#seen) this.#seen = epochSeconds(seen);
    return true;
  }

  #wearerLock([kind, locked, ...rest]: readonly CborValue[]): boolean {
    if (kind !== WEARER_LOCK || typeof locked !== 'boolean' || rest.length > 0) return false;
    this.#lockedByWearer = locked;
    this.#unkept.delete('by-wearer');
    return true;
  }

  #pspLock([kind, isLocked, version, ...rest]: readonly CborValue[]): boolean {
    if (kind !== PSP_LOCK || typeof isLocked !== 'boolean' || typeof version !== 'number' || rest.length > 0)
      return false;
    if (version <= this.orderVersion) throw altered('a lock order that is not newer than the one before');
    this.#order = { isLocked, version };
    this.#unkept.delete('by-psp');
    return true;
  }
}

function itemsOf(record: Uint8Array): readonly CborValue[] {
  try {
    const entry = decodeCbor(record);
    return Array.isArray(entry) ? entry : [];
  } catch (error) {
    if (error instanceof ProtocolError) return [];
    throw error;
  }
}

function altered(what: string): StoreError {
  return new StoreError('store-altered', `the signer's memory holds ${what}`, 'lock the device and enrol it again');
}
