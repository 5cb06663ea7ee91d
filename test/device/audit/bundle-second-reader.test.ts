/** A second reader of bundles, in Python, shares nothing with ours; both have to come to the same verdicts on the whole corpus. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { conclusion } from '../../../protocol/act/attestation.ts';
import { ROOT, read } from '../../helpers/source-text.ts';
import { CORPUS, corpusJson } from './bundle-corpus.ts';

const PROBE = 'from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey';
/** A python3 of the user's own may come first on the path without the package that Debian's has. */
const python = ['python3', '/usr/bin/python3'].find((name) => spawnSync(name, ['-c', PROBE]).status === 0);
if (python === undefined)
  console.warn('skipped: the second reader needs python3 with the package cryptography (Debian: python3-cryptography)');

const temporary = mkdtempSync(join(tmpdir(), 'act-edge-bundles-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

describe('the corpus', () => {
  it('has every conclusion of ACT, every standing, and cases enough', () => {
    const expected = CORPUS.map((one) => one.expected).join(' ');
    const names = conclusion.kind?.is === 'names' ? conclusion.kind.names : [];
    expect(names).toHaveLength(7);
    expect(names.filter((name) => name !== 'VERIFIED' && !expected.includes(name))).toEqual([]);
    expect(new Set(CORPUS.map((one) => one.expected.split(' ')[0]))).toEqual(
      new Set(['verified', 'incomplete', 'broken', 'unreadable']),
    );
    expect(CORPUS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
  });
});

describe('the second reader of bundles', () => {
  it.skipIf(python === undefined)('comes to the same verdict on every case', () => {
    const file = join(temporary, 'corpus.json');
    writeFileSync(file, corpusJson());
    const { stdout, stderr } = spawnSync(python ?? '', ['-B', join(ROOT, 'test/second-reader/bundle.py'), file], {
      encoding: 'utf8',
    });
    if (stdout === '') throw new Error(stderr);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(CORPUS.map(({ name, expected }) => [name, expected])));
  });

  it('is short enough to be read in one sitting', () => {
    expect(read('test/second-reader/bundle.py').trimEnd().split('\n').length).toBeLessThan(300);
  });
});
