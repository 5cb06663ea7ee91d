import { expect } from 'vitest';
import { SAMPLE_RATE_HZ, type Vad } from '../../device/ports.ts';
import { contract } from './contract.ts';

export interface VadStand {
  readonly vad: Vad;
  /** One spoken sentence, without a long pause in it. */
  readonly speech: Int16Array;
}

const PAUSE = new Int16Array(SAMPLE_RATE_HZ);
/** 32 ms, as the pipeline feeds it. */
const BLOCK_SAMPLES = 512;

function joined(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

/** The events, each with the block in which it came. */
function hear(vad: Vad, pcm: Int16Array, blockSamples = BLOCK_SAMPLES): [block: number, kind: string][] {
  const events: [number, string][] = [];
  for (let at = 0; at < pcm.length; at += blockSamples)
    for (const { kind } of vad.accept(pcm.slice(at, at + blockSamples))) events.push([at / blockSamples, kind]);
  return events;
}

const kinds = (vad: Vad, pcm: Int16Array, blockSamples?: number) =>
  hear(vad, pcm, blockSamples).map(([, kind]) => kind);

export const vadContract = contract<VadStand>('Vad', {
  'hears nobody in silence': ({ vad }) => {
    expect(hear(vad, new Int16Array(5 * SAMPLE_RATE_HZ))).toEqual([]);
  },

  'hears one start while somebody speaks, and one end within a second of silence': ({ vad, speech }) => {
    expect(kinds(vad, joined(PAUSE, speech))).toEqual(['speech-start']);
    expect(kinds(vad, PAUSE)).toEqual(['speech-end']);
  },

  'tells starts and ends by turns, over several sentences': ({ vad, speech }) => {
    const events = kinds(vad, joined(PAUSE, speech, PAUSE, speech, PAUSE, speech, PAUSE));
    expect(events).toEqual(['speech-start', 'speech-end', 'speech-start', 'speech-end', 'speech-start', 'speech-end']);
  },

  'hears the same whatever the size of the chunks': ({ vad, speech }) => {
    const pcm = joined(PAUSE, speech, PAUSE);
    const expected = kinds(vad, pcm);
    for (const samples of [97, 1_600, pcm.length]) {
      vad.reset();
      expect(kinds(vad, pcm, samples)).toEqual(expected);
    }
  },

  'forgets everything on reset: where it was, what it had not looked at yet': ({ vad, speech }) => {
    const pcm = joined(PAUSE, speech, PAUSE);
    vad.reset();
    const fresh = hear(vad, pcm);
    vad.reset();
    hear(vad, joined(PAUSE, speech));
    vad.accept(speech.slice(0, 301));
    vad.reset();
    expect(hear(vad, PAUSE)).toEqual([]);
    vad.reset();
    expect(hear(vad, pcm)).toEqual(fresh);
  },

  'neither changes the sound it is given nor minds that its memory is used again': ({ vad, speech }) => {
    const pcm = joined(PAUSE, speech, PAUSE);
    vad.reset();
    const expected = hear(vad, pcm, 100);
    vad.reset();
    const buffer = new Int16Array(100);
    const events: [number, string][] = [];
    for (let at = 0; at < pcm.length; at += 100) {
      const part = buffer.subarray(0, Math.min(100, pcm.length - at));
      part.set(pcm.subarray(at, at + part.length));
      for (const { kind } of vad.accept(part)) events.push([at / 100, kind]);
      expect(part).toEqual(pcm.subarray(at, at + part.length));
    }
    expect(events).toEqual(expected);
  },
});
