import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Microphone, Recognizer, RecognizerEvent, Vad } from '../../../device/ports.ts';
import { EnergyVad } from '../../../device/voice/energy-vad.ts';
import { listenPushed } from '../../../device/voice/listen-pushed.ts';
import { listen, type VoiceEvent } from '../../../device/voice/pipeline.ts';

const RATE = 16_000;
const OK: RecognizerEvent = { kind: 'final', hypotheses: [{ text: ' a  latte ', confidence: 0.9 }] };

/** `seconds` of a loud tone, or of silence. */
function sound(seconds: number, amplitude: number): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * RATE) }, (_, at) => amplitude * Math.sin(at / 5));
}

function joined(...parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

interface Heard {
  readonly events: VoiceEvent[];
  /** Samples the recogniser was given. */
  samples: number;
  first: number | undefined;
  cancelled: boolean;
  micOpen: boolean;
  stop: () => void;
}

function setUp(
  answer: RecognizerEvent | 'never' = OK,
  vad: Vad = new EnergyVad(),
): { heard: Heard; feed: (pcm: Int16Array) => void; endSource: () => void } {
  const heard: Heard = { events: [], samples: 0, first: undefined, cancelled: false, micOpen: false, stop: () => {} };
  let onPcm: (pcm: Int16Array) => void = () => {};
  let onEnd = (): void => {};
  const microphone: Microphone = {
    open(pcm, end) {
      [onPcm, onEnd, heard.micOpen] = [pcm, end, true];
      return () => {
        heard.micOpen = false;
      };
    },
  };
  const recognizer: Recognizer = {
    locales: ['en-US'],
    start: (_utterance, on) => ({
      accept(pcm) {
        heard.first ??= pcm[0];
        heard.samples += pcm.length;
      },
      finish: () => (answer === 'never' ? undefined : on(answer)),
      cancel() {
        heard.cancelled = true;
      },
    }),
  };
  heard.stop = listen({ microphone, vad, recognizer }, { locale: 'en-US', grammar: '' }, (event) =>
    heard.events.push(event),
  );
  return { heard, feed: (pcm) => onPcm(pcm), endSource: () => onEnd() };
}

function kinds(heard: Heard): readonly string[] {
  return heard.events.map((event) => event.kind);
}

describe('listen', () => {
  it('goes from speech to a transcript and closes the microphone before it says so', () => {
    const { heard, feed } = setUp();
    feed(joined(sound(1, 0), sound(2, 8_000), sound(1.5, 0)));
    expect(kinds(heard)).toEqual(['speech-start', 'speech-end', 'transcript']);
    expect(heard.events.at(-1)).toMatchObject({ text: 'a latte' });
    expect(heard.micOpen).toBe(false);
  });

  it('gives the recogniser the sound from before the detector was sure', () => {
    const { heard, feed } = setUp();
    const quiet = new Int16Array(RATE).fill(3);
    feed(joined(quiet, sound(2, 8_000), sound(1.5, 0)));
    expect(heard.first).toBe(3);
    expect(heard.samples).toBeGreaterThan(RATE * 3.3);
  });

  it('bridges a pause inside an order', () => {
    const { heard, feed } = setUp();
    feed(joined(sound(1, 8_000), sound(0.7, 0), sound(1, 8_000), sound(1.5, 0)));
    expect(kinds(heard)).toEqual(['speech-start', 'speech-end', 'transcript']);
    expect(heard.samples).toBeGreaterThan(RATE * 2.7);
  });

  it('ends in silence after six seconds without speech, not a block earlier', () => {
    const { heard, feed } = setUp();
    feed(new Int16Array(187 * 512));
    expect(kinds(heard)).toEqual([]);
    feed(new Int16Array(512));
    expect(kinds(heard)).toEqual(['silence']);
    expect(heard.micOpen).toBe(false);
  });

  it('ends in silence when the source ends without speech, even at once', () => {
    const { heard, endSource } = setUp();
    endSource();
    expect(kinds(heard)).toEqual(['silence']);
  });

  it('finishes the utterance when the source ends in the middle of it', () => {
    const { heard, feed, endSource } = setUp();
    feed(sound(1, 8_000));
    endSource();
    expect(kinds(heard)).toEqual(['speech-start', 'speech-end', 'transcript']);
  });

  it('stops listening to three minutes of talk after twenty seconds, and keeps none of it', () => {
    const { heard, feed } = setUp();
    for (let second = 0; second < 180; second++) feed(sound(1, 8_000));
    expect(kinds(heard)).toEqual(['speech-start', 'too-long']);
    expect(heard.cancelled).toBe(true);
    expect(heard.samples).toBeLessThanOrEqual(RATE * 21);
  });

  it.each([
    [{ kind: 'final', hypotheses: [] } as const, { kind: 'not-understood' }],
    [{ kind: 'final', hypotheses: [{ text: '  ', confidence: 1 }] } as const, { kind: 'not-understood' }],
    [{ kind: 'failed', code: 'not-installed', message: 'x' } as const, { kind: 'failed', code: 'not-installed' }],
    [{ kind: 'failed', code: 'timed-out', message: 'x' } as const, { kind: 'failed', code: 'timed-out' }],
  ])('passes on the outcome %j', (answer, ending) => {
    const { heard, feed } = setUp(answer);
    feed(joined(sound(1, 8_000), sound(2, 0)));
    expect(heard.events.at(-1)).toEqual(ending);
  });

  it('says nothing more once stopped, wherever it was', () => {
    for (const seconds of [0.2, 1, 3]) {
      const { heard, feed, endSource } = setUp('never');
      feed(joined(sound(seconds, 8_000), sound(seconds > 2 ? 2 : 0, 0)));
      const before = heard.events.length;
      heard.stop();
      heard.stop();
      feed(sound(10, 8_000));
      endSource();
      expect(heard.events.length).toBe(before);
      expect(heard.micOpen).toBe(false);
    }
  });

  it('gives the same events whatever the chunk sizes', () => {
    const pcm = joined(sound(0.8, 0), sound(1.1, 9_000), sound(0.3, 40), sound(0.6, 9_000), sound(1.5, 0));
    const whole = setUp();
    whole.feed(pcm);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const cut = setUp();
        let at = 0;
        for (let turn = 0; at < pcm.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          cut.feed(pcm.subarray(at, at + size));
          at += size;
        }
        expect(cut.heard.events).toEqual(whole.heard.events);
        expect(cut.heard.samples).toBe(whole.heard.samples);
      }),
      { seed: 7, numRuns: 30 },
    );
  });
});

