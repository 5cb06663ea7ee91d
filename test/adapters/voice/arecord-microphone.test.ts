import { once } from 'node:events';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arecordMicrophone } from '../../../device/adapters/voice/arecord-microphone.ts';
import { readWav } from '../../../device/adapters/voice/wav.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';

const WAV = fileURLToPath(new URL('../../../sim/audio/order-iced-latte.wav', import.meta.url));

let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

/** A program in place of `arecord`, which notes its arguments. */
function standIn(script: string): string {
  const path = join(directory.path, 'arecord');
  const note = `require('node:fs').writeFileSync(${JSON.stringify(`${path}.arguments`)}, process.argv.slice(2).join(' '));`;
  writeFileSync(path, `#!${process.execPath}\n${note}\n${script}\n`, { mode: 0o700 });
  return path;
}

/** Everything a microphone gives until its source ends. */
function record(program: string): Promise<Int16Array> {
  const chunks: Int16Array[] = [];
  return new Promise((resolve) => {
    arecordMicrophone({ program }).open(
      (pcm) => chunks.push(pcm),
      () => resolve(Int16Array.from(chunks.flatMap((chunk) => [...chunk]))),
    );
  });
}

describe('the microphone behind arecord', () => {
  it('gives every sample of the recording, also where a chunk ends in the middle of one', async () => {
    // An odd number of bytes at a time, each written before the next.
    const program = standIn(`
      const pcm = require('node:fs').readFileSync(${JSON.stringify(WAV)}).subarray(44);
      const write = (at) => at < pcm.length && process.stdout.write(pcm.subarray(at, at + 4_097), () => write(at + 4_097));
      write(0);`);
    const samples = await record(program);
    expect(Buffer.compare(Buffer.from(samples.buffer), Buffer.from(readWav(readFileSync(WAV)).buffer))).toBe(0);
    expect(readFileSync(`${program}.arguments`, 'utf8')).toBe('-q -t raw -f S16_LE -c 1 -r 16000');
  });

  it('ends when the program ends, also with an error', async () => {
    expect(await record(standIn('process.exit(1);'))).toHaveLength(0);
  });

  it('ends at once where there is no such program', async () => {
    expect(await record(join(directory.path, 'absent'))).toHaveLength(0);
  });

  it('stops the program when it is closed, and says nothing more', async () => {
    const gone = join(directory.path, 'gone');
    const program = standIn(`
      process.on('SIGTERM', () => { require('node:fs').writeFileSync(${JSON.stringify(gone)}, ''); process.exit(0); });
      const noise = () => process.stdout.write(Buffer.alloc(3_200), () => setTimeout(noise, 5));
      noise();`);
    let after = 0;
    let closed = false;
    let close = () => {};
    const first = new Promise<void>((resolve) => {
      close = arecordMicrophone({ program }).open(
        () => {
          if (closed) after += 1;
          resolve();
        },
        () => {
          after += 1;
        },
      );
    });
    await first;
    const watcher = watch(directory.path);
    closed = true;
    close();
    while (!existsSync(gone)) await once(watcher, 'change');
    watcher.close();
    expect(after).toBe(0);
  });
});
