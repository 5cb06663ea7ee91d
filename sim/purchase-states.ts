import type { Purchase } from '../device/index.ts';

/** Every state of a purchase, in the order in which one goes through them. */
export const PURCHASE_STATES = [
  'idle',
  'asking',
  'summarising',
  'seeking',
  'choosing',
  'carting',
  'requesting',
  'confirming',
  'settling',
  'unknown',
  'following',
  'ended',
] as const satisfies readonly Purchase['at'][];
