import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EdgeTerms, type EpochMs, hex, sha256 } from '../../../protocol/index.ts';
import type { Http } from '../../../sim/a402/http.ts';
import type { Bought } from '../../../sim/cloud/agent-errand-runner.ts';
import { type DataDesk, startDataDesk } from '../../../sim/embedded/data-desk.ts';
import { nodeHttp } from '../../../sim/embedded/data-desk-http.ts';
import { deskSeller } from '../a402/stand.ts';
import { AgentStage, DESK } from './agent-stage.ts';

const seller = deskSeller();
let stage: AgentStage;
let desk: DataDesk;
beforeEach(async () => {
  desk = await startDataDesk({ seller, now: () => stage.clock.now() as EpochMs });
});
afterEach(() => desk.close());

/** Counts what is on the wire, so that nobody has to sleep. */
class Wire implements Http {
  readonly #http = nodeHttp({ timeoutMs: 5_000 });
  open: Promise<void>[] = [];

  request(...[request, done]: Parameters<Http['request']>): void {
    const answered = new Promise<void>((settled) => {
      this.#http.request(request, (answer) => {
        done(answer);
        settled();
      });
    });
    this.open.push(answered);
  }

  async settle(): Promise<void> {
    await Promise.all(this.open.splice(0));
  }
}

it('PSD-PAY-A402 with PSD-PAY-AUP over real HTTP: the agent prepares a report from a desk on a port', async () => {
  const wire = new Wire();
  const bought: Bought[] = [];
  const world = { http: wire, desks: new Map([[DESK, desk.url]]), onBought: (one: Bought) => void bought.push(one) };
  stage = new AgentStage(() => world);
  const terms = { items: undefined, purpose: 'market-report' } as unknown as Partial<EdgeTerms>;
  stage.delegate('report', {
    ...{ delegationMode: 'BOUNDED', maxTotalMinor: 5_000, terms },
    ext: { commerce: { allowedMerchants: [DESK] } },
  });
  for (let paid = 0, round = 0; round < 40 && !stage.news.startsWith('done'); round += 1) {
    stage.pass(10);
    await wire.settle();
    stage.pass(10);
    if (stage.payments > paid) {
      paid += 1;
      stage.paid();
    }
  }
  stage.pass(10);
  await wire.settle();
  expect(stage.news).toBe('done bought');
  expect(bought.map(({ resourceId }) => resourceId)).toEqual(['market-prices', 'sector-news', 'company-filings']);
  const delivered = [...seller.sales.values()].map((sale) => hex(sha256(sale.delivered?.body ?? new Uint8Array())));
  expect(bought.map(({ content }) => hex(sha256(content)))).toEqual(delivered);
  expect([...seller.sales.values()].map(({ state }) => state)).toEqual(delivered.map(() => 'TRADE_FINISHED'));
});
