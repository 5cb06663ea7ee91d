/** The stores whose appends are timed: what cannot be cheaper, and the device's journal layer by layer. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ROOM_BYTES, type Room, withRoom } from '../../device/adapters/journal-room.ts';
import {
  DeviceAudit,
  type Journal,
  openFileJournal,
  openSealedJournal,
  systemClock,
  systemRandom,
} from '../../device/index.ts';
import { concatBytes, softSigningKey, utf8 } from '../../protocol/index.ts';
import type { Appender } from './append-rate.ts';

/** The store that the others are counted in. */
export const BARE = 'bare write and fdatasync';
/** The one that a device has. */
export const WHOLE = 'sealed journal, tree and checkpoints';

type Store = Pick<Journal, 'append' | 'close'>;

export interface OpenStores {
  readonly stores: readonly Appender[];
  close(): void;
}

/** In this directory, which has to be there; the files stay. @throws StoreError as the journals do. */
export function openStores(directory: string): OpenStores {
  const [random, clock] = [systemRandom(), systemClock()];
  const by = {
    passphrase: utf8('a passphrase of the benchmark'),
    machine: { sources: [], secretOf: () => new Uint8Array(32) },
  };
  const sealed = (name: string) => openSealedJournal({ path: join(directory, name), name, by, random });
  const plain = openFileJournal(join(directory, 'plain'), random);
  const sealedOnly = sealed('sealed');
  const key = softSigningKey(random.bytes(32));
  const { journal: whole } = new DeviceAudit({
    ...{ journal: sealed('device'), checkpoints: sealed('checkpoints'), clock, random, log: { write: () => {} } },
    signer: { name: 'act-edge/bench/device', publicKey: key.publicKey, sign: (message) => key.sign(message) },
  });
  const bare = openBare(join(directory, 'bare'));
  const roomy = openBare(join(directory, 'roomy'), ROOM_BYTES);
  const named: Readonly<Record<string, Store>> = {
    [BARE]: bare,
    'the same, into room made ahead': roomy,
    journal: plain,
    'sealed journal': sealedOnly,
    [WHOLE]: whole,
  };
  return {
    stores: Object.entries(named).map(([name, store]) => ({ name, append: (records) => store.append(records) })),
    close: () =>
      Object.values(named).forEach((store) => {
        store.close();
      }),
  };
}

/** The same records one behind the other, without anything that would tell them apart or from what was torn or altered. */
function openBare(path: string, roomBytes = 1): Store {
  const fd = openSync(path, 'wx', 0o600);
  let room: Room = { goodBytes: 0, endBytes: 0 };
  return {
    append(records) {
      const [first] = records;
      const bytes = records.length === 1 && first ? first : concatBytes(...records);
      const whole = withRoom(bytes, room, roomBytes);
      const end = room.goodBytes + writeSync(fd, whole, 0, whole.length, room.goodBytes);
      fdatasyncSync(fd);
      room = { goodBytes: room.goodBytes + bytes.length, endBytes: Math.max(room.endBytes, end) };
    },
    close: () => closeSync(fd),
  };
}
