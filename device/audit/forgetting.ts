/**
 * Which entries of the transcript store go: what the wearer said is kept for a set time and then forgotten, words and salts.
 * Journal and records hold digests only; without the salts nobody can tell any more what they were of (T28).
 */
import { type EpochMs, fromUtf8, ProtocolError } from '../../protocol/index.ts';
import { decodeRecord } from '../journal-record.ts';

/** What the device's journal knows of a reference to words. */
interface Known {
  readonly ref: string;
  /** When the journal first spoke of it: the words are not younger. */
  readonly at: EpochMs;
  readonly intentId?: string;
}

export type Forget = { readonly olderThan: EpochMs } | { readonly intentId: string };

/**
 * Which of the entries stay. One that no journal entry speaks of was said before the next one that is spoken of, and belongs
 * to what was going on before it: an answer to a question, for example.
 * @param entries of the transcript store, in order.
 * @param newestAt when the last of them was written at the latest.
 */
export function keptWords(
  entries: readonly Uint8Array[],
  journal: readonly Uint8Array[],
  forget: Forget,
  newestAt: EpochMs,
): readonly Uint8Array[] {
  const known = new Map(knownIn(journal).map((one) => [one.ref, one]));
  const found = entries.map((entry) => known.get(refOf(entry)));
  if ('olderThan' in forget) return entries.filter((_, i) => timeAt(found, i, newestAt) >= forget.olderThan);
  return entries.filter((_, i) => intentAt(found, i) !== forget.intentId);
}

/** Of the next entry whose time is known: this one is not younger. */
function timeAt(found: readonly (Known | undefined)[], at: number, newestAt: EpochMs): EpochMs {
  return found.slice(at).find((one) => one !== undefined)?.at ?? newestAt;
}

/** What it says itself, or else the entry before it that says something. */
function intentAt(found: readonly (Known | undefined)[], at: number): string | undefined {
  return found.slice(0, at + 1).findLast((one) => one?.intentId !== undefined)?.intentId;
}

function refOf(entry: Uint8Array): string {
  const { ref } = JSON.parse(readText(entry)) as { readonly ref: string };
  return ref;
}

function readText(entry: Uint8Array): string {
  try {
    return fromUtf8(entry);
  } catch (error) {
    if (error instanceof ProtocolError) return '{}';
    throw error;
  }
}

/** Every reference to words in a journal, with the time of the first entry that has it. */
function knownIn(journal: readonly Uint8Array[]): readonly Known[] {
  const known = new Map<string, Known>();
  for (const bytes of journal) {
    const { at, purchases, delegations } = decodeRecord(bytes);
    for (const { ref, intentId } of refsIn({ purchases, delegations }, undefined)) {
      const before = known.get(ref);
      const intent = before?.intentId ?? intentId;
      known.set(ref, { ref, at: before?.at ?? at, ...(intent !== undefined && { intentId: intent }) });
    }
  }
  return [...known.values()];
}

interface Ref {
  readonly ref: string;
  readonly intentId: string | undefined;
}

/** A reference stands under `contextRef`, as deep as the state it is part of; the intent's id beside it or around it. */
function refsIn(value: unknown, intentId: string | undefined): readonly Ref[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const own = (value as { readonly intentId?: unknown }).intentId;
  const intent = typeof own === 'string' ? own : intentId;
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'contextRef' && typeof inner === 'string' ? [{ ref: inner, intentId: intent }] : refsIn(inner, intent),
  );
}
