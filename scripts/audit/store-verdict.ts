/** All that a device keeps, judged: its journal against its checkpoints, each record against its key and its anchor. */
import { type BundleSources, collectRecords } from '../../device/audit/bundle-collect.ts';
import { BundleKeys } from '../../device/audit/bundle-keys.ts';
import { judgeRecord, type RecordVerdict } from '../../device/audit/bundle-records.ts';
import { type History, judgeHistory } from '../../device/audit/history.ts';
import { journalKeysOf } from '../../device/audit/journal-keys.ts';
import { JournalTree } from '../../device/audit/journal-tree.ts';
import { baseOf } from '../../device/journal-record.ts';

export interface StoreVerdict {
  readonly held: boolean;
  readonly entries: number;
  /** `undefined` where there are no checkpoints. */
  readonly history?: History;
  readonly records: readonly (RecordVerdict & { readonly faults: readonly string[] })[];
}

export function judgeStore(sources: BundleSources): StoreVerdict {
  const collected = collectRecords(sources);
  const keys = new BundleKeys(sources.device.directory.tenant, collected.keys);
  const records = collected.records.map((item) => {
    const { verdict, faults } = judgeRecord(item, collected, keys);
    return { ...verdict, faults };
  });
  const history = historyOf(sources);
  const isSound = records.every(({ conclusion, faults }) => conclusion === 'VERIFIED' && faults.length === 0);
  const entries = sources.entries.length;
  return { held: isSound && history?.kind !== 'broken', entries, records, ...(history && { history }) };
}

function historyOf(sources: BundleSources): History | undefined {
  if (sources.checkpoints.length === 0) return undefined;
  // Where the archive was moved away, the journal is judged from the generation on that is there.
  const tree = new JournalTree(baseOf(sources.entries[0]));
  for (const entry of sources.entries) tree.append(entry);
  const { directory, party } = sources.device;
  return judgeHistory(tree, sources.checkpoints, journalKeysOf(directory, party));
}

function historyLine({ entries, history }: StoreVerdict): string {
  if (!history) return `journal: ${entries} entries, no checkpoint to hold them to`;
  return history.kind === 'sound'
    ? `journal: ${entries} entries, ${history.checkpointed} of them under a checkpoint, all as they were signed for`
    : `journal: ${history.fault} at entry ${history.at}`;
}

export function storeLines(verdict: StoreVerdict): readonly string[] {
  const counts = new Map<string, number>();
  for (const { conclusion = '', faults } of verdict.records) {
    const outcome = [conclusion, ...faults].join(' ');
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const faulty = verdict.records.filter(({ conclusion, faults }) => conclusion !== 'VERIFIED' || faults.length > 0);
  return [
    verdict.held ? 'all of it holds' : 'not all of it holds',
    historyLine(verdict),
    `records: ${verdict.records.length}`,
    ...[...counts].map(([outcome, count]) => `  ${outcome}: ${count}`),
    ...faulty.map(({ recordId, eventType, conclusion }) => `  ${recordId}  ${eventType}  ${conclusion}`),
  ];
}
