/**
 * The invariants of design 9 that concern the instant purchase, over the record of a world. They were written from the
 * design, not from the code they judge, and share nothing with it but the protocol's decoders.
 */
import { nothingIsOpen, purchasesEnd } from './checkers/endings.ts';
import type { Checker, Circumstances, Findings } from './checkers/facts.ts';
import { acknowledgedIsKept, journalledFirst, journalsKeep, onlyGenuineIsActedOn } from './checkers/journals.ts';
import { debitsAreConfirmed, debitsAreSingle, debitsHaveReceipts } from './checkers/money.ts';
import { signaturesAreSingle, signedInTime, signedIsHeld, signedIsShown } from './checkers/signatures.ts';
import { nothingRetained, noWordsOnTheWire } from './checkers/wire.ts';
import type { WorldRecord } from './world-record.ts';

export type { Checker, Circumstances, Findings } from './checkers/facts.ts';

/** What holds at every instant, by name. */
export const ALWAYS = {
  debitsAreConfirmed,
  debitsAreSingle,
  signaturesAreSingle,
  signedIsShown,
  signedIsHeld,
  signedInTime,
  journalsKeep,
  journalledFirst,
  acknowledgedIsKept,
  onlyGenuineIsActedOn,
  noWordsOnTheWire,
  nothingRetained,
} as const satisfies Record<string, Checker>;

/** Every breach of what must always hold, each with the name of its invariant. */
export function breaches(record: WorldRecord, about: Circumstances): Findings {
  return Object.entries(ALWAYS).flatMap(([name, check]) => check(record, about).map((what) => `${name}: ${what}`));
}

/** Every breach at the end of a run, when faults have stopped and everybody has had time. Epoch milliseconds. */
export function breachesInTheEnd(
  record: WorldRecord,
  about: Circumstances,
  { faultsStoppedAt, now }: { readonly faultsStoppedAt: number; readonly now: number },
): Findings {
  const last: readonly (readonly [string, Findings])[] = [
    ['debitsHaveReceipts', debitsHaveReceipts(record, about)],
    ['purchasesEnd', purchasesEnd(record, about, faultsStoppedAt, now)],
    ['nothingIsOpen', nothingIsOpen(record, about)],
  ];
  return [...breaches(record, about), ...last.flatMap(([name, all]) => all.map((what) => `${name}: ${what}`))];
}
