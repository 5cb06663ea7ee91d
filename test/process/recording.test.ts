/** A run of the real programs on a real broker, taken down and played again. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Recording } from '../../sim/scenario/index.ts';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { endings } from './books.ts';
import type { Program } from './programs.ts';
import { secretsOf } from './secrets.ts';
import { goOn, order } from './wearer.ts';
import { BUSY, makeWorld, type TestDevice, type TestWorld } from './world.ts';

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Recording;
const fileOf = ({ path }: TestDevice, name: string) => join(dirname(path), name);
/** What the wearer says in these tests, in part. */
const WORDS = 'iced latte';

describe.skipIf(!hasMosquitto)('agent --record on a real broker', () => {
  let world: TestWorld;

  beforeAll(async () => {
    world = await makeWorld(['whole', 'halves', 'silent']);
    await world.startCloud();
  });
  afterAll(() => world?.end());

  async function told(
    ...argv: readonly string[]
  ): Promise<{ readonly code: number | null; readonly program: Program }> {
    const program = world.programs.run('sim', ...argv);
    const { code } = await program.exited;
    return { code, program };
  }

  it('is played again to the last byte, and a line that is another is shown', BUSY, async () => {
    const device = world.device('whole');
    const file = fileOf(device, 'run.json');
    const agent = device.run('--once', '--record', file, '--record-words');
    await order(agent, 'ended');
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    expect(endings(device.path)).toEqual(['finished: trade-finished']);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const [run] = read(file).runs;
    expect(run?.ending).toBe('stopped in order');
    expect(run?.frames.filter(({ fate }) => fate === 'sent').length).toBeGreaterThan(4);
    const again = await told('replay', file, '--json');
    expect(again.program.stdout.join('\n')).toContain('"same":true');
    expect(again.code).toBe(0);

    const other = fileOf(device, 'other.json');
    const at = run?.events.findIndex((line) => line.startsWith('in ') && line.includes(WORDS)) ?? -1;
    const changed = run?.events.with(at, (run.events[at] ?? '').replace(WORDS, 'espresso')) ?? [];
    writeFileSync(other, JSON.stringify({ ...read(file), runs: [{ ...run, events: changed }] }));
    expect((await told('diff', file, other)).code).toBe(1);
    const strayed = await told('replay', other);
    expect(strayed.code).toBe(1);
    expect(strayed.program.stdout.join('\n')).toContain('(- recorded, + now)');
  });

  it('holds a run that takes up a purchase where an earlier one was stopped', BUSY, async () => {
    const device = world.device('halves');
    const files = [fileOf(device, 'first.json'), fileOf(device, 'second.json')] as const;
    const first = device.run('--record', files[0], '--record-words');
    await order(first, 'choosing');
    first.signal('SIGTERM');
    expect(await first.exited).toEqual({ code: 0, signal: null });
    const second = device.run('--once', '--record', files[1], '--record-words');
    await goOn(second, 'choosing', 'ended');
    expect(await second.exited).toEqual({ code: 0, signal: null });
    for (const file of files) expect((await told('replay', file)).code).toBe(0);
  });

  it('T19, T28: holds no key, no token, and without being asked no words', BUSY, async () => {
    const device = world.device('silent');
    const file = fileOf(device, 'run.json');
    const agent = device.run('--once', '--record', file);
    await order(agent, 'ended');
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    const secrets = secretsOf(world.set);
    const texts = [file, fileOf(world.device('whole'), 'run.json')].map((path) => readFileSync(path, 'utf8'));
    for (const text of texts) expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    const [run] = read(file).runs;
    expect(run?.events.join('\n')).not.toMatch(/latte/i);
    const refused = await told('replay', file);
    expect(refused.code).toBe(2);
  });

  it('writes over no file', BUSY, async () => {
    const device = world.device('silent');
    const agent = device.run('--record', device.path);
    expect((await agent.exited).code).toBe(2);
  });
});
