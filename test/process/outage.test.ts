import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { debitsOf, endings, framesOf, grownUntil, receiptOf } from './books.ts';
import { compileBinary, type Program } from './programs.ts';
import { leaks, secretsOf } from './secrets.ts';
import { goOn, ORDER, order } from './wearer.ts';
import { BUSY, makeWorld, type TestDevice, type TestWorld } from './world.ts';

const KEEPS = 'persistence true\npersistence_location ./\nautosave_on_changes true\nautosave_interval 1\n';
const FORGETS = 'persistence false\n';

describe.skipIf(!hasMosquitto)('a purchase in which something else dies', () => {
  const directory = temporaryDirectory();
  let binary: string;
  /** Worlds whose story has not ended; after a time-out that is left to the last hook. */
  const open = new Set<TestWorld>();
  beforeAll(() => {
    binary = compileBinary(directory.path);
  });
  afterAll(async () => {
    for (const world of open) await world.end();
    directory.remove();
  });

  interface Parts {
    readonly world: TestWorld;
    readonly cloud: Program;
    readonly device: TestDevice;
  }

  /** A world of its own for one story. Whatever happens in it, no program prints a secret, words, or anything but its log. */
  async function inWorld(brokerConfig: string, story: (parts: Parts) => Promise<void>): Promise<void> {
    const world = await makeWorld(['glasses-01'], brokerConfig, binary);
    open.add(world);
    try {
      await story({ world, cloud: await world.startCloud(), device: world.device('glasses-01') });
      expect(leaks(world.programs.all, secretsOf(world.set))).toEqual([]);
      expect(world.programs.all.flatMap(({ strayed }) => strayed)).toEqual([]);
    } finally {
      open.delete(world);
      await world.end();
    }
  }

  const paid = (world: TestWorld) =>
    grownUntil(join(world.set, 'cloud/state/psp.journal'), () => debitsOf(world.set, 'glasses-01').length > 0);

  /** Up to the signed confirmation, which nobody but the broker gets to see yet: nothing comes down to the services. */
  async function settling({ world, device }: Parts): Promise<Program> {
    const agent = device.run('--once');
    await order(agent, 'confirming');
    world.cloudLink.hold('down');
    await goOn(agent, 'confirming', 'settling');
    return agent;
  }

  async function expectFinished({ world, device }: Parts, agent: Program): Promise<void> {
    await agent.at('ended');
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    expect(endings(device.path)).toEqual(['finished: trade-finished']);
    const receipt = receiptOf(world.set, device.path);
    expect(debitsOf(world.set, 'glasses-01')).toEqual([
      { tradeNo: receipt?.tradeNo, currency: receipt?.currency, amountMinor: receipt?.amountMinor },
    ]);
  }

  it.concurrent('T2: the cloud, killed before it has seen the confirmation: pays once it is back', BUSY, () =>
    inWorld(KEEPS, async (parts) => {
      const agent = await settling(parts);
      await parts.cloud.kill();
      parts.world.cloudLink.renew();
      expect(debitsOf(parts.world.set, 'glasses-01')).toEqual([]);
      await parts.world.startCloud();
      await expectFinished(parts, agent);
    }),
  );

  it.concurrent(
    'T2: the cloud, killed between debit and receipt: gives the stored receipt and debits nothing more',
    BUSY,
    () =>
      inWorld(KEEPS, async (parts) => {
        const { world, device, cloud } = parts;
        const agent = device.run('--once');
        await order(agent, 'confirming');
        world.cloudLink.hold('up');
        await goOn(agent, 'confirming', 'settling');
        await paid(world);
        await cloud.kill();
        world.cloudLink.renew();
        const [debit] = debitsOf(world.set, 'glasses-01');
        await world.startCloud();
        await expectFinished(parts, agent);
        expect(receiptOf(world.set, device.path)?.tradeNo).toBe(debit?.tradeNo);
      }),
  );

  it.concurrent.each([
    ['with', KEEPS],
    ['without', FORGETS],
  ])('the broker, killed while settling and started %s its memory: pays once', BUSY, (_with, brokerConfig) =>
    inWorld(brokerConfig, async (parts) => {
      const agent = await settling(parts);
      await parts.world.broker.kill();
      parts.world.cloudLink.renew();
      await parts.world.broker.restart();
      await expectFinished(parts, agent);
    }),
  );

  it.concurrent('the link, for 2 s while the receipt is on its way: it comes again when the link is back', BUSY, () =>
    inWorld(KEEPS, async (parts) => {
      const { world, device } = parts;
      const agent = device.run('--once');
      await order(agent, 'confirming');
      device.link.hold('down');
      await goOn(agent, 'confirming', 'settling');
      await paid(world);
      device.link.cut();
      device.link.release();
      device.link.mendAfter(2_000);
      await expectFinished(parts, agent);
      expect(agent.log.map(({ code }) => code)).toContain('link-offline');
    }),
  );

  it.concurrent(
    'design 5.3: the link, at the prompt: cancels the purchase and tells the PSP before it ends',
    BUSY,
    () =>
      inWorld(KEEPS, async ({ world, device }) => {
        const agent = device.run('--once');
        await order(agent, 'confirming');
        device.link.renew();
        expect(await agent.exited).toEqual({ code: 1, signal: null });
        expect(endings(device.path)).toEqual(['cancelled: link-lost']);
        const heard = () => framesOf(world.set, 'psp', 'glasses-01').map(({ type }) => type);
        await grownUntil(join(world.set, 'cloud/state/psp.journal'), () => heard().length > 1);
        expect(heard()).toEqual(['pay-request', 'pay-cancel']);
        expect(debitsOf(world.set, 'glasses-01')).toEqual([]);
      }),
  );

  it.concurrent('the broker, for 5 s before the order: comes back after growing, random, bounded pauses', BUSY, () =>
    inWorld(KEEPS, async ({ world, device }) => {
      const agent = device.run();
      await agent.logged(({ code }) => code === 'link-online');
      await world.broker.kill();
      const pauses = () =>
        agent.log.flatMap(({ detail }) => (typeof detail?.retryMs === 'number' ? [detail.retryMs] : []));
      await agent.logged(() => pauses().reduce((sum, pauseMs) => sum + pauseMs, 0) >= 5_000);
      await world.broker.restart();
      agent.type(ORDER);
      await goOn(agent, 'summarising', 'choosing');
      // Between reconnectMinMs and a bound that doubles up to reconnectMaxMs.
      for (const [attempt, pauseMs] of pauses().entries()) {
        expect(pauseMs).toBeGreaterThanOrEqual(100);
        expect(pauseMs).toBeLessThanOrEqual(Math.min(800, 100 * 2 ** (attempt + 1)));
      }
      expect(new Set(pauses()).size).toBeGreaterThan(pauses().length / 2);
    }),
  );
});
