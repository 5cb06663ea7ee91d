import { describe, expect, it } from 'vitest';
import { AnchorQueue, QUEUE_BATCH } from '../../../device/audit/anchor-queue.ts';
import { type Id16, utf8 } from '../../../protocol/index.ts';
import { id } from '../builders.ts';

/** A store of which only the ids matter. */
class Store {
  readonly entries: Uint8Array[] = [];
  reads = 0;

  read(): Uint8Array[] {
    this.reads += 1;
    return this.entries;
  }

  #put(entry: object): void {
    this.entries.push(utf8(JSON.stringify({ v: 1, ...entry })));
  }

  record(n: number): { readonly recordId: Id16; readonly jws: string } {
    const recordId = id(`record ${n}`);
    this.#put({ record: { record_id: recordId, event_type: 'x', intent_id: id('intent') }, anchor: `jws ${n}` });
    return { recordId, jws: `jws ${n}` };
  }

  anchored = (recordId: Id16) => this.#put({ anchored: recordId, checkpoint: 'log\n1\n', position: 0, proof: [] });
  refused = (recordId: Id16) => this.#put({ refused: recordId, code: 'channel-unknown' });
}

/** Takes all there is, each dealt with in this way. */
function drain(queue: AnchorQueue, store: Store, how: 'anchored' | 'refused' = 'anchored'): string[] {
  const taken: string[] = [];
  for (let first = queue.first(); first && taken.length < 500; first = queue.first()) {
    taken.push(first.jws);
    store[how](first.recordId);
    queue.left(how);
  }
  return taken;
}

const names = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `jws ${from + n}`);

describe('T30: what waits for its anchor', () => {
  it('is in memory a batch at a time, whether it was there at the start or came since', () => {
    const store = new Store();
    for (let n = 0; n < 40; n++) store.record(n);
    const queue = new AnchorQueue(store);
    expect(queue.first()?.jws).toBe('jws 0');
    for (let n = 40; n < 100; n++) queue.add(store.record(n));
    expect(drain(queue, store)).toEqual(names(100));
    expect(store.reads).toBe(Math.ceil(100 / QUEUE_BATCH));
  });

  it('is read from the store again when more has come than a batch takes', () => {
    const store = new Store();
    const queue = new AnchorQueue(store);
    expect(queue.first()).toBeUndefined();
    for (let n = 0; n < QUEUE_BATCH; n++) queue.add(store.record(n));
    expect([queue.first()?.jws, store.reads]).toEqual(['jws 0', 1]);
    queue.add(store.record(QUEUE_BATCH));
    expect(drain(queue, store)).toEqual(names(QUEUE_BATCH + 1));
    expect(store.reads).toBe(2);
  });

  it('is not tried twice in one life when it was refused, and once more in the next', () => {
    const store = new Store();
    for (let n = 0; n < 50; n++) store.record(n);
    expect(drain(new AnchorQueue(store), store, 'refused')).toEqual(names(50));
    const next = new AnchorQueue(store);
    expect(next.first()).toMatchObject({ jws: 'jws 0', refused: 'channel-unknown' });
    expect(drain(next, store)).toEqual(names(50));
    expect(new AnchorQueue(store).first()).toBeUndefined();
  });
});
