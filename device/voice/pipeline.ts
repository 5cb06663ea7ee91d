/**
 * One utterance from the microphone to a transcript or to a reason why there is none (design 7). Time is counted in samples, so
 * the same audio gives the same events whatever the chunk sizes and however fast it arrives.
 */
import {
  type Hypothesis,
  type Microphone,
  type Recognizer,
  type RecognizerEvent,
  type RecognizerFailure,
  type RecognizerSession,
  SAMPLE_RATE_HZ,
  type Stop,
  type Vad,
  type VadEvent,
} from '../ports.ts';
import { PcmBlocks } from './pcm-blocks.ts';
import type { Locale } from './vocabulary.ts';

/** How listening ended. */
export type VoiceEnding =
  /** `text` is the best hypothesis in one spelling (NFC, single spaces): what the context digest is computed over. */
  | { readonly kind: 'transcript'; readonly hypotheses: readonly Hypothesis[]; readonly text: string }
  /** Nobody spoke. */
  | { readonly kind: 'silence' }
  /** One utterance went on for longer than `VOICE_LIMITS.utteranceMs`. */
  | { readonly kind: 'too-long' }
  /** There was a sound, and no words in it that the recogniser stands behind. */
  | { readonly kind: 'not-understood' }
  | { readonly kind: 'failed'; readonly code: RecognizerFailure };

/** Stage events in the order they happen; exactly one ending comes last, none after `Stop`. */
export type VoiceEvent =
  | { readonly kind: 'speech-start' }
  | { readonly kind: 'partial'; readonly text: string }
  | { readonly kind: 'speech-end' }
  | VoiceEnding;

/** Times of one utterance in milliseconds. */
export const VOICE_LIMITS = {
  /** Without speech for this long, nobody is going to speak. */
  silenceMs: 6_000,
  /** A longer utterance is no order; listening stops and what was kept is dropped. */
  utteranceMs: 20_000,
  /** A detector needs some speech before it is sure; this much from before goes to the recogniser. */
  preRollMs: 640,
  /** After the detector's end of speech, a pause inside an order ("…, under 25 yuan") may still go on. */
  resumeMs: 400,
} as const;

/** 32 ms: the window of the Silero detector, and the grain of every decision here. */
const BLOCK_SAMPLES = 512;

function blocksOf(durationMs: number): number {
  return Math.ceil((durationMs * SAMPLE_RATE_HZ) / 1000 / BLOCK_SAMPLES);
}

/** The bodies one utterance needs. */
export interface VoicePorts {
  readonly microphone: Microphone;
  readonly vad: Vad;
  readonly recognizer: Recognizer;
}

/** What the recogniser is told beforehand. */
export interface Utterance {
  readonly locale: Locale;
  /** JSGF, for recognisers that take one. */
  readonly grammar: string;
}

/** Listens for one utterance. Opens the microphone at once and closes it before the ending is reported. */
export function listen(ports: VoicePorts, utterance: Utterance, on: (event: VoiceEvent) => void): Stop {
  const listening = new Listening(ports, utterance, on);
  listening.open();
  return () => listening.stop();
}

class Listening {
  readonly #ports: VoicePorts;
  readonly #utterance: Utterance;
  readonly #on: (event: VoiceEvent) => void;
  #at: 'waiting' | 'speaking' | 'deciding' | 'ended' = 'waiting';
  readonly #incoming = new PcmBlocks(BLOCK_SAMPLES);
  /** Blocks heard while waiting, then blocks of the utterance. */
  #blocks = 0;
  /** Blocks since the detector said that speech ended; absent while somebody speaks. */
  #quietBlocks: number | undefined;
  #preRoll: Int16Array[] = [];
  #session: RecognizerSession | undefined;
  #closeMicrophone: Stop = () => {};
  #isMicrophoneClosed = false;

  constructor(ports: VoicePorts, utterance: Utterance, on: (event: VoiceEvent) => void) {
    this.#ports = ports;
    this.#utterance = utterance;
    this.#on = on;
  }

