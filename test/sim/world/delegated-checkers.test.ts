/** The checkers of delegated payments can fail: each is given the record of an honest world with one thing in it changed. */
import { beforeEach, describe, expect, it } from 'vitest';
import { decodeRecord } from '../../../device/index.ts';
import {
  digestOf,
  type Message,
  newId,
  peekFrame,
  SERVICE_SESSION,
  sealFrame,
  signObject,
  softSigningKey,
  utf8,
} from '../../../protocol/index.ts';
import { bodyOf } from '../../../sim/checkers/facts.ts';
import { ALWAYS, breaches, type Invariant } from '../../../sim/checkers.ts';
import { obedient } from '../../../sim/fuzz/obedient.ts';
import { Liar } from '../../../sim/scenario/lies.ts';
import { takeStep } from '../../../sim/scenario/run.ts';
import type { Lie, Step } from '../../../sim/scenario/schema.ts';
import { Stage } from '../../../sim/scenario/stage.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { DELEGATED_INVARIANTS } from './delegated-invariants.ts';
import { objectsOf } from './objects-of.ts';

const STORY: readonly Step[] = [
  { say: 'every weekday before nine order an iced latte, at most 30 a day, for four weeks' },
  { say: 'yes' },
  { press: {} },
  { elapse: '24 h' },
  { say: 'pause the iced latte' },
  { press: {} },
  { elapse: '10 s' },
  { say: 'cancel the iced latte' },
  { press: {} },
  { elapse: '10 s' },
];

let stage: Stage;
beforeEach(() => {
  stage = new Stage('doctored');
  for (const step of STORY) expect({ step, problem: takeStep(stage, step) }).toEqual({ step, problem: undefined });
});

const typeOf = ({ payload }: { readonly payload: Uint8Array }) => peekFrame(payload).type;

function drop(...types: readonly string[]): void {
  const { sent } = stage.world.record;
  const kept = sent.filter((one) => !types.includes(typeOf(one)));
  if (kept.length === sent.length) throw new Error(`no ${types} was sent`);
  sent.splice(0, sent.length, ...kept);
}

/** The sender of the latest such frame says something else as well, properly signed. */
function alsoSaid(frame: Lie['frame'], inside: NonNullable<Lie['inside']>, set: NonNullable<Lie['set']>): void {
  const { record } = stage.world;
  const like = record.sent.findLast((one) => typeOf(one) === frame);
  if (!like) throw new Error(`no ${frame} was sent`);
  record.sent.push({
    ...like,
    seq: record.nextSeq(),
    payload: new Liar(stage.world).told(like.payload, { inside, set }),
  });
}

const receipt = () => {
  const [first] = objectsOf('receipt', stage.world.record.sent, stage.about).values();
  if (!first) throw new Error('nothing was paid');
  return first.value;
};

/** The PSP gives back what it likes of a trade. */
function refunded(tradeNo: string, amountMinor: number): void {
  const { world, about } = stage;
  const { psp, tenant } = world.tenant;
  const { orderNo, payee, currency, paidAt } = receipt();
  const value = { requestId: newId(new Uint8Array(16)), tradeNo, orderNo, payee, amountMinor, currency };
  const sum = { refundedTotalMinor: amountMinor, refundedAt: paidAt };
  const refund = signObject('refund', { ...value, ...sum }, softSigningKey(psp.objectSeed));
  const message: Message = { type: 'refund-notice', body: { refund } };
  const from = { party: psp.party, role: 'psp' } as const;
  const address = { tenant, from, to: { party: about.device, role: 'device' }, session: SERVICE_SESSION } as const;
  const life = { iat: paidAt, lifetimeS: 60, cti: newId(new Uint8Array(16)) };
  const payload = sealFrame(message, address, life, softSigningKey(psp.frameSeed));
  const stamp = { at: 0, seq: world.record.nextSeq(), party: psp.party, life: 1 };
  world.record.sent.push({ ...stamp, topic: '', payload });
}

