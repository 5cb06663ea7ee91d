/** T18: a device that was reported lost, from the PSP's side. */
import { describe, expect, it } from 'vitest';
import { type LockOrder, openObject } from '../../../protocol/index.ts';
import { LOCK_AGAIN_MS } from '../../../sim/cloud/index.ts';
import { decodeRecord, encodeRecord } from '../../../sim/cloud/service-record.ts';
import { BindingTill } from './binding-desk.ts';
import { by, DEVICE, deviceHand, OTHER_DEVICE, PSP, secretsOf } from './stage.ts';

const orders = (till: BindingTill): LockOrder[] =>
  till.device.all('device-lock').map(({ body }) => openObject('lock-order', body.order, by).value);
const newest = (till: BindingTill): LockOrder => orders(till).at(-1) as LockOrder;
const acknowledge = (till: BindingTill, { version, state } = newest(till)) =>
  till.device.say(PSP, { type: 'lock-ack', body: { version, state } });

/** What comes of a payment: the last refusal, or the type of the last answer that is no lock order. */
function paying(till: BindingTill, orderNo: string): string {
  till.register(orderNo);
  till.device.say(PSP, { type: 'pay-request', body: till.request(orderNo, orderNo) });
  const last = till.device.heard.filter(({ type }) => type !== 'device-lock').at(-1);
  return last?.type === 'refusal' ? last.body.code : `${last?.type}`;
}

describe('T18: a lock', () => {
  it('is told to the device on its own topic, signed, until it is acknowledged, ever more slowly', () => {
    const till = new BindingTill();
    expect(till.order(`lock ${DEVICE}`)).toBe('done');
    expect(newest(till)).toMatchObject({ device: DEVICE, state: 'locked' });
    till.pass(3_600_000);
    const told = orders(till).length;
    expect(told).toBeGreaterThan(3_600_000 / LOCK_AGAIN_MS.most);
    expect(told).toBeLessThan(3_600_000 / LOCK_AGAIN_MS.most + 12);
    expect(new Set(orders(till).map(({ version }) => version)).size).toBe(1);
    acknowledge(till);
    till.pass(3_600_000);
    expect(orders(till)).toHaveLength(told);
    expect(till.broker.seen.filter(({ topic }) => topic === `act/1/demo/${DEVICE}/ctl`)).toHaveLength(told);
  });

  it('T17: refuses everything of the device from when it is acknowledged, and ends what is open', () => {
    const till = new BindingTill();
    till.register('o1');
    till.ask('r1', 'o1');
    const { challenge } = till;
    till.order(`lock ${DEVICE}`);
    acknowledge(till);
    expect(till.press('r1', {}, challenge)).toBe('device-locked');
    expect(till.query('r1')).toBe('refused');
    expect(paying(till, 'o2')).toBe('device-locked');
    expect(till.bindRequest(till.wish('b'))).toBe('AUTH_FAILED');
    expect(till.charges()).toEqual([]);
  });

  it('T17: refuses a consent that comes behind it', () => {
    const till = new BindingTill();
    till.bindRequest(till.wish('b'));
    till.order(`lock ${DEVICE}`);
    acknowledge(till);
    expect(till.consent('b')).toBe('AUTH_FAILED');
  });

  it('leaves what was paid before as it was, and other devices alone', () => {
    const till = new BindingTill();
    till.register('o1');
    till.ask('r1', 'o1');
    till.press('r1');
    till.order(`lock ${DEVICE}`);
    acknowledge(till);
    expect(till.query('r1')).toBe('paid');
    till.register('o2', { device: OTHER_DEVICE });
    const { paymentToken, agentId } = secretsOf(OTHER_DEVICE);
    const request = till.request('r2', 'o2', { paymentToken, agentId });
    expect(till.answer({ type: 'pay-request', body: request }, deviceHand(till, OTHER_DEVICE))).toBe('challenge');
  });

  it('reaches a device as soon as it is heard, and no more than once a second', () => {
    const till = new BindingTill();
    till.order(`lock ${DEVICE}`);
    till.pass(400_000);
    const before = orders(till).length;
    for (const name of ['a', 'b', 'c'])
      till.device.say(PSP, { type: 'pay-query', body: { requestId: till.wish(name).requestId } });
    expect(orders(till)).toHaveLength(before + 1);
  });

  it('holds over a restart of the PSP, and its order goes on being told', () => {
    const till = new BindingTill();
    till.order(`lock ${DEVICE}`);
    const order = newest(till);
    till.restart('psp');
    expect(paying(till, 'o1')).toBe('device-locked');
    till.pass(10_000);
    expect(newest(till)).toEqual(order);
  });

  it('is lifted by a later version only; each order is newer than the one before', () => {
    const till = new BindingTill();
    const versions: number[] = [];
    for (const order of ['lock', 'unlock', 'lock', 'unlock']) {
      expect(till.order(`${order} ${DEVICE}`)).toBe('done');
      versions.push(newest(till).version);
    }
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    expect(paying(till, 'o1')).toBe('challenge');
  });

  it('T4: is not acknowledged by the word about another version or another state', () => {
    const till = new BindingTill();
    till.order(`lock ${DEVICE}`);
    const { version } = newest(till);
    acknowledge(till, { ...newest(till), version: version - 1 });
    acknowledge(till, { ...newest(till), state: 'unlocked' });
    expect(till.counts('psp').get('lock-ack-differs')).toBe(2);
    const before = orders(till).length;
    till.pass(10_000);
    expect(orders(till).length).toBeGreaterThan(before);
  });

  it('T4: is not acknowledged by another device', () => {
    const till = new BindingTill();
    till.order(`lock ${DEVICE}`);
    const { version, state } = newest(till);
    deviceHand(till, OTHER_DEVICE).say(PSP, { type: 'lock-ack', body: { version, state } });
    till.pass(2_000);
    expect(orders(till).length).toBeGreaterThan(1);
  });

  it('repeated changes nothing', () => {
    const till = new BindingTill();
    expect([1, 2].map(() => till.order(`lock ${DEVICE}`))).toEqual(['done', 'done']);
    expect(orders(till)).toHaveLength(1);
    expect(till.order(`unlock ${OTHER_DEVICE}`)).toBe('done');
    expect(deviceHand(till, OTHER_DEVICE).heard).toEqual([]);
  });

  it.each([
    ['lock glasses-99', 'device-unknown'],
    ['lock', 'command-unknown'],
    [`burn ${DEVICE}`, 'command-unknown'],
    [`lock ${DEVICE} now`, 'command-unknown'],
  ])('refuses the command %s', (words, code) => {
    expect(new BindingTill().order(words)).toBe(code);
  });
});

