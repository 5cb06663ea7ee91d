/** A report as a BOUNDED delegation: the agent, a data desk that is reached over HTTP, a PSP that is moved by hand. */
import type { EpochMs } from '../../../protocol/index.ts';
import type { Http, HttpAnswer, HttpRequest, HttpResponse } from '../../../sim/a402/http.ts';
import { memoryHttp } from '../../../sim/a402/memory-http.ts';
import type { ResourceSeller } from '../../../sim/a402/seller.ts';
import type { Bought } from '../../../sim/cloud/agent-errand-runner.ts';
import type { Planner } from '../../../sim/cloud/agent-planner.ts';
import { deskSeller } from '../a402/stand.ts';
import { AgentStage, DESK, type IacChange } from './agent-stage.ts';

export const DESK_URL = 'http://data-desk';

/** What a hostile or broken desk answers instead; `undefined` lets the honest one answer. */
export type Meddle = (request: HttpRequest, honest: () => HttpResponse) => HttpAnswer | undefined;

export interface ResearchOptions {
  readonly planner?: Planner;
  readonly meddle?: Meddle;
  readonly seller?: ResourceSeller;
  /** Throws where nothing can be kept. */
  readonly store?: () => void;
}

export class ResearchStage extends AgentStage {
  readonly seller: ResourceSeller;
  /** Every HTTP request of the agent. */
  readonly requests: HttpRequest[];
  readonly bought: Bought[];

  constructor({ planner, meddle, seller = deskSeller(), store = () => {} }: ResearchOptions = {}) {
    const requests: HttpRequest[] = [];
    const bought: Bought[] = [];
    super((clock) => {
      const honest = memoryHttp(new Map([[DESK_URL, seller]]), clock);
      const http: Http = {
        request(request, done) {
          requests.push(request);
          const other = meddle?.(request, () => seller.handle(request, clock.now() as EpochMs));
          if (other === undefined) honest.request(request, done);
          else clock.after(1, () => done(other));
        },
      };
      const onBought = (one: Bought) => {
        store();
        bought.push(one);
      };
      const world = { http, desks: new Map([[DESK, DESK_URL]]), onBought };
      return planner === undefined ? world : { ...world, planner };
    });
    this.seller = seller;
    this.requests = requests;
    this.bought = bought;
  }

  /** "Prepare the market report, spend at most 50 on data." */
  report(change: IacChange = {}) {
    const iac = this.delegate('report', reportChange(change));
    this.step();
    return iac;
  }

  /** Lets errands go out and come back. */
  step(): void {
    this.pass(1_000);
  }

  /** The PSP pays whatever is asked of it until nothing is. */
  payAll(): void {
    for (let paid = 0; paid < this.payments; ) {
      paid = this.payments;
      this.paid();
      this.step();
    }
  }

  get boughtIds(): readonly string[] {
    return this.bought.map(({ resourceId }) => resourceId);
  }
}

/** What a report's credential says otherwise than that of a drink. */
export function reportChange({ terms, ext, ...other }: IacChange = {}): IacChange {
  return {
    delegationMode: 'BOUNDED',
    maxTotalMinor: 5_000,
    ...other,
    terms: { items: undefined, purpose: 'market-report', ...terms } as NonNullable<IacChange['terms']>,
    ext: { commerce: { allowedMerchants: [DESK] }, ...ext },
  };
}
