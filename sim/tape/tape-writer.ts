/** Writes a tape as things happen. Secrets stay out of it, and so do words where nobody wants them in. */
import { SecretMask } from './secret-mask.ts';
import { digestOfBytes, type LineKind, writeLine } from './tape.ts';

export class TapeWriter {
  /** Whether what the wearer says is on the tape, and with it the random numbers that hide it elsewhere. */
  readonly withWords: boolean;
  readonly mask: SecretMask;
  readonly #line: (line: string) => void;
  #depth = 0;
  #last = 0;

  constructor(secret: string, withWords: boolean, line: (line: string) => void) {
    this.mask = new SecretMask(secret);
    this.withWords = withWords;
    this.#line = line;
  }

  note(kind: LineKind, what: string, ...values: readonly unknown[]): void {
    this.#line(writeLine({ kind, what, values: values.map((value) => this.mask.value(value)) }));
  }

  /** Somebody calls the device. An error that this ends with goes on to whoever called. */
  enter<T>(what: string, values: readonly unknown[], call: () => T): T {
    const isNested = this.#depth > 0;
    this.note(isNested ? 'nested' : 'in', what, ...values);
    this.#depth += 1;
    try {
      return call();
    } catch (error) {
      if (!isNested) this.note('out', 'threw', ...describedError(error));
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** The device does something; that the port failed is taken down behind it. */
  did<T>(what: string, values: readonly unknown[], call: () => T): T {
    this.note('out', what, ...values);
    return this.#failing(what, call);
  }

  /** The device asks. @param shown what of the answer goes onto the tape. */
  told<T>(
    what: string,
    asked: readonly unknown[],
    call: () => T,
    shown: (answer: T) => unknown = (answer) => answer,
  ): T {
    const answer = this.#failing(what, call);
    this.note('read', what, ...asked, shown(answer));
    return answer;
  }

  #failing<T>(what: string, call: () => T): T {
    try {
      return call();
    } catch (error) {
      this.note('read', 'thrown', what, ...describedError(error));
      throw error;
    }
  }

  /** For inputs of which there can be several at once. */
  number(): number {
    this.#last += 1;
    return this.#last;
  }

  /** As a device has them that knows the secrets no more. */
  digest(record: Uint8Array): string {
    return digestOfBytes(this.mask.bytes(record));
  }

  /** What the wearer said may be in it. */
  private(value: Uint8Array): Uint8Array | number {
    return this.withWords ? value : value.length;
  }
}

/** An error by name and code: its message may hold anything. */
export function describedError(error: unknown): readonly [name: string, code: string | null] {
  const { name, code } = Object(error) as { readonly name?: unknown; readonly code?: unknown };
  return [typeof name === 'string' ? name : 'Error', typeof code === 'string' ? code : null];
}
