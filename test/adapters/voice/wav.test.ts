import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWav, WavError, writeWav } from '../../../device/adapters/voice/wav.ts';
import { pcmMicrophone } from '../../../device/adapters/voice/wav-microphone.ts';

function codeOf(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (error) {
    return error instanceof WavError ? error.code : 'other';
  }
}

/** A valid file with one 16-bit or 32-bit field of its header replaced. */
function altered(at: number, value: number, size: 2 | 4 = 2): Uint8Array {
  const bytes = writeWav(Int16Array.of(1, 2, 3));
  const view = new DataView(bytes.buffer);
  if (size === 2) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
  return bytes;
}

describe('readWav', () => {
  it('reads back what writeWav wrote', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 200 }), (samples) => {
        expect(readWav(writeWav(samples))).toEqual(samples);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('takes no bytes for no samples', () => {
    expect(readWav(new Uint8Array(0))).toEqual(new Int16Array(0));
  });

  it('skips chunks it does not know', () => {
    const plain = writeWav(Int16Array.of(7));
    const list = Uint8Array.from(
      [...'LIST'].map((character) => character.charCodeAt(0)).concat([3, 0, 0, 0, 1, 2, 3, 0]),
    );
    expect(readWav(Uint8Array.from([...plain.subarray(0, 36), ...list, ...plain.subarray(36)]))).toEqual(
      Int16Array.of(7),
    );
  });

  it.each([
    ['another encoding', altered(20, 3), 'wrong-encoding'],
    ['two channels', altered(22, 2), 'wrong-channels'],
    ['44.1 kHz', altered(24, 44_100, 4), 'wrong-rate'],
    ['8 bits', altered(34, 8), 'wrong-depth'],
    ['a data chunk longer than the file', altered(40, 100, 4), 'truncated'],
    ['half a sample', altered(40, 5, 4), 'truncated'],
    ['a header without data', writeWav(new Int16Array(0)).subarray(0, 36), 'truncated'],
    ['something else', Uint8Array.from({ length: 60 }, (_, at) => at), 'not-wav'],
  ])('refuses %s', (_name, bytes, code) => {
    expect(codeOf(() => readWav(bytes))).toBe(code);
  });

  it('answers any bytes with samples or a WavError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(43), (bytes, at) => {
        const file = writeWav(Int16Array.of(1, 2, 3, 4));
        file.set(bytes.subarray(0, 4), at);
        expect([codeOf(() => readWav(bytes)), codeOf(() => readWav(file))]).not.toContain('other');
      }),
      { seed: 2, numRuns: 2_000 },
    );
  });
});

describe('pcmMicrophone', () => {
  it('delivers all samples in order, then ends once', () => {
    const samples = Int16Array.from({ length: 5_000 }, (_, at) => at);
    const heard: number[] = [];
    let ends = 0;
    pcmMicrophone(samples).open(
      (pcm) => heard.push(...pcm),
      () => ends++,
    );
    expect(heard).toEqual([...samples]);
    expect(ends).toBe(1);
  });

  it('paces itself by the clock and stops when closed', () => {
    let fire = (): void => {};
    const clock = {
      now: () => 0 as never,
      after: (delayMs: number, next: () => void) => {
        expect(delayMs).toBe(100);
        fire = next;
        return () => {
          fire = () => {};
        };
      },
    };
    let samples = 0;
    const stop = pcmMicrophone(new Int16Array(16_000), clock).open(
      (pcm) => (samples += pcm.length),
      () => {},
    );
    expect(samples).toBe(0);
    fire();
    fire();
    expect(samples).toBe(3_200);
    stop();
    fire();
    expect(samples).toBe(3_200);
  });
});
