/** T27: what becomes of a delegation is reported once, though the cloud dies before it could report it and its ledger has gone on. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Attested, readAttestations } from '../../device/audit/attestations.ts';
import type { EventType } from '../../protocol/index.ts';
import { recordsIn } from '../helpers/journal-file.ts';
import { freePorts, hasMosquitto } from '../helpers/mosquitto.ts';
import type { Program } from './programs.ts';
import { BUSY, makeWorld, type TestWorld } from './world.ts';

const DEVICE = 'glasses-01';
const AGAIN_MS = 2_500;
/** The wearer's today: nothing is bought on it, whatever day these real programs run on. */
const TODAY = new Date(Date.now() + 8 * 3_600_000).getUTCDay();
const WISH = `order an iced latte every ${TODAY % 6 === 0 ? 'weekday' : 'weekend'}, at most 30 a day, for four weeks`;

describe.skipIf(!hasMosquitto)('a PSP that is killed right after each change of a delegation', BUSY, () => {
  let world: TestWorld;
  let cloud: Program;
  let device: Program;

  const reported = (): readonly Attested[] => {
    const path = join(world.set, 'cloud/state/psp.attestations.journal');
    if (!existsSync(path)) return [];
    return [...readAttestations({ read: () => [...recordsIn(readFileSync(path), path)] }).values()];
  };
  const names = () => reported().map(({ record }) => record.eventType.split(':').at(-1));
  const has = (event: EventType) =>
    vi.waitUntil(() => reported().some(({ record }) => record.eventType === event), {
      timeout: BUSY.timeout,
      interval: 50,
    });
  const at = (state: string) => device.logged(({ code, detail }) => code === 'delegation' && detail?.at === state);
  const operator = (command: string, id: string) =>
    world.programs.run('cloud', command, id, '--config', join(world.set, 'cloud/cloud.yaml')).exited;

  /** Holds until something comes of it: the pages have to be read first. */
  async function hold(until: Promise<unknown>): Promise<void> {
    const press = setInterval(() => device.type('hold'), AGAIN_MS);
    await Promise.race([until, device.exited]).finally(() => clearInterval(press));
  }

  async function dies(): Promise<void> {
    await cloud.kill();
    cloud = await world.startCloud();
  }

  beforeAll(async () => {
    const [chainPort = 0] = await freePorts(1);
    world = await makeWorld([DEVICE], '', undefined, 0, chainPort);
    cloud = await world.startCloud();
    device = world.device(DEVICE).run();
  }, BUSY.timeout);
  afterAll(() => world?.end());

  it('has a record of each, in order, anchored, and of none two', async () => {
    await device.logged(({ code }) => code === 'link-online');
    device.type(WISH);
    await at('summarising');
    device.type('yes');
    await hold(at('active'));
    const { detail } = await at('active');
    const id = String(detail?.id);
    expect((await operator('suspend', id)).code).toBe(0);
    // Reports follow a step after two seconds: neither of the two was made yet, and the ledger has both.
    await dies();
    await at('suspended');
    await has('act:delegation:delegation-suspended');
    expect((await operator('resume', id)).code).toBe(0);
    device.type('cancel the iced latte');
    await hold(at('revoked'));
    await dies();
    await has('act:delegation:delegation-revoked');
    const whole = ['delegation-issued', 'delegation-suspended', 'delegation-resumed', 'delegation-revoked'];
    expect(names()).toEqual(whole);
    await vi.waitUntil(() => reported().every(({ standing }) => standing.at === 'anchored'), {
      timeout: BUSY.timeout,
      interval: 50,
    });
    await dies();
    expect(names()).toEqual(whole);
    const records = reported().map(({ record }) => record);
    expect(records.map(({ eventBody }) => ('by' in eventBody ? eventBody.by : undefined))).toEqual([
      ...[undefined, 'RISK_CONTROL', 'RISK_CONTROL', 'PRINCIPAL'],
    ]);
    expect(records.map(({ upstreamRecordId }) => upstreamRecordId)).toEqual([
      undefined,
      ...records.slice(0, -1).map(({ recordId }) => recordId),
    ]);
  });
});
