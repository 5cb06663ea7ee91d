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

/** Those that only the sub-accounts of agents can break. */
export const ACCOUNT_INVARIANTS: readonly Invariant[] = [
  'accountOrdersAreShown',
  'accountsAreFilledByOrder',
  'stoppedAccountsPayNothing',
  'accountsAreToldTruly',
];
