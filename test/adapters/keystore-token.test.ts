import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKey, describeSealed, openKey, openToken, sealToken } from '../../device/adapters/keystore.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { machineNamed } from '../helpers/machine.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const TOKEN = 'token-00112233445566778899aabbccddeeff';
const by = { passphrase: new TextEncoder().encode('open sesame 42'), machine: machineNamed('this one') };
let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'token.json');
});
afterEach(() => directory.remove());

const seal = () => sealToken({ path, token: TOKEN, random: countingRandom('token'), ...by });

describe('a sealed token', () => {
  it('T19: comes back whole, and stands nowhere in its file', () => {
    seal();
    expect(openToken({ path, ...by })).toBe(TOKEN);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'latin1');
    for (const part of [TOKEN, Buffer.from(TOKEN).toString('hex'), Buffer.from(TOKEN).toString('base64').slice(0, 20)])
      expect(text).not.toContain(part);
    expect(describeSealed(path)).toEqual({ purpose: 'token', machine: ['machine-id'] });
  });

  it('T19: does not open with another passphrase, on another machine, or changed', () => {
    seal();
    const words = { ...by, passphrase: new TextEncoder().encode('open sesame 43') };
    expect(() => openToken({ path, ...words })).toThrow('keystore-passphrase');
    expect(() => openToken({ path, ...by, machine: machineNamed('another one') })).toThrow('keystore-other-machine');
    const file = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...file, sealedHex: `00${file.sealedHex.slice(2)}` }));
    expect(() => openToken({ path, ...by })).toThrow('keystore-passphrase');
  });

  it('T25: is no key, nor is a key a token', () => {
    seal();
    expect(() => openKey({ path, purpose: 'agent', ...by })).toThrow('keystore-format');
    const key = join(directory.path, 'key.json');
    createKey({ path: key, purpose: 'agent', random: countingRandom('key'), ...by });
    expect(() => openToken({ path: key, ...by })).toThrow('keystore-format');
    const { format: _format, purpose: _purpose, ...sealed } = JSON.parse(readFileSync(path, 'utf8'));
    const { kidHex, publicKeyHex } = JSON.parse(readFileSync(key, 'utf8'));
    const disguised = { format: 'act-edge-key-2', purpose: 'agent', kidHex, publicKeyHex, ...sealed };
    writeFileSync(path, JSON.stringify(disguised));
    expect(() => openKey({ path, purpose: 'agent', ...by })).toThrow('keystore-passphrase');
  });

  it('is never written over another file', () => {
    seal();
    expect(seal).toThrow('keystore-exists');
  });
});
