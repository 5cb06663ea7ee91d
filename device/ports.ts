/**
 * Every effect the device needs, as a small port. The purchase, the gate and the dialogue are pure; only the bodies of
 * these ports (in `device/adapters/` and `sim/`) touch a clock, a socket, a file, a sound card or a button.
 * Calls are synchronous and answers arrive as callbacks: the same code runs under virtual time and on hardware.
 */
import type { EpochMs } from '../protocol/index.ts';
import type { Page } from './confirm/view.ts';
import type { Locale } from './voice/vocabulary.ts';

/** Stops something that was started: a timer, a subscription, a session. Calling it twice does nothing. */
export type Stop = () => void;

export interface Clock {
  /** Wall time in epoch milliseconds. */
  now(): EpochMs;
  /** Calls `fire` once, `delayMs` from now (0 or more). */
  after(delayMs: number, fire: () => void): Stop;
}

export interface Random {
  /** `length` unpredictable bytes in a fresh array. */
  bytes(length: number): Uint8Array;
}

/** What tells this machine from others: mixed into whatever is sealed on it (T19). */
export interface MachineIdentity {
  /** The names of what it has of its own; empty where it has nothing. */
  readonly sources: readonly string[];
  /** 32 bytes out of exactly these sources, in this order; `undefined` where one of them is not there. */
  secretOf(sources: readonly string[]): Uint8Array | undefined;
}

/** An append-only record store. What `append` accepted before returning survives a power cut; nothing else is promised. */
export interface Journal {
  /** All whole records in order of appending; a torn tail is dropped by the body, an altered record is an error. */
  read(): Uint8Array[];
  /** Writes all records, in order, durably, before it returns; throws `StoreError` and keeps the journal intact otherwise. */
  append(records: readonly Uint8Array[]): void;
  close(): void;
}

export type LinkState = 'connecting' | 'online' | 'offline';

export interface TransportHandlers {
  onState(state: LinkState): void;
  /** One message from the broker. `ack` tells the broker that it is durably stored (QoS 1 PUBACK); never call it before. */
  onMessage(topic: string, payload: Uint8Array, ack: () => void): void;
}

/** One MQTT client: QoS 1, persistent session, reconnecting by itself with jittered back-off. */
export interface Transport {
  start(subscriptions: readonly string[], handlers: TransportHandlers): void;
  /** Queues a publish; `acked` runs when the broker has taken it. Messages not taken are the caller's to send again. */
  publish(topic: string, payload: Uint8Array, acked: () => void): void;
  /** Disconnects cleanly and calls `closed` once. */
  stop(closed: () => void): void;
}

/** What the wearer sees. Showing replaces what was there. */
export interface Display {
  show(page: Page): void;
  clear(): void;
}

/** What the wearer hears. */
export interface Speaker {
  /** Speaks one short text; a later call waits for or replaces an earlier one, as the device prefers. */
  say(text: string, locale: Locale): void;
}

export type ButtonEdge = 'down' | 'up';

/** How a button is wired; it goes into the signed confirmation method, so that a PSP can weigh it (design 5, 6). */
export type ButtonAssurance = 'hardware-line' | 'keyboard' | 'relayed' | 'simulated';

export interface Button {
  readonly assurance: ButtonAssurance;
  /**
   * Raw edges as the line gives them, bounce included. `onLost`: the line can no longer be read, so the prompt in progress is
   * void and no later one opens until edges return (T10, T18): a hold ends by a timer, and without it a line that died while
   * it was down would confirm. It is told at once when there is no line at present, and again each time the line goes.
   */
  listen(onEdge: (edge: ButtonEdge) => void, onLost: () => void): Stop;
}

/** Whether the device is on a head. Devices without the sensor do not pass the port. */
export interface WearSensor {
  /** Tells the present state at once, then each change: a device that is switched on off the head must know it (T18). */
  listen(onChange: (worn: boolean) => void): Stop;
}

/** 16 kHz, 16-bit, mono. */
export const SAMPLE_RATE_HZ = 16_000;

export interface Microphone {
  /** Delivers PCM in chunks of any size until closed or until the source ends (`onEnd`, once). */
  open(onPcm: (pcm: Int16Array) => void, onEnd: () => void): Stop;
}

export type VadEvent = { readonly kind: 'speech-start' } | { readonly kind: 'speech-end' };

/** Voice activity detection over consecutive chunks. */
export interface Vad {
  accept(pcm: Int16Array): readonly VadEvent[];
  /** Forgets all state before the next utterance. */
  reset(): void;
}

export interface Hypothesis {
  readonly text: string;
  /** 0 (guess) to 1 (sure), comparable only within one recogniser. */
  readonly confidence: number;
}

export type RecognizerEvent =
  | { readonly kind: 'partial'; readonly text: string }
  /** Best first; empty when nothing was recognised or all was below the rejection threshold. */
  | { readonly kind: 'final'; readonly hypotheses: readonly Hypothesis[] }
  | { readonly kind: 'failed'; readonly code: RecognizerFailure; readonly message: string };

export type RecognizerFailure = 'not-installed' | 'model-missing' | 'crashed' | 'timed-out';

export interface RecognizerSession {
  accept(pcm: Int16Array): void;
  /** No more audio: exactly one `final` or `failed` follows. */
  finish(): void;
  /** Nothing more is wanted; no event follows. */
  cancel(): void;
}

export interface Recognizer {
  readonly locales: readonly Locale[];
  /** Starts one utterance. `grammar` is a JSGF grammar compiled from the vocabulary, for recognisers that take one. */
  start(utterance: { locale: Locale; grammar: string }, on: (event: RecognizerEvent) => void): RecognizerSession;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Never receives a secret, a transcript, an address or an account: codes, ids and sizes only. */
export interface Log {
  write(level: LogLevel, code: string, detail?: Readonly<Record<string, string | number | boolean>>): void;
}
