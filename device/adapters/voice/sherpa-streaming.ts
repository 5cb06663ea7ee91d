/** Streaming recognition, any language, by sherpa-onnx with a model directory of the user's: the offline way to hear Mandarin. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Recognizer, type RecognizerEvent, type RecognizerSession, SAMPLE_RATE_HZ } from '../../ports.ts';
import type { Locale } from '../../voice/vocabulary.ts';
import { VoiceSetupError } from './setup-error.ts';
import { loadSherpa, type SherpaRecognizer, type SherpaStream, toFloat } from './sherpa.ts';

/** The parts of a streaming transducer as its publishers name them, for example `encoder-epoch-99-avg-1.int8.onnx`. */
const PARTS = {
  encoder: /^encoder.*\.onnx$/,
  decoder: /^decoder.*\.onnx$/,
  joiner: /^joiner.*\.onnx$/,
  tokens: /^tokens\.txt$/,
} as const;

type Part = keyof typeof PARTS;

/** Some silence at the end lets the model emit its last token. */
const TAIL_SAMPLES = SAMPLE_RATE_HZ * 0.4;

/** Paths of a model's parts; where both are there, the smaller int8 file. Throws `VoiceSetupError` `model-missing`, naming what was looked for. */
export function findSherpaModel(modelDir: string): Readonly<Record<Part, string>> {
  const files = listFiles(modelDir);
  const find = (part: Part): string | undefined => {
    const fitting = files.filter((file) => PARTS[part].test(file)).sort();
    return fitting.find((file) => file.includes('int8')) ?? fitting[0];
  };
  const [encoder, decoder, joiner, tokens] = [find('encoder'), find('decoder'), find('joiner'), find('tokens')];
  if (encoder === undefined || decoder === undefined || joiner === undefined || tokens === undefined) {
    throw new VoiceSetupError(
      'model-missing',
      `no streaming transducer in ${modelDir}: looked for encoder*.onnx, decoder*.onnx, joiner*.onnx, tokens.txt`,
    );
  }
  return {
    encoder: join(modelDir, encoder),
    decoder: join(modelDir, decoder),
    joiner: join(modelDir, joiner),
    tokens: join(modelDir, tokens),
  };
}

function listFiles(modelDir: string): readonly string[] {
  try {
    return readdirSync(modelDir);
  } catch {
    return [];
  }
}

/** A recogniser over a model directory. */
export class SherpaStreaming implements Recognizer {
  readonly locales: readonly Locale[];
  readonly #recognizer: SherpaRecognizer;

  /** Loads the model now. `locales` are the languages it was trained for. Throws `VoiceSetupError`. */
  constructor(modelDir: string, locales: readonly Locale[]) {
    const { encoder, decoder, joiner, tokens } = findSherpaModel(modelDir);
    const { OnlineRecognizer } = loadSherpa();
    this.locales = locales;
    this.#recognizer = new OnlineRecognizer({
      featConfig: { sampleRate: SAMPLE_RATE_HZ, featureDim: 80 },
      modelConfig: { transducer: { encoder, decoder, joiner }, tokens, numThreads: 1, provider: 'cpu', debug: 0 },
      decodingMethod: 'greedy_search',
    });
  }

  start(_utterance: { locale: Locale; grammar: string }, on: (event: RecognizerEvent) => void): RecognizerSession {
    const stream = this.#recognizer.createStream();
    let isOver = false;
    let lastPartial = '';
    return {
      accept: (pcm) => {
        if (isOver) return;
        const text = this.#feed(stream, toFloat(pcm));
        if (text !== lastPartial && text !== '') on({ kind: 'partial', text });
        lastPartial = text;
      },
      finish: () => {
        if (isOver) return;
        isOver = true;
        this.#feed(stream, new Float32Array(TAIL_SAMPLES));
        stream.inputFinished();
        const text = this.#decode(stream);
        // The model gives no usable score; the parser's own margin and the confirmation decide.
        on({ kind: 'final', hypotheses: text === '' ? [] : [{ text, confidence: 0.5 }] });
      },
      cancel: () => {
        isOver = true;
      },
    };
  }

  #feed(stream: SherpaStream, samples: Float32Array): string {
    stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE_HZ });
    return this.#decode(stream);
  }

  #decode(stream: SherpaStream): string {
    while (this.#recognizer.isReady(stream)) this.#recognizer.decode(stream);
    return this.#recognizer.getResult(stream).text.trim().toLowerCase();
  }
}
