import { describe, expect, it } from 'vitest';
import { confusableSkeleton, isMixedScript, looksLike } from '../../../device/confirm/confusables.ts';

const KNOWN = ['Alipay', 'Luna Coffee', '二口工坊', 'Modern Mill', '淘宝闪购'];

describe('looksLike', () => {
  it.each([
    ['Cyrillic а', 'Аlіраy', 'Alipay'],
    ['Greek letters', 'Αlιpαy', 'Alipay'],
    ['capital I for l', 'AIipay', 'Alipay'],
    ['digit one for l', 'A1ipay', 'Alipay'],
    ['digit zero for o', 'Luna C0ffee', 'Luna Coffee'],
    ['another case', 'LUNA COFFEE', 'Luna Coffee'],
    ['full-width letters', 'Ａｌｉｐａｙ', 'Alipay'],
    ['mathematical letters', '𝐀𝐥𝐢𝐩𝐚𝐲', 'Alipay'],
    ['accents', 'Lùna Cöffeé', 'Luna Coffee'],
    ['zero-width characters', 'Ali\u200Bpay', 'Alipay'],
    ['a bidi control', '\u202EAlipay', 'Alipay'],
    ['other spaces and punctuation', 'Luna-Coffee.', 'Luna Coffee'],
    ['rn for m', 'Modem MiII', 'Modern Mill'],
    ['katakana for ideographs', 'ニロエ坊', '二口工坊'],
    ['radicals for ideographs', '⼆⼝⼯坊', '二口工坊'],
    ['the same name', 'Alipay', 'Alipay'],
  ])('T8: sees through %s', (_, name, known) => {
    expect(looksLike(name, KNOWN)).toBe(known);
  });

  it.each(['Alipays', 'Lunar Coffee', '二口', '宝淘闪购', 'Moon Mill', ''])('takes %j for nobody else', (name) => {
    expect(looksLike(name, KNOWN)).toBeUndefined();
  });

  it('never takes names without letters for each other', () => {
    expect(looksLike('--', ['**', ''])).toBeUndefined();
  });

  it('prefers a question too many: i and l are one letter', () => {
    expect(confusableSkeleton('Mail')).toBe(confusableSkeleton('Mall'));
  });

  it('gives a skeleton that is its own skeleton', () => {
    for (const name of ['Аlіраy', 'ＬＵＮＡ', 'ニロエ坊', 'Œuvre']) {
      expect(confusableSkeleton(confusableSkeleton(name))).toBe(confusableSkeleton(name));
    }
  });
});

describe('isMixedScript', () => {
  it.each(['Аlipay', 'Αlipay', 'Ａlipay', 'éＡ', 'Ａø', 'ấＡ', '二ロ工坊', 'ニ店', '一ー店'])(
    'T8: sees two scripts in %s',
    (name) => {
      expect(isMixedScript(name)).toBe(true);
    },
  );

  it.each(['Alipay', 'Ａｌｉｐａｙ', 'Łódź Phở', '露娜Coffee', '茶の庭', '一口カフェ', 'カトー', '二口工坊', 'Mr. 2'])(
    'finds %s ordinary',
    (name) => {
      expect(isMixedScript(name)).toBe(false);
    },
  );
});
