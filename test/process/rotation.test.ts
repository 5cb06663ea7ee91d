import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { leaks, secretsOf } from './secrets.ts';
import { goOn, order } from './wearer.ts';
import { BUSY, makeWorld, type TestWorld } from './world.ts';
import { change } from './yaml.ts';

/** Two thirds of the first window: the next key is due at the start. */
const AGE_S = 61 * 86_400;
/** So short that keys are replaced every 20 seconds. */
const WINDOW_S = 30;

describe.skipIf(!hasMosquitto)('real programs whose recipient keys come to their end', () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await makeWorld(['glasses-01', 'glasses-02'], '', undefined, AGE_S);
  }, BUSY.timeout);
  afterAll(() => world?.end());

  const made = (log: readonly { code: string }[]) => log.filter(({ code }) => code === 'recipient-key-made').length;
  const keysIn = (path: string) => readdirSync(path).filter((name) => name.endsWith('.json'));

  it('go on with new keys, and with those again after both were killed in the middle of a purchase', BUSY, async () => {
    const device = world.device('glasses-01');
    const state = join(world.set, device.id, 'state');
    const [cloud, agent] = [await world.startCloud(), device.run()];
    await order(agent, 'choosing');
    await agent.logged(() => agent.log.filter(({ code }) => code === 'recipient-key-learnt').length === 16);
    expect([made(agent.log), made(cloud.log)]).toEqual([1, 16]);
    await agent.kill();
    await cloud.kill();
    expect(keysIn(join(state, 'recipient-keys'))).toHaveLength(1);

    const [cloudAgain, again] = [await world.startCloud(), device.run('--once')];
    await goOn(again, 'choosing', 'ended');
    expect(await again.exited).toEqual({ code: 0, signal: null });
    expect([made(again.log), made(cloudAgain.log)]).toEqual([0, 0]);
    await cloudAgain.kill();
  });

  it('replace them again and again while they run, and buy', BUSY, async () => {
    const device = world.device('glasses-02');
    for (const path of [device.path, join(world.set, 'cloud/cloud.yaml')])
      change(path, 'keys', { recipientKeyWindowSeconds: WINDOW_S });
    const cloud = await world.startCloud();
    const agent = device.run('--once');
    // Two changes on the device, and one of each service since it runs: their keys are as old as the test before.
    await agent.logged(() => made(agent.log) >= 2);
    await cloud.logged(() => made(cloud.log) >= 16);
    await order(agent, 'ended');
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    expect([...agent.strayed, ...cloud.strayed]).toEqual([]);
    expect(leaks(world.programs.all, secretsOf(world.set))).toEqual([]);
  });
});
