/** An ear that hears what a scenario says, when it says it, and stays open until then. */
import type { Clock, Ear, EarEvent } from '../../device/index.ts';

/** From the end of a sentence of the device to the end of the wearer's answer, in milliseconds. */
const REACTION_MS = 700;

export class ScriptedEar implements Ear {
  readonly #clock: Clock;
  #on: ((event: EarEvent) => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#on !== undefined;
  }

  listen(_request: unknown, on: (event: EarEvent) => void): () => void {
    this.#on = on;
    return () => {
      if (this.#on === on) this.#on = undefined;
    };
  }

  /** The process that listened is gone, and with it what it waited for. */
  forget(): void {
    this.#on = undefined;
  }

  /** What the ear takes in after the wearer's reaction, if it is still open for the same thing then; `then` in any case. */
  take(event: EarEvent, then: () => void): void {
    const on = this.#on;
    this.#clock.after(REACTION_MS, () => {
      then();
      if (on === undefined || this.#on !== on) return;
      this.#on = undefined;
      on(event);
    });
  }
}
