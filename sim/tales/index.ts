/** The stories that can be told of delegations, by the name of their scenario. */
import { concert } from './concert.ts';
import { report } from './report.ts';
import type { Tale } from './tale.ts';
import { train } from './train.ts';
import { weekdayCoffee } from './weekday-coffee.ts';

export const TALES = { concert, train, 'weekday-coffee': weekdayCoffee, report } as const satisfies Record<
  string,
  Tale
>;

export type TaleName = keyof typeof TALES;
