/** Five invented shops for everything that is not coffee: milk tea, bakery, breakfast, noodles and a store open all night. */
import { fromIsoUtc, msOf } from '../../protocol/time.ts';
import {
  chilledOrRoom,
  cilantro,
  everyDay,
  hotOrIced,
  hours,
  ice,
  icedOrHot,
  option,
  product,
  roomOrWarm,
  spice,
  teaSugar,
  title,
  twoYears,
} from './build.ts';
import type { Shop } from './types.ts';

const teaSize = option('size', { medium: 0, large: 300 });
const teaTopping = option('topping', { none: 0, pearls: 200, pudding: 300, 'coconut-jelly': 200, 'grass-jelly': 200 });
const bowlSize = option('size', { medium: 0, small: 0, large: 400 });

const cloudWhale: Shop = {
  id: 'cloud-whale',
  title: title('云鲸茶铺', 'Cloud Whale Tea'),
  aliases: { 'zh-CN': ['云鲸', '云鲸奶茶'], 'en-US': ['cloud whale'] },
  location: { latE6: 30_277_800, lonE6: 120_148_900 },
  opens: everyDay(hours(['09:00', '22:30'])),
  products: [
    product('cw-01', 'milk-tea', 1400, { options: [teaSize, icedOrHot, teaSugar, ice, teaTopping] }),
    product('cw-02', 'pearl-milk-tea', 1600, { options: [teaSize, icedOrHot, teaSugar, ice] }),
    product('cw-03', 'jasmine-milk-tea', 1500, { options: [teaSize, icedOrHot, teaSugar, ice, teaTopping] }),
    product('cw-04', 'oolong-milk-tea', 1500, { options: [teaSize, icedOrHot, teaSugar, ice, teaTopping] }),
    product('cw-05', 'taro-milk', 1800, { options: [teaSize, icedOrHot, teaSugar, ice] }),
    product('cw-06', 'lemon-tea', 1300, { options: [teaSize, teaSugar, ice] }),
    product('cw-07', 'peach-tea', 1600, { options: [teaSize, teaSugar, ice] }),
    product('cw-08', 'grapefruit-tea', 1700, { options: [teaSize, teaSugar, ice] }),
    product('cw-09', 'mango-shake', 1900, { options: [teaSize, teaSugar, ice], stock: 18 }),
    product('cw-10', 'green-tea', 900, { options: [teaSize, hotOrIced, teaSugar, ice] }),
  ],
  coupons: [
    {
      id: 'cw-25-4',
      kind: 'threshold',
      title: title('满25减4', '4 off from 25'),
      group: 'shop',
      minSubtotalMinor: 2500,
      offMinor: 400,
      ...twoYears,
    },
    {
      id: 'cw-15pct',
      kind: 'percent',
      title: title('85折，最多减10元', '15% off, at most 10'),
      group: 'shop',
      minSubtotalMinor: 0,
      percentOff: 15,
      capMinor: 1000,
      ...twoYears,
    },
    {
      id: 'cw-new',
      kind: 'new-customer',
      title: title('新客减3', '3 off first order'),
      group: 'new',
      minSubtotalMinor: 1000,
      offMinor: 300,
      ...twoYears,
    },
  ],
  delivery: { baseFeeMinor: 250, perKmMinor: 100, radiusM: 4000, prepMin: 12, minPerKm: 6 },
};

