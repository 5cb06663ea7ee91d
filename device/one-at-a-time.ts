/**
 * Does one piece of work at a time, in the order they came: what one causes waits until that one is complete. Nothing is done
 * before `start` or after `stop`, and what was brought then is forgotten.
 */
export class OneAtATime {
  readonly #queue: (() => void)[] = [];
  #working = false;
  #running = false;

  start(): void {
    this.#running = true;
  }

  stop(): void {
    this.#running = false;
  }

  run(work: () => void): void {
    this.#queue.push(work);
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) if (this.#running) next();
    } finally {
      this.#working = false;
    }
  }
}
