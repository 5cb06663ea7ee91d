/** A small catalogue with everything the parser must tell apart: shared words, options that do not fit, a category, two shops. */
import type { Vocabulary, VocabularyChoice, VocabularyItem } from '../../../device/voice/vocabulary.ts';

function choice(id: string, zh: string, en: string): VocabularyChoice {
  return { id, names: { 'zh-CN': zh.split('|'), 'en-US': en.split('|') } };
}

function item(id: string, category: string, zh: string, en: string, options: readonly string[]): VocabularyItem {
  return { id, category, names: { 'zh-CN': zh.split('|'), 'en-US': en.split('|') }, options };
}

const HOT_CUP = ['size', 'temperature', 'sugar', 'milk'];
const COLD_CUP = ['size', 'sugar', 'milk', 'ice'];

export const vocabulary: Vocabulary = {
  items: [
    item('iced-latte', 'coffee', '冰拿铁', 'iced latte|ice latte', COLD_CUP),
    item('latte', 'coffee', '拿铁|拿铁咖啡', 'latte|cafe latte', HOT_CUP),
    item('americano', 'coffee', '美式|美式咖啡', 'americano|black coffee', HOT_CUP),
    item('cappuccino', 'coffee', '卡布奇诺', 'cappuccino', HOT_CUP),
    item('mocha', 'coffee', '摩卡', 'mocha', HOT_CUP),
    item('hot-chocolate', 'chocolate', '热巧克力', 'hot chocolate|hot cocoa', ['size', 'sugar', 'milk']),
    item('milk-tea', 'tea', '奶茶', 'milk tea', COLD_CUP),
    item('green-tea', 'tea', '绿茶', 'green tea', ['size', 'sugar', 'ice']),
    item('croissant', 'bakery', '可颂|牛角包', 'croissant', ['temperature']),
    item('blueberry-muffin', 'bakery', '蓝莓麦芬|麦芬', 'blueberry muffin|muffin', ['temperature']),
    item('bagel', 'bakery', '贝果', 'bagel', []),
    item('cheesecake', 'bakery', '芝士蛋糕', 'cheesecake', []),
    item('steamed-bun', 'breakfast', '包子', 'steamed bun', []),
  ],
  options: [
    {
      id: 'size',
      names: { 'zh-CN': ['杯型'], 'en-US': ['size'] },
      choices: [
        choice('small', '小杯|小份|小的', 'small'),
        choice('medium', '中杯|中份', 'medium'),
        choice('large', '大杯|大份|大的', 'large|big'),
      ],
    },
    {
      id: 'temperature',
      names: { 'zh-CN': ['温度'], 'en-US': ['temperature'] },
      choices: [
        choice('hot', '热|热的', 'hot'),
        choice('warm', '温的|加热', 'warm|toasted'),
        choice('iced', '冰|冰的', 'iced|cold'),
      ],
    },
    {
      id: 'sugar',
      names: { 'zh-CN': ['糖度'], 'en-US': ['sugar level'] },
      choices: [
        choice('none', '无糖|不加糖|不要糖', 'no sugar|without sugar|sugar free'),
        choice('less', '少糖|三分糖|糖少一点', 'less sugar|light sugar'),
        choice('half', '半糖|五分糖', 'half sugar'),
        choice('regular', '全糖|正常糖', 'regular sugar|normal sugar'),
        choice('extra', '多糖|多加糖', 'extra sugar'),
      ],
    },
    {
      id: 'milk',
      names: { 'zh-CN': ['奶类'], 'en-US': ['milk type'] },
      choices: [
        choice('whole', '全脂奶', 'whole milk'),
        choice('oat', '燕麦奶', 'oat milk|oat'),
        choice('soy', '豆奶', 'soy milk|soy'),
      ],
    },
    {
      id: 'ice',
      names: { 'zh-CN': ['冰量'], 'en-US': ['ice level'] },
      choices: [
        choice('none', '去冰|不加冰|不要冰', 'no ice|without ice'),
        choice('less', '少冰', 'less ice|light ice'),
        choice('regular', '正常冰', 'regular ice'),
      ],
    },
  ],
  merchants: [
    { id: 'luna', names: { 'zh-CN': ['月獭咖啡', '月獭'], 'en-US': ['luna coffee', 'luna'] } },
    { id: 'paper-crane', names: { 'zh-CN': ['纸鹤咖啡', '纸鹤'], 'en-US': ['paper crane'] } },
  ],
};
