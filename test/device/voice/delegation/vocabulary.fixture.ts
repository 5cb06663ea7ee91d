/** The parser's fixture with what delegations buy: tickets for a concert, trains, a report. */
import type { Vocabulary } from '../../../../device/voice/vocabulary.ts';
import { vocabulary as drinks } from '../vocabulary.fixture.ts';

const names = (zh: string, en: string) => ({ 'zh-CN': zh.split('|'), 'en-US': en.split('|') });

export const vocabulary: Vocabulary = {
  items: [
    ...drinks.items,
    {
      id: 'concert-ticket',
      category: 'tickets',
      names: names('演唱会门票|演唱会票|演唱会的票|演唱会|门票|票', 'concert ticket|concert|ticket'),
      options: ['tier'],
    },
    {
      id: 'train-ticket',
      category: 'rail',
      names: names('火车票|高铁票|车票|火车|高铁|票', 'train ticket|train|ticket'),
      options: ['class', 'seat', 'destination'],
    },
    {
      id: 'market-report',
      category: 'data',
      names: names('市场报告|行情报告', 'market report'),
      options: [],
    },
  ],
  options: [
    ...drinks.options,
    {
      id: 'tier',
      names: names('档位', 'tier'),
      choices: [
        { id: 'stalls', names: names('内场|内场票', 'stalls|floor') },
        { id: 'balcony', names: names('看台|看台票', 'balcony') },
      ],
    },
    {
      id: 'class',
      names: names('席别', 'class'),
      choices: [
        { id: 'second', names: names('二等座|二等', 'second class') },
        { id: 'first', names: names('一等座|一等', 'first class') },
      ],
    },
    {
      id: 'seat',
      names: names('座位', 'seat'),
      choices: [
        { id: 'window', names: names('靠窗|靠窗的座位|窗边', 'window seat|window') },
        { id: 'aisle', names: names('靠过道|过道|过道座位', 'aisle seat|aisle') },
      ],
    },
    {
      id: 'destination',
      names: names('目的地', 'destination'),
      choices: [
        { id: 'shanghai', names: names('去上海|到上海|上海', 'to shanghai|shanghai') },
        { id: 'hangzhou', names: names('去杭州|到杭州|杭州', 'to hangzhou|hangzhou') },
      ],
    },
  ],
  merchants: [
    ...drinks.merchants,
    { id: 'damai', names: names('大麦|大麦网', 'damai') },
    { id: 'rail', names: names('铁路|12306', 'china rail|12306') },
    { id: 'data-desk', names: names('数据台', 'data desk') },
  ],
};
