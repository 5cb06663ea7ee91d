/** Houses and cart requests for tests of seats. */
import type { EpochMs, EpochSeconds, FrameBody, WantedWindow } from '../../../protocol/index.ts';
import { railHouse } from '../../../sim/rail/railway.ts';
import { damaiHouse } from '../../../sim/tickets/damai.ts';
import { SeatSeller } from '../../../sim/tickets/seat-seller.ts';
import { DEVICE, HERE, id } from '../cloud/stage.ts';

export const SECRET = new Uint8Array(32).fill(9);
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A moment in UTC+8. */
export function local(year: number, month: number, day: number, hour = 0, minute = 0): EpochMs {
  return (Date.UTC(year, month - 1, day, hour, minute) - 8 * HOUR_MS) as EpochMs;
}

export function wantedFrom(from: EpochMs, hours: number): WantedWindow {
  return { from: (from / 1000) as EpochSeconds, until: ((from + hours * HOUR_MS) / 1000) as EpochSeconds };
}

/** The concert of Saturday, 28 November 2026; its tickets go on sale on Monday at ten. */
export const SATURDAY = wantedFrom(local(2026, 11, 28), 24);
export const SALE_BEGINS = local(2026, 11, 23, 10);
/** After the longest queue. */
export const IN_SALE = (SALE_BEGINS + 60_000) as EpochMs;
/** Tuesday's trains from six to nine. */
export const EARLY = wantedFrom(local(2026, 11, 24, 6), 3);

export const damai = () => new SeatSeller(damaiHouse(SECRET));
export const rail = () => new SeatSeller(railHouse(SECRET));

type CartRequest = FrameBody<'cart-request'>;

export function line(
  itemId: 'concert-ticket' | 'train-ticket',
  quantity: number,
  options: Readonly<Record<string, string>> = {},
): CartRequest['lines'][number] {
  const chosen = Object.entries(options).map(([optionId, choiceId]) => ({ optionId, choiceId }));
  return { itemId, quantity, options: chosen };
}

export function request(
  lines: CartRequest['lines'],
  wanted?: WantedWindow,
  other: Partial<CartRequest> = {},
): CartRequest {
  const base = { requestId: id('r'), intentId: id('i'), device: DEVICE, locale: 'zh-CN', lines, place: HERE } as const;
  return { ...base, ...(wanted !== undefined && { wanted }), ...other };
}
