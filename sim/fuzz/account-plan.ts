/** What a wearer says of the sub-account of an agent in a random world (PSD-AGT-SUB): everything drawn from the seed. */
import type { Locale } from '../../device/index.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Act, DelegatedErrand } from './delegated-plan.ts';

/** Most begin with less than the total, so that there is something to fill up; one is over before the world is. */
const WISHES: Readonly<Record<Locale, readonly string[]>> = {
  'en-US': [
    'prepare the market report, spend at most 50 on data, start with 20, until friday',
    'prepare the market report, spend at most 50 on data, start with 5, until friday',
    'prepare the market report, spend at most 50 on data, start with 10, for two hours',
    'prepare the market report, spend at most 50 on data, until friday',
    'prepare the market report, spend at most 50 on data, start with 10, until friday',
  ],
  'zh-CN': [
    '准备一份市场报告，数据最多花五十，账户先放二十，周五前',
    '准备一份市场报告，数据最多花五十，账户先放五块，周五前',
    '准备一份市场报告，数据最多花五十，账户先放十块，两小时内',
    '准备一份市场报告，数据最多花五十，周五前',
    '准备一份市场报告，数据最多花五十，账户先放十块，周五前',
  ],
};

const FILL: Readonly<Record<Locale, readonly string[]>> = {
  'en-US': [
    "put 25 yuan into the report's account",
    'put 10 yuan into the account',
    'add 5 yuan to the account of the market report',
    'put 15 yuan into the account',
    'put 10 yuan into the account',
    "put 5 yuan into the report's account",
    "put 40 yuan into the report's account",
  ],
  'zh-CN': [
    '给报告的账户充二十五块',
    '给账户充十块',
    '给账户充十块',
    '给报告的账户充五块',
    '给账户充五块',
    '给账户充十五块',
    '给报告的账户充四十块',
  ],
};
const ASK: Readonly<Record<Locale, string>> = { 'en-US': 'how much is in the account', 'zh-CN': '报告的账户里有多少' };
export const FREEZE: Readonly<Record<Locale, string>> = {
  'en-US': "freeze the report's account",
  'zh-CN': '冻结报告的账户',
};
export const THAW: Readonly<Record<Locale, string>> = {
  'en-US': "unfreeze the report's account",
  'zh-CN': '解冻报告的账户',
};
const CLOSE: Readonly<Record<Locale, string>> = { 'en-US': "close the report's account", 'zh-CN': '注销报告的账户' };

/** Said soon after another word: at its prompt, or before its time has come. */
const MEANWHILE: Readonly<Record<Locale, readonly string[]>> = {
  'en-US': ['no', 'cancel', 'pause everything', 'resume the market report', 'cancel the market report'],
  'zh-CN': ['不要', '取消', '全部暂停', '恢复市场报告', '取消市场报告'],
};

const YES: Readonly<Record<Locale, string>> = { 'en-US': 'yes', 'zh-CN': '好的' };
const MOST_ACTS = 4;
/** The bounds take a while to be read, and to come into force. */
const FIRST_MS = 12_000;
const SOON_MS = 160_000;
/** Some of it is over by then. */
const LAST_MS = 24 * 3_600_000;
const SOON_ODDS = 0.8;
const FILL_ODDS = 0.7;
const THAW_ODDS = 0.7;
/** A prompt is asked for, read and held at in so many milliseconds. */
const PROMPT_MS = 9_000;

export function accountErrand(locale: Locale, random: SeededRandom): DelegatedErrand {
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const fill = () => one(FILL[locale]);
  const acts = Array.from({ length: 1 + random.below(MOST_ACTS) }, (): readonly Act[] => {
    const afterMs = FIRST_MS + random.below(random.chance(SOON_ODDS) ? SOON_MS : LAST_MS);
    const words = random.chance(FILL_ODDS) ? fill() : one([ASK, FREEZE, THAW])[locale];
    // Nothing, most often; twice the same; another one at once; or a word that makes the moment a bad one.
    const more = one([
      [],
      [],
      [],
      [],
      [words],
      [fill()],
      [one([FREEZE, THAW, CLOSE])[locale]],
      [one(MEANWHILE[locale])],
    ]);
    const undone = words === FREEZE[locale] && random.chance(THAW_ODDS) ? [THAW[locale]] : [];
    const then = afterMs + 1 + random.below(PROMPT_MS);
    return [words, ...more, ...undone].map((said, i) => ({
      afterMs: i === 0 ? afterMs : then + (i - 1) * PROMPT_MS,
      words: said,
    }));
  });
  const temper = random.chance(0.95) ? 'buy' : 'decline';
  return { temper, order: one(WISHES[locale]), answers: [YES[locale]], acts: acts.flat() };
}
