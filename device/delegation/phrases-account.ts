/** What the device says of the sub-account that pays under a delegation, in both languages (ACT 2.1 PSD-AGT-SUB). */
import type { Locale } from '../voice/vocabulary.ts';

type Operation = 'QUERY' | 'FREEZE' | 'CANCEL' | 'UNFREEZE' | 'TOP_UP';
type Both = Readonly<Record<Locale, string>>;

const ASKED_FOR: Readonly<Record<Operation, Both>> = {
  QUERY: { 'zh-CN': '查询', 'en-US': 'look at' },
  FREEZE: { 'zh-CN': '冻结', 'en-US': 'freeze' },
  CANCEL: { 'zh-CN': '注销', 'en-US': 'close' },
  UNFREEZE: { 'zh-CN': '解冻', 'en-US': 'unfreeze' },
  TOP_UP: { 'zh-CN': '充值', 'en-US': 'fill' },
};

const NOT_DONE: Readonly<Record<Operation, Both>> = {
  QUERY: { 'zh-CN': '查不到它的账户', 'en-US': 'its account cannot be looked at' },
  FREEZE: { 'zh-CN': '账户没有冻结', 'en-US': 'its account is not frozen' },
  CANCEL: { 'zh-CN': '账户没有注销', 'en-US': 'its account is not closed' },
  UNFREEZE: { 'zh-CN': '账户没有解冻', 'en-US': 'its account was not unfrozen' },
  TOP_UP: { 'zh-CN': '没有充值', 'en-US': 'nothing was put into its account' },
};

export const ACCOUNT_SENTENCES = {
  'zh-CN': {
    accountWhich: () => '哪一个账户？请说出它是用来买什么的。',
    accountNone: (name: string) => `${name}没有专用账户，直接从您的账户付款。`,
    accountNotNamed: (name: string) => `支付机构还没有告诉我${name}的账户。`,
    accountPending: (name: string, to: Operation) =>
      `${name}：我已告知支付机构${ASKED_FOR[to]['zh-CN']}账户，还没有得到确认。`,
    accountHolds: (name: string, balance: string) => `${name}的账户里有${balance}。`,
    accountFrozen: (name: string) => `${name}的账户已冻结，不会付款。`,
    accountClosed: (name: string) => `${name}的账户已注销，不会再付款，余下的钱退回您的账户。`,
    accountFilled: (name: string, amount: string) => `${amount}已存入${name}的账户。`,
    accountPays: (name: string) => `${name}的账户已解冻，可以付款。`,
    accountRoom: (room: string) => `您的授权最多还能存入${room}。`,
    accountOver: () => '超出了您的授权。',
    accountPoor: () => '您自己的账户里钱不够。',
    accountUnchanged: (name: string, to: Operation) => `${name}：${NOT_DONE[to]['zh-CN']}。`,
    accountSilent: () => '支付机构没有回应。',
    accountNotKnown: (name: string) => `我不知道${name}的账户里有多少。`,
    accountEmpty: (name: string) => `${name}：代理说它的账户里钱不够了。`,
  },
  'en-US': {
    accountWhich: () => 'Which account? Please say what it is for.',
    accountNone: (name: string) => `${name} has no account of its own; it is paid out of yours.`,
    accountNotNamed: (name: string) => `The payment service has not told me the account of ${name} yet.`,
    accountPending: (name: string, to: Operation) =>
      `${name}: I have told the payment service to ${ASKED_FOR[to]['en-US']} its account. It is not confirmed yet.`,
    accountHolds: (name: string, balance: string) => `The account of ${name} holds ${balance}.`,
    accountFrozen: (name: string) => `The account of ${name} is frozen and pays nothing.`,
    accountClosed: (name: string) =>
      `The account of ${name} is closed for good. It pays nothing more; what is left goes back to yours.`,
    accountFilled: (name: string, amount: string) => `${amount} were put into the account of ${name}.`,
    accountPays: (name: string) => `The account of ${name} pays again.`,
    accountRoom: (room: string) => `What you have allowed leaves room for ${room}.`,
    accountOver: () => 'That is more than you have allowed.',
    accountPoor: () => 'Your own account holds too little.',
    accountUnchanged: (name: string, to: Operation) => `${name}: ${NOT_DONE[to]['en-US']}.`,
    accountSilent: () => 'The payment service does not answer.',
    accountNotKnown: (name: string) => `I do not know what the account of ${name} holds.`,
    accountEmpty: (name: string) => `${name}: the agent says that its account holds too little.`,
  },
} as const;
