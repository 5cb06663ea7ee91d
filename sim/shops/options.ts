/**
 * The options of everything on sale, in both languages. The first name is shown and spoken, the others are understood.
 * No text here may also name an item, a merchant or another choice: one phrase has one meaning, or the parser must ask.
 */
import type { VocabularyChoice, VocabularyOption } from '../../device/voice/vocabulary.ts';

function choice(id: string, zh: readonly string[], en: readonly string[]): VocabularyChoice {
  return { id, names: { 'zh-CN': zh, 'en-US': en } };
}

/** Temperature `room` is what a bakery or a fridge-less shelf hands over when nothing was asked for. */
export const shopOptions: readonly VocabularyOption[] = [
  {
    id: 'size',
    names: { 'zh-CN': ['杯型', '份量', '大小'], 'en-US': ['size', 'cup size', 'portion'] },
    choices: [
      choice('small', ['小杯', '小份', '小的', '小碗'], ['small', 'little']),
      choice('medium', ['中杯', '中份', '中的', '中碗'], ['medium', 'regular size', 'medium size']),
      choice('large', ['大杯', '大份', '大的', '大碗', '超大杯'], ['large', 'big', 'large size']),
    ],
  },
  {
    id: 'temperature',
    names: { 'zh-CN': ['温度', '冷热'], 'en-US': ['temperature'] },
    choices: [
      choice('hot', ['热', '热的', '要热的', '热饮'], ['hot', 'steaming']),
      choice('warm', ['温', '温的', '温热', '加热', '热一下'], ['warm', 'heated', 'toasted']),
      choice('room', ['常温', '室温', '不加热'], ['room temperature', 'not heated', 'not iced']),
      choice('iced', ['冰', '冰的', '要冰的', '冷的', '冷饮', '冰镇'], ['iced', 'cold', 'ice cold', 'chilled']),
    ],
  },
  {
    id: 'sugar',
    names: { 'zh-CN': ['糖度', '甜度'], 'en-US': ['sugar level', 'sweetness'] },
    choices: [
      choice(
        'none',
        ['无糖', '不加糖', '不要糖', '去糖', '零糖', '不放糖', '别加糖'],
        ['no sugar', 'without sugar', 'sugar free', 'unsweetened', 'not sweet', 'zero sugar'],
      ),
      choice(
        'less',
        ['少糖', '少放糖', '少加糖', '糖少一点', '微糖', '三分糖', '七分糖', '少甜', '不要太甜'],
        ['less sugar', 'low sugar', 'light sugar', 'little sugar', 'reduced sugar', 'less sweet', 'not too sweet'],
      ),
      choice('half', ['半糖', '五分糖', '一半糖'], ['half sugar', 'half the sugar', 'half sweet']),
      choice(
        'regular',
        ['标准糖', '正常糖', '全糖', '正常甜', '标准甜'],
        ['regular sugar', 'normal sugar', 'full sugar', 'standard sugar'],
      ),
      choice('extra', ['多糖', '多加糖', '多放糖', '甜一点'], ['extra sugar', 'more sugar', 'extra sweet']),
    ],
  },
  {
    id: 'milk',
    names: { 'zh-CN': ['奶类', '奶底'], 'en-US': ['milk type', 'kind of milk'] },
    choices: [
      choice('whole', ['全脂奶', '全脂牛奶', '全脂'], ['whole milk', 'full milk', 'dairy milk']),
      choice('oat', ['燕麦奶', '换燕麦奶', '燕麦'], ['oat milk', 'oat']),
      choice('soy', ['豆奶', '换豆奶'], ['soy milk', 'soy']),
    ],
  },
  {
    id: 'ice',
    names: { 'zh-CN': ['冰量'], 'en-US': ['ice level', 'amount of ice'] },
    choices: [
      choice('none', ['去冰', '不加冰', '不要冰', '无冰', '别加冰'], ['no ice', 'without ice', 'zero ice']),
      choice('less', ['少冰', '少加冰', '少放冰', '微冰', '冰少一点'], ['less ice', 'light ice', 'little ice']),
      choice('regular', ['正常冰', '标准冰', '加冰'], ['regular ice', 'normal ice', 'with ice', 'full ice']),
    ],
  },
  {
    id: 'shot',
    names: { 'zh-CN': ['浓缩份数', '浓度'], 'en-US': ['shots', 'strength'] },
    choices: [
      choice('single', ['单份浓缩', '单份'], ['single shot', 'one shot', 'single']),
      choice(
        'double',
        ['双份浓缩', '加浓', '加一份浓缩', '双份'],
        ['double shot', 'two shots', 'extra shot', 'double'],
      ),
    ],
  },
  {
    id: 'topping',
    names: { 'zh-CN': ['小料', '加料'], 'en-US': ['topping', 'toppings'] },
    choices: [
      choice('none', ['不加料', '不要料', '不加小料'], ['no topping', 'no toppings', 'without toppings']),
      choice('pearls', ['珍珠', '加珍珠', '波霸'], ['pearls', 'with pearls', 'boba', 'tapioca pearls']),
      choice('pudding', ['布丁', '加布丁'], ['pudding', 'with pudding', 'egg pudding']),
      choice('coconut-jelly', ['椰果', '加椰果'], ['coconut jelly', 'with coconut jelly']),
      choice('grass-jelly', ['仙草', '加仙草', '仙草冻'], ['grass jelly', 'with grass jelly', 'herbal jelly']),
    ],
  },
  {
    id: 'spice',
    names: { 'zh-CN': ['辣度', '口味轻重'], 'en-US': ['spice level', 'spiciness'] },
    choices: [
      choice('none', ['不辣', '不要辣', '不加辣', '免辣'], ['not spicy', 'no spice', 'no chili', 'without chili']),
      choice('mild', ['微辣', '少辣', '一点点辣'], ['mild', 'a little spicy', 'less spicy', 'mildly spicy']),
      choice('medium', ['中辣', '正常辣', '加辣'], ['medium spicy', 'spicy', 'regular spicy', 'with chili']),
      choice('extra', ['特辣', '重辣', '多放辣', '变态辣'], ['extra spicy', 'very spicy', 'extra chili']),
    ],
  },
  {
    id: 'cilantro',
    names: { 'zh-CN': ['香菜选项'], 'en-US': ['cilantro option'] },
    choices: [
      choice('none', ['不要香菜', '不加香菜', '免香菜', '不放香菜', '去香菜'], ['no cilantro', 'without cilantro']),
      choice('regular', ['加香菜', '要香菜', '放香菜'], ['with cilantro', 'add cilantro']),
    ],
  },
  {
    id: 'filling',
    names: { 'zh-CN': ['馅料', '馅儿'], 'en-US': ['filling', 'stuffing'] },
    choices: [
      choice('pork', ['猪肉馅', '鲜肉馅', '猪肉', '肉馅'], ['pork', 'pork filling', 'with pork']),
      choice('shrimp', ['虾仁馅', '虾仁', '鲜虾馅'], ['shrimp', 'shrimp filling', 'with shrimp']),
      choice('vegetable', ['素馅', '青菜馅', '香菇青菜'], ['vegetable', 'vegetables', 'vegetable filling']),
      choice('red-bean', ['豆沙馅', '红豆馅', '豆沙'], ['red bean', 'red bean filling', 'sweet bean']),
    ],
  },
  {
    id: 'tier',
    names: { 'zh-CN': ['票档', '档位'], 'en-US': ['tier', 'ticket tier'] },
    choices: [
      choice('a', ['甲档', '一档', '内场票'], ['front tier', 'tier one', 'floor tier']),
      choice('b', ['乙档', '二档', '看台票'], ['middle tier', 'tier two']),
      choice('c', ['丙档', '三档', '高层票'], ['back tier', 'tier three']),
    ],
  },
  {
    id: 'class',
    names: { 'zh-CN': ['席别', '座席'], 'en-US': ['class', 'travel class'] },
    choices: [
      choice('second', ['二等座', '二等'], ['second class', 'standard class']),
      choice('first', ['一等座', '一等'], ['first class']),
    ],
  },
  {
    id: 'seat',
    names: { 'zh-CN': ['座位', '座位位置'], 'en-US': ['seat', 'seat position'] },
    choices: [
      choice('window', ['靠窗', '靠窗的', '窗边', '靠窗座位'], ['window seat', 'window', 'by the window']),
      choice('aisle', ['靠过道', '过道', '靠走道', '过道座位'], ['aisle seat', 'aisle', 'on the aisle']),
    ],
  },
  {
    id: 'destination',
    names: { 'zh-CN': ['目的地'], 'en-US': ['destination'] },
    choices: [choice('shanghai', ['去上海', '到上海', '上海'], ['to shanghai', 'shanghai'])],
  },
];
