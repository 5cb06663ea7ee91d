/** Payees that are no shops around the corner: they sell seats and data, and are bought from under delegations. */
import type { Title } from './types.ts';

export interface Counterpart {
  /** The merchant's party id. */
  readonly id: string;
  /** `frames`: an order desk on the broker. `http`: a desk that is paid per request (ACT 2.1 PSD-PAY-A402). */
  readonly reached: 'frames' | 'http';
  /** As shown and spoken. */
  readonly title: Title;
  readonly aliases: Readonly<Record<keyof Title, readonly string[]>>;
  /** Which things of the vocabulary it sells. */
  readonly itemIds: readonly string[];
}

export const counterparts: readonly Counterpart[] = [
  {
    id: 'damai',
    reached: 'frames',
    title: { 'zh-CN': '大麦', 'en-US': 'Damai' },
    aliases: { 'zh-CN': ['大麦网', '大麦票务'], 'en-US': ['damai tickets', 'big wheat'] },
    itemIds: ['concert-ticket'],
  },
  {
    id: 'rail',
    reached: 'frames',
    title: { 'zh-CN': '铁路客票', 'en-US': 'Railway' },
    aliases: { 'zh-CN': ['铁路', '铁路售票'], 'en-US': ['rail', 'the railway', 'railways'] },
    itemIds: ['train-ticket'],
  },
  {
    id: 'data-desk',
    reached: 'http',
    title: { 'zh-CN': '数据服务台', 'en-US': 'Data Desk' },
    aliases: { 'zh-CN': ['数据台', '数据服务'], 'en-US': ['the data desk'] },
    itemIds: ['market-report'],
  },
];
