/** `act-edge delegations` over the sealed journal of a device, as a real program. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { isHeld } from '../../device/delegation/state.ts';
import { secondsOf } from '../../protocol/index.ts';
import { makeDemoSet } from '../../scripts/demo-set.ts';
import { openStateJournals } from '../../scripts/state-journals.ts';
import { seconds } from '../device/builders.ts';
import { accountAnswer, refund, SUB_ACCOUNT, spend, statusOf } from '../device/delegation/builders.ts';
import { active, reporting, type Stage } from '../device/delegation/stage.ts';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { compileBinary, makePrograms, type Program, type Programs } from './programs.ts';
import { BUSY, makeWorld, type TestWorld } from './world.ts';

const AGAIN_MS = 2_500;

describe('act-edge delegations', BUSY, () => {
  const directory = temporaryDirectory();
  let programs: Programs;
  let config: string;
  const stage = active();
  const { id, authorization } = stage.held;

  /** Appends to the device's journal what the stage has done since. */
  let written = 0;
  function write({ records }: Stage): void {
    const { device } = openStateJournals(readAgentConfig(config), ['device']);
    device.append(records.slice(written));
    written = records.length;
    device.close();
  }

  async function run(...argv: readonly string[]) {
    const [name = '', ...rest] = argv;
    const program = programs.run('delegations', name, '--config', config, ...rest);
    const { code } = await program.exited;
    return { code, out: program.stdout.join('\n'), err: program.stderr.join('\n') };
  }

  beforeAll(() => {
    programs = makePrograms(compileBinary(directory.path));
    const options = {
      ...{ directory: join(directory.path, 'set'), devices: [{ id: 'glasses-01', folder: 'glasses-01' }] },
      ...{ brokerUrl: 'mqtt://127.0.0.1:1', withPassword: false },
    };
    const set = makeDemoSet(options, systemRandom(), secondsOf(systemClock().now()));
    config = set.agents[0] ?? '';
  }, BUSY.timeout);
  afterAll(async () => {
    await programs.end();
    directory.remove();
  });

  it('tells that nothing is delegated, and what nothing begins with', async () => {
    expect(await run('list')).toMatchObject({ code: 0, out: 'nothing is delegated' });
    expect(await run('show', 'ab')).toMatchObject({ code: 1, err: expect.stringContaining('delegation-unknown') });
    expect((await run('show')).code).toBe(2);
  });

  it('tells bounds, state, payments, refunds and what is pending', async () => {
    stage.frame(spend(authorization, 1, 100_000));
    stage.frame(refund(1, 40_000));
    stage.say('cancel the concert tickets');
    stage.press();
    write(stage);
    const list = await run('list', '--json');
    expect(list.code).toBe(0);
    const { delegations } = JSON.parse(list.out);
    expect(delegations).toEqual([
      expect.objectContaining({
        ...{ id, items: ['concert-ticket'], spentMinor: 100_000, leftMinor: 156_000, refundedMinor: 40_000 },
        ...{ spends: 1, strays: 0, mayBeMissing: false, pending: { to: 'Revoked', step: 'telling' } },
        bounds: expect.objectContaining({ maxTotalMinor: 256_000, maxOrders: 1, allowedMerchants: ['luna-coffee'] }),
      }),
    ]);
    const shown = await run('show', id.slice(0, 6));
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('Revoked is asked for, not acknowledged yet');
    expect(shown.out).toContain('spent: 1000.00 CNY in 1, left: 1560.00 CNY');
    expect(shown.out).toMatch(/-400\.00 CNY {2}luna-coffee/);
  });

  it('PSD-AGT-SUB: tells the account as the PSP said last, with its time, and what is not answered', async () => {
    const other = reporting();
    let appended = 0;
    const account = async () =>
      (await run('show', other.held.id.slice(0, 6))).out.split('\n').find((line) => line.startsWith('account:'));
    const append = () => {
      const { device } = openStateJournals(readAgentConfig(config), ['device']);
      device.append(other.records.slice(appended));
      appended = other.records.length;
      device.close();
    };
    append();
    expect(await account()).toBe(`account: ${SUB_ACCOUNT}, the PSP has not said how it stands`);
    other.say('how much is in the account');
    other.frame(accountAnswer(other.last('sub-account-request').body.requestId, { balanceMinor: 3_200 }));
    other.say('freeze the account');
    append();
    expect(await account()).toMatch(
      new RegExp(
        `^account: ${SUB_ACCOUNT}, AVAILABLE, holds 32.00 CNY \\(as of 2026-.*Z\\); FREEZE is asked for, not answered yet$`,
      ),
    );
    const { account: shown } = JSON.parse((await run('show', other.held.id, '--json')).out);
    expect(shown).toMatchObject({ state: 'AVAILABLE', balanceMinor: 3_200, pending: 'FREEZE' });
  });

  it('T14: falls short where a payment was outside the bounds, and names what is wrong with it', async () => {
    stage.frame(statusOf(id, 'Revoked', { version: 1, asOf: seconds(29), spends: 3 }));
    stage.frame(spend(authorization, 2, 300_000));
    write(stage);
    expect(isHeld(stage.only)).toBe(true);
    const list = await run('list');
    expect(list.code).toBe(1);
    expect(list.out).toMatch(/1 outside the bounds; there may be payments that are not known here/);
    const shown = JSON.parse((await run('show', id, '--json')).out);
    expect(shown.payments[1].faults).toEqual(expect.arrayContaining(['single-limit', 'total-limit', 'after-revoke']));
  });
});

