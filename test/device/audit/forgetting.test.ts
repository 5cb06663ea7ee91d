import { describe, expect, it } from 'vitest';
import { keptWords } from '../../../device/audit/forgetting.ts';
import { encodeRecord, type JournalRecord } from '../../../device/journal-record.ts';
import type { EpochMs } from '../../../protocol/index.ts';
import { utf8 } from '../../../protocol/index.ts';
import { at, heard, id, intent } from '../builders.ts';

const words = (ref: string) => utf8(JSON.stringify({ ref, salt: 'salt', words: `what ${ref} was` }));

function ordered(ref: string, label: string, ms: number): Uint8Array {
  const current = {
    ...{ at: 'seeking', intent: intent({ intentId: id(label), heard: heard({ contextRef: ref }) }) },
    ...{ requestId: id('request'), until: at(0), nextAt: at(0) },
  } as JournalRecord['purchases']['current'];
  return encodeRecord({ at: at(ms), event: 'reply', sent: [], purchases: { current, background: [] } });
}

// An order, its answer, another order, its answer; the journal speaks of the orders only.
const STORE = ['words:1', 'words:2', 'words:3', 'words:4'].map(words);
const JOURNAL = [ordered('words:1', 'one', 1_000), ordered('words:3', 'two', 5_000), ordered('words:3', 'two', 6_000)];
const kept = (forget: Parameters<typeof keptWords>[2], newestAt: EpochMs = at(7_000)) =>
  keptWords(STORE, JOURNAL, forget, newestAt).map((entry) => STORE.indexOf(entry) + 1);

describe('forgetting', () => {
  it('T28: takes an answer that the journal does not speak of to be as young as what was said next', () => {
    expect(kept({ olderThan: at(0) })).toEqual([1, 2, 3, 4]);
    expect(kept({ olderThan: at(1_001) })).toEqual([2, 3, 4]);
    expect(kept({ olderThan: at(5_000) })).toEqual([2, 3, 4]);
    expect(kept({ olderThan: at(5_001) })).toEqual([4]);
    expect(kept({ olderThan: at(7_001) })).toEqual([]);
  });

  it('T28: takes the answers after the words of an intent to be of the same intent', () => {
    expect(kept({ intentId: id('one') })).toEqual([3, 4]);
    expect(kept({ intentId: id('two') })).toEqual([1, 2]);
    expect(kept({ intentId: id('three') })).toEqual([1, 2, 3, 4]);
  });

  it('keeps what was said before any intent, unless it is too old', () => {
    expect(keptWords(STORE, [], { intentId: id('one') }, at(0))).toEqual(STORE);
    expect(keptWords(STORE, [], { olderThan: at(1) }, at(0))).toEqual([]);
  });
});
