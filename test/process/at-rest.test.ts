/** T19, T28: what a thief of the disk finds in the directory of a device, byte for byte, after the real programs have used it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openToken } from '../../device/adapters/keystore.ts';
import { openStoreKey, recipientKeyDirectory } from '../../device/adapters/recipient-keys.ts';
import { type Seal, type SealedBy, unseal } from '../../device/adapters/sealed-file.ts';
import { aboutJournal, readSealedHeader } from '../../device/adapters/sealed-journal-format.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { utf8 } from '../../protocol/bytes.ts';
import { sealedUnder } from '../../scripts/sealing.ts';
import { recordsIn } from '../helpers/journal-file.ts';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { holds } from '../helpers/spellings.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { sealedRecordsOf } from './books.ts';
import { compileBinary } from './programs.ts';
import { order } from './wearer.ts';
import { BUSY, makeWorld, type TestWorld } from './world.ts';

const DEVICE = 'glasses-01';
const AGAIN_MS = 2_500;
const JOURNALS = ['device', 'words', 'binding'] as const;
/** Shorter ones, such as "yes", occur in any file. */
const MIN_WORDS_CHARS = 8;

function filesBelow(directory: string): readonly string[] {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name));
  return paths.filter((path) => statSync(path).isFile());
}

/** Opens any sealed key file as its own code does. */
function seedIn(path: string, by: SealedBy): Uint8Array {
  const file = JSON.parse(readFileSync(path, 'utf8')) as Seal &
    Record<'format' | 'purpose' | 'kidHex' | 'publicKeyHex', string>;
  const seed = unseal(path, file, [file.format, file.purpose, file.kidHex, file.publicKeyHex], by);
  if (!seed) throw new Error(`${path} does not open`);
  return seed;
}

/** `undefined` where the journal is not sealed. */
function journalKeyIn(path: string, by: SealedBy): Uint8Array | undefined {
  const header = readSealedHeader(recordsIn(readFileSync(path), path)[0] ?? new Uint8Array());
  return typeof header === 'string' ? undefined : unseal(path, header, aboutJournal(header.name), by);
}

/** Runs a program on a machine with another machine-id: in a mount namespace of its own, where the system grants one. */
function runElsewhere(machineIdFile: string, ...argv: readonly string[]) {
  const script = 'mount --bind "$0" /etc/machine-id && exec "$@"';
  return spawnSync('unshare', ['-rm', 'sh', '-c', script, machineIdFile, ...argv], {
    encoding: 'utf8',
    timeout: 60_000,
  });
}

function canRunElsewhere(): boolean {
  const directory = temporaryDirectory();
  const file = join(directory.path, 'machine-id');
  writeFileSync(file, `${'5'.repeat(32)}\n`);
  const { status, stdout } = runElsewhere(file, 'cat', '/etc/machine-id');
  directory.remove();
  return status === 0 && stdout.startsWith('555');
}

describe.skipIf(!hasMosquitto)('the directory of a device that was bound and has bought', BUSY, () => {
  const place = temporaryDirectory();
  let binary: string;
  let world: TestWorld;
  let config: string;
  let folder: string;
  const canaries = new Map<string, Uint8Array>();

  function plantToken(name: string): void {
    const token = openToken({ path: join(folder, 'payment-token.json'), ...sealedUnder(join(folder, 'passphrase')) });
    expect(token).toMatch(/^token-/);
    canaries.set(name, utf8(token));
  }

  function plantKeys(): void {
    const by = sealedUnder(join(folder, 'passphrase'));
    for (const path of filesBelow(folder).filter((one) => one.endsWith('.key.json')))
      canaries.set(`seed of ${basename(path)}`, seedIn(path, by));
    for (const name of JOURNALS) {
      const key = journalKeyIn(join(folder, `state/${name}.journal`), by);
      if (key) canaries.set(`key of ${name}`, key);
    }
    const [path, random] = [join(folder, 'state/recipient-keys'), systemRandom()];
    const next = recipientKeyDirectory({ path, storeKey: openStoreKey(path, by, random), random }).read();
    for (const [i, { seed }] of next.entries()) canaries.set(`seed of recipient key ${i}`, seed);
  }

  beforeAll(async () => {
    binary = compileBinary(place.path);
    world = await makeWorld([DEVICE], '', binary);
    config = world.device(DEVICE).path;
    folder = dirname(config);
    await world.startCloud();
    plantToken('first token');
    const bind = world.programs.run('bind', '--config', config, '--total', '500.00');
    await bind.logged(({ code, detail }) => code === 'binding' && detail?.at === 'confirming');
    const press = setInterval(() => bind.type('hold'), AGAIN_MS);
    expect((await bind.exited.finally(() => clearInterval(press))).code).toBe(0);
    plantToken('token in use');
    const agent = world.device(DEVICE).run('--once');
    await order(agent, 'ended');
    expect((await agent.exited).code).toBe(0);
    for (const words of agent.typed.filter((line) => line.length >= MIN_WORDS_CHARS)) canaries.set(words, utf8(words));
    plantKeys();
  }, BUSY.timeout);
  afterAll(async () => {
    await world?.end();
    place.remove();
  });

  it('holds no token, no seed or key, and none of the words, however they are spelt', () => {
    const files = filesBelow(folder);
    expect(files.length).toBeGreaterThan(8);
    const found = files.flatMap((path) => {
      const file = readFileSync(path);
      return [...canaries]
        .filter(([, secret]) => holds(file, secret))
        .map(([name]) => `${name} in ${relative(folder, path)}`);
    });
    expect(found).toEqual([]);
    expect(canaries.size).toBeGreaterThanOrEqual(2 + 2 + 3 + JOURNALS.length);
  });

  it('would show them if it were not sealed: the search finds token and words in what the journals hold', () => {
    const [device = [], words = []] = JOURNALS.map((name) => sealedRecordsOf(config, name));
    const heldBy = (records: readonly Uint8Array[]) =>
      [...canaries].filter(([, secret]) => records.some((record) => holds(record, secret))).map(([name]) => name);
    expect(heldBy(device)).toContain('token in use');
    expect(heldBy(words)).toEqual(expect.arrayContaining(['order an iced latte', 'tin robot']));
  });

  it('opens nothing of it to whoever has the directory and the passphrase, on another machine', () => {
    const { passphrase } = sealedUnder(join(folder, 'passphrase'));
    const elsewhere = { passphrase, machine: { sources: ['machine-id'], secretOf: () => new Uint8Array(32).fill(1) } };
    const sealed = filesBelow(folder).filter((path) => path.endsWith('.key.json'));
    for (const path of sealed) expect(() => seedIn(path, elsewhere)).toThrow('keystore-other-machine');
    for (const name of JOURNALS)
      expect(() => journalKeyIn(join(folder, `state/${name}.journal`), elsewhere)).toThrow('keystore-other-machine');
  });

  it.skipIf(!canRunElsewhere())('is refused by the program on another machine, which changes nothing in it', () => {
    const before = filesBelow(folder).map((path) => readFileSync(path).toString('hex'));
    const machineId = join(place.path, 'machine-id');
    writeFileSync(machineId, `${'5'.repeat(32)}\n`);
    for (const command of [['agent'], ['bind', '--total', '500.00']]) {
      const run = runElsewhere(machineId, process.execPath, binary, ...command, '--config', config);
      expect(run).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toMatch(/^act-edge: keystore-other-machine: .*make new keys there.*\n$/);
    }
    expect(filesBelow(folder).map((path) => readFileSync(path).toString('hex'))).toEqual(before);
  });
});
