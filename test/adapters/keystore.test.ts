import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKey, describeKey, type OpenKey, openKey } from '../../device/adapters/keystore.ts';
import { DeviceError } from '../../device/errors.ts';
import type { Random } from '../../device/ports.ts';
import { verifyEd25519 } from '../../protocol/ed25519.ts';
import { kidOf } from '../../protocol/sign1.ts';
import { compileInto } from '../helpers/compile.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const passphrase = new TextEncoder().encode('open sesame 42');
const message = Uint8Array.of(1, 2, 3);
/** The seed is the first thing a new key takes from the random source. */
const SEED = Buffer.from(countingRandom('keystore').bytes(32));

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
let random: Random;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'agent.json');
  random = countingRandom('keystore');
});
afterEach(() => directory.remove());

const create = () => createKey({ path, purpose: 'agent', passphrase, random });
const open = (): OpenKey => openKey({ path, purpose: 'agent', passphrase });

function refusal(act: () => unknown): DeviceError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(DeviceError);
    return error as DeviceError;
  }
  throw new Error('expected a DeviceError');
}

/** Every spelling in which a seed could leak, whole or by its first half. */
function seedSpellings(): (Buffer | string)[] {
  const half = SEED.subarray(0, 16);
  const spellings = [SEED, half].flatMap((bytes) => [
    bytes.toString('hex'),
    bytes.toString('base64url').slice(0, 20),
    [...bytes].join(','),
  ]);
  return [SEED, half, ...spellings];
}

function expectNoSeed(haystack: Buffer | string): void {
  const bytes = Buffer.from(haystack);
  // Inspection breaks long arrays into aligned columns; hex may come in either case.
  const text = bytes.toString('latin1').replace(/\s+/g, '').toLowerCase();
  for (const spelling of seedSpellings()) {
    expect(bytes.includes(spelling)).toBe(false);
    if (typeof spelling === 'string') expect(text).not.toContain(spelling.toLowerCase());
  }
}

