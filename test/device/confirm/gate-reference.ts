/**
 * A second opinion on the gate, written from the rules and not from the code: it looks at a whole trace at once, cuts it
 * into bursts and presses, and asks of each press when it would end the prompt. All times are milliseconds since opening.
 */

export interface Edge {
  readonly at: number;
  readonly down: boolean;
}

export interface Trace {
  /** Level before the first edge, resting for a long time. */
  readonly downBefore: boolean;
  /** In order of time; edges before 0 happened before the prompt opened. */
  readonly edges: readonly Edge[];
  readonly pages: number;
  readonly expiresAt: number;
  /** When the line was lost, as by pulling its plug; no edge comes after it. */
  readonly lostAt: number | undefined;
}

export interface Verdict {
  readonly what: string;
  readonly at: number;
}

interface Burst {
  readonly first: number;
  readonly last: number;
  readonly down: boolean;
}

/** Edges less than 50 ms apart are one burst, and only its last edge says what the line is afterwards. */
function burstsOf({ edges, downBefore }: Trace): Burst[] {
  const real = edges.filter((edge, i) => edge.down !== (edges[i - 1]?.down ?? downBefore));
  const starts = real.flatMap((edge, i) => (i === 0 || edge.at - (real[i - 1]?.at ?? 0) >= 50 ? [i] : []));
  return starts.map((start, n) => {
    const group = real.slice(start, starts[n + 1]);
    const [head, tail] = [group[0], group.at(-1)];
    if (!head || !tail) throw new Error('an empty burst');
    return { first: head.at, last: tail.at, down: tail.down };
  });
}

const NEVER: Burst = { first: Infinity, last: Infinity, down: false };

interface Press {
  readonly begun: number;
  readonly from: number;
  readonly glitches: readonly Burst[];
  readonly release: Burst | undefined;
}

/** A press reaches from a burst that leaves the line down to the next one that leaves it up; bursts between are glitches. */
function pressesOf(trace: Trace): Press[] {
  const resting: Burst = { first: -1e9, last: -1e9, down: trace.downBefore };
  const bursts = [resting, ...burstsOf(trace)];
  const begins = bursts.flatMap((burst, i) => (burst.down && !bursts[i - 1]?.down ? [i] : []));
  return begins.map((i) => {
    const begin = bursts[i] ?? resting;
    const length = bursts.slice(i).findIndex((burst) => !burst.down);
    const end = length < 0 ? bursts.length : i + length;
    return { begun: begin.first, from: begin.last, glitches: bursts.slice(i + 1, end), release: bursts[end] };
  });
}

/** The first instant at which the line has been down and quiet for 800 ms; at most 10 s after the beginning of the press. */
function completedAt({ from, glitches, release = NEVER }: Press): number {
  const quietFrom = [from, ...glitches.map(({ last }) => last)];
  const quietTo = [...glitches.map(({ first }) => first), release.first];
  const whole = quietFrom.filter((start, i) => start + 800 <= (quietTo[i] ?? Infinity)).map((start) => start + 800);
  return whole.find((t) => t - from <= 10_000) ?? Infinity;
}

export function verdictOf(trace: Trace): Verdict {
  const armed = (trace.pages - 1) * 2_500 + 1_000;
  const presses = pressesOf(trace);
  const stuck = presses.find(({ from, release = NEVER }) => release.first - from > 10_000 && release.last + 50 > 0);
  const ends: Verdict[] = [
    { what: 'void expired', at: trace.expiresAt },
    { what: 'timed-out', at: armed + 30_000 },
    ...presses.flatMap((press): Verdict[] => {
      const { release, begun, from } = press;
      const short = release !== undefined && begun >= 0 && release.first - from < 800;
      const trusted = begun >= armed && (stuck === undefined || stuck.from >= from);
      return [
        ...(short ? [{ what: 'declined', at: release.last + 50 }] : []),
        ...(trusted ? [{ what: 'confirmed', at: completedAt(press) }] : []),
      ];
    }),
    { what: 'void button-lost', at: trace.lostAt ?? Infinity },
  ];
  return ends.reduce((earliest, end) => (end.at < earliest.at ? end : earliest));
}
