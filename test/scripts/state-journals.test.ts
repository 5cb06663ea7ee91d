import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { holdLock } from '../../device/adapters/file-lock.ts';
import { utf8 } from '../../protocol/bytes.ts';
import { openStateJournals, readStateJournals } from '../../scripts/state-journals.ts';
import { codeOf } from '../helpers/code-of.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { filesBelow, importsOf, read } from '../helpers/source-text.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let config: Parameters<typeof openStateJournals>[0];
const at = (name: string) => join(directory.path, 'state', name);
beforeEach(() => {
  directory = temporaryDirectory();
  const passphraseFile = join(directory.path, 'passphrase');
  writeFileSync(passphraseFile, 'open sesame 42\n', { mode: 0o600 });
  config = { state: { directory: join(directory.path, 'state') }, keys: { passphraseFile } } as typeof config;
});
afterEach(() => directory.remove());

describe('the journals of a state directory', () => {
  it('T19: are sealed, each for itself and for its purpose, in a directory of their owner only', () => {
    const words = utf8('order an iced latte');
    const first = openStateJournals(config, ['device', 'words']);
    first.words.append([words]);
    expect(first.device.read()).toEqual([]);
    for (const journal of Object.values(first)) journal.close();
    expect(readFileSync(at('words.journal')).includes(Buffer.from(words))).toBe(false);
    expect(statSync(at('')).mode & 0o777).toBe(0o700);
    const again = openStateJournals(config, ['words']);
    expect(again.words.read()).toEqual([words]);
    again.words.close();
  });

  it('are read in all generations, those that there are, without anything being made or left locked', () => {
    expect(readStateJournals(config, ['device', 'checkpoints'])).toEqual({ device: [], checkpoints: [] });
    expect(existsSync(at('device.journal'))).toBe(false);
    const { device } = openStateJournals(config, ['device']);
    device.append([utf8('one'), utf8('two')]);
    expect(device.rotate?.([utf8('three')])).toBe(true);
    expect(codeOf(() => readStateJournals(config, ['device']))).toBe('store-locked');
    device.close();
    const whole = ['one', 'two', 'three'].map(utf8);
    expect(readStateJournals(config, ['device', 'checkpoints'])).toEqual({ device: whole, checkpoints: [] });
    expect(readStateJournals(config, ['device']).device).toEqual(whole);
    expect(existsSync(at('checkpoints.journal'))).toBe(false);
    mkdirSync(at('copy'));
    copyFileSync(at('device.journal'), at('copy/device.journal'));
    const copies = { device: at('copy/device.journal') };
    expect(readStateJournals(config, ['device'], copies).device).toEqual([utf8('three')]);
  });

  it('are opened all or none', () => {
    openStateJournals(config, ['words']).words.close();
    const release = holdLock(at('words.journal.lock'));
    expect(codeOf(() => openStateJournals(config, ['device', 'words']))).toBe('store-locked');
    expect(existsSync(at('device.journal.lock'))).toBe(false);
    release();
    expect(codeOf(() => openStateJournals(config, ['device', 'words']))).toBe('no error');
  });

  it('T20: are refused where an earlier release left one in the clear', () => {
    openStateJournals(config, ['binding']).binding.close();
    const plain = openFileJournal(at('device.journal'), countingRandom('plain'));
    plain.append([utf8('{"v":1}')]);
    plain.close();
    expect(codeOf(() => openStateJournals(config, ['device']))).toBe('store-unsealed');
  });

  it('are not begun under a passphrase that is too short', () => {
    writeFileSync(config.keys.passphraseFile, 'short\n');
    expect(codeOf(() => openStateJournals(config, ['words']))).toBe('keystore-passphrase');
    expect(existsSync(at('words.journal.lock'))).toBe(false);
  });
});

describe('programs', () => {
  /** What lies in the clear, and why it may. */
  const PLAIN: Readonly<Record<string, string>> = {
    'scripts/agent-signer.ts': 'counter, answered nonces, signed time and locks of the signer: nothing secret',
    'scripts/commands/signer.ts': 'the same, and the public keys of paired hosts',
    'scripts/commands/cloud.ts': 'the simulated counterparts, whose seed lies in the clear beside them',
    'scripts/cloud-books.ts': 'the same',
    'scripts/commands/cloud-records.ts': 'the same records',
    'scripts/commands/witness.ts': 'checkpoints and cosignatures: sizes, roots and signatures',
    'scripts/cloud-chain.ts': 'records and anchors of the simulated counterparts: ids and hashes only',
  };

  it('T19, T28: open no plain journal but those in which nothing secret can stand', () => {
    const opening = filesBelow('scripts').filter((path) =>
      importsOf(read(path)).some((specifier) => specifier.endsWith('/adapters/file-journal.ts')),
    );
    expect(opening.sort()).toEqual(Object.keys(PLAIN).sort());
  });
});
