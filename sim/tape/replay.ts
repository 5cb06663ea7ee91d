/** Plays a tape: the same code of the device between the same inputs. What it does is taken down in the same words. */

import type { StoreErrorCode } from '../../device/errors.ts';
import {
  type Agent,
  type AgentPorts,
  createAgent,
  type DeviceSettings,
  type Journal,
  StoreError,
} from '../../device/index.ts';
import type { EpochMs, Message, SigningKey } from '../../protocol/index.ts';
import { digestOfBytes, digestOfValue, type LineKind, readLine, type TapeLine, writeLine } from './tape.ts';

/** The device has done, or asked for, something else than is on the tape. */
class Parted extends Error {}

type Call = (...values: never[]) => void;

/** The device as it was recorded. */
export interface ReplayedDevice {
  /** With the payment token masked as on the tape. */
  readonly settings: DeviceSettings;
  readonly profile: AgentPorts['profile'];
  /** Of its frame key, 8 bytes; the signatures themselves are on the tape. */
  readonly kid: Uint8Array;
}

/**
 * @returns the lines of this time: those of the tape, or as far as the two agree and then what came instead.
 */
export function playTape(lines: readonly string[], about: ReplayedDevice): readonly string[] {
  return new Player(lines, about).play();
}

class Player {
  readonly #lines: readonly string[];
  readonly #again: string[] = [];
  /** Who is waiting for what, by the number on the tape. */
  readonly #calls = new Map<string, Call>();
  readonly #agent: () => Agent;
  #made: Agent | undefined;
  #last = 0;

