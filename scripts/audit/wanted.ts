/** What a command is to be about: one order or one delegation of a device, or a clear word on why there is none. */
import type { BundleSources } from '../../device/audit/bundle-collect.ts';
import { findOrder, type OrderFound } from '../../device/audit/bundle-sources.ts';
import { baseOf } from '../../device/journal-record.ts';
import { CommandError } from '../command.ts';

/** How many entries of the journal are in archives that are not here. */
export function entriesNotHere({ entries }: Pick<BundleSources, 'entries'>): number {
  return baseOf(entries[0])?.size ?? 0;
}

/** @throws CommandError `order-unknown`; StoreError as `findOrder`. */
export function orderNamed(
  sources: BundleSources,
  wanted: { readonly orderNo: string } | { readonly intentId: string },
): OrderFound {
  const found = findOrder(sources.entries, wanted);
  if (found) return found;
  const gone = entriesNotHere(sources);
  const hint =
    gone === 0 ? 'check the number' : `check the number, or put back the archive with the ${gone} entries before`;
  throw new CommandError('order-unknown', 'the journal has no such paid order', hint);
}
