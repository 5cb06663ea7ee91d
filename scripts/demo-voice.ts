/** The real recognisers of the demo, and the recordings it plays. */
import { existsSync, readFileSync } from 'node:fs';
import { PocketSphinx } from '../device/adapters/voice/pocketsphinx.ts';
import { VoiceSetupError } from '../device/adapters/voice/setup-error.ts';
import { SherpaStreaming } from '../device/adapters/voice/sherpa-streaming.ts';
import { readWav } from '../device/adapters/voice/wav.ts';
import type { Locale, Recognizer } from '../device/index.ts';
import type { DemoVoice } from '../sim/index.ts';
import { openVad } from './agent-ear.ts';
import { UsageError } from './command.ts';

type Opened = { readonly ok: true; readonly value: DemoVoice } | { readonly ok: false; readonly reason: string };

/** Next to the compiled program in a checkout and in the package alike. */
const RECORDINGS = new URL('../../sim/audio/', import.meta.url);

interface Recording {
  readonly words: string;
  readonly locale: Locale;
  readonly file: string;
}

function recordings(locale: Locale): ReadonlyMap<string, string> {
  const list = JSON.parse(readFileSync(new URL('recordings.json', RECORDINGS), 'utf8')) as readonly Recording[];
  return new Map(list.filter((one) => one.locale === locale).map(({ words, file }) => [words, file]));
}

function openRecognizer(locale: Locale, sherpaModel: string | undefined): Recognizer {
  if (sherpaModel !== undefined) return new SherpaStreaming(sherpaModel, [locale]);
  const recognizer = new PocketSphinx();
  recognizer.check();
  return recognizer;
}

/** @throws UsageError for a file that cannot be read, WavError for one that is not 16 kHz, 16-bit, mono PCM. */
export function readRecording(path: string): Int16Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UsageError('usage-option-value', `cannot read ${path} (${reason})`, 'name a WAV file');
  }
  return readWav(bytes);
}

/**
 * Chinese audio needs a model of the user's; without one its words are pushed as a transcript.
 * @param order what is heard as the order instead of the recording the demo brings.
 */
export function openDemoVoice(
  locale: Locale,
  sherpaModel: string | undefined,
  order: { words: string; samples: Int16Array } | undefined,
): Opened {
  if (locale === 'zh-CN' && sherpaModel === undefined)
    return { ok: false, reason: 'Chinese audio needs a recogniser: give one with --sherpa-model DIR' };
  if (!existsSync(new URL('recordings.json', RECORDINGS))) return { ok: false, reason: 'the recordings are not here' };
  const files = recordings(locale);
  try {
    const value: DemoVoice = {
      vad: openVad(undefined),
      recognizer: openRecognizer(locale, sherpaModel),
      recordingOf: (words) => {
        if (words === order?.words) return order.samples;
        const file = files.get(words);
        return file === undefined ? undefined : readWav(readFileSync(new URL(file, RECORDINGS)));
      },
    };
    return { ok: true, value };
  } catch (error) {
    if (error instanceof VoiceSetupError) return { ok: false, reason: error.message };
    throw error;
  }
}
