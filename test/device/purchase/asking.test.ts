import { describe, expect, it } from 'vitest';
import { interpret } from '../../../device/interpret.ts';
import { MAX_LINES, MAX_TRIES } from '../../../device/purchase/asking.ts';
import type { Effect, PurchaseEvent, Step } from '../../../device/purchase/events.ts';
import type { Purchase } from '../../../device/purchase/state.ts';
import { step } from '../../../device/purchase/step.ts';
import type { Locale } from '../../../device/voice/vocabulary.ts';
import { type Message, sealFrame, secondsOf } from '../../../protocol/index.ts';
import {
  AGENT,
  at,
  DEVICE,
  deviceKey,
  draft,
  heard,
  INTENT_ID,
  id,
  messages,
  SEEK_ID,
  SESSION,
  START,
  settings,
  TENANT,
} from '../builders.ts';
import { states } from '../states.ts';
import { frame, reply } from './happenings.ts';

function hear(state: Purchase, words: string, salt = 'salt'): Step {
  const ids = { fresh: id(`fresh ${words}`), salt: id(salt) };
  const { event } = interpret([{ text: words, confidence: 1 }], 'VOICE', state, settings, ids);
  if (event.kind === 'delegation') throw new Error('no delegation is spoken of here');
  return step(settings, state, event, at(0));
}

function said(effects: readonly Effect[]): readonly (readonly [string, string, Locale])[] {
  return effects.flatMap((effect) => (effect.do === 'say' ? [[effect.key, effect.text, effect.locale] as const] : []));
}

function sent(effects: readonly Effect[]): readonly Message[] {
  return effects.flatMap((effect) => (effect.do === 'send' ? [effect.message] : []));
}

const BOTH = [
  { locale: 'en-US', order: 'order me a large iced latte, less sugar, under 25 yuan', yes: 'yes', no: 'no' },
  { locale: 'zh-CN', order: '帮我点一杯大杯冰拿铁，少糖，二十五块以内', yes: '好的', no: '不要' },
] as const;

