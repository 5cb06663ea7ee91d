import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { PocketSphinx } from '../../device/adapters/voice/pocketsphinx.ts';
import { PushedTranscript } from '../../device/adapters/voice/pushed-transcript.ts';
import { readWav } from '../../device/adapters/voice/wav.ts';
import type { RecognizerEvent, RecognizerSession } from '../../device/ports.ts';
import { replyGrammar } from '../../device/voice/grammar.ts';
import { shopVocabulary } from '../../sim/shops/vocabulary.ts';
import { notices, watching } from './contract.ts';
import { type RecognizerStand, recognizerContract } from './recognizer.contract.ts';

const isReady =
  existsSync('/usr/bin/pocketsphinx_batch') && existsSync('/usr/share/pocketsphinx/model/en-us/en-us/mdef');
if (!isReady) console.warn('recognizer.test.ts: no PocketSphinx: apt-get install pocketsphinx pocketsphinx-en-us');

/** For bodies that have answered by the time a call returns. */
const AT_ONCE = {
  async until(condition: () => boolean) {
    if (!condition()) throw new Error('it never happened');
  },
  happened: () => {},
};

const yes = readWav(readFileSync(join(import.meta.dirname, '../../sim/audio/reply-yes.wav')));

describe.skipIf(!isReady)('with a program', () => {
  recognizerContract.holdsFor('PocketSphinx', () => ({
    recognizer: new PocketSphinx({ timeLimitMs: 60_000 }),
    utterance: { locale: 'en-US', grammar: replyGrammar(3, shopVocabulary) },
    // A sound card uses the same memory again and again.
    speak(session) {
      const chunk = new Int16Array(1_600);
      for (let at = 0; at < yes.length; at += chunk.length) {
        const part = chunk.subarray(0, Math.min(chunk.length, yes.length - at));
        part.set(yes.subarray(at, at + part.length));
        session.accept(part);
      }
    },
    words: 'yes',
    answer: () => {},
    ...watching(),
  }));
});

recognizerContract.holdsFor('pushed transcripts', () => {
  const recognizer = new PushedTranscript();
  return {
    recognizer,
    utterance: { locale: 'zh-CN', grammar: '' },
    speak: () => void recognizer.push('{"topic":"rokid.speech.inter_asr","args":["一杯",7]}'),
    words: '一杯拿铁',
    answer: () => void recognizer.push('{"topic":"rokid.speech.final_asr","args":["一杯拿铁",7]}'),
    ...AT_ONCE,
  };
});

describe('the contract of the recogniser', () => {
  const FINAL: RecognizerEvent = { kind: 'final', hypotheses: [{ text: 'yes', confidence: 0.9 }] };

  /** One that answers inside `finish`, with one thing wrong. */
  const wrong =
    (session: (on: (event: RecognizerEvent) => void) => Partial<RecognizerSession>) => (): RecognizerStand => ({
      recognizer: {
        locales: ['en-US'],
        start(_utterance, on) {
          let isOver = false;
          const end = () => {
            if (!isOver) on(FINAL);
            isOver = true;
          };
          const cancel = () => {
            isOver = true;
          };
          return { accept: () => {}, finish: end, cancel, ...session(on) };
        },
      },
      utterance: { locale: 'en-US', grammar: '' },
      speak: (open) => open.accept(yes),
      words: 'yes',
      answer: () => {},
      ...AT_ONCE,
    });

  recognizerContract.holdsFor(
    'one that answers at once',
    wrong(() => ({})),
  );

  notices(recognizerContract, [
    ['ends twice', 'gives one ending though finish is called twice', wrong((on) => ({ finish: () => on(FINAL) }))],
    [
      'answers after cancel',
      'T28: says nothing after cancel, neither before nor after the end of the utterance',
      wrong((on) => ({ cancel: () => on(FINAL) })),
    ],
    [
      'ends when it has heard enough',
      'says nothing before it is told that the utterance is over',
      wrong((on) => ({ accept: () => on(FINAL) })),
    ],
    ['never ends', 'gives one ending where nothing was said into it', wrong(() => ({ finish: () => {} }))],
    [
      'is surer than sure',
      'gives exactly one ending with the words, and nothing after it, whatever else it is told',
      wrong((on) => ({ finish: () => on({ kind: 'final', hypotheses: [{ text: 'yes', confidence: 7 }] }) })),
    ],
  ]);
});
