/**
 * Everything the device says of delegations of its own accord, in both languages. Names come from the registry and the
 * vocabulary, numbers from checked fields, reasons from a closed table; no text of a peer is ever spoken (T13).
 */
import type { TaskState } from '../../protocol/index.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { ACCOUNT_SENTENCES } from './phrases-account.ts';
import type { Wanted } from './state.ts';

export type DelegationPhrase =
  | 'delegation-question'
  | 'delegation-summary'
  | 'delegation-unheard'
  | 'delegation-checking'
  | 'delegation-busy'
  | 'delegation-not-made'
  | 'delegation-signed'
  | 'delegation-active'
  | 'delegation-changed'
  | 'delegation-pending'
  | 'delegation-unchanged'
  | 'delegation-alarm'
  | 'delegation-spent'
  | 'delegation-refunded'
  | 'delegation-warning'
  | 'delegation-doubt'
  | 'delegation-task'
  | 'delegation-price'
  | 'delegation-report'
  | 'delegation-account'
  | 'delegation-none';

type Both = Readonly<Record<Locale, string>>;

/** Why a delegation did not come about; other reasons have no words of their own. */
const NOT_MADE: Readonly<Record<string, Both>> = {
  'psp-unreachable': { 'zh-CN': '支付机构没有回应。', 'en-US': 'The payment service does not answer.' },
  'no-answer': { 'zh-CN': '超时了。', 'en-US': 'Time is over.' },
  'no-press': { 'zh-CN': '没有按键确认。', 'en-US': 'There was no press.' },
  'link-lost': { 'zh-CN': '连接断开了。', 'en-US': 'The connection was lost.' },
  'not-enrolled': { 'zh-CN': '这台设备还不能委托付款。', 'en-US': 'This device cannot delegate payments yet.' },
  'too-much': { 'zh-CN': '内容太多，请分开说。', 'en-US': 'That is too much for one. Please split it up.' },
  'device-locked': { 'zh-CN': '这台设备已被锁定。', 'en-US': 'This device is locked.' },
  'signer-locked': { 'zh-CN': '这台设备已被锁定。', 'en-US': 'This device is locked.' },
  'signer-absent': { 'zh-CN': '没有找到签名器。', 'en-US': 'The signer is not attached.' },
};

/** What an agent may say of its task, in our words. */
const TASK_REASONS: Readonly<Record<string, Both>> = {
  'not-on-sale': { 'zh-CN': '还没有开售', 'en-US': 'it is not on sale yet' },
  'sold-out': { 'zh-CN': '已经卖完', 'en-US': 'it is sold out' },
  'no-seat': { 'zh-CN': '没有合适的座位', 'en-US': 'there is no such seat' },
  'over-limit': { 'zh-CN': '价格超出限额', 'en-US': 'the price is above your limit' },
  'price-moved': { 'zh-CN': '价格变动太大', 'en-US': 'the price moved too far' },
  'account-closed': { 'zh-CN': '账户已注销', 'en-US': 'its account is closed' },
};

const TASK: Readonly<Partial<Record<TaskState, Both>>> = {
  refused: { 'zh-CN': '代理没有接受这项任务', 'en-US': 'the agent does not take the task' },
  done: { 'zh-CN': '代理说任务完成了', 'en-US': 'the agent says that it is done' },
  ended: { 'zh-CN': '代理说任务结束了', 'en-US': 'the agent says that it has stopped' },
};

const CHANGED: Readonly<Record<Wanted | 'Expired', Both>> = {
  Suspended: { 'zh-CN': '已暂停', 'en-US': 'paused' },
  Active: { 'zh-CN': '已恢复', 'en-US': 'running again' },
  Revoked: { 'zh-CN': '已停止，不会再付款', 'en-US': 'stopped for good; it pays nothing more' },
  Expired: { 'zh-CN': '已到期', 'en-US': 'over' },
};

const NOT_CHANGED: Readonly<Record<Wanted, Both>> = {
  Suspended: { 'zh-CN': '没有暂停，仍在进行', 'en-US': 'not paused; it goes on' },
  Active: { 'zh-CN': '没有恢复，仍是暂停', 'en-US': 'not resumed; it stays paused' },
  Revoked: { 'zh-CN': '没有停止，仍然有效', 'en-US': 'not stopped; it is still in force' },
};

