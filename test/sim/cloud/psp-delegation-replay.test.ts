/** Crashes and hostile input: whatever comes in between, the same money moves once and the same is said of it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noteSigner } from '../../../device/audit/journal-keys.ts';
import {
  digestOf,
  type EpochMs,
  type EpochSeconds,
  FRAMES,
  type FrameType,
  type ObjectValue,
  type OpenFrame,
  openObject,
  type Party,
  signObject,
  softSigningKey,
} from '../../../protocol/index.ts';
import { createPsp, PAYMENT_METHOD, principalOf } from '../../../sim/cloud/index.ts';
import { memoryLedger } from '../../../sim/ledger/memory-ledger.ts';
import { demoTimeMs } from '../../../sim/shops/index.ts';
import { BODY_OF, VALUE_OF } from '../../protocol/arbitraries.ts';
import { AGENT_KEY, coffee, DelegationTill } from './delegation-till.ts';
import { by, DEVICE, id, SHOP, tenant } from './stage.ts';

const PAID = 'WAIT_SELLER_FULFILLMENT';

/** A delegation's whole life, step by step. */
function story(till: DelegationTill): readonly (() => void)[] {
  const start = till.now;
  const iac = till.draft('coffee');
  let authorization = new Uint8Array();
  const buy = (orderNo: string) => () => void till.buy('coffee', authorization, orderNo);
  return [
    () => void till.propose('coffee', iac),
    () => {
      const body = till.signed('coffee', iac);
      authorization = new Uint8Array(body.authorization);
      till.confirm(body);
    },
    () =>
      void till.issue('report', { iac: { delegationMode: 'BOUNDED', validityEndTime: (start + 600) as EpochSeconds } }),
    () => void till.query('coffee', till.agent),
    buy('o1'),
    () => void till.change('coffee', 'Suspended', 1),
    buy('o2'),
    () => void till.change('coffee', 'Active', 2),
    () => void till.command('execution-late'),
    buy('o3'),
    () => void till.command('execution-done'),
    () => {
      const { receipt } = till.device.latest('spend-notice').body;
      const { tradeNo, orderNo } = openObject('receipt', receipt, by).value;
      const about = { requestId: id('refund'), tradeNo, orderNo, amountMinor: 480, currency: 'CNY' } as const;
      till.hear({ type: 'refund-request', body: { ...about, createdAt: till.now } }, till.merchant);
    },
    () => till.pass(2_000),
    () => {
      for (const { body } of till.device.all('spend-notice')) till.acknowledge(body.receipt);
      for (const { body } of till.device.all('refund-notice')) till.acknowledge(body.refund);
    },
    () => void till.command(`lock ${DEVICE}`),
    () => void till.change('coffee', 'Revoked', 4),
    () => till.pass(900_000),
  ];
}

/** What everybody knows in the end. */
function outcome(till: DelegationTill) {
  const standings = ['coffee', 'report'].map((name) => till.standing(name));
  const wallet = till.psp.delegations.wallet(DEVICE, 'CNY');
  const answers = ['o1', 'o2', 'o3'].map((orderNo) => till.outcome(orderNo));
  const receipts = new Set(till.device.all('spend-notice').map(({ body }) => digestOf(body.receipt)));
  const refunds = new Set(till.device.all('refund-notice').map(({ body }) => digestOf(body.refund)));
  const paid = new Set(till.merchant.all('paid-notice').map(({ body }) => body.orderNo));
  return { standings, wallet, answers, receipts, refunds, paid, token: till.agent.all('instrument').length > 0 };
}

function run(disturb: (till: DelegationTill, step: number, act: () => void) => void) {
  const till = new DelegationTill();
  for (const [step, act] of story(till).entries()) disturb(till, step, act);
  return outcome(till);
}

const expected = run((_till, _step, act) => act());
const STEPS = story(new DelegationTill()).map((_act, step) => step);

it('is the story that was meant', () => {
  expect(expected.answers).toEqual([PAID, 'IAC_SUSPENDED', PAID]);
  expect(expected.standings[0]).toMatchObject({ state: 'Revoked', spentMinor: 4_960, refundedMinor: 480, spends: 2 });
  expect([expected.receipts.size, expected.refunds.size, expected.paid.size]).toEqual([2, 1, 2]);
});

describe('a PSP that starts again', () => {
  it.each(STEPS)('comes out the same after step %i, over the ledger that has stayed', (at) => {
    const crash = (till: DelegationTill, step: number, act: () => void) => {
      act();
      if (step === at) till.again();
    };
    expect(run(crash)).toEqual(expected);
  });

  it.each(STEPS)('comes out the same after step %i, over a ledger made anew out of its journal', (at) => {
    const crash = (till: DelegationTill, step: number, act: () => void) => {
      act();
      if (step === at) till.again(memoryLedger());
    };
    expect(run(crash)).toEqual(expected);
  });

  // Steps that need what was said in them are left whole: a device that hears nothing says nothing.
  it.each(STEPS.filter((at) => ![0, 1, 2, 4, 10].includes(at)))('says again what nobody had taken in step %i', (at) => {
    const crash = (till: DelegationTill, step: number, act: () => void) => {
      till.broker.isDown = step === at;
      act();
      till.broker.isDown = false;
      if (step === at) till.again();
    };
    expect(run(crash)).toEqual(expected);
  });

  it('after every step comes out the same', () => {
    const crash = (till: DelegationTill, _step: number, act: () => void) => {
      act();
      till.again();
    };
    expect(run(crash)).toEqual(expected);
  });

  it('T17: keeps to the refusals it has told, though the ledger has gone on to where it would pay', () => {
    const { till, authorization, buy } = coffee();
    till.change('coffee', 'Suspended', 1);
    expect(buy('o1')).toBe('IAC_SUSPENDED');
    const cart = till.cart('coffee', 'o2');
    till.register(cart);
    const wrong = till.request('coffee', authorization, cart, { agentId: 'did:act:example.com/nobody' });
    till.change('coffee', 'Active', 2);
    expect(till.pay(wrong, cart)).toBe('AGENT_MISMATCH');
    till.again();
    expect([till.outcome('o1'), till.outcome('o2'), till.spent('coffee')]).toEqual([
      'IAC_SUSPENDED',
      'AGENT_MISMATCH',
      0,
    ]);
  });

  it('T17: does not resume by an order that was stale when it came', () => {
    const { till } = coffee();
    till.change('coffee', 'Suspended', 1);
    expect(till.change('coffee', 'Active', 3)).toBe('stale-version');
    till.command(`resume ${id('coffee delegation')}`);
    till.command(`suspend ${id('coffee delegation')}`);
    till.again();
    expect(till.query('coffee')).toBe('Suspended');
  });
});

