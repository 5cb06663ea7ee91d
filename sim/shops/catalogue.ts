/** Every simulated shop, all invented and all around one place. */
import { epochMs } from '../../protocol/time.ts';
import { coffeeShops } from './coffee-shops.ts';
import { foodShops } from './food-shops.ts';
import type { Place, Shop } from './types.ts';

export const shops: readonly Shop[] = [...coffeeShops, ...foodShops];

/** Where the wearer of the demonstration stands. */
export const demoPlace: Place = { latE6: 30_274_100, lonE6: 120_155_100 };

/** When the demonstration happens: Monday 2026-11-23, 09:30 in UTC+8. */
export const demoTimeMs = epochMs(Date.UTC(2026, 10, 23, 1, 30));
