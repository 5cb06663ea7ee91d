/** The processes of a world: for each party the latest life it has begun. */
import type { Clock } from '../device/index.ts';
import { Life, type OnMoment } from './life.ts';
import type { WorldRecord } from './world-record.ts';

export interface LivesParts {
  readonly clock: Clock;
  readonly record: WorldRecord;
  readonly onMoment: OnMoment | undefined;
  /** How far a party's own clock is ahead of the world's, in milliseconds. */
  readonly clockAheadMs: ((party: string) => number) | undefined;
}

export class WorldLives {
  readonly #parts: LivesParts;
  readonly #latest = new Map<string, Life>();

  constructor(parts: LivesParts) {
    this.#parts = parts;
  }

  begin(party: string): Life {
    const { clock, record, onMoment = () => {}, clockAheadMs = () => 0 } = this.#parts;
    const number = (this.#latest.get(party)?.number ?? 0) + 1;
    const life = new Life({ party, number, clock, record, onMoment, clockAheadMs: () => clockAheadMs(party) });
    this.#latest.set(party, life);
    return life;
  }

  of(party: string): Life | undefined {
    return this.#latest.get(party);
  }

  /** Whose process is gone and was not started again. */
  get dead(): readonly string[] {
    return [...this.#latest.values()].filter(({ isOver }) => isOver).map(({ party }) => party);
  }
}
