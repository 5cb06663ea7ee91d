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
    sayPayment: (amount, payee) => `向${payee}付款${amount}。`,
    sayLine: (quantity, title, amount) => `${title}，${quantity}份，${amount}。`,
    sentence: (text) => `${text}。`,
    sayClosing: (amount) => `长按付款${amount}，单击取消。`,
  },
};
