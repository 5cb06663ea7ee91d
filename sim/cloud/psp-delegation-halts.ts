/**
 * What stops payments whatever a credential's state is: a device that was reported lost, a hold of risk control (T17, T18). It is
 * kept in the ledger and read in the transactions that promise and pay, so that one gateway's stop is every gateway's.
 */
import type { EpochMs, Id16 } from '../../protocol/index.ts';
import type { Books } from '../ledger/store.ts';
import type { RefusalCode } from './refusals.ts';

type Halted = 'device-locked' | 'risk-hold';

/** The word of an operator. */
export interface HaltWord {
  /** The same when a gateway that starts again over its journal says it again. */
  readonly id: Id16;
  readonly isOn: boolean;
  /** When it was given; later than what its gateway had said or read before, whatever the clock does (T16). */
  readonly at: EpochMs;
  /** Nothing lifts it any more. */
  readonly isForGood?: boolean;
}

export const lockOf = (device: string): string => `lock/${device}`;
export const holdOf = (delegationId: string): string => `hold/${delegationId}`;

/** What the ledger made of a word. */
export interface HaltVerdict {
  /** Why it changed nothing. */
  readonly code?: 'word-overtaken' | 'device-retired';
  /** Of the word that stood then: what is said by whoever has read it is later. */
  readonly at: EpochMs;
}

/**
 * Once for each word: a gateway that starts again over its journal says again what was said to it then, and finds what was
 * decided. What was said later stands, in whichever order words arrive.
 * @param isNew it was given just now, so a stop is later than all the ledger has, also where this clock is behind (T16, T17).
 */
export function writeHalt(books: Books, key: string, word: HaltWord, isNew: boolean): HaltVerdict {
  const said = books.get(wordKey(word.id)) as HaltVerdict | undefined;
  if (said) return said;
  const known = books.get(key) as HaltWord | undefined;
  const { id, isOn, isForGood = false } = word;
  const at = known && isNew && isOn ? (Math.max(word.at, known.at + 1) as EpochMs) : word.at;
  const code = known && refusedBy(known, isOn, at, isNew);
  const verdict: HaltVerdict = known && code ? { code, at: known.at } : { at };
  books.put(wordKey(id), verdict);
  if (!code) books.put(key, { id, isOn, at, isForGood: isForGood || (known?.isForGood ?? false) });
  return verdict;
}

/** Of what was said at one time the last stands, or the stop where that is not known. */
function refusedBy(known: HaltWord, isOn: boolean, at: EpochMs, isNew: boolean): HaltVerdict['code'] {
  if (known.isForGood && !isOn) return 'device-retired';
  return known.at > at || (known.at === at && known.isOn && !isOn && !isNew) ? 'word-overtaken' : undefined;
}

/** Whether nothing was said after it. */
export function isNewest(books: Books, key: string, { id }: HaltWord): boolean {
  return (books.get(key) as HaltWord | undefined)?.id === id;
}

const wordKey = (id: Id16): string => `word/${id}`;

/** Why nothing is paid, and nothing goes on, as far as the ledger knows. */
export function haltIn(
  books: Books,
  { device, delegationId }: { readonly device: string; readonly delegationId: string },
): Extract<RefusalCode, Halted> | undefined {
  if (isOn(books, lockOf(device))) return 'device-locked';
  return isOn(books, holdOf(delegationId)) ? 'risk-hold' : undefined;
}

export function isOn(books: Books, key: string): boolean {
  return (books.get(key) as HaltWord | undefined)?.isOn ?? false;
}
