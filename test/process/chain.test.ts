/** T27: device, agent, shop and PSP report a purchase to the trust chain of the cloud, by the real programs, through kill -9. */
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readAgentConfig, readCloudConfig } from '../../device/adapters/config-file.ts';
import { chainNodeOf } from '../../device/adapters/http-trust-chain.ts';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { type Attested, readAttestations } from '../../device/audit/attestations.ts';
import { peekAnchor } from '../../device/audit/chain-answers.ts';
import {
  checkRecord,
  fromUtf8,
  leafHash,
  type NoteKey,
  openAnchor,
  openCheckpoint,
  utf8,
  type VerifyingKey,
  verifyInclusion,
} from '../../protocol/index.ts';
import { AGENT_ID } from '../../sim/index.ts';
import { recordsIn } from '../helpers/journal-file.ts';
import { freePorts, hasMosquitto } from '../helpers/mosquitto.ts';
import { anchoredRecords, debitsOf, deviceRecords, receiptOf } from './books.ts';
import type { Program } from './programs.ts';
import { leaks, secretsOf } from './secrets.ts';
import { order, SHOP } from './wearer.ts';
import { BUSY, makeWorld, type TestDevice, type TestWorld } from './world.ts';

const DEVICE = 'glasses-01';
/** What each party has to report of one instant purchase, in the order in which it happens. */
const REPORTED = {
  [`did:act:example.com/device-${DEVICE}`]: [
    'act:delegation:intent-created',
    'act:commerce:decision-logged',
    'act:commerce:cart-confirmed',
    'act:payment:transaction-completed',
    'act:commerce:fulfillment-completed',
  ],
  [AGENT_ID]: ['act:commerce:decision-logged'],
  [SHOP.party]: ['act:commerce:cart-confirmed', 'act:commerce:fulfillment-completed'],
  psp: ['act:payment:transaction-completed'],
} as const;
const ALL = Object.values(REPORTED).flat().length;
const BY_CLOUD = ALL - 5;

