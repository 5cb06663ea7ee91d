/** What a device and its witness say to each other about the device's journal (design 8, T26, T27). */
import { hash32 } from '../act/fields.ts';
import { id16 } from '../ids.ts';
import { list, text, uint, type WireValue, wireMap } from '../wire.ts';

/** A signed note with a cosignature or two. */
const note = text(1_024);

/** device → witness: the newest checkpoint of its journal, and that it only adds to the one the witness had cosigned last. */
export const JournalCheckpoint = wireMap('journal-checkpoint', {
  requestId: [1, id16],
  note: [2, note],
  /** How many records the witness's newest checkpoint counts, as far as the device knows; 0 for none. */
  from: [3, uint(Number.MAX_SAFE_INTEGER)],
  /** RFC 9162 §2.1.4 from there, empty from 0. */
  proof: [4, list(hash32, 64)],
});
export type JournalCheckpoint = WireValue<typeof JournalCheckpoint>;

/** witness → device: its line for the note, or the newest note it has cosigned where the two do not go together. */
export const JournalCosignature = wireMap('journal-cosignature', {
  requestId: [1, id16],
  line: [2, text(256), 'optional'],
  newest: [3, note, 'optional'],
});
export type JournalCosignature = WireValue<typeof JournalCosignature>;
