/**
 * Sealed frames come in few sizes, so that the broker cannot tell one content from another by its length (T28). A frame,
 * one byte 0x80, zeros up to the size: every frame has one padded form, and every padded form one frame.
 */
import { ProtocolError } from './errors.ts';

/**
 * Bytes of a whole envelope. The frames of an instant purchase lie between 175 and 900 bytes, for one to six things in
 * the cart: all are sealed in the smallest size, where a refusal looks like a cart and one thing like six. Lists of offers
 * with several things each need the middle one; the largest is the longest frame there may be.
 */
export const SEALED_SIZES = [1024, 2048, 4096] as const;

const MARK = 0x80;

/** Whether an envelope can have this length. */
export function isSealedSize(length: number): boolean {
  return (SEALED_SIZES as readonly number[]).includes(length);
}

/**
 * Pads to the smallest size that the frame fits, of which `overheadBytes` go to the envelope around it.
 * @throws ProtocolError `seal-too-long` for a frame that fits none.
 */
export function pad(frame: Uint8Array, overheadBytes: number): Uint8Array {
  const size = SEALED_SIZES.find((bytes) => frame.length < bytes - overheadBytes);
  if (size === undefined) throw new ProtocolError('seal-too-long', 'a frame longer than the largest envelope holds');
  const padded = new Uint8Array(size - overheadBytes);
  padded.set(frame);
  padded[frame.length] = MARK;
  return padded;
}

/** The frame in `padded`. @throws ProtocolError `seal-padding` for anything that {@link pad} does not write. */
export function unpad(padded: Uint8Array, overheadBytes: number): Uint8Array {
  const mark = padded.findLastIndex((byte) => byte !== 0);
  if (padded[mark] !== MARK) throw new ProtocolError('seal-padding', 'the padding does not begin');
  const frame = padded.slice(0, mark);
  // A larger size than need be would be a second spelling, and a channel to the broker.
  if (pad(frame, overheadBytes).length !== padded.length) throw new ProtocolError('seal-padding', 'padded too far');
  return frame;
}
