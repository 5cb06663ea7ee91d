/** The fixed words of what a wearer confirms besides a payment: the bounds of a delegation, a change of one, a binding. */
import type { Locale } from '../voice/vocabulary.ts';

/** What a change of state does, as the wearer sees it. */
export type ChangeKind = 'suspend' | 'resume' | 'revoke';

/** What is done to the sub-account of an agent by a press. */
export type AccountKind = 'fill' | 'unfreeze';

/** 1 Monday to 7 Sunday (ISO 8601). */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface DelegationPhrases {
  readonly totalMax: string;
  readonly noTotal: string;
  readonly until: string;
  readonly noEnd: string;
  readonly from: string;
  readonly eachMax: string;
  readonly eachMin: string;
  readonly eachAny: string;
  readonly ordersMax: string;
  readonly anyNumber: string;
  readonly dailyMax: string;
  readonly dailyAny: string;
  /** What the sub-account holds at first; it holds the total where that is not said. */
  readonly firstFund: string;
  readonly items: string;
  readonly purpose: string;
  /** On which days and at what time of the local day orders are made. */
  readonly weekdays: string;
  readonly weekday: Readonly<Record<Weekday, string>>;
  readonly anyDay: string;
  readonly dayFrom: string;
  readonly dayUntil: string;
  readonly anyTime: string;
  readonly localTime: string;
  /** When the thing itself is to be. */
  readonly wantedFrom: string;
  readonly wantedUntil: string;
  readonly mode: Readonly<Record<'SPECIFIED' | 'BOUNDED', string>>;
  readonly agent: string;
  readonly principal: string;
  readonly merchants: string;
  readonly anyMerchant: string;
  readonly neverMerchants: string;
  readonly categories: string;
  readonly anyCategory: string;
  readonly neverCategories: string;
  readonly methods: string;
  readonly anyMethod: string;
  readonly priceTolerance: string;
  readonly priceAction: Readonly<Record<'PAUSE_AND_NOTIFY' | 'AUTO_CANCEL', string>>;
  readonly onFailure: Readonly<Record<'AUTO_RETRY' | 'CANCEL', string>>;
  readonly retries: string;
  readonly deliveryTime: string;
  readonly deliveryAddress: string;
  readonly askedBy: Readonly<Record<'VOICE' | 'BUTTON', string>>;
  readonly askedAt: string;
  readonly reason: string;
  readonly bounds: KindPhrases;
  readonly binding: KindPhrases;
  readonly changeHeading: string;
  readonly change: Readonly<Record<ChangeKind, ChangePhrases>>;
  readonly accountHeading: string;
  readonly putIn: string;
  readonly account: Readonly<Record<AccountKind, ChangePhrases>>;
  /** Between texts of one list, in speech. */
  readonly listComma: string;
  /** Marks a text of others at both ends; what sounds like these words is refused in it. */
  readonly sayText: (text: string) => string;
  readonly sayQuoted: (label: string, texts: string) => string;
  /** `date` as `YYYY-MM-DD`, `time` with its zone. */
  readonly sayTime: (date: string, time: string) => string;
  readonly sayBounds: (total: string, end: string) => string;
  readonly sayBinding: (total: string, end: string) => string;
  readonly sayChange: (what: string, total: string) => string;
  readonly sayClosing: (hold: string, total: string) => string;
}

interface KindPhrases {
  readonly heading: string;
  readonly hold: string;
}

