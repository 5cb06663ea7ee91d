import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EdgeTerms,
  type EpochMs,
  fromIsoUtc,
  msOf,
  PAYMENT_ERRORS,
  type PaymentError,
} from '../../../protocol/index.ts';
import { Alarms } from '../../../sim/cloud/agent-alarms.ts';
import { isAsWanted, optionsOf } from '../../../sim/cloud/agent-choices.ts';
import { ErrandRunner } from '../../../sim/cloud/agent-errand-runner.ts';
import { Errands, errandAnswer } from '../../../sim/cloud/agent-errands.ts';
import { afterFailure, mayRetry } from '../../../sim/cloud/agent-failures.ts';
import { type PlanQuestion, plainPlan } from '../../../sim/cloud/agent-planner.ts';
import { localDay, nextDayAt, nextOpening } from '../../../sim/cloud/agent-schedule.ts';
import { isOverTolerance } from '../../../sim/cloud/agent-tolerance.ts';
import { shopVocabulary } from '../../../sim/shops/index.ts';
import { manualClock } from '../../helpers/manual-clock.ts';
import { AgentStage, id } from './agent-stage.ts';

const at = (iso: string) => msOf(fromIsoUtc(iso));
const stage = new AgentStage();

describe('alarms', () => {
  it('ring in order of time, then of setting, each as it was set last, whatever is set and cleared between', () => {
    const action = fc.record({
      name: fc.integer({ min: 0, max: 20 }),
      at: fc.integer({ min: 0, max: 50 }),
      clear: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const alarms = new Alarms();
        const model = new Map<string, { at: number; order: number }>();
        const rung: string[] = [];
        actions.forEach(({ name, at: time, clear }, order) => {
          model.delete(`a${name}`);
          alarms.clear(`a${name}`);
          if (clear) return;
          model.set(`a${name}`, { at: time, order });
          alarms.set(`a${name}`, time as EpochMs, () => {
            rung.push(`a${name}`);
            return [];
          });
        });
        const expected = [...model].sort(([, a], [, b]) => a.at - b.at || a.order - b.order).map(([name]) => name);
        expect(alarms.wakeAt()).toBe(model.get(expected[0] ?? '')?.at);
        alarms.tick(50 as EpochMs);
        expect(rung).toEqual(expected);
        expect(alarms.wakeAt()).toBeUndefined();
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('that are due only later do not ring, and one that sets itself for now rings in the same tick', () => {
    const alarms = new Alarms();
    let rung = 0;
    alarms.set('later', 11 as EpochMs, () => []);
    alarms.set('a', 10 as EpochMs, (now) => {
      rung += 1;
      alarms.set('a', now, () => {
        rung += 1;
        return [];
      });
      return [];
    });
    alarms.tick(10 as EpochMs);
    expect([rung, alarms.wakeAt()]).toEqual([2, 11]);
  });
});

describe('the schedule', () => {
  const iac = stage.iac('x', {
    validityStartTime: fromIsoUtc('2026-11-20T00:00:00Z'),
    validityEndTime: fromIsoUtc('2026-12-20T00:00:00Z'),
  });
  const terms = (change: Partial<EdgeTerms> = {}): EdgeTerms => ({ currency: 'CNY', utcOffsetMin: 480, ...change });
  const opening = (now: string, change: Partial<EdgeTerms> = {}) => nextOpening(iac, terms(change), at(now));

  it('is open whenever nothing closes it, inside the validity', () => {
    expect(opening('2026-11-22T03:00:00Z')).toBe(at('2026-11-22T03:00:00Z'));
    expect(opening('2026-11-01T03:00:00Z')).toBe(at('2026-11-20T00:00:00Z'));
    expect(opening('2026-12-20T00:00:00Z')).toBeUndefined();
  });

  it('opens and closes by the minutes of the local day', () => {
    const hours = { fromMin: 480, untilMin: 540 };
    expect(opening('2026-11-22T23:59:59Z', hours)).toBe(at('2026-11-23T00:00:00Z'));
    expect(opening('2026-11-23T00:59:59Z', hours)).toBe(at('2026-11-23T00:59:59Z'));
    expect(opening('2026-11-23T01:00:00Z', hours)).toBe(at('2026-11-24T00:00:00Z'));
    expect(opening('2026-11-23T01:00:00Z', { ...hours, utcOffsetMin: 420 })).toBe(at('2026-11-23T01:00:00Z'));
  });

  it('knows its weekdays by local time: 22 November 2026 is a Sunday', () => {
    expect(opening('2026-11-22T03:00:00Z', { weekdays: [7] })).toBe(at('2026-11-22T03:00:00Z'));
    expect(opening('2026-11-22T15:59:59Z', { weekdays: [1] })).toBe(at('2026-11-22T16:00:00Z'));
    expect(opening('2026-11-22T16:00:00Z', { weekdays: [7] })).toBe(at('2026-11-28T16:00:00Z'));
  });

  it('is over with what is wanted', () => {
    const wanted = { wantedFrom: fromIsoUtc('2026-11-23T00:00:00Z'), wantedUntil: fromIsoUtc('2026-11-24T00:00:00Z') };
    expect(opening('2026-11-23T23:59:59Z', wanted)).toBe(at('2026-11-23T23:59:59Z'));
    expect(opening('2026-11-24T00:00:00Z', wanted)).toBeUndefined();
  });

  it('turns the day at local midnight', () => {
    const midnight = at('2026-11-22T16:00:00Z');
    expect(nextDayAt(terms(), at('2026-11-22T03:00:00Z'))).toBe(midnight);
    expect(localDay(terms(), midnight) - localDay(terms(), (midnight - 1) as EpochMs)).toBe(1);
  });
});

describe('choices', () => {
  it('are options of their item by their own id, or behind the option’s where two options have it', () => {
    expect(optionsOf('iced-latte', ['large', 'sugar-less'])).toEqual([
      { optionId: 'size', choiceId: 'large' },
      { optionId: 'sugar', choiceId: 'less' },
    ]);
    expect(optionsOf('iced-latte', ['less'])).toBeUndefined();
    expect(optionsOf('iced-latte', ['purple'])).toBeUndefined();
    expect(optionsOf('unicorn', ['large'])).toBeUndefined();
    expect(optionsOf('iced-latte')).toEqual([]);
  });

  it('can all be named, for every item of the vocabulary', () => {
    for (const { id: itemId, options } of shopVocabulary.items) {
      for (const option of shopVocabulary.options.filter((one) => options.includes(one.id)))
        for (const choice of option.choices) {
          const expected = [{ optionId: option.id, choiceId: choice.id }];
          const short = optionsOf(itemId, [choice.id]);
          if (short !== undefined) expect(short).toEqual(expected);
          expect(optionsOf(itemId, [`${option.id}-${choice.id}`]), `${itemId} ${option.id} ${choice.id}`).toEqual(
            expected,
          );
        }
    }
  });

  it('of a price fit unless they are others of an option that was wished for', () => {
    const wishes = optionsOf('train-ticket', ['second', 'window']) ?? [];
    expect(isAsWanted('train-ticket', ['second'], wishes)).toBe(true);
    expect(isAsWanted('train-ticket', ['first'], wishes)).toBe(false);
    expect(isAsWanted('train-ticket', [], wishes)).toBe(true);
    expect(isAsWanted('train-ticket', ['first'], [])).toBe(true);
  });
});

describe('the tolerance', () => {
  const iac = (priceDeviationToleranceE2?: number) =>
    stage.iac('x', {
      ext: { agentBehavior: priceDeviationToleranceE2 === undefined ? {} : { priceDeviationToleranceE2 } },
    });

  it('T7: is exact to the minor unit, for the largest amounts too', () => {
    expect(isOverTolerance(iac(1_000), 110, 100)).toBe(false);
    expect(isOverTolerance(iac(1_000), 111, 100)).toBe(true);
    expect(isOverTolerance(iac(0), 101, 100)).toBe(true);
    expect(isOverTolerance(iac(0), 999_999_999_999, 999_999_999_999)).toBe(false);
    expect(isOverTolerance(iac(1), 999_999_999_999, 999_900_009_998)).toBe(true);
    expect(isOverTolerance(iac(), 1_000_000, 1)).toBe(false);
  });
});

describe('after a failure', () => {
  it('every error of ACT has one thing to do', () => {
    const done = Object.keys(PAYMENT_ERRORS).map((error) => afterFailure(error as PaymentError));
    expect(new Set(done)).toEqual(
      new Set(['retry', 'end', 'wait', 'later', 'too-much', 'other-merchant', 'another-day']),
    );
  });

  it('is retried as often as the wearer said, three times where he named no number, never without his word', () => {
    const iac = (agentBehavior: object) => stage.iac('x', { ext: { agentBehavior } });
    expect(mayRetry(iac({ onPaymentFailure: 'AUTO_RETRY', maxRetryCount: 0 }), 0)).toBe(false);
    expect(mayRetry(iac({ onPaymentFailure: 'AUTO_RETRY' }), 2)).toBe(true);
    expect(mayRetry(iac({ onPaymentFailure: 'AUTO_RETRY' }), 3)).toBe(false);
    expect(mayRetry(iac({ onPaymentFailure: 'CANCEL', maxRetryCount: 5 }), 0)).toBe(false);
    expect(mayRetry(iac({}), 0)).toBe(false);
  });
});

it('a plan by rule never exceeds the budget and takes as many as it can', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 1_000 }), { maxLength: 12 });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 0, max: 3_000 }), (costs, budgetMinor) => {
      const candidates = costs.map((amountMinor, i) => ({ id: `r${i}`, title: '', amountMinor }));
      const question: PlanQuestion = { purpose: 'x', locale: 'en-US', currency: 'CNY', budgetMinor, candidates };
      const taken = plainPlan(question).map((one) => costs[Number(one.slice(1))] ?? 0);
      const sum = taken.reduce((total, cost) => total + cost, 0);
      expect(sum).toBeLessThanOrEqual(budgetMinor);
      const rest =
        costs.length > taken.length ? Math.min(...[...costs].sort((a, b) => a - b).slice(taken.length)) : Infinity;
      expect(sum + rest).toBeGreaterThan(budgetMinor);
    }),
    { seed: 9, numRuns: 300 },
  );
});

