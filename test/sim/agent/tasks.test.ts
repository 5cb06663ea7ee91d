import { describe, expect, it } from 'vitest';
import { digestOf, type EpochSeconds, signObject, utf8 } from '../../../protocol/index.ts';
import { keyOf } from '../cloud/hands.ts';
import { deviceHand, OTHER_DEVICE } from '../cloud/stage.ts';
import {
  AGENT,
  AgentStage,
  DESK,
  heard,
  type IacChange,
  id,
  merchant,
  OTHER_SHOP,
  SHOP,
  tenant,
} from './agent-stage.ts';

function staged(): AgentStage {
  const stage = new AgentStage();
  stage.merchant();
  return stage;
}

describe('a task is refused', () => {
  const faults: readonly (readonly [string, IacChange])[] = [
    ['agent-mismatch', { agentId: 'did:act:example.com/another' }],
    ['terms-unreadable', { ext: { commerce: {}, vendorPrivate: '{"other":{}}' } }],
    ['terms-unreadable', { ext: { commerce: {}, vendorPrivate: undefined as unknown as string } }],
    ['method-unsupported', { allowedPaymentMethods: ['urn:act:payment:cash'] }],
    ['currency-unsupported', { currency: 'USD', terms: { currency: 'USD' } }],
    ['intent-missing', { intentId: undefined as unknown as IacChange['intentId'] & string }],
    ['choice-unknown', { terms: { items: [{ itemId: 'iced-latte', quantity: 1, choices: ['purple'] }] } }],
    ['category-not-allowed', { ext: { commerce: { forbiddenCategories: ['coffee'], allowedMerchants: [SHOP] } } }],
    ['category-not-allowed', { ext: { commerce: { allowedCategories: ['tickets'], allowedMerchants: [SHOP] } } }],
    ['category-not-allowed', { terms: { items: [{ itemId: 'unicorn', quantity: 1 }] } }],
    ['merchant-unknown', { ext: { commerce: { allowedMerchants: ['nobody'] } } }],
    [
      'merchant-unknown',
      { ext: { commerce: { allowedMerchants: [SHOP], forbiddenMerchants: [] } }, delegationMode: 'BOUNDED' },
    ],
  ];

  it.each(faults)('with %s', (reason, change) => {
    const stage = staged();
    const { ext, ...rest } = change;
    const bounded = change.delegationMode === 'BOUNDED';
    const terms = bounded ? ({ items: undefined, purpose: 'market-report' } as never) : change.terms;
    const iac = stage.iac('latte', { ...rest, ...(terms && { terms }), ...(ext && { ext }) });
    const sound = Object.fromEntries(Object.entries(iac).filter(([, value]) => value !== undefined)) as typeof iac;
    const whole = Object.entries(sound.ext ?? {}).filter(([, value]) => value !== undefined);
    stage.task('latte', stage.authorization({ ...sound, ext: Object.fromEntries(whole) }));
    expect(stage.news).toBe(`refused ${reason}`);
    stage.instrument(iac);
    expect(heard(stage.merchant(), 'watch')).toBe(0);
  });

  it('that is over', () => {
    const stage = staged();
    const iac = stage.iac('latte', { validityEndTime: (stage.now + 60) as EpochSeconds });
    const authorization = stage.authorization(iac);
    stage.pass(60_000);
    stage.task('latte', authorization);
    expect(stage.news).toBe('refused expired');
  });

  it('for another agent’s key', () => {
    const stage = staged();
    stage.task('latte', stage.authorization(stage.iac('latte'), { agentKey: digestOf(utf8('another key')) }));
    expect(stage.news).toBe('refused agent-mismatch');
  });

  it('T5: that the wearer of another device has signed', () => {
    const stage = staged();
    const other = deviceHand(stage, OTHER_DEVICE);
    stage.task('latte', stage.authorization(stage.iac('latte')), other);
    expect(other.last('refusal').body.code).toBe('bad-authorization');
  });

  it('T13: that nobody has signed, that the agent itself has, or that was altered', () => {
    const stage = staged();
    const good = stage.authorization(stage.iac('latte'));
    const value = { iac: stage.iac('latte'), agentKey: digestOf(utf8('k')), challengeDigest: digestOf(utf8('c')) };
    const shown = {
      viewDigest: digestOf(utf8('v')),
      method: 'hold-simulated',
      counter: 1,
      confirmedAt: stage.now,
    } as const;
    const own = signObject('authorization', { ...value, ...shown }, keyOf(tenant.agent.objectSeed));
    const altered = good.slice();
    altered[100] = (altered[100] ?? 0) ^ 1;
    for (const bytes of [own, altered, Uint8Array.of(1)]) {
      stage.task(`latte ${bytes.length} ${bytes[100]}`, bytes);
      expect(stage.device.last('refusal').body.code).toBe('bad-authorization');
    }
    expect(heard(stage.device, 'delegation-news')).toBe(0);
  });

  it('when it is another one under the same id', () => {
    const stage = staged();
    stage.delegate('latte');
    stage.task('more', stage.authorization(stage.iac('latte', { maxTotalMinor: 9_999 })));
    expect(stage.device.last('refusal').body.code).toBe('repeated-request');
    stage.price(3_001);
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
  });
});

