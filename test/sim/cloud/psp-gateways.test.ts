/** Two gateways of a PSP over one ledger: what the one has done or promised, the other knows. */
import { describe, expect, it } from 'vitest';
import { AGENT_ID, principalOf } from '../../../sim/cloud/index.ts';
import { type Books, LedgerUnavailable } from '../../../sim/ledger/store.ts';
import { DelegationTill, type DraftChange, FlakyLedger, told } from './delegation-till.ts';
import { DEVICE, id } from './stage.ts';

const PAID = 'WAIT_SELLER_FULFILLMENT';
const COFFEE = id('coffee delegation');

/** Answers so many times more, and then no longer. */
class TiringLedger extends FlakyLedger {
  left = Number.POSITIVE_INFINITY;

  override transact<T>(work: (books: Books) => T): T {
    if (this.left === 0) throw new LedgerUnavailable();
    this.left -= 1;
    return super.transact(work);
  }
}

/** Both with people of their own, so that each frame goes to the one it is said to. */
function gateways(store?: FlakyLedger) {
  const here = new DelegationTill();
  const there = new DelegationTill();
  if (store) here.again(store);
  there.again(store ?? here.store);
  return { here, there };
}

/** A delegation that the one has issued, and its agent at both. */
function issued(change: DraftChange = {}, store?: FlakyLedger) {
  const { here, there } = gateways(store);
  const authorization = here.issue('coffee', change);
  there.query('coffee', there.agent);
  return { here, there, authorization };
}

describe('a delegation', () => {
  it('T5: is found by the gateway that has not issued it, by whoever may know it', () => {
    const { here, there, authorization } = issued();
    expect([there.query('coffee'), there.token]).toEqual(['Active', here.token]);
    expect(there.buy('coffee', authorization, 'o1')).toBe(PAID);
  });

  it('is issued where the confirmation comes, by the challenge that was made elsewhere', () => {
    const { here, there } = gateways();
    const iac = here.draft('coffee');
    here.propose('coffee', iac);
    expect(there.propose('coffee', iac)).toBe('delegation-challenge');
    expect(there.challenge).toEqual(here.challenge);
    const body = here.signed('coffee', iac);
    expect([there.confirm(body), here.confirm(body)]).toEqual(['Active', 'Active']);
    expect(here.query('coffee')).toBe('Active');
  });

  it('T2: is not issued after a refusal that was told elsewhere', () => {
    const { here, there } = gateways();
    const iac = here.draft('coffee');
    here.propose('coffee', iac);
    there.propose('coffee', iac);
    const body = here.signed('coffee', iac);
    expect(here.confirm({ ...body, authorization: body.jsonSignature })).toBe('bad-confirmation');
    expect([there.confirm(body), there.query('coffee')]).toEqual(['bad-confirmation', 'delegation-unknown']);
  });

  it('T2: is not issued a second time under its id for another request', () => {
    const { here, there } = issued();
    expect(there.propose('another', here.draft('coffee'))).toBe('delegation-exists');
  });

  it('is given back to the one and is over for the other', () => {
    const { here, there, authorization } = issued();
    const body = { requestId: id('end'), delegationId: COFFEE };
    expect(told(there.hear({ type: 'delegation-end', body }, there.agent))).toBe('Revoked');
    expect(here.buy('coffee', authorization, 'o1')).toBe('IAC_REVOKED');
    expect(here.change('coffee', 'Revoked', 1)).toBe('Revoked');
  });

  it('has its sub-account at both', () => {
    const { here, there } = issued({ iac: { delegationMode: 'BOUNDED' } });
    const fresh = new DelegationTill();
    fresh.again(here.store);
    const who = { delegatorIdentity: principalOf(DEVICE), agentId: AGENT_ID };
    const about = { ...who, currency: 'CNY', createdAt: fresh.now } as const;
    const body = { requestId: id('look'), operation: 'QUERY', subAccountId: there.subAccountId, ...about } as const;
    expect(told(fresh.hear({ type: 'sub-account-request', body }, fresh.device))).toBe('AVAILABLE');
  });
});

