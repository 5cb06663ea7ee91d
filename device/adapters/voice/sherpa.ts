/** Loads the optional native package `sherpa-onnx-node`, of which only these calls are used. */
import { createRequire } from 'node:module';
import { VoiceSetupError } from './setup-error.ts';

/** The native detector. */
export interface SherpaVad {
  acceptWaveform(samples: Float32Array): void;
  isDetected(): boolean;
  isEmpty(): boolean;
  pop(): void;
  reset(): void;
}

/** One utterance on its way through a native recogniser. */
export interface SherpaStream {
  acceptWaveform(wave: { readonly samples: Float32Array; readonly sampleRate: number }): void;
  inputFinished(): void;
}

/** The native streaming recogniser. */
export interface SherpaRecognizer {
  createStream(): SherpaStream;
  isReady(stream: SherpaStream): boolean;
  decode(stream: SherpaStream): void;
  getResult(stream: SherpaStream): { readonly text: string };
}

/** What the package exports. */
export interface Sherpa {
  readonly Vad: new (config: unknown, bufferSizeInSeconds: number) => SherpaVad;
  readonly OnlineRecognizer: new (config: unknown) => SherpaRecognizer;
}

/** Throws `VoiceSetupError` `not-installed` where the package has no build for this machine. */
export function loadSherpa(): Sherpa {
  try {
    return createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa;
  } catch {
    throw new VoiceSetupError(
      'not-installed',
      'sherpa-onnx-node is not installed or has no build for this machine: npm install sherpa-onnx-node',
    );
  }
}

/** 16-bit samples as the floats from −1 to 1 that models take. */
export function toFloat(pcm: Int16Array): Float32Array {
  return Float32Array.from(pcm, (sample) => sample / 32_768);
}
