/**
 * Synthesises the recordings of the demo (`sim/audio`) and of the tests (`test/fixtures/voice`) with espeak-ng. Run once; the
 * files are committed, because the voices of another espeak-ng version sound different.
 * Usage: `node dist/scripts/make-voice-fixtures.js`, from the top of the checkout.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWav } from '../device/adapters/voice/wav.ts';
import { SAMPLE_RATE_HZ } from '../device/ports.ts';

interface Recording {
  readonly file: string;
  readonly voice: string;
  readonly wordsPerMinute: number;
  readonly text: string;
}

const RECORDINGS: readonly Recording[] = [
  {
    file: 'order-iced-latte',
    voice: 'en-us+f2',
    wordsPerMinute: 150,
    text: 'order me a large iced latte, less sugar, under 25 yuan',
  },
  { file: 'order-hot-chocolate', voice: 'en-us+f2', wordsPerMinute: 160, text: 'order me a hot chocolate' },
  { file: 'order-muffins', voice: 'en-us+f2', wordsPerMinute: 160, text: 'order me two blueberry muffins' },
  { file: 'order-two-lines', voice: 'en-us+f2', wordsPerMinute: 160, text: 'two iced americanos and a bagel' },
  {
    file: 'order-cappuccino',
    voice: 'en-us+f2',
    wordsPerMinute: 160,
    text: 'can i have a large cappuccino with oat milk',
  },
  { file: 'order-helicopter', voice: 'en-us+f2', wordsPerMinute: 150, text: 'order me a helicopter' },
  { file: 'quantity-two', voice: 'en-us+f2', wordsPerMinute: 150, text: 'two' },
  { file: 'item-mocha', voice: 'en-us+f2', wordsPerMinute: 140, text: 'a mocha' },
  { file: 'reply-yes', voice: 'en-us+f2', wordsPerMinute: 150, text: 'yes' },
  { file: 'reply-no', voice: 'en-us+f2', wordsPerMinute: 150, text: 'no' },
  { file: 'reply-cancel', voice: 'en-us+f2', wordsPerMinute: 150, text: 'cancel' },
  { file: 'reply-second', voice: 'en-us+f2', wordsPerMinute: 150, text: 'the second one' },
  { file: 'reply-first', voice: 'en-us+m3', wordsPerMinute: 140, text: 'the first one' },
  { file: 'reply-cheapest', voice: 'en-us+f2', wordsPerMinute: 150, text: 'the cheapest one' },
  {
    file: 'outside-weather',
    voice: 'en-us+f2',
    wordsPerMinute: 165,
    text: 'what is the weather like in the mountains',
  },
  { file: 'outside-umbrella', voice: 'en-us+m3', wordsPerMinute: 165, text: 'i forgot my umbrella at the office' },
  { file: 'outside-football', voice: 'en-gb', wordsPerMinute: 165, text: 'who won the football match last night' },
  { file: 'hard-latte', voice: 'en-us+m4', wordsPerMinute: 160, text: "i'll have a caramel latte" },
  {
    file: 'hard-demo',
    voice: 'en-gb-x-rp+f2',
    wordsPerMinute: 165,
    text: 'order me a large iced latte, less sugar, under 25 yuan',
  },
];

const ESPEAK_RATE_HZ = 22_050;
const WAV_HEADER_BYTES = 44;
const GAIN = 0.6;
const PAD_SAMPLES = SAMPLE_RATE_HZ * 0.1;
/** Half the taps of the low-pass filter, in samples of the slower rate. */
const KERNEL_RADIUS = 16;

/** Windowed-sinc resampling, band-limited to the slower of the two rates. */
function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  const ratio = fromHz / toHz;
  const radius = KERNEL_RADIUS * ratio;
  return Int16Array.from({ length: Math.floor(samples.length / ratio) }, (_, index) => {
    const centre = index * ratio;
    let sum = 0;
    let weight = 0;
    for (let at = Math.ceil(centre - radius); at <= centre + radius; at++) {
      const x = (at - centre) / ratio;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      const tap = sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / KERNEL_RADIUS));
      sum += tap * (samples[at] ?? 0);
      weight += tap;
    }
    return Math.max(-32_768, Math.min(32_767, Math.round((GAIN * sum) / weight)));
  });
}

function synthesise(recording: Recording, dir: string): Int16Array {
  const path = join(dir, 'speech.wav');
  execFileSync('espeak-ng', [
    '-v',
    recording.voice,
    '-s',
    String(recording.wordsPerMinute),
    '-w',
    path,
    recording.text,
  ]);
  const bytes = readFileSync(path);
  const pcm = Int16Array.from({ length: (bytes.length - WAV_HEADER_BYTES) >> 1 }, (_, index) =>
    bytes.readInt16LE(WAV_HEADER_BYTES + 2 * index),
  );
  const speech = resample(pcm, ESPEAK_RATE_HZ, SAMPLE_RATE_HZ);
  const padded = new Int16Array(speech.length + 2 * PAD_SAMPLES);
  padded.set(speech, PAD_SAMPLES);
  return padded;
}

/** White noise at −20 dBFS from a fixed generator (Park and Miller's), so that the file is the same every time. */
function noise(samples: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length: samples }, () => {
    state = (state * 48_271) % 0x7fffffff;
    return Math.round((state / 0x7fffffff - 0.5) * 11_000);
  });
}

/** What the demo plays; the tests use these recordings too. */
const DEMO: ReadonlySet<string> = new Set(['order-iced-latte', 'reply-yes', 'reply-second', 'reply-cancel']);

function main(): void {
  const dir = mkdtempSync(join(tmpdir(), 'act-edge-fixtures-'));
  try {
    for (const recording of RECORDINGS) {
      const outDir = DEMO.has(recording.file) ? 'sim/audio' : 'test/fixtures/voice';
      writeFileSync(join(outDir, `${recording.file}.wav`), writeWav(synthesise(recording, dir)));
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  writeFileSync('test/fixtures/voice/noise.wav', writeWav(noise(SAMPLE_RATE_HZ * 1.5)));
  writeFileSync('test/fixtures/voice/empty.wav', writeWav(new Int16Array(0)));
}

main();
