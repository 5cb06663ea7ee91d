/**
 * Seven invented coffee shops. Between them an order for one large iced latte meets every outcome: three that deliver it
 * for at most 25 CNY (the cheapest, the fastest and the nearest are three different shops), one too dear, one
 * closed in the morning, one out of stock and one too far away.
 */
import { coffeeSugar, everyDay, hotOrIced, hours, ice, option, product, roomOrWarm, title, twoYears } from './build.ts';
import type { ProductOption, Shop } from './types.ts';

function milk(oatMinor: number): ProductOption {
  return option('milk', { whole: 0, oat: oatMinor, soy: 200 });
}

function shot(doubleMinor: number): ProductOption {
  return option('shot', { single: 0, double: doubleMinor });
}

function iced(largeMinor: number, oatMinor: number): readonly ProductOption[] {
  return [option('size', { medium: 0, large: largeMinor }), coffeeSugar, milk(oatMinor), ice, shot(400)];
}

function cup(largeMinor: number, oatMinor: number): readonly ProductOption[] {
  return [option('size', { medium: 0, large: largeMinor }), hotOrIced, coffeeSugar, milk(oatMinor), shot(400)];
}

const lunaCoffee: Shop = {
  id: 'luna-coffee',
  title: title('月獭咖啡', 'Luna Otter Coffee'),
  aliases: { 'zh-CN': ['月獭', '月獭咖啡店'], 'en-US': ['luna otter', 'luna coffee'] },
  location: { latE6: 30_278_400, lonE6: 120_159_300 },
  opens: everyDay(hours(['07:00', '22:00'])),
  products: [
    product('lo-01', 'iced-latte', 1600, { options: iced(300, 300) }),
    product('lo-02', 'latte', 1600, { options: cup(300, 300) }),
    product('lo-03', 'americano', 1200, {
      options: [option('size', { medium: 0, large: 200 }), hotOrIced, coffeeSugar, shot(300)],
    }),
    product('lo-04', 'iced-americano', 1200, {
      options: [option('size', { medium: 0, large: 200 }), coffeeSugar, ice, shot(300)],
    }),
    product('lo-05', 'cappuccino', 1700, { options: cup(300, 300) }),
    product('lo-06', 'mocha', 1900, { options: cup(300, 300) }),
    product('lo-07', 'croissant', 900, { options: [roomOrWarm], stock: 12 }),
    product('lo-08', 'espresso', 1000, { options: [shot(300)] }),
  ],
  coupons: [
    {
      id: 'lo-15-3',
      kind: 'threshold',
      title: title('满15减3', '3 off from 15'),
      group: 'shop',
      minSubtotalMinor: 1500,
      offMinor: 300,
      ...twoYears,
    },
    {
      id: 'lo-40-10',
      kind: 'threshold',
      title: title('满40减10', '10 off from 40'),
      group: 'shop',
      minSubtotalMinor: 4000,
      offMinor: 1000,
      ...twoYears,
    },
    {
      id: 'lo-new',
      kind: 'new-customer',
      title: title('新客减2', '2 off first order'),
      group: 'new',
      minSubtotalMinor: 1200,
      offMinor: 200,
      ...twoYears,
    },
  ],
  delivery: { baseFeeMinor: 200, perKmMinor: 100, freeOverMinor: 6000, radiusM: 4000, prepMin: 11, minPerKm: 6 },
};