const ASKED_FOR: Readonly<Record<Wanted, Both>> = {
  Suspended: { 'zh-CN': '暂停', 'en-US': 'pause' },
  Active: { 'zh-CN': '恢复', 'en-US': 'resume' },
  Revoked: { 'zh-CN': '停止', 'en-US': 'stop' },
};

const SENTENCES = {
  'zh-CN': {
    ...ACCOUNT_SENTENCES['zh-CN'],
    unheard: () => '我没有听清，请再说一次。',
    lost: () => '刚才的话没有留下，请再说一次。',
    checking: () => '好的，正在向支付机构核对。',
    busy: () => '请先完成上一项委托。',
    notMade: (reason: string) => `没有委托。${NOT_MADE[reason]?.['zh-CN'] ?? ''}`,
    signed: () => '已签名，正在告知支付机构。',
    active: (name: string) => `${name}的委托已生效。`,
    changed: (name: string, to: Wanted | 'Expired') => `${name}：${CHANGED[to]['zh-CN']}。`,
    changedByPsp: (name: string, to: Wanted | 'Expired') => `支付机构告知，${name}：${CHANGED[to]['zh-CN']}。`,
    pending: (name: string, to: Wanted) => `${name}：我已告知支付机构${ASKED_FOR[to]['zh-CN']}，还没有得到确认。`,
    refusedChange: (name: string, to: Wanted) => `${name}：支付机构还没有接受${ASKED_FOR[to]['zh-CN']}，我会继续告知。`,
    unchanged: (name: string, to: Wanted) => `${name}：${NOT_CHANGED[to]['zh-CN']}。`,
    already: (name: string, to: Wanted | 'Expired') => `${name}：${CHANGED[to]['zh-CN']}，不用再改。`,
    alarm: (name: string, amount: string, payee: string) =>
      `警告！${name}有一笔付款超出了您的授权：${amount}，付给${payee}。请长按暂停。`,
    alarmOnly: (amount: string, payee: string) => `警告！有一笔不在任何授权内的付款：${amount}，付给${payee}。`,
    spent: (amount: string, payee: string, name: string, left: string) =>
      `${name}：已付${amount}给${payee}，还剩${left}。`,
    refunded: (amount: string, payee: string) => `${payee}退款${amount}。`,
    refundUnknown: (amount: string, payee: string) => `${payee}退款${amount}，但我没有这笔付款的收据。`,
    refundDoubtful: (amount: string, payee: string) => `${payee}的退款${amount}与收据不符，请核对。`,
    nearTotal: (name: string, left: string) => `注意，${name}的额度快用完了，还剩${left}。`,
    nearEnd: (name: string, time: string) => `注意，${name}的授权将在${time}到期。`,
    doubt: (name: string) => `${name}：可能有我还没看到的付款。`,
    task: (name: string, state: TaskState, reason: string | undefined) =>
      `${name}：${TASK[state]?.['zh-CN'] ?? ''}${reason === undefined || !TASK_REASONS[reason] ? '' : `，${TASK_REASONS[reason]?.['zh-CN']}`}。`,
    price: (name: string, merchant: string, amount: string, reference: string) =>
      `${name}：${merchant}现在要${amount}，原先约${reference}。还要买吗？`,
    priceTaken: () => '好的，按这个价格买。',
    priceLeft: () => '好的，不买。',
    none: () => '没有这样的委托。',
    noneAtAll: () => '现在没有委托。',
    setUp: () => '这台设备还不能委托付款。',
    bought: (day: 'today' | 'yesterday', list: string) => `${day === 'today' ? '今天' : '昨天'}：${list}。`,
    boughtNothing: (day: 'today' | 'yesterday') => `${day === 'today' ? '今天' : '昨天'}没有收到付款收据。`,
    boughtOne: (amount: string, payee: string, name: string) => `${amount}给${payee}，${name}`,
    boughtMany: (count: number, amount: string) => `共${count}笔，${amount}`,
    left: (name: string, left: string) => `${name}还剩${left}`,
    asOf: (time: string) => `据我所知，截至${time}。`,
    notKnown: () => '支付机构还没有确认过。',
    comma: '，',
    stop: '。',
  },
  'en-US': {
    ...ACCOUNT_SENTENCES['en-US'],
    unheard: () => 'I did not catch that. Please say it again.',
    lost: () => 'I have lost what you said. Please say it again.',
    checking: () => 'All right, checking with the payment service.',
    busy: () => 'Please finish the one before first.',
    notMade: (reason: string) => {
      const why = NOT_MADE[reason]?.['en-US'];
      return `Nothing was set up.${why === undefined ? '' : ` ${why}`}`;
    },
    signed: () => 'Signed. I am telling the payment service.',
    active: (name: string) => `${name} is set up.`,
    changed: (name: string, to: Wanted | 'Expired') => `${name}: ${CHANGED[to]['en-US']}.`,
    changedByPsp: (name: string, to: Wanted | 'Expired') =>
      `The payment service says: ${name} is ${CHANGED[to]['en-US']}.`,
    pending: (name: string, to: Wanted) =>
      `${name}: I have told the payment service to ${ASKED_FOR[to]['en-US']} it. It is not confirmed yet.`,
    refusedChange: (name: string, to: Wanted) =>
      `${name}: the payment service has not accepted to ${ASKED_FOR[to]['en-US']} it. I keep telling it.`,
    unchanged: (name: string, to: Wanted) => `${name}: ${NOT_CHANGED[to]['en-US']}.`,
    already: (name: string, to: Wanted | 'Expired') => `${name} is ${CHANGED[to]['en-US']} already.`,
    alarm: (name: string, amount: string, payee: string) =>
      `Warning! A payment for ${name} is outside what you allowed: ${amount} to ${payee}. Hold to pause it.`,
    alarmOnly: (amount: string, payee: string) =>
      `Warning! There is a payment that you have allowed to nobody: ${amount} to ${payee}.`,
    spent: (amount: string, payee: string, name: string, left: string) =>
      `${name}: paid ${amount} to ${payee}, ${left} left.`,
    refunded: (amount: string, payee: string) => `${payee} gave back ${amount}.`,
    refundUnknown: (amount: string, payee: string) =>
      `${payee} gave back ${amount}, for a payment that I have no receipt of.`,
    refundDoubtful: (amount: string, payee: string) =>
      `A refund of ${amount} by ${payee} does not fit its receipt. Please check it.`,
    nearTotal: (name: string, left: string) => `Note that ${name} has nearly used its limit: ${left} left.`,
    nearEnd: (name: string, time: string) => `Note that ${name} ends at ${time}.`,
    doubt: (name: string) => `${name}: there may be payments I have not seen yet.`,
    task: (name: string, state: TaskState, reason: string | undefined) => {
      const why = reason === undefined ? undefined : TASK_REASONS[reason]?.['en-US'];
      return `${name}: ${TASK[state]?.['en-US'] ?? ''}${why === undefined ? '' : `, ${why}`}.`;
    },
    price: (name: string, merchant: string, amount: string, reference: string) =>
      `${name}: ${merchant} now asks ${amount}, about ${reference} was expected. Buy it nevertheless?`,
    priceTaken: () => 'All right, at that price.',
    priceLeft: () => 'All right, not at that price.',
    none: () => 'There is nothing like that set up.',
    noneAtAll: () => 'Nothing is set up.',
    setUp: () => 'This device cannot delegate payments yet.',
    bought: (day: 'today' | 'yesterday', list: string) => `${day === 'today' ? 'Today' : 'Yesterday'}: ${list}.`,
    boughtNothing: (day: 'today' | 'yesterday') => `I have no receipt of ${day === 'today' ? 'today' : 'yesterday'}.`,
    boughtOne: (amount: string, payee: string, name: string) => `${amount} to ${payee}, ${name}`,
    boughtMany: (count: number, amount: string) => `${count} payments, ${amount}`,
    left: (name: string, left: string) => `${name}: ${left} left`,
    asOf: (time: string) => `As far as I know, as of ${time}.`,
    notKnown: () => 'The payment service has not confirmed it yet.',
    comma: '; ',
    stop: '. ',
  },
} as const;

/** The sentences of one language. */
export function delegationPhrases(locale: Locale): (typeof SENTENCES)[Locale] {
  return SENTENCES[locale];
}
