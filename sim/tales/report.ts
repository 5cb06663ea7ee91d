/** Data for a report, bought piece by piece by an agent that chooses for itself, out of an account of its own. */
import { MINUTE_MS, SECOND_MS, standsAt, type Tale } from './tale.ts';

export const report: Tale = {
  summary: 'data for the market report, for at most 50, out of a sub-account, over HTTP 402',
  acts: [
    {
      do: 'say',
      words: {
        'en-US': 'prepare the market report, spend at most 50 on data',
        'zh-CN': '准备一份市场报告，数据最多花五十块',
      },
    },
    { do: 'wait', until: standsAt('revoked'), mostMs: 10 * MINUTE_MS },
    { do: 'wait', until: () => false, mostMs: 5 * SECOND_MS },
  ],
  answers: [{ 'en-US': 'by friday', 'zh-CN': '周五前' }],
  atPrices: [],
  claims: [
    ['several pieces of data were bought', ({ spends }) => spends.length > 1],
    ['they are the data desk’s', ({ spends }) => spends.every(({ payee }) => payee === 'data-desk')],
    ['they cost at most 50', ({ spends }) => spends.reduce((sum, { amountMinor }) => sum + amountMinor, 0) <= 5_000],
    ['the wearer was warned near the limit', ({ held }) => held?.told.budget === true],
    ['the agent has given the delegation back', standsAt('revoked')],
  ],
};