describe('a device that was replaced', () => {
  it('is locked for good, and its tokens are dead', () => {
    const till = new BindingTill();
    const paymentToken = till.bound('b');
    expect(till.order(`retire ${DEVICE}`)).toBe('done');
    expect(newest(till).state).toBe('locked');
    expect(till.order(`unlock ${DEVICE}`)).toBe('device-retired');
    acknowledge(till);
    till.register('o1');
    expect(till.ask('r', 'o1', { paymentToken })).toBe('device-locked');
    till.restart('psp');
    expect(till.order(`unlock ${DEVICE}`)).toBe('device-retired');
  });

  it('also when it was locked before', () => {
    const till = new BindingTill();
    till.order(`lock ${DEVICE}`);
    const { version } = newest(till);
    till.order(`retire ${DEVICE}`);
    expect(newest(till).version).toBeGreaterThan(version);
    expect(till.order(`lock ${DEVICE}`)).toBe('done');
    expect(till.order(`unlock ${DEVICE}`)).toBe('device-retired');
  });
});

it('keeps a command, a frame and a tick apart in the journal', () => {
  const head = { at: 1_000, takenBelow: 3 } as never as { at: never; takenBelow: number };
  for (const record of [head, { ...head, command: 'lock a' }, { ...head, frame: new Uint8Array([0xd2, 0]) }])
    expect(decodeRecord(encodeRecord(record))).toEqual(record);
});