  open(): void {
    this.#ports.vad.reset();
    this.#closeMicrophone = this.#ports.microphone.open(
      (pcm) => this.#onPcm(pcm),
      () => this.#onSourceEnd(),
    );
    // A source that ended inside `open` was closed before its handle was known.
    if (this.#isMicrophoneClosed) this.#closeMicrophone();
  }

  stop(): void {
    if (this.#at === 'ended') return;
    this.#at = 'ended';
    this.#session?.cancel();
    this.#closeMic();
  }

  #onPcm(pcm: Int16Array): void {
    for (const block of this.#incoming.cut(pcm)) if (!this.#isMicrophoneClosed) this.#onBlock(block);
  }

  #onBlock(block: Int16Array): void {
    const events = this.#ports.vad.accept(block);
    this.#blocks += 1;
    if (this.#at === 'waiting') this.#wait(block, events);
    else this.#session?.accept(block);
    if (this.#at === 'speaking') this.#follow(events);
  }

  /** Keeps the last blocks, so that the first phone is not lost to the detector's own delay. */
  #wait(block: Int16Array, events: readonly VadEvent[]): void {
    this.#preRoll.push(block);
    if (this.#preRoll.length > blocksOf(VOICE_LIMITS.preRollMs)) this.#preRoll.shift();
    if (events.some((event) => event.kind === 'speech-start')) this.#startSpeaking();
    else if (this.#blocks >= blocksOf(VOICE_LIMITS.silenceMs)) this.#end({ kind: 'silence' });
  }

  #startSpeaking(): void {
    const preRoll = this.#preRoll;
    this.#preRoll = [];
    this.#blocks = preRoll.length;
    this.#at = 'speaking';
    this.#on({ kind: 'speech-start' });
    if (this.#at !== 'speaking') return;
    this.#session = this.#ports.recognizer.start(this.#utterance, (event) => this.#onRecognizer(event));
    for (const block of preRoll) this.#session.accept(block);
  }

  #follow(events: readonly VadEvent[]): void {
    const last = events.at(-1)?.kind;
    if (last === 'speech-end') this.#quietBlocks = 0;
    else if (last === 'speech-start') this.#quietBlocks = undefined;
    else if (this.#quietBlocks !== undefined) this.#quietBlocks += 1;
    if (this.#quietBlocks !== undefined && this.#quietBlocks >= blocksOf(VOICE_LIMITS.resumeMs)) this.#finishSpeaking();
    else if (this.#blocks >= blocksOf(VOICE_LIMITS.utteranceMs)) {
      this.#session?.cancel();
      this.#end({ kind: 'too-long' });
    }
  }

  #onSourceEnd(): void {
    if (this.#at === 'waiting') this.#end({ kind: 'silence' });
    else if (this.#at === 'speaking') this.#finishSpeaking();
  }

  #finishSpeaking(): void {
    this.#at = 'deciding';
    this.#closeMic();
    this.#on({ kind: 'speech-end' });
    if (this.#at === 'deciding') this.#session?.finish();
  }

  #onRecognizer(event: RecognizerEvent): void {
    if (this.#at === 'ended') return;
    if (event.kind === 'partial') this.#on({ kind: 'partial', text: event.text });
    else this.#end(event.kind === 'failed' ? { kind: 'failed', code: event.code } : understood(event.hypotheses));
  }

  #end(ending: VoiceEnding): void {
    if (this.#at === 'ended') return;
    this.#at = 'ended';
    this.#closeMic();
    this.#on(ending);
  }

  #closeMic(): void {
    this.#isMicrophoneClosed = true;
    this.#closeMicrophone();
  }
}

/** What a final result comes to: words, or none that count. */
export function understood(hypotheses: readonly Hypothesis[]): VoiceEnding {
  const spoken = hypotheses.filter((hypothesis) => hypothesis.text.trim() !== '');
  const [best] = spoken;
  if (best === undefined) return { kind: 'not-understood' };
  return { kind: 'transcript', hypotheses: spoken, text: best.text.normalize('NFC').trim().replace(/\s+/gu, ' ') };
}
