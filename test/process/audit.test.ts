/** T26, T27: a device whose journal was put back, by the real programs: what it does, and how it gets out of it. */
import { copyFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { cosignedRecords, debitsOf } from './books.ts';
import type { Program } from './programs.ts';
import { ORDER, order } from './wearer.ts';
import { BUSY, makeWorld, type TestDevice, type TestWorld } from './world.ts';

const DEVICE = 'glasses-01';
/** A line `hold` presses for 1,500 ms; a press counts only after a release. */
const AGAIN_MS = 2_500;

describe.skipIf(!hasMosquitto)('a device whose disk was put back to an older state', BUSY, () => {
  let world: TestWorld;
  let device: TestDevice;
  const state = () => join(dirname(device.path), 'state');
  const copy = (from: string, to: string) => copyFileSync(join(state(), from), join(state(), to));

  async function buys(): Promise<void> {
    const agent = device.run('--once');
    await order(agent, 'confirming');
    // The log says at once how the purchase before has ended, so that the wearer's own helper would not press.
    const press = setInterval(() => agent.type('hold'), AGAIN_MS);
    await agent.at('settling');
    clearInterval(press);
    expect(await agent.exited).toEqual({ code: 0, signal: null });
  }

  /** Starts it, says an order, and sees that it is refused. */
  async function refuses(fault: string): Promise<void> {
    const agent: Program = device.run();
    await agent.logged(({ code }) => code === fault);
    agent.type(ORDER);
    await agent.said(/records of this device are not whole/);
    agent.signal('SIGTERM');
    await agent.exited;
  }

  const settle = (...argv: readonly string[]) =>
    world.programs.run('audit', 'settle', '--config', device.path, ...argv);

  beforeAll(async () => {
    world = await makeWorld([DEVICE]);
    await world.startCloud();
    device = world.device(DEVICE);
  }, BUSY.timeout);
  afterAll(() => world?.end());

  it('orders nothing until its own checkpoints and its witness are settled', async () => {
    await buys();
    copy('device.journal', 'device.journal.older');
    await buys();
    expect(debitsOf(world.set, DEVICE)).toHaveLength(2);
    copy('device.journal.older', 'device.journal');
    await refuses('journal-truncated');

    const look = settle();
    expect((await look.exited).code).toBe(1);
    expect(look.stdout.join('\n')).toContain('records are missing that this device had signed for');
    expect((await settle('--yes').exited).code).toBe(0);
    expect(readdirSync(state())).toContain('checkpoints.settled-1.journal');
    expect((await settle().exited).code).toBe(0);

    // Its own word is settled now; what the witness has seen is not.
    await refuses('journal-rolled-back');
    const cloud = join(world.set, 'cloud/cloud.yaml');
    const accept = world.programs.run('cloud', 'accept-journal', DEVICE, '--config', cloud);
    expect((await accept.exited).code).toBe(0);
    await buys();
    expect(debitsOf(world.set, DEVICE)).toHaveLength(3);
    expect(cosignedRecords(world.set, device.path, DEVICE)).toBeGreaterThan(0);
  });
});
