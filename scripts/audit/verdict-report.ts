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

/** The three standings in words. */
export const STANDS = {
  verified: 'verified: everything that is shown holds',
  incomplete: 'incomplete: nothing contradicts anything, but not everything could be checked',
  broken: 'broken: something was altered, forged or put together wrongly',
} as const;

/** What the codes of missing things mean for whoever is not to take them for an accusation; those of keys say it themselves. */
const MEANS: ReadonlyMap<string, string> = new Map([
  ['payment-record', 'nothing of the payment is recorded in the trust chain, as far as this shows'],
  ['upstream', 'a record names an earlier one that is not shown'],
  [
    'delegation-status',
    'no word of the PSP on the delegation since the payment, so the sum of its payments is not known',
  ],
  ['payments', 'the PSP counts payments under the delegation that are not shown, so their sum is not known'],
  ['resume', 'the delegation was suspended before a payment, and nothing shows that it was resumed'],
  ['refund', 'the PSP tells of more that went back than is shown'],
]);

/** Nothing where nothing is missing. */
export function missingLines(missing: readonly string[]): readonly string[] {
  if (missing.length === 0) return [];
  const meant = missing.flatMap((code) => (MEANS.has(code) ? [`  ${code}: ${MEANS.get(code)}`] : []));
  return [`not there: ${missing.join(', ')}`, ...meant];
}

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
    ...missingLines(missing),
    ...withheld.map((part) => `kept back: ${part}; so it is not shown ${NOT_SHOWN[part]}`),
    keysFrom === 'bundle' ? 'keys: those the bundle brings along; compare them with ones you have another way' : 'keys',
    ...keys.map(({ id, purpose, publicKey }) => `  ${purpose.padEnd(8)} ${fingerprint(publicKey)}  ${id}`),
  ];
}
