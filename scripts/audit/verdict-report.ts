/** A verdict on a bundle, as lines for people and as data for programs. */
import type { BundleKey } from '../../device/audit/bundle.ts';
import { NOT_SHOWN } from '../../device/audit/bundle-disclose.ts';
import type { BundleVerdict } from '../../device/audit/bundle-verify.ts';
import { toIsoUtc } from '../../protocol/index.ts';
import { storyOf, storyText } from './story.ts';
import { fingerprint } from './trusted-keys.ts';

/** Where the keys came from that a verdict rests on. */
export type KeysFrom = 'bundle' | 'directory' | 'device';

export function verdictData(verdict: BundleVerdict, keysFrom: KeysFrom, keys: readonly BundleKey[]) {
  const { standing, records, faults, missing, withheld } = verdict;
  return {
    ...{ standing, faults, missing, withheld, records, keysFrom },
    keys: keys.map(({ id, purpose, role, publicKey }) => ({ id, purpose, role, fingerprint: fingerprint(publicKey) })),
    story: storyOf(verdict).map(({ at, en, zh, signedBy }) => ({ at: toIsoUtc(at), en, zh, signedBy })),
  };
}

const STANDS = {
  verified: 'verified: everything that is shown holds',
  incomplete: 'incomplete: nothing contradicts anything, but not everything could be checked',
  broken: 'broken: something was altered, forged or put together wrongly',
} as const;

export function verdictLines(
  verdict: BundleVerdict,
  keysFrom: KeysFrom,
  keys: readonly BundleKey[],
): readonly string[] {
  const { standing, records, faults, missing, withheld } = verdict;
  return [
    STANDS[standing],
    ...storyOf(verdict).map(storyText),
    'records',
    ...records.map(({ eventType, conclusion, journal, signerId }) => {
      const who = signerId === undefined ? '' : ` (${signerId})`;
      return `  ${(conclusion ?? 'kept back').padEnd(24)}${who} ${eventType}, journal: ${journal}`;
    }),
    ...(faults.length > 0 ? [`wrong: ${faults.join(', ')}`] : []),
    ...(missing.length > 0 ? [`not there: ${missing.join(', ')}`] : []),
    ...withheld.map((part) => `kept back: ${part}; so it is not shown ${NOT_SHOWN[part]}`),
    keysFrom === 'bundle' ? 'keys: those the bundle brings along; compare them with ones you have another way' : 'keys',
    ...keys.map(({ id, purpose, publicKey }) => `  ${purpose.padEnd(8)} ${fingerprint(publicKey)}  ${id}`),
  ];
}
