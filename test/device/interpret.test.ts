import { describe, expect, it } from 'vitest';
import { interpret, languageOf } from '../../device/interpret.ts';
import type { Purchase } from '../../device/purchase/state.ts';
import { digestOf, utf8 } from '../../protocol/index.ts';
import { heard, id, settings } from './builders.ts';
import { states } from './states.ts';

const ids = { fresh: id('fresh'), salt: id('salt') };

function said(state: Purchase, ...texts: readonly string[]) {
  const hypotheses = texts.map((text, i) => ({ text, confidence: 1 - i / 10 }));
  return interpret(hypotheses, 'VOICE', state, settings, ids);
}

describe('what words mean depends on where the purchase stands', () => {
  it.each<readonly [string, Purchase, string, string]>([
    ['a new order', states.idle, 'order me a latte', 'order'],
    ['a new order after the last one', states.ended, '来一杯拿铁', 'order'],
    ['a new order while an older one is followed', states.following, 'order me a latte', 'order'],
    ['a new order while the outcome of an older one is unknown', states.unknown, 'order me a latte', 'order'],
    ['an answer to the question', states.asking, 'a latte', 'order'],
    ['cancel, to the question', states.asking, 'never mind', 'reply'],
    ['yes, to the summary', states.summarising, 'yes', 'reply'],
    ['another order instead of the summary', states.summarising, 'order me two cappuccinos', 'order'],
    ['nothing of that, to the summary', states.summarising, 'the weather is nice', 'reply'],
    ['an order while one is being paid', states.settling, 'order me a latte', 'reply'],
    ['an order at the prompt', states.confirming, 'order me a latte', 'reply'],
  ])('%s', (_name, state, words, kind) => {
    expect(said(state, words).event.kind).toBe(kind);
  });

  it('the first hypothesis that means something here counts, else the best one', () => {
    expect(said(states.summarising, 'yeast', 'yes').event).toMatchObject({ reply: { kind: 'yes' } });
    expect(said(states.summarising, 'no', 'yes').event).toMatchObject({ reply: { kind: 'no' } });
    const { event, transcript } = said(states.summarising, 'yeast', 'east');
    expect(event).toMatchObject({ reply: { kind: 'unclear' } });
    expect(JSON.parse(new TextDecoder().decode(transcript)).words).toBe('yeast');
  });

  it.each([
    [states.choosing, 'not the second one', 'the second one'],
    [states.choosing, '不要第二个', '第二个'],
    [states.summarising, '没确认', '确认'],
    [states.summarising, 'yes except the price', 'yes'],
  ])('a refusal is not outvoted by what is left when its "not" is misheard: %#', (state, refusal, rest) => {
    expect(said(state, refusal, rest).event).toMatchObject({ reply: { kind: 'unclear' } });
    expect(said(state, 'hmmm zzz', rest).event).not.toMatchObject({ reply: { kind: 'unclear' } });
  });

  it('no hypothesis at all is "not understood", in every state', () => {
    for (const state of Object.values(states))
      expect(said(state)).toEqual({ event: { kind: 'unheard', why: 'not-understood' } });
  });

  it('a choice is understood only among the offers that were made', () => {
    expect(said(states.choosing, 'the second one').event).toMatchObject({ reply: { kind: 'choose', index: 1 } });
    expect(said(states.choosing, 'the fifth one').event).toMatchObject({ reply: { kind: 'unclear' } });
    expect(said(states.summarising, 'the second one').event).toMatchObject({ reply: { kind: 'unclear' } });
  });
});

describe('the language', () => {
  it('of a new order is that of its words; Latin names in a Chinese order do not change it', () => {
    expect(languageOf('来一杯latte', states.idle, settings)).toBe('zh-CN');
    expect(languageOf('a latte', states.idle, { ...settings, locale: 'zh-CN' })).toBe('en-US');
    expect(languageOf('2', states.idle, { ...settings, locale: 'zh-CN' })).toBe('zh-CN');
  });

  it('of an answer such as "2" or "latte" is that of the question', () => {
    const chinese = { ...states.asking, locale: 'zh-CN' } as const;
    expect(languageOf('2', chinese, settings)).toBe('zh-CN');
    expect(languageOf('latte', chinese, settings)).toBe('zh-CN');
    expect(languageOf('两份', states.asking, settings)).toBe('zh-CN');
    expect(languageOf('two', { ...states.summarising, heard: heard({ locale: 'zh-CN' }) }, settings)).toBe('zh-CN');
  });
});

describe('T28: the digest of the words (ACT 2.1 ADD-INT-ICS conversation_history)', () => {
  it('is of the entry in the transcript store that the reference leads to', () => {
    const { event, transcript } = said(states.idle, 'order me a latte');
    if (event.kind !== 'order' || !transcript) throw new Error('unreachable');
    expect(event.heard).toMatchObject({
      digest: digestOf(transcript),
      contextRef: `words:${ids.fresh}`,
      mode: 'VOICE',
    });
    expect(JSON.parse(new TextDecoder().decode(transcript))).toEqual({
      ref: `words:${ids.fresh}`,
      salt: ids.salt,
      words: 'order me a latte',
    });
  });

  it('cannot be guessed from everyday words: without the salt of the entry the same words give another digest', () => {
    const digest = (salt: string) => {
      const { event } = interpret([{ text: 'order me a latte', confidence: 1 }], 'VOICE', states.idle, settings, {
        fresh: ids.fresh,
        salt: id(salt),
      });
      return event.kind === 'order' ? event.heard.digest : undefined;
    };
    expect(digest('one')).not.toBe(digest('two'));
    expect(digest('one')).not.toBe(digestOf(utf8('order me a latte')));
  });

  it('is all of the words that the event has', () => {
    const { event } = said(states.summarising, 'yes but my pin is 4711');
    expect(JSON.stringify(event)).not.toContain('4711');
  });
});
