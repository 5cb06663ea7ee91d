/**
 * When the device's journal begins a new generation, and with what: everything that a restart needs, so that a start reads one
 * generation and not all that ever happened (T30). What is left behind stays in the archive, for proofs and for `audit`.
 * What the wearer said is in neither: an archive of words would keep what is to be forgotten, so their journal has one
 * generation, which shrinks when `audit forget` writes it anew.
 */
import { type EpochMs, type EpochSeconds, msOf, peekFrame, secondsOf } from '../protocol/index.ts';
import type { TreeBase } from './audit/journal-tree.ts';
import type { Kept } from './delegation/book.ts';
import type { DelegationMemory } from './delegation/record.ts';
import { type Delegation, isHeld, isRunning } from './delegation/state.ts';
import { StoreError } from './errors.ts';
import {
  encodeRecord,
  type JournalRecord,
  type OutgoingFrame,
  type Purchases,
  type SeenFrame,
} from './journal-record.ts';
import type { Journal, Log } from './ports.ts';

/** A generation is full after so many entries, or bytes of them, behind those it began with: about a second of reading. */
export const FULL_GENERATION = { entries: 2_048, bytes: 8 << 20 } as const;
/** Payments, and delegations after their last day, are known without the archive for so long: more than a year of statements. */
export const KNOWN_FOR_MS = 400 * 86_400_000;
const PUT_OFF_ENTRIES = 64;
/** The entry that carries over. It reports nothing that had not happened before. */
export const CARRIED_OVER = 'carried-over';

/** So many things stand in one entry at most, which keeps each far below what one append may take. */
const PER_ENTRY = { sent: 4, seen: 1_024, delegations: 32, kept: 512, receipts: 512 } as const;

/** A frame that may not have left yet, and when it is over. */
interface Leaving {
  readonly out: OutgoingFrame;
  readonly exp: EpochSeconds;
}

/** How far the present generation has come, and the frames in it that may not have left yet. */
export class Generation {
  #entries = 0;
  #bytes = 0;
  /** Not before there are so many entries. */
  #notBefore = 0;
  #sent: readonly Leaving[] = [];

  get isFull(): boolean {
    const { entries, bytes } = FULL_GENERATION;
    return this.#entries >= this.#notBefore && (this.#entries >= entries || this.#bytes >= bytes);
  }

  /** It could not be closed off now: not every step is to try. */
  putOff(): void {
    this.#notBefore = this.#entries + PUT_OFF_ENTRIES;
  }

  /** Takes in an entry that is durable. */
  take({ event, sent, at }: Pick<JournalRecord, 'event' | 'sent' | 'at'>, bytes: number): void {
    if (sent.length > 0)
      this.#sent = [...this.#leaving(at), ...sent.map((out) => ({ out, exp: peekFrame(out.frame).exp }))];
    if (event === CARRIED_OVER) [this.#entries, this.#bytes, this.#notBefore] = [0, 0, 0];
    else [this.#entries, this.#bytes] = [this.#entries + 1, this.#bytes + bytes];
  }

  /** Those of the frames that a broker would still take. */
  sentBefore(now: EpochMs): readonly OutgoingFrame[] {
    return this.#leaving(now).map(({ out }) => out);
  }

  #leaving(now: EpochMs): readonly Leaving[] {
    return this.#sent.filter(({ exp }) => exp > secondsOf(now));
  }
}

/** All that a restart would find. */
export interface Standing {
  readonly at: EpochMs;
  readonly purchases: Purchases;
  readonly memory: DelegationMemory;
  readonly sent: readonly OutgoingFrame[];
  readonly seen: readonly SeenFrame[];
  /** Of the tree of all entries so far; absent where nobody holds the journal to anything. */
  readonly base?: TreeBase;
}

/** The entries that a new generation begins with; read in order, they lead to what stands now. */
export function carriedOver({ at, purchases, memory, sent, seen, base }: Standing): readonly JournalRecord[] {
  const delegations = [...memory.items.values()].filter((one) => isKnown(one, at));
  const known = new Set(delegations.map(({ id }) => id));
  const kept = memory.book.all.filter(
    (one) => paidAtOf(one) + KNOWN_FOR_MS > at || (one.delegationId !== undefined && known.has(one.delegationId)),
  );
  const receipts = memory.book.receipts.filter(({ paidAt }) => msOf(paidAt) + KNOWN_FOR_MS > at);
  const entry = { at, event: CARRIED_OVER, sent: [], purchases };
  const nothing = { seen: [], receipts: [] };
  return [
    { ...entry, carried: { ...nothing, ...(base && { base }) } },
    ...inParts(sent, PER_ENTRY.sent).map((part) => ({ ...entry, sent: part })),
    ...inParts(seen, PER_ENTRY.seen).map((part) => ({ ...entry, carried: { ...nothing, seen: part } })),
    ...inParts(receipts, PER_ENTRY.receipts).map((part) => ({ ...entry, carried: { ...nothing, receipts: part } })),
    ...inParts(delegations, PER_ENTRY.delegations).map((part) => ({
      ...entry,
      delegations: { changed: part, kept: [] },
    })),
    ...inParts(kept, PER_ENTRY.kept).map((part) => ({ ...entry, delegations: { changed: [], kept: part } })),
  ];
}

/**
 * Closes the journal off and begins the next generation with what stands.
 * @returns what that begins with; `undefined` where it is put off, because the disk is full for example: nothing has changed then.
 */
export function beginGeneration(journal: Journal, standing: Standing, log: Log): readonly JournalRecord[] | undefined {
  const entries = carriedOver(standing);
  try {
    if (!journal.rotate?.(entries.map(encodeRecord))) return undefined;
    log.write('info', 'journal-closed-off', { entries: standing.base?.size ?? 0 });
    return entries;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log.write('error', error.code);
    return undefined;
  }
}

/** What is not signed yet, what can pay, and what ended not long ago. */
function isKnown(one: Delegation, now: EpochMs): boolean {
  return !isHeld(one) || isRunning(one) || msOf(one.iac.validityEndTime) + KNOWN_FOR_MS > now;
}

function paidAtOf(one: Kept): number {
  return msOf(one.kind === 'spend' ? one.paidAt : one.refundedAt);
}

function inParts<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));
}