describe('EnergyVad', () => {
  it('is not started by a steady hum, however long', () => {
    const vad = new EnergyVad();
    expect(vad.accept(sound(10, 120))).toEqual([]);
  });

  it('is not started by a click', () => {
    const vad = new EnergyVad();
    expect(vad.accept(joined(sound(1, 0), sound(0.04, 20_000), sound(1, 0)))).toEqual([]);
  });

  it('starts afresh after reset', () => {
    const vad = new EnergyVad();
    const first = vad.accept(sound(1, 8_000));
    vad.reset();
    expect(vad.accept(sound(1, 8_000))).toEqual(first);
  });
});

describe('listenPushed', () => {
  function push(): {
    events: VoiceEvent[];
    on: (event: RecognizerEvent) => void;
    timers: Map<number, () => void>;
    cancelled: () => boolean;
  } {
    const events: VoiceEvent[] = [];
    const timers = new Map<number, () => void>();
    let cancelled = false;
    let on: (event: RecognizerEvent) => void = () => {};
    const recognizer: Recognizer = {
      locales: ['zh-CN'],
      start: (_utterance, handler) => {
        on = handler;
        return { accept: () => {}, finish: () => {}, cancel: () => (cancelled = true) };
      },
    };
    const clock = {
      now: () => 0 as never,
      after: (delayMs: number, fire: () => void) => {
        timers.set(delayMs, fire);
        return () => timers.delete(delayMs);
      },
    };
    listenPushed({ recognizer, clock }, 'zh-CN', (event) => events.push(event));
    return { events, on: (event) => on(event), timers, cancelled: () => cancelled };
  }

  it('turns pushed text into the same events as audio', () => {
    const { events, on, timers } = push();
    on({ kind: 'partial', text: '一杯' });
    on({ kind: 'final', hypotheses: [{ text: '一杯拿铁', confidence: 0.8 }] });
    expect(events.map((event) => event.kind)).toEqual(['speech-start', 'partial', 'speech-end', 'transcript']);
    expect(timers.size).toBe(0);
  });

  it('ends in silence after six seconds, and a late result changes nothing', () => {
    const { events, on, timers, cancelled } = push();
    timers.get(6_000)?.();
    on({ kind: 'final', hypotheses: [{ text: 'x', confidence: 1 }] });
    expect(events).toEqual([{ kind: 'silence' }]);
    expect(cancelled()).toBe(true);
  });
});
