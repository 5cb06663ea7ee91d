/** What the data desk of the simulation sells. The data are invented; prices are in fen. */
import type { Currency } from '../../protocol/index.ts';
import type { Title } from '../shops/index.ts';

export interface Resource {
  /** Lower case, at most 24 characters: part of a path. */
  readonly id: string;
  readonly title: Title;
  readonly amountMinor: number;
  readonly currency: Currency;
  /** What is delivered; `undefined` when it cannot be made now. */
  content(): string | undefined;
}

function resource(id: string, zh: string, en: string, amountMinor: number, data: readonly object[]): Resource {
  const content = () => JSON.stringify({ resource: id, data });
  return { id, title: { 'zh-CN': zh, 'en-US': en }, amountMinor, currency: 'CNY', content };
}

export const deskResources: readonly Resource[] = [
  resource('market-prices', '行情价格', 'Market prices', 800, [
    { symbol: 'AAA', closeMinor: 10_250, changeE2: 120 },
    { symbol: 'BBB', closeMinor: 4_480, changeE2: -35 },
  ]),
  resource('sector-news', '行业新闻', 'Sector news', 1_200, [
    { sector: 'coffee', headline: 'Harvest ahead of last year' },
    { sector: 'rail', headline: 'Night trains sell out' },
  ]),
  resource('company-filings', '公司公告', 'Company filings', 2_500, [{ symbol: 'AAA', kind: 'annual', pages: 212 }]),
  resource('analyst-notes', '分析师报告', 'Analyst notes', 4_800, [{ symbol: 'BBB', rating: 'hold' }]),
];