describe('the keystore', () => {
  it('makes a key, opens it again and signs what everybody can verify', () => {
    const made = create();
    const key = open();
    expect(key).toMatchObject({ purpose: 'agent', kid: made.kid, publicKey: made.publicKey });
    expect(key.kid).toEqual(kidOf(made.publicKey));
    expect(verifyEd25519(key.sign(message), message, made.publicKey)).toBe(true);
    expect(describeKey(path)).toEqual(made);
  });

  it('never overwrites a key, and takes no passphrase that is too short', () => {
    create();
    const before = readFileSync(path);
    expect(refusal(create).code).toBe('keystore-exists');
    expect(readFileSync(path)).toEqual(before);
    const short = { path: `${path}2`, purpose: 'agent', passphrase: passphrase.subarray(0, 7), random } as const;
    expect(refusal(() => createKey(short)).code).toBe('keystore-passphrase');
    const nowhere = { path: join(directory.path, 'absent', 'key'), purpose: 'agent', passphrase, random } as const;
    expect(refusal(() => createKey(nowhere)).code).toBe('keystore-unreadable');
  });

  it('T19: gives the same answer for a wrong passphrase and for any change of the file', () => {
    create();
    const wrong = refusal(() => openKey({ path, purpose: 'agent', passphrase: passphrase.map((byte) => byte ^ 1) }));
    expect(wrong.code).toBe('keystore-passphrase');
    const file = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
    for (const field of ['kidHex', 'publicKeyHex', 'saltHex', 'nonceHex', 'sealedHex']) {
      const [first = '', ...rest] = file[field] ?? '';
      const changed = { ...file, [field]: (first === '0' ? '1' : '0') + rest.join('') };
      writeFileSync(path, JSON.stringify(changed));
      const refused = refusal(open);
      expect([field, refused.code, refused.message, refused.hint]).toEqual([
        field,
        wrong.code,
        wrong.message,
        wrong.hint,
      ]);
    }
  });

  it('keeps each key to its purpose, even when the file says another', () => {
    create();
    expect(refusal(() => openKey({ path, purpose: 'confirmation', passphrase })).code).toBe('keystore-purpose');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"agent"', '"confirmation"'));
    expect(refusal(() => openKey({ path, purpose: 'confirmation', passphrase })).code).toBe('keystore-passphrase');
  });

  it('T19: refuses a file that others may read or change, and makes its own private', () => {
    create();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const mode of [0o640, 0o604, 0o620, 0o602, 0o610]) {
      chmodSync(path, mode);
      const refused = refusal(open);
      expect(refused.code).toBe('keystore-permissions');
      expect(refused.hint).toContain('chmod 600');
    }
    chmodSync(path, 0o400);
    expect(open().kid).toHaveLength(8);
  });

  it('names what is not a key file', () => {
    for (const content of ['', 'nonsense', '{}', '[]', '{"format":"act-edge-key-2"}', `{"a":"${'x'.repeat(9000)}"}`]) {
      writeFileSync(path, content, { mode: 0o600 });
      expect(refusal(open).code).toMatch(/^keystore-(format|unreadable)$/);
    }
    expect(refusal(() => describeKey(directory.path)).code).toMatch(/^keystore-(unreadable|permissions)$/);
    expect(refusal(() => describeKey(join(directory.path, 'absent'))).code).toBe('keystore-unreadable');
  });

  it('signs nothing any more once destroyed', () => {
    create();
    const key = open();
    key.destroy();
    expect(refusal(() => key.sign(message)).code).toBe('keystore-destroyed');
  });

  it('T19: leaves the seed in no file, inspection, serialisation or error', () => {
    create();
    const key = open();
    key.sign(message);
    for (const name of readdirSync(directory.path)) expectNoSeed(readFileSync(join(directory.path, name)));
    expectNoSeed(inspect(key, { depth: null, showHidden: true, showProxy: true, maxArrayLength: null }));
    expectNoSeed(JSON.stringify(key));
    expectNoSeed(String(key));
    expectNoSeed(inspect(structuredClone({ ...key, sign: undefined, destroy: undefined })));
    expectNoSeed(key.sign.toString() + key.destroy.toString());
    key.destroy();
    const errors = [
      refusal(create),
      refusal(() => key.sign(message)),
      refusal(() => openKey({ path, purpose: 'confirmation', passphrase })),
    ];
    for (const error of errors) {
      expectNoSeed(`${error.stack}${error.message}${error.hint}${inspect(error, { showHidden: true, depth: null })}`);
    }
    // The search itself must be able to find a seed.
    expect(() => expectNoSeed(inspect({ seed: SEED.toString('hex') }))).toThrow();
    expect(() =>
      expectNoSeed(
        inspect({ seed: new Uint8Array(SEED) }, { maxArrayLength: null, breakLength: Number.POSITIVE_INFINITY }),
      ),
    ).toThrow();
  });

  it('T19: a process that opens a key, signs and dies of an error prints no seed', () => {
    create();
    compileInto(directory.path, 'device/adapters/keystore.ts');
    const script = `
      import { openKey } from './device/adapters/keystore.js';
      const key = openKey({ path: ${JSON.stringify(path)}, purpose: 'agent', passphrase: new TextEncoder().encode('open sesame 42') });
      key.sign(new Uint8Array(3));
      console.log(key, JSON.stringify(key), process.env, process.argv);
      throw Object.assign(new Error('dying'), { key });`;
    writeFileSync(join(directory.path, 'dying.js'), script);
    const run = spawnSync(process.execPath, [join(directory.path, 'dying.js')], { encoding: 'utf8' });
    expect(run.stderr).toContain('dying');
    expect(run.stdout).toContain('publicKey');
    expectNoSeed(run.stdout + run.stderr);
  });
});
