import { copyFileSync, existsSync, linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eraseAudio, openAudioStore } from '../../device/adapters/audio-store.ts';
import { NODE_IO } from '../../device/adapters/file-journal.ts';
import { archivePath, nextPath } from '../../device/adapters/journal-generations.ts';
import { utf8 } from '../../protocol/bytes.ts';
import { bytes, code } from '../contracts/journal.contract.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { unsealedRecords } from '../helpers/journal-file.ts';
import { machineNamed } from '../helpers/machine.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const by = { passphrase: utf8('open sesame 42'), machine: machineNamed('this one') };
const random = countingRandom('audio-store');
const NAME = 'audio';
/** As long as twenty seconds are. */
const LONG = new Uint8Array(640_000).fill(7);

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'audio.journal');
});
afterEach(() => directory.remove());
const open = () => openAudioStore({ path, name: NAME, by, random });
const files = () => readdirSync(directory.path).sort();

it('T28: keeps sound sealed, the longest utterances of an order in one go, and gives it back after a restart', () => {
  const store = open();
  store.append([LONG, LONG, utf8('a canary in the dark')]);
  store.close();
  expect(readFileSync(path).includes('canary')).toBe(false);
  expect(readFileSync(path).includes(Buffer.alloc(16, 7))).toBe(false);
  const again = open();
  expect(again.read()).toEqual([LONG, LONG, utf8('a canary in the dark')]);
  again.close();
});

it('T28: leaves nothing of what it erases: no file, and no key that would open a copy of the old one', () => {
  const store = open();
  store.append([bytes(1), bytes(2), bytes(3)]);
  const before = readFileSync(path);
  store.keepOnly([bytes(2)]);
  expect([store.read(), files()]).toEqual([[bytes(2)], ['audio.journal', 'audio.journal.lock']]);
  store.append([bytes(4)]);
  store.close();
  expect(unsealedRecords(path, NAME, () => by)).toEqual([bytes(2), bytes(4)]);
  // Each generation has a key of its own, which lay in the file that is gone.
  expect(readFileSync(path).subarray(36, 400)).not.toEqual(before.subarray(36, 400));
});

it('T28, T26: erases with its next start what a crash has left of an old generation', () => {
  const store = open();
  store.append([bytes(1), bytes(2)]);
  store.close();
  copyFileSync(path, join(directory.path, 'copy'));
  const again = open();
  again.keepOnly([bytes(2)]);
  again.close();
  // As when the power went before the old one was overwritten.
  copyFileSync(join(directory.path, 'copy'), archivePath(path, 1));
  const third = open();
  expect(third.read()).toEqual([bytes(2)]);
  third.close();
  expect(existsSync(archivePath(path, 1))).toBe(false);
});

it('T28: overwrites a new generation that came to nothing, whether the power went or the disk was sick', () => {
  // A second name shows what is left on the disk of a file whose first one is gone.
  const [left, other] = [join(directory.path, 'left'), join(directory.path, 'other')];
  const isZeros = (file: string) => readFileSync(file).every((byte) => byte === 0);
  open().close();
  writeFileSync(nextPath(path), 'sealed sound');
  linkSync(nextPath(path), left);
  open().close();
  expect([existsSync(nextPath(path)), readFileSync(left).length, isZeros(left)]).toEqual([false, 12, true]);
  const sick = {
    ...NODE_IO,
    linkSync() {
      linkSync(nextPath(path), other);
      throw Object.assign(new Error('sick'), { code: 'EIO' });
    },
  };
  const store = openAudioStore({ path, name: NAME, by, random }, sick);
  store.append([bytes(1), bytes(2)]);
  expect(code(() => store.keepOnly([bytes(2)]))).toBe('store-failed');
  expect([existsSync(nextPath(path)), readFileSync(other).length > 0, isZeros(other)]).toEqual([false, true, true]);
  expect(store.read()).toEqual([bytes(1), bytes(2)]);
  store.close();
});

it('T28: is erased whole where nothing is to be kept any more; one that is not there is no error', () => {
  eraseAudio(path);
  eraseAudio(join(directory.path, 'absent', 'audio.journal'));
  open().close();
  for (const left of [archivePath(path, 3), `${path}.next`]) writeFileSync(left, 'old sound');
  eraseAudio(path);
  expect(files()).toEqual([]);
});
