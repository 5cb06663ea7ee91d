/** Voice activity by the Silero model: the detector of choice (kitchen noise at 5 dB: F1 .881, against .684 for WebRTC's). */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SAMPLE_RATE_HZ, type Vad, type VadEvent } from '../../ports.ts';
import { PcmBlocks } from '../../voice/pcm-blocks.ts';
import { VoiceSetupError } from './setup-error.ts';
import { loadSherpa, type SherpaVad, toFloat } from './sherpa.ts';

const WINDOW_SAMPLES = 512;
/** Seconds of speech the native side may hold; its segments are dropped as they come, so little is needed. */
const BUFFER_S = 30;

const SETTINGS = {
  threshold: 0.5,
  /** Seconds. "No" and "two" are short; anything shorter is a click. */
  minSpeechDuration: 0.1,
  /** Seconds. The pause after a clause of an order is shorter; `listen` waits a little longer still. */
  minSilenceDuration: 0.4,
  windowSize: WINDOW_SAMPLES,
  maxSpeechDuration: 30,
} as const;

/**
 * The MIT-licensed model as the package `@ricky0123/vad-web` carries it, or undefined when that is not installed. Devices that
 * leave the package out pass the path of their own copy to `SileroVad`.
 */
export function findSileroModel(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('@ricky0123/vad-web/dist/silero_vad_v5.onnx');
  } catch {
    return undefined;
  }
}

/** A detector over a Silero model file. */
export class SileroVad implements Vad {
  readonly #vad: SherpaVad;
  readonly #windows = new PcmBlocks(WINDOW_SAMPLES);
  #speaking = false;

  /** `modelPath` is a silero_vad ONNX file, version 4 or 5. Throws `VoiceSetupError`. */
  constructor(modelPath: string) {
    if (!existsSync(modelPath)) throw new VoiceSetupError('model-missing', `no Silero model at ${modelPath}`);
    const { Vad: NativeVad } = loadSherpa();
    const config = {
      sileroVad: { ...SETTINGS, model: modelPath },
      sampleRate: SAMPLE_RATE_HZ,
      numThreads: 1,
      provider: 'cpu',
      debug: false,
    };
    this.#vad = new NativeVad(config, BUFFER_S);
  }

  accept(pcm: Int16Array): readonly VadEvent[] {
    const events: VadEvent[] = [];
    for (const window of this.#windows.cut(pcm)) {
      this.#vad.acceptWaveform(toFloat(window));
      while (!this.#vad.isEmpty()) this.#vad.pop();
      const speaking = this.#vad.isDetected();
      if (speaking !== this.#speaking) events.push({ kind: speaking ? 'speech-start' : 'speech-end' });
      this.#speaking = speaking;
    }
    return events;
  }

  reset(): void {
    this.#vad.reset();
    this.#windows.clear();
    this.#speaking = false;
  }
}
