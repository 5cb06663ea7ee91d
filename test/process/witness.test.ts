/** T26, T27: a paired phone as the second witness of a device's journal, by the real programs. */
import { copyFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { journalKeysOf } from '../../device/audit/journal-keys.ts';
import { readWitnessKey } from '../../protocol/checkpoint.ts';
import { fromUtf8, openCheckpoint } from '../../protocol/index.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { recordsIn } from '../helpers/journal-file.ts';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { ORDER, order } from './wearer.ts';
import { BUSY, makeWorld } from './world.ts';
import { change } from './yaml.ts';

const DEVICE = 'glasses-01';

describe.skipIf(!hasMosquitto)('a device with a paired witness', BUSY, () => {
  it('T27: pays with it and without it, and orders nothing once the witness alone knows better', async () => {
    const world = await makeWorld([DEVICE]);
    const { set, programs } = world;
    try {
      const directory = join(set, 'phone');
      const cloud = await world.startCloud();
      const { path, run } = world.device(DEVICE);
      const keyed = programs.run('witness', 'key', '--directory', directory);
      expect((await keyed.exited).code).toBe(0);
      const [key = ''] = keyed.stdout.join('').split('\n');
      change(path, 'witness', { socketFile: 'witness.sock', key });
      const witness = (...argv: readonly string[]) =>
        programs.run('witness', '--config', path, '--directory', directory, ...argv);
      const state = (name: string) => join(dirname(path), 'state', `${name}.journal`);

      // Away: nothing waits for it.
      const alone = run();
      await order(alone, 'ended');
      alone.signal('SIGTERM');
      await alone.exited;
      for (const name of ['device', 'checkpoints']) copyFileSync(state(name), `${state(name)}.older`);

      const phone = witness();
      const together = run();
      await together.logged(({ code }) => code === 'link-online');
      const seen = () => recordsIn(readFileSync(join(directory, 'witness.journal')));
      const sizeOf = (entry: Uint8Array | undefined) =>
        entry ? (JSON.parse(fromUtf8(entry)) as { note: string }).note.split('\n')[1] : '';
      await vi.waitUntil(() => seen().length > 0, { timeout: BUSY.timeout, interval: 50 });
      const before = sizeOf(seen().at(-1));
      together.type(ORDER);
      await together.logged(({ code, detail }) => code === 'purchase' && detail?.at !== 'ended');
      together.signal('SIGTERM');
      await together.exited;
      // What was added last may be signed for when the phone is not told any more; the next start tells it.
      const again = run();
      await vi.waitUntil(() => sizeOf(seen().at(-1)) !== before, { timeout: BUSY.timeout, interval: 50 });
      again.signal('SIGTERM');
      await again.exited;

      // Put back, with the checkpoints that agree; the PSP is not there to say anything.
      cloud.signal('SIGTERM');
      await cloud.exited;
      for (const name of ['device', 'checkpoints']) copyFileSync(`${state(name)}.older`, state(name));
      const put = run();
      const { detail } = await put.logged(({ code }) => code === 'journal-rolled-back');
      expect(detail).toMatchObject({ witness: readWitnessKey(key).name });
      put.type(ORDER);
      await put.said(/records of this device are not whole/);
      put.signal('SIGTERM');
      phone.signal('SIGTERM');
      await Promise.all([put.exited, phone.exited]);
      const [own] = journalKeysOf(readDirectory(join(set, 'directory.json')), DEVICE);
      const store = openFileJournal(join(directory, 'witness.journal'), countingRandom('phone'));
      const notes = store.read().map((entry) => (JSON.parse(fromUtf8(entry)) as { note: string }).note);
      store.close();
      for (const note of notes) expect(own && openCheckpoint(note, own).cosignedAt(readWitnessKey(key))).toBeDefined();

      expect((await witness('--accept').exited).code).toBe(0);
    } finally {
      await world.end();
    }
  });
});
