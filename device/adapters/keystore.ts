import { createCipheriv, createDecipheriv, scryptSync } from 'node:crypto';
import * as z from 'zod/mini';
import { equalBytes, fromHex, hex, utf8 } from '../../protocol/bytes.ts';
import { publicKeyOf, signEd25519 } from '../../protocol/ed25519.ts';
import { type RecipientPrivateKey, recipientKeyPair } from '../../protocol/recipient-key.ts';
import { kidOf, type SigningKey } from '../../protocol/sign1.ts';
import { DeviceError } from '../errors.ts';
import type { Random } from '../ports.ts';
import { readPrivateFile, writeNewPrivateFile } from './private-file.ts';

/** What a key is for: one key never serves two purposes (design 2). The first two sign, the last opens what was sealed for us. */
export type KeyPurpose = 'agent' | 'confirmation' | 'recipient';
export type SigningPurpose = Exclude<KeyPurpose, 'recipient'>;

/** How the public half and its name come out of a seed: Ed25519 for keys that sign, X25519 for the one that opens. */
function publicHalf(
  purpose: KeyPurpose,
  seed: Uint8Array,
): { readonly publicKey: Uint8Array; readonly kid: Uint8Array } {
  if (purpose === 'recipient') return recipientKeyPair(seed);
  const publicKey = publicKeyOf(seed);
  return { publicKey, kid: kidOf(publicKey) };
}

