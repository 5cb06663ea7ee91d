/** What ends each line in a tape's file: a sum over it and all lines of its life before, so that damage is not taken for another course. */
import { hex, sha256, utf8 } from '../../protocol/index.ts';

const SUM_CHARS = 8;
/** What it adds to a line. */
export const SUM_BYTES = SUM_CHARS + 1;

export class TapeSum {
  #last = '';

  /** The next line as it stands in the file. A life begins with a line of its own kind, and so does its sum. */
  written(line: string): string {
    const before = line.startsWith('{') ? '' : this.#last;
    this.#last = hex(sha256(utf8(`${before}${line}`))).slice(0, SUM_CHARS);
    return `${line} ${this.#last}`;
  }

  /** The next line out of the file, or nothing where it is not as it was written. */
  read(written: string): string | undefined {
    const line = written.slice(0, -SUM_BYTES);
    return this.written(line) === written ? line : undefined;
  }
}
