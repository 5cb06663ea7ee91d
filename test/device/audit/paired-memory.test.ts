/** What a paired witness remembers over its own restarts, the device's new keys and a store that fails it (T26, T27). */
import { describe, expect, it } from 'vitest';
import { JournalTree } from '../../../device/audit/journal-tree.ts';
import { PairedWitness, type PairedWitnessOptions } from '../../../device/audit/paired-witness.ts';
import { StoreError } from '../../../device/errors.ts';
import type { Journal } from '../../../device/ports.ts';
import {
  epochMs,
  type Id16,
  type JournalCheckpoint,
  type NoteSigner,
  signCheckpoint,
  softSigningKey,
} from '../../../protocol/index.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';

function signerOf(name: string, fill: number): NoteSigner {
  const key = softSigningKey(new Uint8Array(32).fill(fill));
  return { name, publicKey: key.publicKey, sign: (message) => key.sign(message) };
}
const NAME = 'act-edge/demo/glasses-01';
const [former, current] = [signerOf(NAME, 1), signerOf(NAME, 2)];
const phone = signerOf('paired-phone', 3);
const clock = new VirtualClock(epochMs(1_795_000_000_000));

/** A store that outlives the app. */
function storeOf(rotate?: Journal['rotate']) {
  const kept: Uint8Array[] = [];
  const store: Journal = {
    read: () => [...kept],
    append: (records) => void kept.push(...records),
    close: () => {},
    ...(rotate && { rotate }),
  };
  return { store, kept };
}

/** The app, started on a store, and what it logged. */
function started(store: Journal, keys: Pick<PairedWitnessOptions, 'journals' | 'formerKeys'>) {
  const told: string[] = [];
  const log = { write: (_level: string, code: string) => void told.push(code) };
  return { app: new PairedWitness({ store, signer: phone, ...keys, clock, log }), told };
}

/** Checkpoints of one history, told apart from others by its mark. */
function history(mark: number) {
  const tree = new JournalTree();
  return (size: number, from: number, signer: NoteSigner): JournalCheckpoint => {
    while (tree.size < size) tree.append(new Uint8Array([tree.size, mark]));
    const note = signCheckpoint({ origin: signer.name, ...tree.head }, signer);
    const proof = from > 0 ? tree.consistencyBetween(from, size) : [];
    return { requestId: '0'.repeat(32) as Id16, note, from, proof };
  };
}
const kindOf = (answer: ReturnType<PairedWitness['answer']>) =>
  answer && ('line' in answer && answer.line !== undefined ? 'line' : 'newest');

const ROTATED = { journals: [current], formerKeys: [former] };

describe('T26, T27: a paired witness whose device has a new key', () => {
  /** It has seen 100 records under the former key, and is started with the new directory. */
  function afterRotation() {
    const { store } = storeOf();
    const before = started(store, { journals: [former] });
    const device = history(1);
    expect(kindOf(before.app.answer(device(100, 0, former)))).toBe('line');
    return { ...started(store, ROTATED), device, store };
  }

  it('remembers what it saw under the key before', () => {
    const { app, told } = afterRotation();
    expect(kindOf(app.answer(history(2)(3, 0, current)))).toBe('newest');
    expect(told).toEqual(['journal-contradicts']);
  });

  it('cosigns what adds to it under the new key, and remembers that', () => {
    const { app, device, store } = afterRotation();
    expect(kindOf(app.answer(device(101, 100, current)))).toBe('line');
    const again = started(store, ROTATED);
    expect(kindOf(again.app.answer(history(2)(3, 0, current)))).toBe('newest');
    expect(kindOf(again.app.answer(device(102, 101, current)))).toBe('line');
  });

  it('takes nothing new under the key before, which somebody else may have by now', () => {
    const { app, device } = afterRotation();
    expect(app.answer(device(101, 100, former))).toBeUndefined();
  });

  it('judges under each key that the device has now', () => {
    const { app } = started(storeOf().store, { journals: [former, current] });
    expect(kindOf(app.answer(history(1)(1, 0, current)))).toBe('line');
  });
});

describe('T26: a kept note that it cannot open', () => {
  const withUnreadable = () => {
    const { store } = storeOf();
    started(store, { journals: [former] }).app.answer(history(1)(100, 0, former));
    return { store, ...started(store, { journals: [current] }) };
  };

  it('is told, and nothing of that journal is cosigned, until somebody has looked into it', () => {
    const { app, told, store } = withUnreadable();
    expect(told).toEqual(['journal-note-unreadable']);
    expect(app.answer(history(2)(3, 0, current))).toBeUndefined();
    expect(app.accept(NAME)).toBe(true);
    expect(kindOf(app.answer(history(2)(3, 0, current)))).toBe('line');
    const again = started(store, { journals: [current] });
    expect(again.told).toEqual([]);
    expect(kindOf(again.app.answer(history(3)(3, 0, current)))).toBe('newest');
  });

  it('is taken along when the store begins anew', () => {
    const other = signerOf('act-edge/demo/glasses-02', 4);
    const { store, kept } = storeOf((first) => {
      kept.splice(0, kept.length, ...first);
      return true;
    });
    started(store, { journals: [former] }).app.answer(history(1)(100, 0, former));
    const { app } = started(store, { journals: [current, other] });
    const device = history(2);
    for (let n = 1; n <= 256; n++) app.answer(device(n, n - 1, other));
    expect(kept.length).toBeLessThan(10);
    const again = started(store, ROTATED);
    expect(kindOf(again.app.answer(history(3)(3, 0, current)))).toBe('newest');
  });
});

describe('a store that cannot begin anew', () => {
  it('does not stop the witness: what is durable is cosigned, and the fault is logged', () => {
    const { store, kept } = storeOf(() => {
      throw new StoreError('store-full', 'the rotation', 'this is a test');
    });
    const { app, told } = started(store, { journals: [current] });
    const device = history(1);
    const answers = Array.from({ length: 258 }, (_, n) => kindOf(app.answer(device(n + 1, n, current))));
    expect(new Set(answers)).toEqual(new Set(['line']));
    expect([kept.length, new Set(told)]).toEqual([258, new Set(['store-full'])]);
  });
});