describe('a network that delivers more than once', () => {
  it.each([2, 3])('T3: comes out the same when every frame comes %i times', (copies) => {
    const till = new DelegationTill();
    till.broker.copies = () => copies;
    for (const act of story(till)) act();
    expect(outcome(till)).toEqual(expected);
  });

  it('T2: moves nothing when everything that was ever said is said again', () => {
    const till = new DelegationTill();
    for (const act of story(till).slice(0, -1)) act();
    const before = outcome(till);
    for (const { topic, payload } of [...till.broker.seen]) till.broker.publish(topic, payload);
    till.pass(0);
    till.again();
    for (const { topic, payload } of [...till.broker.seen]) till.broker.publish(topic, payload);
    till.pass(0);
    expect(outcome(till)).toEqual(before);
  });
});

describe('T21: junk of every kind', () => {
  const toPsp = (Object.keys(FRAMES) as FrameType[]).filter((type) =>
    (FRAMES[type].to as readonly string[]).includes('psp'),
  );
  const parties: readonly Party[] = [
    { party: DEVICE, role: 'device' },
    { party: 'agent', role: 'agent' },
    { party: SHOP, role: 'merchant' },
  ];

  it.each(toPsp)('in a %s never makes it throw, and moves nothing', (type) => {
    const psp = freshPsp();
    fc.assert(
      fc.property(BODY_OF[type] as fc.Arbitrary<unknown>, (body) => {
        const from = parties.find(({ role }) => (FRAMES[type].from as readonly string[]).includes(role));
        psp.handle({ type, from, body } as unknown as OpenFrame, demoTimeMs);
        psp.tick?.((demoTimeMs + 10_000) as EpochMs);
      }),
      { seed: 7, numRuns: 60 },
    );
    expect(psp.delegations.wallet(DEVICE, 'CNY')).toBe(1_000);
  });

  it.each(['delegated-pay-request', 'autonomous-pay-request'] as const)(
    'in a genuine %s that is right in some of its fields only pays nothing',
    (type) => {
      const { till, authorization } = coffee();
      const cart = till.cart('coffee', 'o1');
      till.register(cart);
      const right = Object.entries(till.request('coffee', authorization, cart));
      const some = fc.subarray(right, { maxLength: right.length - 1 });
      fc.assert(
        fc.property(VALUE_OF[type], some, fc.nat(), (junk, fields, n) => {
          till.pass(100);
          const { paymentToken, subAccountId, subAccountAuthorization, ...rest } = junk;
          const instrument = paymentToken === undefined ? { subAccountId, subAccountAuthorization } : { paymentToken };
          const requestId = id(`junk ${n}`);
          const told = Object.fromEntries(fields.filter(([name]) => !INSTRUMENT.includes(name)));
          const value = { ...rest, ...instrument, ...told, requestId } as ObjectValue<typeof type>;
          till.send({ requestId, request: signObject(type, value, AGENT_KEY), cart });
        }),
        { seed: 11, numRuns: 100 },
      );
      till.pass(60_000);
      expect(till.standing('coffee')).toMatchObject({ spentMinor: 0, reservedMinor: 0 });
    },
  );
});

const INSTRUMENT = ['paymentToken', 'subAccountId', 'subAccountAuthorization'];

function freshPsp() {
  const account = { account: DEVICE, principal: principalOf(DEVICE), currency: 'CNY', methods: [PAYMENT_METHOD] };
  return createPsp({
    witness: {
      signer: noteSigner('demo', 'psp', softSigningKey(new Uint8Array(32).fill(3))),
      deviceKey: () => undefined,
      alarm: () => {},
    },
    tenant: tenant.tenant,
    trust: tenant.directory.trust,
    objectKey: softSigningKey(tenant.psp.objectSeed),
    secret: tenant.psp.secret,
    bindings: [],
    methods: [PAYMENT_METHOD],
    currency: 'CNY',
    funds: [],
    delegatedFunds: [{ account: DEVICE, currency: 'CNY', amountMinor: 1_000 }],
    store: memoryLedger(),
    accounts: new Map([[DEVICE, { ...account, bindingCapMinor: 1 }]]),
    keyLineOf: () => [],
    alarm: () => {},
    agentOf: tenant.directory.agentOf,
    roleOf: tenant.directory.roleOf,
    soldWithoutOrder: () => undefined,
  });
}
