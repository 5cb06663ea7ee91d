/** A run of the real programs on a real broker, taken down and played again. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTape, TapeSum } from '../../sim/tape/index.ts';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { endings } from './books.ts';
import type { Program } from './programs.ts';
import { secretsOf } from './secrets.ts';
import { goOn, order } from './wearer.ts';
import { BUSY, makeWorld, type TestDevice, type TestWorld } from './world.ts';
import { change } from './yaml.ts';

const textOf = (file: string) => readFileSync(file, 'utf8');
const fileOf = ({ path }: TestDevice, name: string) => join(dirname(path), name);
/** What the wearer says in these tests, in part. */
const WORDS = 'iced latte';
const AGAIN_MS = 2_500;
/** So short that the device replaces its recipient key at once, and every 20 seconds. */
const WINDOW_S = 30;

/** Holds until something comes of it: the pages have to be read first. */
async function hold(program: Program, until: Promise<unknown>): Promise<void> {
  const press = setInterval(() => program.type('hold'), AGAIN_MS);
  await Promise.race([until, program.exited]).finally(() => clearInterval(press));
}

describe.skipIf(!hasMosquitto)('--record on a real broker', () => {
  let world: TestWorld;

  beforeAll(async () => {
    world = await makeWorld(['whole', 'halves', 'silent', 'delegating', 'bound']);
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
    const file = fileOf(device, 'run.tape');
    const agent = device.run('--once', '--record', file, '--record-words');
    await order(agent, 'ended');
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    expect(endings(device.path)).toEqual(['finished: trade-finished']);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const [run] = readTape(textOf(file));
    expect(run?.ending).toBe('stopped in order');
    expect(run?.events.filter((line) => line.startsWith('out seal ')).length).toBeGreaterThan(4);
    const again = await told('replay', file, '--json');
    expect(again.program.stdout.join('\n')).toContain('"same":true');
    expect(again.code).toBe(0);

    const other = fileOf(device, 'other.tape');
    const [head = ''] = textOf(file).split('\n', 1);
    const lines = [head.replace(/ [0-9a-f]{8}$/, ''), ...(run?.events ?? [])];
    const at = lines.findIndex((line) => line.startsWith('in ') && line.includes(WORDS));
    const sum = new TapeSum();
    const changed = lines.with(at, (lines[at] ?? '').replace(WORDS, 'espresso'));
    writeFileSync(other, changed.map((line) => `${sum.written(line)}\n`).join(''));
    expect((await told('diff', file, other)).code).toBe(1);
    const strayed = await told('replay', other);
    expect(strayed.code).toBe(1);
    expect(strayed.program.stdout.join('\n')).toContain('(- recorded, + now)');
  });

  it('goes on in the same file where an earlier run was stopped, and holds both lives', BUSY, async () => {
    const device = world.device('halves');
    const file = fileOf(device, 'run.tape');
    const first = device.run('--record', file, '--record-words');
    await order(first, 'choosing');
    first.signal('SIGTERM');
    expect(await first.exited).toEqual({ code: 0, signal: null });
    const second = device.run('--once', '--record', file, '--record-words');
    await goOn(second, 'choosing', 'ended');
    expect(await second.exited).toEqual({ code: 0, signal: null });
    expect(readTape(textOf(file)).map(({ ending }) => ending)).toEqual(['stopped in order', 'stopped in order']);
    expect((await told('replay', file)).code).toBe(0);
  });

  it('ACT 2.1 ADD: holds a delegation, changes of keys and a kill -9, and is played again to there', BUSY, async () => {
    const device = world.device('delegating');
    change(device.path, 'keys', { recipientKeyWindowSeconds: WINDOW_S });
    const file = fileOf(device, 'run.tape');
    const at = (program: Program, state: string) =>
      program.logged(({ code, detail }) => code === 'delegation' && detail?.at === state);
    const first = device.run('--record', file, '--record-words');
    await first.logged(({ code }) => code === 'link-online');
    first.type('order an iced latte every weekday before nine, at most 30 a day, for four weeks');
    await at(first, 'summarising');
    first.type('yes');
    await hold(first, at(first, 'active'));
    await first.kill();
    const second = device.run('--record', file, '--record-words');
    const { detail } = await at(second, 'active');
    const cloud = join(world.set, 'cloud/cloud.yaml');
    expect((await world.programs.run('cloud', 'suspend', String(detail?.id), '--config', cloud).exited).code).toBe(0);
    await at(second, 'suspended');
    second.type('cancel the iced latte');
    await hold(second, at(second, 'revoked'));
    const made = () => second.log.filter(({ code }) => code === 'recipient-key-made');
    await second.logged(() => made().length > 0);
    await second.kill();

    const lives = readTape(textOf(file));
    expect(lives).toHaveLength(2);
    for (const { ending, events } of lives) {
      expect(ending).toMatch(/^broken off/);
      for (const what of ['key-pair', 'keep-key']) expect(events.some((line) => line.includes(` ${what} `))).toBe(true);
    }
    expect((await told('replay', file)).program.stdout.join('\n')).toMatch(/^= delegating: broken off.*\n= delegating/);

    // As after a power cut: within a line.
    const torn = fileOf(device, 'torn.tape');
    writeFileSync(torn, textOf(file).slice(0, -20));
    const played = await told('replay', torn);
    expect(played.program.stdout.join('\n')).toMatch(/broken off, in the middle of line \d+/);
    expect(played.code).toBe(0);
  });

  it('PSD-PMT-BND: holds a binding, and T19: no token, neither the old nor the new one', BUSY, async () => {
    const device = world.device('bound');
    const file = fileOf(device, 'bind.tape');
    const argv = ['--config', device.path, '--total', '500.00', '--record', file, '--record-words'];
    const bind = world.programs.run('bind', ...argv);
    await hold(
      bind,
      bind.logged(({ code, detail }) => code === 'binding' && detail?.at === 'consenting'),
    );
    expect(await bind.exited).toEqual({ code: 0, signal: null });
    expect((await told('replay', file)).code).toBe(0);
    const text = textOf(file);
    expect(text).toContain('out keep-token');
    expect(text).not.toMatch(/token-[0-9a-f]{8}/);
    expect(text).not.toContain(Buffer.from('token-').toString('hex'));
  });

  it('T19, T28: holds no key, no token, and without being asked no words', BUSY, async () => {
    const device = world.device('silent');
    const file = fileOf(device, 'run.tape');
    const agent = device.run('--once', '--record', file);
    await order(agent, 'ended');
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    const secrets = secretsOf(world.set);
    const texts = [file, fileOf(world.device('whole'), 'run.tape')].map(textOf);
    for (const text of texts) expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    const [run] = readTape(textOf(file));
    expect(run?.events.join('\n')).not.toMatch(/latte/i);
    const refused = await told('replay', file);
    expect(refused.code).toBe(2);
  });

  it('of a device that could not start has no end, and the next life goes on behind it', BUSY, async () => {
    const device = world.device('silent');
    const config = textOf(device.path);
    const file = fileOf(device, 'early.tape');
    change(device.path, 'button', { kind: 'gpio', chip: 'gpiochip9999', line: 0, devicePath: '/sys/devices/none' });
    expect((await device.run('--record', file, '--record-words').exited).code).toBe(1);
    const bind = ['--config', device.path, '--total', '5.00', '--record', file, '--record-words'];
    expect((await world.programs.run('bind', ...bind).exited).code).toBe(1);
    writeFileSync(device.path, config);
    const agent = device.run('--record', file, '--record-words');
    await agent.logged(({ code }) => code === 'link-online');
    agent.signal('SIGTERM');
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    const endings = readTape(textOf(file)).map(({ ending }) => ending);
    expect(endings).toEqual(['broken off', 'broken off', 'stopped in order']);
    expect((await told('replay', file)).code).toBe(0);
  });

  it('writes over no file', BUSY, async () => {
    const device = world.device('silent');
    const agent = device.run('--record', device.path);
    expect((await agent.exited).code).toBe(2);
  });
});