describe('errands', () => {
  const request = { method: 'GET', url: 'http://desk/x', headers: {} } as const;

  it('are answered once, by their id, and take nothing that is no answer', () => {
    const errands = new Errands(new Uint8Array(32));
    const heard: unknown[] = [];
    const order = () =>
      errands.order({ kind: 'http', request, body: 'none' }, (answer) => {
        heard.push(answer);
        return [];
      });
    const [first, second, third] = [order(), order(), order()];
    expect(errands.answered('lock glasses-01', 0 as EpochMs)).toBeUndefined();
    expect(errands.answered(errandAnswer(first, { status: 402, needed: 'x' }), 0 as EpochMs)).toEqual([]);
    expect(errands.answered(errandAnswer(first, { status: 200 }), 0 as EpochMs)).toEqual({ drop: 'errand-unknown' });
    expect(errands.answered(`errand ${second} {"status":"x"}`, 0 as EpochMs)).toEqual([]);
    errands.drop(third);
    expect(errands.answered(errandAnswer(third, { status: 200 }), 0 as EpochMs)).toEqual({ drop: 'errand-unknown' });
    expect(heard).toEqual([{ status: 402, needed: 'x' }, { failed: 'malformed' }]);
    expect([...errands.open()]).toEqual([]);
  });

  it('are answered again when the journal would not take the answer, and not after the agent has stopped', () => {
    const clock = manualClock();
    const errands = new Errands(new Uint8Array(32));
    const http = {
      request: (_: unknown, done: (answer: { failed: 'timeout' }) => void) => done({ failed: 'timeout' }),
    };
    const runner = new ErrandRunner(errands, { http }, clock);
    const words: string[] = [];
    errands.order({ kind: 'http', request, body: 'none' }, () => []);
    runner.start((said) => (words.push(said) < 3 ? 'store-failed' : 'done'));
    clock.advance(10_000);
    expect(words).toHaveLength(3);
    expect(new Set(words).size).toBe(1);
    const handler = runner.around({ handle: () => [] });
    errands.order({ kind: 'http', request, body: 'none' }, () => []);
    handler.handle({} as never, 0 as EpochMs);
    runner.stop();
    clock.advance(10_000);
    expect(words).toHaveLength(3);
  });

  it('without a network fail, and a text that is too long or none is no text', () => {
    const clock = manualClock();
    const bodies = [new Uint8Array(20_000), Uint8Array.of(0xff), new TextEncoder().encode('{}')];
    for (const [world, expected] of [
      [{}, ['unreachable', 'unreachable', 'unreachable']],
      [
        {
          http: {
            request: (_: unknown, done: (answer: never) => void) =>
              done({ status: 200, headers: {}, body: bodies.shift() ?? new Uint8Array() } as never),
          },
        },
        ['too-large', 'too-large', '{}'],
      ],
    ] as const) {
      const errands = new Errands(new Uint8Array(32));
      const runner = new ErrandRunner(errands, world, clock);
      const heard: unknown[] = [];
      for (let i = 0; i < 3; i += 1)
        errands.order({ kind: 'http', request, body: 'text' }, (answer) => {
          heard.push('failed' in answer ? answer.failed : 'text' in answer ? answer.text : answer);
          return [];
        });
      runner.start((words) => {
        errands.answered(words, 0 as EpochMs);
        return 'done';
      });
      clock.advance(10);
      expect(heard).toEqual(expected);
    }
    expect(id('x')).toHaveLength(32);
  });
});
