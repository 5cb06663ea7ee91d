import { describe, expect, it } from 'vitest';
import { type IacState, iacTransition, type LifecycleActor } from '../../../protocol/index.ts';
import type { Change, DelegationTerms } from '../../../sim/ledger/orders.ts';
import { after, DELEGATION, type Desk, desk, START, SUB_ACCOUNT, spend, terms, WEARER } from './desk.ts';

const STATES: readonly IacState[] = ['Active', 'Suspended', 'Revoked', 'Expired'];
const ACTORS: readonly LifecycleActor[] = ['PRINCIPAL', 'AGENT', 'RISK_CONTROL', 'SYSTEM'];
const END = after(100);

const change = (to: IacState, by: LifecycleActor, changed: Partial<Change> = {}): Change => ({
  delegationId: DELEGATION,
  changeId: `${to} by ${by}`,
  to,
  by,
  ...changed,
});

/** A credential in this state, before its end. */
function inState(state: IacState): Desk {
  const made = desk({ validUntil: END });
  if (state === 'Expired') made.ledger.status(DELEGATION, END);
  else if (state !== 'Active') made.ledger.change(change(state, 'PRINCIPAL', { changeId: 'first' }), START);
  return made;
}

describe('a change of state', () => {
  const pairs = STATES.flatMap((from) => STATES.flatMap((to) => ACTORS.map((by) => [from, to, by] as const)));

  it.each(pairs)('T4: from %s to %s by %s is made if ACT has that way, and else changes nothing', (from, to, by) => {
    const { ledger } = inState(from);
    const before = ledger.status(DELEGATION, START);
    expect(before?.state).toBe(from);
    const told = ledger.change(change(to, by), START);
    // The end comes by the clock, not by being asked for; that it has come may be told again.
    const legal = to !== 'Expired' && iacTransition(from, to, by) !== undefined;
    const repeated = from === 'Expired' && to === 'Expired' && by === 'SYSTEM';
    expect(told.kind).toBe(legal ? 'changed' : repeated ? 'repeated' : 'illegal');
    const version = (before?.version ?? 0) + 1;
    expect(ledger.status(DELEGATION, START)).toEqual(legal ? { ...before, state: to, version } : before);
    expect(told.status).toEqual(ledger.status(DELEGATION, START));
  });

  it('T4: takes the next version only: an older one, a repeated one and one from the future are stale', () => {
    const { ledger } = inState('Suspended');
    for (const version of [0, 1, 3, 65_535])
      expect(ledger.change(change('Revoked', 'PRINCIPAL', { changeId: `v${version}`, version }), START)).toMatchObject({
        kind: 'stale',
        status: { state: 'Suspended', version: 1 },
      });
    const made = ledger.change(change('Revoked', 'PRINCIPAL', { version: 2 }), START);
    expect(made).toMatchObject({ kind: 'changed', status: { state: 'Revoked', version: 2 } });
  });

  it('T2: is made once for its id, and tells how things stand now; another change under the id is none', () => {
    const { ledger } = desk();
    const suspend = change('Suspended', 'PRINCIPAL', { version: 1 });
    ledger.change(suspend, START);
    ledger.change(change('Active', 'PRINCIPAL', { version: 2 }), START);
    const status = { state: 'Active', version: 2 };
    expect(ledger.change(suspend, after(1))).toMatchObject({ kind: 'repeated', status });
    for (const other of [{ version: 3 }, { to: 'Revoked' }, { by: 'RISK_CONTROL' }] as const)
      expect(ledger.change({ ...suspend, ...other }, START)).toMatchObject({ kind: 'illegal', status });
  });

  it('that was refused stays refused under its id, when it would be legal now', () => {
    const { ledger } = desk();
    const resume = change('Active', 'RISK_CONTROL');
    const late = change('Suspended', 'PRINCIPAL', { version: 2, changeId: 'late' });
    expect(ledger.change(resume, START).kind).toBe('illegal');
    expect(ledger.change(late, START).kind).toBe('stale');
    ledger.change(change('Suspended', 'RISK_CONTROL'), START);
    expect(ledger.change(resume, START)).toMatchObject({ kind: 'illegal', status: { state: 'Suspended' } });
    ledger.change(change('Active', 'RISK_CONTROL', { changeId: 'again' }), START);
    expect(ledger.change(late, START)).toMatchObject({ kind: 'stale', status: { state: 'Active' } });
  });

  it('of a credential nobody knows is unknown, also once there is one', () => {
    const { ledger } = desk();
    const revoke = change('Revoked', 'AGENT', { delegationId: 'd1' });
    expect(ledger.change(revoke, START)).toEqual({ kind: 'unknown' });
    ledger.open(terms({ delegationId: 'd1' }), START);
    expect(ledger.change(revoke, START)).toEqual({ kind: 'unknown' });
    expect(ledger.status('d1', START)?.state).toBe('Active');
  });
});

