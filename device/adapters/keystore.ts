import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import * as z from 'zod/mini';
import { fromHex, hex, utf8 } from '../../protocol/bytes.ts';
import { publicKeyOf } from '../../protocol/ed25519.ts';
import { type RecipientPrivateKey, recipientKeyPair } from '../../protocol/recipient-key.ts';
import { kidOf, type SigningKey } from '../../protocol/sign1.ts';
import { DeviceError } from '../errors.ts';
import type { Random } from '../ports.ts';
import { readPrivateFile, writeNewPrivateFile } from './private-file.ts';
import { hexBytes, SEAL_MEMBERS, type SealedBy, seal, unseal, wrongPassphrase } from './sealed-file.ts';

/**
 * What a key is for: one key never serves two purposes (design 2). `recipient` opens what was sealed for us, the others sign;
 * `identity` is the key that the maker's certificate names, `maker` the root it is issued under, `pairing` the key by which a
 * signer knows its host.
 */
const KEY_PURPOSES = ['agent', 'confirmation', 'recipient', 'identity', 'maker', 'pairing'] as const;
export type KeyPurpose = (typeof KEY_PURPOSES)[number];
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
  /** What of the machine it is bound to; empty where a copy of the file opens anywhere. */
  readonly machine: readonly string[];
}

/** A key in memory. Its seed stays with the host's crypto: nothing that prints, inspects or serialises the object can reach it. */
export interface OpenKey extends SigningKey, KeyDescription {
  /** Signing afterwards is an error. The host overwrites the seed when the engine lets go of the key, some time later. */
  destroy(): void;
}

const FORMAT = 'act-edge-key-2';
const TOKEN_FORMAT = 'act-edge-token-2';
const TOKEN_ABOUT = [TOKEN_FORMAT, 'token'];
const SEED_BYTES = 32;

const keyFile = z.strictObject({
  format: z.literal(FORMAT),
  purpose: z.enum(KEY_PURPOSES),
  kidHex: hexBytes(8),
  publicKeyHex: hexBytes(32),
  ...SEAL_MEMBERS,
});
type KeyFile = z.infer<typeof keyFile>;

const tokenFile = z.strictObject({ format: z.literal(TOKEN_FORMAT), purpose: z.literal('token'), ...SEAL_MEMBERS });

/** Where a secret is to lie, what seals it, and where its randomness comes from. */
export interface Making extends SealedBy {
  readonly path: string;
  readonly random: Random;
}

/**
 * Makes a key and seals it into a new file. Whoever has the file and not the passphrase, or not the machine, can neither
 * sign nor change what it says about itself (T19).
 * @throws DeviceError `keystore-exists`, `keystore-unreadable`; `keystore-passphrase` for one under 8 bytes.
 */
export function createKey(making: Making & { readonly purpose: KeyPurpose }): KeyDescription {
  const { path, purpose, random } = making;
  const seed = random.bytes(SEED_BYTES);
  const { publicKey, kid } = publicHalf(purpose, seed);
  const front = { format: FORMAT, purpose, kidHex: hex(kid), publicKeyHex: hex(publicKey) } as const;
  const sealed = seal(seed, aboutOf(front), making, random);
  seed.fill(0);
  writeNewPrivateFile(path, `${JSON.stringify({ ...front, ...sealed }, undefined, 2)}\n`);
  return { purpose, kid, publicKey, machine: sealed.machine };
}

/** What a key file says about itself. Nothing of it is proven until the key was opened. @throws DeviceError `keystore-*`. */
export function describeKey(path: string): KeyDescription {
  const { purpose, kidHex, publicKeyHex, machine } = readSealed(path, keyFile);
  return { purpose, kid: fromHex(kidHex), publicKey: fromHex(publicKeyHex), machine };
}

interface Opening<P extends KeyPurpose> extends SealedBy {
  readonly path: string;
  readonly purpose: P;
}

/**
 * Opens a sealed signing key for one purpose.
 * @throws DeviceError `keystore-passphrase` for a wrong passphrase and for a changed file alike; `keystore-other-machine`,
 *   `keystore-purpose`, `keystore-format`, `keystore-permissions`, `keystore-unreadable`.
 */
