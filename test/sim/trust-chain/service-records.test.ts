import { describe, expect, it } from 'vitest';
import {
  AttestationRecord,
  digestOf,
  EVENTS,
  hex,
  IacPayload,
  jcsDigest,
  type Message,
  type OpenFrame,
  openObject,
  softSigningKey,
  toJson,
  toJsonObject,
  writeJson,
} from '../../../protocol/index.ts';
import { AGENT_ID, principalOf } from '../../../sim/cloud/index.ts';
import { LedgerUnavailable } from '../../../sim/ledger/store.ts';
import { AgentReports } from '../../../sim/trust-chain/agent-records.ts';
import { MerchantReports } from '../../../sim/trust-chain/merchant-records.ts';
import { PspReports } from '../../../sim/trust-chain/psp-records.ts';
import type { ServiceStep } from '../../../sim/trust-chain/service-records.ts';
import { STORY } from '../../device/agent-rig.ts';
import { checked, ReportingRig } from '../../device/audit/reporting-rig.ts';
import { DAY_S, DelegationTill } from '../cloud/delegation-till.ts';
import type { Hand } from '../cloud/hands.ts';
import { by, DEVICE, HERE, id, PSP, SHOP, tenant } from '../cloud/stage.ts';
import { begin, TENANT } from '../world/play.ts';
import { stepping, Witnessed } from './service-stand.ts';

const agentKey = softSigningKey(tenant.agent.objectSeed);
const pspKey = softSigningKey(tenant.psp.objectSeed);
const names = (witnessed: Witnessed) => witnessed.reported.map(({ eventType }) => eventType.split(':').at(-1));

type Passages = NonNullable<ServiceStep['delegations']>['passages'];

/** A PSP whose every step is told to its reports. */
class ReportingTill extends DelegationTill {
  readonly witnessed = new Witnessed(
    new PspReports({ party: PSP.party }),
    { id: PSP.party, key: pspKey },
    this.clock.now(),
  );

  /** What the reports get to see of the ledger. */
  seen = (passages: ReturnType<Passages>): ReturnType<Passages> => passages;

  #step<T>(work: () => T, frame?: OpenFrame): T {
    const hands = [this.device, this.agent, this.merchant];
    const before = hands.map(({ heard }) => heard.length);
    const result = work();
    const sent = hands.flatMap((hand, n) =>
      hand.heard.slice(before[n]).map(({ type, body }) => ({ to: hand.self, message: { type, body } as Message })),
    );
    const passages: Passages = (id, after) => this.seen(this.psp.delegations.passages(id, after));
    const delegations = { passages };
    this.witnessed.take({ at: this.clock.now(), sent, delegations, ...(frame && { frame }) });
    return result;
  }

  override hear(message: Message, hand: Hand) {
    return this.#step(() => super.hear(message, hand), { ...message, from: hand.self } as OpenFrame);
  }

  override command(words: string): string {
    return this.#step(() => super.command(words));
  }

  override pass(ms: number): void {
    this.#step(() => super.pass(ms));
  }
}

