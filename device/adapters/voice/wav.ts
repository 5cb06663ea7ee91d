/** The one audio file format the device reads and writes: RIFF WAVE, PCM, 16 kHz, 16-bit, mono. */
import { SAMPLE_RATE_HZ } from '../../ports.ts';

/** Why bytes are not the one format. */
export type WavFault = 'not-wav' | 'truncated' | 'wrong-encoding' | 'wrong-rate' | 'wrong-channels' | 'wrong-depth';

/** The bytes are not a file this device reads; `code` is stable. */
export class WavError extends Error {
  readonly code: WavFault;

  constructor(code: WavFault, message: string) {
    super(message);
    this.name = 'WavError';
    this.code = code;
  }
}

const PCM = 1;
const HEADER_BYTES = 44;

/** The samples of a WAV file; no bytes at all are no samples. Throws `WavError` for anything but the one format. */
export function readWav(bytes: Uint8Array): Int16Array {
  if (bytes.length === 0) return new Int16Array(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (tag(bytes, 0) !== 'RIFF' || tag(bytes, 8) !== 'WAVE') throw new WavError('not-wav', 'not a RIFF WAVE file');
  let isFormatKnown = false;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = tag(bytes, at);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (start + size > bytes.length) throw new WavError('truncated', `chunk ${JSON.stringify(id)} ends after the file`);
    if (id === 'fmt ') {
      checkFormat(view, start, size);
      isFormatKnown = true;
    } else if (id === 'data') {
      if (!isFormatKnown) throw new WavError('not-wav', 'data before its format');
      if (size % 2 !== 0) throw new WavError('truncated', 'half a sample at the end');
      return Int16Array.from({ length: size / 2 }, (_, index) => view.getInt16(start + 2 * index, true));
    }
    at = start + size + (size % 2);
  }
  throw new WavError('truncated', 'no data chunk');
}

function checkFormat(view: DataView, start: number, size: number): void {
  if (size < 16) throw new WavError('truncated', 'format chunk too short');
  const encoding = view.getUint16(start, true);
  const channels = view.getUint16(start + 2, true);
  const rateHz = view.getUint32(start + 4, true);
  const bits = view.getUint16(start + 14, true);
  if (encoding !== PCM) throw new WavError('wrong-encoding', `encoding ${encoding}, need PCM (1)`);
  if (channels !== 1) throw new WavError('wrong-channels', `${channels} channels, need 1`);
  if (rateHz !== SAMPLE_RATE_HZ) throw new WavError('wrong-rate', `${rateHz} Hz, need ${SAMPLE_RATE_HZ} Hz`);
  if (bits !== 16) throw new WavError('wrong-depth', `${bits} bits per sample, need 16`);
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** A WAV file holding `samples`. */
export function writeWav(samples: Int16Array): Uint8Array {
  const dataBytes = samples.length * 2;
  const bytes = new Uint8Array(HEADER_BYTES + dataBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(ascii('RIFF'), 0);
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  bytes.set(ascii('WAVEfmt '), 8);
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, SAMPLE_RATE_HZ, true);
  view.setUint32(28, SAMPLE_RATE_HZ * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  bytes.set(ascii('data'), 36);
  view.setUint32(40, dataBytes, true);
  for (const [index, sample] of samples.entries()) view.setInt16(HEADER_BYTES + 2 * index, sample, true);
  return bytes;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
