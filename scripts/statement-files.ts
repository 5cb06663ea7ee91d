/** The files in which devices and their cloud hand each other what they signed. Nothing in them is secret. */
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { readJson } from '../device/adapters/json-file.ts';
import { DeviceError } from '../device/index.ts';
import { fromHex } from '../protocol/index.ts';

export const HAND_OVER_FILE = 'act-edge-hand-over-1';
export const ENROLMENT_FILE = 'act-edge-enrolment-1';
export const MAKER_ROOTS_FILE = 'act-edge-maker-roots-1';

const bytes = z.pipe(z.string().check(z.regex(/^(?:[0-9a-f]{2}){1,4096}$/)), z.transform(fromHex));
const SCHEMAS = {
  [HAND_OVER_FILE]: z.strictObject({
    format: z.literal(HAND_OVER_FILE),
    handOverHex: bytes,
    /** Of a frame key: the recipient keys of its device, stated again under the new one. */
    recipientKeysHex: z.array(bytes).check(z.maxLength(3)),
  }),
  [ENROLMENT_FILE]: z.strictObject({
    format: z.literal(ENROLMENT_FILE),
    certificateHex: bytes,
    enrolmentHex: bytes,
    recipientKeyHex: bytes,
  }),
  [MAKER_ROOTS_FILE]: z.strictObject({
    format: z.literal(MAKER_ROOTS_FILE),
    roots: z.array(z.strictObject({ maker: z.string(), publicKeyHex: bytes })).check(z.minLength(1), z.maxLength(64)),
  }),
};
type Schemas = typeof SCHEMAS;

/** What a file of this format holds. @throws DeviceError `config-unreadable`, `config-invalid`. */
export function readStatementFile<F extends keyof Schemas>(path: string, format: F): z.output<Schemas[F]> {
  const result = SCHEMAS[format].safeParse(readJson(path));
  if (result.success) return result.data as z.output<Schemas[F]>;
  throw new DeviceError('config-invalid', `${path} is no file of format ${format}`, 'name the right file');
}

/** The bytes of a device certificate, which lies in its file in hex. @throws DeviceError `config-unreadable`, `config-invalid`. */
export function readCertificate(path: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(path, 'latin1').trim();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new DeviceError('config-unreadable', `cannot read ${path} (${reason})`, 'name the certificate of the maker');
  }
  if (/^(?:[0-9a-f]{2}){1,4096}$/.test(text)) return fromHex(text);
  throw new DeviceError('config-invalid', `${path} holds no certificate`, 'name the certificate of the maker');
}
