/** Everything the device says of its own accord, in both languages. Names come from the registry and the vocabulary, numbers from checked fields; no text of a peer is ever spoken here (T13). */
import { type Currency, formatAmount, type NoOffer, type TradeState } from '../../protocol/index.ts';
import type { IntentDraft, Locale, Vocabulary } from '../voice/vocabulary.ts';

export type PhraseKey =
  | 'question'
  | 'summary'
  | 'unheard'
  | 'seeking'
  | 'offers'
  | 'no-offer'
  | 'ordering'
  | 'price-changed'
  | 'refused'
  | 'declined'
  | 'cancelled'
  | 'timed-out'
  | 'paying'
  | 'unknown'
  | 'paid'
  | 'not-paid'
  | 'progress'
  | 'locked'
  | 'unlocked'
  | 'history-broken';

type Both = Readonly<Record<Locale, string>>;

/** "CNY" is shown where it is signed; in speech a currency has its name. */
const CURRENCY_WORDS: Partial<Record<Currency, Both>> = { CNY: { 'zh-CN': '元', 'en-US': ' yuan' } };

/** An amount as it is spoken: `24.80 yuan`, `24.80元`. */
export function spokenAmount(amountMinor: number, currency: Currency, locale: Locale): string {
  const number = formatAmount(amountMinor, currency);
  return `${number}${CURRENCY_WORDS[currency]?.[locale] ?? ` ${currency}`}`;
}

/** "2 × Iced latte (large, less sugar)" out of the vocabulary's own names. */
export function spokenOrder(draft: IntentDraft, vocabulary: Vocabulary, locale: Locale): string {
  const lines = draft.lines.map((line) => {
    const name = vocabulary.items.find((item) => item.id === line.itemId)?.names[locale][0] ?? line.itemId;
    const options = line.options.map(({ optionId, choiceId }) => {
      const option = vocabulary.options.find((one) => one.id === optionId);
      return option?.choices.find((choice) => choice.id === choiceId)?.names[locale][0] ?? choiceId;
    });
    const many = line.quantity === 1 ? '' : `${line.quantity} × `;
    const how =
      options.length === 0 ? '' : locale === 'zh-CN' ? `（${options.join('、')}）` : ` (${options.join(', ')})`;
    return `${many}${name}${how}`;
  });
  return lines.join(locale === 'zh-CN' ? '，' : ', ');
}

export interface SpokenOffer {
  readonly merchant: string;
  readonly total: string;
  readonly distanceM: number;
  readonly etaMin: number;
  readonly reason?: string | undefined;
}

const REASONS: Readonly<Record<string, Both>> = {
  cheapest: { 'zh-CN': '最便宜', 'en-US': 'cheapest' },
  fastest: { 'zh-CN': '最快', 'en-US': 'fastest' },
  nearest: { 'zh-CN': '最近', 'en-US': 'nearest' },
  'best-promotion': { 'zh-CN': '优惠最多', 'en-US': 'best promotion' },
  only: { 'zh-CN': '只有这一家', 'en-US': 'the only one' },
};

export function reasonWord(reason: string, locale: Locale): string {
  return REASONS[reason]?.[locale] ?? '';
}

const NO_OFFER: Readonly<Record<NoOffer, Both>> = {
  'over-budget': { 'zh-CN': '没有在预算内的。', 'en-US': 'Nothing fits the budget.' },
  'all-closed': { 'zh-CN': '附近的店现在都没开门。', 'en-US': 'The shops near you are closed now.' },
  'nobody-sells': { 'zh-CN': '附近没有店卖这个。', 'en-US': 'No shop near you sells that.' },
  'out-of-stock': { 'zh-CN': '已经卖完了。', 'en-US': 'It is sold out.' },
  'too-slow': { 'zh-CN': '没有店能这么快送到。', 'en-US': 'No shop can deliver that fast.' },
  'out-of-range': { 'zh-CN': '附近没有能送到的店。', 'en-US': 'No shop delivers to you.' },
};