describe('a PSP reports', () => {
  it('each state that a delegation comes to, by whom and by what', () => {
    const till = new ReportingTill();
    const authorization = till.issue('coffee');
    const order = till.wish('coffee', 'Suspended', 1);
    till.bring(order);
    till.change('coffee', 'Active', 2);
    till.query('coffee');
    till.command(`suspend ${id('coffee delegation')}`);
    till.command(`resume ${id('coffee delegation')}`);
    till.pass(8 * DAY_S * 1000);
    expect(names(till.witnessed)).toEqual([
      ...['delegation-issued', 'delegation-suspended', 'delegation-resumed'],
      ...['delegation-suspended', 'delegation-resumed', 'delegation-expired'],
    ]);
    const { iac } = openObject('authorization', authorization, by).value;
    const bodies = till.witnessed.reported.map(({ eventBody }) => eventBody);
    const change = { from: 'Active', to: 'Suspended' };
    expect(bodies[0]).toMatchObject({
      iacDigest: hex(jcsDigest(toJsonObject(IacPayload, iac, 'iac'))),
      confirmationDigest: digestOf(authorization),
      maxTotalMinor: iac.maxTotalMinor,
    });
    expect(bodies[1]).toEqual({ ...change, by: 'PRINCIPAL', version: 1, changeDigest: digestOf(order) });
    expect(bodies[3]).toEqual({ ...change, by: 'RISK_CONTROL', version: 3 });
    expect(bodies[5]).toEqual({ from: 'Active', to: 'Expired', by: 'SYSTEM', version: 5 });
    const links = { intentId: id('coffee intent'), delegationId: id('coffee delegation') };
    expect(till.witnessed.reported.every((one) => one.intentId === links.intentId)).toBe(true);
    expect(till.witnessed.attested().map((one) => checked(one, pspKey).conclusion)).toEqual(Array(6).fill('VERIFIED'));
    const records = till.witnessed.attested().map(({ record }) => record);
    expect(records.map(({ upstreamRecordId }) => upstreamRecordId)).toEqual([
      undefined,
      ...records.slice(0, -1).map(({ recordId }) => recordId),
    ]);
  });

  it('that the agent gave a credential back, and that the wearer took one', () => {
    const till = new ReportingTill();
    for (const name of ['coffee', 'tea']) till.issue(name);
    till.hear(
      { type: 'delegation-end', body: { requestId: id('end'), delegationId: id('coffee delegation') } },
      till.agent,
    );
    till.change('tea', 'Revoked', 1);
    const bodies = till.witnessed.reported.map(({ eventBody }) => eventBody);
    expect(bodies[2]).toMatchObject({ to: 'Revoked', by: 'AGENT' });
    expect(bodies[3]).toMatchObject({ to: 'Revoked', by: 'PRINCIPAL', changeDigest: expect.any(String) });
  });

  it('nothing of what it refused, and does not lay a later change at the door of whoever was refused', () => {
    const till = new ReportingTill();
    till.issue('coffee');
    const forged = till.wish('coffee', 'Suspended', 1, {}, agentKey);
    expect(till.bring(forged)).toBe('bad-confirmation');
    expect(till.bring(new Uint8Array([1]))).toBe('bad-confirmation');
    till.command(`suspend ${id('coffee delegation')}`);
    expect(names(till.witnessed)).toEqual(['delegation-issued', 'delegation-suspended']);
    expect(till.witnessed.reported[1]?.eventBody).toMatchObject({ by: 'RISK_CONTROL' });
  });

  it('T27: what its ledger tells only later, as soon as it tells of it', () => {
    const till = new ReportingTill();
    till.issue('coffee');
    till.seen = () => {
      throw new LedgerUnavailable('away');
    };
    const order = till.wish('coffee', 'Suspended', 1);
    till.bring(order);
    // Under the same id, after it: refused, so it is nobody's order.
    expect(till.bring(till.wish('coffee', 'Suspended', 1, {}, agentKey))).toBe('bad-confirmation');
    expect(names(till.witnessed)).toEqual(['delegation-issued']);
    till.seen = (passages) => passages;
    till.query('coffee');
    expect(names(till.witnessed)).toEqual(['delegation-issued', 'delegation-suspended']);
    const changeDigest = digestOf(order);
    expect(till.witnessed.reported[1]?.eventBody).toMatchObject({ by: 'PRINCIPAL', changeDigest });
  });

  it('T27: no change whose order another gateway had, which reports it', () => {
    const till = new ReportingTill();
    till.issue('coffee');
    till.seen = (passages) => passages.map((one) => (one.version === 1 ? { ...one, changeId: 'elsewhere' } : one));
    till.change('coffee', 'Suspended', 1);
    till.query('coffee');
    expect(names(till.witnessed)).toEqual(['delegation-issued']);
    till.change('coffee', 'Active', 2);
    till.change('coffee', 'Revoked', 3);
    expect(names(till.witnessed)).toEqual(['delegation-issued', 'delegation-resumed', 'delegation-revoked']);
  });

  it('a payment under a delegation once, however often the device is told', () => {
    const till = new ReportingTill();
    const authorization = till.issue('coffee');
    till.buy('coffee', authorization, 'LC-1');
    till.pass(60_000);
    till.buy('coffee', authorization, 'LC-2');
    expect(names(till.witnessed)).toEqual(['delegation-issued', 'transaction-completed', 'transaction-completed']);
    const { receipt } = till.device.all('spend-notice')[0]?.body ?? {};
    expect(till.witnessed.reported[1]).toMatchObject({
      ...{ intentId: id('coffee intent'), delegationId: id('coffee delegation'), orderNo: 'LC-1' },
      participants: [
        { participantId: PSP.party, role: 'PSP' },
        { participantId: AGENT_ID, role: 'PAYER_AGENT' },
        { participantId: SHOP, role: 'MERCHANT' },
      ],
      eventBody: { amountMinor: 2_480, receiptDigest: digestOf(receipt ?? new Uint8Array()) },
    });
    const [issued, ...paid] = till.witnessed.attested().map(({ record }) => record);
    expect(paid.map(({ upstreamRecordId }) => upstreamRecordId)).toEqual([issued?.recordId, issued?.recordId]);
  });

  it('a payment for a resource, too', () => {
    const till = new ReportingTill();
    const authorization = till.issue('report', { iac: { delegationMode: 'BOUNDED' } });
    till.payResource('report', authorization, 'r1');
    expect(till.witnessed.reported.at(-1)).toMatchObject({ orderNo: 'res-r1', eventBody: { payeeId: 'data-desk' } });
  });
});

