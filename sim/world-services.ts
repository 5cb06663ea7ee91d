/** The services of a world, each of which can be started again on its disk. */
import { DATA_DESK, type DeskService, simulatedDesk, startDesk } from './a402/desk.ts';
import type { HttpRequest } from './a402/http.ts';
import {
  type Cloud,
  type DeviceSecrets,
  type MerchantService,
  type PspService,
  type Service,
  type ServicePorts,
  startAgent,
  startMerchant,
  startPsp,
  stopServices,
  type Tenant,
} from './cloud/index.ts';
import type { LedgerStore } from './ledger/store.ts';

/** How an agent reaches the data desk, which outlives the agent's lives. */
export type DeskReach = typeof simulatedDesk;

export interface WorldServicesOptions {
  readonly minuteMs: number;
  readonly desk: DeskReach | undefined;
  /** Makes the books of delegated payments for each life of the PSP. */
  readonly ledger: () => LedgerStore;
}

export class WorldServices {
  readonly #tenant: Tenant<DeviceSecrets>;
  /** Begins a new life of a party. */
  readonly #portsOf: (party: string) => ServicePorts;
  readonly #options: WorldServicesOptions;
  readonly #merchants = new Map<string, MerchantService>();
  #agent: Service;
  #psp: PspService;
  #desk: DeskService;

  /** Starts all of them. */
  constructor(tenant: Tenant<DeviceSecrets>, portsOf: (party: string) => ServicePorts, options: WorldServicesOptions) {
    this.#tenant = tenant;
    this.#portsOf = portsOf;
    this.#options = options;
    this.#psp = this.#startPsp();
    for (const { party } of tenant.merchants) this.#startMerchant(party);
    this.#agent = this.#startAgent();
    this.#desk = this.#startDesk();
  }

  /** The services as they run now; one that was started again is another one. */
  get cloud(): Cloud {
    const agent = this.#agent;
    const psp = this.#psp;
    const merchants = this.#merchants;
    const desk = this.#desk;
    return {
      agent,
      psp,
      merchants,
      desk,
      stop: (closed) => stopServices([agent, psp, ...merchants.values(), desk], closed),
    };
  }

  /** Starts a service again on its disk. @throws PowerCut when its life ends during the start. */
  restart(party: string): void {
    if (party === this.#tenant.psp.party) this.#psp = this.#startPsp();
    else if (party === this.#tenant.agent.party) this.#agent = this.#startAgent();
    else if (party === DATA_DESK) this.#desk = this.#startDesk();
    else this.#startMerchant(party);
  }

  #startPsp(): PspService {
    const ledger = this.#options.ledger();
    return startPsp(this.#tenant, this.#portsOf(this.#tenant.psp.party), { ledger });
  }

  #startAgent(): Service {
    const ports = this.#portsOf(this.#tenant.agent.party);
    const { desk = simulatedDesk } = this.#options;
    const host = { handle: (request: HttpRequest) => this.#desk.handle(request) };
    return startAgent(this.#tenant, ports, desk(host, ports.clock));
  }

  #startDesk(): DeskService {
    return startDesk(this.#tenant, this.#portsOf(DATA_DESK));
  }

  #startMerchant(party: string): void {
    const { minuteMs } = this.#options;
    this.#merchants.set(party, startMerchant(this.#tenant, party, this.#portsOf(party), { minuteMs }));
  }
}
