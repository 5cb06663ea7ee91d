/** The checkers of sub-accounts can fail: each is given the record of an honest world with one thing in it changed (PSD-AGT-SUB). */
import { beforeEach, describe, expect, it } from 'vitest';
import { peekFrame, type SubAccountStatus } from '../../../protocol/index.ts';
import { bodyOf } from '../../../sim/checkers/facts.ts';
import { ALWAYS, breaches, Inspector, type Invariant } from '../../../sim/checkers.ts';
import { Liar } from '../../../sim/scenario/lies.ts';
import { takeStep } from '../../../sim/scenario/run.ts';
import type { Lie, Step } from '../../../sim/scenario/schema.ts';
import { Stage } from '../../../sim/scenario/stage.ts';
import type { Movement } from '../../../sim/world-record.ts';
import { ACCOUNT_INVARIANTS } from './delegated-invariants.ts';

/** 20 at first, which two purchases use up; 10 more, which are too little for the third. */
const STORY: readonly Step[] = [
  { say: 'prepare the market report, spend at most 50 on data, start with 20, until friday' },
  { say: 'yes' },
  { press: {} },
  { payments: 2 },
  { say: 'put 10 yuan into the account' },
  { press: {} },
  { elapse: '5 s' },
  { say: 'freeze the account' },
  { account: 'frozen' },
  { say: 'unfreeze the account' },
  { press: {} },
  { account: 'available' },
  { say: 'close the account' },
  { account: 'cancelled' },
];

let stage: Stage;
beforeEach(() => {
  stage = new Stage('accounts');
  for (const step of STORY) expect({ step, problem: takeStep(stage, step) }).toEqual({ step, problem: undefined });
});

type Told = SubAccountStatus & { readonly seq: number };

/** What the PSP has told of the account in this state, first. */
function told(state: SubAccountStatus['state'], from = 0): Told {
  for (const { payload, seq } of stage.world.record.sent) {
    if (peekFrame(payload).type !== 'sub-account-result' || seq < from) continue;
    const { status } = bodyOf(payload).body as { readonly status?: SubAccountStatus };
    if (status?.state === state) return { ...status, seq };
  }
  throw new Error(`nobody told of an account that is ${state}`);
}

const asks = (payload: Uint8Array, operation: string) => bodyOf(payload).body.operation === operation;
const isFrom = (from: string, to: string) => (one: Movement) => one.from.startsWith(from) && one.to.startsWith(to);

/** The first movement between two kinds of pots, and where it stands. */
function moved(from: string, to: string): { readonly at: number; readonly movement: Movement } {
  const { movements } = stage.world.record;
  const at = movements.findIndex(isFrom(from, to));
  const movement = movements[at];
  if (!movement) throw new Error(`nothing moved from ${from} to ${to}`);
  return { at, movement };
}

function changeMovement(from: string, to: string, by: Partial<Movement>): void {
  const { at, movement } = moved(from, to);
  stage.world.record.movements[at] = { ...movement, ...by };
}

/** The books have a movement like one that there was once more, in its place in the order of things. */
function againMoved(from: string, to: string, by: Partial<Movement> = {}): void {
  const { movements } = stage.world.record;
  const { movement } = moved(from, to);
  movements.push({ ...movement, id: `${movement.id} again`, seq: stage.world.record.nextSeq(), ...by });
  movements.sort((one, other) => one.seq - other.seq);
}

/** The PSP has answered otherwise as well, the last time. */
function alsoTold(set: NonNullable<Lie['set']>): void {
  const { record } = stage.world;
  const like = record.sent.findLast(({ payload }) => peekFrame(payload).type === 'sub-account-result');
  if (!like) throw new Error('nothing was told of an account');
  const payload = new Liar(stage.world).told(like.payload, { set });
  record.sent.push({ ...like, seq: record.nextSeq(), payload });
}

/** The prompts have shown this instead of what was asked for. */
function showInstead(amount: string): void {
  const { presented } = stage.world.record;
  for (const [i, one] of presented.entries())
    if ('page' in one) {
      const lines = one.page.lines.map((line) => line.replace('10.00', amount));
      presented[i] = { ...one, page: { ...one.page, lines } };
    }
}

const TOP_UP = 'wallet:';

