/**
 * What a PSP remembers of the counters that signers sign: whatever carries one, of every kind, passes here once. A signer
 * uses each number once, so two different objects with one number are of two signers with one key: a disk was copied (T19).
 */
import { type Digest, hex, type TrustedKey } from '../../protocol/index.ts';

/**
 * - `fresh`: above all before.
 * - `repeated`: this very object was seen before; harmless, as what it authorises is done once.
 * - `overtaken`: a number that was passed over and never seen. The link may have reordered it, so it proves nothing; it is late, and refused.
 * - `forked`: the number of another object, or so old that nothing still on its way can have it.
 * - `key-forked`: whatever it is, its key was found forked before.
 */
export type CounterVerdict = 'fresh' | 'repeated' | 'overtaken' | 'forked' | 'key-forked';

/** How many numbers back an object is known by its digest. Frames live for two minutes, and each number takes a hold. */
export const REMEMBERED_COUNTERS = 256;

/** What carries a counter, as its signature was verified. */
export interface Counted {
  readonly signer: TrustedKey;
  readonly digest: Digest;
  readonly value: { readonly counter: number };
}

interface Signer {
  highest: number;
  isForked: boolean;
  readonly seen: Map<number, Digest>;
}

export class SignerCounters {
  readonly #signers = new Map<string, Signer>();
  readonly #onFork: (signer: TrustedKey) => void;

  /** @param onFork told of each key once. */
  constructor(onFork: (signer: TrustedKey) => void) {
    this.#onFork = onFork;
  }

  /** Whether a key, by its `kid` in hex, was found to sign in two places. For good: no message can tell which is the thief's. */
  isForked(kid: string): boolean {
    return this.#signers.get(kid)?.isForked ?? false;
  }

  /** Takes note of an object, whoever brought it and whatever comes of it: its signature was verified. */
  judge(counted: Counted): CounterVerdict {
    const { digest, value, signer: key } = counted;
    const signer = this.#signerOf(key);
    const verdict = this.#verdictOn(counted);
    if (verdict === 'fresh' || verdict === 'overtaken') remember(signer, value.counter, digest);
    return verdict;
  }

  /**
   * Takes note of an object that came too late to authorise anything. Its number is used; what may still be on its way with a
   * lower one is not overtaken by it.
   */
  witness(counted: Counted): void {
    const { digest, value, signer } = counted;
    const verdict = this.#verdictOn(counted);
    if (verdict === 'fresh' || verdict === 'overtaken') this.#signerOf(signer).seen.set(value.counter, digest);
  }

  #verdictOn({ signer: key, digest, value }: Counted): CounterVerdict {
    const signer = this.#signerOf(key);
    const verdict = verdictOn(signer, value.counter, digest);
    if (verdict === 'forked') {
      signer.isForked = true;
      this.#onFork(key);
    }
    return verdict;
  }

  #signerOf({ kid }: TrustedKey): Signer {
    const known = this.#signers.get(hex(kid));
    const signer = known ?? { highest: 0, isForked: false, seen: new Map<number, Digest>() };
    if (!known) this.#signers.set(hex(kid), signer);
    return signer;
  }
}

function verdictOn({ highest, isForked, seen }: Signer, counter: number, digest: Digest): CounterVerdict {
  const known = seen.get(counter);
  if (known === digest) return 'repeated';
  if (isForked) return 'key-forked';
  if (known !== undefined || counter <= highest - REMEMBERED_COUNTERS) return 'forked';
  return counter > highest ? 'fresh' : 'overtaken';
}

function remember(signer: Signer, counter: number, digest: Digest): void {
  signer.highest = Math.max(signer.highest, counter);
  signer.seen.set(counter, digest);
  for (const old of signer.seen.keys()) if (old <= signer.highest - REMEMBERED_COUNTERS) signer.seen.delete(old);
}