const paperCrane: Shop = {
  id: 'paper-crane',
  title: title('纸鹤咖啡', 'Paper Crane Coffee'),
  aliases: { 'zh-CN': ['纸鹤', '纸鹤咖啡店'], 'en-US': ['paper crane'] },
  location: { latE6: 30_265_100, lonE6: 120_164_900 },
  opens: everyDay(hours(['07:30', '21:30'])),
  products: [
    product('pc-01', 'iced-latte', 1800, {
      options: [option('size', { medium: 0, small: 0, large: 200 }), coffeeSugar, milk(200), ice, shot(400)],
    }),
    product('pc-02', 'latte', 1800, { options: cup(200, 200) }),
    product('pc-03', 'flat-white', 1900, { options: [hotOrIced, coffeeSugar, milk(200), shot(400)] }),
    product('pc-04', 'coconut-latte', 2000, { options: iced(200, 200) }),
    product('pc-05', 'cold-brew', 1900, {
      options: [option('size', { medium: 0, large: 200 }), coffeeSugar, ice],
      stock: 20,
    }),
    product('pc-06', 'hot-chocolate', 1800, {
      options: [
        option('size', { medium: 0, large: 200 }),
        option('sugar', { regular: 0, less: 0, half: 0 }),
        milk(200),
      ],
    }),
    product('pc-07', 'cheesecake', 2200, { stock: 8, maxPerOrder: 4 }),
  ],
  coupons: [
    {
      id: 'pc-20pct',
      kind: 'percent',
      title: title('8折，最多减5元', '20% off, at most 5'),
      group: 'shop',
      minSubtotalMinor: 0,
      percentOff: 20,
      capMinor: 500,
      ...twoYears,
    },
    {
      id: 'pc-30-5',
      kind: 'threshold',
      title: title('满30减5', '5 off from 30'),
      group: 'shop',
      minSubtotalMinor: 3000,
      offMinor: 500,
      ...twoYears,
    },
    {
      id: 'pc-ship',
      kind: 'free-delivery',
      title: title('免配送费', 'Free delivery'),
      group: 'delivery',
      minSubtotalMinor: 1500,
      ...twoYears,
    },
  ],
  delivery: { baseFeeMinor: 300, perKmMinor: 100, radiusM: 3000, prepMin: 15, minPerKm: 6 },
};

const tinRobot: Shop = {
  id: 'tin-robot',
  title: title('铁皮人咖啡', 'Tin Robot Coffee'),
  aliases: { 'zh-CN': ['铁皮人', '铁皮人咖啡店'], 'en-US': ['tin robot'] },
  location: { latE6: 30_287_300, lonE6: 120_137_300 },
  opens: everyDay(hours(['00:00', '24:00'])),
  products: [
    product('tr-01', 'iced-latte', 2000, { options: iced(300, 0) }),
    product('tr-02', 'latte', 2000, { options: cup(300, 0) }),
    product('tr-03', 'iced-americano', 1500, {
      options: [option('size', { medium: 0, large: 300 }), coffeeSugar, ice, shot(300)],
    }),
    product('tr-04', 'caramel-latte', 2200, { options: cup(300, 0) }),
    product('tr-05', 'vanilla-latte', 2200, { options: cup(300, 0) }),
    product('tr-06', 'iced-mocha', 2300, { options: iced(300, 0) }),
    product('tr-07', 'bagel', 1200, { options: [roomOrWarm], stock: 15 }),
    product('tr-08', 'espresso', 1300, { options: [shot(400)] }),
  ],
  coupons: [
    {
      id: 'tr-20-3',
      kind: 'threshold',
      title: title('满20减3', '3 off from 20'),
      group: 'shop',
      minSubtotalMinor: 2000,
      offMinor: 300,
      ...twoYears,
    },
    {
      id: 'tr-new',
      kind: 'new-customer',
      title: title('新客减3', '3 off first order'),
      group: 'shop',
      minSubtotalMinor: 1500,
      offMinor: 300,
      ...twoYears,
    },
  ],
  delivery: { baseFeeMinor: 300, perKmMinor: 50, freeOverMinor: 5000, radiusM: 6000, prepMin: 3, minPerKm: 3 },
};

