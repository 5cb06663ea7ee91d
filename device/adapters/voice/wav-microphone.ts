/** A microphone that hears a recording: for demos, tests and the simulator. */
import { readFileSync } from 'node:fs';
import { type Clock, type Microphone, SAMPLE_RATE_HZ, type Stop } from '../../ports.ts';
import { readWav } from './wav.ts';

/** 100 ms, as sound cards deliver it. */
const CHUNK_SAMPLES = SAMPLE_RATE_HZ / 10;
const CHUNK_MS = 100;

/**
 * Delivers `samples` and then ends. With a clock it is paced as fast as one speaks, without one it delivers everything before
 * `open` returns.
 */
export function pcmMicrophone(samples: Int16Array, clock?: Clock): Microphone {
  return {
    open(onPcm, onEnd): Stop {
      let isOpen = true;
      let at = 0;
      let stopTimer: Stop = () => {};
      const deliver = (): void => {
        if (at >= samples.length) {
          isOpen = false;
          onEnd();
          return;
        }
        const chunk = samples.slice(at, at + CHUNK_SAMPLES);
        at += CHUNK_SAMPLES;
        onPcm(chunk);
      };
      if (clock === undefined) while (isOpen) deliver();
      else {
        const tick = (): void => {
          deliver();
          if (isOpen) stopTimer = clock.after(CHUNK_MS, tick);
        };
        stopTimer = clock.after(CHUNK_MS, tick);
      }
      return () => {
        isOpen = false;
        stopTimer();
      };
    },
  };
}

/** Hears a WAV file, read now. Throws `WavError` when it is not 16 kHz mono 16-bit PCM, and the file system's error when it cannot be read. */
export function wavMicrophone(path: string, clock?: Clock): Microphone {
  return pcmMicrophone(readWav(readFileSync(path)), clock);
}