/** The request is signed as one that the agent may choose what to buy with, and is paid as such. */
function paidByOwnChoice(): void {
  const { record, tenant } = stage.world;
  const like = record.sent.findLast((one) => typeOf(one) === 'delegated-pay');
  const told = like && obedient(tenant).wrong(like.payload, new SeededRandom('own choice'));
  const own = told?.find(({ what }) => what === 'its own choice');
  const request = own && bodyOf(own.payload).body.request;
  if (!like || !own || !(request instanceof Uint8Array)) throw new Error('nothing was asked for');
  record.sent.push({ ...like, seq: record.nextSeq(), payload: own.payload });
  alsoSaid('spend-notice', 'receipt', { confirmationDigest: digestOf(request) });
}

const OTHER_TRADE = '0'.repeat(20);

/** The invariant, what was done, and the sentence that finds it. */
const DOCTORED: readonly (readonly [Invariant, what: string, doctor: () => void, finding: RegExp])[] = [
  [
    'spendsAreCovered',
    'no credential was sent',
    () => drop('delegation-confirm', 'delegation-task'),
    /without a credential/,
  ],
  [
    'spendsAreCovered',
    'T13: a key that signed nothing',
    () => stage.world.record.signatures.splice(0),
    /nobody who held/,
  ],
  ['spendsAreCovered', 'nothing ever active', () => drop('delegation-status'), /never said was active/],
  [
    'spendsAreCovered',
    'T29: a receipt of another amount',
    () => alsoSaid('spend-notice', 'receipt', { amountMinor: { plus: 1 } }),
    /another amount than was asked for/,
  ],
  [
    'spendsAreCovered',
    'T29: a receipt for another payee',
    () => alsoSaid('spend-notice', 'receipt', { payee: 'far-harbor' }),
    /another payee than was asked for/,
  ],
  [
    'spendsAreCovered',
    'a payment after the end of the window',
    () => alsoSaid('spend-notice', 'receipt', { paidAt: { plus: 40 * 86_400 } }),
    /paid after the end/,
  ],
  [
    'spendsAreCovered',
    'T2: a payment of a request of hours ago',
    () => alsoSaid('spend-notice', 'receipt', { paidAt: { plus: 7_200 } }),
    /asked for long before/,
  ],
  [
    'spendsAreCovered',
    'T16: a payment of a request of the future',
    () => alsoSaid('spend-notice', 'receipt', { paidAt: { plus: -7_200 } }),
    /asked for in the future/,
  ],
  [
    'spendsAreCovered',
    'PSD-PAY-DEL: a token that the PSP gave to nobody',
    () => drop('instrument'),
    /paid with what the PSP gave for something else/,
  ],
  ['spendsAreCovered', 'T13: a choice of the agent’s own', () => paidByOwnChoice(), /the agent’s own choice/],
  [
    'spendsAreBounded',
    'T14: two more payments on one day',
    () => {
      alsoSaid('spend-notice', 'receipt', { tradeNo: OTHER_TRADE });
      alsoSaid('spend-notice', 'receipt', { tradeNo: OTHER_TRADE.replace(/0$/, '1') });
    },
    /more was paid in a day/,
  ],
  [
    'spendsAreBounded',
    'T14: more promised than is allowed',
    () => alsoSaid('delegation-status', 'delegation-status', { reservedMinor: 70_000 }),
    /paid and promised/,
  ],
  [
    'spendsAreSingle',
    'T15: a second trade for one request',
    () => alsoSaid('spend-notice', 'receipt', { tradeNo: OTHER_TRADE }),
    /a request was paid twice/,
  ],
  [
    'stoppedPaysNothing',
    'T17: a receipt more than were counted at the revocation',
    () => alsoSaid('spend-notice', 'receipt', { tradeNo: OTHER_TRADE }),
    /after a credential was Revoked/,
  ],
  [
    'stoppedPaysNothing',
    'T17: a sum that moves while it is stopped',
    () => alsoSaid('delegation-status', 'delegation-status', { spends: { plus: 1 }, spentMinor: { plus: 100 } }),
    /paid while a credential was Revoked/,
  ],
  [
    'stoppedPaysNothing',
    'what was revoked goes on',
    () => alsoSaid('delegation-status', 'delegation-status', { state: 'Active', version: { plus: 1 } }),
    /was over has changed/,
  ],
  [
    'refundsAreBounded',
    'T29: more than was paid',
    () => refunded(receipt().tradeNo, 999_999),
    /more went back of trade/,
  ],
  ['refundsAreBounded', 'T29: of a trade of nobody', () => refunded(OTHER_TRADE, 1), /which nobody has paid/],
  [
    'jsonIsOfWhatWasHeld',
    'a credential signed in JSON only',
    () => {
      const { signatures } = stage.world.record;
      const last = signatures.at(-1);
      if (last) signatures.push({ ...last, toBeSigned: utf8('{"max_total_amount":1}') });
    },
    /that was not held for/,
  ],
];

