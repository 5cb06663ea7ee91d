/** What a wearer delegates in a random world, and says at random moments afterwards: everything drawn from the seed. */
import type { Locale } from '../../device/index.ts';
import type { Temper } from '../person.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** Words at a moment, whatever the device is doing then. */
export interface Act {
  /** Milliseconds from the beginning. */
  readonly afterMs: number;
  readonly words: string;
}

/** What is delegated, how the questions are answered, and what is said later. */
export interface DelegatedErrand {
  readonly temper: Temper;
  readonly order: string;
  readonly answers: readonly string[];
  readonly acts: readonly Act[];
}

const WISHES: Readonly<Record<Locale, readonly string[]>> = {
  'en-US': [
    'get me two concert tickets when they go on sale, at most 1,280 each, only from Damai, until Sunday',
    'get me two concert tickets when they go on sale, at most 1,280 each, only from Damai, until Sunday',
    'buy me a train ticket for tomorrow, a window seat, at most 600',
    'buy me a train ticket for tomorrow, a window seat, at most 600',
    'every day order an iced latte, at most 30 a day, for two weeks, ask me if the price goes up more than 10 percent',
    'every day order an iced latte, at most 30 a day, for two weeks, only from luna coffee, ask me if the price goes up more than 10 percent',
    'every weekday before nine order an iced latte, at most 30 a day, for four weeks',
    'prepare the market report, spend at most 50 on data, until friday',
  ],
  'zh-CN': [
    '演唱会一开售就帮我买两张演唱会门票，每张不超过一千二百八，只在大麦买，周日之前',
    '演唱会一开售就帮我买两张演唱会门票，每张不超过一千二百八，只在大麦买，周日之前',
    '帮我买一张明天的火车票，靠窗，最多六百',
    '每天帮我点一杯冰拿铁，每天最多三十块，两周内',
    '以后每个工作日九点前帮我点一杯冰拿铁，每天最多三十块，四周内',
    '准备一份市场报告，数据最多花五十，周五前',
  ],
};

const LATER: Readonly<Record<Locale, readonly string[]>> = {
  'en-US': [
    'pause everything',
    'pause the iced latte',
    'stop',
    'resume the iced latte',
    'resume everything',
    'resume the concert ticket',
    'cancel the iced latte',
    'cancel the concert ticket',
    'cancel the market report',
    'what have you bought today',
    'how much is left',
    'yes',
    'no',
    'order one latte',
  ],
  'zh-CN': [
    '全部暂停',
    '暂停冰拿铁',
    '恢复冰拿铁',
    '恢复演唱会门票',
    '取消冰拿铁',
    '取消演唱会门票',
    '取消市场报告',
    '今天买了什么',
    '还剩多少',
    '好的',
    '不要',
    '帮我点一杯拿铁',
  ],
};

const YES: Readonly<Record<Locale, string>> = { 'en-US': 'yes', 'zh-CN': '好的' };
const NO: Readonly<Record<Locale, string>> = { 'en-US': 'no', 'zh-CN': '不要' };
const TEMPERS: readonly Temper[] = ['buy', 'buy', 'buy', 'buy', 'buy', 'buy', 'buy', 'buy', 'decline', 'walk-away'];
const MOST_ACTS = 5;
/** The bounds take a while to be read. */
const FIRST_MS = 8_000;
const LAST_MS = 90_000;

export function delegatedErrand(locale: Locale, random: SeededRandom): DelegatedErrand {
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  // Whatever is said while the bounds are shown is heard as well: a yes changes nothing then, a no ends it.
  const more = Array.from({ length: random.below(4) }, () => (random.chance(0.1) ? NO[locale] : YES[locale]));
  const answers = [YES[locale], ...more];
  const acts = Array.from({ length: random.below(MOST_ACTS + 1) }, () => ({
    afterMs: FIRST_MS + random.below(LAST_MS - FIRST_MS),
    words: one(LATER[locale]),
  }));
  return { temper: one(TEMPERS), order: one(WISHES[locale]), answers, acts };
}
