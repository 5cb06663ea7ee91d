/** A report whose data the cloud's agent buys over real HTTP, with the real programs. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { type Id16, secondsOf } from '../../protocol/index.ts';
import { makeDemoSet } from '../../scripts/demo-set.ts';
import { deskResources } from '../../sim/a402/resources.ts';
import { DelegationLedger, openLedger } from '../../sim/index.ts';
import { ModelStandIn, saying } from '../helpers/model-stand-in.ts';
import { freePorts, hasMosquitto } from '../helpers/mosquitto.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { compileBinary, makePrograms, type Program, type Programs } from './programs.ts';
import { leaks, secretsOf } from './secrets.ts';
import { BUSY, makeWorld, type TestWorld } from './world.ts';
import { change } from './yaml.ts';

const WORDS = 'prepare the market report, spend at most 50 on data, until friday';
const KEY = 'sk-CANARY-0123456789';
const AGAIN_MS = 2_500;
const BOUND_MINOR = 5_000;

const priceOf = (id: string) => deskResources.find((resource) => resource.id === id)?.amountMinor ?? 0;
const at = (device: Program, state: string) =>
  device.logged(({ code, detail }) => code === 'delegation' && detail?.at === state);
const bought = (cloud: Program) => cloud.logged(({ code }) => code === 'bought');

/** Speaks, agrees and holds, until the wearer's signature has made it a delegation. */
async function delegate(device: Program): Promise<Id16> {
  await device.logged(({ code }) => code === 'link-online');
  device.type(WORDS);
  await at(device, 'summarising');
  device.type('yes');
  const active = at(device, 'active');
  const press = setInterval(() => device.type('hold'), AGAIN_MS);
  await Promise.race([active, device.exited]).finally(() => clearInterval(press));
  return String((await active).detail?.id) as Id16;
}

/** What the agent has kept, by resource. */
function keptIn(set: string, id: string): readonly string[] {
  const folder = join(set, 'cloud/state/bought', id);
  return readdirSync(folder).filter((name) => {
    const { resource } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { resource: string };
    return resource === name;
  });
}

