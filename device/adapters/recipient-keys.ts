/** The keys that follow a party's first recipient key, one sealed file each, and the statements of the others. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { fromHex, hex, utf8 } from '../../protocol/bytes.ts';
import { recipientKeyPair } from '../../protocol/recipient-key.ts';
import { epochSeconds } from '../../protocol/time.ts';
import { DeviceError, StoreError } from '../errors.ts';
import type { OwnKeyStore, StatementStore, StoredRecipientKey } from '../link/recipient-stores.ts';
import type { Random } from '../ports.ts';
import { NONCE_BYTES, openAtRest, sealAtRest, TAG_BYTES } from './aead-at-rest.ts';
import { DRAFT, eraseFile, makeDirectory, readIfThere, writeDurably } from './durable-file.ts';
import { readPrivateFile } from './private-file.ts';
import { hexBytes, SEAL_MEMBERS, type Seal, type SealedBy, seal, unseal, wrongPassphrase } from './sealed-file.ts';

const FORMAT = 'act-edge-recipient-key-1';
const STATEMENTS_FORMAT = 'act-edge-recipients-1';
const STORE_KEY_ABOUT = [FORMAT, 'store key'];
const [KEY_BYTES, SEED_BYTES] = [32, 32];
const FILE_NAME = /^[0-9a-f]{16}\.json$/;
const STATEMENT = /^([0-9a-f]{2}){1,512}$/;

const keyFile = z.strictObject({
  format: z.literal(FORMAT),
  kidHex: hexBytes(8),
  notBefore: z.int(),
  notAfter: z.int(),
  /** Public: what was announced, for whoever has to put it into a directory by hand. */
  statementHex: z.string().check(z.regex(STATEMENT)),
  /** The key of the directory, sealed by passphrase and machine, where it does not come from elsewhere. */
  storeKey: z.optional(z.strictObject(SEAL_MEMBERS)),
  nonceHex: hexBytes(NONCE_BYTES),
  sealedHex: hexBytes(SEED_BYTES + TAG_BYTES),
});
type KeyFile = z.infer<typeof keyFile>;

const statementsFile = z.strictObject({
  format: z.literal(STATEMENTS_FORMAT),
  statementsHex: z.array(z.string().check(z.regex(STATEMENT))),
});

/** What seals the key files of one directory, so that no passphrase has to stay in memory for the next one. */
export interface StoreKey {
  readonly key: Uint8Array;
  /** Goes into each file; absent where `key` is kept elsewhere. */
  readonly sealed?: Seal | undefined;
}

/**
 * The store key of the directory at `path`: that of the files in it, or a new one.
 * @throws DeviceError `keystore-*`, for a wrong passphrase and for another machine too.
 */
export function openStoreKey(path: string, by: SealedBy, random: Random): StoreKey {
  const [first] = keyFilesIn(path);
  const sealed = first === undefined ? undefined : readKeyFile(first).storeKey;
  if (first === undefined || sealed === undefined) {
    const key = random.bytes(KEY_BYTES);
    return { key, sealed: seal(key, STORE_KEY_ABOUT, by, random) };
  }
  const key = unseal(first, sealed, STORE_KEY_ABOUT, by);
  if (!key) throw wrongPassphrase(first);
  return { key, sealed };
}

export interface RecipientKeyDirectory {
  /** Made with the first key that is kept. */
  readonly path: string;
  readonly storeKey: StoreKey;
  /** The file of the first key and its `kid`: erased in its turn. */
  readonly enrolled?: { readonly path: string; readonly kid: Uint8Array } | undefined;
  readonly random: Random;
}

/**
 * Keeps keys in `path`/`kid`.json. Only the process that holds the party's journal may write there.
 * `read` throws DeviceError `keystore-passphrase`, `keystore-format`, `keystore-permissions`, `keystore-unreadable`.
 */
