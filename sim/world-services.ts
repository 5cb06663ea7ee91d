/** The services of a world, each of which can be started again on its disk. */
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

export class WorldServices {
  readonly #tenant: Tenant<DeviceSecrets>;
  /** Begins a new life of a party. */
  readonly #portsOf: (party: string) => ServicePorts;
  readonly #minuteMs: number;
  readonly #merchants = new Map<string, MerchantService>();
  #agent: Service;
  #psp: PspService;

  /** Starts all of them. */
  constructor(tenant: Tenant<DeviceSecrets>, portsOf: (party: string) => ServicePorts, minuteMs: number) {
    this.#tenant = tenant;
    this.#portsOf = portsOf;
    this.#minuteMs = minuteMs;
    this.#psp = this.#startPsp();
    for (const { party } of tenant.merchants) this.#startMerchant(party);
    this.#agent = this.#startAgent();
  }

  /** The services as they run now; one that was started again is another one. */
  get cloud(): Cloud {
    const agent = this.#agent;
    const psp = this.#psp;
    const merchants = this.#merchants;
    return {
      agent,
      psp,
      merchants,
      stop: (closed) => stopServices([agent, psp, ...merchants.values()], closed),
    };
  }

  /** Starts a service again on its disk. @throws PowerCut when its life ends during the start. */
  restart(party: string): void {
    if (party === this.#tenant.psp.party) this.#psp = this.#startPsp();
    else if (party === this.#tenant.agent.party) this.#agent = this.#startAgent();
    else this.#startMerchant(party);
  }

  #startPsp(): PspService {
    return startPsp(this.#tenant, this.#portsOf(this.#tenant.psp.party));
  }

  #startAgent(): Service {
    return startAgent(this.#tenant, this.#portsOf(this.#tenant.agent.party));
  }

  #startMerchant(party: string): void {
    const settings = { minuteMs: this.#minuteMs };
    this.#merchants.set(party, startMerchant(this.#tenant, party, this.#portsOf(party), settings));
  }
}
