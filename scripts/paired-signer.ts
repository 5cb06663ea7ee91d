/** The file in which a device keeps which signer it is paired with: public, and only by `act-edge signer pair` replaced. */
import * as z from 'zod/mini';
import { writeDurably } from '../device/adapters/durable-file.ts';
import { readJson } from '../device/adapters/json-file.ts';
import { DeviceError } from '../device/index.ts';
import { fromHex, hex } from '../protocol/index.ts';

const FORMAT = 'act-edge-signer-1';
const pairedSigner = z.strictObject({
  format: z.literal(FORMAT),
  /** The signer's identity key. */
  identityHex: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});

/** The identity key of the paired signer. @throws DeviceError `config-unreadable`, `config-invalid`. */
export function readPairedSigner(path: string): Uint8Array {
  const read = pairedSigner.safeParse(readJson(path));
  if (read.success) return fromHex(read.data.identityHex);
  throw new DeviceError('config-invalid', `${path} names no signer`, 'run: act-edge signer pair --config FILE');
}

/** @throws StoreError */
export function writePairedSigner(path: string, identity: Uint8Array): void {
  writeDurably(path, `${JSON.stringify({ format: FORMAT, identityHex: hex(identity) }, undefined, 2)}\n`);
}
