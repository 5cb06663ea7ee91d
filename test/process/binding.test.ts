/** Binding, a lost device and a found one with the real programs. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { endings } from './books.ts';
import type { Program } from './programs.ts';
import { order } from './wearer.ts';
import { BUSY, makeWorld, type TestWorld } from './world.ts';

const DEVICE = 'glasses-01';
const AGAIN_MS = 2_500;

describe.skipIf(!hasMosquitto)('a device that is bound, lost and found', BUSY, () => {
  let world: TestWorld;
  let cloud: Program;
  beforeAll(async () => {
    world = await makeWorld([DEVICE]);
    cloud = await world.startCloud();
  }, BUSY.timeout);
  afterAll(() => world?.end());

  const config = () => world.device(DEVICE).path;
  const tokenFile = () => readFileSync(join(dirname(config()), 'payment-token.json'), 'utf8');
  const bind = () => world.programs.run('bind', '--config', config(), '--total', '500.00', '--days', '30');
  const operator = (command: string, device = DEVICE) =>
    world.programs.run('cloud', command, device, '--config', join(world.set, 'cloud/cloud.yaml'));
  const at = (program: Program, state: string) =>
    program.logged(({ code, detail }) => code === 'binding' && detail?.at === state);

  /** Holds until something comes of it: the first press may be in the prompt's dead time. */
  async function hold(program: Program, until: Promise<unknown>): Promise<void> {
    const press = setInterval(() => program.type('hold'), AGAIN_MS);
    await Promise.race([until, program.exited]).finally(() => clearInterval(press));
  }

  it('T2 T19: is bound once, also when the first run was killed at the prompt, and the new token is sealed', async () => {
    const before = tokenFile();
    const first = bind();
    await at(first, 'confirming');
    await first.kill();
    const second = bind();
    await at(second, 'confirming');
    await hold(second, at(second, 'consenting'));
    expect(await second.exited).toEqual({ code: 0, signal: null });
    expect(second.stdout.at(-1)).toMatch(/^bound: 500\.00 CNY in all, 200\.00 CNY at once, until /);
    expect(tokenFile()).not.toBe(before);
    expect(JSON.parse(tokenFile())).toMatchObject({ purpose: 'token' });
    expect(tokenFile()).not.toMatch(/token-[0-9a-f]{8}/);
  });

  it('pays with the new token', async () => {
    const agent = world.device(DEVICE).run('--once');
    await order(agent, 'ended');
    expect((await agent.exited).code).toBe(0);
    expect(endings(config())).toEqual(['finished: trade-finished']);
  });

  it('T18: reported lost while a prompt is open, pays nothing and says so; found, it pays again', async () => {
    const agent = world.device(DEVICE).run();
    await order(agent, 'confirming');
    const locking = operator('lock');
    expect((await locking.exited).code).toBe(0);
    await agent.said(/It pays nothing/);
    expect(endings(config()).at(-1)).toBe('cancelled: locked');
    const unlocking = operator('unlock');
    expect((await unlocking.exited).code).toBe(0);
    await agent.said(/is unlocked/);
    agent.signal('SIGTERM');
    await agent.exited;
    const again = world.device(DEVICE).run('--once');
    await order(again, 'confirming');
    await hold(again, again.at('settling'));
    expect((await again.exited).code).toBe(0);
  });

  it('a lock that is ordered while nothing runs is carried out at the next start', async () => {
    expect((await operator('lock', 'glasses-99').exited).code).toBe(1);
    cloud.signal('SIGTERM');
    await cloud.exited;
    const ordered = operator('lock');
    expect((await ordered.exited).code).toBe(1);
    expect(ordered.stderr.join()).toContain('cloud-not-running');
    cloud = await world.startCloud();
    const refused = bind();
    expect((await refused.exited).code).toBe(1);
    expect(refused.stdout.at(-1)).toMatch(/^not bound: (AUTH_FAILED|locked)$/);
  });
});
