/** Many runs, and what was found in them, in few words. */
import type { DeviceSecrets, Tenant } from '../cloud/index.ts';
import type { LedgerStore } from '../ledger/store.ts';
import { faultsOf, type GatewayFault, paymentsOf } from './faults.ts';
import { runGateways } from './run.ts';

export interface GatewayReport {
  readonly seeds: number;
  /** Payments and frames that somebody was told, in all of them. */
  readonly payments: number;
  readonly told: number;
  /** The seeds with a fault, and in how many each fault was. */
  readonly faulty: readonly string[];
  readonly faults: ReadonlyMap<GatewayFault, number>;
}

/** Runs the seeds `from` to `from + seeds − 1`. @param rules as {@link runGateways} takes them. */
export function reportGateways(
  from: number,
  seeds: number,
  tenant: Tenant<DeviceSecrets>,
  rules?: (store: LedgerStore) => LedgerStore,
): GatewayReport {
  const faulty: string[] = [];
  const faults = new Map<GatewayFault, number>();
  let [payments, told] = [0, 0];
  for (let seed = from; seed < from + seeds; seed++) {
    const run = runGateways(String(seed), tenant, rules);
    payments += paymentsOf(run).length;
    told += run.told.length;
    const found = faultsOf(run);
    if (found.length > 0) faulty.push(String(seed));
    for (const fault of found) faults.set(fault, (faults.get(fault) ?? 0) + 1);
  }
  return { seeds, payments, told, faulty, faults };
}

/** For people: how many seeds had a fault, which faults, and the first of the seeds. */
export function describeGateways(name: string, { seeds, payments, told, faulty, faults }: GatewayReport): string {
  const counts = [...faults].map(([fault, count]) => `${fault} in ${count}`).join(', ');
  const found = faulty.length === 0 ? 'no faults' : `${counts}; first seeds ${faulty.slice(0, 5).join(' ')}`;
  return `${name}: ${faulty.length} of ${seeds} seeds faulty, ${payments} payments, ${told} frames told: ${found}`;
}
