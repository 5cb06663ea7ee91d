/** The one ear of a device. What it hears counts only until it is opened for something else or closed. */
import type { Ear, EarEvent, ListenFor } from './listening.ts';
import type { Stop } from './ports.ts';

export class OneEar {
  readonly #ear: Ear;
  #stop: Stop | undefined;
  /** Counts openings and closings, so that an event that was on its way is known to be late. */
  #turn = 0;

  constructor(ear: Ear) {
    this.#ear = ear;
  }

  /** Listens for one utterance; `heard` gets its event together with whether that still counts by then. */
  open(request: ListenFor, heard: (event: EarEvent, stillCounts: () => boolean) => void): void {
    this.close();
    const turn = this.#turn;
    this.#stop = this.#ear.listen(request, (event) => heard(event, () => turn === this.#turn));
  }

  close(): void {
    this.#turn += 1;
    this.#stop?.();
    this.#stop = undefined;
  }
}
