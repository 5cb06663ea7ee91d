import { connect, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { encodeCbor, fromHex, OBJECTS, openObject, SEALED_SIZES } from '../../protocol/index.ts';
import type { WireType } from '../../protocol/wire.ts';
import { hasMosquitto } from '../helpers/mosquitto.ts';
import { deviceRecords } from './books.ts';
import { secretsOf } from './secrets.ts';
import { ORDER, order, SHOP } from './wearer.ts';
import { BUSY, makeWorld, type TestWorld } from './world.ts';

const END = 'canary/end';

/** What topics and logins say: the broker routes by these pseudonyms and so knows them. */
const PSEUDONYMS = [SHOP.party, 'glasses-01'];

/** Somebody at the broker who reads every topic. */
async function eavesdrop(
  url: string,
): Promise<{ client: MqttClient; heard: { topic: string; payload: Buffer; retain: boolean }[] }> {
  const client = connect(url, { protocolVersion: 5, reconnectPeriod: 0 });
  const heard: { topic: string; payload: Buffer; retain: boolean }[] = [];
  client.on('message', (topic, payload, { retain }) => heard.push({ topic, payload, retain }));
  await new Promise<void>((resolve) => client.once('connect', () => resolve()));
  await client.subscribeAsync('#', { qos: 1 });
  return { client, heard };
}

/** Everything the broker had to give before this call has arrived when it returns. */
async function drain({ client, heard }: Awaited<ReturnType<typeof eavesdrop>>): Promise<void> {
  await client.publishAsync(END, 'end', { qos: 1 });
  while (!heard.some(({ topic }) => topic === END))
    await new Promise<void>((resolve) => client.once('message', () => resolve()));
  await client.endAsync();
}

describe.skipIf(!hasMosquitto)('T28: what Mosquitto carries in a whole purchase', () => {
  let world: TestWorld;
  let wire: Buffer;
  let heard: Awaited<ReturnType<typeof eavesdrop>>['heard'];
  const said: string[] = [];

  beforeAll(async () => {
    world = await makeWorld(['glasses-01']);
    await world.startCloud();
    const device = world.device('glasses-01');
    const listener = await eavesdrop(world.cloudLink.url);
    const agent = device.run('--once');
    await order(agent, 'ended');
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    said.push(...agent.typed);
    await drain(listener);
    heard = listener.heard.filter(({ topic }) => topic !== END);
    wire = Buffer.concat([world.cloudLink.seen, device.link.seen]);
  }, BUSY.timeout);
  afterAll(() => world?.end());

  it('shows no word, name, amount, number, token or key of it, on any byte of any connection', () => {
    const { path } = world.device('glasses-01');
    const { purchases } = deviceRecords(path).at(-1) ?? {};
    if (purchases?.current.at !== 'ended' || !purchases.current.paid) throw new Error('the purchase was paid');
    const { paid } = purchases.current;
    const { trust, tenant, nameOf } = readDirectory(`${world.set}/directory.json`);
    const { value: cart } = openObject('cart', paid.cart.bytes, { trust, tenant });
    const texts = [
      ORDER,
      ...said.filter((words) => words.length >= 8),
      nameOf(SHOP.party, 'en-US') ?? 'no name',
      nameOf(SHOP.party, 'zh-CN') ?? 'no name',
      cart.orderNo,
      paid.receipt.tradeNo,
      ...cart.lines.flatMap(({ title, sku, itemId }) => [title, sku, itemId]),
      'did:act',
      'urn:act',
      'act-edge',
      ...secretsOf(world.set),
    ];
    const amount = encodeCbor((OBJECTS.cart.body as WireType<unknown>).encode(cart, 'cart'));
    const runs = [paid.cart.bytes, paid.challenge.bytes, paid.confirmation, paid.receiptBytes, amount];
    const planted = [
      ...texts.map((text) => Buffer.from(text)),
      Buffer.from(fromHex(cart.intentId)),
      ...runs.flatMap((bytes) =>
        Array.from({ length: bytes.length - 7 }, (_, at) => Buffer.from(bytes.subarray(at, at + 8))),
      ),
    ];
    expect(wire.length).toBeGreaterThan(20 * Math.min(...SEALED_SIZES));
    const hidden = planted.filter((canary) => !PSEUDONYMS.some((known) => Buffer.from(known).includes(canary)));
    expect(hidden.length).toBeGreaterThan(500);
    expect(hidden.filter((canary) => wire.includes(canary)).map((canary) => canary.toString())).toEqual([]);
  });

  it('would have been found: the search sees what does stand on the wire', () => {
    expect(wire.includes(Buffer.from('act/1/demo/glasses-01/up'))).toBe(true);
    expect(wire.includes(Buffer.from(heard[0]?.payload.subarray(0, 40) ?? 'nothing'))).toBe(true);
  });

  it('is in at most four sizes, and nothing of it is retained', async () => {
    expect(heard.length).toBeGreaterThan(10);
    expect(
      [...new Set(heard.map(({ payload }) => payload.length))].filter((size) => !SEALED_SIZES.includes(size as never)),
    ).toEqual([]);
    expect(SEALED_SIZES.length).toBeLessThanOrEqual(4);
    const later = await eavesdrop(world.cloudLink.url);
    await drain(later);
    expect(later.heard.filter(({ topic }) => topic !== END)).toEqual([]);
  });
});
