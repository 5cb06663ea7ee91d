import { CLOCK_SKEW_S, type EpochMs, type FramePeek } from '../../protocol/index.ts';

const SWEEP_MS = 60_000;

/**
 * Which frames were accepted before. DUP flags mean nothing, so duplicates are recognised by sender and `cti` (T2, T3); a
 * frame is remembered for as long as it could still be opened, which is its expiry and the clock skew.
 */
export class SeenFrames {
  readonly #goneAt = new Map<string, number>();
  #sweepAt = 0;

  has(head: Pick<FramePeek, 'iss' | 'cti'>): boolean {
    return this.#goneAt.has(nameOf(head));
  }

  add(head: Pick<FramePeek, 'iss' | 'cti' | 'exp'>, now: EpochMs): void {
    if (now >= this.#sweepAt) this.#sweep(now);
    this.#goneAt.set(nameOf(head), (head.exp + CLOCK_SKEW_S + 1) * 1000);
  }

  /** How many are remembered, some perhaps longer than they need be. */
  get size(): number {
    return this.#goneAt.size;
  }

  #sweep(now: EpochMs): void {
    for (const [name, goneAt] of this.#goneAt) if (goneAt <= now) this.#goneAt.delete(name);
    this.#sweepAt = now + SWEEP_MS;
  }
}

/** The sender is part of the name: one party cannot use up another's message ids. */
function nameOf({ iss, cti }: Pick<FramePeek, 'iss' | 'cti'>): string {
  return `${iss}/${cti}`;
}