const DOCTORED: readonly (readonly [Invariant, what: string, doctor: () => void, finding: RegExp])[] = [
  [
    'accountOrdersAreShown',
    'T8: a prompt with another amount',
    () => showInstead('1.00'),
    /counter 2 was signed at a prompt that did not say how much/,
  ],
  [
    'accountOrdersAreShown',
    'T8: a prompt with an amount that ends like the one that was signed',
    () => showInstead('210.00'),
    /counter 2 was signed at a prompt that did not say how much/,
  ],
  [
    'accountsAreFilledByOrder',
    'T14: an account that begins with more than was signed',
    () => changeMovement(TOP_UP, 'sub:', { amountMinor: 5_000 }),
    /opened with another amount than was signed/,
  ],
  [
    'accountsAreFilledByOrder',
    'T2: an order that fills twice',
    () => againMoved(TOP_UP, 'sub:', { amountMinor: 1_000, seq: told('FROZEN').seq - 0.5 }),
    /filled without an order/,
  ],
  [
    'accountsAreFilledByOrder',
    'T18: an order that nobody has held for',
    () => stage.world.record.signatures.splice(2),
    /filled without an order/,
  ],
  [
    'accountsAreFilledByOrder',
    'T5: another amount than was ordered',
    () => {
      const { movements } = stage.world.record;
      const at = movements.findLastIndex(isFrom(TOP_UP, 'sub:'));
      movements[at] = { ...(movements[at] as Movement), amountMinor: 1_100 };
    },
    /filled without an order/,
  ],
  [
    'accountsAreFilledByOrder',
    'T5: another account than was meant',
    () => {
      const { movements } = stage.world.record;
      const at = movements.findLastIndex(isFrom(TOP_UP, 'sub:'));
      movements[at] = { ...(movements[at] as Movement), to: 'sub:another' };
    },
    /opened under no credential/,
  ],
  [
    'accountsAreFilledByOrder',
    'T14: more in all than the total',
    () => againMoved(TOP_UP, 'sub:', { amountMinor: 2_001, seq: told('FROZEN').seq - 0.5 }),
    /more than its credential lets it pay/,
  ],
  [
    'accountsAreFilledByOrder',
    'what is left coming back twice',
    () => againMoved('sub:', TOP_UP),
    /given back twice[\s\S]*less than nothing/,
  ],
  [
    'accountsAreFilledByOrder',
    'a part of what is left that stays away',
    () => changeMovement('sub:', TOP_UP, { amountMinor: 999 }),
    /not given back as a whole/,
  ],
  [
    'accountsAreFilledByOrder',
    'T14: more promised than is there, and let go of before anybody looks',
    () => {
      const seq = told('FROZEN').seq - 0.5;
      againMoved('sub:', 'held:', { id: 'hold another', amountMinor: 9_000, seq });
      const { from: to, to: from } = moved('sub:', 'held:').movement;
      againMoved('sub:', 'held:', { id: 'release another', amountMinor: 9_000, seq, from, to });
    },
    /holds less than nothing/,
  ],
  [
    'accountsAreFilledByOrder',
    'money for an account that is over',
    () => againMoved(TOP_UP, 'sub:', { amountMinor: 1_000 }),
    /after it had been given back/,
  ],
  [
    'stoppedAccountsPayNothing',
    'T17: a promise out of a frozen account',
    () => againMoved('sub:', 'held:', { amountMinor: 1, seq: told('FROZEN').seq + 0.5 }),
    /the PSP had said that it is FROZEN/,
  ],
  [
    'stoppedAccountsPayNothing',
    'T17: what was promised before being paid out of a frozen account',
    () => againMoved('held:', 'payee:', { seq: told('FROZEN').seq + 0.5 }),
    /the PSP had said that it is FROZEN/,
  ],
  [
    'stoppedAccountsPayNothing',
    'T17: an account that pays again by an order from before the last freeze',
    () => {
      const { signatures, sent } = stage.world.record;
      const freeze = sent.find(
        ({ payload }) => peekFrame(payload).type === 'sub-account-request' && asks(payload, 'FREEZE'),
      );
      const order = signatures[3];
      if (!freeze || !order) throw new Error('nothing was frozen and unfrozen');
      signatures[3] = { ...order, seq: freeze.seq - 0.5 };
      const { seq } = told('AVAILABLE', told('FROZEN').seq);
      againMoved('sub:', 'held:', { id: 'hold another', seq: seq + 0.2 });
      againMoved('held:', 'payee:', { id: 'pay another', seq: seq + 0.4 });
    },
    /the PSP had said that it is FROZEN/,
  ],
  [
    'stoppedAccountsPayNothing',
    'T17: money by an order from before the last freeze',
    () => {
      const { movements } = stage.world.record;
      const at = movements.findLastIndex(isFrom(TOP_UP, 'sub:'));
      movements[at] = { ...(movements[at] as Movement), seq: told('FROZEN').seq + 0.5 };
    },
    /the PSP had said that it is FROZEN/,
  ],
  [
    'stoppedAccountsPayNothing',
    'T17: what was promised before a freeze being paid once the account pays again',
    () => {
      const { seq } = told('AVAILABLE', told('FROZEN').seq);
      againMoved('sub:', 'held:', { id: 'hold another', seq: told('FROZEN').seq - 0.5 });
      againMoved('held:', 'payee:', { id: 'pay another', seq: seq + 0.5 });
    },
    /the PSP had said that it is FROZEN/,
  ],
  [
    'stoppedAccountsPayNothing',
    'T17: a payment out of a closed account',
    () => againMoved('held:', 'payee:'),
    /the PSP had said that it is CANCELLED/,
  ],
  [
    'stoppedAccountsPayNothing',
    'what is left in a closed account',
    () => void stage.world.record.movements.splice(moved('sub:', TOP_UP).at, 1),
    /closed and holds money still/,
  ],
  [
    'accountsAreToldTruly',
    'a balance that never was',
    () => alsoTold({ 'status.balanceMinor': 123 }),
    /holds 123, which it did not between the question and the answer/,
  ],
  [
    'accountsAreToldTruly',
    'T4: a balance of long ago',
    () => alsoTold({ 'status.balanceMinor': 2_000 }),
    /holds 2000, which it did not between the question and the answer/,
  ],
  [
    'accountsAreToldTruly',
    'T4: a closed account that is open again',
    () => alsoTold({ 'status.state': 'AVAILABLE', 'status.keyState': 'ENABLED', 'status.version': { plus: 1 } }),
    /was closed has changed/,
  ],
  [
    'accountsAreToldTruly',
    'two states of one version',
    () => alsoTold({ 'status.state': 'FROZEN' }),
    /one version of an account has two states/,
  ],
  [
    'accountsAreToldTruly',
    'T18: an account that pays again without a press',
    () => stage.world.record.signatures.splice(3),
    /unfrozen without an order/,
  ],
];

