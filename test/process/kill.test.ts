import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { debitsOf, endings, framesOf, grownUntil, receiptOf } from './books.ts';
import type { Direction, Link } from './link.ts';
import { leaks, secretsOf } from './secrets.ts';
import { goOn, order, type State } from './wearer.ts';
import { BUSY, makeWorld, type TestWorld } from './world.ts';

interface Moment {
  readonly state: State;
  /** What of the state's message got through before the process died. */
  readonly when: string;
  /** The last state in which nothing is in the way yet. */
  readonly from: State;
  readonly stop: (link: Link) => void;
  /** Whether the PSP is to have debited by the time of death. */
  readonly paid?: true;
}

const hold = (direction: Direction) => (link: Link) => link.hold(direction);
const holdNext = (direction: Direction) => (link: Link) => link.holdAfterMessage(direction);
const freely = () => {};

/** Journalled and not sent, sent and not answered: for each state that sends something. */
const MOMENTS: readonly Moment[] = [
  { state: 'summarising', when: 'with nothing sent', from: 'summarising', stop: freely },
  { state: 'seeking', when: 'before the intent left', from: 'summarising', stop: hold('up') },
  { state: 'seeking', when: 'before the offers came', from: 'summarising', stop: hold('down') },
  { state: 'choosing', when: 'with the offers read out', from: 'choosing', stop: freely },
  { state: 'carting', when: 'before the choice left', from: 'choosing', stop: hold('up') },
  { state: 'carting', when: 'before the cart came', from: 'choosing', stop: hold('down') },
  { state: 'requesting', when: 'before the pay request left', from: 'choosing', stop: holdNext('up') },
  { state: 'requesting', when: 'before the challenge came', from: 'choosing', stop: holdNext('down') },
  { state: 'settling', when: 'before the confirmation left', from: 'confirming', stop: hold('up') },
  { state: 'settling', when: 'before the receipt came', from: 'confirming', stop: hold('down'), paid: true },
  { state: 'following', when: 'with the receipt', from: 'confirming', stop: holdNext('down'), paid: true },
];
const CASES = MOMENTS.map((moment, i) => ({
  ...moment,
  id: `glasses-${String(i + 1).padStart(2, '0')}`,
  title: `while ${moment.state}, ${moment.when}`,
}));

describe.skipIf(!hasMosquitto)('an agent that is killed with SIGKILL and started again', () => {
  let world: TestWorld;

  beforeAll(async () => {
    world = await makeWorld([...CASES.map(({ id }) => id), 'prompted', 'unknown']);
    await world.startCloud();
  });
  afterAll(() => world?.end());

  const debited = (id: string) =>
    grownUntil(join(world.set, 'cloud/state/psp.journal'), () => debitsOf(world.set, id).length > 0);

  /** One debit, one receipt for exactly that, and the end of the story. */
  function expectPaidOnce(id: string): void {
    const { path } = world.device(id);
    expect(endings(path)).toEqual(['finished: trade-finished']);
    const receipt = receiptOf(world.set, path);
    expect(debitsOf(world.set, id)).toEqual([
      { tradeNo: receipt?.tradeNo, currency: receipt?.currency, amountMinor: receipt?.amountMinor },
    ]);
  }

  it.concurrent.each(CASES.map((one) => [one.title, one] as const))(
    'T2, T3: %s, pays once',
    BUSY,
    async (_title, one) => {
      const { id, state, from, stop, paid } = one;
      const device = world.device(id);
      const first = device.run();
      await order(first, from);
      stop(device.link);
      await goOn(first, from, state);
      if (paid) await debited(id);
      await first.kill();
      device.link.renew();
      expect(debitsOf(world.set, id)).toHaveLength(paid ? 1 : 0);

      const second = device.run('--once');
      await goOn(second, state, 'ended');
      expect(await second.exited).toEqual({ code: 0, signal: null });
      expectPaidOnce(id);
    },
  );

  it.concurrent('while confirming, pays nothing, and tells the PSP before it ends', BUSY, async () => {
    const device = world.device('prompted');
    const first = device.run();
    await order(first, 'confirming');
    await first.kill();
    const second = device.run('--once');
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(endings(device.path)).toEqual(['cancelled: restart']);
    expect(framesOf(world.set, 'psp', 'prompted').map(({ type }) => type)).toEqual(['pay-request', 'pay-cancel']);
    expect(debitsOf(world.set, 'prompted')).toEqual([]);
  });

  it.concurrent('while the outcome is unknown, asks by request id and learns that it had paid', BUSY, async () => {
    const device = world.device('unknown');
    const first = device.run();
    await order(first, 'confirming');
    device.link.hold('down');
    await goOn(first, 'confirming', 'settling');
    await first.at('unknown');
    await first.kill();
    device.link.renew();
    expect(debitsOf(world.set, 'unknown')).toHaveLength(1);

    const second = device.run('--once');
    await second.at('unknown');
    expect(await second.exited).toEqual({ code: 0, signal: null });
    expectPaidOnce('unknown');
    expect(framesOf(world.set, 'psp', 'unknown').map(({ type }) => type)).toContain('pay-query');
  });

  it('T19, T28: prints no secret, no words and nothing but its log', () => {
    expect(leaks(world.programs.all, secretsOf(world.set))).toEqual([]);
    expect(world.programs.all.flatMap(({ strayed }) => strayed)).toEqual([]);
  });
});
