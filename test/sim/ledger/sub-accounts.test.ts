import { describe, expect, it } from 'vitest';
import {
  nextSubAccountState,
  SUB_ACCOUNT_TRANSITIONS,
  type SubAccountOperation,
  type SubAccountState,
} from '../../../protocol/index.ts';
import type { DelegationLedger } from '../../../sim/ledger/delegation-ledger.ts';
import type { SubAccountLimits, SubAccountOrder } from '../../../sim/ledger/orders.ts';
import { after, DELEGATION, type Desk, desk, executed, START, SUB_ACCOUNT, spend, terms, WEARER } from './desk.ts';

const { subAccountId } = SUB_ACCOUNT;
const about = { account: WEARER, subAccountId };
const plain = (
  operation: 'FREEZE' | 'UNFREEZE' | 'CANCEL' | 'QUERY',
  requestId: string = operation,
): SubAccountOrder => ({
  ...about,
  requestId,
  operation,
});
const topUp = (amountMinor: number, requestId = 'top-up'): SubAccountOrder => ({
  ...about,
  requestId,
  operation: 'TOP_UP',
  currency: 'CNY',
  amountMinor,
});
const opening = (limits?: SubAccountLimits): SubAccountOrder => ({
  account: WEARER,
  requestId: 'open',
  operation: 'OPEN',
  currency: 'CNY',
  ...SUB_ACCOUNT,
  limits,
});

function order(operation: SubAccountOperation, requestId: string): SubAccountOrder {
  if (operation === 'OPEN') return { ...opening(), requestId };
  return operation === 'TOP_UP' ? topUp(500, requestId) : plain(operation, requestId);
}

function inState(state: SubAccountState | undefined): Desk {
  const made = desk();
  if (state !== undefined) made.ledger.subAccount(opening());
  if (state === 'FROZEN') made.ledger.subAccount(plain('FREEZE', 'first'));
  if (state === 'CANCELLED') made.ledger.subAccount(plain('CANCEL', 'first'));
  return made;
}

const standing = (ledger: DelegationLedger) => {
  const told = ledger.subAccount(plain('QUERY'));
  return told.kind === 'done' ? told.status : undefined;
};