describe.skipIf(!hasMosquitto)('the data desk of act-edge cloud', BUSY, () => {
  const binaries = temporaryDirectory();
  let binary: string;
  let world: TestWorld;
  let cloudYaml: string;
  let desk: string;
  beforeAll(() => {
    binary = compileBinary(binaries.path);
  }, BUSY.timeout);
  afterAll(() => binaries.remove());

  async function make(planner?: Readonly<Record<string, unknown>>): Promise<void> {
    world = await makeWorld(['glasses-01'], '', binary);
    const [port = 0] = await freePorts(1);
    cloudYaml = join(world.set, 'cloud/cloud.yaml');
    desk = `http://127.0.0.1:${port}`;
    change(cloudYaml, 'desk', { listen: `127.0.0.1:${port}` });
    if (planner) change(cloudYaml, 'planner', planner);
  }

  it('T2, T14: sells over HTTP within the bounds; killed again and again, nothing is paid twice and nothing bought is lost', async () => {
    await make();
    let cloud = await world.startCloud();
    expect((await fetch(`${desk}/resources`)).status).toBe(200);
    const { status, headers } = await fetch(`${desk}/resources/market-prices`);
    expect([status, headers.get('payment-needed')]).toEqual([402, expect.any(String)]);
    const device = world.device('glasses-01').run();
    const id = await delegate(device);
    // Somewhere between a payment, its proof and the next bill.
    for (let kills = 0; kills < 2; kills += 1) {
      await Promise.race([bought(cloud), at(device, 'revoked')]);
      await cloud.kill();
      cloud = await world.startCloud();
    }
    await at(device, 'revoked');
    device.signal('SIGTERM');
    await device.exited;
    cloud.signal('SIGTERM');
    expect(await cloud.exited).toEqual({ code: 0, signal: null });
    const store = openLedger(`sqlite:${join(world.set, 'cloud/state/ledger.sqlite')}`);
    const spends = new DelegationLedger(store).spends(id);
    store.close();
    expect(new Set(spends.map(({ orderNo }) => orderNo)).size).toBe(spends.length);
    const kept = keptIn(world.set, id);
    const sumMinor = spends.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    expect(sumMinor).toBeLessThanOrEqual(BOUND_MINOR);
    expect([...kept].sort()).toEqual(['company-filings', 'market-prices', 'sector-news']);
    expect(kept.reduce((sum, name) => sum + priceOf(name), 0)).toBe(sumMinor);
    const list = world.programs.run('delegations', 'list', '--json', '--config', world.device('glasses-01').path);
    expect((await list.exited).code).toBe(0);
    const { delegations } = JSON.parse(list.stdout.join(''));
    expect(delegations).toEqual([expect.objectContaining({ id, spends: 3, spentMinor: sumMinor, strays: 0 })]);
    await world.end();
  });

  it('T13, T19, T28: a model chooses; its key and the words stand in no log, no frame and no file of the cloud', async () => {
    const model = new ModelStandIn();
    await model.start();
    model.replies = [saying('{"take":["r3","r1"]}')];
    await make({ baseUrl: model.url, model: 'qwen-plus', keyFile: 'planner-key' });
    writeFileSync(join(world.set, 'cloud/planner-key'), `${KEY}\n`, { mode: 0o600 });
    const cloud = await world.startCloud();
    const device = world.device('glasses-01');
    const agent = device.run();
    const id = await delegate(agent);
    await at(agent, 'revoked');
    expect([...keptIn(world.set, id)].sort()).toEqual(['company-filings', 'market-prices']);
    const [asked] = model.asked;
    expect([model.asked.length, asked?.key]).toEqual([1, `Bearer ${KEY}`]);
    for (const secret of [WORDS, 'until friday', 'glasses-01', 'data-desk', ...secretsOf(world.set)])
      expect(asked?.body).not.toContain(secret);
    for (const program of [agent, cloud]) program.signal('SIGTERM');
    await Promise.all([agent.exited, cloud.exited]);
    expect(leaks([agent, cloud], [KEY, ...secretsOf(world.set)])).toEqual([]);
    expect(cloud.stderr.join('\n')).not.toContain(WORDS);
    const wire = Buffer.concat([world.cloudLink.seen, device.link.seen]);
    expect([KEY, WORDS, 'until friday'].filter((canary) => wire.includes(canary))).toEqual([]);
    const state = join(world.set, 'cloud/state');
    const files = readdirSync(state, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const holding = files.filter((one) => {
      const bytes = readFileSync(join(one.parentPath, one.name));
      return [KEY, WORDS, 'until friday'].some((canary) => bytes.includes(canary));
    });
    expect(holding.map(({ name }) => name)).toEqual([]);
    model.stop();
    await world.end();
  });
});

describe('a cloud with', BUSY, () => {
  const directory = temporaryDirectory();
  const taken = createServer();
  let programs: Programs;
  let cloudYaml: string;
  beforeAll(async () => {
    programs = makePrograms(compileBinary(directory.path));
    const options = { directory: join(directory.path, 'set'), devices: [], withPassword: false };
    const set = { ...options, brokerUrl: 'mqtt://127.0.0.1:1' };
    cloudYaml = makeDemoSet(set, systemRandom(), secondsOf(systemClock().now())).cloud;
    await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
  }, BUSY.timeout);
  afterAll(async () => {
    taken.close();
    await programs.end();
    directory.remove();
  });

  const model = { baseUrl: 'https://model.example.com/v1', model: 'm', keyFile: 'absent' };
  it.each<[string, () => Readonly<Record<string, unknown>>, RegExp]>([
    ['a desk for everybody', () => ({ desk: { listen: '0.0.0.0:8402' } }), /desk\.listen: expected 127/],
    [
      'a desk where somebody else listens',
      () => ({ desk: { listen: `127.0.0.1:${(taken.address() as AddressInfo).port}` } }),
      /desk\.listen: cannot listen on .*EADDRINUSE/,
    ],
    [
      'a key that would go in the clear',
      () => ({ planner: { ...model, baseUrl: 'http://model.example.com' } }),
      /planner\.baseUrl/,
    ],
    ['a key that is not there', () => ({ planner: model }), /config-invalid.*absent/],
  ])('T19: %s ends before it does anything', async (_what, sections, told) => {
    const path = join(dirname(cloudYaml), 'changed.yaml');
    writeFileSync(path, `${readFileSync(cloudYaml, 'utf8')}${stringify(sections())}`);
    const program = programs.run('cloud', '--config', path);
    expect((await program.exited).code).not.toBe(0);
    expect(program.stderr.join('\n')).toMatch(told);
  });
});
