/** A seat by the window on an early train, bought within a minute. */
import { MINUTE_MS, standsAt, type Tale } from './tale.ts';

export const train: Tale = {
  summary: 'a window seat on tomorrow’s early train to Shanghai',
  acts: [
    {
      do: 'say',
      words: {
        'en-US': "book a window seat on tomorrow's early train to Shanghai, up to 600",
        'zh-CN': '订一张明天一早去上海的火车票，靠窗，最多六百',
      },
    },
    { do: 'wait', until: ({ spends }) => spends.length > 0, mostMs: 10 * MINUTE_MS },
    { do: 'wait', until: standsAt('revoked'), mostMs: MINUTE_MS },
  ],
  answers: [],
  atPrices: [],
  claims: [
    ['one ticket was bought', ({ spends }) => spends.length === 1],
    ['it is the railway’s', ({ spends }) => spends.every(({ payee }) => payee === 'rail')],
    ['it cost at most 600', ({ spends }) => spends.every(({ amountMinor }) => amountMinor <= 60_000)],
    ['the agent has given the delegation back', standsAt('revoked')],
  ],
};