describe('an operation on a sub-account', () => {
  const STATES = [undefined, 'AVAILABLE', 'FROZEN', 'CANCELLED'] as const;
  const OPERATIONS = ['OPEN', 'TOP_UP', 'FREEZE', 'UNFREEZE', 'CANCEL', 'QUERY'] as const;
  const pairs = STATES.flatMap((state) => OPERATIONS.map((operation) => [state, operation] as const));

  it.each(pairs)('on one that is %s: %s is done if ACT has that way, and else changes nothing', (state, operation) => {
    const { ledger } = inState(state);
    const before = standing(ledger);
    const told = ledger.subAccount(order(operation, 'second'));
    const next = nextSubAccountState(state, operation);
    if (next === undefined) {
      const failure = {
        FROZEN: 'FROZEN',
        CANCELLED: 'CANCELLED',
        AVAILABLE: 'BINDING_MISMATCH',
        none: 'NOT_OPENED',
      } as const;
      expect(told).toEqual({ kind: 'refused', failure: failure[state ?? 'none'] });
      // A stop of what is stopped makes whatever was ordered before it old, and nothing else (T17).
      const isStop = operation === 'FREEZE' && state === 'FROZEN';
      expect(standing(ledger)).toEqual(before && { ...before, version: before.version + (isStop ? 1 : 0) });
    } else {
      const keyState = next === 'AVAILABLE' ? 'ENABLED' : 'DISABLED';
      expect(told).toMatchObject({ kind: 'done', status: { state: next, keyState, ...SUB_ACCOUNT } });
    }
  });

  it('has a way for each row of ACT’s table', () => {
    const legal = pairs.filter(([state, operation]) => nextSubAccountState(state, operation) !== undefined);
    expect(legal).toHaveLength(SUB_ACCOUNT_TRANSITIONS.length);
  });

  it('T17: counts up, so that what was ordered before another is known to be old; payments do not count', () => {
    const { ledger } = desk({ instrument: SUB_ACCOUNT });
    const versions = [topUp(500), plain('FREEZE'), plain('UNFREEZE'), topUp(500)].map((one) => {
      ledger.subAccount(one);
      return standing(ledger)?.version;
    });
    expect(versions).toEqual([1, 2, 3, 3]);
    ledger.reserve(spend('r1', 100), START);
    expect(standing(ledger)?.version).toBe(3);
  });

  it('T2: is done once for its request number; another under it is none', () => {
    const { ledger, pot } = inState('AVAILABLE');
    for (let i = 0; i < 3; i++) expect(ledger.subAccount(topUp(500))).toMatchObject({ kind: 'done' });
    expect(ledger.subAccount(topUp(501))).toEqual({ kind: 'refused', failure: 'BINDING_MISMATCH' });
    expect([pot('sub:sub-1'), ledger.wallet(WEARER, 'CNY')]).toEqual([500, 999_500]);
  });

  it('that was refused stays refused under its number', () => {
    const { ledger } = inState('AVAILABLE');
    expect(ledger.subAccount(topUp(1_000_001))).toEqual({ kind: 'refused', failure: 'INSUFFICIENT_BALANCE' });
    ledger.fund(WEARER, 'CNY', 1_000_000, 'later');
    expect(ledger.subAccount(topUp(1_000_001))).toEqual({ kind: 'refused', failure: 'INSUFFICIENT_BALANCE' });
    expect(standing(ledger)).toMatchObject({ balanceMinor: 0 });
  });

  it('T5: of another wearer, or in another currency, is refused', () => {
    const { ledger } = inState('AVAILABLE');
    for (const wrong of [{ ...plain('CANCEL'), account: 'wearer-2' }, { ...topUp(1), currency: 'USD' } as const])
      expect(ledger.subAccount(wrong)).toEqual({ kind: 'refused', failure: 'BINDING_MISMATCH' });
    const other = ledger.subAccount({ ...plain('QUERY'), account: 'wearer-2' });
    expect(other).toEqual({ kind: 'refused', failure: 'BINDING_MISMATCH' });
  });

  it.each([0, -1, 1.5])('that tops up with %s minor units is a defect of the caller', (amountMinor) => {
    expect(() => inState('AVAILABLE').ledger.subAccount(topUp(amountMinor))).toThrow('whole minor units');
  });
});

describe('a cancelled sub-account', () => {
  it('has given the rest to the wallet, keeps what open payments hold for them, and gives that to the wallet too', () => {
    const { ledger, pot } = desk({ instrument: SUB_ACCOUNT });
    ledger.reserve(spend('r1', 4_000), START);
    ledger.subAccount(plain('CANCEL'));
    expect([pot('sub:sub-1'), pot(`held:${DELEGATION}`), ledger.wallet(WEARER, 'CNY')]).toEqual([0, 4_000, 996_000]);
    ledger.release('r1', 'EXECUTION_FAILED', START);
    expect([pot('sub:sub-1'), pot(`held:${DELEGATION}`), ledger.wallet(WEARER, 'CNY')]).toEqual([0, 0, 1_000_000]);
  });

  it('is what one becomes that was opened for a credential, when that ends; a suspension leaves it', () => {
    const { ledger, pay } = desk({ instrument: SUB_ACCOUNT });
    pay('r1', 100);
    const change = { delegationId: DELEGATION, by: 'PRINCIPAL' } as const;
    ledger.change({ ...change, changeId: 'c1', to: 'Suspended' }, START);
    expect(standing(ledger)).toMatchObject({ state: 'AVAILABLE', balanceMinor: 9_900 });
    ledger.change({ ...change, changeId: 'c2', to: 'Revoked' }, START);
    expect(standing(ledger)).toMatchObject({ state: 'CANCELLED', balanceMinor: 0 });
    expect(ledger.wallet(WEARER, 'CNY')).toBe(999_900);
  });

  it('is what it becomes at the end of the window, frozen or not', () => {
    const { ledger } = desk({ instrument: SUB_ACCOUNT, validUntil: after(10) });
    ledger.subAccount(plain('FREEZE'));
    ledger.status(DELEGATION, after(10));
    expect(standing(ledger)).toMatchObject({ state: 'CANCELLED', balanceMinor: 0 });
  });

  it('does not become of one that the wearer has opened: that outlives the credential it pays for', () => {
    const { ledger } = inState('AVAILABLE');
    ledger.open(terms({ delegationId: 'd1', instrument: SUB_ACCOUNT }), START);
    ledger.change({ delegationId: 'd1', changeId: 'c1', to: 'Revoked', by: 'PRINCIPAL' }, START);
    expect(standing(ledger)).toMatchObject({ state: 'AVAILABLE', balanceMinor: 10_000 });
  });
});

