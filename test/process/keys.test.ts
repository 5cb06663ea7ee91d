/** Keys that change hands, by the real programs: rotated by their device, or copied with its disk. */
import { cpSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '../../protocol/bytes.ts';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { holds } from '../helpers/spellings.ts';
import { debitsOf, endings } from './books.ts';
import type { Program } from './programs.ts';
import { leaks, secretsOf } from './secrets.ts';
import { order } from './wearer.ts';
import { BUSY, makeWorld, type TestWorld } from './world.ts';
import { change } from './yaml.ts';

const [ROTATED, COPIED] = ['rotated', 'copied'];

function filesIn(directory: string): readonly string[] {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name));
  return paths.filter((path) => statSync(path).isFile());
}

describe.skipIf(!hasMosquitto)('keys of real programs', () => {
  let world: TestWorld;
  let cloud: Program;

  beforeAll(async () => {
    world = await makeWorld([ROTATED, COPIED]);
    cloud = await world.startCloud();
  });
  afterAll(() => world?.end());

  /** One purchase from start to stop. @returns how it ended. */
  async function buy(id: string): Promise<string> {
    const device = world.device(id);
    const agent = device.run('--once');
    await order(agent, 'requesting');
    // Every line presses for 1.5 s, and one in the gate's dead time does nothing: so again, until the purchase is over.
    const again = setInterval(() => agent.type('hold'), 2_500);
    await agent.exited.finally(() => clearInterval(again));
    return endings(device.path).at(-1) ?? '';
  }

  async function stopCloud(): Promise<void> {
    cloud.signal('SIGTERM');
    await cloud.exited;
  }

  async function run(...argv: readonly string[]): Promise<void> {
    const program = world.programs.run(...argv);
    expect({ argv, ...(await program.exited), stderr: program.stderr }).toEqual({
      ...{ argv, code: 0, signal: null, stderr: [] },
    });
  }

  it(
    'ACTC-ENR-009: pay before and after both keys were rotated, and the cloud starts again over both times',
    BUSY,
    async () => {
      const { path } = world.device(ROTATED);
      const folder = dirname(path);
      const cloudConfig = join(world.set, 'cloud/cloud.yaml');
      expect(await buy(ROTATED)).toBe('finished: trade-finished');
      await stopCloud();
      for (const [purpose, key] of [
        ['agent', 'agentKeyFile'],
        ['confirmation', 'confirmationKeyFile'],
      ] as const) {
        const [next, statement] = [join(folder, `${purpose}-2.key.json`), join(folder, `${purpose}.hand-over`)];
        await run('keys', 'rotate', '--config', path, '--purpose', purpose, '--out', next, '--statement', statement);
        await run('keys', 'take-over', statement, '--config', cloudConfig);
        change(path, 'keys', { [key]: `${purpose}-2.key.json` });
        await run('keys', 'destroy', join(folder, `${purpose}.key.json`), '--yes');
      }
      cloud = await world.startCloud();
      expect(await buy(ROTATED)).toBe('finished: trade-finished');
      await stopCloud();
      cloud = await world.startCloud();
      expect(await buy(ROTATED)).toBe('finished: trade-finished');
      expect(debitsOf(world.set, ROTATED)).toHaveLength(3);
    },
  );

  it('T19: of a device whose disk was copied pay once, then nothing any more; the cloud says why', BUSY, async () => {
    const { path } = world.device(COPIED);
    const state = join(dirname(path), 'state');
    expect(await buy(COPIED)).toBe('finished: trade-finished');
    const wearers = `${state}-of-the-wearer`;
    cpSync(state, wearers, { recursive: true });
    expect(await buy(COPIED)).toBe('finished: trade-finished');
    const thiefs = `${state}-of-the-thief`;
    cpSync(state, thiefs, { recursive: true });
    for (const [disk, end] of [
      [wearers, /^refused: counter-forked$/],
      [thiefs, /^refused: (?:device|signer)-locked$/],
    ] as const) {
      rmSync(state, { recursive: true });
      cpSync(disk, state, { recursive: true });
      expect(await buy(COPIED)).toMatch(end);
    }
    expect(await cloud.logged(({ code }) => code === 'signer-forked')).toMatchObject({
      level: 'error',
      detail: { party: 'psp', device: COPIED },
    });
    expect(debitsOf(world.set, COPIED)).toHaveLength(2);
  });

  it('T19: leave no seed, token or passphrase in any output, nor the token in any file of the device', () => {
    expect(leaks(world.programs.all, secretsOf(world.set))).toEqual([]);
    const { devices } = JSON.parse(readFileSync(join(world.set, 'cloud/enrolments.json'), 'utf8'));
    for (const { device, paymentToken } of devices) {
      const folder = join(world.set, device);
      const files = filesIn(folder).filter((name) => holds(readFileSync(name), utf8(paymentToken)));
      expect(files).toEqual([]);
    }
  });
});
