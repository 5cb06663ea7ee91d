/** The machine's microphone through ALSA's `arecord` (Debian package alsa-utils), 16 kHz mono. */
import { spawn } from 'node:child_process';
import { type Microphone, SAMPLE_RATE_HZ } from '../../ports.ts';

const ARGUMENTS = ['-q', '-t', 'raw', '-f', 'S16_LE', '-c', '1', '-r', String(SAMPLE_RATE_HZ)];

/** `program` stands for `arecord`; it must write raw little-endian samples to its output. */
export function arecordMicrophone({ program = 'arecord' }: { program?: string } = {}): Microphone {
  return {
    open(onPcm, onEnd) {
      const child = spawn(program, ARGUMENTS, { stdio: ['ignore', 'pipe', 'ignore'] });
      let open = true;
      let odd: Buffer = Buffer.alloc(0);
      const ended = () => {
        if (!open) return;
        open = false;
        onEnd();
      };
      child.stdout.on('data', (chunk: Buffer) => {
        if (!open) return;
        const bytes = Buffer.concat([odd, chunk]);
        const samples = new Int16Array(bytes.length >> 1);
        for (let i = 0; i < samples.length; i += 1) samples[i] = bytes.readInt16LE(2 * i);
        odd = bytes.subarray(2 * samples.length);
        if (samples.length > 0) onPcm(samples);
      });
      child.once('error', ended);
      child.once('close', ended);
      return () => {
        open = false;
        child.kill('SIGTERM');
      };
    },
  };
}
