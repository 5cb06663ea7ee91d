import { describe, expect, it } from 'vitest';
import type { Purchase } from '../../../device/purchase/state.ts';
import { wakeAt } from '../../../device/purchase/state.ts';
import { step } from '../../../device/purchase/step.ts';
import { AGENT, at, messages, PSP, settings } from '../builders.ts';
import { states } from '../states.ts';
import { frame, HAPPENINGS, happen, told } from './happenings.ts';
import { MOVES } from './moves.ts';

const all = Object.values(states) as readonly Purchase[];

describe('T4: the instant purchase, every state × every event (ACT 2.1 PSD-PAY-INS)', () => {
  for (const state of all) {
    const moves = MOVES[state.at];
    for (const [name, happening] of Object.entries(HAPPENINGS)) {
      const expected = moves[name];
      if (expected === undefined) {
        it(`${state.at}: ${name} changes nothing`, () => {
          const result = happen(state, happening);
          expect(result.state).toBe(state);
          expect(result.effects).toEqual([]);
        });
      } else {
        it(`${state.at}: ${name} → ${expected}`, () => {
          const result = happen(state, happening);
          expect(told(result)).toBe(expected);
          const isRepeat = result.state === state;
          expect(isRepeat && result.effects.length === 0).toBe(false);
        });
      }
    }
  }

  it('has no move for a happening that does not exist', () => {
    for (const moves of Object.values(MOVES))
      expect(Object.keys(HAPPENINGS)).toEqual(expect.arrayContaining(Object.keys(moves)));
  });

  it('never changes the state it was given', () => {
    const frozen = JSON.stringify(all);
    for (const state of all) for (const happening of Object.values(HAPPENINGS)) happen(state, happening);
    expect(JSON.stringify(all)).toBe(frozen);
  });
});

describe('what every state promises', () => {
  it('no state waits for ever without a time at which it does something, but for those that wait for words', () => {
    for (const state of all) {
      const waits = wakeAt(state) !== undefined;
      expect([state.at, waits]).toEqual([state.at, state.at !== 'idle' && state.at !== 'ended']);
    }
  });

  it('a tick at the time a state asks to be woken changes it, so no timer ever spins', () => {
    for (const state of all) {
      const when = wakeAt(state);
      if (when === undefined) continue;
      const after = step(settings, state, { kind: 'tick' }, when).state;
      expect(after).not.toBe(state);
      expect(wakeAt(after) ?? Number.POSITIVE_INFINITY, state.at).toBeGreaterThan(when);
    }
  });

  it('left alone, every state ends or is declared unknown', () => {
    for (const first of all) {
      let state: Purchase = first;
      for (let i = 0; i < 1_000 && state.at !== 'unknown'; i += 1) {
        const when = wakeAt(state);
        if (when === undefined) break;
        state = step(settings, state, { kind: 'tick' }, when).state;
      }
      expect(['idle', 'ended', 'unknown'], first.at).toContain(state.at);
    }
  });

  it('only the signer leads to a confirmation, only a challenge to a prompt, only a cart to a payment request', () => {
    const causes = (effect: string) =>
      all.flatMap((state) =>
        Object.entries(HAPPENINGS).flatMap(([name, happening]) =>
          happen(state, happening).effects.some(
            (one) => one.do === effect || (one.do === 'send' && one.message.type === effect),
          )
            ? [`${state.at} ${name}`]
            : [],
        ),
      );
    expect(causes('confirm').sort()).toEqual([
      'confirming signer: signed',
      'requesting frame: challenge',
      'settling frame: awaiting confirmation',
      'unknown frame: awaiting confirmation',
    ]);
    expect(causes('pay-request').filter((cause) => !cause.startsWith('requesting'))).toEqual([
      'carting frame: cart',
      'carting frame: another cart',
    ]);
  });

  it('T5: a frame about another request changes nothing', () => {
    const foreign = [
      frame({ ...messages.offers(), body: { ...messages.offers().body, requestId: 'f'.repeat(32) } } as never, AGENT),
      frame(
        {
          ...messages.cart(),
          body: { ...messages.cart().body, requestId: 'f'.repeat(32), intentId: 'f'.repeat(32) },
        } as never,
        AGENT,
      ),
      ...[messages.challenge(), messages.receipt(), messages.payStatus('refused'), messages.paidStatus()].map(
        (message) => frame({ ...message, body: { ...message.body, requestId: 'f'.repeat(32) } } as never, PSP),
      ),
    ];
    for (const state of all)
      for (const event of foreign) expect(step(settings, state, event, at(1_000))).toEqual({ state, effects: [] });
  });
});
