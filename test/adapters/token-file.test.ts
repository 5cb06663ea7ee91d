import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openToken, sealToken } from '../../device/adapters/keystore.ts';
import { tokenFile } from '../../device/adapters/token-file.ts';
import { StoreError } from '../../device/errors.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { machineNamed } from '../helpers/machine.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const machine = machineNamed('this one');
const words = () => new TextEncoder().encode('open sesame 42');

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'token.json');
});
afterEach(() => directory.remove());

const given: Uint8Array[] = [];
function store(passphrase = words) {
  return tokenFile(path, countingRandom('token'), () => {
    given.push(passphrase());
    return { passphrase: given.at(-1) as Uint8Array, machine };
  });
}

describe('T19: the file of the payment token', () => {
  it('is absent before the first binding', () => {
    expect(store().read()).toBeUndefined();
  });

  it('holds the newest token, sealed, for its owner only, and nothing beside it', () => {
    const tokens = store();
    tokens.write('token-first');
    tokens.write('token-second');
    expect(tokens.read()).toBe('token-second');
    expect(openToken({ path, passphrase: words(), machine })).toBe('token-second');
    expect(readFileSync(path, 'utf8')).not.toContain('token-second');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.sealing`)).toBe(false);
  });

  it('goes on where the power went in the middle of a writing', () => {
    sealToken({
      path: `${path}.sealing`,
      token: 'token-torn',
      random: countingRandom('x'),
      passphrase: words(),
      machine,
    });
    store().write('token-whole');
    expect(store().read()).toBe('token-whole');
  });

  it('keeps no passphrase in memory between two accesses', () => {
    store().write('token-first');
    store().read();
    expect(given.length).toBeGreaterThan(1);
    expect(given.every((passphrase) => passphrase.every((byte) => byte === 0))).toBe(true);
  });

  it('is a store that failed where it cannot be sealed', () => {
    expect(() => store(() => new Uint8Array(1)).write('token-first')).toThrow(StoreError);
    expect(existsSync(path)).toBe(false);
  });
});
