/** A journal whose file tells nothing to whoever lacks the passphrase or the machine, around any other body of the port. */
import { StoreError } from '../errors.ts';
import type { Journal, Random } from '../ports.ts';
import { type FileJournal, type JournalIo, openFileJournal } from './file-journal.ts';
import { RESTORE } from './journal-faults.ts';
import {
  newSealingKey,
  type Seal,
  type SealedBy,
  type SealingKey,
  sealingKeyOf,
  sealWith,
  unsealWith,
  wrongPassphrase,
} from './sealed-file.ts';
import {
  aboutJournal,
  CHAIN_START,
  type ChainEnd,
  FILE_KEY_BYTES,
  makeSealedHeader,
  RECORD_SALT_BYTES,
  type RecordSealing,
  readSealedHeader,
  recordSealing,
  type SealedHeaderFault,
  sealRecord,
  type Unsealed,
  unsealRecords,
} from './sealed-journal-format.ts';

/** Few enough that a device which writes little does not draw for nothing. */
const SALTS_AT_ONCE = 32;

export interface JournalSealing {
  readonly path: string;
  /** What the journal is for, in small letters and dashes; a journal of another name is refused. */
  readonly name: string;
  readonly by: SealedBy;
  readonly random: Random;
}

/** How the key of a file lies in its first record. */
export interface KeySeal {
  seal(fileKey: Uint8Array, about: readonly string[]): Seal;
  /** `undefined` for a wrong passphrase and for a changed seal alike. @throws DeviceError `keystore-other-machine`. */
  unseal(seal: Seal, about: readonly string[]): Uint8Array | undefined;
}

export interface JournalSealingParts extends Omit<JournalSealing, 'by'> {
  readonly keySeal: KeySeal;
}

/**
 * Under passphrase and machine, as keys are. The first call takes about 0.1 s for the passphrase; what that makes is kept in
 * its place, outside the heap, for the generations of the same journal: each has a key of its own, under the same salt.
 */
export function passphraseKeySeal({ path, by, random }: Omit<JournalSealing, 'name'>): KeySeal {
  let kept: SealingKey | undefined;
  return {
    seal: (fileKey, about) => {
      kept ??= newSealingKey(by, random);
      return sealWith(kept, fileKey, about, random);
    },
    unseal: (file, about) => {
      // Whose salt or machine is another was never sealed by this journal; it is tried all the same, and refused as it deserves.
      const isOurs = kept?.saltHex === file.saltHex && kept.machineTagHex === file.machineTagHex;
      const key = isOurs && kept ? kept : sealingKeyOf(path, file, by);
      const opened = unsealWith(key, file, about);
      if (opened) kept ??= key;
      return opened;
    },
  };
}

/**
 * Opens the journal at `path`, or makes one, with every promise of `openFileJournal`. Takes about 0.1 s for the passphrase,
 * which is not kept.
 * @throws StoreError as `openFileJournal`, also `store-altered` where the records are not those that were sealed, and
 *   `store-unsealed` where they never were: a plain journal is not read, since anybody could have written it (T20).
 * @throws DeviceError `keystore-other-machine`; `keystore-passphrase` for a wrong one and for a changed first record alike.
 */
export function openSealedJournal(sealing: JournalSealing, io?: JournalIo): FileJournal {
  const inner = openFileJournal(sealing.path, sealing.random, io);
  try {
    const keySeal = passphraseKeySeal(sealing);
    return { ...sealedJournal(inner, { ...sealing, keySeal }), droppedBytes: inner.droppedBytes };
  } catch (error) {
    inner.close();
    throw error;
  }
}

/**
 * Seals what goes into `inner` and opens what comes out of it. It adds 40 bytes to each record, and one record in front.
 * `inner` is left open where this throws. @throws as {@link openSealedJournal}.
 */
