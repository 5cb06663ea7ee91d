/** Leads code through a tape: calls it as it was called, answers what it asks, and takes down what it does in the same words. */
import { DeviceError, type DeviceErrorCode, StoreError, type StoreErrorCode } from '../../device/errors.ts';
import { ProtocolError, type ProtocolErrorCode } from '../../protocol/index.ts';
import { type LineKind, readLine, type TapeLine, writeLine } from './tape.ts';
import { describedError } from './tape-writer.ts';

/** The code has done, or asked for, something else than is on the tape. */
class Parted extends Error {}
/** The tape was broken off here, in the middle of something, and says nothing of what comes next. */
class Ended extends Error {}

export type Call = (...values: never[]) => void;

/** What the code can be asked from outside its ports. */
export type Entries = Readonly<Record<string, Call>>;

/** An error of the code's own that the tape does not have. */
export interface Thrown {
  /** After how many lines of the tape. */
  readonly after: number;
  readonly name: string;
  readonly message: string;
}

export interface Replayed {
  /** The lines of this time: those of the tape, or as far as the two agree and then what came instead. */
  readonly lines: readonly string[];
  readonly thrown?: Thrown;
}

export class TapePlayer {
  readonly #lines: readonly string[];
  readonly #again: string[] = [];
  /** Who is waiting for what, by the number on the tape. */
  readonly #calls = new Map<string, Call>();
  #entries: Entries = {};
  #depth = 0;
  #last = 0;
  #thrown: Thrown | undefined;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  /** @param make what makes the code, out of ports that lead back here. */
  play(make: () => Entries): Replayed {
    // Of a device that was never made nothing is to be played.
    if (this.#next()?.kind === 'end') return { lines: this.#lines };
    try {
      this.#make(make);
      for (let line = this.#next(); line; line = this.#next()) {
        if (line.kind !== 'in' && line.kind !== 'end') throw new Parted('the code did less than is on the tape');
        if (line.kind === 'in') this.#enter(line);
        else this.#again.push(writeLine(line));
      }
    } catch (error) {
      if (error instanceof Ended) this.#again.push(...this.#lines.slice(this.#again.length));
      else if (!(error instanceof Parted)) throw error;
    }
    return { lines: this.#again, ...(this.#thrown && { thrown: this.#thrown }) };
  }

  /** What cannot be made is asked nothing more. */
  #make(make: () => Entries): void {
    try {
      this.#entries = make();
    } catch (error) {
      if (error instanceof Parted || error instanceof Ended) throw error;
      const next = this.#next();
      if (next !== undefined && next.kind !== 'end') this.#threw(error);
    }
  }

  #next(): TapeLine | undefined {
    const line = this.#lines[this.#again.length];
    return line === undefined ? undefined : readLine(line);
  }

  /** The next line, in the middle of something. @throws Ended where there is none. */
  #expected(): TapeLine {
    const line = this.#next();
    // A device that was stopped in order has come to the end of what it did; otherwise nobody knows what it did next.
    if (line === undefined || (line.kind === 'end' && line.what !== 'closed')) throw new Ended('the tape ends');
    return line;
  }

  /** Takes a line down as it is now. @throws Parted where the tape has another one; Ended. */
  #note(kind: LineKind, what: string, ...values: readonly unknown[]): void {
    const line = writeLine({ kind, what, values });
    this.#expected();
    const recorded = this.#lines[this.#again.length];
    this.#again.push(line);
    if (recorded !== line) throw new Parted('the code does something else');
  }

  #threw(error: unknown): void {
    const after = this.#again.length;
    const [name, code] = describedError(error);
    const message = error instanceof Error ? error.message : String(error);
    this.#thrown = { after, name, message };
    this.#note('out', 'threw', name, code);
    // As it was recorded: no difference.
    this.#thrown = undefined;
  }

  /** What the code does. */
  did(what: string, ...values: readonly unknown[]): void {
    this.#note('out', what, ...values);
    try {
      this.#nested();
    } catch (error) {
      if (error instanceof Parted || error instanceof Ended) throw error;
      this.#note('read', 'thrown', what, ...describedError(error));
      throw error;
    }
    this.#failed(what);
  }

  /** What the code is told, as it was told then. @throws Parted where it had not asked; Ended. */
  told(what: string, ...asked: readonly unknown[]): readonly unknown[] {
    this.#failed(what);
    const line = this.#expected();
    if (line.kind !== 'read' || line.what !== what || asked.some((one, i) => line.values[i] !== one)) {
      this.#again.push(writeLine({ kind: 'read', what, values: asked }));
      throw new Parted('the code asks for something else');
    }
    this.#again.push(writeLine(line));
    this.#nested();
    return line.values.slice(asked.length);
  }

  /** A port that failed then fails again. */
  #failed(what: string): void {
    const line = this.#next();
    const [of, name, code] = line?.values ?? [];
    if (line?.kind !== 'read' || line.what !== 'thrown' || of !== what) return;
    this.#again.push(writeLine(line));
    throw errorOf(String(name), code);
  }

  /** Whoever called the code from within one of its own calls does so again. */
  #nested(): void {
    for (let line = this.#next(); line?.kind === 'nested'; line = this.#next()) this.#enter(line);
  }

  #enter(line: TapeLine): void {
    const { what, values } = line;
    this.#again.push(writeLine(line));
    const call = this.#entries[what] ?? this.#calls.get(nameOf(what, values));
    if (!call) throw new Parted('nobody waits for this');
    this.#depth += 1;
    try {
      (call as (...values: readonly unknown[]) => void)(...values);
    } catch (error) {
      if (this.#depth > 1 || error instanceof Parted || error instanceof Ended) throw error;
      this.#threw(error);
    } finally {
      this.#depth -= 1;
    }
  }

  number(): number {
    this.#last += 1;
    return this.#last;
  }

  /** From now on this is called when the tape says so. */
  await(what: string, number: number | undefined, call: Call): void {
    this.#calls.set(number === undefined ? what : `${what} ${number}`, call);
  }
}

/** Inputs of which there can be several at once carry the number of what they answer; a message carries one for its acknowledgement. */
const NUMBERED: ReadonlySet<string> = new Set(['timer', 'ear', 'signer', 'lock-taken']);

function nameOf(what: string, [number]: readonly unknown[]): string {
  return NUMBERED.has(what) ? `${what} ${String(number)}` : what;
}

const AS_RECORDED = 'as it was recorded';

function errorOf(name: string, code: unknown): Error {
  if (name === 'StoreError') return new StoreError(code as StoreErrorCode, AS_RECORDED, AS_RECORDED);
  if (name === 'DeviceError') return new DeviceError(code as DeviceErrorCode, AS_RECORDED, AS_RECORDED);
  if (name === 'ProtocolError') return new ProtocolError(code as ProtocolErrorCode, AS_RECORDED);
  return Object.assign(new Error(AS_RECORDED), { name, ...(typeof code === 'string' && { code }) });
}