  constructor(lines: readonly string[], { settings, profile, kid }: ReplayedDevice) {
    this.#lines = lines;
    this.#agent = () => {
      this.#made ??= createAgent(settings, this.#key(kid), this.#ports(profile));
      return this.#made;
    };
  }

  play(): readonly string[] {
    try {
      this.#agent();
      for (let line = this.#next(); line; line = this.#next()) {
        if (line.kind !== 'in') throw new Parted('the device did less than is on the tape');
        this.#enter(line);
      }
    } catch (error) {
      if (!(error instanceof Parted)) throw error;
    }
    return this.#again;
  }

  #next(): TapeLine | undefined {
    const line = this.#lines[this.#again.length];
    return line === undefined ? undefined : readLine(line);
  }

  /** Takes a line down as it is now. @throws Parted where the tape has another one. */
  #write(kind: LineKind, what: string, ...values: readonly unknown[]): void {
    const line = writeLine({ kind, what, values });
    const recorded = this.#lines[this.#again.length];
    this.#again.push(line);
    if (recorded !== line) throw new Parted('the device does something else');
    if (kind === 'out') this.#nested();
  }

  /** What the device is told, as it was told then. @throws Parted where it had not asked. */
  #read(what: string, ...asked: readonly unknown[]): readonly unknown[] {
    const line = this.#next();
    if (line?.kind !== 'read' || line.what !== what || asked.some((one, i) => line.values[i] !== one)) {
      this.#again.push(writeLine({ kind: 'read', what, values: asked }));
      throw new Parted('the device asks for something else');
    }
    this.#again.push(writeLine(line));
    this.#nested();
    return line.values.slice(asked.length);
  }

  /** Whoever called the device from within one of its own calls does so again. */
  #nested(): void {
    for (let line = this.#next(); line?.kind === 'nested'; line = this.#next()) this.#enter(line);
  }

  #enter(line: TapeLine): void {
    const { what, values } = line;
    this.#again.push(writeLine(line));
    const agent = this.#agent();
    const entries: Readonly<Record<string, () => void>> = {
      start: () => agent.start(),
      wake: () => agent.wake(),
      stop: () => agent.stop(() => {}),
      hear: () => agent.hear(values[0] as Parameters<Agent['hear']>[0]),
    };
    const call = entries[what] ?? this.#calls.get(nameOf(what, values));
    if (!call) throw new Parted('nobody waits for this');
    (call as (...values: readonly unknown[]) => void)(...values);
  }

  #number(): number {
    this.#last += 1;
    return this.#last;
  }

  #await(what: string, number: number | undefined, call: Call): void {
    this.#calls.set(number === undefined ? what : `${what} ${number}`, call);
  }

  #key(kid: Uint8Array): SigningKey {
    return { kid, sign: () => this.#read('signature')[0] as Uint8Array };
  }

  #ports(profile: AgentPorts['profile']): AgentPorts {
    const write = (what: string, ...values: readonly unknown[]) => this.#write('out', what, ...values);
    return {
      profile,
      log: { write: () => {} },
      clock: this.#clock(),
      random: { bytes: () => this.#read('random')[0] as Uint8Array },
      journal: this.#journal('journal'),
      transcripts: this.#journal('transcripts'),
      transport: this.#transport(),
      signer: this.#signer(),
      display: { show: (page) => write('show', page), clear: () => write('clear') },
      speaker: { say: (text, locale) => write('say', text, locale) },
      ear: {
        listen: (request, on) => {
          const number = this.#number();
          this.#await('ear', number, (_number: number, event: Parameters<typeof on>[0]) => on(event));
          write('listen', number, request);
          return () => write('stop-listening', number);
        },
      },
      audit: this.#audit(),
    };
  }

  #clock(): AgentPorts['clock'] {
    return {
      now: () => this.#read('now')[0] as EpochMs,
      after: (delayMs, fire) => {
        const number = this.#number();
        this.#await('timer', number, fire);
        this.#write('out', 'timer', number, delayMs);
        return () => this.#write('out', 'stop-timer', number);
      },
    };
  }

  #journal(name: string): Journal {
    const answered = (what: string): unknown => {
      const [state, answer] = this.#read(what, name);
      if (state !== 'done') throw new StoreError(state as StoreErrorCode, name, 'as it was recorded');
      return answer;
    };
    return {
      read: () => answered('records') as Uint8Array[],
      append: (records) => {
        this.#write('out', 'append', name, records.map(digestOfBytes));
        answered('appended');
      },
      rotate: (first) => {
        this.#write('out', 'rotate', name, first.length);
        return answered('rotated') as boolean;
      },
      close: () => {},
    };
  }

  #transport(): AgentPorts['transport'] {
    return {
      start: (topics, handlers) => {
        this.#await('link', undefined, handlers.onState);
        this.#await('message', undefined, (number: number, topic: string, payload: Uint8Array) => {
          handlers.onMessage(topic, payload, () => this.#write('out', 'ack', number));
        });
        this.#write('out', 'subscribe', topics);
      },
      publish: (topic, payload) => this.#write('out', 'publish', topic, payload),
      stop: (closed) => {
        this.#await('disconnected', undefined, closed);
        this.#write('out', 'disconnect');
      },
    };
  }

  #signer(): AgentPorts['signer'] {
    return {
      confirm: (request, answer) => {
        const number = this.#number();
        this.#await('signer', number, (_number: number, given: Parameters<typeof answer>[0]) => answer(given));
        this.#write('out', 'confirm', number, request.kind, digestOfValue(request));
      },
      withdraw: () => this.#write('out', 'withdraw'),
      takeOrder: (order, answer) => {
        const number = this.#number();
        this.#await('lock-taken', number, (_number: number, taken: Parameters<typeof answer>[0]) => answer(taken));
        this.#write('out', 'lock-order', number, order);
      },
    };
  }

  #audit(): NonNullable<AgentPorts['audit']> {
    const [read, write] = [this.#read.bind(this), this.#write.bind(this)];
    const connect = (send: (message: Message) => void) => {
      this.#await('to-witness', undefined, send);
      write('out', 'witness');
    };
    return {
      get history() {
        return read('history')[0];
      },
      journal: { tree: { frontier: () => read('frontier')[0] } },
      connect,
      answered: (answer: unknown) => write('out', 'cosignature', digestOfValue(answer)),
      checkpoint: () => write('out', 'checkpoint'),
      stop: () => write('out', 'no-witness'),
    } as unknown as NonNullable<AgentPorts['audit']>;
  }
}

/** Inputs of which there can be several at once carry the number of what they answer; a message carries one for its acknowledgement. */
const NUMBERED: ReadonlySet<string> = new Set(['timer', 'ear', 'signer', 'lock-taken']);

function nameOf(what: string, [number]: readonly unknown[]): string {
  return NUMBERED.has(what) ? `${what} ${String(number)}` : what;
}
