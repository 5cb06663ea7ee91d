/** What the protocol costs, in the units of what cannot be cheaper: one bare verification, one bare encoding. */
import { BARE, groupsOf } from './cases.ts';
import { type Effort, measure, type Timing, timesAsLong } from './measure.ts';
import type { PlayedPurchase } from './purchase.ts';

export interface Ratio {
  readonly name: string;
  /** The first took so many times as long as the second, or was so many times as fast where the name says so. */
  readonly ratio: number;
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
}

export interface Speed {
  readonly timings: readonly Timing[];
  readonly ratios: readonly Ratio[];
}

/** Name, what was timed, in units of what, and the goal where there is one. */
const RATIOS: readonly (readonly [string, string, string, Ratio['goal']?])[] = [
  ['speed of the verify policy, in bare verifications', BARE, 'verifyEd25519', { atLeast: 0.9 }],
  ['time of openFrame, in bare verifications', 'openFrame', BARE, { atMost: 1.25 }],
  ['time of sealFrame, in bare verifications', 'sealFrame', BARE],
  ['time of decodeCbor, in bare cbor-x decodings', 'decodeCbor', 'cbor-x decode'],
  ['time of decodeCbor, in JSON.parse of the same', 'decodeCbor', 'JSON.parse'],
  ['time of encodeCbor, in bare cbor-x encodings', 'encodeCbor', 'cbor-x encode'],
  ['time of encodeCbor, in JSON.stringify of the same', 'encodeCbor', 'JSON.stringify'],
  ['time of sealEnvelope, in bare verifications', 'sealEnvelope', BARE],
  ['time of openEnvelope, in bare verifications', 'openEnvelope', BARE],
];

/** Times every group by itself: the garbage of a slow case is no business of a fast one. */
export function speed(purchase: PlayedPurchase, effort: Effort, clockMs: () => number): Speed {
  const groups = groupsOf(purchase).map((cases) => measure(cases, effort, clockMs));
  const ratios = RATIOS.map(([name, what, than, goal]): Ratio => {
    const group =
      groups.find(
        (timings) => timings.some((timing) => timing.name === what) && timings.some((timing) => timing.name === than),
      ) ?? [];
    return { name, ratio: timesAsLong(timingOf(group, what), timingOf(group, than)), ...(goal && { goal }) };
  });
  const all = groups.flat();
  return { timings: all.filter(({ name }, i) => all.findIndex((other) => other.name === name) === i), ratios };
}

function timingOf(timings: readonly Timing[], name: string): Timing {
  const timing = timings.find((one) => one.name === name);
  if (timing === undefined) throw new Error(`nothing was timed as ${name}`);
  return timing;
}

/** Whether a ratio reaches its goal; one without a goal does. */
export function reaches({ ratio, goal }: Ratio): boolean {
  if (goal === undefined) return true;
  return 'atLeast' in goal ? ratio >= goal.atLeast : ratio <= goal.atMost;
}