const TRADE: Readonly<Record<TradeState, Both>> = {
  CREATE: { 'zh-CN': '订单已创建。', 'en-US': 'The order is created.' },
  WAIT_BUYER_PAY: { 'zh-CN': '等待付款。', 'en-US': 'Waiting for payment.' },
  WAIT_SELLER_FULFILLMENT: { 'zh-CN': '商家正在制作。', 'en-US': 'The shop is preparing it.' },
  WAIT_BUYER_RECEIPT: { 'zh-CN': '正在配送。', 'en-US': 'It is on its way.' },
  TRADE_FINISHED: { 'zh-CN': '订单已完成。', 'en-US': 'Delivered. The order is finished.' },
  TRADE_CLOSED: { 'zh-CN': '订单已关闭。', 'en-US': 'The order was closed.' },
};

const LOCKED: Both = {
  'zh-CN': '这台设备已被锁定，没有付款。',
  'en-US': 'This device is locked. Nothing was paid.',
};

const TOKEN_LIMIT: Both = {
  'zh-CN': '超出了这台设备绑定的付款额度，没有付款。',
  'en-US': 'That is more than this device may pay from your account. Nothing was paid.',
};
const TOKEN_OVER: Both = {
  'zh-CN': '这台设备没有绑定付款账户，或绑定已失效，没有付款。',
  'en-US': 'This device is not bound to your account any more. Nothing was paid.',
};

const REFUSED: Readonly<Record<string, Both>> = {
  'cart-signature': {
    'zh-CN': '订单签名无效，没有付款。',
    'en-US': 'The cart is not signed by the shop. Nothing was paid.',
  },
  'cart-over-budget': {
    'zh-CN': '价格超出了你的预算，没有付款。',
    'en-US': 'The price went over your budget. Nothing was paid.',
  },
  'insufficient-balance': { 'zh-CN': '余额不足，没有付款。', 'en-US': 'The balance is too low. Nothing was paid.' },
  'out-of-stock': { 'zh-CN': '刚刚卖完了，没有付款。', 'en-US': 'It has just sold out. Nothing was paid.' },
  closed: { 'zh-CN': '商家已打烊，没有付款。', 'en-US': 'The shop has closed. Nothing was paid.' },
  'token-single-limit': TOKEN_LIMIT,
  'token-total-limit': TOKEN_LIMIT,
  'token-expired': TOKEN_OVER,
  'token-revoked': TOKEN_OVER,
  'bad-token': TOKEN_OVER,
  'device-locked': LOCKED,
  'signer-locked': LOCKED,
  'signer-absent': { 'zh-CN': '没有找到签名器，没有付款。', 'en-US': 'The signer is not attached. Nothing was paid.' },
  'signer-gone': { 'zh-CN': '签名器断开了，没有付款。', 'en-US': 'The signer was disconnected. Nothing was paid.' },
  'signer-unpaired': {
    'zh-CN': '签名器还没有配对，没有付款。',
    'en-US': 'The signer is not paired. Nothing was paid.',
  },
};

function offerLine(offer: SpokenOffer, index: number, locale: Locale): string {
  const why = offer.reason ? (locale === 'zh-CN' ? `，${offer.reason}` : `, ${offer.reason}`) : '';
  return locale === 'zh-CN'
    ? `${index + 1}、${offer.merchant}，${offer.total}，${offer.distanceM}米，${offer.etaMin}分钟${why}。`
    : `${index + 1}: ${offer.merchant}, ${offer.total}, ${offer.distanceM} metres, ${offer.etaMin} minutes${why}.`;
}

