/** Answers to what was asked about shops and kinds of goods. */
import type { OrderReading } from '../read-order.ts';
import type { Answer, Asked } from './answering.ts';
import { namesAnyShop } from './read-shops.ts';

export const answerShops: Answer<Asked<'which-merchants'>> = (delegation, { said, tokens, refuses }) => {
  const { unnamedShops: _asked, ...rest } = delegation;
  const named = { ...rest, shops: [...delegation.shops, ...said.shops] };
  if (said.shops.some(({ allow }) => allow) || (!refuses && namesAnyShop(tokens))) return named;
  return said.shops.length === 0 ? delegation : { ...delegation, shops: named.shops };
};

export const answerShop: Answer<Asked<'merchant-both'>> = (delegation, { question, said, reading }) => {
  const row = said.shops.find(({ merchantIds }) => merchantIds.includes(question.merchantId));
  const verdict = row ? row.allow : yesOrNo(reading);
  if (verdict === undefined) return delegation;
  const shops = delegation.shops.flatMap((shop) => {
    if (shop.allow === verdict) return [shop];
    const merchantIds = shop.merchantIds.filter((id) => id !== question.merchantId);
    return merchantIds.length === 0 ? [] : [{ ...shop, merchantIds }];
  });
  // "Only from there, and not from there": without it the only one is still to be named, never any.
  const isOnly = !verdict && shops.every(({ allow }) => !allow);
  return { ...delegation, shops, ...(isOnly ? { unnamedShops: {} } : {}) };
};

export const answerCategory: Answer<Asked<'category-both'>> = (delegation, { question, reading }) => {
  const verdict = yesOrNo(reading);
  if (verdict === undefined) return delegation;
  const categories = delegation.categories.flatMap((row) => {
    const kept = row.allow === verdict ? row.categories : row.categories.filter((id) => id !== question.category);
    return kept.length === 0 ? [] : [{ ...row, categories: kept }];
  });
  return { ...delegation, categories };
};

function yesOrNo(reading: OrderReading): boolean | undefined {
  if (reading.no) return false;
  return reading.yes ? true : undefined;
}
