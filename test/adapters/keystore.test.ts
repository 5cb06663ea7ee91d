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
import { machineNamed, machineWithout } from '../helpers/machine.ts';
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

const machine = machineNamed('this one');
const by = { passphrase, machine };
const create = () => createKey({ path, purpose: 'agent', random, ...by });
const open = (): OpenKey => openKey({ path, purpose: 'agent', ...by });

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
    const short = {
      path: `${path}2`,
      purpose: 'agent',
      passphrase: passphrase.subarray(0, 7),
      machine,
      random,
    } as const;
    expect(refusal(() => createKey(short)).code).toBe('keystore-passphrase');
    const nowhere = { path: join(directory.path, 'absent', 'key'), purpose: 'agent', random, ...by } as const;
    expect(refusal(() => createKey(nowhere)).code).toBe('keystore-unreadable');
  });

  it('T19: gives the same answer for a wrong passphrase and for any change of the file', () => {
    create();
    const wrong = refusal(() =>
      openKey({ path, purpose: 'agent', passphrase: passphrase.map((byte) => byte ^ 1), machine }),
    );
    expect(wrong.code).toBe('keystore-passphrase');
    const file = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
    for (const field of ['kidHex', 'publicKeyHex', 'nonceHex', 'sealedHex']) {
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

  it('T19: opens on the machine it was made on and on no other, whatever the passphrase', () => {
    create();
    for (const one of [machineNamed('another one'), machineWithout]) {
      for (const words of [passphrase, passphrase.map((byte) => byte ^ 1)]) {
        const refused = refusal(() => openKey({ path, purpose: 'agent', passphrase: words, machine: one }));
        expect(refused.code).toBe('keystore-other-machine');
        expect(refused.hint).toContain('make new keys there');
      }
    }
    expect(open().machine).toEqual(['machine-id']);
  });

  it('T19: cannot be told by its file to do without the machine', () => {
    create();
    const file = JSON.parse(readFileSync(path, 'utf8'));
    const elsewhere = `${path}2`;
    createKey({ path: elsewhere, purpose: 'agent', random, passphrase, machine: machineWithout });
    const { machineTagHex, saltHex } = JSON.parse(readFileSync(elsewhere, 'utf8'));
    const unbound = { machine: [], machineTagHex };
    const changes = [{ machine: [] }, unbound, { ...unbound, saltHex }, { saltHex: '00'.repeat(16) }];
    for (const change of changes) {
      writeFileSync(path, JSON.stringify({ ...file, ...change }));
      for (const one of [machine, machineWithout, machineNamed('another one')]) {
        const refused = refusal(() => openKey({ path, purpose: 'agent', passphrase, machine: one }));
        // With the tag and the salt of an unbound file it gets as far as the seal, which does not open.
        expect(refused.code).toBe(change === changes[2] ? 'keystore-passphrase' : 'keystore-other-machine');
      }
    }
  });

  it('T19: does not open on another machine whose tag was put into it: the machine is in the seal itself', () => {
    create();
    const elsewhere = `${path}2`;
    const other = { passphrase, machine: machineNamed('another one') };
    // The same randomness gives the same salt, so the tag is what the other machine expects of this file.
    createKey({ path: elsewhere, purpose: 'agent', random: countingRandom('keystore'), ...other });
    const [file, { machineTagHex, saltHex }] = [path, elsewhere].map((one) => JSON.parse(readFileSync(one, 'utf8')));
    expect(saltHex).toBe(file.saltHex);
    writeFileSync(path, JSON.stringify({ ...file, machineTagHex }));
    expect(refusal(() => openKey({ path, purpose: 'agent', ...other })).code).toBe('keystore-passphrase');
  });

  it('says of a file made on a machine without an identity that it is bound to none, and opens it', () => {
    createKey({ path, purpose: 'agent', random, passphrase, machine: machineWithout });
    expect(describeKey(path).machine).toEqual([]);
    expect(openKey({ path, purpose: 'agent', passphrase, machine }).kid).toHaveLength(8);
  });

  it('keeps each key to its purpose, even when the file says another', () => {
    create();
    expect(refusal(() => openKey({ path, purpose: 'confirmation', ...by })).code).toBe('keystore-purpose');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"agent"', '"confirmation"'));
    expect(refusal(() => openKey({ path, purpose: 'confirmation', ...by })).code).toBe('keystore-passphrase');
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
    for (const content of [
      '',
      'nonsense',
      '{}',
      '[]',
      '{"format":"act-edge-key-1"}',
      '{"format":"act-edge-key-2"}',
      `{"a":"${'x'.repeat(9000)}"}`,
    ]) {
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
      refusal(() => openKey({ path, purpose: 'confirmation', ...by })),
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

  it('T19: signing leaves no copies of the seed behind in the memory of the process', () => {
    create();
    compileInto(directory.path, 'device/adapters/keystore.ts');
    const script = `
      import { openSync, readFileSync, readSync } from 'node:fs';
      import { openKey } from './device/adapters/keystore.js';
      const masked = [${[...SEED.subarray(0, 16)].map((byte) => byte ^ 0x5a)}];
      const held = Buffer.alloc(1 << 20);
      function copies() {
        const wanted = Buffer.from(masked.map((byte) => byte ^ 0x5a));
        const memory = openSync('/proc/self/mem', 'r');
        const writable = readFileSync('/proc/self/maps', 'latin1').split('\\n').filter((line) => / rw/.test(line));
        let found = 0;
        for (const line of writable) {
          const [from, to] = line.split(' ')[0].split('-').map((text) => parseInt(text, 16));
          for (let at = from; at < to; at += held.length - 32) {
            let length = 0;
            try { length = readSync(memory, held, 0, Math.min(held.length, to - at), at); } catch { break; }
            for (let i = held.subarray(0, length).indexOf(wanted); i >= 0; i = held.subarray(0, length).indexOf(wanted, i + 1)) found += 1;
          }
        }
        wanted.fill(0);
        held.fill(0);
        return found;
      }
      const machine = { sources: [], secretOf: () => new Uint8Array(${JSON.stringify([...(machine.secretOf(['machine-id']) ?? [])])}) };
      const before = copies();
      const key = openKey({ path: ${JSON.stringify(path)}, purpose: 'agent', machine, passphrase: new TextEncoder().encode('open sesame 42') });
      const opened = copies();
      for (let i = 0; i < 100; i += 1) key.sign(new Uint8Array(3));
      console.log(JSON.stringify({ before, opened, signed: copies() }));`;
    writeFileSync(join(directory.path, 'searching.js'), script);
    const run = spawnSync(process.execPath, [join(directory.path, 'searching.js')], { encoding: 'utf8' });
    const { before, opened, signed } = JSON.parse(run.stdout);
    // It is found while it is there, so the search works; the searching itself leaves one or two.
    expect(opened).toBeGreaterThan(before);
    expect(signed - before).toBeLessThan(8);
  });

  it('T19: a process that opens a key, signs and dies of an error prints no seed', () => {
    create();
    compileInto(directory.path, 'device/adapters/keystore.ts');
    const script = `
      import { openKey } from './device/adapters/keystore.js';
      const machine = { sources: [], secretOf: () => new Uint8Array(${JSON.stringify([...(machine.secretOf(['machine-id']) ?? [])])}) };
      const key = openKey({ path: ${JSON.stringify(path)}, purpose: 'agent', machine, passphrase: new TextEncoder().encode('open sesame 42') });
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
