/** A coffee each weekday of a week: a price that moves, is agreed to once and then not, a pause, and the end by voice and a hold. */
import { MINUTE_MS, on, standsAt, type Tale } from './tale.ts';

const PLAIN_MINOR = 1_600;
const DEARER_MINOR = 1_900;

export const weekdayCoffee: Tale = {
  summary: 'a coffee every weekday before nine, for a week: a price moves, a pause, the end',
  acts: [
    {
      do: 'say',
      words: {
        'en-US':
          'order my coffee every weekday before nine, at most 30 a day, from luna otter and paper crane, and ask me if the price goes up more than ten percent',
        'zh-CN': '以后每个工作日九点前帮我点咖啡，每天最多三十块，只从月獭和纸鹤买，涨价超过百分之十就先问我',
      },
    },
    // Tuesday: bought. In the afternoon the cheaper shop asks more.
    { do: 'wait-until', at: on(1, 15) },
    {
      do: 'operate',
      merchant: 'luna-coffee',
      command: () => `price iced-latte ${DEARER_MINOR}`,
      told: 'Luna Otter Coffee now asks 19.00 for an iced latte',
    },
    // Wednesday: asked, and bought. Thursday: asked, and left.
    { do: 'wait-until', at: on(3, 15) },
    {
      do: 'operate',
      merchant: 'luna-coffee',
      command: () => `price iced-latte ${PLAIN_MINOR}`,
      told: 'Luna Otter Coffee asks 16.00 again',
    },
    { do: 'wait-until', at: on(3, 20) },
    { do: 'say', words: { 'en-US': 'pause everything', 'zh-CN': '全部暂停' } },
    { do: 'wait', until: standsAt('suspended'), mostMs: MINUTE_MS },
    // Friday: nothing.
    { do: 'wait-until', at: on(4, 12) },
    { do: 'say', words: { 'en-US': 'resume the coffee', 'zh-CN': '恢复咖啡' } },
    { do: 'wait', until: standsAt('active'), mostMs: MINUTE_MS },
    // Monday: bought.
    { do: 'wait-until', at: on(7, 12) },
    { do: 'say', words: { 'en-US': 'cancel the coffee', 'zh-CN': '取消咖啡' } },
    { do: 'wait', until: standsAt('revoked'), mostMs: MINUTE_MS },
    // Tuesday: nothing.
    { do: 'wait-until', at: on(8, 9.5) },
  ],
  answers: [
    { 'en-US': 'an iced latte', 'zh-CN': '冰拿铁' },
    { 'en-US': 'for two weeks', 'zh-CN': '两周' },
  ],
  atPrices: [
    { 'en-US': 'yes', 'zh-CN': '好的' },
    { 'en-US': 'no', 'zh-CN': '不要' },
    { 'en-US': 'no', 'zh-CN': '不要' },
  ],
  claims: [
    [
      'a coffee was bought on Tuesday, Wednesday and the next Monday, each before nine',
      ({ spends }) =>
        spends.length === 3 &&
        [1, 2, 7].every((day, i) => {
          const at = (spends[i]?.paidAt ?? 0) * 1_000;
          return on(day, 0) <= at && at < on(day, 9);
        }),
    ],
    ['none cost more than 30', ({ spends }) => spends.every(({ amountMinor }) => amountMinor <= 3_000)],
    [
      'they are of the two shops',
      ({ spends }) => spends.every(({ payee }) => payee === 'luna-coffee' || payee === 'paper-crane'),
    ],
    ['the wearer was asked about one price on Wednesday and two on Thursday', ({ questions }) => questions === 3],
    ['the wearer has ended it', standsAt('revoked')],
  ],
};