interface ChangePhrases {
  /** At most 20 columns: it stands in one row everywhere. */
  readonly what: string;
  readonly hold: string;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

export const DELEGATION_PHRASES: Readonly<Record<Locale, DelegationPhrases>> = {
  'en-US': {
    totalMax: 'Total max',
    noTotal: 'No total limit',
    until: 'Until',
    noEnd: 'No end date',
    from: 'From',
    eachMax: 'Each max',
    eachMin: 'Each min',
    eachAny: 'No limit per payment',
    ordersMax: 'Payments max',
    anyNumber: 'Any number of payments',
    dailyMax: 'Each day max',
    dailyAny: 'No limit per day',
    firstFund: 'Account starts at',
    items: 'Each order',
    purpose: 'For',
    weekdays: 'Only on',
    weekday: {
      ...{ 1: 'Monday', 2: 'Tuesday', 3: 'Wednesday', 4: 'Thursday' },
      ...{ 5: 'Friday', 6: 'Saturday', 7: 'Sunday' },
    },
    anyDay: 'On any day',
    dayFrom: 'Each day from',
    dayUntil: 'Each day before',
    anyTime: 'At any time',
    localTime: 'Local time',
    wantedFrom: 'Wanted from',
    wantedUntil: 'Wanted before',
    mode: { SPECIFIED: 'Buys what you named', BOUNDED: 'Agent picks what to buy' },
    agent: 'Agent',
    principal: 'On behalf of',
    merchants: 'Only from',
    anyMerchant: 'From any merchant',
    neverMerchants: 'Never from',
    categories: 'Only these kinds',
    anyCategory: 'Any kind of goods',
    neverCategories: 'Never these kinds',
    methods: 'Paid by',
    anyMethod: 'Paid by any method',
    priceTolerance: 'Price may differ by',
    priceAction: { PAUSE_AND_NOTIFY: 'Other price: ask me', AUTO_CANCEL: 'Other price: cancel' },
    onFailure: { AUTO_RETRY: 'If it fails: try again', CANCEL: 'If it fails: cancel' },
    retries: 'Retries max',
    deliveryTime: 'Delivery time',
    deliveryAddress: 'Deliver to',
    askedBy: { VOICE: 'Asked for by voice', BUTTON: 'Asked for by button' },
    askedAt: 'Asked',
    reason: 'Reason',
    bounds: { heading: 'Confirm delegation', hold: 'Hold to allow' },
    binding: { heading: 'Confirm binding', hold: 'Hold to bind' },
    changeHeading: 'Change delegation',
    change: {
      suspend: { what: 'Pause payments', hold: 'Hold to pause' },
      resume: { what: 'Resume payments', hold: 'Hold to resume' },
      revoke: { what: 'Revoke for good', hold: 'Hold to revoke' },
    },
    accountHeading: 'Change account',
    putIn: 'Put in',
    account: {
      fill: { what: 'Fill agent account', hold: 'Hold to put in' },
      unfreeze: { what: 'Unfreeze account', hold: 'Hold to unfreeze' },
    },
    listComma: '; ',
    sayText: (text) => `quote, ${text}, end quote`,
    sayQuoted: (label, texts) => `${label}: ${texts}`,
    sayTime: (date, time) =>
      `${Number(date.slice(8))} ${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}, ${time}`,
    sayBounds: (total, end) => `Allow an agent to pay. ${total}. ${end}.`,
    sayBinding: (total, end) => `Bind an agent to your account. ${total}. ${end}.`,
    sayChange: (what, total) => `${what}. ${total}.`,
    sayClosing: (hold, total) => `${hold}. ${total}. Click to cancel.`,
  },
  'zh-CN': {
    totalMax: '总额最多',
    noTotal: '总额不限',
    until: '截止',
    noEnd: '没有期限',
    from: '开始',
    eachMax: '单笔最多',
    eachMin: '单笔最少',
    eachAny: '单笔不另设限',
    ordersMax: '付款次数最多',
    anyNumber: '付款次数不限',
    dailyMax: '每天最多',
    dailyAny: '每天不另设限',
    firstFund: '账户先放',
    items: '每单内容',
    purpose: '用途',
    weekdays: '只限',
    weekday: { 1: '周一', 2: '周二', 3: '周三', 4: '周四', 5: '周五', 6: '周六', 7: '周日' },
    anyDay: '日期不限',
    dayFrom: '每天不早于',
    dayUntil: '每天须早于',
    anyTime: '时段不限',
    localTime: '当地时间',
    wantedFrom: '所要时间不早于',
    wantedUntil: '所要时间须早于',
    mode: { SPECIFIED: '只买您指定的', BOUNDED: '买什么由代理决定' },
    agent: '代理',
    principal: '委托人',
    merchants: '只限商家',
    anyMerchant: '商家不限',
    neverMerchants: '排除商家',
    categories: '只限类别',
    anyCategory: '类别不限',
    neverCategories: '排除类别',
    methods: '付款方式',
    anyMethod: '付款方式不限',
    priceTolerance: '价格浮动最多',
    priceAction: { PAUSE_AND_NOTIFY: '价格不符时先问我', AUTO_CANCEL: '价格不符时取消' },
    onFailure: { AUTO_RETRY: '付款失败时重试', CANCEL: '付款失败时取消' },
    retries: '重试最多',
    deliveryTime: '送达时间',
    deliveryAddress: '送到',
    askedBy: { VOICE: '已用语音提出', BUTTON: '已用按键提出' },
    askedAt: '提出',
    reason: '原因',
    bounds: { heading: '确认授权', hold: '长按授权' },
    binding: { heading: '确认绑定', hold: '长按绑定' },
    changeHeading: '更改授权',
    change: {
      suspend: { what: '暂停付款', hold: '长按暂停' },
      resume: { what: '恢复付款', hold: '长按恢复' },
      revoke: { what: '永久撤销', hold: '长按撤销' },
    },
    accountHeading: '更改账户',
    putIn: '存入',
    account: {
      fill: { what: '充值代理账户', hold: '长按充值' },
      unfreeze: { what: '解冻代理账户', hold: '长按解冻' },
    },
    listComma: '；',
    sayText: (text) => `引号，${text}，引号完`,
    sayQuoted: (label, texts) => `${label}：${texts}`,
    sayTime: (date, time) => `${date.slice(0, 4)}年${Number(date.slice(5, 7))}月${Number(date.slice(8))}日${time}`,
    sayBounds: (total, end) => `授权代理付款，${total}，${end}。`,
    sayBinding: (total, end) => `把代理绑定到您的账户，${total}，${end}。`,
    sayChange: (what, total) => `${what}，${total}。`,
    sayClosing: (hold, total) => `${hold}，${total}，单击取消。`,
  },
};
