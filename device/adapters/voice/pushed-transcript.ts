/** Transcripts that the device's own speech service recognised and pushes as JSON: Rokid glasses, and YodaOS before them. */
import { z } from 'zod';
import type { Recognizer, RecognizerEvent, RecognizerSession } from '../../ports.ts';
import type { Locale } from '../../voice/vocabulary.ts';

const MAX_MESSAGE_CHARS = 8_192;
const Text = z.string().min(1).max(600);

/** The browser-like shape of the glasses: `results[0]` is the newest result, its alternatives best first. */
const Results = z.object({
  results: z
    .array(
      z
        .array(z.object({ transcript: Text, confidence: z.number().min(0).max(1).optional() }))
        .min(1)
        .max(10),
    )
    .min(1),
  isFinal: z.boolean().optional(),
});

/** YodaOS: partial and final text with the id of the turn. */
const InterAsr = z.object({ topic: z.literal('rokid.speech.inter_asr'), args: z.tuple([Text, z.number()]) });
const FinalAsr = z.object({ topic: z.literal('rokid.speech.final_asr'), args: z.tuple([Text, z.number()]) });

/** Why a pushed message had no effect. */
export type PushOutcome = 'taken' | 'not-listening' | 'too-long' | 'bad-json' | 'unknown-shape';

type Reading = RecognizerEvent | undefined;

/** Each shape with the event it means. */
const READERS: readonly ((message: unknown) => Reading)[] = [
  (message) => {
    const parsed = Results.safeParse(message);
    const alternatives = parsed.success ? parsed.data.results[0] : undefined;
    const [best] = alternatives ?? [];
    if (!parsed.success || alternatives === undefined || best === undefined) return undefined;
    if (parsed.data.isFinal === false) return { kind: 'partial', text: best.transcript };
    return {
      kind: 'final',
      hypotheses: alternatives.map(({ transcript, confidence }) => ({
        text: transcript,
        confidence: confidence ?? 0.5,
      })),
    };
  },
  (message) => {
    const parsed = InterAsr.safeParse(message);
    return parsed.success ? { kind: 'partial', text: parsed.data.args[0] } : undefined;
  },
  (message) => {
    const parsed = FinalAsr.safeParse(message);
    return parsed.success ? { kind: 'final', hypotheses: [{ text: parsed.data.args[0], confidence: 0.5 }] } : undefined;
  },
];

/** A recogniser fed with messages. */
export class PushedTranscript implements Recognizer {
  readonly locales: readonly Locale[] = ['zh-CN', 'en-US'];
  #on: ((event: RecognizerEvent) => void) | undefined;

  /** One session at a time: a new one replaces the last. Audio is ignored, the service has heard it itself. */
  start(_utterance: { locale: Locale; grammar: string }, on: (event: RecognizerEvent) => void): RecognizerSession {
    this.#on = on;
    const close = (): void => {
      if (this.#on === on) this.#on = undefined;
    };
    return { accept: () => {}, finish: () => {}, cancel: close };
  }

  /** Hands in one message of the service as it came. A bad one is ignored and its code returned; never throws. */
  push(message: string): PushOutcome {
    if (message.length > MAX_MESSAGE_CHARS) return 'too-long';
    let parsed: unknown;
    try {
      parsed = JSON.parse(message);
    } catch {
      return 'bad-json';
    }
    for (const read of READERS) {
      const event = read(parsed);
      if (event === undefined) continue;
      const on = this.#on;
      if (on === undefined) return 'not-listening';
      if (event.kind === 'final') this.#on = undefined;
      on(event);
      return 'taken';
    }
    return 'unknown-shape';
  }
}
