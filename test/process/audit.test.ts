/** T26, T27: a device whose journal was put back, by the real programs: what it does, and how it gets out of it. */
import { copyFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { hex, softSigningKey } from '../../protocol/index.ts';
import { createTrustNode, memoryDisk, startTrustChain } from '../../sim/index.ts';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { anchoredRecords, cosignedRecords, debitsOf, receiptOf } from './books.ts';
import type { Program } from './programs.ts';
import { ORDER, order } from './wearer.ts';
import { BUSY, makeWorld, type TestDevice, type TestWorld } from './world.ts';
import { change } from './yaml.ts';

const DEVICE = 'glasses-01';
/** A line `hold` presses for 1,500 ms; a press counts only after a release. */
const AGAIN_MS = 2_500;

const CHAIN = 'example.com/chain';
const CHANNEL = 'channel-1';

/** A trust chain node for the devices of a set, as somebody else would run it. */
async function startNode(set: string) {
  const key = softSigningKey(new Uint8Array(32).fill(4));
  const { keys } = readDirectory(join(set, 'directory.json'));
  const node = createTrustNode({
    signer: { name: CHAIN, publicKey: key.publicKey, sign: (message) => key.sign(message) },
    keysOf: (id) => keys.filter(({ party, role }) => role === 'device' && id.endsWith(`device-${party}`)),
    channels: new Set([CHANNEL]),
    ...{ journal: memoryDisk().open(), log: { write: () => {} } },
  });
  const server = await startTrustChain({ node, clock: systemClock() });
  return { ...server, node, publicKeyHex: hex(key.publicKey) };
}

describe.skipIf(!hasMosquitto)('a purchase of a device that attests', BUSY, () => {
  it('T27, TSD-ATT-SVF: is verified whole, out of its store and out of one file, by the real programs', async () => {
    const world = await makeWorld([DEVICE]);
    const { set, programs } = world;
    const chain = await startNode(set);
    try {
      await world.startCloud();
      const { path, run } = world.device(DEVICE);
      const keys = { chainUrl: chain.url, chainName: CHAIN, chainKeyHex: chain.publicKeyHex };
      change(path, 'audit', { ...keys, privacyChannel: CHANNEL });
      const agent = run();
      await order(agent, 'ended');
      // Records follow a step after two seconds, anchors when there is time.
      await vi.waitUntil(() => anchoredRecords(path) === 5, { timeout: BUSY.timeout, interval: 200 });
      agent.signal('SIGTERM');
      await agent.exited;

      const { orderNo = '' } = receiptOf(set, path) ?? {};
      const out = join(set, 'evidence.html');
      const audit = async (...argv: readonly string[]) => {
        const program = programs.run('audit', ...argv);
        return { ...(await program.exited), text: program.stdout.join('\n') };
      };
      expect(await audit('verify', '--config', path)).toMatchObject({ code: 0 });
      expect(await audit('export', '--config', path, '--order', orderNo, '--out', out)).toMatchObject({ code: 0 });
      const verdict = await audit('verify', '--bundle', out, '--trust', join(set, 'directory.json'), '--json');
      expect(verdict.code).toBe(0);
      expect(JSON.parse(verdict.text)).toMatchObject({ standing: 'verified' });
    } finally {
      await chain.close();
      await world.end();
    }
  });
});

describe.skipIf(!hasMosquitto)('a device whose disk was put back to an older state', BUSY, () => {
  let world: TestWorld;
  let device: TestDevice;
  const state = () => join(dirname(device.path), 'state');
  const copy = (from: string, to: string) => copyFileSync(join(state(), from), join(state(), to));

  async function buys(): Promise<void> {
    const agent = device.run('--once');
    await order(agent, 'confirming');
    // The log says at once how the purchase before has ended, so that the wearer's own helper would not press.
    const press = setInterval(() => agent.type('hold'), AGAIN_MS);
    await agent.at('settling');
    clearInterval(press);
    expect(await agent.exited).toEqual({ code: 0, signal: null });
  }

  /** Starts it, says an order, and sees that it is refused. */
  async function refuses(fault: string): Promise<void> {
    const agent: Program = device.run();
    await agent.logged(({ code }) => code === fault);
    agent.type(ORDER);
    await agent.said(/records of this device are not whole/);
    agent.signal('SIGTERM');
    await agent.exited;
  }

  const settle = (...argv: readonly string[]) =>
    world.programs.run('audit', 'settle', '--config', device.path, ...argv);

  beforeAll(async () => {
    world = await makeWorld([DEVICE]);
    await world.startCloud();
    device = world.device(DEVICE);
  }, BUSY.timeout);
  afterAll(() => world?.end());

  it('orders nothing until its own checkpoints and its witness are settled', async () => {
    await buys();
    copy('device.journal', 'device.journal.older');
    await buys();
    expect(debitsOf(world.set, DEVICE)).toHaveLength(2);
    copy('device.journal.older', 'device.journal');
    await refuses('journal-truncated');

    const look = settle();
    expect((await look.exited).code).toBe(1);
    expect(look.stdout.join('\n')).toContain('records are missing that this device had signed for');
    expect((await settle('--yes').exited).code).toBe(0);
    expect(readdirSync(state())).toContain('checkpoints.settled-1.journal');
    expect((await settle().exited).code).toBe(0);

    // Its own word is settled now; what the witness has seen is not.
    await refuses('journal-rolled-back');
    const cloud = join(world.set, 'cloud/cloud.yaml');
    const accept = world.programs.run('cloud', 'accept-journal', DEVICE, '--config', cloud);
    expect((await accept.exited).code).toBe(0);
    await buys();
    expect(debitsOf(world.set, DEVICE)).toHaveLength(3);
    expect(cosignedRecords(world.set, device.path, DEVICE)).toBeGreaterThan(0);
  });
});
