/** Puts a tape between a device and its ports. What the device does stays as it is. */
import { type Agent, type AgentPorts, type DeviceSettings, type Journal, StoreError } from '../../device/index.ts';
import type { Message, SigningKey } from '../../protocol/index.ts';
import { digestOfBytes, digestOfValue, type LineKind, SecretMask, writeLine } from './tape.ts';

export interface RecorderOptions {
  readonly settings: DeviceSettings;
  /**
   * Whether what the wearer says is on the tape, and with it the random numbers that hide it elsewhere. Without them nobody
   * can play the tape again, or learn the words from it.
   */
  readonly withWords: boolean;
}

export interface Recorder {
  /** The tape so far. */
  readonly lines: readonly string[];
  key(inner: SigningKey): SigningKey;
  ports(inner: AgentPorts): AgentPorts;
  /** What the device is asked from outside its ports. */
  agent(inner: Agent): Agent;
}

export function createRecorder({ settings, withWords }: RecorderOptions): Recorder {
  return new Tape(settings.paymentToken, withWords);
}

class Tape implements Recorder {
  readonly lines: string[] = [];
  readonly #mask: SecretMask;
  readonly #withWords: boolean;
  #depth = 0;
  #last = 0;
  #messages = 0;

  constructor(secret: string, withWords: boolean) {
    this.#mask = new SecretMask(secret);
    this.#withWords = withWords;
  }

  #write(kind: LineKind, what: string, ...values: readonly unknown[]): void {
    this.lines.push(writeLine({ kind, what, values: values.map((value) => this.#mask.value(value)) }));
  }

  #enter<T>(what: string, values: readonly unknown[], call: () => T): T {
    this.#write(this.#depth > 0 ? 'nested' : 'in', what, ...values);
    this.#depth += 1;
    try {
      return call();
    } finally {
      this.#depth -= 1;
    }
  }

  #number(): number {
    this.#last += 1;
    return this.#last;
  }

  key(inner: SigningKey): SigningKey {
    return {
      kid: inner.kid,
      sign: (toBeSigned) => {
        const signature = inner.sign(toBeSigned);
        this.#write('read', 'signature', signature);
        return signature;
      },
    };
  }

  agent(inner: Agent): Agent {
    const enter = (what: string, call: () => void) => this.#enter(what, [], call);
    return {
      get purchases() {
        return inner.purchases;
      },
      get delegations() {
        return inner.delegations;
      },
      start: () => enter('start', () => inner.start()),
      wake: () => enter('wake', () => inner.wake()),
      hear: (event) => this.#enter('hear', [this.#heard(event)], () => inner.hear(event)),
      stop: (done) => enter('stop', () => inner.stop(done)),
    };
  }

  ports(inner: AgentPorts): AgentPorts {
    const { profile, log, random, audit } = inner;
    return {
      ...{ profile, log },
      clock: this.#clock(inner.clock),
      random: {
        bytes: (length) => {
          const bytes = random.bytes(length);
          this.#write('read', 'random', this.#withWords ? bytes : length);
          return bytes;
        },
      },
      journal: this.#journal('journal', inner.journal),
      transcripts: this.#journal('transcripts', inner.transcripts),
      transport: this.#transport(inner.transport),
      signer: this.#signer(inner.signer),
      display: {
        show: (page) => {
          this.#write('out', 'show', this.#shown(page));
          inner.display.show(page);
        },
        clear: () => {
          this.#write('out', 'clear');
          inner.display.clear();
        },
      },
      speaker: {
        say: (text, locale) => {
          this.#write('out', 'say', this.#shown(text), locale);
          inner.speaker.say(text, locale);
        },
      },
      ear: {
        listen: (request, on) => {
          const number = this.#number();
          this.#write('out', 'listen', number, request);
          const stop = inner.ear.listen(request, (event) =>
            this.#enter('ear', [number, this.#heard(event)], () => on(event)),
          );
          return () => {
            this.#write('out', 'stop-listening', number);
            stop();
          };
        },
      },
      ...(audit && { audit: this.#audit(audit) }),
    };
  }

  /** As a device has them that knows the secret no more. */
  #digest(record: Uint8Array): string {
    return digestOfBytes(this.#mask.bytes(record));
  }

  /** Without the words nothing that repeats them either. */
  #heard(event: unknown): unknown {
    const isWords = typeof event === 'object' && event !== null && 'hypotheses' in event;
    return isWords && !this.#withWords ? { ...event, hypotheses: null } : event;
  }

  #shown(value: unknown): unknown {
    return this.#withWords ? value : null;
  }

  #clock(inner: AgentPorts['clock']): AgentPorts['clock'] {
    return {
      now: () => {
        const now = inner.now();
        this.#write('read', 'now', now);
        return now;
      },
      after: (delayMs, fire) => {
        const number = this.#number();
        this.#write('out', 'timer', number, delayMs);
        const stop = inner.after(delayMs, () => this.#enter('timer', [number], fire));
        return () => {
          this.#write('out', 'stop-timer', number);
          stop();
        };
      },
    };
  }

  #journal(name: string, inner: Journal): Journal {
    /** What a store answers, an error by its code. */
    const asked = <T>(what: string, call: () => T): T => {
      try {
        const answer = call();
        const isHidden = Array.isArray(answer) && !this.#withWords;
        this.#write('read', what, name, 'done', isHidden ? answer.length : (answer ?? null));
        return answer;
      } catch (error) {
        this.#write('read', what, name, error instanceof StoreError ? error.code : 'failed', null);
        throw error;
      }
    };
    const { rotate } = inner;
    return {
      read: () => asked('records', () => inner.read()),
      append: (records) => {
        this.#write('out', 'append', name, this.#withWords ? records.map((one) => this.#digest(one)) : records.length);
        asked('appended', () => inner.append(records));
      },
      ...(rotate && {
        rotate: (first: readonly Uint8Array[]) => {
          this.#write('out', 'rotate', name, first.length);
          return asked('rotated', () => rotate.call(inner, first));
        },
      }),
      close: () => inner.close(),
    };
  }

