import type { Locale } from '../voice/vocabulary.ts';

/** The fixed words of a payment view. They are ours, so they need no check; amounts and names are put in by the caller. */
export interface Phrases {
  readonly heading: string;
  readonly payee: string;
  readonly total: string;
  readonly discount: string;
  readonly delivery: string;
  readonly order: string;
  readonly eta: (minutes: number) => string;
  readonly hold: string;
  readonly click: string;
  /** Said where a title was cut short, since an ellipsis cannot be heard. */
  readonly cutShort: string;
  /** Said where a title ends a sentence, which only the view may. */
  readonly pause: string;
  readonly sayPayment: (amount: string, payee: string) => string;
  readonly sayLine: (quantity: number, title: string, amount: string) => string;
  readonly sentence: (text: string) => string;
  readonly sayClosing: (amount: string) => string;
}

export const PHRASES: Readonly<Record<Locale, Phrases>> = {
  'en-US': {
    heading: 'Confirm payment',
    payee: 'To',
    total: 'Total',
    discount: 'Discount',
    delivery: 'Delivery',
    order: 'Order',
    eta: (minutes) => `In about ${minutes} min`,
    hold: 'Hold to pay',
    click: 'Click to cancel',
    cutShort: ' and so on',
    pause: ', ',
    sayPayment: (amount, payee) => `Pay ${amount} to ${payee}.`,
    sayLine: (quantity, title, amount) => `${quantity} ${title}, ${amount}.`,
    sentence: (text) => `${text}.`,
    sayClosing: (amount) => `Hold to pay ${amount}. Click to cancel.`,
  },
  'zh-CN': {
    heading: '确认付款',
    payee: '付给',
    total: '合计',
    discount: '优惠',
    delivery: '配送费',
    order: '订单',
    eta: (minutes) => `约${minutes}分钟送达`,
    hold: '长按付款',
    click: '单击取消',
    cutShort: '等',
    pause: '，',
    sayPayment: (amount, payee) => `向${payee}付款${amount}。`,
    sayLine: (quantity, title, amount) => `${title}，${quantity}份，${amount}。`,
    sentence: (text) => `${text}。`,
    sayClosing: (amount) => `长按付款${amount}，单击取消。`,
  },
};

/** What can be done to the signer itself. */
export type NoticeKind = 'unlock' | 'reset' | 'pair';

interface Notice {
  readonly heading: string;
  readonly text: string;
  readonly hold: string;
}

export const NOTICES: Readonly<Record<Locale, Readonly<Record<NoticeKind, Notice>>>> = {
  'en-US': {
    unlock: { heading: 'Unlock', text: 'Unlock payments', hold: 'Hold to unlock' },
    reset: { heading: 'Erase', text: 'Erase the key for good', hold: 'Hold to erase' },
    pair: { heading: 'Pair', text: 'Pair if both show', hold: 'Hold to pair' },
  },
  'zh-CN': {
    unlock: { heading: '解锁', text: '解锁付款', hold: '长按解锁' },
    reset: { heading: '清除', text: '永久清除密钥', hold: '长按清除' },
    pair: { heading: '配对', text: '两边数字相同才配对', hold: '长按配对' },
  },
};
