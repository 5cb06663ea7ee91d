/** Calm worlds for a benchmark: every wearer orders a coffee, holds the button and gets it; nothing goes wrong. */
import type { DeviceSecrets, Tenant } from '../../sim/index.ts';
import { Play } from '../../sim/play.ts';

/** So far that what is ordered and not yet handed over leaves something on the shelf. */
const ORDERS_APART_MS = 1_000;
const REFILL_MS = 2_000;
/** As often as in most random worlds. */
const LOOK_EVERY = 8;

export interface Played {
  readonly purchases: number;
  readonly events: number;
}

/**
 * One world in which all devices of a tenant buy once, the checkers looking along.
 * @throws Error unless every purchase was paid and every invariant held: its time would be that of something else.
 */
export function playCalm(seed: string, tenant: Tenant<DeviceSecrets>, sealed: boolean): Played {
  const devices = tenant.devices.length;
  const play = new Play({
    ...{ seed, tenant, sealed, wearers: devices, lookEvery: LOOK_EVERY },
    ordersApartMs: devices > 1 ? ORDERS_APART_MS : 0,
  });
  const refill = (): void => {
    for (const { stock } of play.world.cloud.merchants.values()) stock.refill();
    play.clock.after(REFILL_MS, refill);
  };
  refill();
  const found = play.begin().settle().verdict();
  const { size: paid } = play.world.record.debits;
  if (found.length > 0 || paid !== devices) throw new Error(`${paid} of ${devices} paid in a calm world; ${found[0]}`);
  return { purchases: paid, events: play.events };
}
