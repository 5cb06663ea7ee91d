/** The data desk of a tenant: a service with its keys and what it sells, and the simulated network on which agents reach it. */
import type { Clock } from '../../device/ports.ts';
import { softSigningKey } from '../../protocol/index.ts';
import { identity, running } from '../cloud/cloud.ts';
import { type Service, type ServicePorts, startService } from '../cloud/service.ts';
import { PAYMENT_METHOD, type SigningServiceSecrets, type Tenant } from '../cloud/tenant.ts';
import { DeskHandler, essenceOf, httpCommand } from './desk-handler.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';
import { type MemoryHost, memoryHttp } from './memory-http.ts';
import { receiptCheck } from './proof-check.ts';
import { deskResources } from './resources.ts';

/** Who sells resources over HTTP in every simulated tenant. */
export const DATA_DESK = 'data-desk';

/** A running desk. Its operator says `withhold` or `offer` and a resource. */
export interface DeskService extends Service {
  /** Answers a request, whatever time its caller has: what it changes is stored before it is answered. */
  handle(request: HttpRequest): HttpResponse;
}

/** Starts the desk on its journal, as {@link startService} says. @throws Error for a tenant without a data desk. */
export function startDesk(tenant: Tenant, ports: ServicePorts): DeskService {
  const secrets = secretsOf(tenant);
  const { directory, psp } = tenant;
  const handler = new DeskHandler({
    seller: DATA_DESK,
    objectKey: softSigningKey(secrets.objectSeed),
    secret: secrets.secret,
    methodId: PAYMENT_METHOD,
    resources: deskResources,
    proofs: receiptCheck({ tenant: directory.tenant, trust: directory.trust }),
    ...{ tenant: directory.tenant, trust: directory.trust, psp: psp.party },
  });
  const service = startService({ ...identity(tenant, secrets), role: 'merchant', ports, handler });
  return {
    ...running(service),
    handle(request) {
      const asked = essenceOf(request);
      const now = ports.clock.now();
      if (!handler.seller.concerns(asked, now)) return handler.seller.handle(asked, now);
      // What stands there before is the answer to somebody else, whom a restart has heard again.
      handler.takeAnswer();
      service.command(httpCommand(asked));
      return handler.takeAnswer() ?? NOT_NOW;
    },
  };
}

/** It could not be stored: whoever asks again is asking for the first time. */
const NOT_NOW: HttpResponse = { status: 503, headers: { 'retry-after': '1' }, body: new Uint8Array() };

function secretsOf({ counterparts }: Tenant): SigningServiceSecrets {
  const secrets = counterparts.find(({ party }) => party === DATA_DESK);
  if (secrets === undefined) throw new Error(`${DATA_DESK} is no counterpart of this tenant`);
  return secrets;
}

/** How an agent reaches the desk, which outlives the agent's lives. */
export interface Reached {
  readonly http: Http;
  readonly desks: ReadonlyMap<string, string>;
}

export function simulatedDesk(desk: MemoryHost, clock: Clock): Reached {
  const url = `http://${DATA_DESK}`;
  return { http: memoryHttp(new Map([[url, desk]]), clock), desks: new Map([[DATA_DESK, url]]) };
}
