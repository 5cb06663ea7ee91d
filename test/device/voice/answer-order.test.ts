import { describe, expect, it } from 'vitest';
import { converse } from './converse.ts';

describe('the answer to a question completes the order', () => {
  it.each([
    [['two', 'lattes'], '2 latte'],
    [['two', 'a latte'], '2 latte'],
    [['order two', 'i want mochas under 40 yuan'], '2 mocha ≤4000'],
    [['large', 'a mocha'], '1 mocha size:large'],
    [['来两杯', '拿铁'], '2 latte'],
    [['order me a helicopter', 'a latte'], '1 latte'],
    [['tea', 'the second one'], '1 green-tea'],
    [['我要一杯茶', '第一个'], '1 milk-tea'],
    [['我要两杯茶', '绿茶'], '2 green-tea'],
    [['a pumpkin spice latte under 30 yuan', 'yes'], '1 latte ≤3000'],
    [['a pumpkin spice latte', 'no', 'a mocha'], '1 mocha'],
    [['a cappucino', 'yes'], '1 cappuccino'],
    [['a latte or a mocha', 'the mocha'], '1 mocha'],
    [['large small latte', 'small'], '1 latte size:small'],
    [['large small latte', 'the second one'], '1 latte size:small'],
    [['大杯小杯拿铁', '大杯'], '1 latte size:large'],
    [['a latte not large', 'medium please'], '1 latte size:medium'],
    [['a large croissant', 'yes'], '1 croissant'],
    [['大杯可颂', '好的'], '1 croissant'],
    [['21 lattes', 'two'], '2 latte'],
    [['二十一杯拿铁', '两杯'], '2 latte'],
    [['zero lattes', 'three'], '3 latte'],
    [['a 25 yuan latte', 'yes'], '1 latte ≤2500'],
    [['a 25 yuan latte', 'no'], '1 latte'],
    [['a 25 yuan latte', '30 yuan'], '1 latte ≤3000'],
    [['a latte under 25 dollars', '180 yuan'], '1 latte ≤18000'],
    [['a latte under 25 dollars', 'thirty'], '1 latte ≤3000'],
    [['拿铁五美元以内', '三十五块'], '1 latte ≤3500'],
    [['a latte under 25 yuan under 30 yuan', '30 yuan'], '1 latte ≤3000'],
    [['a latte from luna or paper crane', 'paper crane'], '1 latte @paper-crane'],
    [['a latte from luna or paper crane', 'the first one'], '1 latte @luna'],
    [['a latte with pumpkin syrup', 'yes'], '1 latte'],
    [['two mochas with pumpkin syrup under 60 yuan', '可以'], '2 mocha ≤6000'],
    [['a latte within 3000 minutes', 'yes'], '1 latte'],
  ])('%j', (sentences, expected) => {
    expect(converse(...sentences)).toBe(expected);
  });
});

describe('an answer that settles nothing', () => {
  it.each([
    [['large small latte', 'hmm'], '? contradiction · latte · size · large/small'],
    [['large small latte', 'the weather is nice'], '? contradiction · latte · size · large/small'],
    [['21 lattes', '50'], '? too-many · latte'],
    [['a large croissant', 'maybe later'], '? not-offered · croissant · size · large'],
    [['a latte under 25 dollars', '20 dollars'], '? which-limit · '],
    [['a latte with pumpkin syrup', 'what'], '? leave-out · pumpkin syrup'],
  ])('leads to the same question again: %j', (sentences, expected) => {
    expect(converse(...sentences)).toBe(expected);
  });

  it.each([
    [['large small latte', 'cancel']],
    [['two', '算了']],
    [['a large croissant', 'no']],
    [['a latte with pumpkin syrup', '不要']],
    [['order me a helicopter', 'no']],
  ])('gives the order up when told so: %j', (sentences) => {
    expect(converse(...sentences)).toBe('not-an-order');
  });

  it('takes a whole new order said instead of an answer', () => {
    expect(converse('large small latte', 'order me two mochas')).toBe('2 mocha');
  });
});