describe('a payment out of a sub-account', () => {
  /** Of 100 minor units, in a sub-account that the wearer has opened with these limits. */
  function paying(limits: SubAccountLimits): Desk {
    const made = desk();
    made.ledger.subAccount(opening(limits));
    made.ledger.open(terms({ delegationId: 'd1', instrument: SUB_ACCOUNT }), START);
    return made;
  }
  const ask = (ledger: DelegationLedger, id: string, amountMinor: number, now = START) =>
    ledger.reserve(spend(id, amountMinor, { delegationId: 'd1' }), now);

  it('takes the balance and no more, though the wallet has it', () => {
    const { ledger } = desk({ instrument: SUB_ACCOUNT });
    const second = terms({
      delegationId: 'd1',
      maxTotalMinor: 5_000,
      instrument: { ...SUB_ACCOUNT, subAccountId: 'sub-2' },
    });
    ledger.open(second, START);
    expect(ask(ledger, 'r1', 5_000)).toEqual({ kind: 'reserved' });
    expect(ledger.commit('r1', executed('r1'), START)).toEqual({ kind: 'committed' });
    expect(standing(ledger)).toMatchObject({ balanceMinor: 10_000 });
  });

  it('stays inside each limit, promised money counted, and out of it after its end', () => {
    const { ledger } = paying({ maxSingleMinor: 100, maxTotalMinor: 150, validUntil: after(10) });
    const refused = (error: string) => ({ kind: 'refused', error });
    expect(ask(ledger, 'r1', 101)).toEqual(refused('SINGLE_LIMIT_EXCEEDED'));
    expect(ask(ledger, 'r2', 100)).toEqual({ kind: 'reserved' });
    expect(ask(ledger, 'r3', 51)).toEqual(refused('TOTAL_LIMIT_EXCEEDED'));
    ledger.release('r2', 'EXECUTION_FAILED', START);
    expect(ask(ledger, 'r4', 51, after(9))).toEqual({ kind: 'reserved' });
    expect(ask(ledger, 'r5', 1, after(10))).toEqual(refused('SUB_ACCOUNT_INVALID'));
    expect(ledger.commit('r4', executed('r4'), after(10))).toEqual(refused('SUB_ACCOUNT_INVALID'));
  });

  it('T17: that was promised before a freeze is void, also where the account pays again; one promised after is not', () => {
    const { ledger } = paying({});
    ask(ledger, 'before', 100);
    ledger.subAccount(topUp(500));
    ask(ledger, 'filled', 100);
    expect(ledger.commit('filled', executed('filled'), START)).toEqual({ kind: 'committed' });
    ledger.subAccount(plain('FREEZE'));
    ledger.subAccount(plain('UNFREEZE'));
    ask(ledger, 'after', 100);
    const refused = { kind: 'refused', error: 'SUB_ACCOUNT_INVALID' };
    expect(ledger.commit('before', executed('before'), START)).toEqual(refused);
    expect(ledger.commit('after', executed('after'), START)).toEqual({ kind: 'committed' });
    expect(standing(ledger)).toMatchObject({ balanceMinor: 10_300 });
  });

  it('T17: a top-up between promise and commit voids nothing', () => {
    const { ledger } = paying({});
    ask(ledger, 'r1', 100);
    ledger.subAccount(topUp(500));
    expect(ledger.commit('r1', executed('r1'), START)).toEqual({ kind: 'committed' });
  });

  it('that fills its limit to the last minor unit is committed: what it promised does not count twice', () => {
    const { ledger } = paying({ maxSingleMinor: 100, maxTotalMinor: 100 });
    ask(ledger, 'r1', 100);
    expect(ledger.commit('r1', executed('r1'), START)).toEqual({ kind: 'committed' });
  });
});
