/**
 * The invariants of design 9, of instant purchases and of delegated payments, over the record of a world. They were written from the
 * design, not from the code they judge, and share nothing with it but the protocol's decoders. They can look after every
 * event: each look judges what is new.
 */
import {
  accountOrdersAreShown,
  accountsAreFilledByOrder,
  accountsAreToldTruly,
  accountsSettle,
  stoppedAccountsPayNothing,
} from './checkers/accounts.ts';
import { checkpointsAreTrue } from './checkers/checkpoints.ts';
import { paidInTime, paidIsProven, pspSaysOneThing, signedIsOneDeal } from './checkers/deals.ts';
import { delegationsSettle, spendsAreKnown } from './checkers/delegated-endings.ts';
import { spendsAreBounded, spendsAreCovered, spendsAreSingle } from './checkers/delegated-money.ts';
import { refundsAreBounded, stoppedPaysNothing } from './checkers/delegated-stops.ts';
import { nothingIsOpen, purchasesEnd } from './checkers/endings.ts';
import type { Circumstances, Findings } from './checkers/facts.ts';
import { floodsAreCut } from './checkers/floods.ts';
import { seatsAreSetAsideOnce } from './checkers/goods.ts';
import { acknowledgedIsKept, journalledFirst, journalsKeep, onlyGenuineIsActedOn } from './checkers/journals.ts';
import { debitsAreConfirmed, debitsAreSingle, debitsHaveReceipts } from './checkers/money.ts';
import { Reading, type Watching } from './checkers/reading.ts';
import {
  jsonIsOfWhatWasHeld,
  signaturesAreSingle,
  signedInTime,
  signedIsHeld,
  signedIsShown,
} from './checkers/signatures.ts';
import { actedInTime, lockedSignsNothing } from './checkers/times.ts';
import { nothingRetained, noWordsOnTheWire } from './checkers/wire.ts';
import type { WorldRecord } from './world-record.ts';

export type { Circumstances, Findings } from './checkers/facts.ts';

/** What holds at every instant, by name. */
const WATCHED = {
  debitsAreConfirmed,
  debitsAreSingle,
  signaturesAreSingle,
  signedIsShown,
  signedIsHeld,
  signedInTime,
  signedIsOneDeal,
  lockedSignsNothing,
  paidIsProven,
  paidInTime,
  pspSaysOneThing,
  jsonIsOfWhatWasHeld,
  spendsAreCovered,
  spendsAreBounded,
  spendsAreSingle,
  stoppedPaysNothing,
  refundsAreBounded,
  accountOrdersAreShown,
  accountsAreFilledByOrder,
  stoppedAccountsPayNothing,
  accountsAreToldTruly,
  journalsKeep,
  journalledFirst,
  acknowledgedIsKept,
  floodsAreCut,
  seatsAreSetAsideOnce,
  checkpointsAreTrue,
  onlyGenuineIsActedOn,
  actedInTime,
  noWordsOnTheWire,
  nothingRetained,
} as const satisfies Record<string, Watching>;

export type Invariant = keyof typeof WATCHED;

/** Judges a whole record at once. */
export type Checker = (record: WorldRecord, about: Circumstances) => Findings;

function whole(watching: Watching): Checker {
  return (record, about) => {
    const reading = new Reading(record, about);
    reading.catchUp();
    return watching(reading)();
  };
}

/** The same invariants over a record that is complete. */
export const ALWAYS = Object.fromEntries(
  Object.entries(WATCHED).map(([name, watching]) => [name, whole(watching)]),
) as Readonly<Record<Invariant, Checker>>;

/** Looks at a record as it grows. */
export class Inspector {
  /** The record as far as it was looked at. */
  readonly reading: Reading;
  readonly #watches: readonly (readonly [string, () => Findings])[];
  /** How long the record was at the last look. */
  #seen = -1;
  /** Every breach so far, each with the name of its invariant, in the order in which they were seen. */
  readonly findings: string[] = [];

  constructor(record: WorldRecord, about: Circumstances) {
    this.reading = new Reading(record, about);
    this.#watches = Object.entries(WATCHED).map(([name, watching]) => [name, watching(this.reading)]);
  }

  /** Judges what is new, if anything is. @returns whether everything held so far. */
  look(): boolean {
    const { length } = this.reading.record;
    if (length !== this.#seen) this.#judge();
    this.#seen = length;
    return this.findings.length === 0;
  }

  #judge(): void {
    this.reading.catchUp();
    for (const [name, watch] of this.#watches) this.#add(name, watch());
  }

  /** Judges the end of a run, when faults have stopped and everybody has had time. Epoch milliseconds. */
  lookAtTheEnd({ faultsStoppedAt, now }: { readonly faultsStoppedAt: number; readonly now: number }): boolean {
    this.#judge();
    this.#add('debitsHaveReceipts', debitsHaveReceipts(this.reading));
    this.#add('purchasesEnd', purchasesEnd(this.reading, faultsStoppedAt, now));
    this.#add('nothingIsOpen', nothingIsOpen(this.reading));
    this.#add('spendsAreKnown', spendsAreKnown(this.reading));
    this.#add('delegationsSettle', delegationsSettle(this.reading));
    this.#add('accountsSettle', accountsSettle(this.reading));
    return this.findings.length === 0;
  }

  #add(name: string, found: Findings): void {
    for (const what of found) this.findings.push(`${name}: ${what}`);
  }
}

/** Every breach of what must always hold, each with the name of its invariant. */
export function breaches(record: WorldRecord, about: Circumstances): Findings {
  const inspector = new Inspector(record, about);
  inspector.look();
  return inspector.findings;
}

/** Every breach at the end of a run, when faults have stopped and everybody has had time. Epoch milliseconds. */
export function breachesInTheEnd(
  record: WorldRecord,
  about: Circumstances,
  end: { readonly faultsStoppedAt: number; readonly now: number },
): Findings {
  const inspector = new Inspector(record, about);
  inspector.lookAtTheEnd(end);
  return inspector.findings;
}