describe('without allowed merchants', () => {
  it('whoever sells it is asked, but the forbidden', () => {
    const stage = staged();
    stage.merchant(OTHER_SHOP);
    stage.delegate('latte', { ext: { commerce: { forbiddenMerchants: [OTHER_SHOP] } } });
    expect(heard(stage.merchant(), 'watch')).toBe(1);
    expect(heard(stage.merchant(OTHER_SHOP), 'watch')).toBe(0);
    expect(merchant(DESK).role).toBe('merchant');
  });
});

describe('ADD-IAC-LCM: the PSP’s word', () => {
  it('T17: Suspended stops at once: nothing is asked of a merchant, nothing paid; Active goes on', () => {
    const stage = staged();
    const iac = stage.delegate('latte');
    stage.status(iac, 'Suspended', 1);
    expect(stage.news).toBe('watching suspended');
    stage.price(1_900);
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
    stage.status(iac, 'Active', 2);
    expect(heard(stage.merchant(), 'cart-request')).toBe(1);
    stage.status(iac, 'Suspended', 3);
    stage.cart(1_900);
    expect(stage.payments).toBe(0);
  });

  it.each(['Revoked', 'Expired'] as const)('T17: %s ends it for good', (state) => {
    const stage = staged();
    const iac = stage.delegate('latte');
    stage.price(1_900);
    stage.status(iac, state, 1);
    expect(stage.news).toBe(`ended ${state.toLowerCase()}`);
    expect(heard(stage.psp, 'delegation-end')).toBe(0);
    stage.cart(1_900);
    stage.status(iac, 'Active', 2);
    stage.instrument(iac);
    stage.price(1_000);
    stage.pass(86_400_000);
    expect(stage.payments).toBe(0);
    expect(heard(stage.merchant(), 'cart-request')).toBe(1);
  });

  it('T4: that is older than the newest is passed over', () => {
    const stage = staged();
    const iac = stage.delegate('latte');
    stage.status(iac, 'Suspended', 5);
    stage.status(iac, 'Active', 4);
    stage.price(1_900);
    expect(heard(stage.merchant(), 'cart-request')).toBe(0);
  });

  it('T13: counts only with the PSP’s signature', () => {
    const stage = staged();
    const iac = stage.delegate('latte');
    const value = { delegationId: iac.delegationId, state: 'Active', version: 9, currency: 'CNY' } as const;
    const sums = { spentMinor: 0, reservedMinor: 0, refundedMinor: 0, spends: 0 };
    const times = { asOf: stage.now, freshUntil: (stage.now + 1) as EpochSeconds };
    const status = signObject('delegation-status', { ...value, ...sums, ...times }, keyOf(tenant.agent.objectSeed));
    stage.psp.say(AGENT, { type: 'delegation-status', body: { status } });
    expect(stage.counts.get('status-unsound')).toBe(1);
  });

  it('of a delegation nobody has is passed over', () => {
    const stage = staged();
    stage.status(stage.iac('nothing'), 'Revoked', 1);
    expect(stage.device.heard).toEqual([]);
  });

  it('T17: a payment on its way when the delegation ends is followed to its end, and counted', () => {
    const stage = staged();
    const iac = stage.delegate('latte');
    stage.price(1_900);
    stage.cart(1_900);
    stage.status(iac, 'Revoked', 1);
    stage.pass(30_000);
    expect(heard(stage.psp, 'delegated-query')).toBeGreaterThan(0);
    stage.paid();
    expect(stage.news).toBe('ended revoked');
    const queries = heard(stage.psp, 'delegated-query');
    stage.pass(600_000);
    expect(heard(stage.psp, 'delegated-query')).toBe(queries);
  });
});

describe('a credential that is done with', () => {
  it('is given back until the PSP says that it is over', () => {
    const stage = staged();
    const iac = stage.delegate('latte');
    stage.buy(1_900);
    stage.pass(60_000);
    const ends = stage.psp.all('delegation-end').map(({ body }) => body);
    expect(ends.length).toBeGreaterThan(2);
    expect(new Set(ends.map(({ requestId }) => requestId)).size).toBe(1);
    expect(ends[0]?.delegationId).toBe(id('latte delegation'));
    stage.status(iac, 'Revoked', 1);
    stage.pass(3_600_000);
    expect(heard(stage.psp, 'delegation-end')).toBe(ends.length);
    expect(stage.news).toBe('done bought');
  });
});