describe('the end of the window', () => {
  it.each(['Active', 'Suspended'] as const)('T16: ends an %s credential when it is first seen, for good', (state) => {
    const { ledger } = inState(state);
    const version = state === 'Active' ? 1 : 2;
    expect(ledger.status(DELEGATION, after(99))).toMatchObject({ state, version: version - 1 });
    expect(ledger.status(DELEGATION, END)).toMatchObject({ state: 'Expired', version });
    expect(ledger.status(DELEGATION, START)).toMatchObject({ state: 'Expired', version });
    expect(ledger.reserve(spend('r1', 1), START)).toEqual({ kind: 'refused', error: 'IAC_EXPIRED' });
  });

  it('leaves a revoked credential revoked', () => {
    expect(inState('Revoked').ledger.status(DELEGATION, END)).toMatchObject({ state: 'Revoked', version: 1 });
  });

  it('is one change, whether the clock is told of it or a payment meets it first', () => {
    const { ledger } = inState('Active');
    expect(ledger.change(change('Expired', 'SYSTEM'), after(99)).kind).toBe('illegal');
    const told = ledger.change(change('Expired', 'SYSTEM', { changeId: 'tick' }), END);
    expect(told).toMatchObject({ kind: 'changed', status: { state: 'Expired', version: 1 } });
    const other = inState('Active').ledger;
    expect(other.reserve(spend('r1', 1), END)).toEqual({ kind: 'refused', error: 'IAC_EXPIRED' });
    const later = other.change(change('Expired', 'SYSTEM', { changeId: 'tick' }), END);
    expect(later).toMatchObject({ kind: 'repeated', status: { state: 'Expired', version: 1 } });
  });

  it('lets no late change through', () => {
    const { ledger } = inState('Suspended');
    expect(ledger.change(change('Active', 'PRINCIPAL', { version: 2 }), END).kind).toBe('illegal');
  });

  it('does not end a payment on its way whose outcome is then a failure: its money goes back', () => {
    const { ledger } = inState('Active');
    ledger.reserve(spend('r1', 100), START);
    ledger.release('r1', 'EXECUTION_FAILED', END);
    expect(ledger.wallet(WEARER, 'CNY')).toBe(1_000_000);
  });
});