/** What anybody may know about a key. */
export interface KeyDescription {
  readonly purpose: KeyPurpose;
  readonly kid: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** A key in memory. Its seed stays in a closure: nothing that prints, inspects or serialises the object can reach it. */
export interface OpenKey extends SigningKey, KeyDescription {
  /** Overwrites the seed; signing afterwards is an error. What the JavaScript engine copied while signing it cannot reach. */
  destroy(): void;
}

const FORMAT = 'act-edge-key-1';
const [SEED_BYTES, SALT_BYTES, NONCE_BYTES, TAG_BYTES] = [32, 16, 12, 16];
const MIN_PASSPHRASE_BYTES = 8;
/** RFC 7914 parameters, 32 MiB and about 0.1 s: fixed by the format, so that a file cannot ask for more or for less. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };

function hexBytes(count: number) {
  return z.string().check(z.regex(new RegExp(`^[0-9a-f]{${count * 2}}$`)));
}

const keyFile = z.strictObject({
  format: z.literal(FORMAT),
  purpose: z.enum(['agent', 'confirmation', 'recipient']),
  kidHex: hexBytes(8),
  publicKeyHex: hexBytes(32),
  saltHex: hexBytes(SALT_BYTES),
  nonceHex: hexBytes(NONCE_BYTES),
  sealedHex: hexBytes(SEED_BYTES + TAG_BYTES),
});
type KeyFile = z.infer<typeof keyFile>;

/**
 * Makes a key and seals it into a new file: ChaCha20-Poly1305 under scrypt of the passphrase. Whoever has the file
 * and not the passphrase can neither sign nor change what it says about itself (T19).
 * @throws DeviceError `keystore-exists`, `keystore-unreadable`; `keystore-passphrase` for one under 8 bytes.
 */
export function createKey(args: {
  readonly path: string;
  readonly purpose: KeyPurpose;
  readonly passphrase: Uint8Array;
  readonly random: Random;
}): KeyDescription {
  const { path, purpose, passphrase, random } = args;
  if (passphrase.length < MIN_PASSPHRASE_BYTES) {
    throw new DeviceError(
      'keystore-passphrase',
      `a passphrase takes at least ${MIN_PASSPHRASE_BYTES} bytes`,
      'choose a longer one',
    );
  }
  const seed = random.bytes(SEED_BYTES);
  const { publicKey, kid } = publicHalf(purpose, seed);
  const [salt, nonce] = [random.bytes(SALT_BYTES), random.bytes(NONCE_BYTES)];
  const front = { format: FORMAT, purpose, kidHex: hex(kid), publicKeyHex: hex(publicKey) } as const;
  const sealedHex = hex(seal(seed, { passphrase, salt, nonce, about: aboutOf(front) }));
  seed.fill(0);
  const file: KeyFile = { ...front, saltHex: hex(salt), nonceHex: hex(nonce), sealedHex };
  writeNewPrivateFile(path, `${JSON.stringify(file, undefined, 2)}\n`);
  return { purpose, kid, publicKey };
}

/** What a key file says about itself. Nothing of it is proven until the key was opened. @throws DeviceError `keystore-*`. */
export function describeKey(path: string): KeyDescription {
  const { purpose, kidHex, publicKeyHex } = readKeyFile(path);
  return { purpose, kid: fromHex(kidHex), publicKey: fromHex(publicKeyHex) };
}

interface Opening<P extends KeyPurpose> {
  readonly path: string;
  readonly purpose: P;
  readonly passphrase: Uint8Array;
}

/**
 * Opens a sealed signing key for one purpose.
 * @throws DeviceError `keystore-passphrase` for a wrong passphrase and for a changed file alike; `keystore-purpose`,
 *   `keystore-format`, `keystore-permissions`, `keystore-unreadable`.
 */
export function openKey(args: Opening<SigningPurpose>): OpenKey {
  const { seed, description } = openSeed(args);
  return keyOf(seed, description);
}

/** Opens the key with which this party reads what is sealed for it. @throws DeviceError as {@link openKey}. */
export function openRecipientSeed(args: Omit<Opening<'recipient'>, 'purpose'>): RecipientPrivateKey {
  const { seed } = openSeed({ ...args, purpose: 'recipient' });
  const key = recipientKeyPair(seed);
  seed.fill(0);
  return key;
}

function openSeed({ path, purpose, passphrase }: Opening<KeyPurpose>): {
  readonly seed: Uint8Array;
  readonly description: KeyDescription;
} {
  const file = readKeyFile(path);
  if (file.purpose !== purpose) {
    const message = `${path} holds a key for ${file.purpose}, not for ${purpose}`;
    throw new DeviceError('keystore-purpose', message, 'name the other key file in the configuration');
  }
  const [salt, nonce] = [fromHex(file.saltHex), fromHex(file.nonceHex)];
  const seed = unseal(fromHex(file.sealedHex), { passphrase, salt, nonce, about: aboutOf(file) });
  const half = seed && publicHalf(purpose, seed);
  if (!seed || !half || !equalBytes(half.publicKey, fromHex(file.publicKeyHex))) {
    const hint = 'try the passphrase again; if it is right, restore the key file from its backup';
    throw new DeviceError('keystore-passphrase', `${path} does not open with this passphrase`, hint);
  }
  return { seed, description: { purpose, publicKey: half.publicKey, kid: half.kid } };
}

function keyOf(seed: Uint8Array, description: KeyDescription): OpenKey {
  let destroyed = false;
  return Object.freeze({
    ...description,
    sign(toBeSigned: Uint8Array) {
      // Signing with a wiped seed would be signing with a key the whole world knows.
      if (destroyed) throw new DeviceError('keystore-destroyed', 'this key was closed', 'open it again');
      return signEd25519(toBeSigned, seed);
    },
    destroy() {
      destroyed = true;
      seed.fill(0);
    },
  });
}

interface Sealing {
  readonly passphrase: Uint8Array;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  /** Additional data: everything the file says in the clear. */
  readonly about: Uint8Array;
}

function aboutOf(file: Pick<KeyFile, 'format' | 'purpose' | 'kidHex' | 'publicKeyHex'>): Uint8Array {
  return utf8([file.format, file.purpose, file.kidHex, file.publicKeyHex].join('\n'));
}

function seal(seed: Uint8Array, { passphrase, salt, nonce, about }: Sealing): Uint8Array {
  const key = scryptSync(passphrase, salt, 32, SCRYPT);
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(about, { plaintextLength: seed.length });
  const sealed = Buffer.concat([cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  return sealed;
}

function unseal(sealed: Uint8Array, { passphrase, salt, nonce, about }: Sealing): Uint8Array | undefined {
  const key = scryptSync(passphrase, salt, 32, SCRYPT);
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(about, { plaintextLength: SEED_BYTES });
  decipher.setAuthTag(sealed.subarray(SEED_BYTES));
  const opened = decipher.update(sealed.subarray(0, SEED_BYTES));
  try {
    decipher.final();
    return new Uint8Array(opened);
  } catch {
    return undefined;
  } finally {
    opened.fill(0);
    key.fill(0);
  }
}

function readKeyFile(path: string): KeyFile {
  const bytes = readPrivateFile(path, 'keystore-unreadable');
  const parsed = keyFile.safeParse(parseJson(bytes.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new DeviceError(
    'keystore-format',
    `${path} is no key file of format ${FORMAT}`,
    'name a file made by: act-edge keys create',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
