/**
 * A second reader, in Python, shares nothing with protocol/: it knows SPEC.md (its tables and words) and act.cddl (its field
 * names, types and bounds), and has to agree with every vector, on refusals by their code.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Vector } from '../../scripts/make-published/vector.ts';
import { ROOT } from '../helpers/source-text.ts';

const PROBE =
  'from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305; assert __import__("sys").version_info >= (3, 9)';
/** A python3 of the user's own may come first on the path without the package that Debian's has. */
const python = ['python3', '/usr/bin/python3'].find((name) => spawnSync(name, ['-c', PROBE]).status === 0);
if (python === undefined)
  console.warn('skipped: the second reader needs python3 with the package cryptography (Debian: python3-cryptography)');

interface Report {
  readonly agreed: Readonly<Record<string, number>>;
  readonly differences: readonly { readonly vector: string }[];
}

const temporary = mkdtempSync(join(tmpdir(), 'act-edge-second-reader-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function run(folder: string): Report & { readonly status: number | null } {
  const program = join(ROOT, 'test/second-reader/agree.py');
  const result = spawnSync(python ?? '', ['-B', program, folder], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (result.stdout === '') throw new Error(result.stderr);
  return { status: result.status, ...(JSON.parse(result.stdout) as Report) };
}

/** A copy of what is published. */
function published(name: string): string {
  const folder = join(temporary, name);
  for (const part of ['SPEC.md', 'act.cddl', 'vectors'])
    cpSync(join(ROOT, 'protocol', part), join(folder, part), { recursive: true });
  return folder;
}

function edit(path: string, change: (text: string) => string): void {
  const text = readFileSync(path, 'utf8');
  const other = change(text);
  expect(other).not.toBe(text);
  writeFileSync(path, other);
}

/** A copy in which one file says something else. */
function changed(name: string, file: string, change: (text: string) => string): string {
  const folder = published(name.replaceAll(' ', '-'));
  edit(join(folder, file), change);
  return folder;
}

/** The vectors with the first valid one made invalid, and the first invalid one valid. */
function swapped(text: string): string {
  const json = JSON.parse(text) as { vectors: Record<string, unknown>[] };
  const good = json.vectors.find((vector) => 'decoded' in vector) as Record<string, unknown>;
  const bad = json.vectors.find((vector) => 'code' in vector) as Record<string, unknown>;
  delete good.decoded;
  good.code = 'cbor-float';
  delete bad.code;
  bad.decoded = 'something';
  return JSON.stringify(json);
}

const FILES = [
  ...['cbor', 'ed25519', 'frames', 'objects', 'evidence', 'sealed', 'topics', 'money', 'act', 'terms', 'sub-accounts'],
  ...['views', 'views-delegation', 'view-digests'],
];

describe.skipIf(python === undefined)('the second reader', () => {
  it('agrees with every vector: the same decoded form, or a refusal with the same code', () => {
    const { agreed, differences, status } = run(join(ROOT, 'protocol'));
    expect(differences).toEqual([]);
    expect(status).toBe(0);
    for (const file of FILES) {
      const { vectors } = JSON.parse(readFileSync(join(ROOT, `protocol/vectors/${file}.json`), 'utf8')) as {
        vectors: Vector[];
      };
      expect([file, agreed[file]]).toEqual([file, vectors.length]);
    }
  });

  it('would notice, in each file, a valid vector that is none, and the reverse', () => {
    const folder = published('swapped');
    for (const file of FILES) edit(join(folder, `vectors/${file}.json`), swapped);
    const { differences, status } = run(folder);
    expect(status).toBe(1);
    expect(differences.map(({ vector }) => vector.split(':')[0]).sort()).toEqual([...FILES, ...FILES].sort());
  });

  it.each([
    ['a bound of act.cddl', 'act.cddl', '3: 1..20, ; quantity', '3: 2..20, ; quantity'],
    ['a name of act.cddl', 'act.cddl', '2: digest, ; viewDigest', '2: digest, ; digestOfTheView'],
    ['a receiver in SPEC.md', 'SPEC.md', '| 41 | pay-query | device | psp |', '| 41 | pay-query | device | agent |'],
    ['a signer in SPEC.md', 'SPEC.md', '| 4 | receipt | psp |', '| 4 | receipt | merchant |'],
    ['the decimals of a currency in SPEC.md', 'SPEC.md', '| KWD | 3 |', '| KWD | 2 |'],
    ['a phrase in SPEC.md', 'SPEC.md', '| hold | Hold to pay |', '| hold | Hold to pay now |'],
    ['a phrase of a statement in SPEC.md', 'SPEC.md', '| any number | Any number', '| any number | A number'],
    [
      'how a field is shown in SPEC.md',
      'SPEC.md',
      '| quoted | merchants | its name |',
      '| quoted | merchants | itself |',
    ],
    ['what is said of a field left out in SPEC.md', 'SPEC.md', '| money | each any |', '| money | |'],
    ['what is never signed in SPEC.md', 'SPEC.md', 'userIntentRaw` | refused |', 'userIntentRaw` | none |'],
    ['how a term is shown in SPEC.md', 'SPEC.md', '| quoted | items | order |', '| quoted | purpose | order |'],
    ['the name of a term in SPEC.md', 'SPEC.md', '| `fromMin` | `from_min` |', '| `fromMin` | `fromMin` |'],
    ['a bound of the terms', 'act.cddl', '9: -720..840, ; utcOffsetMin', '9: -720..841, ; utcOffsetMin'],
  ])('takes what it knows from what is published: would notice %s', (name, file, from, to) => {
    const { differences } = run(changed(name, file, (text) => text.replaceAll(from, to)));
    expect(differences.length).toBeGreaterThan(0);
  });

  it('would notice a rule that act.cddl does not have, and one that is no CDDL', () => {
    for (const [name, rule] of [
      ['missing', 'odd = nothing\n'],
      ['syntax', 'odd = { 1: }\n'],
    ] as const)
      expect(() => run(changed(name, 'act.cddl', (text) => text + rule))).toThrow('AssertionError');
  });
});
