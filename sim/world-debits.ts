/** What was really debited in a world, out of the PSP's own ledger. */
import { type Debit, type DeviceSecrets, type Ledger, type Tenant, wearerAccount } from './cloud/index.ts';

/** The debits of all devices' accounts. */
export function debitsOfDevices(
  { devices }: Tenant<DeviceSecrets>,
  ledger: Pick<Ledger, 'postings'>,
): readonly Debit[] {
  const accounts = new Set(devices.map(({ device }) => wearerAccount(device)));
  return ledger
    .postings()
    .flatMap(({ tradeNo, entries }) =>
      entries
        .filter(({ account, amountMinor }) => amountMinor < 0 && accounts.has(account))
        .map(({ currency, amountMinor }) => ({ tradeNo, currency, amountMinor: -amountMinor })),
    );
}

export interface DebitSum {
  readonly count: number;
  /** Minor units. */
  readonly totalMinor: number;
}

export function sumOf(debits: readonly Debit[]): DebitSum {
  return { count: debits.length, totalMinor: debits.reduce((sum, { amountMinor }) => sum + amountMinor, 0) };
}
