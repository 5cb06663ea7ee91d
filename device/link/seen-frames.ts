import { CLOCK_SKEW_S, type EpochMs, type FramePeek } from '../../protocol/index.ts';

const SWEEP_MS = 60_000;

type Seen = Pick<FramePeek, 'iss' | 'cti' | 'exp'>;

/**
 * Which frames were accepted before. DUP flags mean nothing, so duplicates are recognised by sender and `cti` (T2, T3); a
 * frame is remembered for as long as it could still be opened, which is its expiry and the clock skew.
 */
export class SeenFrames {
  readonly #seen = new Map<string, Seen>();
  #sweepAt = 0;

  has(head: Pick<FramePeek, 'iss' | 'cti'>): boolean {
    return this.#seen.has(nameOf(head));
  }

  add({ iss, cti, exp }: Seen, now: EpochMs): void {
    if (now >= this.#sweepAt) this.#sweep(now);
    this.#seen.set(nameOf({ iss, cti }), { iss, cti, exp });
  }

  /** Those that could still be opened. */
  all(now: EpochMs): readonly Seen[] {
    this.#sweep(now);
    return [...this.#seen.values()];
  }

  /** How many are remembered, some perhaps longer than they need be. */
  get size(): number {
    return this.#seen.size;
  }

  #sweep(now: EpochMs): void {
    for (const [name, head] of this.#seen) if (goneAt(head) <= now) this.#seen.delete(name);
    this.#sweepAt = now + SWEEP_MS;
  }
}

function goneAt({ exp }: Seen): number {
  return (exp + CLOCK_SKEW_S + 1) * 1000;
}

/** The sender is part of the name: one party cannot use up another's message ids. */
function nameOf({ iss, cti }: Pick<FramePeek, 'iss' | 'cti'>): string {
  return `${iss}/${cti}`;
}