describe('capture and clarify (ACT 2.1 ADD-INT-ICS)', () => {
  for (const { locale, order, yes, no } of BOTH) {
    it(`${locale}: a complete order becomes one summary with the amount, and nothing is sent yet`, () => {
      const { state, effects } = hear(states.idle, order);
      expect(state.at).toBe('summarising');
      expect(sent(effects)).toEqual([]);
      expect(said(effects)).toEqual([['summary', expect.stringContaining('25.00'), locale]]);
    });

    it(`${locale}: the summary says the shop and the time that were asked for, not only the things`, () => {
      const words =
        locale === 'zh-CN'
          ? '在月獭咖啡点一杯拿铁，三十分钟以内'
          : 'order me a latte from luna otter coffee within 30 minutes';
      const { effects } = hear(states.idle, words);
      const summary = said(effects)[0]?.[1];
      expect(summary).toContain(locale === 'zh-CN' ? '30分钟内' : 'within 30 minutes');
      expect(summary).toContain(locale === 'zh-CN' ? '月獭咖啡' : 'from Luna Otter Coffee');
    });

    it(`${locale}: the ISR is built once, after the yes, with the digest of the words and never the words (CID-INT-XFR)`, () => {
      const summary = hear(states.idle, order);
      const confirmed = hear(summary.state, yes);
      const [message, ...others] = sent(confirmed.effects);
      expect(others).toEqual([]);
      expect(message).toMatchObject({
        type: 'intent',
        body: {
          locale,
          lines: draft().lines,
          isr: {
            maxTotalMinor: 2_500,
            currency: 'CNY',
            userConfirmationMethod: 'VOICE',
            userConfirmationTimestamp: secondsOf(START),
            validityEndTime: secondsOf(START) + 900,
          },
        },
      });
      const life = { iat: secondsOf(START), lifetimeS: 120, cti: id('cti') };
      const address = {
        tenant: TENANT,
        from: { party: DEVICE, role: 'device' },
        to: { party: AGENT, role: 'agent' },
        session: SESSION,
      } as const;
      const wire = new TextDecoder().decode(sealFrame(message as Message, address, life, deviceKey));
      for (const word of ['order', 'under', 'iced latte', '帮我点', '冰拿铁', '二十五块'])
        expect(wire).not.toContain(word);
      for (const again of ['yes', '好的', order]) expect(sent(hear(confirmed.state, again).effects)).toEqual([]);
    });

    it(`${locale}: "no" to the summary ends the order without a frame`, () => {
      const refused = hear(hear(states.idle, order).state, no);
      expect(refused.state).toMatchObject({ at: 'ended', outcome: 'cancelled' });
      expect(sent(refused.effects)).toEqual([]);
      expect(said(refused.effects)[0]?.[2]).toBe(locale);
    });
  }

  it.each([
    ['en-US', 'two', 'what-item'],
    ['zh-CN', '来两份', 'what-item'],
    ['en-US', 'order me a zorgblat', 'unknown-product'],
    ['zh-CN', '点一个佐格布拉', 'unknown-product'],
  ] as const)('%s: "%s" leads to the question %s in that language', (locale, words, kind) => {
    const { state, effects } = hear(states.idle, words);
    expect(state).toMatchObject({ at: 'asking', question: { kind }, locale });
    expect(said(effects)[0]?.[2]).toBe(locale);
    expect(effects.at(-1)).toEqual({ do: 'listen', expect: 'order', locale });
  });

  it.each(['silence', 'too-long', 'not-understood', 'recogniser-failed'] as const)(
    '%s leads to a question in the language of the talk, and after three of them to a refusal',
    (why) => {
      for (const locale of ['en-US', 'zh-CN'] as const) {
        let state: Purchase = states.idle;
        const event: PurchaseEvent = { kind: 'unheard', why };
        const own = { ...settings, locale };
        for (let i = 0; i < MAX_TRIES; i += 1) {
          const result = step(own, state, event, at(i));
          expect(result.state).toMatchObject({ at: 'asking', tries: i + 1, locale });
          expect(said(result.effects)[0]?.[2]).toBe(locale);
          state = result.state;
        }
        expect(step(own, state, event, at(9)).state).toMatchObject({ at: 'ended', outcome: 'refused', reason: why });
      }
    },
  );

  it('asks the same thing three times at most, but as many different things as an order leaves open', () => {
    const question = (kind: 'what-item' | 'unknown-product' | 'leave-out' | 'which-merchant'): PurchaseEvent =>
      ({
        kind: 'order',
        parse: { kind: 'question', question: { kind, said: 'x', merchantIds: [], line: 0 }, pending: {} },
        heard: heard(),
        fresh: id('q'),
      }) as never;
    let state: Purchase = states.idle;
    for (const kind of ['what-item', 'unknown-product', 'leave-out', 'which-merchant'] as const) {
      state = step(settings, state, question(kind), at(0)).state;
      expect(state).toMatchObject({ at: 'asking', tries: 1 });
    }
    state = step(settings, state, question('which-merchant'), at(0)).state;
    state = step(settings, state, question('which-merchant'), at(0)).state;
    expect(state).toMatchObject({ at: 'asking', tries: MAX_TRIES });
    expect(step(settings, state, question('which-merchant'), at(0)).state).toMatchObject({
      at: 'ended',
      reason: 'which-merchant',
    });
  });

  it('an order with more lines than the wire has room for is asked for again, not sent', () => {
    const line = draft().lines[0];
    if (!line) throw new Error('unreachable');
    const orderOf = (lines: number): PurchaseEvent => {
      const parse = { kind: 'draft', draft: { lines: Array.from({ length: lines }, () => line) } } as const;
      return { kind: 'order', parse, heard: heard(), fresh: id('long') };
    };
    expect(step(settings, states.idle, orderOf(MAX_LINES), at(0)).state.at).toBe('summarising');
    const { state, effects } = step(settings, states.idle, orderOf(MAX_LINES + 1), at(0));
    expect(state.at).toBe('asking');
    expect(said(effects)).toEqual([['unheard', 'That was too long. Please say it in one short sentence.', 'en-US']]);
  });

  it('what a full order sends fits into one frame', () => {
    const full = Array.from({ length: MAX_LINES }, () => draft().lines[0]).filter((line) => line !== undefined);
    const summary = { ...states.summarising, draft: draft({ lines: full }) };
    const [message] = sent(step(settings, summary, reply({ kind: 'yes' }), at(0)).effects);
    const address = {
      tenant: TENANT,
      from: { party: DEVICE, role: 'device' },
      to: { party: AGENT, role: 'agent' },
      session: SESSION,
    } as const;
    const life = { iat: secondsOf(START), lifetimeS: 120, cti: id('cti') };
    expect(() => sealFrame(message as Message, address, life, deviceKey)).not.toThrow();
  });
});

