/** A picture of one bit or of a few colours as PNG (PNG specification, third edition), no more than a browser needs. */
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const INDEXED_COLOUR = 3;

/**
 * `pixels` holds one palette index of `bits` bits for each pixel, the highest bits leftmost, each row in whole bytes;
 * `palette` is red, green, blue for each index.
 */
export function pngOf(
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  bits: 1 | 2,
  pixels: Uint8Array,
  palette: readonly number[],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([bits, INDEXED_COLOUR], 8);
  const stride = Math.ceil((widthPx * bits) / 8);
  const rows = Array.from({ length: heightPx }, (_, y) => pixels.subarray(y * stride, (y + 1) * stride));
  // Each row is preceded by the number of its filter: none.
  const data = deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.of(0), row])));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette)),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