export function openKey(args: Opening<SigningPurpose>): OpenKey {
  const { seed, file } = openSeed(args);
  const key = hostKey(seed);
  seed.fill(0);
  const publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32));
  if (hex(publicKey) !== file.publicKeyHex) throw wrongPassphrase(args.path);
  return keyOf(key, { purpose: args.purpose, publicKey, kid: kidOf(publicKey), machine: file.machine });
}

/** Opens the key with which this party reads what is sealed for it. @throws DeviceError as {@link openKey}. */
export function openRecipientSeed(args: Omit<Opening<'recipient'>, 'purpose'>): RecipientPrivateKey {
  const { seed, file } = openSeed({ ...args, purpose: 'recipient' });
  const key = recipientKeyPair(seed);
  seed.fill(0);
  if (hex(key.publicKey) !== file.publicKeyHex) throw wrongPassphrase(args.path);
  return key;
}

/**
 * Seals a short text, such as a payment token, as keys are sealed.
 * @throws DeviceError as {@link createKey}.
 */
export function sealToken(making: Making & { readonly token: string }): void {
  const { path, token, random } = making;
  const sealed = seal(utf8(token), TOKEN_ABOUT, making, random);
  const file = { format: TOKEN_FORMAT, purpose: 'token', ...sealed };
  writeNewPrivateFile(path, `${JSON.stringify(file, undefined, 2)}\n`);
}

/** What {@link sealToken} sealed. @throws DeviceError as {@link openKey}. */
export function openToken({ path, ...by }: SealedBy & { readonly path: string }): string {
  const opened = unseal(path, readSealed(path, tokenFile), TOKEN_ABOUT, by);
  if (!opened) throw wrongPassphrase(path);
  const token = new TextDecoder().decode(opened);
  opened.fill(0);
  return token;
}

/** What kind of sealed file this is, by its own word. @throws DeviceError `keystore-*`. */
export function describeSealed(
  path: string,
): KeyDescription | { readonly purpose: 'token'; readonly machine: readonly string[] } {
  const file = readSealed(path, z.union([keyFile, tokenFile]));
  return file.purpose === 'token' ? { purpose: 'token', machine: file.machine } : describeKey(path);
}

function openSeed({ path, purpose, ...by }: Opening<KeyPurpose>): {
  readonly seed: Uint8Array;
  readonly file: KeyFile;
} {
  const file = readSealed(path, keyFile);
  if (file.purpose !== purpose) {
    const message = `${path} holds a key for ${file.purpose}, not for ${purpose}`;
    throw new DeviceError('keystore-purpose', message, 'name the other key file in the configuration');
  }
  const seed = unseal(path, file, aboutOf(file), by);
  if (seed?.length !== SEED_BYTES) throw wrongPassphrase(path);
  return { seed, file };
}

/** RFC 8410 §7: what stands before an Ed25519 seed in PKCS #8. */
const PKCS8_HEAD = fromHex('302e020100300506032b657004220420');

/**
 * The host's signer takes the seed once and keeps it outside the heap, where each signature in JavaScript would leave another
 * copy for a memory dump to find (T19). Ed25519 signatures are deterministic, so they are those of `signEd25519`.
 */
function hostKey(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([PKCS8_HEAD, seed]);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}

function keyOf(key: KeyObject, description: KeyDescription): OpenKey {
  let kept: KeyObject | undefined = key;
  return Object.freeze({
    ...description,
    sign(toBeSigned: Uint8Array) {
      if (!kept) throw new DeviceError('keystore-destroyed', 'this key was closed', 'open it again');
      return new Uint8Array(sign(null, toBeSigned, kept));
    },
    destroy() {
      kept = undefined;
    },
  });
}

function aboutOf(file: Pick<KeyFile, 'format' | 'purpose' | 'kidHex' | 'publicKeyHex'>): readonly string[] {
  return [file.format, file.purpose, file.kidHex, file.publicKeyHex];
}

function readSealed<T>(path: string, schema: z.ZodMiniType<T>): T {
  const parsed = schema.safeParse(parseJson(readPrivateFile(path, 'keystore-unreadable').toString('utf8')));
  if (parsed.success) return parsed.data;
  const hint = 'name a file made by: act-edge keys create, or for a token: act-edge keys seal-token';
  throw new DeviceError('keystore-format', `${path} is no sealed file of the kind that belongs here`, hint);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
