import { describe, expect, it } from 'vitest';
import type { EpochMs, EpochSeconds, FrameBody } from '../../../protocol/index.ts';
import { memoryHttp } from '../../../sim/a402/memory-http.ts';
import type { Bought } from '../../../sim/cloud/agent-errand-runner.ts';
import { type Service, startAgent, startMerchant } from '../../../sim/cloud/index.ts';
import { deskSeller } from '../a402/stand.ts';
import { DAY_S, DelegationTill, type DraftChange } from '../cloud/delegation-till.ts';
import { AGENT, HERE, id, MINUTE_MS, tenant } from '../cloud/stage.ts';
import { HandJournal, portsOf } from '../cloud/world.ts';

const DESK_URL = 'http://data-desk';

/** Agent, PSP, shops, Damai, rail and data desk as they are; the device and its signer are moved by hand. */
class Street extends DelegationTill {
  readonly seller = deskSeller();
  readonly bought: Bought[] = [];
  readonly #journal = new HandJournal();
  #service: Service;
  #agentLife = 0;

  constructor() {
    super('merchant');
    for (const party of ['damai', 'rail']) startMerchant(tenant, party, portsOf(party, this), { minuteMs: MINUTE_MS });
    this.#service = this.#start();
  }

  #start(): Service {
    const http = memoryHttp(new Map([[DESK_URL, this.seller]]), this.clock);
    const world = {
      http,
      desks: new Map([['data-desk', DESK_URL]]),
      onBought: (one: Bought) => void this.bought.push(one),
    };
    return startAgent(tenant, portsOf('agent', this, { journal: this.#journal, life: this.#agentLife++ }), world);
  }

  restartAgent(): void {
    this.#service.stop(() => {});
    this.#service = this.#start();
    this.broker.settle();
  }

  /** The wearer's signature, and the task to the agent. */
  delegate(name: string, change: DraftChange = {}): void {
    const authorization = this.issue(name, change);
    const task = { requestId: id(`${name} task`), authorization, locale: 'en-US', place: HERE } as const;
    this.device.say(AGENT, { type: 'delegation-task', body: task });
  }

  get news(): string {
    const { state, reason = '' } = this.device.latest('delegation-news').body;
    return `${state} ${reason}`;
  }

  /** What the PSP's own books say was spent. */
  told(name: string) {
    this.query(name);
    const { spentMinor, spends, reservedMinor, state } = this.status();
    return { spentMinor, spends, reservedMinor, state };
  }

  get notices(): readonly FrameBody<'spend-notice'>[] {
    const seen = new Map(this.device.all('spend-notice').map(({ body }) => [String(body.receipt), body]));
    return [...seen.values()];
  }
}

const wanted = (street: Street, fromDays: number, days: number) => ({
  wantedFrom: (street.now + fromDays * DAY_S) as EpochSeconds,
  wantedUntil: (street.now + (fromDays + days) * DAY_S) as EpochSeconds,
});

describe('with everybody as they are', () => {
  it('a latte is bought once, within its bounds, and the credential is given back', () => {
    const street = new Street();
    street.delegate('latte', { terms: { maxOrders: 1 } });
    street.pass(60_000);
    expect(street.news).toBe('done bought');
    const { spentMinor, spends, state } = street.told('latte');
    expect([spends, state]).toEqual([1, 'Revoked']);
    expect(spentMinor).toBeLessThanOrEqual(3_000);
    expect(street.notices).toHaveLength(1);
  });

  it('a coffee each day before nine, at most 30 a day', () => {
    const street = new Street();
    const terms = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMin: 450, untilMin: 540, maxDailyMinor: 3_000 };
    street.delegate('coffee', { terms, iac: { maxTotalMinor: 20_000 } });
    for (let hour = 0; hour < 2 * 24; hour += 1) street.pass(3_600_000 as EpochMs);
    const { spends, spentMinor } = street.told('coffee');
    expect(spends).toBe(2);
    expect(spentMinor).toBeLessThanOrEqual(6_000);
  });

  it('two concert tickets from Damai when they are on sale', () => {
    const street = new Street();
    const items = [{ itemId: 'concert-ticket', quantity: 2 }];
    const iac = { maxTotalMinor: 300_000, validityEndTime: (street.now + 60 * DAY_S) as EpochSeconds };
    const terms = { items, maxOrders: 1, ...wanted(street, 0, 60) };
    street.delegate('concert', { iac, terms, commerce: { allowedMerchants: ['damai'] } });
    for (let hour = 0; hour < 60 * 24 && !street.news.startsWith('done'); hour += 1) street.pass(3_600_000);
    expect(street.news).toBe('done bought');
    const { spends, spentMinor } = street.told('concert');
    expect(spends).toBe(1);
    expect(spentMinor).toBeLessThanOrEqual(300_000);
  });

  it('a window seat on a train of tomorrow', () => {
    const street = new Street();
    const items = [{ itemId: 'train-ticket', quantity: 1, choices: ['second', 'window'] }];
    const terms = { items, maxOrders: 1, ...wanted(street, 1, 1) };
    street.delegate('train', { iac: { maxTotalMinor: 60_000 }, terms, commerce: { allowedMerchants: ['rail'] } });
    street.pass(600_000);
    expect(street.news).toBe('done bought');
    expect(street.told('train')).toMatchObject({ spends: 1 });
  });

  it('a report out of a sub-account: resource after resource over HTTP 402, within 50', () => {
    const street = new Street();
    street.delegate('report', {
      iac: { delegationMode: 'BOUNDED', maxTotalMinor: 5_000 },
      commerce: { allowedMerchants: ['data-desk'] },
    });
    street.pass(60_000);
    expect(street.news).toBe('done bought');
    expect(street.bought.map(({ resourceId }) => resourceId)).toEqual([
      ...['market-prices', 'sector-news', 'company-filings'],
    ]);
    expect(street.told('report')).toMatchObject({ spends: 3, spentMinor: 4_500, reservedMinor: 0 });
    expect(street.notices).toHaveLength(3);
  });

  it('the agent may start anew at any time: nothing is bought twice', () => {
    for (const afterMs of [1, 21, 41, 61, 81, 101, 141, 201]) {
      const street = new Street();
      street.delegate('report', {
        iac: { delegationMode: 'BOUNDED', maxTotalMinor: 5_000 },
        commerce: { allowedMerchants: ['data-desk'] },
      });
      street.pass(afterMs);
      street.restartAgent();
      street.pass(60_000);
      expect(street.told('report'), String(afterMs)).toMatchObject({ spends: 3, spentMinor: 4_500 });
      expect(street.news).toBe('done bought');
    }
  });

  it('a delegation that the wearer suspends buys nothing until it goes on; one that is revoked never does', () => {
    const street = new Street();
    const terms = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMin: 0, untilMin: 1_440 };
    street.delegate('coffee', { terms, iac: { maxTotalMinor: 20_000 } });
    street.pass(60_000);
    const before = street.told('coffee').spends;
    street.bring(street.wish('coffee', 'Suspended', 1));
    street.pass(3 * 86_400_000);
    expect(street.told('coffee').spends).toBe(before);
    street.bring(street.wish('coffee', 'Active', 2));
    street.pass(60_000);
    expect(street.told('coffee').spends).toBe(before + 1);
    street.bring(street.wish('coffee', 'Revoked', 3));
    street.pass(2 * 86_400_000);
    expect(street.told('coffee').spends).toBe(before + 1);
    expect(street.news).toBe('ended revoked');
  });
});
