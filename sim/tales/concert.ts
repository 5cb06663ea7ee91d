/** Two tickets on the moment they go on sale, through the queue; later one seat is lost, and its price comes back. */
import { MINUTE_MS, on, SECOND_MS, standsAt, type Tale } from './tale.ts';

export const concert: Tale = {
  summary: 'two tickets for Saturday’s concert when they go on sale; one seat is lost and paid back',
  acts: [
    {
      do: 'say',
      words: {
        'en-US': "get me two tickets for Saturday's concert when they go on sale, at most 1,280 each, only from Damai",
        'zh-CN': '周六的演唱会开售了帮我抢两张票，每张最多1280，只在大麦买',
      },
    },
    { do: 'wait', until: ({ spends }) => spends.length > 0, mostMs: 60 * MINUTE_MS },
    { do: 'wait', until: standsAt('revoked'), mostMs: MINUTE_MS },
    {
      do: 'operate',
      merchant: 'damai',
      command: ({ spends }) => `withdraw ${spends[0]?.orderNo ?? '-'}`,
      told: 'Damai has lost one of the two seats',
    },
    { do: 'wait', until: ({ refunds }) => refunds.length > 0, mostMs: 30 * MINUTE_MS },
    { do: 'wait', until: () => false, mostMs: 5 * SECOND_MS },
  ],
  answers: [],
  atPrices: [],
  claims: [
    // The sale begins at ten, with everybody in line.
    [
      'nothing was bought before the sale began',
      ({ spends }) => spends.every(({ paidAt }) => paidAt * 1_000 > on(0, 10)),
    ],
    ['two tickets were bought at once', ({ spends }) => spends.length === 1],
    ['they are Damai’s', ({ spends }) => spends.every(({ payee }) => payee === 'damai')],
    ['each cost at most 1,280', ({ spends }) => spends.every(({ amountMinor }) => amountMinor <= 2 * 128_000)],
    ['the agent has given the delegation back', standsAt('revoked')],
    [
      'half of it came back for the lost seat',
      ({ spends, refunds }) =>
        refunds.length === 1 && refunds[0]?.amountMinor === Math.floor((spends[0]?.amountMinor ?? 0) / 2),
    ],
  ],
};
