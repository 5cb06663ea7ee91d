import { describe, expect, it } from 'vitest';
import type { EarEvent } from '../../../device/listening.ts';
import type { Microphone, Recognizer, RecognizerEvent } from '../../../device/ports.ts';
import { earEventOf, voiceEar } from '../../../device/voice/ear.ts';
import { EnergyVad } from '../../../device/voice/energy-vad.ts';
import type { VoiceEvent } from '../../../device/voice/pipeline.ts';
import { vocabulary } from './vocabulary.fixture.ts';

const RATE = 16_000;
const quiet = (seconds: number) => new Int16Array(seconds * RATE);
const loud = (seconds: number) => Int16Array.from(quiet(seconds), (_, at) => 8_000 * Math.sin(at / 5));

/** A room: whatever is said in it reaches the ear that is open, and the recogniser answers `answer`. */
function room(answer: RecognizerEvent) {
  const started: { locale: string; grammar: string }[] = [];
  const stages: string[] = [];
  let into: ((pcm: Int16Array) => void) | undefined;
  const microphone: Microphone = {
    open(onPcm) {
      into = onPcm;
      return () => {
        if (into === onPcm) into = undefined;
      };
    },
  };
  const recognizer: Recognizer = {
    locales: ['en-US'],
    start(utterance, on) {
      started.push(utterance);
      return { accept: () => {}, finish: () => on(answer), cancel: () => {} };
    },
  };
  const ear = voiceEar({ microphone, vad: new EnergyVad(), recognizer }, vocabulary, (event) =>
    stages.push(event.kind),
  );
  const heard: EarEvent[] = [];
  return {
    started,
    stages,
    heard,
    listen: (expect: 'order' | 'reply', offers = 0) =>
      ear.listen({ expect, locale: 'en-US', offers }, (event) => heard.push(event)),
    speak() {
      for (const pcm of [quiet(1), loud(1), quiet(2)]) into?.(pcm);
    },
    isOpen: () => into !== undefined,
  };
}

const WORDS: RecognizerEvent = { kind: 'final', hypotheses: [{ text: 'order a latte', confidence: 0.8 }] };

describe('the ear of a device with a microphone', () => {
  it('hears an order with the grammar of the vocabulary, once, and closes the microphone', () => {
    const { listen, speak, heard, started, stages, isOpen } = room(WORDS);
    listen('order');
    speak();
    speak();
    const hypotheses = [{ text: 'order a latte', confidence: 0.8 }];
    expect(heard).toEqual([{ kind: 'words', hypotheses, mode: 'VOICE' }]);
    expect(isOpen()).toBe(false);
    expect(started).toHaveLength(1);
    expect(started[0]?.grammar).toContain('latte');
    expect(stages).toEqual(['speech-start', 'speech-end', 'transcript']);
  });

  it('hears an answer with the grammar of the offers', () => {
    const { listen, speak, started } = room(WORDS);
    listen('reply', 2);
    speak();
    expect(started[0]?.grammar).toMatch(/second/);
    expect(started[0]?.grammar).not.toMatch(/third one/);
  });

  it('listens for one thing at a time: an earlier listening says nothing any more', () => {
    const { listen, speak, heard, started } = room(WORDS);
    listen('order');
    listen('reply', 2);
    speak();
    expect(heard).toHaveLength(1);
    expect(started).toHaveLength(1);
  });

  it('says nothing after it was closed', () => {
    const { listen, speak, heard, isOpen } = room(WORDS);
    listen('order')();
    speak();
    expect([heard, isOpen()]).toEqual([[], false]);
  });

  it('says that it did not understand, and when its recogniser failed', () => {
    const dumb = room({ kind: 'final', hypotheses: [] });
    dumb.listen('order');
    dumb.speak();
    const broken = room({ kind: 'failed', code: 'crashed', message: 'order a latte' });
    broken.listen('order');
    broken.speak();
    expect([dumb.heard, broken.heard]).toEqual([
      [{ kind: 'unheard', why: 'not-understood' }],
      [{ kind: 'unheard', why: 'recogniser-failed' }],
    ]);
  });
});

describe('what the agent is told', () => {
  it.each([
    [{ kind: 'speech-start' }, undefined],
    [{ kind: 'partial', text: 'order' }, undefined],
    [{ kind: 'speech-end' }, undefined],
    [{ kind: 'silence' }, { kind: 'unheard', why: 'silence' }],
    [{ kind: 'too-long' }, { kind: 'unheard', why: 'too-long' }],
    [{ kind: 'not-understood' }, { kind: 'unheard', why: 'not-understood' }],
    [
      { kind: 'failed', code: 'timed-out' },
      { kind: 'unheard', why: 'recogniser-failed' },
    ],
  ] satisfies (readonly [VoiceEvent, EarEvent | undefined])[])('of %j is %j', (event, told) => {
    expect(earEventOf(event)).toEqual(told);
  });
});