it('T28: says nothing of who the wearer is, what pays, where to and what was bought', () => {
  const till = new ReportingTill();
  const coffee = till.issue('coffee');
  till.buy('coffee', coffee, 'LC-1');
  const canaries = [till.token, principalOf(DEVICE), 'iced', 'latte', 'market', `${HERE.latitudeE3}`];
  const report = till.issue('report', { iac: { delegationMode: 'BOUNDED' } });
  till.payResource('report', report, 'r1');
  till.change('coffee', 'Revoked', 1);
  const attested = till.witnessed.attested();
  const anchors = attested.map(({ anchor }) => Buffer.from(anchor.split('.')[1] ?? '', 'base64url').toString());
  const records = attested.map(({ record }) => writeJson(toJson(AttestationRecord, record, 'record')));
  expect(records).toHaveLength(5);
  for (const canary of [...canaries, till.subAccountId]) {
    expect(canary.length).toBeGreaterThan(3);
    expect([...records, ...anchors].join('\n')).not.toContain(canary);
  }
});

describe('agent and merchant report', () => {
  const roles = { agent: 'agent', psp: 'psp' } as Record<string, 'agent' | 'psp' | 'merchant' | 'device'>;
  const roleOf = (party: string) => roles[party] ?? (party.startsWith('glasses') ? 'device' : 'merchant');

  function played() {
    const now = begin({ seed: 'clock' }).clock.now();
    const agent = new Witnessed(
      new AgentReports({ agentId: AGENT_ID }),
      { id: AGENT_ID, key: softSigningKey(TENANT.agent.objectSeed) },
      now,
    );
    const psp = new Witnessed(
      new PspReports({ party: 'psp' }),
      { id: 'psp', key: softSigningKey(TENANT.psp.objectSeed) },
      now,
    );
    const shops = new Map(
      TENANT.merchants.map(({ party, objectSeed }) => {
        const reports = new MerchantReports({ party, agentIdOf: TENANT.directory.agentIdOf });
        return [party, new Witnessed(reports, { id: party, key: softSigningKey(objectSeed) }, now)] as const;
      }),
    );
    const witnessed = new Map([['agent', agent], ['psp', psp], ...shops]);
    const play = begin({
      seed: 'reports',
      guise: (party, transport, clock) => {
        const one = witnessed.get(party);
        if (!one) return transport;
        return stepping(transport, clock, roleOf, one.take);
      },
    }).settle();
    return { play, agent, psp, shops };
  }

  it('decision, cart and fulfilment of an instant purchase, and the PSP its payment, whose intent the merchant names', () => {
    const { play, agent, psp, shops } = played();
    if (play.current.at !== 'ended' || !play.current.paid) throw new Error('nothing was paid');
    const { intent, cart, receipt } = play.current.paid;
    const shop = shops.get(cart.cart.merchant) as Witnessed;
    const shopKey = softSigningKey(
      TENANT.merchants.find(({ party }) => party === cart.cart.merchant)?.objectSeed as Uint8Array,
    );
    expect([names(agent), names(psp), names(shop)]).toEqual([
      ['decision-logged'],
      ['transaction-completed'],
      ['cart-confirmed', 'fulfillment-completed'],
    ]);
    const all = [agent, psp, shop].flatMap(({ reported }) => reported);
    expect(all.every(({ intentId }) => intentId === intent.intentId)).toBe(true);
    expect(shop.reported[0]?.eventBody).toMatchObject({ cartDigest: cart.digest, finalMinor: cart.cart.totalMinor });
    expect(shop.reported[1]).toMatchObject({ tradeNo: receipt.tradeNo, eventBody: { tradeState: 'TRADE_FINISHED' } });
    expect(psp.reported[0]?.eventBody).toMatchObject({ confirmationDigest: receipt.confirmationDigest });
    const conclusions = [
      ...agent.attested().map((one) => checked(one, softSigningKey(TENANT.agent.objectSeed))),
      ...psp.attested().map((one) => checked(one, softSigningKey(TENANT.psp.objectSeed))),
      ...shop.attested().map((one) => checked(one, shopKey)),
    ];
    expect(conclusions).toEqual(Array(4).fill({ conclusion: 'VERIFIED' }));
    const [cartRecord, done] = shop.attested().map(({ record }) => record);
    expect(done?.upstreamRecordId).toBe(cartRecord?.recordId);
  });
});

