/**
 * The things that can be ordered, whichever shop sells them, in both languages. The first name is shown and spoken, the
 * others are understood. English names keep to words of the CMU pronouncing dictionary, because the offline
 * recogniser hears no others; an alias outside it serves transcripts that a device's own speech service pushes.
 */
import type { VocabularyItem } from '../../device/voice/vocabulary.ts';

function item(
  id: string,
  category: string,
  options: readonly string[],
  zh: readonly string[],
  en: readonly string[],
): VocabularyItem {
  return { id, category, names: { 'zh-CN': zh, 'en-US': en }, options };
}

const ICED = ['size', 'sugar', 'milk', 'ice', 'shot'];
const CUP = ['size', 'temperature', 'sugar', 'milk', 'shot'];
const TEA = ['size', 'temperature', 'sugar', 'ice', 'topping'];
const FRUIT = ['size', 'sugar', 'ice'];
const BOWL = ['size', 'spice', 'cilantro'];

export const shopItems: readonly VocabularyItem[] = [
  item(
    'iced-latte',
    'coffee',
    ICED,
    ['冰拿铁', '拿铁冰', '冰拿铁咖啡', '冰的拿铁', '拿铁冰的', '拿铁加冰'],
    ['iced latte', 'ice latte', 'iced cafe latte', 'cold latte', 'iced coffee latte', 'latte on ice', 'latte with ice'],
  ),
  item('latte', 'coffee', CUP, ['拿铁', '拿铁咖啡'], ['latte', 'cafe latte', 'coffee latte']),
  item(
    'iced-americano',
    'coffee',
    ['size', 'sugar', 'ice', 'shot'],
    ['冰美式', '美式冰', '冰美式咖啡', '冰的美式', '美式加冰'],
    ['iced americano', 'ice americano', 'cold americano', 'iced black coffee', 'americano with ice'],
  ),
  item(
    'americano',
    'coffee',
    ['size', 'temperature', 'sugar', 'shot'],
    ['美式', '美式咖啡', '黑咖啡'],
    ['americano', 'cafe americano', 'black coffee'],
  ),
  item('cappuccino', 'coffee', CUP, ['卡布奇诺', '卡布', '卡布基诺'], ['cappuccino']),
  item(
    'flat-white',
    'coffee',
    ['temperature', 'sugar', 'milk', 'shot'],
    ['澳白', '馥芮白', '澳瑞白'],
    ['flat white', 'flat white coffee'],
  ),
  item('mocha', 'coffee', CUP, ['摩卡', '摩卡咖啡'], ['mocha', 'cafe mocha']),
  item('iced-mocha', 'coffee', ICED, ['冰摩卡', '摩卡冰'], ['iced mocha', 'ice mocha', 'cold mocha']),
  item('espresso', 'coffee', ['shot'], ['意式浓缩', '浓缩咖啡', '浓缩'], ['espresso', 'espresso shot']),
  item('caramel-latte', 'coffee', CUP, ['焦糖拿铁', '焦糖咖啡'], ['caramel latte', 'caramel coffee']),
  item('vanilla-latte', 'coffee', CUP, ['香草拿铁'], ['vanilla latte', 'vanilla coffee']),
  item('coconut-latte', 'coffee', ICED, ['生椰拿铁', '椰奶拿铁', '椰子拿铁'], ['coconut latte', 'coconut milk latte']),
  item(
    'cold-brew',
    'coffee',
    ['size', 'sugar', 'ice'],
    ['冷萃', '冷萃咖啡', '冷泡咖啡'],
    ['cold brew', 'cold brew coffee'],
  ),
  item(
    'hot-chocolate',
    'coffee',
    ['size', 'sugar', 'milk'],
    ['热巧克力', '热可可', '可可'],
    ['hot chocolate', 'hot cocoa', 'cocoa'],
  ),

  item('milk-tea', 'tea', TEA, ['奶茶', '原味奶茶', '经典奶茶'], ['milk tea', 'tea with milk', 'classic milk tea']),
  item(
    'pearl-milk-tea',
    'tea',
    ['size', 'temperature', 'sugar', 'ice'],
    ['珍珠奶茶', '波霸奶茶', '珍奶'],
    ['pearl milk tea', 'bubble tea', 'bubble milk tea', 'boba tea', 'boba milk tea'],
  ),
  item('jasmine-milk-tea', 'tea', TEA, ['茉莉奶茶', '茉香奶茶', '茉莉奶绿'], ['jasmine milk tea']),
  item('oolong-milk-tea', 'tea', TEA, ['乌龙奶茶'], ['oolong milk tea']),
  item(
    'taro-milk',
    'tea',
    ['size', 'temperature', 'sugar', 'ice'],
    ['芋泥牛奶', '芋泥奶', '芋泥鲜奶'],
    ['taro milk', 'milk with taro'],
  ),
  item('lemon-tea', 'tea', FRUIT, ['柠檬茶', '手打柠檬茶', '冻柠茶'], ['lemon tea', 'iced lemon tea']),
  item('peach-tea', 'tea', FRUIT, ['蜜桃茶', '桃桃茶', '水蜜桃茶'], ['peach tea', 'iced peach tea']),
  item('grapefruit-tea', 'tea', FRUIT, ['西柚茶', '葡萄柚茶'], ['grapefruit tea']),
  item('mango-shake', 'tea', FRUIT, ['芒果冰沙', '芒果沙冰', '芒果奶昔'], ['mango shake', 'mango smoothie']),
  item('green-tea', 'tea', ['size', 'temperature', 'sugar', 'ice'], ['绿茶', '茉莉绿茶'], ['green tea', 'jasmine tea']),

  item(
    'croissant',
    'bakery',
    ['temperature'],
    ['牛角包', '可颂', '羊角面包', '牛角面包'],
    ['croissant', 'butter croissant'],
  ),
  item('bagel', 'bakery', ['temperature'], ['贝果', '百吉饼'], ['bagel']),
  item('blueberry-muffin', 'bakery', ['temperature'], ['蓝莓麦芬', '蓝莓松饼', '麦芬'], ['blueberry muffin', 'muffin']),
  item('cinnamon-roll', 'bakery', ['temperature'], ['肉桂卷', '肉桂面包'], ['cinnamon roll', 'cinnamon bun']),
  item('cheesecake', 'bakery', [], ['芝士蛋糕', '乳酪蛋糕', '起司蛋糕'], ['cheesecake', 'slice of cheesecake']),
  item('egg-tart', 'bakery', ['temperature'], ['蛋挞', '葡式蛋挞'], ['egg tart', 'custard tart']),
  item('toast', 'bakery', ['temperature'], ['吐司', '黄油吐司', '烤吐司'], ['toast', 'butter toast']),
  item('baguette', 'bakery', [], ['法棍', '法式长棍'], ['baguette', 'french bread']),
  item('donut', 'bakery', [], ['甜甜圈'], ['donut', 'doughnut']),
  item('brownie', 'bakery', ['temperature'], ['布朗尼', '巧克力布朗尼'], ['brownie', 'chocolate brownie']),
  item(
    'egg-sandwich',
    'bakery',
    ['temperature'],
    ['鸡蛋三明治', '蛋三明治'],
    ['egg sandwich', 'egg and toast sandwich'],
  ),
  item('ham-sandwich', 'bakery', ['temperature'], ['火腿三明治'], ['ham sandwich', 'ham and cheese sandwich']),

  item(
    'steamed-bun',
    'breakfast',
    ['filling'],
    ['包子', '小笼包', '蒸包'],
    ['steamed bun', 'steamed buns', 'stuffed bun'],
  ),
  item(
    'rice-porridge',
    'breakfast',
    ['size'],
    ['白粥', '大米粥', '稀饭', '粥'],
    ['rice porridge', 'porridge', 'congee'],
  ),
  item(
    'soybean-milk',
    'breakfast',
    ['size', 'temperature', 'sugar'],
    ['豆浆', '现磨豆浆'],
    ['soybean milk', 'soy drink', 'bean milk'],
  ),
  item('fried-dough', 'breakfast', [], ['油条', '炸油条'], ['fried dough', 'fried dough stick', 'dough stick']),
  item(
    'scallion-pancake',
    'breakfast',
    ['spice'],
    ['葱油饼', '葱花饼', '手抓饼'],
    ['scallion pancake', 'onion pancake'],
  ),
  item('tea-egg', 'breakfast', [], ['茶叶蛋', '茶蛋'], ['tea egg', 'tea eggs']),
  item('rice-roll', 'breakfast', ['spice'], ['粢饭团', '糯米饭团'], ['sticky rice roll', 'rice roll']),

  item(
    'beef-noodles',
    'noodles',
    BOWL,
    ['牛肉面', '红烧牛肉面', '牛肉拉面'],
    ['beef noodles', 'beef noodle soup', 'noodles with beef'],
  ),
  item(
    'tomato-egg-noodles',
    'noodles',
    ['size', 'cilantro'],
    ['番茄鸡蛋面', '西红柿鸡蛋面', '番茄面'],
    ['tomato egg noodles', 'tomato and egg noodles', 'tomato noodles'],
  ),
  item(
    'sesame-noodles',
    'noodles',
    ['size', 'spice'],
    ['麻酱面', '麻酱拌面', '芝麻面'],
    ['sesame noodles', 'sesame noodle'],
  ),
  item('chicken-noodles', 'noodles', BOWL, ['鸡汤面', '鸡丝面', '鸡肉面'], ['chicken noodles', 'chicken noodle soup']),
  item(
    'dumplings',
    'noodles',
    ['size', 'filling'],
    ['饺子', '水饺', '煮饺子'],
    ['dumplings', 'boiled dumplings', 'plate of dumplings'],
  ),
  item('dumpling-soup', 'noodles', BOWL, ['馄饨', '云吞', '鲜肉馄饨'], ['dumpling soup', 'wonton soup', 'wontons']),
  item('fried-rice', 'noodles', ['size', 'spice'], ['蛋炒饭', '炒饭', '扬州炒饭'], ['fried rice', 'egg fried rice']),

  item(
    'mineral-water',
    'convenience',
    ['temperature'],
    ['矿泉水', '瓶装水', '纯净水'],
    ['mineral water', 'bottled water', 'water'],
  ),
  item('sparkling-water', 'convenience', ['temperature'], ['气泡水', '苏打水'], ['sparkling water', 'soda water']),
  item('cola', 'convenience', ['temperature'], ['可乐', '罐装可乐'], ['cola', 'can of cola']),
  item('orange-juice', 'convenience', ['temperature'], ['橙汁', '鲜橙汁'], ['orange juice']),
  item(
    'fresh-milk',
    'convenience',
    ['temperature'],
    ['鲜牛奶', '盒装牛奶', '纯牛奶'],
    ['fresh milk', 'carton of milk'],
  ),
  item('yogurt', 'convenience', [], ['酸奶', '原味酸奶'], ['yogurt', 'plain yogurt']),
  item('potato-chips', 'convenience', [], ['薯片', '土豆片'], ['potato chips', 'chips']),
  item('chocolate-bar', 'convenience', [], ['巧克力棒', '巧克力'], ['chocolate bar', 'bar of chocolate']),
  item('instant-noodles', 'convenience', [], ['方便面', '泡面', '桶面'], ['instant noodles', 'cup noodles']),
  item('ice-cream', 'convenience', [], ['冰淇淋', '冰激凌', '雪糕'], ['ice cream']),
  item('tissues', 'convenience', [], ['纸巾', '抽纸', '面巾纸'], ['tissues', 'pack of tissues']),
  item('umbrella', 'convenience', [], ['雨伞', '折叠伞', '伞'], ['umbrella', 'folding umbrella']),
  item('charging-cable', 'convenience', [], ['充电线', '数据线'], ['charging cable', 'phone cable']),
  item('batteries', 'convenience', [], ['电池', '五号电池'], ['batteries', 'pack of batteries']),

  item(
    'concert-ticket',
    'tickets',
    ['tier'],
    ['演唱会门票', '演唱会票', '演唱会的票', '音乐会门票', '演出票', '演唱会', '门票', '票'],
    ['concert ticket', 'concert tickets', 'ticket for the concert', 'tickets for the concert', 'concert', 'ticket'],
  ),
  item(
    'train-ticket',
    'rail',
    ['class', 'seat', 'destination'],
    ['火车票', '高铁票', '动车票', '车票', '火车', '高铁', '票'],
    ['train ticket', 'train tickets', 'train seat', 'rail ticket', 'train', 'ticket'],
  ),
  item('market-report', 'data', [], ['市场报告', '行情报告', '市场研报'], ['market report', 'report on the market']),
];