describe('the checkers of sub-accounts', () => {
  it('find nothing in the record of an honest world', () => {
    expect(stage.verdict()).toEqual([]);
    const kinds = stage.world.record.movements.map(({ from, to }) => `${from} ${to}`.replaceAll(/:\S+/gu, ''));
    expect(kinds).toEqual(expect.arrayContaining(['wallet sub', 'sub held', 'held payee', 'sub wallet']));
  });

  it.each(DOCTORED)('%s finds %s', (invariant, _what, doctor, finding) => {
    doctor();
    expect(ALWAYS[invariant](stage.world.record, stage.about).join('\n')).toMatch(finding);
    expect(breaches(stage.world.record, stage.about).join('\n')).toContain(`${invariant}: `);
  });

  it('look again once money has moved, though nothing else happened', () => {
    const { record } = stage.world;
    const inspector = new Inspector(record, stage.about);
    expect(inspector.look()).toBe(true);
    const { movement } = moved('held:', 'payee:');
    record.seePosting({ ...movement, id: 'pay another' });
    expect(inspector.look()).toBe(false);
  });

  it('are each shown to be able to fail', () => {
    expect(new Set(DOCTORED.map(([invariant]) => invariant))).toEqual(new Set(ACCOUNT_INVARIANTS));
  });

  it('let an account pay again once the PSP has the wearer’s order, and not before (T17)', () => {
    const { seq } = told('AVAILABLE', told('FROZEN').seq);
    againMoved('sub:', 'held:', { id: 'hold another', seq: seq + 0.2 });
    againMoved('held:', 'payee:', { id: 'pay another', seq: seq + 0.4 });
    expect(ALWAYS.stoppedAccountsPayNothing(stage.world.record, stage.about)).toEqual([]);
  });

  it('find in the end what the device knows and nobody has told, and what is not answered (ACTC-DEL-020)', () => {
    const { sent } = stage.world.record;
    const kept = sent.filter(({ payload }) => peekFrame(payload).type !== 'sub-account-result');
    sent.splice(0, sent.length, ...kept);
    expect(stage.verdict().join('\n')).toMatch(/accountsSettle: the device knows of an account what nobody has told/);
    const { stored } = stage.world.record;
    stored.splice(stored.findIndex(({ seq }) => seq > (stage.world.record.signatures[2]?.seq ?? 0)));
    expect(stage.verdict().join('\n')).toMatch(/accountsSettle: what was asked of an account is not answered/);
  });
});