export function recipientKeyDirectory({ path, storeKey, enrolled, random }: RecipientKeyDirectory): OwnKeyStore {
  const pathOf = (kid: string) => join(path, `${kid}.json`);
  return {
    read: () => keyFilesIn(path).map((file) => unsealKey(file, storeKey)),
    keep(key, statement) {
      makeDirectory(path);
      // A power cut while one was written leaves a draft: a sealed key that nobody ever heard of.
      for (const name of readdirSync(path)) if (name.endsWith(DRAFT)) rmSync(join(path, name), { force: true });
      const file = sealKey(key, statement, storeKey, random);
      writeDurably(pathOf(file.kidHex), `${JSON.stringify(file, undefined, 2)}\n`);
    },
    erase(kid) {
      eraseFile(enrolled && hex(enrolled.kid) === hex(kid) ? enrolled.path : pathOf(hex(kid)));
    },
  };
}

/** The statements published in the keys of one directory, of whatever age. @throws DeviceError as `read` does. */
export function statementsIn(path: string): readonly Uint8Array[] {
  return keyFilesIn(path).map((file) => fromHex(readKeyFile(file).statementHex));
}

/** Statements in one file, which is replaced as a whole. `read` throws StoreError `store-altered`, `store-unreadable`. */
export function statementFile(path: string): StatementStore {
  return {
    read() {
      const text = readIfThere(path);
      if (text === undefined) return [];
      const parsed = statementsFile.safeParse(parseJson(text));
      if (parsed.success) return parsed.data.statementsHex.map(fromHex);
      throw new StoreError(
        'store-altered',
        `${path} holds no statements`,
        'remove it: the others announce their keys again',
      );
    },
    replace(statements) {
      const file = { format: STATEMENTS_FORMAT, statementsHex: statements.map(hex) };
      writeDurably(path, `${JSON.stringify(file, undefined, 2)}\n`);
    },
  };
}

function keyFilesIn(path: string): readonly string[] {
  try {
    return readdirSync(path)
      .filter((name) => FILE_NAME.test(name))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new DeviceError('keystore-unreadable', `cannot read ${path} (${code})`, 'check its owner and mode');
  }
}

/** Additional data: everything the file says in the clear. */
function aboutOf({ format, kidHex, notBefore, notAfter, statementHex }: Omit<KeyFile, 'nonceHex' | 'sealedHex'>) {
  return utf8([format, kidHex, notBefore, notAfter, statementHex].join('\n'));
}

function sealKey(stored: StoredRecipientKey, statement: Uint8Array, by: StoreKey, random: Random): KeyFile {
  const { seed, notBefore, notAfter } = stored;
  const kidHex = hex(recipientKeyPair(seed).kid);
  const front = { format: FORMAT, kidHex, notBefore, notAfter, statementHex: hex(statement) } as const;
  const nonce = random.bytes(NONCE_BYTES);
  const sealed = sealAtRest({ key: by.key, nonce, about: aboutOf(front) }, seed);
  return { ...front, ...(by.sealed && { storeKey: by.sealed }), nonceHex: hex(nonce), sealedHex: hex(sealed) };
}

function unsealKey(path: string, { key }: StoreKey): StoredRecipientKey {
  const file = readKeyFile(path);
  const by = { key, nonce: fromHex(file.nonceHex), about: aboutOf(file) };
  const seed = openAtRest(by, fromHex(file.sealedHex));
  if (!seed) {
    const hint = 'restore the file from its backup, or remove it: a new key is made and announced';
    throw new DeviceError('keystore-passphrase', `${path} does not open with the key of its directory`, hint);
  }
  return { seed, notBefore: epochSeconds(file.notBefore), notAfter: epochSeconds(file.notAfter) };
}

function readKeyFile(path: string): KeyFile {
  const parsed = keyFile.safeParse(parseJson(readPrivateFile(path, 'keystore-unreadable').toString('utf8')));
  if (parsed.success && path.endsWith(`${parsed.data.kidHex}.json`)) return parsed.data;
  const hint = 'restore the file from its backup, or remove it: a new key is made and announced';
  throw new DeviceError('keystore-format', `${path} is no recipient key of format ${FORMAT}`, hint);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
