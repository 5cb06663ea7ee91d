import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDirectory, readJson, readVocabulary } from '../../device/adapters/json-file.ts';
import { DeviceError } from '../../device/errors.ts';
import { createTenant, shopVocabulary } from '../../sim/index.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const { file: DIRECTORY } = createTenant(new Uint8Array(32));

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'file.json');
});
afterEach(() => directory.remove());

function problem(read: (path: string) => unknown, content: unknown): DeviceError {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  try {
    read(path);
  } catch (error) {
    expect(error).toBeInstanceOf(DeviceError);
    return error as DeviceError;
  }
  throw new Error('expected a DeviceError');
}

describe('a JSON file of a configuration', () => {
  it('gives what it holds', () => {
    writeFileSync(path, '{"a": [1, "二"]}\n');
    expect(readJson(path)).toEqual({ a: [1, '二'] });
  });

  it.each(['', '{', 'tenant: demo', '{"a":1}{"b":2}'])('is refused when it is no JSON: %j', (content) => {
    const { code, message, hint } = problem(readJson, content);
    expect([code, message.includes(path), hint.length > 0]).toEqual(['config-invalid', true, true]);
  });

  it('is refused with its path when it cannot be read', () => {
    mkdirSync(join(directory.path, 'folder'));
    for (const [name, reason] of [
      ['absent', 'ENOENT'],
      ['folder', 'EISDIR'],
    ] as const) {
      const at = join(directory.path, name);
      expect(() => readJson(at)).toThrow(`config-unreadable: cannot read ${at} (${reason})`);
    }
  });

  it.skipIf(process.getuid?.() === 0)('is refused when its owner may not read it', () => {
    writeFileSync(path, '{}');
    chmodSync(path, 0);
    expect(() => readJson(path)).toThrow(/config-unreadable.*EACCES/);
  });
});

describe('a directory file', () => {
  it('gives the tenant with its parties', () => {
    writeFileSync(path, JSON.stringify(DIRECTORY));
    const read = readDirectory(path);
    expect([read.tenant, read.partiesOf('psp'), read.partiesOf('device')]).toEqual(['demo', ['psp'], ['glasses-01']]);
  });

  const [first, ...rest] = DIRECTORY.keys;
  it.each([
    ['no object', [], /: .*expected/i],
    ['a missing tenant', { ...DIRECTORY, tenant: undefined }, /tenant/],
    ['an unknown key', { ...DIRECTORY, spare: 1 }, /unrecognized|spare/i],
    ['no keys', { ...DIRECTORY, keys: [] }, /keys/],
    ['an unknown role', { ...DIRECTORY, keys: [{ ...first, role: 'broker' }, ...rest] }, /keys\.0\.role/],
    ['half a key', { ...DIRECTORY, keys: [{ ...first, publicKeyHex: 'ab' }, ...rest] }, /keys\.0\.publicKeyHex/],
    ['T22: the all-zero key', { ...DIRECTORY, keys: [{ ...first, publicKeyHex: '0'.repeat(64) }, ...rest] }, /key-/],
    [
      'T23: one key for two parties',
      { ...DIRECTORY, keys: [first, { ...first, party: 'thief' }, ...rest] },
      /share one kid/,
    ],
    ['a merchant without names', { ...DIRECTORY, merchants: [{ party: 'a', names: {} }] }, /merchants\.0\.names/],
  ])('is refused with its path and the place: %s', (_what, content, expected) => {
    const { code, message } = problem(readDirectory, content);
    expect(code).toBe('config-invalid');
    expect(message).toContain(path);
    expect(message).toMatch(expected);
  });
});

describe('a vocabulary file', () => {
  it('gives what the shops call their goods', () => {
    writeFileSync(path, JSON.stringify(shopVocabulary));
    expect(readVocabulary(path)).toEqual(shopVocabulary);
  });

  it('is refused with its path and the place of the first fault', () => {
    const [item, ...items] = shopVocabulary.items;
    const { code, message } = problem(readVocabulary, { ...shopVocabulary, items: [{ ...item, id: 'Ä' }, ...items] });
    expect([code, message.includes(path), message.includes('items.0.id')]).toEqual(['config-invalid', true, true]);
  });
});
