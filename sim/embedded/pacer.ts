/**
 * Lets virtual time pass in a world that also has real parts: a broker on the event loop, a recogniser in another process.
 * Time stands still until they are quiet, so a slow machine changes nothing in the story.
 */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Stop } from '../../device/index.ts';
import type { VirtualClock } from '../virtual-clock.ts';

/** Turns of the event loop without any activity before the real parts count as quiet. */
const QUIET_TURNS = 25;
/** How long to sleep between looks while something real is being computed. */
const LOOK_AGAIN_MS = 2;

export class Pacer {
  readonly #clock: VirtualClock;
  readonly #activity: () => number;
  #holds = 0;

  /** @param activity a counter that grows with whatever the real parts do. */
  constructor(clock: VirtualClock, activity: () => number) {
    this.#clock = clock;
    this.#activity = activity;
  }

  /** Keeps time from passing until the returned function is called. */
  hold(): Stop {
    let held = true;
    this.#holds += 1;
    return () => {
      if (held) this.#holds -= 1;
      held = false;
    };
  }

  /** Runs until `done`, until nothing is left to happen, or for at most `limitMs` of virtual time. */
  async run(done: () => boolean, limitMs: number): Promise<void> {
    const until = this.#clock.now() + limitMs;
    for (await this.#quiet(); !done() && this.#clock.now() < until; await this.#quiet()) {
      if (!this.#clock.step()) return;
    }
  }

  async #quiet(): Promise<void> {
    let seen = this.#activity();
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      await turn();
      if (this.#holds > 0) await wait(LOOK_AGAIN_MS);
      if (this.#holds === 0 && this.#activity() === seen) continue;
      seen = this.#activity();
      turns = 0;
    }
  }
}
