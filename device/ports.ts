/**
 * Every effect the device needs, as a small port. The purchase, the gate and the dialogue are pure; only the bodies of
 * these ports (in `device/adapters/` and `sim/`) touch a clock, a socket, a file, a sound card or a button.
 * Calls are synchronous and answers arrive as callbacks: the same code runs under virtual time and on hardware.
 */
import type { EpochMs, Id16, JournalCheckpoint, JournalCosignature, NoteKey } from '../protocol/index.ts';
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
  /**
   * Closes off what there is and goes on in a new generation, whole and durable before this returns, that begins with `first`;
   * from then on `read` gives that one only. Absent where a body keeps everything in one.
   * @returns false where it is put off; nothing has changed then.
   * @throws StoreError `store-full` and others; the old generation is the present one then, or the journal has to be opened again.
   */
  rotate?(first: readonly Uint8Array[]): boolean;
  /** The records of the generations that were closed off, oldest first, each read when it is asked for. @throws StoreError. */
  archives?(): Iterable<readonly Uint8Array[]>;
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

/** What shows that an anchor is in the log: a head that the node has signed, and the hashes beside the way to its root. */
export interface InclusionProof {
  /** A C2SP signed note. */
  readonly checkpoint: string;
  readonly hashes: readonly Uint8Array[];
}

/**
 * How a trust chain node was found to lie (T27). Codes, never tampering by those whose records it was asked for:
 * - `checkpoint-forged`: a head that is not signed with the node's key;
 * - `inclusion-wrong`: what it says is in the log is not, or not there;
 * - `log-forked`: two heads of which neither continues the other;
 * - `log-shrunk`: a head with fewer entries than one it had signed before;
 * - `anchor-other`: another record's anchor in place of the one that was asked for.
 */
export type ChainFault = 'checkpoint-forged' | 'inclusion-wrong' | 'log-forked' | 'log-shrunk' | 'anchor-other';

/** The node contradicts itself; with the heads that show it, the earlier one first. */
export interface ChainLie {
  readonly kind: 'lying';
  readonly fault: ChainFault;
  readonly checkpoints: readonly string[];
}

export interface ChainUnreachable {
  readonly kind: 'unreachable';
}

export type SubmitAnswer =
  /** `known`: it had been there before. Both are proved. */
  | { readonly kind: 'anchored' | 'known'; readonly position: number; readonly proof: InclusionProof }
  /** With `record-id-taken`, `position` is where the anchor stands that has the id. */
  | { readonly kind: 'refused'; readonly code: string; readonly position?: number }
  | ChainUnreachable
  | ChainLie;

export type FindAnswer =
  | { readonly kind: 'found'; readonly jws: string; readonly position: number; readonly proof: InclusionProof }
  | { readonly kind: 'not-found' }
  | ChainUnreachable
  | ChainLie;

export type HeadAnswer = { readonly kind: 'head'; readonly checkpoint: string } | ChainUnreachable | ChainLie;

/**
 * An ACT trust chain node (ACT 2.1 TSD-ATT-OCA). What it says is believed for its proofs and its key; each call answers once,
 * unless it was stopped.
 */
export interface TrustChain {
  /** Submits an anchor as JWS Compact. Safe to repeat. */
  submit(jws: string, done: (answer: SubmitAnswer) => void): Stop;
  find(recordId: Id16, done: (answer: FindAnswer) => void): Stop;
  /** Its newest head. */
  head(done: (answer: HeadAnswer) => void): Stop;
  /** The hashes that show the tree of `to` entries to begin with that of `from`, unjudged; `undefined` where none came. */
  consistency(from: number, to: number, done: (hashes: readonly Uint8Array[] | undefined) => void): Stop;
}

export interface ChainRequest {
  readonly method: 'GET' | 'POST';
  /** Begins with a slash. */
  readonly path: string;
  readonly body?: string;
}

/** The way to a node, without any judgement of what it says: HTTP, or a simulated one. */
export interface ChainWire {
  /** `undefined`: nothing whole and of bounded length came back. Time is limited by the caller, which stops it then. */
  ask(
    request: ChainRequest,
    done: (answer: { readonly status: number; readonly body: Uint8Array } | undefined) => void,
  ): Stop;
}

/**
 * Somebody besides the PSP who cosigns the journal's checkpoints (T26, T27), a paired phone for example. It may be away for
 * days, and nothing ever waits for it.
 */
export interface Cosigner {
  /** Under which name and key it signs, pinned when it was paired. */
  readonly key: NoteKey;
  /** Passes a checkpoint on. What is lost on the way is offered again. Returns at once. */
  offer(checkpoint: JournalCheckpoint): void;
  /** `onHere` tells the present state at once, then each change. An answer is believed for its signatures, never for its way. */
  listen(onAnswer: (answer: JournalCosignature) => void, onHere: (isHere: boolean) => void): Stop;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Never receives a secret, a transcript, an address or an account: codes, ids and sizes only. */
export interface Log {
  write(level: LogLevel, code: string, detail?: Readonly<Record<string, string | number | boolean>>): void;
}
