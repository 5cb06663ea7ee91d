/** What few wearers say: words that leave a question open, some of them to the end, and wishes that no shop meets. */
import type { Locale } from '../../device/index.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** An order, and what is said to the questions that it leaves open. */
interface Said {
  readonly order: string;
  readonly answers: readonly string[];
  /** The only shops there are, where it takes that. */
  readonly sellers?: readonly string[];
}

/** Repeated as often as the device asks, and once more. */
const stubborn = (order: string, again = order): Said => ({ order, answers: [again, again, again, again] });
/** Where only this shop is open: one has run out, one is too far away, one opens later. */
const onlyAt = (shop: string, order: string): Said => ({ order, answers: [], sellers: [shop] });
const plain = (order: string): Said => ({ order, answers: [] });

const RARE: Readonly<Record<Locale, readonly Said[]>> = {
  'en-US': [
    stubborn('order me'),
    stubborn('ninety nine iced lattes'),
    stubborn('a large small iced latte'),
    stubborn('order me a helicopter'),
    stubborn('an iced latte under 20 yuan, at most 30 yuan'),
    stubborn('an iced latte from Luna Otter Coffee or Paper Crane Coffee'),
    stubborn('an espresso with less ice'),
    stubborn('two or three iced lattes'),
    stubborn('a latte with pumpkin syrup'),
    stubborn('a latt'),
    stubborn('a latte not large', 'latte'),
    plain('order me an iced latte within 3 minutes'),
    onlyAt('snow-fox', 'an iced latte'),
    onlyAt('far-harbor', 'an iced latte'),
    onlyAt('night-owl', 'an iced latte'),
  ],
  'zh-CN': [
    stubborn('帮我点'),
    stubborn('九十九杯冰拿铁'),
    stubborn('帮我点一架直升机'),
    stubborn('两三杯冰拿铁'),
    stubborn('一杯大杯小杯冰拿铁'),
    stubborn('一杯冰拿铁，二十块以内，最多三十块'),
    stubborn('帮我点一杯拿'),
    stubborn('一杯拿铁，不要大杯'),
    stubborn('意式浓缩，少冰'),
    stubborn('一杯拿铁加南瓜糖浆'),
    stubborn('一杯冰拿铁，在月獭咖啡或者纸鹤咖啡买'),
    plain('帮我点一杯冰拿铁，三分钟内送到'),
    onlyAt('snow-fox', '一杯冰拿铁'),
    onlyAt('far-harbor', '一杯冰拿铁'),
    onlyAt('night-owl', '一杯冰拿铁'),
  ],
};

/** To delegate: bounds that are missing, and are said when asked for, or are not. */
const RARE_WISHES: Readonly<Record<Locale, readonly Said[]>> = {
  'en-US': [
    {
      order: 'every weekday before nine order an iced latte, for four weeks',
      answers: ['at most 30 a day', 'yes', 'yes'],
    },
    stubborn('every weekday before nine order an iced latte, for four weeks'),
    stubborn('buy me a train ticket for tomorrow, at most 600', 'the weather is nice'),
  ],
  'zh-CN': [
    { order: '每天帮我点一杯冰拿铁，两周内', answers: ['每天最多三十块', '好的', '好的'] },
    stubborn('每天帮我点一杯冰拿铁，两周内'),
    stubborn('帮我买一张明天的火车票，最多六百', '今天天气不错'),
  ],
};

export function rareOrder(locale: Locale, isDelegated: boolean, random: SeededRandom): Said {
  const list = (isDelegated ? RARE_WISHES : RARE)[locale];
  return list[random.below(list.length)] as Said;
}
