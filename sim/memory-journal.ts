import {
  type JournalHeader,
  type JournalScan,
  MAX_APPEND_BYTES,
  makeFrame,
  makeHeader,
  readHeader,
  SALT_BYTES,
  scanJournal,
} from '../device/adapters/journal-format.ts';
import { StoreError, type StoreErrorCode } from '../device/errors.ts';
import type { Journal } from '../device/ports.ts';
import { concatBytes } from '../protocol/bytes.ts';
import { privateCopy } from './private-copy.ts';

/** A whole number from 0 to `bound` − 1, from the run's seeded generator. */
export type Pick = (bound: number) => number;

/** The power went while an append was on its way to the disk; whoever called is gone too. The world catches it. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

/** A disk with one journal on it that outlives the devices that open it, in the same bytes as a file. */
export interface MemoryDisk {
  /** A copy of what is on the disk. */
  image(): Uint8Array;
  /** Puts other bytes there: an older copy, a damaged one. No journal may be open. */
  replace(image: Uint8Array): void;
  /** @throws StoreError as the file's body does: `store-locked`, `store-altered`, `store-version`. */
  open(): Journal;
  /** The power goes now: whoever had the journal open is gone, everything synced stays. */
  crash(): void;
  /**
   * The power goes during the next append, before its sync: a part of its bytes arrives, as `pick` decides, some of them
   * perhaps wrong. The append throws {@link PowerCut}.
   */
  crashInNextAppend(pick: Pick): void;
  /** The disk takes nothing more, or does again: appends are refused with `store-full`. */
  setFull(isFull: boolean): void;
}

const HINT = 'this is a simulated disk';

function storeError(code: StoreErrorCode): StoreError {
  return new StoreError(code, 'the simulated journal', HINT);
}

/** @param capacityBytes what fits on the disk; an append beyond it is refused with `store-full`. */
export function memoryDisk(capacityBytes = Number.POSITIVE_INFINITY): MemoryDisk {
  // Nobody plants bytes in a simulated disk's frames, so a salt of zeros keeps images equal from run to run.
  let bytes = makeHeader(new Uint8Array(SALT_BYTES)).bytes;
  /** How much of `bytes` is written; the rest is room to grow, so that an append costs its own length only. */
  let used = bytes.length;
  /** Counts power cuts and closings: a journal that was opened in an earlier term is dead. */
  let term = 0;
  let held = false;
  let cut: Pick | undefined;
  let isFull = false;

  function end(): void {
    term++;
    held = false;
  }

  function write(frame: Uint8Array): void {
    if (isFull || used + frame.length > capacityBytes) throw storeError('store-full');
    const arrived = cut === undefined ? frame : torn(frame, cut);
    if (used + arrived.length > bytes.length) bytes = concatBytes(bytes, new Uint8Array(bytes.length + arrived.length));
    bytes.set(arrived, used);
    used += arrived.length;
    if (cut === undefined) return;
    cut = undefined;
    end();
    throw new PowerCut('power cut during an append');
  }

  return {
    image: () => bytes.slice(0, used),
    replace(image) {
      if (held) throw storeError('store-locked');
      bytes = image.slice();
      used = bytes.length;
    },
    open() {
      if (held) throw storeError('store-locked');
      const { header, goodBytes, check, records } = readGood(bytes.subarray(0, used));
      used = goodBytes;
      held = true;
      const opened = term;
      return journalBody({
        header,
        check,
        records,
        isOpen: () => term === opened,
        write,
        end,
      });
    },
    crash: end,
    crashInNextAppend(pick) {
      cut = pick;
    },
    setFull(full) {
      isFull = full;
    },
  };
}

interface Access {
  readonly header: JournalHeader;
  readonly check: Uint8Array;
  /** What was on the disk when the journal was opened. */
  readonly records: readonly Uint8Array[];
  readonly isOpen: () => boolean;
  readonly write: (frame: Uint8Array) => void;
  readonly end: () => void;
}

function journalBody({ header, check: first, records: found, isOpen, write, end }: Access): Journal {
  let check = first;
  const records = [...found];
  return {
    read() {
      if (!isOpen()) throw storeError('store-closed');
      return records.map(privateCopy);
    },
    append(fresh) {
      if (!isOpen()) throw storeError('store-closed');
      if (fresh.length === 0) return;
      const frame = makeFrame(header, check, fresh);
      if (frame.bytes.length > MAX_APPEND_BYTES) throw storeError('store-too-large');
      write(frame.bytes);
      check = frame.check;
      records.push(...fresh.map(privateCopy));
    },
    close() {
      // A device that lost power may close late; by then the lock is somebody else's.
      if (isOpen()) end();
    },
  };
}

function readGood(bytes: Uint8Array): { readonly header: JournalHeader } & JournalScan {
  const header = readHeader(bytes);
  if (header === 'other-version') throw storeError('store-version');
  if (typeof header === 'string') throw storeError('store-altered');
  const scan = scanJournal(bytes, header);
  if (scan.altered) throw storeError('store-altered');
  return { header, ...scan };
}

/** A prefix of the frame; every other time one byte of it did not make it and reads as something else. */
function torn(frame: Uint8Array, pick: Pick): Uint8Array {
  const arrived = frame.slice(0, pick(frame.length + 1));
  const damaged = pick(2) === 0 ? undefined : pick(arrived.length + 1);
  if (damaged !== undefined && damaged < arrived.length) arrived[damaged] = (arrived[damaged] ?? 0) ^ (1 + pick(255));
  return arrived;
}