it('all ten events of ACT have a record that verifies with its anchor', () => {
  const stand = new ReportingRig().after(STORY.length);
  stand.clock.advance(60_000);
  const till = new ReportingTill();
  till.issue('coffee');
  till.change('coffee', 'Suspended', 1);
  till.change('coffee', 'Active', 2);
  till.change('coffee', 'Revoked', 3);
  till.issue('tea');
  till.pass(8 * DAY_S * 1000);
  const device = stand.attested().filter((one) => checked(one).conclusion === 'VERIFIED');
  const psp = till.witnessed.attested().filter((one) => checked(one, pspKey).conclusion === 'VERIFIED');
  const events = new Set([...device, ...psp].map(({ record }) => record.eventType));
  expect([...events].sort()).toEqual(Object.keys(EVENTS).sort());
});

it('an agent reports what it decided to pay under a delegation, with the credential it was given', () => {
  const till = new DelegationTill();
  const authorization = till.issue('coffee');
  const reports = new AgentReports({ agentId: AGENT_ID });
  const cart = till.cart('coffee', 'LC-9');
  till.register(cart);
  const request = till.request('coffee', authorization, cart);
  const sent: Uint8Array[] = [];
  const hear = till.hear.bind(till);
  till.hear = (message, hand) => {
    if (message.type === 'delegated-pay') sent.push(message.body.request);
    return hear(message, hand);
  };
  till.pay(request, cart);
  const body = { requestId: request.requestId, request: sent[0] ?? new Uint8Array(), cart };
  const step: ServiceStep = { at: till.clock.now(), sent: [{ to: PSP, message: { type: 'delegated-pay', body } }] };
  const links = { intentId: id('coffee intent'), delegationId: id('coffee delegation'), orderNo: 'LC-9' };
  expect(reports.take(step)).toMatchObject([
    { ...links, eventBody: { candidates: 1, merchantId: SHOP, amountMinor: 2_480, offersDigest: digestOf(cart) } },
  ]);
  expect(reports.take(step)).toEqual([]);
});
