import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { arecordMicrophone } from '../../device/adapters/voice/arecord-microphone.ts';
import { writeWav } from '../../device/adapters/voice/wav.ts';
import { pcmMicrophone, wavMicrophone } from '../../device/adapters/voice/wav-microphone.ts';
import type { Clock, Microphone } from '../../device/ports.ts';
import { epochMs } from '../../protocol/time.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { notices, watching } from './contract.ts';
import { type MicrophoneStand, microphoneContract } from './microphone.contract.ts';

/** A microphone that gives everything before `open` returns. */
function atOnce(make: (samples: Int16Array) => Microphone): MicrophoneStand {
  return {
    microphone: make,
    async until(condition) {
      if (!condition()) throw new Error('it never happened');
    },
    settled: async () => {},
  };
}

/** A microphone as fast as one speaks. */
function paced(make: (samples: Int16Array, clock: Clock) => Microphone): MicrophoneStand {
  const clock = new VirtualClock(epochMs(0));
  return {
    microphone: (samples) => make(samples, clock),
    async until(condition) {
      while (!condition()) if (!clock.step()) throw new Error('it never happened');
    },
    async settled() {
      while (clock.step());
    },
  };
}

function fromFile(stand: (make: (samples: Int16Array, clock?: Clock) => Microphone) => MicrophoneStand) {
  const directory = temporaryDirectory();
  const path = join(directory.path, 'speech.wav');
  const made = stand((samples, clock) => {
    writeFileSync(path, writeWav(samples));
    return wavMicrophone(path, clock);
  });
  return { ...made, dispose: directory.remove };
}

/** `arecord` is played by a shell script that writes raw samples, takes a moment in between, and ends. */
function throughProgram(): MicrophoneStand {
  const directory = temporaryDirectory();
  const { happened, until } = watching();
  let programs = 0;
  function microphone(samples: Int16Array): Microphone {
    const path = join(directory.path, `arecord-${programs++}`);
    writeFileSync(`${path}.raw`, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    writeFileSync(path, `#!/bin/sh\nhead -c 3001 '${path}.raw'\ntail -c +3002 '${path}.raw'\n`, { mode: 0o700 });
    const inner = arecordMicrophone({ program: path });
    return {
      open(onPcm, onEnd) {
        return inner.open(
          (pcm) => {
            onPcm(pcm);
            happened();
          },
          () => {
            onEnd();
            happened();
          },
        );
      },
    };
  }
  return {
    microphone,
    until,
    // A program that starts now ends after those that were told to end before.
    async settled() {
      let isOver = false;
      microphone(new Int16Array(0)).open(
        () => {},
        () => {
          isOver = true;
        },
      );
      await until(() => isOver);
    },
    dispose: directory.remove,
  };
}

microphoneContract.holdsFor('samples, at once', () => atOnce((samples) => pcmMicrophone(samples)));
microphoneContract.holdsFor('samples, as fast as one speaks', () => paced(pcmMicrophone));
microphoneContract.holdsFor('WAV file, at once', () => fromFile((make) => atOnce((samples) => make(samples))));
microphoneContract.holdsFor('WAV file, as fast as one speaks', () => fromFile(paced));
microphoneContract.holdsFor('arecord', throughProgram);

describe('the contract of the microphone', () => {
  /** A paced microphone with one thing wrong. */
  const wrong = (open: (inner: Microphone) => Microphone['open']) => () =>
    paced((samples, clock) => ({ open: open(pcmMicrophone(samples, clock)) }));
  const shared = new Int16Array(1_600);

  notices(microphoneContract, [
    [
      'gives its one buffer again and again',
      'gives every sample once, in order, in memory that stays as it is, and then ends once',
      wrong(
        (inner) => (onPcm, onEnd) =>
          inner.open((pcm) => {
            shared.set(pcm);
            onPcm(shared.subarray(0, pcm.length));
          }, onEnd),
      ),
    ],
    [
      'ends twice',
      'gives every sample once, in order, in memory that stays as it is, and then ends once',
      wrong(
        (inner) => (onPcm, onEnd) =>
          inner.open(onPcm, () => {
            onEnd();
            onEnd();
          }),
      ),
    ],
    [
      'gives empty chunks',
      'never gives an empty chunk, and only an end where nothing is heard',
      wrong((inner) => (onPcm, onEnd) => {
        onPcm(new Int16Array(0));
        return inner.open(onPcm, onEnd);
      }),
    ],
    [
      'goes on after Stop',
      'T28: gives nothing after Stop, neither sound nor an end, and may be stopped twice',
      wrong((inner) => (onPcm, onEnd) => {
        inner.open(onPcm, onEnd);
        return () => {};
      }),
    ],
    [
      'says that it ended when it was stopped',
      'T28: gives nothing after Stop, neither sound nor an end, and may be stopped twice',
      wrong((inner) => (onPcm, onEnd) => {
        const stop = inner.open(onPcm, onEnd);
        return () => {
          stop();
          onEnd();
        };
      }),
    ],
  ]);
});
