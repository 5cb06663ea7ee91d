import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { findSileroModel, SileroVad } from '../../device/adapters/voice/silero-vad.ts';
import { readWav } from '../../device/adapters/voice/wav.ts';
import type { Vad } from '../../device/ports.ts';
import { EnergyVad } from '../../device/voice/energy-vad.ts';
import { notices } from './contract.ts';
import { vadContract } from './vad.contract.ts';

const speech = readWav(readFileSync(join(import.meta.dirname, '../fixtures/voice/order-muffins.wav')));
const model = findSileroModel();
if (model === undefined) console.warn('vad.test.ts: no Silero model: needs the npm package @ricky0123/vad-web');

vadContract.holdsFor('energy', () => ({ vad: new EnergyVad(), speech }));

describe.skipIf(model === undefined)('with a model', () => {
  vadContract.holdsFor('Silero', () => ({ vad: new SileroVad(model ?? ''), speech }));
});

describe('the contract of the detector', () => {
  /** An energy detector with one thing wrong. */
  const wrong = (flaw: (inner: Vad) => Partial<Vad>) => () => {
    const inner = new EnergyVad();
    return {
      vad: { accept: (pcm: Int16Array) => inner.accept(pcm), reset: () => inner.reset(), ...flaw(inner) },
      speech,
    };
  };

  notices(vadContract, [
    [
      'is not reset',
      'forgets everything on reset: where it was, what it had not looked at yet',
      wrong(() => ({ reset: () => {} })),
    ],
    [
      'never says that speech ended',
      'hears one start while somebody speaks, and one end within a second of silence',
      wrong((inner) => ({ accept: (pcm) => inner.accept(pcm).filter(({ kind }) => kind === 'speech-start') })),
    ],
    ['always hears somebody', 'hears nobody in silence', wrong(() => ({ accept: () => [{ kind: 'speech-start' }] }))],
    [
      'looks at each chunk by itself',
      'hears the same whatever the size of the chunks',
      wrong(() => {
        let isSpeaking = false;
        return {
          accept(pcm) {
            const loud = pcm.reduce((sum, sample) => sum + Math.abs(sample), 0) / pcm.length > 300;
            if (loud === isSpeaking) return [];
            isSpeaking = loud;
            return [{ kind: loud ? 'speech-start' : 'speech-end' }];
          },
        };
      }),
    ],
    [
      'works in the memory of the caller',
      'neither changes the sound it is given nor minds that its memory is used again',
      wrong((inner) => ({
        accept(pcm) {
          const events = inner.accept(pcm);
          pcm.fill(0);
          return events;
        },
      })),
    ],
  ]);
});
