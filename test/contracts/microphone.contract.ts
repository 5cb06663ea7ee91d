import { expect } from 'vitest';
import type { Microphone } from '../../device/ports.ts';
import { contract } from './contract.ts';

export interface MicrophoneStand {
  /** A microphone in a room where this is heard, and then no more. */
  microphone(samples: Int16Array): Microphone;
  /** Goes on until the condition holds; throws, or never ends, where it cannot come to hold. */
  until(condition: () => boolean): Promise<void>;
  /** Returns when nothing can come from a microphone any more that was stopped. */
  settled(): Promise<void>;
  dispose?(): void;
}

/** A third of a second in which no two samples next to each other are alike. */
const SAMPLES = Int16Array.from({ length: 5_333 }, (_, at) => ((at * 40_503) % 65_536) - 32_768);

interface Recording {
  readonly chunks: Int16Array[];
  ends: number;
  /** What came after Stop. */
  late: number;
  stop(): void;
}

function record(microphone: Microphone): Recording {
  let isStopped = false;
  const recording: Recording = { chunks: [], ends: 0, late: 0, stop: () => {} };
  const came = (act: () => void) => {
    if (isStopped) recording.late++;
    act();
  };
  const stop = microphone.open(
    (pcm) => came(() => recording.chunks.push(pcm)),
    () => came(() => recording.ends++),
  );
  recording.stop = () => {
    isStopped = true;
    stop();
  };
  return recording;
}

function joined(chunks: readonly Int16Array[]): number[] {
  return chunks.flatMap((chunk) => [...chunk]);
}

export const microphoneContract = contract<MicrophoneStand>('Microphone', {
  'gives every sample once, in order, in memory that stays as it is, and then ends once': async (stand) => {
    const recording = record(stand.microphone(SAMPLES));
    await stand.until(() => recording.ends > 0);
    expect(joined(recording.chunks)).toEqual([...SAMPLES]);
    await stand.settled();
    expect([recording.ends, recording.late]).toEqual([1, 0]);
  },

  'never gives an empty chunk, and only an end where nothing is heard': async (stand) => {
    const silent = record(stand.microphone(new Int16Array(0)));
    await stand.until(() => silent.ends > 0);
    expect(silent.chunks).toEqual([]);
    const recording = record(stand.microphone(SAMPLES));
    await stand.until(() => recording.ends > 0);
    expect(recording.chunks.filter((chunk) => chunk.length === 0)).toEqual([]);
  },

  'T28: gives nothing after Stop, neither sound nor an end, and may be stopped twice': async (stand) => {
    const recording = record(stand.microphone(SAMPLES));
    await stand.until(() => recording.chunks.length > 0);
    recording.stop();
    recording.stop();
    await stand.settled();
    expect(recording.late).toBe(0);
  },

  'may be stopped after its end': async (stand) => {
    const recording = record(stand.microphone(SAMPLES));
    await stand.until(() => recording.ends > 0);
    recording.stop();
    expect([recording.ends, recording.late]).toEqual([1, 0]);
  },

  'can be opened again after it was stopped, and hears all then': async (stand) => {
    const microphone = stand.microphone(SAMPLES);
    const first = record(microphone);
    await stand.until(() => first.chunks.length > 0);
    first.stop();
    const second = record(microphone);
    await stand.until(() => second.ends > 0);
    expect(joined(second.chunks)).toEqual([...SAMPLES]);
  },
});