describe('opening', () => {
  it('T2: is done once for its id; other terms under it differ', () => {
    const { ledger } = desk();
    ledger.change(change('Suspended', 'PRINCIPAL'), START);
    expect(ledger.open(terms(), START)).toBe('repeated');
    expect(ledger.open(terms({ maxTotalMinor: 10_001 }), START)).toBe('differs');
    expect(ledger.open(terms({ maxSingleMinor: undefined }), START)).toBe('repeated');
    expect(ledger.status(DELEGATION, START)).toMatchObject({ state: 'Suspended', version: 1 });
  });

  it('fills the sub-account with the total, out of the wallet', () => {
    const { ledger, pot } = desk({ instrument: SUB_ACCOUNT });
    expect([pot('sub:sub-1'), ledger.wallet(WEARER, 'CNY')]).toEqual([10_000, 990_000]);
    expect(ledger.open(terms({ instrument: SUB_ACCOUNT }), START)).toBe('repeated');
    expect(pot('sub:sub-1')).toBe(10_000);
  });

  it('is refused where the wallet cannot fill it, and stays refused under its id', () => {
    const { ledger, pot } = desk({ instrument: SUB_ACCOUNT }, 9_999);
    expect(ledger.status(DELEGATION, START)).toBeUndefined();
    ledger.fund(WEARER, 'CNY', 1, 'later');
    expect(ledger.open(terms({ instrument: SUB_ACCOUNT }), START)).toBe('insufficient-balance');
    expect(ledger.open(terms(), START)).toBe('differs');
    expect([pot('sub:sub-1'), ledger.wallet(WEARER, 'CNY')]).toEqual([0, 10_000]);
    expect(ledger.open(terms({ delegationId: 'd1', instrument: SUB_ACCOUNT }), START)).toBe('opened');
  });

  it.each([{ agentId: 'did:act:example.com/other' }, { keyKid: 'k2' }])(
    'fills the sub-account that the wearer has opened for this agent and key, and no other: %o',
    (other) => {
      const { ledger, pot } = desk({}, 20_000);
      const opened = { requestId: 'o1', account: WEARER, operation: 'OPEN', currency: 'CNY', ...SUB_ACCOUNT } as const;
      ledger.subAccount(opened);
      const wrong = terms({ delegationId: 'd1', instrument: { ...SUB_ACCOUNT, ...other } });
      expect(ledger.open(wrong, START)).toBe('differs');
      expect(ledger.open(terms({ delegationId: 'd2', instrument: SUB_ACCOUNT }), START)).toBe('opened');
      expect(pot('sub:sub-1')).toBe(10_000);
    },
  );

  it('takes no sub-account that was opened for another credential, is frozen, or is another wearer’s', () => {
    const { ledger } = desk({ instrument: SUB_ACCOUNT });
    const second = terms({ delegationId: 'd1', instrument: SUB_ACCOUNT });
    expect(ledger.open(second, START)).toBe('differs');
    const opened = { ...SUB_ACCOUNT, subAccountId: 'sub-2' };
    const order = { requestId: 'o1', account: WEARER, operation: 'OPEN', currency: 'CNY', ...opened } as const;
    ledger.subAccount(order);
    ledger.subAccount({ requestId: 'o2', account: WEARER, subAccountId: 'sub-2', operation: 'FREEZE' });
    expect(ledger.open({ ...second, instrument: opened }, START)).toBe('differs');
    ledger.subAccount({ requestId: 'o3', account: WEARER, subAccountId: 'sub-2', operation: 'UNFREEZE' });
    ledger.fund('wearer-2', 'CNY', 10_000, 'other');
    expect(ledger.open({ ...second, account: 'wearer-2', instrument: opened }, START)).toBe('differs');
  });

  it.each<Partial<DelegationTerms>>([
    { maxTotalMinor: 0 },
    { maxSingleMinor: -1 },
    { maxDailyMinor: 1.5 },
    { maxOrders: 0 },
    { utcOffsetMin: 0.5 },
    { validUntil: START },
  ])('with bounds that are none is a defect of the caller: %o', (wrong) => {
    expect(() => desk().ledger.open(terms({ delegationId: 'd1', ...wrong }), START)).toThrow('bounds');
  });
});

it('funds a wallet once for each id; another amount under it is a defect of the caller', () => {
  const { ledger } = desk({}, 500);
  ledger.fund(WEARER, 'CNY', 500, 'opening');
  expect(ledger.wallet(WEARER, 'CNY')).toBe(500);
  expect(() => ledger.fund(WEARER, 'CNY', 501, 'opening')).toThrow('another movement');
});