  #transport(inner: AgentPorts['transport']): AgentPorts['transport'] {
    return {
      start: (topics, handlers) => {
        this.#write('out', 'subscribe', topics);
        inner.start(topics, {
          onState: (state) => this.#enter('link', [state], () => handlers.onState(state)),
          onMessage: (topic, payload, ack) => {
            this.#messages += 1;
            const number = this.#messages;
            this.#enter('message', [number, topic, payload], () =>
              handlers.onMessage(topic, payload, () => {
                this.#write('out', 'ack', number);
                ack();
              }),
            );
          },
        });
      },
      publish: (topic, payload, acked) => {
        this.#write('out', 'publish', topic, this.#withWords ? payload : payload.length);
        inner.publish(topic, payload, acked);
      },
      stop: (closed) => {
        this.#write('out', 'disconnect');
        inner.stop(() => this.#enter('disconnected', [], closed));
      },
    };
  }

  #signer(inner: AgentPorts['signer']): AgentPorts['signer'] {
    const { takeOrder } = inner;
    return {
      confirm: (request, answer) => {
        const number = this.#number();
        this.#write('out', 'confirm', number, request.kind, digestOfValue(request));
        inner.confirm(request, (given) => this.#enter('signer', [number, given], () => answer(given)));
      },
      withdraw: () => {
        this.#write('out', 'withdraw');
        inner.withdraw();
      },
      ...(takeOrder && {
        takeOrder: (order: Uint8Array, answer: Parameters<typeof takeOrder>[1]) => {
          const number = this.#number();
          this.#write('out', 'lock-order', number, order);
          takeOrder.call(inner, order, (taken) => this.#enter('lock-taken', [number, taken], () => answer(taken)));
        },
      }),
    };
  }

  /** Only what a device asks of it; the rest belongs to who has made it. */
  #audit(inner: NonNullable<AgentPorts['audit']>): NonNullable<AgentPorts['audit']> {
    const write = (what: string, ...values: readonly unknown[]) => this.#write('out', what, ...values);
    const [enter, read] = [this.#enter.bind(this), (what: string, value: unknown) => this.#write('read', what, value)];
    return {
      get history() {
        read('history', inner.history);
        return inner.history;
      },
      journal: {
        tree: {
          frontier: () => {
            const base = inner.journal.tree.frontier();
            read('frontier', base);
            return base;
          },
        },
      },
      connect(send: (message: Message) => void) {
        write('witness');
        inner.connect((message) => enter('to-witness', [message], () => send(message)));
      },
      answered(answer: Parameters<typeof inner.answered>[0]) {
        write('cosignature', digestOfValue(answer));
        inner.answered(answer);
      },
      checkpoint() {
        write('checkpoint');
        inner.checkpoint();
      },
      stop() {
        write('no-witness');
        inner.stop();
      },
    } as unknown as NonNullable<AgentPorts['audit']>;
  }
}
