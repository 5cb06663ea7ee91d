/** What was really debited in a world, out of the PSP's own ledger. */
import { type Debit, type DeviceSecrets, type Ledger, type Tenant, wearerAccount } from './cloud/index.ts';

const accountsKept = new WeakMap<Tenant, ReadonlySet<string>>();

function accountsOf(tenant: Tenant<DeviceSecrets>): ReadonlySet<string> {
  const known = accountsKept.get(tenant);
  if (known) return known;
  const accounts = new Set(tenant.devices.map(({ device }) => wearerAccount(device)));
  accountsKept.set(tenant, accounts);
  return accounts;
}

/** The debits of all devices' accounts. */
export function debitsOfDevices(tenant: Tenant<DeviceSecrets>, ledger: Pick<Ledger, 'postings'>): readonly Debit[] {
  const accounts = accountsOf(tenant);
  const debits: Debit[] = [];
  // Looked at after every entry of the PSP's journal, so nothing is made but what is found.
  for (const { tradeNo, entries } of ledger.postings())
    for (const { account, currency, amountMinor } of entries)
      if (amountMinor < 0 && accounts.has(account)) debits.push({ tradeNo, currency, amountMinor: -amountMinor });
  return debits;
}

export interface DebitSum {
  readonly count: number;
  /** Minor units. */
  readonly totalMinor: number;
}

export function sumOf(debits: readonly Debit[]): DebitSum {
  return { count: debits.length, totalMinor: debits.reduce((sum, { amountMinor }) => sum + amountMinor, 0) };
}
