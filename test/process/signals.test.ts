import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { debitsOf, endings } from './books.ts';
import type { Program } from './programs.ts';
import { leaks, secretsOf } from './secrets.ts';
import { goOn, order, type State } from './wearer.ts';
import { BUSY, makeWorld, type TestDevice, type TestWorld } from './world.ts';

/** Delivered in four seconds: long enough to stop a device that follows its order. */
const MINUTE_MS = 400;

describe.skipIf(!hasMosquitto)('an agent that is asked to stop', () => {
  let world: TestWorld;
  let cloud: Program;

  beforeAll(async () => {
    world = await makeWorld(['early', 'late', 'prompted', 'interrupted', 'twice']);
    cloud = await world.startCloud(MINUTE_MS);
  });
  afterAll(() => world?.end());

  async function stop(device: Program, signal: NodeJS.Signals): Promise<void> {
    device.signal(signal);
    expect(await device.exited).toEqual({ code: 0, signal: null });
    expect(device.strayed).toEqual([]);
  }

  /**
   * Starts the device in the state in which it was stopped, and stops it again in the state `to`. What it sends from the
   * state `heldFrom` on does not get through, so that it stays there.
   */
  async function halt(
    device: TestDevice,
    from: State,
    to: State,
    heldFrom?: State,
    signal: NodeJS.Signals = 'SIGTERM',
  ) {
    const program = device.run();
    if (heldFrom) {
      await goOn(program, from, heldFrom);
      device.link.hold('up');
    }
    await goOn(program, heldFrom ?? from, to);
    await stop(program, signal);
    device.link.renew();
  }

  async function expectFinished(device: TestDevice, from: State): Promise<void> {
    const last = device.run('--once');
    await goOn(last, from, 'ended');
    expect(await last.exited).toEqual({ code: 0, signal: null });
    expect(endings(device.path)).toEqual(['finished: trade-finished']);
    expect(debitsOf(world.set, device.id)).toHaveLength(1);
  }

  it.concurrent(
    'ends in order in each state up to the cart, and goes on from there when it is started again',
    BUSY,
    async () => {
      const device = world.device('early');
      const idle = device.run();
      await idle.at('idle');
      await stop(idle, 'SIGTERM');
      const first = device.run();
      await order(first, 'summarising');
      await stop(first, 'SIGTERM');
      await halt(device, 'summarising', 'seeking', 'summarising');
      await halt(device, 'seeking', 'choosing');
      await halt(device, 'choosing', 'carting', 'choosing');
      await expectFinished(device, 'carting');
    },
  );

  it.concurrent(
    'ends in order in each state from the pay request on, goes on from there, and pays once',
    BUSY,
    async () => {
      const device = world.device('late');
      const first = device.run();
      await order(first, 'choosing');
      device.link.holdAfterMessage('up');
      await goOn(first, 'choosing', 'requesting');
      await stop(first, 'SIGTERM');
      device.link.renew();
      await halt(device, 'requesting', 'settling', 'confirming');
      await halt(device, 'settling', 'following');
      await expectFinished(device, 'following');
    },
  );

  it.concurrent('takes SIGINT as it takes SIGTERM', BUSY, async () => {
    const device = world.device('interrupted');
    const first = device.run();
    await order(first, 'choosing');
    await stop(first, 'SIGINT');
    await halt(device, 'choosing', 'settling', 'confirming', 'SIGINT');
    await expectFinished(device, 'settling');
  });

  it.concurrent('while it shows a prompt, pays nothing: a prompt does not outlive its process', BUSY, async () => {
    const { run, path, id } = world.device('prompted');
    const first = run();
    await order(first, 'confirming');
    await stop(first, 'SIGTERM');
    const second = run('--once');
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(endings(path)).toEqual(['cancelled: restart']);
    expect(debitsOf(world.set, id)).toEqual([]);
    // That purchase is over: with --once, the next one counts.
    const third = run('--once');
    await order(third, 'summarising');
    third.type('no');
    expect(await third.exited).toEqual({ code: 1, signal: null });
  });

  it.concurrent('has its state for itself: a second agent on it is refused, and the first goes on', BUSY, async () => {
    const { run } = world.device('twice');
    const first = run();
    await order(first, 'summarising');
    const second = run('--once');
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.stderr).toEqual([
      expect.stringMatching(/^act-edge: store-locked: .*device\.journal.*; stop that process/),
    ]);
    await goOn(first, 'summarising', 'choosing');
    await stop(first, 'SIGTERM');
  });

  it('T19, T28: prints no secret and no words', () => {
    expect(leaks(world.programs.all, secretsOf(world.set))).toEqual([]);
  });

  it('so does the cloud, and it starts again on its journals', BUSY, async () => {
    await stop(cloud, 'SIGINT');
    cloud = await world.startCloud(MINUTE_MS);
    await stop(cloud, 'SIGTERM');
  });
});