export function sealedJournal(inner: Journal, sealing: JournalSealingParts): Journal {
  const { path } = sealing;
  const [first, ...rest] = inner.read();
  let key = first ? openHeader(first, sealing) : startJournal(inner, sealing);
  let { end } = unsealed(path, key, rest);
  const saltOf = saltsFrom(sealing.random);
  return {
    read: () => unsealed(path, key, inner.read().slice(1)).records,
    append(records) {
      const next = sealAll(key, end, records, saltOf);
      inner.append(next.sealed);
      end = next.end;
    },
    ...(inner.rotate && {
      rotate(records: readonly Uint8Array[]) {
        const { header, key: fresh } = newFile(sealing);
        const next = sealAll(fresh, CHAIN_START, records, saltOf);
        const isDone = inner.rotate?.([header, ...next.sealed]) ?? false;
        if (isDone) [key, end] = [fresh, next.end];
        return isDone;
      },
    }),
    ...(inner.archives && { archives: () => openedArchives(inner, sealing) }),
    close: () => inner.close(),
  };
}

/** Each under the key in its own first record, which names the journal it belongs to. */
function* openedArchives(inner: Journal, sealing: JournalSealingParts): Iterable<readonly Uint8Array[]> {
  for (const [first, ...rest] of inner.archives?.() ?? []) {
    if (!first) throw new StoreError('store-altered', `an archive of ${sealing.path} is empty`, RESTORE);
    yield unsealed(sealing.path, openHeader(first, sealing), rest).records;
  }
}

function sealAll(
  key: RecordSealing,
  from: ChainEnd,
  records: readonly Uint8Array[],
  saltOf: () => Uint8Array,
): { readonly sealed: readonly Uint8Array[]; readonly end: ChainEnd } {
  let next = from;
  const sealed = records.map((record) => {
    const one = sealRecord(key, next, record, saltOf());
    next = one.end;
    return one.sealed;
  });
  return { sealed, end: next };
}

/**
 * Salts, each given out once. They are no secret, so many are drawn at a time: asking the system for each costs as much as
 * sealing a record.
 */
function saltsFrom(random: Random): () => Uint8Array {
  let drawn = new Uint8Array(0);
  return () => {
    if (drawn.length === 0) drawn = new Uint8Array(random.bytes(SALTS_AT_ONCE * RECORD_SALT_BYTES));
    const salt = drawn.subarray(0, RECORD_SALT_BYTES);
    drawn = drawn.subarray(RECORD_SALT_BYTES);
    return salt;
  };
}

/** A file gets a key of its own, which lies in its first record. */
function newFile({ name, keySeal, random }: JournalSealingParts): { header: Uint8Array; key: RecordSealing } {
  const fileKey = random.bytes(FILE_KEY_BYTES);
  const header = makeSealedHeader(name, keySeal.seal(fileKey, aboutJournal(name)));
  return { header, key: recordSealing(fileKey, header) };
}

/** Nothing was ever acknowledged in a journal without records: it begins here. */
function startJournal(inner: Journal, sealing: JournalSealingParts): RecordSealing {
  const { header, key } = newFile(sealing);
  inner.append([header]);
  return key;
}

const HEADER_FAULTS: Readonly<Record<SealedHeaderFault, (path: string) => StoreError>> = {
  unsealed: (path) =>
    new StoreError(
      'store-unsealed',
      `${path} is a journal that is not sealed`,
      'if a release before sealing wrote it, end what is under way with that release, then move the file away',
    ),
  'other-version': (path) =>
    new StoreError('store-version', `${path} is sealed in another format`, 'run the version of act-edge that wrote it'),
  altered: (path) => new StoreError('store-altered', `the seal of ${path} is damaged`, RESTORE),
};

function openHeader(first: Uint8Array, { path, name, keySeal }: JournalSealingParts): RecordSealing {
  const header = readSealedHeader(first);
  if (typeof header === 'string') throw HEADER_FAULTS[header](path);
  if (header.name !== name)
    throw new StoreError('store-altered', `${path} holds the journal ${header.name}, not ${name}`, RESTORE);
  const fileKey = keySeal.unseal(header, aboutJournal(name));
  if (fileKey?.length !== FILE_KEY_BYTES) throw wrongPassphrase(path);
  return recordSealing(fileKey, first);
}

function unsealed(path: string, key: RecordSealing, sealed: readonly Uint8Array[]): Unsealed {
  const opened = unsealRecords(key, sealed);
  if (typeof opened !== 'number') return opened;
  throw new StoreError(
    'store-altered',
    `record ${opened + 1} of ${path} is not the one that was sealed there`,
    RESTORE,
  );
}
