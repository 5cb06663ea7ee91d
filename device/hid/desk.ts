/** The one thing at a time that a signer asks its wearer on behalf of a host, and the KEEPALIVE meanwhile (ACT-HID.md §4.4). */
import type { Clock, Stop } from '../ports.ts';
import { KEEPALIVE } from './commands.ts';
import { KEEPALIVE_MS } from './limits.ts';

interface DeskParts {
  readonly clock: Clock;
  /** Takes the prompt away; no answer follows. */
  readonly withdraw: () => void;
  readonly keepalive: (channel: number, status: number) => void;
}

export class Desk {
  readonly #parts: DeskParts;
  #asking: { readonly channel: number } | undefined;
  #timer: Stop | undefined;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Whose request is with the wearer now. */
  get channel(): number | undefined {
    return this.#asking?.channel;
  }

  /** Only while nothing else is asked. `done` once, unless it is withdrawn. */
  ask<A>(channel: number, start: (answer: (answer: A) => void) => void, done: (answer: A) => void): void {
    const asking = { channel };
    this.#asking = asking;
    this.#parts.keepalive(channel, KEEPALIVE.processing);
    start((answer) => {
      if (this.#asking !== asking) return;
      this.#leave();
      done(answer);
    });
    if (this.#asking === asking) this.#beat(channel);
  }

  /** Nothing is signed afterwards, and `done` is not called. */
  withdraw(): void {
    if (!this.#asking) return;
    this.#leave();
    this.#parts.withdraw();
  }

  #leave(): void {
    this.#asking = undefined;
    this.#timer?.();
    this.#timer = undefined;
  }

  #beat(channel: number): void {
    this.#parts.keepalive(channel, KEEPALIVE['presence-needed']);
    this.#timer = this.#parts.clock.after(KEEPALIVE_MS, () => this.#beat(channel));
  }
}
