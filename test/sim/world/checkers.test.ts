import { beforeEach, describe, expect, it } from 'vitest';
import { decodeRecord } from '../../../device/index.ts';
import { encodeRecord } from '../../../device/journal-record.ts';
import { encodeCbor, peekFrame, signObject, softSigningKey, utf8 } from '../../../protocol/index.ts';
import { bodyOf } from '../../../sim/checkers/facts.ts';
import { ALWAYS, breaches } from '../../../sim/checkers.ts';
import { liar } from '../../../sim/fuzz/lie.ts';
import type { Play } from '../../../sim/play.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import type { StoredRecords, WorldRecord } from '../../../sim/world-record.ts';
import { CHECKPOINT_DOCTORED } from './checkpoint-doctors.ts';
import { DEAL_DOCTORED, SEATS_IN_TURN } from './deal-doctors.ts';
import { ACCOUNT_INVARIANTS, DELEGATED_INVARIANTS } from './delegated-invariants.ts';
import { objectsOf } from './objects-of.ts';
import { begin, DEVICE, TENANT } from './play.ts';

/** As long as a real trade number, so that the receipt keeps its length. */
const TWICE = '0'.repeat(20);

type Doctor = (record: WorldRecord, play: Play) => void;

/** Replaces what stands at a place in a list of the record. */
function change<T>(list: T[], at: number, by: (one: T) => T): void {
  const one = list.at(at);
  if (one === undefined) throw new Error('nothing to change');
  list[at < 0 ? list.length + at : at] = by(one);
}

function drop<T>(list: T[], isIt: (one: T) => boolean): void {
  const kept = list.filter((one) => !isIt(one));
  if (kept.length === list.length) throw new Error('nothing to drop');
  list.splice(0, list.length, ...kept);
}

const typeOf = ({ payload }: { readonly payload: Uint8Array }) => peekFrame(payload).type;

/** Puts a moment before the signature, within the prompt. */
function beforeSignature(record: WorldRecord) {
  const [made] = record.signatures;
  if (!made) throw new Error('nothing was signed');
  return { at: made.at, seq: made.seq - 0.5, party: DEVICE, life: 1 };
}

