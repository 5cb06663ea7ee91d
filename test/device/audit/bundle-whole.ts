/** One sound bundle, and the ways in which the cases of the corpus differ from it. */
import type { Bundle } from '../../../device/audit/bundle.ts';
import type { EpochSeconds, RecordDraft, SigningKey } from '../../../protocol/index.ts';
import { objectKey } from '../builders.ts';
import * as edit from './bundle-edits.ts';
import { bundleOf, sourcesAfter } from './bundle-stage.ts';

const sources = sourcesAfter(10);
export const whole = bundleOf(sources);
export const { entries } = sources;

/** A case, and what it has to come to: standing, conclusions other than VERIFIED, faults, missing things. */
export type Row = readonly [name: string, bundle: Bundle | Uint8Array, expected: string];

export const drop = (at: number): Bundle => ({ ...whole, records: whole.records.filter((_, i) => i !== at) });
export const note = (at: number, text: string): Bundle => ({
  ...whole,
  notes: edit.replaced(whole.notes, at, () => text),
});
export const header = (over: Partial<Bundle['header']>): Bundle => ({ ...whole, header: { ...whole.header, ...over } });
export const withoutKey = (purpose: string, id?: string, from = whole): Bundle =>
  edit.editKeys(from, (key) => (key.purpose === purpose && (id ?? key.id) === key.id ? undefined : key));
export const until = (purpose: string, id: string, at: EpochSeconds): Bundle =>
  edit.editKeys(whole, (key) => (key.purpose === purpose && key.id === id ? { ...key, until: at } : key));
export const withKey = (party: string, role: 'merchant' | 'psp' = 'merchant'): Bundle => {
  const { publicKey } = objectKey(party) as SigningKey & { publicKey: Uint8Array };
  return { ...whole, keys: [...whole.keys, { id: party, purpose: 'object', role, publicKey }] };
};
export const bodyOf = (change: (body: Record<string, unknown>) => object) => (draft: RecordDraft) =>
  ({ ...draft, eventBody: change({ ...draft.eventBody }) }) as unknown as RecordDraft;
