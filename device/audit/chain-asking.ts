/**
 * Asking a trust chain node within limits: 30 s for an answer and at most three more tries, as TSD-ATT-SVF step 5 says; one
 * question after another, so that a head that comes later was made later.
 */
import type { ChainRequest, ChainWire, Clock, Stop } from '../ports.ts';

export const ASK_TIMEOUT_MS = 30_000;
export const ASK_TRIES = 4;
/** Before the second try; twice as long before each further one. */
export const ASK_AGAIN_MS = 1_000;

export interface WireAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Busy or broken for now, and so not the node's word on anything. */
function isPassing({ status }: WireAnswer): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** The questions of one call, one at a time. */
export class Asking {
  readonly #wire: ChainWire;
  readonly #clock: Clock;
  #stops: readonly Stop[] = [];

  constructor(wire: ChainWire, clock: Clock) {
    this.#wire = wire;
    this.#clock = clock;
  }

  /** `undefined`: no try has brought an answer. */
  ask(request: ChainRequest, done: (answer: WireAnswer | undefined) => void, tried = 0): void {
    let isOver = false;
    const end = (answer: WireAnswer | undefined) => {
      if (isOver) return;
      isOver = true;
      this.stop();
      if (answer && !isPassing(answer)) done(answer);
      else if (tried + 1 === ASK_TRIES) done(undefined);
      else this.#stops = [this.#clock.after(ASK_AGAIN_MS * 2 ** tried, () => this.ask(request, done, tried + 1))];
    };
    const stopClock = this.#clock.after(ASK_TIMEOUT_MS, () => end(undefined));
    this.#stops = [stopClock];
    const stopWire = this.#wire.ask(request, end);
    // It may have answered inside the call; then nothing of it is left to stop.
    if (!isOver) this.#stops = [stopClock, stopWire];
  }

  /** No answer comes any more. */
  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }
}

type Job = (finish: () => void) => Stop;

/** Jobs that take time, one after another in the order they came. */
export class Turns {
  readonly #waiting: Job[] = [];
  #running: { readonly job: Job; stop: Stop } | undefined;

  run(job: Job): Stop {
    this.#waiting.push(job);
    this.#next();
    return () => this.#drop(job);
  }

  #next(): void {
    const job = this.#running ? undefined : this.#waiting.shift();
    if (!job) return;
    const running = { job, stop: () => {} };
    this.#running = running;
    running.stop = job(() => this.#finish(running));
  }

  #finish(running: object): void {
    if (this.#running !== running) return;
    this.#running = undefined;
    this.#next();
  }

  #drop(job: Job): void {
    const running = this.#running;
    if (running?.job === job) {
      running.stop();
      this.#finish(running);
      return;
    }
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
  }
}
