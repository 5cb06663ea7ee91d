/**
 * How a secret lies on the disk: ChaCha20-Poly1305 under a key made of the passphrase and of the machine. Whoever has the
 * file lacks the one, whoever has a copy of the whole data directory, passphrase file and all, lacks the other (T19).
 */
import { createSecretKey, hkdfSync, type KeyObject, scryptSync } from 'node:crypto';
import * as z from 'zod/mini';
import { concatBytes, equalBytes, fromHex, hex, utf8 } from '../../protocol/bytes.ts';
import { sha256 } from '../../protocol/crypto.ts';
import { DeviceError } from '../errors.ts';
import type { MachineIdentity, Random } from '../ports.ts';
import { NONCE_BYTES, openAtRest, sealAtRest } from './aead-at-rest.ts';

const [SALT_BYTES, MACHINE_TAG_BYTES] = [16, 8];
const MIN_PASSPHRASE_BYTES = 8;
/** RFC 7914 parameters, 32 MiB and about 0.1 s: fixed by the format, so that a file cannot ask for more or for less. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };
const KEY_INFO = utf8('act-edge sealed file 2');
const MACHINE_TAG_LABEL = utf8('act-edge machine tag');

/** Exactly so many bytes in lower-case hex. */
export function hexBytes(count: number) {
  return z.string().check(z.regex(new RegExp(`^[0-9a-f]{${count * 2}}$`)));
}

/** The members of a sealed file besides what it says about its secret. */
export const SEAL_MEMBERS = {
  /** What of the machine is mixed in, in this order; empty where the machine has nothing of its own. */
  machine: z.array(z.string().check(z.regex(/^[a-z][a-z-]{0,31}$/))).check(z.maxLength(4)),
  /** Tells before the passphrase is tried whether this is the machine. It tells nothing about the passphrase. */
  machineTagHex: hexBytes(MACHINE_TAG_BYTES),
  saltHex: hexBytes(SALT_BYTES),
  nonceHex: hexBytes(NONCE_BYTES),
  sealedHex: z.string().check(z.regex(/^(?:[0-9a-f]{2}){17,256}$/)),
};
const sealSchema = z.strictObject(SEAL_MEMBERS);
export type Seal = z.infer<typeof sealSchema>;

/** What opens a seal besides the file. */
export interface SealedBy {
  readonly passphrase: Uint8Array;
  readonly machine: MachineIdentity;
}

/**
 * What passphrase and machine make with one salt, kept outside the heap. A store whose files come to be while it runs seals
 * them with it, each under a nonce of its own, so that the passphrase need not be kept.
 */
export interface SealingKey extends Pick<Seal, 'machine' | 'machineTagHex' | 'saltHex'> {
  readonly key: KeyObject;
}

/** With a fresh salt. Takes about 0.1 s. @throws DeviceError `keystore-passphrase` for a passphrase under 8 bytes. */
export function newSealingKey({ passphrase, machine }: SealedBy, random: Random): SealingKey {
  if (passphrase.length < MIN_PASSPHRASE_BYTES) {
    const message = `a passphrase takes at least ${MIN_PASSPHRASE_BYTES} bytes`;
    throw new DeviceError('keystore-passphrase', message, 'choose a longer one');
  }
  const salt = random.bytes(SALT_BYTES);
  const sources = [...machine.sources];
  const machineSecret = machine.secretOf(sources);
  if (!machineSecret) throw new Error('a machine does not know its own sources');
  return {
    key: sealingKey(passphrase, salt, machineSecret),
    machine: sources,
    machineTagHex: hex(machineTag(machineSecret, salt)),
    saltHex: hex(salt),
  };
}

/**
 * The one that a file is sealed with, if the passphrase is right. Takes about 0.1 s.
 * @throws DeviceError `keystore-other-machine` where the machine is another one, or the file was changed so that it seems so.
 */
export function sealingKeyOf(path: string, { machine, machineTagHex, saltHex }: Seal, by: SealedBy): SealingKey {
  const salt = fromHex(saltHex);
  const machineSecret = by.machine.secretOf(machine);
  if (!machineSecret || !equalBytes(machineTag(machineSecret, salt), fromHex(machineTagHex))) {
    const hint =
      'run it on the machine where it was made; to move to another one, make new keys there and enrol them as a replacement';
    throw new DeviceError('keystore-other-machine', `${path} was sealed on another machine`, hint);
  }
  return { key: sealingKey(by.passphrase, salt, machineSecret), machine, machineTagHex, saltHex };
}

/** Seals a secret. `about` is everything the file says of it in the clear: none of that can be changed without breaking the seal. */
export function sealWith(by: SealingKey, secret: Uint8Array, about: readonly string[], random: Random): Seal {
  const { key, machine, machineTagHex, saltHex } = by;
  const nonce = random.bytes(NONCE_BYTES);
  const sealed = sealAtRest({ key, nonce, about: additionalData(about, machine) }, secret);
  return { machine, machineTagHex, saltHex, nonceHex: hex(nonce), sealedHex: hex(sealed) };
}

/** The secret, or `undefined` for a wrong passphrase and for a changed file alike. */
export function unsealWith({ key }: SealingKey, file: Seal, about: readonly string[]): Uint8Array | undefined {
  const by = { key, nonce: fromHex(file.nonceHex), about: additionalData(about, file.machine) };
  return openAtRest(by, fromHex(file.sealedHex));
}

/** Seals one secret. @throws DeviceError `keystore-passphrase` for a passphrase under 8 bytes. */
export function seal(secret: Uint8Array, about: readonly string[], by: SealedBy, random: Random): Seal {
  return sealWith(newSealingKey(by, random), secret, about, random);
}

/** As {@link unsealWith}. @throws DeviceError as {@link sealingKeyOf}. */
export function unseal(path: string, file: Seal, about: readonly string[], by: SealedBy): Uint8Array | undefined {
  return unsealWith(sealingKeyOf(path, file, by), file, about);
}

/** The refusal for what {@link unseal} gave no secret for. */
export function wrongPassphrase(path: string): DeviceError {
  const hint = 'try the passphrase again; if it is right, restore the file from its backup';
  return new DeviceError('keystore-passphrase', `${path} does not open with this passphrase`, hint);
}

function sealingKey(passphrase: Uint8Array, salt: Uint8Array, machineSecret: Uint8Array): KeyObject {
  const stretched = scryptSync(passphrase, salt, 32, SCRYPT);
  const bytes = new Uint8Array(hkdfSync('sha256', stretched, machineSecret, KEY_INFO, 32));
  const key = createSecretKey(bytes);
  for (const spent of [stretched, bytes]) spent.fill(0);
  return key;
}

/** The salt makes it another one in each file, so that two files do not tell that they are of one machine. */
function machineTag(machineSecret: Uint8Array, salt: Uint8Array): Uint8Array {
  return sha256(concatBytes(MACHINE_TAG_LABEL, salt, machineSecret)).slice(0, MACHINE_TAG_BYTES);
}

function additionalData(about: readonly string[], sources: readonly string[]): Uint8Array {
  return utf8([...about, ...sources].join('\n'));
}
