import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKey, openRecipientSeed } from '../../device/adapters/keystore.ts';
import {
  openStoreKey,
  recipientKeyDirectory,
  statementFile,
  statementsIn,
} from '../../device/adapters/recipient-keys.ts';
import type { OwnKeyStore, StoredRecipientKey } from '../../device/link/recipient-stores.ts';
import type { Random } from '../../device/ports.ts';
import { hex, recipientKeyPair, utf8 } from '../../protocol/index.ts';
import type { EpochSeconds } from '../../protocol/time.ts';
import { codeOf } from '../helpers/code-of.ts';
import { compileInto } from '../helpers/compile.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { machineNamed } from '../helpers/machine.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const STATEMENT = utf8('a signed statement');
const by = { passphrase: utf8('open sesame 42'), machine: machineNamed('this one') };

let folder: ReturnType<typeof temporaryDirectory>;
let path: string;
let random: Random;
beforeEach(() => {
  folder = temporaryDirectory();
  path = join(folder.path, 'recipient-keys');
  random = countingRandom('recipient keys');
});
afterEach(() => folder.remove());

const key = (number: number): StoredRecipientKey => ({
  seed: countingRandom(`seed ${number}`).bytes(32),
  notBefore: (1_750_000_000 + number) as EpochSeconds,
  notAfter: (1_757_000_000 + number) as EpochSeconds,
});
const kidOf = ({ seed }: StoredRecipientKey) => recipientKeyPair(seed).kid;
const fileOf = (one: StoredRecipientKey) => join(path, `${hex(kidOf(one))}.json`);
const open = (sealedBy = by): OwnKeyStore =>
  recipientKeyDirectory({ path, storeKey: openStoreKey(path, sealedBy, random), random });
const sorted = (keys: readonly StoredRecipientKey[]) => [...keys].sort((a, b) => a.notBefore - b.notBefore);