const SENTENCES = {
  'zh-CN': {
    summary: (order: string, most: string) => `${order}，最多${most}。要找吗？`,
    from: (merchant: string) => `，${merchant}`,
    within: (minutes: number) => `，${minutes}分钟内送到`,
    unheard: (why: string) =>
      why === 'silence'
        ? '我没有听到声音，请再说一次。'
        : why === 'too-long'
          ? '太长了，请简短地说一次。'
          : '我没有听清，请再说一次。',
    seeking: () => '好的，正在比较附近的店。',
    offers: (offers: readonly SpokenOffer[]) =>
      `${offers.map((offer, i) => offerLine(offer, i, 'zh-CN')).join('')}选哪一个？`,
    noOffer: (none: NoOffer, detail?: string) => `${NO_OFFER[none]['zh-CN']}${detail ?? ''}`,
    overBudget: (cheapest: string) => `最便宜的是${cheapest}。`,
    opensAt: (time: string) => `最早${time}开门。`,
    ordering: (merchant: string) => `好的，正在向${merchant}下单。`,
    priceChanged: (from: string, to: string) => `注意，价格从${from}变成了${to}。`,
    refused: (reason: string) => REFUSED[reason]?.['zh-CN'] ?? '这一单到此为止，没有付款。',
    declined: () => '已拒绝，没有付款。',
    cancelled: () => '已取消，没有付款。',
    timedOut: () => '超时了，没有付款。',
    paying: () => '正在付款。',
    unknown: () => '付款结果还不清楚，我会继续查询，请不要重复付款。',
    paid: (amount: string, merchant: string) => `已付${amount}给${merchant}。`,
    notPaid: () => '已经查明：没有扣款。',
    progress: (state: TradeState) => TRADE[state]['zh-CN'],
    locked: () => '支付机构已锁定这台设备，不能付款。',
    unlocked: () => '这台设备已解锁。',
    historyBroken: () => '这台设备的记录不完整，查清之前不能下单。',
  },
  'en-US': {
    summary: (order: string, most: string) => `${order}, up to ${most}. Shall I look?`,
    from: (merchant: string) => ` from ${merchant}`,
    within: (minutes: number) => ` within ${minutes} minutes`,
    unheard: (why: string) =>
      why === 'silence'
        ? 'I heard nothing. Please say it again.'
        : why === 'too-long'
          ? 'That was too long. Please say it in one short sentence.'
          : 'I did not catch that. Please say it again.',
    seeking: () => 'All right, comparing the shops near you.',
    offers: (offers: readonly SpokenOffer[]) =>
      `${offers.map((offer, i) => offerLine(offer, i, 'en-US')).join(' ')} Which one?`,
    noOffer: (none: NoOffer, detail?: string) => `${NO_OFFER[none]['en-US']}${detail ? ` ${detail}` : ''}`,
    overBudget: (cheapest: string) => `The cheapest is ${cheapest}.`,
    opensAt: (time: string) => `The first one opens at ${time}.`,
    ordering: (merchant: string) => `All right, ordering from ${merchant}.`,
    priceChanged: (from: string, to: string) => `Note that the price changed from ${from} to ${to}.`,
    refused: (reason: string) => REFUSED[reason]?.['en-US'] ?? 'This order stops here. Nothing was paid.',
    declined: () => 'Declined. Nothing was paid.',
    cancelled: () => 'Cancelled. Nothing was paid.',
    timedOut: () => 'Time is over. Nothing was paid.',
    paying: () => 'Paying.',
    unknown: () => 'I do not know yet whether the payment went through. I keep asking; please do not pay again.',
    paid: (amount: string, merchant: string) => `Paid ${amount} to ${merchant}.`,
    notPaid: () => 'Now it is certain: nothing was charged.',
    progress: (state: TradeState) => TRADE[state]['en-US'],
    locked: () => 'The payment service has locked this device. It pays nothing.',
    unlocked: () => 'This device is unlocked.',
    historyBroken: () => 'The records of this device are not whole. It orders nothing until that is settled.',
  },
} as const;

/** The sentences of one language. */
export function phrases(locale: Locale): (typeof SENTENCES)[Locale] {
  return SENTENCES[locale];
}