describe('the checkers of delegated payments', () => {
  it('find nothing in the record of an honest world', () => {
    expect(stage.verdict()).toEqual([]);
  });

  it.each(DOCTORED)('%s finds %s', (invariant, _what, doctor, finding) => {
    doctor();
    expect(ALWAYS[invariant](stage.world.record, stage.about).join('\n')).toMatch(finding);
    expect(breaches(stage.world.record, stage.about).join('\n')).toContain(`${invariant}: `);
  });

  it('are each shown to be able to fail', () => {
    expect(new Set(DOCTORED.map(([invariant]) => invariant))).toEqual(new Set(DELEGATED_INVARIANTS));
  });

  it('find a signature of bounds that were not on the display', () => {
    const { presented } = stage.world.record;
    const at = presented.findIndex((one) => 'page' in one && one.page.title !== '');
    const one = presented[at];
    if (!one || !('page' in one)) throw new Error('nothing was shown');
    presented[at] = { ...one, page: { ...one.page, lines: [...one.page.lines, 'free'] } };
    expect(stage.verdict().join('\n')).toMatch(/signedIsShown: counter \d+ signs what was not shown/);
  });

  it('find a change of state that was signed without a hold', () => {
    const { edges } = stage.world.record;
    edges.splice(edges.length - 2);
    expect(stage.verdict().join('\n')).toMatch(/signedIsHeld: counter 3 was signed without a press/);
  });

  it('T18: find what was signed by ear after the device was taken off, and what was signed without a prompt', () => {
    const byEar = new Stage('by ear', { display: 'voice' });
    const [wish, yes, press, , pause] = STORY as readonly [Step, Step, Step, Step, Step];
    for (const step of [wish, yes, { elapse: '90 s' }, press, { elapse: '10 s' }, pause, { elapse: '20 s' }, press])
      expect({ step, problem: takeStep(byEar, step) }).toEqual({ step, problem: undefined });
    expect(takeStep(byEar, { elapse: '10 s' })).toBe(undefined);
    const { record } = byEar.world;
    const { at, seq, party, life } = record.signatures.at(-1) ?? { at: 0, seq: 0, party: '', life: 0 };
    expect(ALWAYS.signedInTime(record, byEar.about)).toEqual([]);
    record.worn.push({ at, seq: seq - 0.5, party, life, worn: false });
    expect(ALWAYS.signedInTime(record, byEar.about)).toEqual(['counter 2 was signed after the device was taken off']);
    record.presented.splice(0);
    expect(ALWAYS.signedInTime(record, byEar.about).join('\n')).toMatch(/counter 2 was signed without a prompt/);
  });

  it('find in the end a delegated debit whose receipt the device has not, and sums that differ', () => {
    forget((frame) => frame !== undefined && peekFrame(frame).type === 'spend-notice');
    const found = stage.verdict().join('\n');
    expect(found).toMatch(/spendsAreKnown: the device has no receipt of delegated trade/);
  });

  it('find in the end a delegation that hangs, and one of which the PSP says otherwise', () => {
    const { stored } = stage.world.record;
    const issuing = stored.findIndex(({ records }) => states(records).some(({ at }) => at === 'issuing'));
    stored.splice(issuing + 1);
    expect(stage.verdict().join('\n')).toMatch(/delegationsSettle: a delegation is still issuing/);
  });
});

function states(records: readonly Uint8Array[]) {
  return records.flatMap((bytes) => {
    try {
      return decodeRecord(bytes).delegations?.changed ?? [];
    } catch {
      return [];
    }
  });
}

/** Takes entries out of the device's journal by the frame that they received. */
function forget(isIt: (received: Uint8Array | undefined) => boolean): void {
  const { stored } = stage.world.record;
  for (const [i, one] of stored.entries()) {
    if (one.party !== stage.about.device || one.disk !== 'journal') continue;
    stored[i] = { ...one, records: one.records.filter((bytes) => !isIt(decodeRecord(bytes).received)) };
  }
}
