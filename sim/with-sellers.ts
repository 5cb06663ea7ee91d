import type { Enrolment, Tenant } from './cloud/index.ts';

/** The same tenant where only these sellers are open; all others stay in the directory, and do not answer. */
export function withSellers<Device extends Enrolment>(
  tenant: Tenant<Device>,
  sellers: readonly string[],
): Tenant<Device> {
  return {
    ...tenant,
    shops: tenant.shops.filter(({ id }) => sellers.includes(id)),
    merchants: tenant.merchants.filter(({ party }) => sellers.includes(party)),
  };
}
