import { expect } from 'vitest';
import type { Speaker } from '../../device/ports.ts';
import type { Locale } from '../../device/voice/vocabulary.ts';
import { contract } from './contract.ts';

export interface Said {
  readonly text: string;
  readonly locale: Locale;
}

export interface SpeakerStand {
  readonly speaker: Speaker;
  /** Everything said so far, oldest first; a text that was replaced may be missing. */
  said(): Said[];
}

const PRICE: Said = { text: 'Pay 24 yuan 80 to Luna Otter Coffee. Hold to pay.', locale: 'en-US' };
const INVITATION: Said = { text: '长按付款', locale: 'zh-CN' };

export const speakerContract = contract<SpeakerStand>('Speaker', {
  'says nothing by itself': ({ said }) => {
    expect(said()).toEqual([]);
  },

  'T9: says a text whole and in its language, however long': ({ speaker, said }) => {
    const long: Said = { text: 'one hundred and one '.repeat(30).trim(), locale: 'en-US' };
    speaker.say(long.text, long.locale);
    expect(said()).toEqual([long]);
  },

  'says the last text last, whatever became of earlier ones': ({ speaker, said }) => {
    for (const { text, locale } of [INVITATION, PRICE, INVITATION, PRICE, INVITATION]) speaker.say(text, locale);
    expect(said().at(-1)).toEqual(INVITATION);
    for (const one of said()) expect([PRICE, INVITATION]).toContainEqual(one);
  },

  'says the same text again when asked again': ({ speaker, said }) => {
    speaker.say(PRICE.text, PRICE.locale);
    const once = said().length;
    speaker.say(PRICE.text, PRICE.locale);
    expect(said().length).toBeGreaterThan(once);
  },
});