describe('a payment', () => {
  it('goes on at once with an order that was registered elsewhere', () => {
    const { here, there, authorization } = issued();
    const cart = here.cart('coffee', 'o1');
    here.register(cart);
    expect(there.pay(there.request('coffee', authorization, cart), cart)).toBe(PAID);
  });

  it('T2: is of the request that used its number first, and the other is not carried out anywhere', () => {
    const { here, there, authorization } = issued();
    here.command('execution-late');
    expect(here.buy('coffee', authorization, 'o1')).toBe('silence');
    const other = there.cart('coffee', 'o2', { totalMinor: 2_900 });
    there.register(other);
    const request = there.request('coffee', authorization, other, { requestId: id('o1 pay') });
    expect(there.pay(request, other)).toBe('REQUEST_REPEATED');
    here.command('execution-done');
    expect([here.outcome('o1'), there.outcome('o1'), there.spent('coffee')]).toEqual([PAID, PAID, 2_480]);
  });

  it('T3: is made once for an order, whichever gateways are asked for it', () => {
    const { here, there, authorization } = issued();
    const cart = here.cart('coffee', 'o1');
    for (const till of [here, there]) till.register(cart);
    expect(here.pay(here.request('coffee', authorization, cart), cart)).toBe(PAID);
    const again = there.request('coffee', authorization, cart, { requestId: id('another') });
    expect([there.pay(again, cart), there.spent('coffee')]).toEqual(['ORDER_MISMATCH', 2_480]);
  });

  it('T4: is known where it is asked for, with the one receipt and the one time', () => {
    const { here, there, authorization } = issued();
    here.buy('coffee', authorization, 'o1');
    there.pass(60_000);
    expect(there.outcome('o1')).toBe(PAID);
    expect(there.agent.latest('delegated-result').body).toEqual(here.agent.latest('delegated-result').body);
    here.change('coffee', 'Suspended', 1);
    here.buy('coffee', authorization, 'o2');
    expect([there.outcome('o2'), there.outcome('o3')]).toEqual(['IAC_SUSPENDED', 'unknown-request']);
  });

  it('T29: is given back by whichever gateway, and never more than was paid', () => {
    const { here, there, authorization } = issued();
    here.buy('coffee', authorization, 'o1');
    const [trade] = here.psp.delegations.spends(COFFEE);
    const about = { tradeNo: trade?.tradeNo ?? '', orderNo: 'o1', currency: 'CNY', createdAt: here.now } as const;
    const refund = (till: DelegationTill, name: string, amountMinor: number) =>
      told(till.hear({ type: 'refund-request', body: { requestId: id(name), amountMinor, ...about } }, till.merchant));
    const told_ = [refund(there, 'r1', 2_000), refund(here, 'r1', 2_000), refund(here, 'r2', 500)];
    expect(told_).toEqual(['SUCCEEDED', 'SUCCEEDED', 'more-than-paid']);
    expect(here.standing('coffee').refundedMinor).toBe(2_000);
  });

  it('T29: is told to a merchant that has missed the notice and asks elsewhere', () => {
    const { here, there, authorization } = issued();
    const cart = here.cart('coffee', 'o1');
    here.register(cart);
    here.pay(here.request('coffee', authorization, cart), cart);
    there.register(cart);
    const [trade] = here.psp.delegations.spends(COFFEE);
    const receipt = here.merchant.latest('paid-notice').body.receipt;
    expect(there.merchant.all('paid-notice').map(({ body }) => body)).toEqual([{ orderNo: trade?.orderNo, receipt }]);
    expect(here.merchant.all('paid-notice')).toHaveLength(1);
  });
});

