import { describe, expect, it } from 'vitest';
import { digestOf, openObject } from '../../../protocol/index.ts';
import { NOTICE_AGAIN_MS, NOTICES_AT_ONCE } from '../../../sim/cloud/psp-notices.ts';
import { DelegationTill, told } from './delegation-till.ts';
import { by, deviceHand, id, OTHER_DEVICE, PSP } from './stage.ts';

const CHEAP = { totalMinor: 100 };

function till(): DelegationTill & { bought: (orderNo: string) => void } {
  const made = new DelegationTill();
  const authorization = made.issue('coffee');
  return Object.assign(made, { bought: (orderNo: string) => void made.buy('coffee', authorization, orderNo, CHEAP) });
}

function orders(one: DelegationTill): string[] {
  return one.device.all('spend-notice').map(({ body }) => openObject('receipt', body.receipt, by).value.orderNo);
}

function keep(one: DelegationTill, orderNo: string): void {
  const notice = one.device.all('spend-notice')[orders(one).indexOf(orderNo)];
  if (notice) one.acknowledge(notice.body.receipt);
}

describe('what a device must hear', () => {
  it('is sent again, with doubling waits, until it is kept', () => {
    const one = till();
    one.bought('o1');
    const counts = [0, 2_000, 4_000, 8_000, 16_000].map((ms) => {
      one.pass(ms);
      return orders(one).length;
    });
    expect(counts).toEqual([1, 2, 3, 4, 5]);
    keep(one, 'o1');
    one.pass(3_600_000);
    expect(orders(one)).toHaveLength(5);
  });

  it('is not waited with for longer than the longest wait', () => {
    const one = till();
    one.bought('o1');
    one.pass(3_600_000);
    const before = orders(one).length;
    one.pass(NOTICE_AGAIN_MS.most);
    expect(orders(one)).toHaveLength(before + 1);
  });

  it('is sent again as soon as the device is heard, but not more often than each second', () => {
    const one = till();
    one.bought('o1');
    one.pass(1_500);
    one.query('coffee');
    expect(orders(one)).toHaveLength(2);
    one.query('coffee');
    expect(orders(one)).toHaveLength(2);
  });

  it('T4: comes in the order in which it happened, each time', () => {
    const one = till();
    for (const orderNo of ['o1', 'o2', 'o3']) one.bought(orderNo);
    keep(one, 'o2');
    one.pass(2_000);
    expect(orders(one)).toEqual(['o1', 'o2', 'o3', 'o1', 'o3']);
  });

  it('T30: comes so many at once; the others follow as those are kept', () => {
    const one = till();
    const names = Array.from({ length: NOTICES_AT_ONCE + 2 }, (_one, i) => `o${i}`);
    for (const orderNo of names) one.bought(orderNo);
    expect(orders(one)).toEqual(names.slice(0, NOTICES_AT_ONCE));
    keep(one, 'o3');
    expect(orders(one).at(-1)).toBe(`o${NOTICES_AT_ONCE}`);
    keep(one, 'o0');
    expect(orders(one).at(-1)).toBe(`o${NOTICES_AT_ONCE + 1}`);
    expect(new Set(orders(one))).toEqual(new Set(names));
  });

  it('T5: is kept by its own device only, and by what was sent', () => {
    const one = till();
    one.bought('o1');
    const { receipt } = one.device.latest('spend-notice').body;
    one.acknowledge(receipt, deviceHand(one, OTHER_DEVICE));
    one.acknowledge(new Uint8Array([1]));
    expect(one.psp.counts.get('notice-unknown')).toBe(2);
    one.pass(2_000);
    expect(orders(one)).toHaveLength(2);
  });

  it('T30: cannot be acknowledged before it was sent', () => {
    const one = till();
    for (let i = 0; i <= NOTICES_AT_ONCE; i += 1) one.bought(`o${i}`);
    one.agent.latest('delegated-result');
    const { receipt } = one.agent.latest('delegated-result').body;
    one.device.say(PSP, { type: 'notice-ack', body: { digest: digestOf(receipt ?? new Uint8Array()) } });
    keep(one, 'o0');
    expect(orders(one).at(-1)).toBe(`o${NOTICES_AT_ONCE}`);
  });
});

it('tells refunds and payments in one line', () => {
  const one = till();
  one.bought('o1');
  const { tradeNo } = openObject('receipt', one.device.latest('spend-notice').body.receipt, by).value;
  const body = {
    requestId: id('r'),
    tradeNo,
    orderNo: 'o1',
    amountMinor: 1,
    currency: 'CNY',
    createdAt: one.now,
  } as const;
  expect(told(one.hear({ type: 'refund-request', body }, one.merchant))).toBe('SUCCEEDED');
  one.pass(2_000);
  const types = one.device.heard.map(({ type }) => type).filter((type) => type.endsWith('notice'));
  expect(types).toEqual(['spend-notice', 'refund-notice', 'spend-notice', 'refund-notice']);
});