describe('recipient keys on disk', () => {
  it('are found again after a restart, with their windows', () => {
    expect(open().read()).toEqual([]);
    const store = open();
    store.keep(key(1), STATEMENT);
    store.keep(key(2), STATEMENT);
    expect(sorted(open().read())).toEqual([key(1), key(2)]);
    expect(statementsIn(path).map(hex)).toEqual([hex(STATEMENT), hex(STATEMENT)]);
  });

  it('T19: lie there sealed, for their owner only, with the seed in no spelling', () => {
    open().keep(key(1), STATEMENT);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(fileOf(key(1))).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(fileOf(key(1)));
    const { seed } = key(1);
    for (const spelling of [hex(seed), Buffer.from(seed).toString('base64url').slice(0, 20), [...seed].join(',')])
      expect(bytes.toString('latin1')).not.toContain(spelling);
  });

  it('T19: open with the passphrase on the machine and not otherwise', () => {
    open().keep(key(1), STATEMENT);
    expect(codeOf(() => open({ ...by, passphrase: utf8('another one 42') }))).toBe('keystore-passphrase');
    expect(codeOf(() => open({ ...by, machine: machineNamed('another') }))).toBe('keystore-other-machine');
  });

  it('T19: do not open when anything they say of themselves was changed', () => {
    open().keep(key(1), STATEMENT);
    const file = JSON.parse(readFileSync(fileOf(key(1)), 'utf8'));
    for (const change of [
      { notAfter: file.notAfter + 1 },
      { notBefore: 1 },
      { statementHex: '00' },
      { nonceHex: '0'.repeat(24) },
    ]) {
      writeFileSync(fileOf(key(1)), JSON.stringify({ ...file, ...change }));
      expect(codeOf(() => open().read())).toBe('keystore-passphrase');
    }
  });

  it.each<[string, string, () => void]>([
    ['is no JSON', 'keystore-format', () => writeFileSync(fileOf(key(1)), '{')],
    ['has another name', 'keystore-format', () => renameSync(fileOf(key(1)), join(path, `${'0'.repeat(16)}.json`))],
    ['others can read', 'keystore-permissions', () => chmodSync(fileOf(key(1)), 0o644)],
  ])('are refused when a file %s', (_, code, spoil) => {
    const store = open();
    store.keep(key(1), STATEMENT);
    spoil();
    expect(codeOf(() => store.read())).toBe(code);
  });

  it('T19: are overwritten and gone once erased, the first key in its own file too', () => {
    const first = join(folder.path, 'recipient.json');
    createKey({ path: first, purpose: 'recipient', ...by, random });
    const { kid } = openRecipientSeed({ path: first, ...by });
    const store = recipientKeyDirectory({
      path,
      storeKey: openStoreKey(path, by, random),
      enrolled: { path: first, kid },
      random,
    });
    store.keep(key(1), STATEMENT);
    for (const [one, file] of [
      [kidOf(key(1)), fileOf(key(1))],
      [kid, first],
    ] as const) {
      // Another name for the same blocks shows what became of them.
      const blocks = join(folder.path, `blocks-${hex(one)}`);
      linkSync(file, blocks);
      store.erase(one);
      expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
      expect(new Set(readFileSync(blocks))).toEqual(new Set([0]));
    }
    expect(store.read()).toEqual([]);
    expect(codeOf(() => store.erase(kid))).toBe('no error');
  });

  it('survive a power cut while the next one is written: the draft counts for nothing and is cleared away', () => {
    const store = open();
    store.keep(key(1), STATEMENT);
    const draft = `${fileOf(key(2))}.new`;
    writeFileSync(draft, '{"format":"act-e', { mode: 0o600 });
    expect(open().read()).toEqual([key(1)]);
    open().keep(key(3), STATEMENT);
    expect(readdirSync(path).filter((name) => name.endsWith('.new'))).toEqual([]);
    expect(sorted(open().read())).toEqual([key(1), key(3)]);
  });

  it('say with a code that the disk does not take them', () => {
    writeFileSync(path, 'no directory');
    const storeKey = { key: new Uint8Array(32) };
    const store = recipientKeyDirectory({ path, storeKey, random });
    expect(codeOf(() => store.keep(key(1), STATEMENT))).toBe('store-failed');
    expect(codeOf(() => store.read())).toBe('keystore-unreadable');
  });

  it('are whole or absent wherever the process is killed', async () => {
    mkdirSync(join(folder.path, 'built'));
    const built = compileInto(join(folder.path, 'built'), 'device/adapters/recipient-keys.ts');
    const program = `import { recipientKeyDirectory } from ${JSON.stringify(built)};
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
const random = { bytes: (n) => new Uint8Array(randomBytes(n)) };
const store = recipientKeyDirectory({ path: process.argv[1], storeKey: { key: new Uint8Array(32) }, random });
for (;;) {
  store.keep({ seed: random.bytes(32), notBefore: 1750000000, notAfter: 1757000000 }, new Uint8Array(150));
  writeSync(1, '.');
}`;
    const store = recipientKeyDirectory({ path, storeKey: { key: new Uint8Array(32) }, random });
    for (let life = 1; life <= 3; life += 1) {
      const before = store.read().length;
      const child = spawn(process.execPath, ['--input-type=module', '-e', program, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let kept = 0;
      child.stdout.on('data', (dots: Buffer) => {
        kept += dots.length;
        if (kept > 10 * life) child.kill('SIGKILL');
      });
      await once(child, 'close');
      expect(store.read().length).toBeGreaterThanOrEqual(before + kept);
    }
  });
});

describe('statements on disk', () => {
  it('are replaced as a whole and found again', () => {
    const file = join(folder.path, 'recipients.json');
    const store = statementFile(file);
    expect(store.read()).toEqual([]);
    store.replace([utf8('one'), utf8('two')]);
    store.replace([utf8('three')]);
    expect(statementFile(file).read().map(hex)).toEqual([hex(utf8('three'))]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    '',
    '{',
    '{"format":"other","statementsHex":[]}',
    '{"format":"act-edge-recipients-1","statementsHex":["x"]}',
  ])('are refused when the file holds %j, with what to do', (text) => {
    const file = join(folder.path, 'recipients.json');
    writeFileSync(file, text);
    expect(codeOf(() => statementFile(file).read())).toBe('store-altered');
    expect(() => statementFile(file).read()).toThrow(/holds no statements/);
  });

  it('say with a code that they cannot be read or written', () => {
    mkdirSync(join(folder.path, 'a-directory'));
    expect(codeOf(() => statementFile(join(folder.path, 'a-directory')).read())).toBe('store-unreadable');
    expect(codeOf(() => statementFile(join(folder.path, 'nowhere/file')).replace([]))).toBe('store-failed');
  });
});
