/** The data desk of a tenant: its seller with its keys and what it sells, and the simulated network on which agents reach it. */
import type { Clock } from '../../device/ports.ts';
import { softSigningKey } from '../../protocol/index.ts';
import { PAYMENT_METHOD, type Tenant } from '../cloud/tenant.ts';
import type { Http } from './http.ts';
import { memoryHttp } from './memory-http.ts';
import { receiptCheck } from './proof-check.ts';
import { deskResources } from './resources.ts';
import { ResourceSeller } from './seller.ts';

/** Who sells resources over HTTP in every simulated tenant. */
export const DATA_DESK = 'data-desk';

/** @throws Error for a tenant without a data desk. */
export function createDeskSeller({ counterparts, directory }: Tenant): ResourceSeller {
  const secrets = counterparts.find(({ party }) => party === DATA_DESK);
  if (secrets === undefined) throw new Error(`${DATA_DESK} is no counterpart of this tenant`);
  return new ResourceSeller({
    seller: DATA_DESK,
    objectKey: softSigningKey(secrets.objectSeed),
    secret: secrets.secret,
    methodId: PAYMENT_METHOD,
    resources: deskResources,
    proofs: receiptCheck({ tenant: directory.tenant, trust: directory.trust }),
  });
}

/** The desk as a simulated agent reaches it; the seller outlives the agent's lives. */
export function simulatedDesk(
  seller: ResourceSeller,
  clock: Clock,
): { readonly http: Http; readonly desks: ReadonlyMap<string, string> } {
  const url = `http://${DATA_DESK}`;
  return { http: memoryHttp(new Map([[url, seller]]), clock), desks: new Map([[DATA_DESK, url]]) };
}
