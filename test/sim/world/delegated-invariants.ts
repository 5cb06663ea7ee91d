import type { Invariant } from '../../../sim/checkers.ts';

/** Those that only delegated payments can break. */
export const DELEGATED_INVARIANTS: readonly Invariant[] = [
  'spendsAreCovered',
  'spendsAreBounded',
  'spendsAreSingle',
  'stoppedPaysNothing',
  'refundsAreBounded',
  'jsonIsOfWhatWasHeld',
];