describe('a stop', () => {
  it('T17: of risk control holds with every gateway, and any of them lifts it', () => {
    const { here, there, authorization } = issued();
    expect(here.command(`suspend ${COFFEE}`)).toBe('done');
    expect(there.change('coffee', 'Active', 2)).toBe('risk-hold');
    expect(there.buy('coffee', authorization, 'o1')).toBe('IAC_SUSPENDED');
    expect(there.command(`resume ${COFFEE}`)).toBe('done');
    expect(here.buy('coffee', authorization, 'o2')).toBe(PAID);
  });

  it('T17: of risk control bars a payment that was promised before elsewhere, also where the wearer had suspended it', () => {
    const { here, there, authorization } = issued();
    here.change('coffee', 'Suspended', 1);
    expect(there.command(`suspend ${COFFEE}`)).toBe('done');
    expect(here.change('coffee', 'Active', 2)).toBe('risk-hold');
    expect(here.buy('coffee', authorization, 'o1')).toBe('IAC_SUSPENDED');
  });

  it('T17: is not called carried out before the ledger has it, and not taken back by a gateway that starts again', () => {
    const { here, there, authorization } = issued();
    here.store.isDown = 'before';
    expect([here.command(`suspend ${COFFEE}`), here.command(`lock ${DEVICE}`)]).toEqual([
      'ledger-waits',
      'ledger-waits',
    ]);
    expect(here.device.all('device-lock')).toHaveLength(1);
    here.store.isDown = false;
    here.pass(2_000);
    there.pass(2_000);
    expect(there.change('coffee', 'Active', 2)).toBe('device-locked');
    here.command(`unlock ${DEVICE}`);
    expect(there.command(`resume ${COFFEE}`)).toBe('done');
    here.again();
    expect([here.query('coffee'), there.buy('coffee', authorization, 'o1')]).toEqual(['Active', PAID]);
  });

  it('T18: of a lost device holds with every gateway: nothing is paid, resumed or issued', () => {
    const { here, there, authorization } = issued();
    there.command('execution-late');
    expect(there.buy('coffee', authorization, 'o1')).toBe('silence');
    const iac = there.draft('report');
    there.propose('report', iac);
    const confirmed = there.signed('report', iac);
    expect(here.command(`lock ${DEVICE}`)).toBe('done');
    there.command('execution-done');
    expect([there.outcome('o1'), there.spent('coffee')]).toEqual(['IAC_SUSPENDED', 0]);
    expect([there.confirm(confirmed), there.propose('late', there.draft('late'))]).toEqual([
      'device-locked',
      'device-locked',
    ]);
    expect(there.change('coffee', 'Active', 2)).toBe('device-locked');
  });

  it('T18: of a lost device bars payments before its delegations are suspended one by one', () => {
    const store = new TiringLedger();
    const { here, there, authorization } = issued({}, store);
    store.left = 1;
    expect(here.command(`lock ${DEVICE}`)).toBe('done');
    store.left = Number.POSITIVE_INFINITY;
    expect(there.standing('coffee').state).toBe('Active');
    expect(there.buy('coffee', authorization, 'o1')).toBe('IAC_SUSPENDED');
    here.pass(1_000);
    expect(there.query('coffee')).toBe('Suspended');
  });

  it('T18: of a lost device overtakes a credential that is signed and not issued yet', () => {
    const store = new TiringLedger();
    const { here, there } = gateways(store);
    const iac = there.draft('coffee');
    there.propose('coffee', iac);
    store.left = 1;
    expect(there.confirm(there.signed('coffee', iac))).toBe('silence');
    store.left = Number.POSITIVE_INFINITY;
    here.command(`lock ${DEVICE}`);
    there.pass(1_000);
    expect([there.device.latest('refusal').body.code, there.query('coffee')]).toEqual([
      'device-locked',
      'delegation-unknown',
    ]);
  });

  it('T18: for good is lifted by no gateway', () => {
    const { here, there } = issued();
    here.command(`retire ${DEVICE}`);
    there.command(`unlock ${DEVICE}`);
    expect(there.change('coffee', 'Active', 2)).toBe('device-locked');
  });

  it('T17: that was refused to be lifted stays, whichever gateway the order is brought to later', () => {
    const { here, there } = issued();
    here.command(`suspend ${COFFEE}`);
    const order = here.wish('coffee', 'Active', 4);
    expect(here.bring(order)).toBe('risk-hold');
    here.pass(1);
    here.command(`resume ${COFFEE}`);
    here.change('coffee', 'Suspended', 3);
    expect([there.bring(order), there.query('coffee')]).toEqual(['risk-hold', 'Suspended']);
  });
});

it('T17: a stop bars every gateway from the moment it is acknowledged, and what was promised elsewhere goes back', () => {
  const { here, there, authorization } = issued();
  there.command('execution-late');
  expect(there.buy('coffee', authorization, 'o1')).toBe('silence');
  expect(here.change('coffee', 'Revoked', 1)).toBe('Revoked');
  there.command('execution-done');
  expect([there.outcome('o1'), here.standing('coffee').reservedMinor]).toEqual(['IAC_REVOKED', 0]);
  expect(here.psp.delegations.spends(COFFEE)).toEqual([]);
});
