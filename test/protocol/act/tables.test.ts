import { describe, expect, it } from 'vitest';
import {
  nextSubAccountState,
  SUB_ACCOUNT_TRANSITIONS,
  subAccountOperation,
  subAccountState,
} from '../../../protocol/act/binding.ts';
import { DEFAULT_DEVIATION_ACTION } from '../../../protocol/act/cart.ts';
import { INTENT_ERROR_ACTIONS, intentError } from '../../../protocol/act/discovery.ts';
import { ActError, actError, ERROR_CATALOGUE } from '../../../protocol/act/error-catalogue.ts';
import { delegationModeOf } from '../../../protocol/act/iac.ts';
import { fromJson, toJson } from '../../../protocol/act/json-form.ts';
import { IAC_TRANSITIONS, iacState, iacTransition, lifecycleActor } from '../../../protocol/act/lifecycle.ts';
import { PAYMENT_ERRORS, paymentError } from '../../../protocol/act/payment.ts';
import { category } from '../../../protocol/messages/refusal.ts';
import type { WireType } from '../../../protocol/wire.ts';
import { IAC } from './samples.ts';

const namesOf = <T extends string>(type: WireType<T>): readonly T[] =>
  type.kind?.is === 'names' ? (type.kind.names as readonly T[]) : [];

describe('T17: the states of a credential', () => {
  /** ADD-IAC-LCM, written out once more. */
  const ALLOWED: Readonly<Record<string, string>> = {
    'Active Suspended': 'PRINCIPAL RISK_CONTROL',
    'Suspended Active': 'PRINCIPAL RISK_CONTROL',
    'Active Revoked': 'PRINCIPAL AGENT',
    'Suspended Revoked': 'PRINCIPAL AGENT',
    'Active Expired': 'SYSTEM',
    'Suspended Expired': 'SYSTEM',
  };

  it('have ten legal steps by their actors, and 54 that are refused', () => {
    let legal = 0;
    for (const from of namesOf(iacState))
      for (const to of namesOf(iacState))
        for (const by of namesOf(lifecycleActor)) {
          const allowed = ALLOWED[`${from} ${to}`]?.split(' ').includes(by) ?? false;
          expect(iacTransition(from, to, by) !== undefined, `${from} ${to} ${by}`).toBe(allowed);
          if (allowed) legal++;
        }
    expect(legal).toBe(10);
    expect(IAC_TRANSITIONS).toHaveLength(6);
  });

  it('are never left again once final, and each step has its event', () => {
    for (const { from, to, event } of IAC_TRANSITIONS) {
      expect(['Revoked', 'Expired']).not.toContain(from);
      const verb = { Suspended: 'suspended', Active: 'resumed', Revoked: 'revoked', Expired: 'expired' }[to];
      expect(event).toBe(`act:delegation:delegation-${verb}`);
    }
  });
});

describe('the states of a sub-account', () => {
  it('go nine ways and no other', () => {
    const states = [undefined, ...namesOf(subAccountState)];
    const pairs = states.flatMap((state) =>
      namesOf(subAccountOperation).map((operation) => [state, operation] as const),
    );
    expect(pairs.filter(([state, operation]) => nextSubAccountState(state, operation) !== undefined)).toHaveLength(9);
    expect(SUB_ACCOUNT_TRANSITIONS).toHaveLength(9);
    expect(nextSubAccountState('CANCELLED', 'UNFREEZE')).toBeUndefined();
    expect(nextSubAccountState('FROZEN', 'TOP_UP')).toBeUndefined();
    expect(nextSubAccountState(undefined, 'OPEN')).toBe('AVAILABLE');
  });
});

describe('the error catalogue', () => {
  it('has all eleven categories, each with something to do next, and never the same request again', () => {
    expect(Object.keys(ERROR_CATALOGUE)).toEqual(namesOf(category));
    expect(new Set(Object.values(ERROR_CATALOGUE).map((entry) => entry.category)).size).toBe(11);
    for (const entry of Object.values(ERROR_CATALOGUE)) expect(entry.next.length).toBeGreaterThan(2);
  });

  it('asks first where money may have moved', () => {
    for (const name of ['STATE_CONFLICT', 'REFUND_FAILED', 'SYSTEM_UNAVAILABLE'] as const) {
      expect(ERROR_CATALOGUE[name].retryability).toBe('QUERY_FIRST');
      expect(ERROR_CATALOGUE[name].next[0]).toBe('QUERY_PAYMENT_STATUS');
    }
  });

  it('makes errors as they are sent', () => {
    const error = actError('PROOF_INVALID', 'used before');
    expect(toJson(ActError, error, 'error')).toEqual({
      error_id: 'ACT-A402-PROOF_INVALID',
      category: 'PAYMENT_PROOF_VALIDATION',
      phase: 'PROOF_VALIDATION',
      retryability: 'AFTER_CORRECTION',
      valid_next_actions: ['OBTAIN_NEW_PROOF', 'RETRY_VALIDATION', 'CREATE_NEW_REQUIREMENT', 'ABORT'],
      message: 'used before',
    });
    expect(fromJson(ActError, toJson(ActError, error, 'error'), 'error')).toEqual(error);
  });
});

describe('the errors of a payment', () => {
  it('have a number each, a category of the catalogue and a component', () => {
    const kinds = Object.entries(PAYMENT_ERRORS);
    expect(kinds.map(([name]) => name)).toEqual(namesOf(paymentError));
    expect(kinds.map(([, { number }]) => number)).toEqual(kinds.map((_, i) => i + 1));
    for (const [, kind] of kinds) expect(ERROR_CATALOGUE).toHaveProperty(kind.category);
  });

  it('ask first where the outcome is not known (T2)', () => {
    expect(PAYMENT_ERRORS.EXECUTION_FAILED.next).toBe('query-first');
    expect(PAYMENT_ERRORS.REQUEST_REPEATED.next).toBe('query-first');
  });
});

it('an intent error leads somewhere', () => {
  expect(Object.keys(INTENT_ERROR_ACTIONS)).toEqual(namesOf(intentError));
});

it('the narrower way holds where nothing was agreed', () => {
  const { delegationMode: _, ...silent } = IAC;
  expect(delegationModeOf(silent)).toBe('SPECIFIED');
  expect(delegationModeOf({ ...IAC, delegationMode: 'BOUNDED' })).toBe('BOUNDED');
  expect(DEFAULT_DEVIATION_ACTION).toBe('PAUSE_AND_NOTIFY');
});