const tinyDragon: Shop = {
  id: 'tiny-dragon',
  title: title('小龙烤炉', 'Tiny Dragon Bakery'),
  aliases: { 'zh-CN': ['小龙面包', '小龙烘焙'], 'en-US': ['tiny dragon'] },
  location: { latE6: 30_271_600, lonE6: 120_160_800 },
  opens: everyDay(hours(['06:30', '20:30'])),
  products: [
    product('td-01', 'croissant', 800, { options: [roomOrWarm], stock: 30 }),
    product('td-02', 'bagel', 900, { options: [roomOrWarm], stock: 20 }),
    product('td-03', 'blueberry-muffin', 1000, { options: [roomOrWarm], stock: 16 }),
    product('td-04', 'cinnamon-roll', 1200, { options: [roomOrWarm], stock: 14 }),
    product('td-05', 'cheesecake', 1900, { stock: 6, maxPerOrder: 4 }),
    product('td-06', 'egg-tart', 600, { options: [roomOrWarm], stock: 40, maxPerOrder: 12 }),
    product('td-07', 'toast', 700, { options: [roomOrWarm] }),
    product('td-08', 'baguette', 1100, { stock: 10, maxPerOrder: 5 }),
    product('td-09', 'donut', 700, { stock: 24 }),
    product('td-10', 'brownie', 1300, { options: [roomOrWarm], stock: 12 }),
    product('td-11', 'egg-sandwich', 1400, { options: [roomOrWarm], stock: 15 }),
    product('td-12', 'ham-sandwich', 1600, { options: [roomOrWarm], stock: 15 }),
    product('td-13', 'latte', 1900, {
      options: [option('size', { medium: 0, large: 300 }), hotOrIced, option('milk', { whole: 0, oat: 300 })],
    }),
  ],
  coupons: [
    {
      id: 'td-30-6',
      kind: 'threshold',
      title: title('满30减6', '6 off from 30'),
      group: 'shop',
      minSubtotalMinor: 3000,
      offMinor: 600,
      ...twoYears,
    },
    {
      id: 'td-singles',
      kind: 'threshold',
      title: title('双十一满20减8', '8 off from 20, Nov 11'),
      group: 'shop',
      minSubtotalMinor: 2000,
      offMinor: 800,
      validFromMs: msOf(fromIsoUtc('2026-11-10T16:00:00Z')),
      validUntilMs: msOf(fromIsoUtc('2026-11-11T16:00:00Z')),
    },
    {
      id: 'td-winter',
      kind: 'free-delivery',
      title: title('十二月免配送费', 'December free delivery'),
      group: 'delivery',
      minSubtotalMinor: 2000,
      validFromMs: msOf(fromIsoUtc('2026-11-30T16:00:00Z')),
      validUntilMs: msOf(fromIsoUtc('2026-12-31T16:00:00Z')),
    },
  ],
  delivery: {
    baseFeeMinor: 300,
    perKmMinor: 100,
    freeOverMinor: 5000,
    radiusM: 3000,
    prepMin: 6,
    minPerKm: 6,
    minimumOrderMinor: 1500,
  },
};

const dawnRooster: Shop = {
  id: 'dawn-rooster',
  title: title('晨鸡早点', 'Dawn Rooster Breakfast'),
  aliases: { 'zh-CN': ['晨鸡', '晨鸡早餐'], 'en-US': ['dawn rooster'] },
  location: { latE6: 30_276_300, lonE6: 120_156_900 },
  opens: everyDay(hours(['05:30', '10:30'])),
  products: [
    product('dr-01', 'steamed-bun', 300, {
      options: [option('filling', { pork: 0, vegetable: 0, 'red-bean': 0 })],
      stock: 120,
      maxPerOrder: 20,
    }),
    product('dr-02', 'rice-porridge', 400, { options: [bowlSize] }),
    product('dr-03', 'soybean-milk', 400, {
      options: [option('size', { medium: 0, large: 200 }), hotOrIced, teaSugar],
    }),
    product('dr-04', 'fried-dough', 300, { stock: 50 }),
    product('dr-05', 'scallion-pancake', 700, { options: [spice], stock: 30 }),
    product('dr-06', 'tea-egg', 250, { stock: 80, maxPerOrder: 20 }),
    product('dr-07', 'rice-roll', 800, { options: [spice], stock: 25 }),
    product('dr-08', 'egg-sandwich', 900, { options: [roomOrWarm], stock: 20 }),
    product('dr-09', 'dumpling-soup', 1200, { options: [bowlSize, spice, cilantro], stock: 30 }),
  ],
  coupons: [
    {
      id: 'dr-15-2',
      kind: 'threshold',
      title: title('满15减2', '2 off from 15'),
      group: 'shop',
      minSubtotalMinor: 1500,
      offMinor: 200,
      ...twoYears,
    },
  ],
  delivery: { baseFeeMinor: 200, perKmMinor: 100, radiusM: 2000, prepMin: 5, minPerKm: 6, minimumOrderMinor: 800 },
};

