import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followOrders, placeOrder } from '../../scripts/cloud-orders.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let clock: VirtualClock;
beforeEach(() => {
  directory = temporaryDirectory();
  clock = new VirtualClock(1_700_000_000_000 as never);
});
afterEach(() => directory.remove());

const ports = () => ({ clock, random: countingRandom(`${clock.now()}`), waitMs: 5_000 });
const lying = () => readdirSync(join(directory.path, 'psp.orders'));

/** Lets the file system and the waiting promise have their turns. */
async function turns(): Promise<void> {
  for (let i = 0; i < 40; i += 1) {
    clock.advance(250);
    await Promise.resolve();
  }
}

describe('an order of the operator', () => {
  it('is carried out once by a running cloud, which answers it', async () => {
    const heard: string[] = [];
    const stop = followOrders(directory.path, clock, (words) => {
      heard.push(words);
      return words.includes('99') ? 'device-unknown' : 'done';
    });
    const answers = [placeOrder(directory.path, 'lock glasses-01', ports())];
    await turns();
    answers.push(placeOrder(directory.path, 'lock glasses-99', ports()));
    await turns();
    expect(await Promise.all(answers)).toEqual(['done', 'device-unknown']);
    expect(heard).toEqual(['lock glasses-01', 'lock glasses-99']);
    expect(lying()).toEqual([]);
    stop();
  });

  it('stays where nothing runs, and is carried out at the next start, oldest first', async () => {
    for (const words of ['lock glasses-01', 'unlock glasses-01']) {
      const waiting = placeOrder(directory.path, words, ports());
      await turns();
      expect(await waiting).toBeUndefined();
    }
    const heard: string[] = [];
    followOrders(directory.path, clock, (words) => `${heard.push(words) && 'done'}`)();
    expect(heard).toEqual(['lock glasses-01', 'unlock glasses-01']);
    expect(lying().every((name) => name.endsWith('.answer'))).toBe(true);
  });

  it('is tried again where it could not be made durable, and not while it is being written', () => {
    const folder = join(directory.path, 'psp.orders');
    mkdirSync(folder);
    writeFileSync(join(folder, '1.order'), 'lock glasses-01');
    writeFileSync(join(folder, '2.order.new'), 'lock');
    const answers = ['store-failed', 'done'];
    const heard: string[] = [];
    const stop = followOrders(directory.path, clock, (words) => {
      heard.push(words);
      return answers.shift() ?? 'done';
    });
    expect(heard).toEqual(['lock glasses-01']);
    clock.advance(2_000);
    expect(heard).toEqual(['lock glasses-01', 'lock glasses-01']);
    stop();
    clock.advance(2_000);
    expect(heard).toHaveLength(2);
  });

  it('is refused where no cloud has ever run', async () => {
    await expect(placeOrder(join(directory.path, 'none'), 'lock a', ports())).rejects.toMatchObject({
      code: 'store-unreadable',
    });
  });
});