/** One doctored record for each thing that can be wrong: the invariant, what was done, and the sentence that finds it. */
const DOCTORED: readonly (readonly [invariant: keyof typeof ALWAYS, what: string, Doctor, finding: RegExp])[] = [
  [
    'debitsAreConfirmed',
    'the confirmation never went to the PSP',
    (record) => drop(record.sent, (one) => typeOf(one) === 'confirm'),
    /without a chain of evidence/,
  ],
  ['debitsAreConfirmed', 'the key signed nothing', (record) => record.signatures.splice(0), /was confirmed by nobody/],
  [
    'debitsAreConfirmed',
    'another amount left the account',
    (record) => {
      for (const [tradeNo, debit] of record.debits) record.debits.set(tradeNo, { ...debit, amountMinor: 1 });
    },
    /moved another amount than the cart says/,
  ],
  [
    'debitsAreSingle',
    'a second receipt for the same order',
    (record, play) => {
      const [receipt] = objectsOf('receipt', record.sent, play.about).values();
      if (!receipt) throw new Error('no receipt');
      const again = signObject('receipt', { ...receipt.value, tradeNo: TWICE }, softSigningKey(TENANT.psp.objectSeed));
      record.debits.set(TWICE, { tradeNo: TWICE, currency: 'CNY', amountMinor: receipt.value.amountMinor });
      const frame = record.sent.find((one) => typeOf(one) === 'receipt');
      if (!frame) throw new Error('no receipt frame');
      record.sent.push({ ...frame, payload: resealed(frame.payload, again) });
    },
    /was debited more than once/,
  ],
  ['debitsAreSingle', 'a debit that went away', (record) => record.seeDebits([]), /has gone/],
  [
    'signaturesAreSingle',
    'the same challenge signed twice',
    (record) => record.signatures.push(...record.signatures),
    /nonce was answered twice/,
  ],
  [
    'signedIsShown',
    'another line on the display',
    (record) =>
      change(
        record.presented,
        record.presented.findIndex((one) => 'page' in one && one.page.title !== ''),
        (one) => ('page' in one ? { ...one, page: { ...one.page, lines: [...one.page.lines, 'free'] } } : one),
      ),
    /signs what was not shown/,
  ],
  [
    'signedIsShown',
    'a message over the prompt',
    (record) => {
      const shown = record.presented.find((one) => 'page' in one);
      const at = record.presented.findIndex(({ seq }) => seq > beforeSignature(record).seq);
      if (shown) record.presented.splice(at, 0, { ...shown, ...beforeSignature(record) });
    },
    /signs what was not shown/,
  ],
  ['signedIsHeld', 'no edge at all', (record) => record.edges.splice(0), /without a press/],
  [
    'signedIsHeld',
    'a press of 799 ms',
    (record) => change(record.edges, 0, (edge) => ({ ...edge, at: (record.signatures[0]?.at ?? 0) - 799 })),
    /without a whole hold/,
  ],
  [
    'signedIsHeld',
    'a press in the dead time',
    (record) => {
      const page = record.presented.findLast((one) => 'page' in one && one.page.title !== '');
      change(record.edges, 0, (edge) => ({ ...edge, at: (page?.at ?? 0) + 999 }));
    },
    /came too early/,
  ],
  [
    'signedIsHeld',
    'a line that still bounced',
    (record) => {
      const [press] = record.edges;
      const { at, seq } = beforeSignature(record);
      if (!press) throw new Error('nothing was pressed');
      record.edges.splice(1, 0, { ...press, at: at - 40, seq, edge: 'up' }, { ...press, at: at - 20, seq });
    },
    /without a whole hold/,
  ],
  [
    'signedInTime',
    'a signature when the challenge was over',
    (record) => change(record.signatures, 0, (made) => ({ ...made, at: made.at + 61_000 })),
    /after the challenge/,
  ],
  [
    'signedInTime',
    'a device that had been taken off',
    (record) => record.worn.push({ ...beforeSignature(record), worn: false }),
    /taken off/,
  ],
  [
    'signedInTime',
    'a link that was lost',
    (record) => record.links.push({ ...beforeSignature(record), online: false }),
    /link was lost/,
  ],
  [
    'signedInTime',
    'a wearer who had cancelled',
    (record) => {
      const step = record.steps.find(({ event }) => event.kind === 'reply');
      if (step?.event.kind !== 'reply') throw new Error('no reply');
      const event = { ...step.event, reply: { kind: 'cancel' as const } };
      record.steps.push({ ...step, ...beforeSignature(record), event });
    },
    /after a cancel/,
  ],
  [
    'journalsKeep',
    'a record that is gone after a restart',
    (record) => {
      const stored = record.stored.filter(({ party, disk }) => party === DEVICE && disk === 'journal');
      const records = stored.flatMap((one) => one.records).slice(0, -1);
      record.found.push({ at: 0, seq: 0, party: DEVICE, life: 2, disk: 'journal', records });
    },
    /has lost record/,
  ],
  [
    'journalsKeep',
    'a record that nobody wrote',
    (record) => {
      const stored = record.stored.filter(({ party, disk }) => party === DEVICE && disk === 'signer');
      const records = [...stored.flatMap((one) => one.records), encodeCbor([])];
      record.found.push({ at: 0, seq: 0, party: DEVICE, life: 2, disk: 'signer', records });
    },
    /nobody wrote/,
  ],
  [
    'journalledFirst',
    'a frame that left before its journal entry',
    (record) =>
      change(
        record.sent,
        record.sent.findIndex((one) => typeOf(one) === 'confirm'),
        (one) => ({ ...one, seq: 0 }),
      ),
    /a confirm left before it was in the journal/,
  ],
  [
    'journalledFirst',
    'a counter that was signed before it was durable',
    (record) => drop(record.stored, ({ disk }) => disk === 'signer'),
    /counter 1 was signed before it was durable/,
  ],
  [
    'acknowledgedIsKept',
    'an acknowledged frame that is not in the journal',
    (record) => drop(record.stored, (one) => isReceiptEntry(one)),
    /acknowledged receipt is not in the journal/,
  ],
  [
    'floodsAreCut',
    'T30: more frames of one sender at once than a device takes',
    (record) => {
      const entry = record.stored.find((one) => isReceiptEntry(one));
      const received = entry?.records[0] && decodeRecord(entry.records[0]).received;
      if (!entry?.records[0] || !received) throw new Error('no receipt came');
      const standing = decodeRecord(entry.records[0]);
      const random = new SeededRandom('crowd');
      const crowd = Array.from({ length: 300 }, () => liar(TENANT).again(received, random));
      record.stored.push({ ...entry, records: crowd.map((frame) => encodeRecord({ ...standing, received: frame })) });
    },
    /more than 192 frames of psp at once/,
  ],
  [
    'onlyGenuineIsActedOn',
    'a frame that nobody sent',
    (record) => drop(record.sent, (one) => typeOf(one) === 'receipt'),
    /acted on a frame that nobody sent/,
  ],
  [
    'onlyGenuineIsActedOn',
    'one frame acted on twice',
    (record) => {
      const entry = record.stored.find((one) => isReceiptEntry(one));
      if (entry) record.stored.push(entry);
    },
    /acted twice/,
  ],
  [
    'noWordsOnTheWire',
    'the order in a frame',
    (record) => record.wire.push({ topic: 'act/1/demo/glasses-01/up', payload: utf8(`x ${record.words[0]}`) }),
    /words of the wearer/,
  ],
  ...CHECKPOINT_DOCTORED,
  ...DEAL_DOCTORED,
  ['nothingRetained', 'a kept message', (record) => record.retained.push('act/1/demo/x/down'), /had kept a message/],
];

