/**
 * Voice activity by loudness over an adaptive noise floor: for devices without a model. It hears any loud sound as speech (a
 * kitchen at 5 dB defeats it); the recogniser's rejection has to sort that out. Prefer the Silero body.
 */
import { SAMPLE_RATE_HZ, type Vad, type VadEvent } from '../ports.ts';
import { PcmBlocks } from './pcm-blocks.ts';

const FRAME_SAMPLES = SAMPLE_RATE_HZ / 50;
/** Speech starts this far above the floor, and only above the absolute minimum of a microphone's own noise. */
const START_OVER_FLOOR_DB = 12;
const END_OVER_FLOOR_DB = 6;
const MIN_SPEECH_DBFS = -45;
/** Frames of 20 ms: 100 ms of sound start speech, 500 ms of quiet end it. */
const START_FRAMES = 5;
const END_FRAMES = 25;
/** The floor follows quiet at once and noise slowly, and stands still during speech. */
const FLOOR_RISE_DB = 0.15;
const INITIAL_FLOOR_DBFS = -60;
const LOWEST_FLOOR_DBFS = -80;

/** A detector without a model; its state is a floor, a run length and an unfinished frame. */
export class EnergyVad implements Vad {
  readonly #frames = new PcmBlocks(FRAME_SAMPLES);
  #floorDb = INITIAL_FLOOR_DBFS;
  #speaking = false;
  #run = 0;

  accept(pcm: Int16Array): readonly VadEvent[] {
    return this.#frames.cut(pcm).flatMap((frame) => this.#frame(levelDbfs(frame)) ?? []);
  }

  reset(): void {
    this.#frames.clear();
    this.#floorDb = INITIAL_FLOOR_DBFS;
    this.#speaking = false;
    this.#run = 0;
  }

  #frame(levelDb: number): VadEvent | undefined {
    if (this.#speaking) {
      this.#run = levelDb < this.#floorDb + END_OVER_FLOOR_DB || levelDb < MIN_SPEECH_DBFS ? this.#run + 1 : 0;
      return this.#run >= END_FRAMES ? this.#turn(false) : undefined;
    }
    const loud = levelDb > this.#floorDb + START_OVER_FLOOR_DB && levelDb > MIN_SPEECH_DBFS;
    this.#run = loud ? this.#run + 1 : 0;
    this.#floorDb = Math.max(LOWEST_FLOOR_DBFS, Math.min(levelDb, this.#floorDb + FLOOR_RISE_DB));
    return this.#run >= START_FRAMES ? this.#turn(true) : undefined;
  }

  #turn(speaking: boolean): VadEvent {
    this.#speaking = speaking;
    this.#run = 0;
    return { kind: speaking ? 'speech-start' : 'speech-end' };
  }
}

function levelDbfs(frame: Int16Array): number {
  let energy = 0;
  for (const sample of frame) energy += (sample / 32_768) ** 2;
  return 10 * Math.log10(energy / frame.length + 1e-10);
}
