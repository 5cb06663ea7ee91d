/** Devices whose confirmation key signs in two places: which of the two is the wearer's, nobody can tell (T19). */
import { hex, type TrustedKey } from '../../protocol/index.ts';
import { SignerCounters } from './signer-counters.ts';

export interface ForkOptions {
  /** The confirmation key of a device, and those that have handed over to it: their `kid`s in hex. */
  keyLineOf(device: string): readonly string[];
  /** Told what an operator has to look at; again at each start, as long as it stands. */
  readonly alarm: (code: 'signer-forked', detail: { readonly device: string; readonly kid: string }) => void;
}

export class ForkWatch {
  readonly counters = new SignerCounters((key) => this.#found.push(key));
  readonly #options: ForkOptions;
  readonly #found: TrustedKey[] = [];

  constructor(options: ForkOptions) {
    this.#options = options;
  }

  /** A key that was handed over by a forked one is no better: whoever has the copy could have done that, too. */
  isForked(device: string): boolean {
    return this.#options.keyLineOf(device).some((kid) => this.counters.isForked(kid));
  }

  /** The devices that were found forked since this was asked last. One that has another key by now is none of them. */
  news(): readonly string[] {
    const news = this.#found.splice(0).filter(({ party }) => this.isForked(party));
    for (const { party, kid } of news) this.#options.alarm('signer-forked', { device: party, kid: hex(kid) });
    return news.map(({ party }) => party);
  }
}
