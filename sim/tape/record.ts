/** Puts a tape between a device and its ports. What the device does stays as it is. */
import type { Agent, AgentPorts, Binder, BinderPorts, DeviceSettings, Transport } from '../../device/index.ts';
import type { SigningKey } from '../../protocol/index.ts';
import { type LinkParts, recordedLink } from './record-link.ts';
import {
  recordedAudit,
  recordedClock,
  recordedJournal,
  recordedKey,
  recordedRandom,
  recordedSigner,
  recordedTransport,
} from './record-ports.ts';
import { TapeWriter } from './tape-writer.ts';

export interface RecorderOptions {
  readonly settings: DeviceSettings;
  /**
   * Whether what the wearer says is on the tape, and with it the random numbers that hide it elsewhere. Without them nobody
   * can play the tape again, or learn the words from it.
   */
  readonly withWords: boolean;
  /** Takes each line as soon as it is written. */
  readonly line: (line: string) => void;
}

export interface Recorder {
  key(inner: SigningKey): SigningKey;
  /** A transport that carries frames as they are. */
  transport(inner: Transport): Transport;
  /** What a transport that seals them is made of; it is recorded then, and not to be wrapped once more. */
  link(link: LinkParts): LinkParts;
  /** All but the transport. */
  ports(inner: AgentPorts): AgentPorts;
  /** What the device is asked from outside its ports. */
  agent(inner: Agent): Agent;
  /** The same of a device that is being bound: all but the transport. */
  binderPorts(inner: BinderPorts): BinderPorts;
  binder(inner: Binder): Binder;
}

export function createRecorder({ settings, withWords, line }: RecorderOptions): Recorder {
  const tape = new TapeWriter(settings.paymentToken, withWords, line);
  return {
    key: (inner) => recordedKey(tape, inner),
    transport: (inner) => recordedTransport(tape, inner, { settings }),
    link: (inner) => recordedLink(tape, inner, settings),
    ports: (inner) => recordedPorts(tape, inner),
    agent: (inner) => recordedAgent(tape, inner),
    binderPorts: (inner) => recordedBinderPorts(tape, inner),
    binder: (inner) => recordedBinder(tape, inner),
  };
}

/** Without the words nothing that repeats them either. */
function heard(tape: TapeWriter, event: unknown): unknown {
  const isWords = typeof event === 'object' && event !== null && 'hypotheses' in event;
  return isWords && !tape.withWords ? { ...event, hypotheses: null } : event;
}

function recordedAgent(tape: TapeWriter, inner: Agent): Agent {
  return {
    get purchases() {
      return inner.purchases;
    },
    get delegations() {
      return inner.delegations;
    },
    start: () => tape.enter('start', [], () => inner.start()),
    wake: () => tape.enter('wake', [], () => inner.wake()),
    hear: (event) => tape.enter('hear', [heard(tape, event)], () => inner.hear(event)),
    stop: (done) => tape.enter('stop', [], () => inner.stop(done)),
  };
}

function recordedPorts(tape: TapeWriter, inner: AgentPorts): AgentPorts {
  const { audit, display, speaker, ear } = inner;
  const shown = (value: unknown) => (tape.withWords ? value : null);
  return {
    ...inner,
    clock: recordedClock(tape, inner.clock),
    random: recordedRandom(tape, inner.random),
    journal: recordedJournal(tape, 'journal', inner.journal),
    transcripts: recordedJournal(tape, 'transcripts', inner.transcripts),
    signer: recordedSigner(tape, inner.signer),
    display: {
      show: (page) => tape.did('show', [shown(page)], () => display.show(page)),
      clear: () => tape.did('clear', [], () => display.clear()),
    },
    speaker: { say: (text, locale) => tape.did('say', [shown(text), locale], () => speaker.say(text, locale)) },
    ear: {
      listen: (request, on) => {
        const number = tape.number();
        const stop = tape.did('listen', [number, request], () =>
          ear.listen(request, (event) => tape.enter('ear', [number, heard(tape, event)], () => on(event))),
        );
        return () => tape.did('stop-listening', [number], stop);
      },
    },
    ...(audit && { audit: recordedAudit(tape, audit) }),
  };
}

function recordedBinderPorts(tape: TapeWriter, inner: BinderPorts): BinderPorts {
  const { tokens } = inner;
  return {
    ...inner,
    clock: recordedClock(tape, inner.clock),
    random: recordedRandom(tape, inner.random),
    journal: recordedJournal(tape, 'binding', inner.journal),
    tokens: {
      read: () => tokens.read(),
      write: (token) => tape.did('keep-token', [token.length], () => tokens.write(token)),
    },
    signer: recordedSigner(tape, inner.signer),
  };
}

function recordedBinder(tape: TapeWriter, inner: Binder): Binder {
  return {
    get binding() {
      return inner.binding;
    },
    start: () => tape.enter('start', [], () => inner.start()),
    bind: (request, locale) => tape.enter('bind', [request, locale], () => inner.bind(request, locale)),
    stop: (done) => tape.enter('stop', [], () => inner.stop(done)),
  };
}