const jadeTurtle: Shop = {
  id: 'jade-turtle',
  title: title('玉龟面馆', 'Jade Turtle Noodles'),
  aliases: { 'zh-CN': ['玉龟', '玉龟拉面'], 'en-US': ['jade turtle'] },
  location: { latE6: 30_267_900, lonE6: 120_147_600 },
  opens: [
    hours(['10:30', '14:30'], ['16:30', '21:00']),
    [],
    hours(['10:30', '14:30'], ['16:30', '21:00']),
    hours(['10:30', '14:30'], ['16:30', '21:00']),
    hours(['10:30', '14:30'], ['16:30', '22:00']),
    hours(['10:30', '22:00']),
    hours(['10:30', '21:00']),
  ],
  products: [
    product('jt-01', 'beef-noodles', 2600, { options: [bowlSize, spice, cilantro] }),
    product('jt-02', 'tomato-egg-noodles', 1800, { options: [bowlSize, cilantro] }),
    product('jt-03', 'sesame-noodles', 1600, { options: [bowlSize, spice] }),
    product('jt-04', 'chicken-noodles', 2200, { options: [bowlSize, spice, cilantro] }),
    product('jt-05', 'dumplings', 2000, {
      options: [option('size', { medium: 0, large: 600 }), option('filling', { pork: 0, shrimp: 500, vegetable: 0 })],
    }),
    product('jt-06', 'dumpling-soup', 1900, { options: [bowlSize, spice, cilantro] }),
    product('jt-07', 'fried-rice', 1700, { options: [bowlSize, spice] }),
    product('jt-08', 'cola', 500, { options: [chilledOrRoom] }),
  ],
  coupons: [
    {
      id: 'jt-50-8',
      kind: 'threshold',
      title: title('满50减8', '8 off from 50'),
      group: 'shop',
      minSubtotalMinor: 5000,
      offMinor: 800,
      ...twoYears,
    },
    {
      id: 'jt-ship',
      kind: 'free-delivery',
      title: title('满30免配送费', 'Free delivery from 30'),
      group: 'delivery',
      minSubtotalMinor: 3000,
      ...twoYears,
    },
  ],
  delivery: { baseFeeMinor: 400, perKmMinor: 100, radiusM: 3500, prepMin: 16, minPerKm: 6, minimumOrderMinor: 1500 },
};

const cornerBox: Shop = {
  id: 'corner-box',
  title: title('转角方盒', 'Corner Box Store'),
  aliases: { 'zh-CN': ['方盒', '转角便利店'], 'en-US': ['corner box', 'corner store'] },
  location: { latE6: 30_272_300, lonE6: 120_156_400 },
  opens: everyDay(hours(['00:00', '24:00'])),
  products: [
    product('cb-01', 'mineral-water', 200, { options: [chilledOrRoom], stock: 200, maxPerOrder: 20 }),
    product('cb-02', 'sparkling-water', 500, { options: [chilledOrRoom], stock: 80 }),
    product('cb-03', 'cola', 350, { options: [chilledOrRoom], stock: 120, maxPerOrder: 20 }),
    product('cb-04', 'orange-juice', 700, { options: [chilledOrRoom], stock: 40 }),
    product('cb-05', 'fresh-milk', 650, { options: [chilledOrRoom], stock: 30 }),
    product('cb-06', 'yogurt', 550, { stock: 30 }),
    product('cb-07', 'potato-chips', 750, { stock: 45 }),
    product('cb-08', 'chocolate-bar', 600, { stock: 60 }),
    product('cb-09', 'instant-noodles', 550, { stock: 48 }),
    product('cb-10', 'ice-cream', 800, { stock: 25 }),
    product('cb-11', 'tissues', 450, { stock: 70 }),
    product('cb-12', 'umbrella', 2900, { stock: 9, maxPerOrder: 2 }),
    product('cb-13', 'charging-cable', 2500, { stock: 14, maxPerOrder: 3 }),
    product('cb-14', 'batteries', 1200, { stock: 33 }),
    product('cb-15', 'iced-latte', 990, { title: title('罐装冰拿铁', 'Canned Iced Latte'), stock: 36 }),
  ],
  coupons: [
    {
      id: 'cb-ship',
      kind: 'free-delivery',
      title: title('满20免配送费', 'Free delivery from 20'),
      group: 'delivery',
      minSubtotalMinor: 2000,
      ...twoYears,
    },
  ],
  delivery: { baseFeeMinor: 300, perKmMinor: 100, radiusM: 2500, prepMin: 4, minPerKm: 6 },
};

export const foodShops: readonly Shop[] = [cloudWhale, tinyDragon, dawnRooster, jadeTurtle, cornerBox];