function isReceiptEntry({ party, disk, records }: StoredRecords): boolean {
  if (party !== DEVICE || disk !== 'journal') return false;
  const received = records.map((bytes) => decodeRecord(bytes).received);
  return received.some((frame) => frame !== undefined && peekFrame(frame).type === 'receipt');
}

/** The frame with another object in it, of the same length as the old one or not; signatures of frames are not looked at. */
function resealed(frame: Uint8Array, object: Uint8Array): Uint8Array {
  const { body } = bodyOf(frame);
  const old = body.receipt as Uint8Array;
  const at = Buffer.from(frame).indexOf(Buffer.from(old));
  if (at < 0 || old.length !== object.length) throw new Error('the new object does not fit into the frame');
  const changed = frame.slice();
  changed.set(object, at);
  return changed;
}

let play: Play;
beforeEach(() => {
  play = begin({ seed: 'doctored' }).settle();
});

describe('the checkers', () => {
  it('find nothing in the record of an honest world', () => {
    expect(play.verdict()).toEqual([]);
  });

  it.each(DOCTORED)('%s finds %s', (invariant, _what, doctor, finding) => {
    doctor(play.world.record, play);
    const found = ALWAYS[invariant](play.world.record, play.about);
    expect(found.join('\n')).toMatch(finding);
    expect(breaches(play.world.record, play.about).join('\n')).toContain(`${invariant}: `);
  });

  it('T10: take a press that let go for less than a bounce for one press, whose hold begins anew', () => {
    const { edges } = play.world.record;
    const [press] = edges;
    if (!press) throw new Error('nothing was pressed');
    const { at, seq } = press;
    edges.splice(1, 0, { ...press, at: at + 100, seq: seq + 0.1, edge: 'up' });
    edges.splice(2, 0, { ...press, at: at + 130, seq: seq + 0.2 });
    expect(ALWAYS.signedIsHeld(play.world.record, play.about)).toEqual(['counter 1 was signed without a whole hold']);
  });

  it.each(SEATS_IN_TURN)('T29: let a seat be had twice where %s', (_why, happens) => {
    happens(play.world.record, play);
    expect(ALWAYS.seatsAreSetAsideOnce(play.world.record, play.about)).toEqual([]);
  });

  it('are each shown to be able to fail', () => {
    const doctored = [...DOCTORED.map(([invariant]) => invariant), ...DELEGATED_INVARIANTS, ...ACCOUNT_INVARIANTS];
    expect(new Set(doctored)).toEqual(new Set(Object.keys(ALWAYS)));
  });

  it('find in the end a debit without a receipt on the device', () => {
    const { stored } = play.world.record;
    for (let i = 0; i < stored.length; i += 1)
      change(stored, i, (one) => {
        if (one.party !== DEVICE || one.disk !== 'journal') return one;
        const records = one.records.map((bytes) =>
          encodeRecord({ ...decodeRecord(bytes), purchases: { current: { at: 'idle' }, background: [] } }),
        );
        return { ...one, records };
      });
    expect(play.verdict().join('\n')).toMatch(/debitsHaveReceipts: the device has no receipt/);
  });

  it('find in the end a payment that was in question for too long, and one that still is', () => {
    const { steps } = play.world.record;
    const settling = steps.find(({ purchases }) => purchases.current.at === 'settling');
    const last = steps.at(-1);
    if (!settling || !last) throw new Error('the purchase was not settled');
    const late = play.clock.now() + 3_600_000;
    steps.push({ ...settling, at: late, seq: last.seq + 1 }, { ...settling, at: late + 90_001, seq: last.seq + 2 });
    const found = play.verdict().join('\n');
    expect(found).toMatch(/purchasesEnd: a payment was in question for more than 90 seconds/);
    expect(found).toMatch(/nothingIsOpen: a purchase is still settling/);
  });
});