const cometCafe: Shop = {
  id: 'comet-cafe',
  title: title('彗星咖啡馆', 'Blue Comet Cafe'),
  aliases: { 'zh-CN': ['彗星', '彗星咖啡'], 'en-US': ['blue comet', 'comet cafe'] },
  location: { latE6: 30_270_200, lonE6: 120_150_100 },
  opens: everyDay(hours(['08:00', '23:00'])),
  products: [
    product('cc-01', 'iced-latte', 2900, {
      options: iced(400, 300),
      title: title('手作冰拿铁', 'Hand Made Iced Latte'),
    }),
    product('cc-02', 'latte', 2800, { options: cup(400, 300) }),
    product('cc-03', 'flat-white', 3000, { options: [hotOrIced, coffeeSugar, milk(300), shot(500)] }),
    product('cc-04', 'cappuccino', 2900, { options: cup(400, 300) }),
    product('cc-05', 'mocha', 3200, { options: cup(400, 300) }),
    product('cc-06', 'brownie', 2600, { options: [roomOrWarm], stock: 10, maxPerOrder: 6 }),
  ],
  coupons: [
    {
      id: 'cc-80-15',
      kind: 'threshold',
      title: title('满80减15', '15 off from 80'),
      group: 'shop',
      minSubtotalMinor: 8000,
      offMinor: 1500,
      ...twoYears,
    },
  ],
  delivery: { baseFeeMinor: 400, perKmMinor: 100, freeOverMinor: 8000, radiusM: 3000, prepMin: 14, minPerKm: 6 },
};

const nightOwl: Shop = {
  id: 'night-owl',
  title: title('夜枭咖啡', 'Night Owl Coffee'),
  aliases: { 'zh-CN': ['夜枭', '夜枭咖啡店'], 'en-US': ['night owl'] },
  location: { latE6: 30_275_900, lonE6: 120_151_200 },
  opens: everyDay(hours(['00:00', '02:00'], ['11:00', '24:00'])),
  products: [
    product('no-01', 'iced-latte', 1700, { options: iced(200, 300) }),
    product('no-02', 'latte', 1700, { options: cup(200, 300) }),
    product('no-03', 'espresso', 1100, { options: [shot(300)] }),
    product('no-04', 'cold-brew', 1800, { options: [option('size', { medium: 0, large: 300 }), coffeeSugar, ice] }),
  ],
  coupons: [
    {
      id: 'no-10pct',
      kind: 'percent',
      title: title('9折，最多减8元', '10% off, at most 8'),
      group: 'shop',
      minSubtotalMinor: 1000,
      percentOff: 10,
      capMinor: 800,
      ...twoYears,
    },
  ],
  delivery: { baseFeeMinor: 300, perKmMinor: 100, radiusM: 3500, prepMin: 10, minPerKm: 5 },
};

const snowFox: Shop = {
  id: 'snow-fox',
  title: title('雪狐咖啡', 'Snow Fox Coffee'),
  aliases: { 'zh-CN': ['雪狐', '雪狐咖啡店'], 'en-US': ['snow fox'] },
  location: { latE6: 30_281_200, lonE6: 120_161_700 },
  opens: everyDay(hours(['07:00', '20:00'])),
  products: [
    product('sf-01', 'iced-latte', 1500, { options: iced(200, 200), stock: 0 }),
    product('sf-02', 'latte', 1500, { options: cup(200, 200) }),
    product('sf-03', 'blueberry-muffin', 1100, { options: [roomOrWarm], stock: 3 }),
  ],
  coupons: [],
  delivery: { baseFeeMinor: 200, perKmMinor: 100, radiusM: 3500, prepMin: 9, minPerKm: 6 },
};

const farHarbor: Shop = {
  id: 'far-harbor',
  title: title('远港咖啡', 'Far Harbor Coffee'),
  aliases: { 'zh-CN': ['远港', '远港咖啡店'], 'en-US': ['far harbor'] },
  location: { latE6: 30_332_600, lonE6: 120_216_400 },
  opens: everyDay(hours(['07:00', '21:00'])),
  products: [
    product('fh-01', 'iced-latte', 1300, { options: iced(200, 200) }),
    product('fh-02', 'latte', 1300, { options: cup(200, 200) }),
    product('fh-03', 'toast', 800, { options: [roomOrWarm] }),
  ],
  coupons: [],
  delivery: { baseFeeMinor: 200, perKmMinor: 50, radiusM: 5000, prepMin: 8, minPerKm: 5 },
};

export const coffeeShops: readonly Shop[] = [lunaCoffee, paperCrane, tinRobot, cometCafe, nightOwl, snowFox, farHarbor];
