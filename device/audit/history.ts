/**
 * Whether a journal is still the one that was signed for (T26, T27): its own checkpoints tell what was cut off or changed on
 * this device, a witness's newest one tells what was put back to an older state, checkpoints and all.
 */
import {
  equalBytes,
  type NoteKey,
  type OpenedCheckpoint,
  openCheckpoint,
  ProtocolError,
  type TreeHead,
} from '../../protocol/index.ts';
import type { JournalTree } from './journal-tree.ts';

/**
 * - `truncated`: records are missing that a checkpoint of this device had counted.
 * - `altered`: a record is not what it was when a checkpoint was signed.
 * - `base-unsigned`: the journal goes on after records that no kept checkpoint counts.
 * - `checkpoint-forged`: a kept checkpoint is not signed by this device's key.
 * - `rolled-back`: a witness has seen more than there is.
 * - `forked`: a witness has seen another history.
 */
export type HistoryFault = 'truncated' | 'altered' | 'base-unsigned' | 'checkpoint-forged' | 'rolled-back' | 'forked';

/** What a journal was found to be. */
export type History =
  | { readonly kind: 'sound'; readonly checkpointed: number }
  | { readonly kind: 'broken'; readonly fault: HistoryFault; readonly at: number };

/**
 * Compares a journal with the checkpoints that this device kept, oldest first. Those that a crash lost are no fault: a
 * checkpoint is made after what it counts is durable. Those of records in the archive were compared when it was closed off.
 * @param notes as they were kept.
 * @param own the device's key and those before it.
 */
export function judgeHistory(tree: JournalTree, notes: readonly string[], own: readonly NoteKey[]): History {
  let checkpointed = 0;
  // Where a generation goes on with roots instead of records, only the checkpoint it was begun with vouches for them.
  let isBaseSigned = tree.base.size === 0;
  for (const note of notes) {
    const checkpoint = openedOwn(note, own);
    if (!checkpoint) return { kind: 'broken', fault: 'checkpoint-forged', at: checkpointed };
    if (checkpoint.size < tree.base.size) continue;
    isBaseSigned ||= checkpoint.size === tree.base.size;
    const fault = faultOf(tree, checkpoint, { missing: 'truncated', other: 'altered' });
    if (fault) return { kind: 'broken', fault, at: checkpoint.size };
    checkpointed = Math.max(checkpointed, checkpoint.size);
  }
  return isBaseSigned
    ? { kind: 'sound', checkpointed }
    : { kind: 'broken', fault: 'base-unsigned', at: tree.base.size };
}

/** Compares a journal with the newest checkpoint of this device that a witness keeps. */
export function judgeWitnessed(tree: JournalTree, note: string, own: readonly NoteKey[]): History {
  const checkpoint = openedOwn(note, own);
  // A witness that shows what this device never signed proves nothing about this device.
  if (!checkpoint) return { kind: 'sound', checkpointed: 0 };
  const fault = faultOf(tree, checkpoint, { missing: 'rolled-back', other: 'forked' });
  return fault ? { kind: 'broken', fault, at: checkpoint.size } : { kind: 'sound', checkpointed: checkpoint.size };
}

/** A checkpoint under one of the device's keys: an older one may be of a key that was replaced since. */
export function openedOwn(note: string, own: readonly NoteKey[]): OpenedCheckpoint | undefined {
  for (const key of own) {
    try {
      return openCheckpoint(note, key);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }
  return undefined;
}

/** A kept checkpoint as the device signed it: what witnesses have put below is not theirs to be shown again. */
export function ownNote(note: string, own: readonly NoteKey[]): string {
  const isOthers = (line: string) =>
    line.startsWith('\u2014 ') && !own.some(({ name }) => line.startsWith(`\u2014 ${name} `));
  return note
    .split('\n')
    .filter((line) => !isOthers(line))
    .join('\n');
}

function faultOf(
  tree: JournalTree,
  { size, root }: TreeHead,
  faults: { readonly missing: HistoryFault; readonly other: HistoryFault },
): HistoryFault | undefined {
  const head = tree.headAt(size);
  if (!head) return faults.missing;
  return equalBytes(head.root, root) ? undefined : faults.other;
}