describe.skipIf(!hasMosquitto)('a delegation with the real programs', BUSY, () => {
  let world: TestWorld;
  let cloud: Program;
  beforeAll(async () => {
    world = await makeWorld(['glasses-01']);
    cloud = await world.startCloud();
  }, BUSY.timeout);
  afterAll(() => world?.end());

  const at = (device: Program, state: string) =>
    device.logged(({ code, detail }) => code === 'delegation' && detail?.at === state);

  /** Holds until something comes of it: the pages have to be read first. */
  async function hold(device: Program, until: Promise<unknown>): Promise<void> {
    const press = setInterval(() => device.type('hold'), AGAIN_MS);
    await Promise.race([until, device.exited]).finally(() => clearInterval(press));
  }

  it('T17: is set up, survives a killed device and a killed cloud, and is stopped for good; the command tells it', async () => {
    const device = world.device('glasses-01');
    const first = device.run();
    await first.logged(({ code }) => code === 'link-online');
    first.type('order an iced latte every weekday before nine, at most 30 a day, for four weeks');
    await at(first, 'summarising');
    first.type('yes');
    await hold(first, at(first, 'active'));
    await first.kill();
    // The ledger outlives the PSP's process.
    expect(readdirSync(join(world.set, 'cloud/state'))).toContain('ledger.sqlite');
    await cloud.kill();
    cloud = await world.startCloud();
    const second = device.run();
    const { detail } = await at(second, 'active');
    const operator = (command: string, id: string) =>
      world.programs.run('cloud', command, id, '--config', join(world.set, 'cloud/cloud.yaml')).exited;
    expect((await operator('suspend', '0'.repeat(32))).code).toBe(1);
    expect((await operator('suspend', String(detail?.id))).code).toBe(0);
    await at(second, 'suspended');
    expect((await operator('resume', String(detail?.id))).code).toBe(0);
    second.type('cancel the iced latte');
    await hold(second, at(second, 'revoked'));
    await second.said(/stopped for good/);
    second.signal('SIGTERM');
    await second.exited;
    const list = world.programs.run('delegations', 'list', '--json', '--config', device.path);
    expect((await list.exited).code).toBe(0);
    const { delegations } = JSON.parse(list.stdout.join(''));
    expect(delegations).toEqual([expect.objectContaining({ state: 'revoked', items: ['iced-latte'] })]);
  });
});
