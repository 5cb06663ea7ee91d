/**
 * The threats T1 to T30: with which faults random worlds attack, which invariants watch, and where it is tested what no such
 * world can play. A threat was met where one of its faults struck, or in a world that is its attack; all that happened there was judged.
 */
import type { Invariant } from '../checkers.ts';
import type { FaultKind } from './faults.ts';

export interface Threat {
  /** The attack in a few words. */
  readonly attack: string;
  /** Any of them meets it. */
  readonly faults: readonly FaultKind[];
  /** And any of these kinds of worlds. */
  readonly worlds?: readonly ('sealed' | 'strange-titles')[];
  /** What must hold all the same. */
  readonly watchedBy: readonly Invariant[];
  /** Tests that name the threat, where random worlds play nothing or not all of it. */
  readonly tests: readonly string[];
}

const IN_WORLDS: readonly string[] = [];

export const THREATS = {
  T1: {
    attack: 'a broker alters frames',
    faults: ['alteration'],
    watchedBy: ['onlyGenuineIsActedOn'],
    tests: IN_WORLDS,
  },
  T2: {
    attack: 'an approval is brought again',
    faults: [
      'replay',
      'held-back',
      'reused-nonce',
      'account-frame-again',
      'account-power-cut',
      'account-books-away',
      'own-errands',
    ],
    watchedBy: ['debitsAreSingle', 'spendsAreSingle', 'signaturesAreSingle', 'accountsAreFilledByOrder'],
    tests: IN_WORLDS,
  },
  T3: {
    attack: 'the same frame comes several times',
    faults: ['copy', 'double-answer', 'broker-restart', 'broker-forgets'],
    watchedBy: ['onlyGenuineIsActedOn', 'debitsAreSingle'],
    tests: IN_WORLDS,
  },
  T4: {
    attack: 'frames come late, in another order or never',
    faults: ['reordering', 'delay', 'late-answer', 'held-back', 'slow-confirm', 'loss', 'link', 'partition'],
    watchedBy: ['actedInTime', 'paidInTime', 'pspSaysOneThing', 'accountsAreToldTruly'],
    tests: IN_WORLDS,
  },
  T5: {
    attack: 'frames for somebody else',
    faults: ['misdirection', 'stranger'],
    watchedBy: ['onlyGenuineIsActedOn'],
    tests: IN_WORLDS,
  },
  T6: {
    attack: 'another cart once one is shown',
    faults: ['second-cart', 'double-answer', 'one-term', 'false-cart', 'more-orders'],
    watchedBy: ['signedIsShown', 'signedIsOneDeal', 'accountOrdersAreShown'],
    tests: IN_WORLDS,
  },
  T7: {
    attack: 'amounts and currencies that mean something else',
    faults: ['lie', 'wrong-terms', 'one-term', 'false-cart', 'mishearing', 'other-language'],
    watchedBy: ['signedIsOneDeal', 'signedIsShown', 'debitsAreConfirmed'],
    tests: ['test/protocol/money.test.ts'],
  },
  T8: {
    attack: 'texts with hidden or look-alike characters',
    faults: [],
    worlds: ['strange-titles'],
    watchedBy: ['signedIsShown'],
    tests: ['test/device/confirm/confusables.test.ts'],
  },
  T9: {
    attack: 'texts that push the price out of sight',
    faults: [],
    worlds: ['strange-titles'],
    watchedBy: ['signedIsShown'],
    tests: ['test/device/confirm/view.test.ts'],
  },
  T10: {
    attack: 'a button that bounces, sticks or is held too early',
    faults: [
      'bounce',
      'stuck-button',
      'lost-button',
      'hasty-finger',
      'loose-contact',
      'late-bounce',
      'stall-at-prompt',
      'prompt-unplugged',
    ],
    watchedBy: ['signedIsHeld'],
    tests: IN_WORLDS,
  },
  T11: {
    attack: 'software that presses',
    faults: [],
    watchedBy: [],
    tests: ['test/adapters/evdev-button.test.ts', 'test/device/hid/pairing.test.ts'],
  },
  T12: {
    attack: 'bytes that change between showing and signing',
    faults: [],
    watchedBy: ['signedIsShown'],
    tests: ['test/protocol/frame.test.ts', 'test/protocol/objects.test.ts'],
  },
  T13: {
    attack: 'an agent that obeys product texts',
    faults: ['obedient-agent', 'wrong-requests', 'own-errands', 'mad-order'],
    watchedBy: ['spendsAreCovered', 'spendsAreBounded'],
    tests: IN_WORLDS,
  },
  T14: {
    attack: 'an agent that spends more than it may',
    faults: ['crowd-of-requests', 'own-errands', 'execution-late', 'execution-failed', 'books-away', 'price-jump'],
    watchedBy: ['spendsAreBounded', 'accountsAreFilledByOrder'],
    tests: IN_WORLDS,
  },
  T15: {
    attack: 'two gateways pay at once',
    faults: [],
    watchedBy: ['spendsAreBounded'],
    tests: ['test/sim/gateways/gateways.test.ts', 'test/sim/ledger/race.test.ts'],
  },
  T16: {
    attack: 'clocks that jump and drift',
    faults: ['clock-jump', 'clock-drift', 'short-challenge', 'slow-confirm'],
    watchedBy: ['signedInTime', 'actedInTime', 'paidInTime'],
    tests: ['test/device/signer/signed-time.test.ts'],
  },
  T17: {
    attack: 'payments that race a stop',
    faults: ['risk-control', 'status-down', 'stubborn-agent', 'stop-in-between', 'account-frozen-midway'],
    watchedBy: ['stoppedPaysNothing', 'stoppedAccountsPayNothing', 'accountsAreToldTruly'],
    tests: IN_WORLDS,
  },
  T18: {
    attack: 'somebody else has the device',
    faults: ['wear-off', 'trouble-at-prompt', 'lock-at-prompt', 'reported-lost'],
    watchedBy: ['signedInTime', 'lockedSignsNothing'],
    tests: IN_WORLDS,
  },
  T19: {
    attack: 'keys read from the disk',
    faults: [],
    watchedBy: [],
    tests: ['test/process/at-rest.test.ts', 'test/adapters/keystore.test.ts'],
  },
  T20: {
    attack: 'an older version of the protocol or of the data',
    faults: ['strange-bytes'],
    watchedBy: ['onlyGenuineIsActedOn'],
    tests: ['test/protocol/version.test.ts'],
  },
  T21: {
    attack: 'CBOR that is too large, too deep or ambiguous',
    faults: ['strange-bytes', 'no-shape'],
    watchedBy: ['onlyGenuineIsActedOn'],
    tests: ['test/protocol/cbor-vectors.test.ts'],
  },
  T22: {
    attack: 'signatures and keys that verifiers see differently',
    faults: [],
    watchedBy: [],
    tests: ['test/protocol/ed25519.test.ts'],
  },
  T23: {
    attack: 'a key identifier that names another key',
    faults: ['others-key', 'stranger'],
    watchedBy: ['onlyGenuineIsActedOn', 'paidIsProven'],
    tests: IN_WORLDS,
  },
  T24: {
    attack: 'another algorithm than the key is for',
    faults: ['strange-bytes'],
    watchedBy: ['onlyGenuineIsActedOn'],
    tests: ['test/protocol/sign1-header.test.ts'],
  },
  T25: {
    attack: 'a message taken for one of another type',
    faults: ['stranger', 'others-key', 'other-deal'],
    watchedBy: ['onlyGenuineIsActedOn', 'signedIsOneDeal', 'jsonIsOfWhatWasHeld'],
    tests: ['test/protocol/cross-feed.test.ts'],
  },
  T26: {
    attack: 'records that are lost or cut off',
    faults: [
      'torn-write',
      'lost-write',
      'full-disk',
      'slow-disk',
      'crash',
      'battery',
      'service-cut',
      'account-power-cut',
    ],
    watchedBy: ['journalsKeep', 'journalledFirst', 'acknowledgedIsKept', 'checkpointsAreTrue'],
    tests: ['test/sim/world/audit.test.ts'],
  },
  T27: {
    attack: 'two histories for two witnesses',
    faults: [],
    watchedBy: ['checkpointsAreTrue'],
    tests: ['test/sim/world/audit.test.ts', 'test/process/witness.test.ts'],
  },
  T28: {
    attack: 'a broker that reads along',
    faults: [],
    worlds: ['sealed'],
    watchedBy: ['noWordsOnTheWire', 'nothingRetained'],
    tests: ['test/process/canary.test.ts'],
  },
  T29: {
    attack: 'receipts and refunds that are not what they say',
    faults: ['others-key', 'other-deal', 'refund-race', 'withdrawn-order'],
    watchedBy: ['paidIsProven', 'refundsAreBounded', 'seatsAreSetAsideOnce'],
    tests: IN_WORLDS,
  },
  T30: {
    attack: 'floods on a topic',
    faults: ['flood', 'chatter'],
    watchedBy: ['floodsAreCut', 'acknowledgedIsKept', 'stoppedPaysNothing'],
    tests: ['test/sim/world/flood.test.ts'],
  },
} as const satisfies Readonly<Record<string, Threat>>;

export type ThreatId = keyof typeof THREATS;
export const THREAT_IDS = Object.keys(THREATS) as readonly ThreatId[];

const ROWS: readonly (readonly [ThreatId, Threat])[] = THREAT_IDS.map((id) => [id, THREATS[id]]);

/** @param reached names as `fault:loss`, `world:sealed`. */
export function threatsMet(reached: ReadonlySet<string>): readonly ThreatId[] {
  const isMet = ({ faults, worlds = [] }: Threat) =>
    faults.some((kind) => reached.has(`fault:${kind}`)) || worlds.some((kind) => reached.has(`world:${kind}`));
  return ROWS.filter(([, threat]) => isMet(threat)).map(([id]) => id);
}