describe.skipIf(!hasMosquitto)('a purchase that all parties report', BUSY, () => {
  let world: TestWorld;
  let device: TestDevice;
  let cloud: Program;
  let orderNo = '';
  let intentId = '';

  const state = (name: string) => join(world.set, 'cloud/state', `${name}.journal`);
  const stored = (path: string) => (existsSync(path) ? recordsIn(readFileSync(path), path) : []);
  const anchors = () => stored(state('trust-chain')).map(fromUtf8);
  const attestedBy = (party: string): readonly Attested[] => [
    ...readAttestations({ read: () => [...stored(state(`${party}.attestations`))] }).values(),
  ];
  const of = (submitter: string) => anchors().filter((jws) => peekAnchor(jws)?.submitterId === submitter);
  const byCloud = () => anchors().length - of(Object.keys(REPORTED)[0] ?? '').length;
  const grown = (until: () => boolean) => vi.waitUntil(until, { timeout: BUSY.timeout, interval: 20 });

  async function audit(...argv: readonly string[]) {
    const program = world.programs.run('audit', ...argv);
    return { ...(await program.exited), text: program.stdout.join('\n') };
  }

  /** TSD-ATT-SVF on one record of a service: nothing the service says of itself counts. */
  function conclusionOn({ record, anchor, standing }: Attested, key: VerifyingKey, node: NoteKey): string {
    if (standing.at !== 'anchored') return standing.at;
    const head = openCheckpoint(standing.proof.checkpoint, node);
    const isIn = verifyInclusion(leafHash(utf8(anchor)), standing.position, head, standing.proof.hashes);
    const { payloadHash } = openAnchor(anchor, key);
    return checkRecord(record, () => key.publicKey, isIn ? { payloadHash } : 'not-found').conclusion;
  }

  beforeAll(async () => {
    const [chainPort = 0] = await freePorts(1);
    world = await makeWorld([DEVICE], '', undefined, 0, chainPort);
    device = world.device(DEVICE);
    cloud = await world.startCloud();
  }, BUSY.timeout);
  afterAll(() => world?.end());

  it('stands in the chain once for each event and party, though the cloud was killed whenever it had reported one', async () => {
    const agent = device.run();
    await order(agent, 'ended');
    for (let reported = 1; reported < BY_CLOUD; reported++) {
      await grown(() => byCloud() >= reported);
      await cloud.kill();
      cloud = await world.startCloud();
    }
    const known = () =>
      ['agent', SHOP.party, 'psp'].flatMap(attestedBy).filter(({ standing }) => standing.at === 'anchored');
    await grown(
      () => anchors().length >= ALL && known().length >= BY_CLOUD && anchoredRecords(device.path) >= ALL - BY_CLOUD,
    );
    agent.signal('SIGTERM');
    await agent.exited;
    const receipt = receiptOf(world.set, device.path);
    orderNo = receipt?.orderNo ?? '';
    expect(debitsOf(world.set, DEVICE)).toHaveLength(1);
    const ids = anchors().map((jws) => peekAnchor(jws)?.recordId);
    expect(new Set(ids).size).toBe(ALL);
    expect(ids).toHaveLength(ALL);
    for (const [submitter, events] of Object.entries(REPORTED)) expect(of(submitter)).toHaveLength(events.length);
  });

  it('T28, TSD-ATT-SVF: verifies for each service with the directory and the key of the node alone', () => {
    const { keys } = readDirectory(join(world.set, 'directory.json'));
    const node = chainNodeOf(readAgentConfig(device.path).audit as never);
    const { purchases } = deviceRecords(device.path).at(-1) ?? {};
    const paid = purchases?.current.at === 'ended' ? purchases.current.paid : undefined;
    intentId = paid?.intent.intentId ?? '';
    for (const party of ['agent', SHOP.party, 'psp']) {
      const attested = attestedBy(party);
      const events = REPORTED[(party === 'agent' ? AGENT_ID : party) as keyof typeof REPORTED];
      expect(attested.map(({ record }) => record.eventType)).toEqual(events);
      expect(new Set(attested.map(({ record }) => record.intentId))).toEqual(new Set([intentId]));
      const key = keys.find((one) => one.party === party && one.use === 'object') as VerifyingKey;
      expect(attested.map((one) => conclusionOn(one, key, node))).toEqual(events.map(() => 'VERIFIED'));
    }
    expect(attestedBy('paper-crane')).toEqual([]);
  });

  it('holds for the device by its number and by its intent', async () => {
    for (const named of [
      ['--order', orderNo],
      ['--intent', intentId],
    ]) {
      const verdict = await audit('verify', '--config', device.path, ...named, '--json');
      expect(verdict.code).toBe(0);
      expect(JSON.parse(verdict.text)).toMatchObject({ standing: 'verified', faults: [], missing: [] });
    }
  });

  it('T27, TSD-ATT-DSP: holds whole, of all parties, out of what the services hand over, and not when that was altered', async () => {
    await cloud.kill();
    const path = join(world.set, 'records');
    const hands = (intent: string) =>
      world.programs.run('cloud', 'records', '--config', join(world.set, 'cloud/cloud.yaml'), '--intent', intent);
    const handing = hands(intentId);
    expect((await handing.exited).code).toBe(0);
    writeFileSync(path, `${handing.stdout.join('\n')}\n`);
    const named = ['verify', '--config', device.path, '--intent', intentId, '--records', path];
    const verdict = await audit(...named, '--json');
    expect(verdict.code).toBe(0);
    const { records, ...standing } = JSON.parse(verdict.text);
    expect(standing).toEqual({ standing: 'verified', faults: [], missing: [] });
    expect(records).toHaveLength(ALL);
    const lines = await audit(...named);
    expect(lines.text).toMatch(/^verified: .*\n {2}intent .*VERIFIED.*\n {2}decision /);
    writeFileSync(
      path,
      handing.stdout.join('\n').replace(/"item_?[cC]ount":\d+/, (found) => `${found}9`),
    );
    const altered = await audit(...named);
    expect([altered.code, altered.text]).toEqual([1, expect.stringMatching(/^broken: /)]);
    expect((await hands('0'.repeat(32)).exited).code).toBe(1);
  });

  it('T19: is told in no log beyond ids and codes', () => {
    expect(leaks(world.programs.all, secretsOf(world.set))).toEqual([]);
    const strayed = world.programs.all.flatMap((program) => program.strayed);
    expect(strayed.filter((line) => !/^act-edge: [a-z-]+: /.test(line))).toEqual([]);
  });

  it('keeps a cloud from starting where somebody else has the port, and says so in one line', async () => {
    await cloud.kill();
    const { listen } = readCloudConfig(join(world.set, 'cloud/cloud.yaml')).chain ?? {};
    const other = createServer().listen(Number(listen?.split(':')[1]), '127.0.0.1');
    await once(other, 'listening');
    const refused = world.programs.run('cloud', '--config', join(world.set, 'cloud/cloud.yaml'));
    expect((await refused.exited).code).toBe(2);
    other.close();
    expect(refused.stderr).toEqual([
      expect.stringMatching(
        /^act-edge: config-invalid: chain\.listen: cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\); /,
      ),
    ]);
  });
});