describe('the budget', () => {
  const intentOf = (maxTotalMinor: number | undefined) => {
    const { maxTotalMinor: _none, ...rest } = draft();
    const summary = { ...states.summarising, draft: maxTotalMinor === undefined ? rest : { ...rest, maxTotalMinor } };
    return sent(step(settings, summary, reply({ kind: 'yes' }), at(0)).effects)[0];
  };

  it.each([
    ['none named', undefined, 20_000],
    ['below the cap', 2_500, 2_500],
    ['at the cap', 20_000, 20_000],
    ['above the cap', 20_001, 20_000],
  ])('%s: the ISR says the least of budget and cap', (_name, named, expected) => {
    expect(intentOf(named)).toMatchObject({ body: { isr: { maxTotalMinor: expected } } });
  });

  it('the summary says the cap aloud when it is what holds', () => {
    const { maxTotalMinor: _none, ...rest } = draft();
    const parse = { kind: 'draft', draft: rest } as const;
    const { effects } = step(settings, states.idle, { kind: 'order', parse, heard: heard(), fresh: INTENT_ID }, at(0));
    expect(said(effects)[0]?.[1]).toContain('200.00');
  });

  it.each([
    ['over-budget', 'Nothing fits the budget. The cheapest is 31.00 yuan.', '没有在预算内的。最便宜的是31.00元。'],
    [
      'all-closed',
      'The shops near you are closed now. The first one opens at 07:30.',
      '附近的店现在都没开门。最早07:30开门。',
    ],
    ['nobody-sells', 'No shop near you sells that.', '附近没有店卖这个。'],
    ['out-of-stock', 'It is sold out.', '已经卖完了。'],
    ['too-slow', 'No shop can deliver that fast.', '没有店能这么快送到。'],
    ['out-of-range', 'No shop delivers to you.', '附近没有能送到的店。'],
  ] as const)('%s is refused with its reason in the language of the wearer', (none, english, chinese) => {
    const opensAt = secondsOf(Date.parse('2026-11-24T07:30:00+08:00') as typeof START);
    const body = { ...messages.offers([]).body, none, cheapestMinor: 3_100, opensAt } as never;
    for (const [locale, text] of [
      ['en-US', english],
      ['zh-CN', chinese],
    ] as const) {
      const state = { ...states.seeking, intent: { ...states.seeking.intent, heard: heard({ locale }) } };
      const result = step(settings, state, frame({ type: 'offers', body }, AGENT), at(0));
      expect(result.state).toEqual({ at: 'ended', outcome: 'refused', reason: none });
      expect(said(result.effects)).toEqual([['no-offer', text, locale]]);
    }
  });
});

describe('one request, however often it is asked', () => {
  it('T3: asking again carries the same request id and the same intent', () => {
    const first = step(settings, states.summarising, reply({ kind: 'yes' }), at(0));
    const again = step(settings, first.state, { kind: 'tick' }, at(5_000));
    const restarted = step(settings, again.state, { kind: 'restarted' }, at(6_000));
    const [one, two, three] = [first, again, restarted].map(({ effects }) => sent(effects)[0]);
    expect(one).toMatchObject({ body: { requestId: SEEK_ID } });
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });
});
