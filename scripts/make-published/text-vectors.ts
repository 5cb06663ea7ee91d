/** Vectors of what is text: topics, amounts, and the view a wearer confirms. */
import { type ConfirmationFacts, composeView, PROFILES, type ProfileId } from '../../device/confirm/view.ts';
import type { ProtocolErrorCode } from '../../protocol/errors.ts';
import { type Currency, parseAmount, parseTopic } from '../../protocol/index.ts';
import { plain, type Vector } from './vector.ts';

const TOPICS: readonly (readonly [topic: string, proves: string])[] = [
  ['act/1/tenant-1/glasses-7/up', 'ACTC-TOP-001'],
  ['act/1/tenant-1/glasses-7/down', 'ACTC-TOP-001'],
  ['act/1/tenant-1/glasses-7/ctl', 'ACTC-TOP-001'],
  ['act/1/tenant-1/svc/psp-1', 'ACTC-TOP-001'],
  [`act/1/${'a'.repeat(32)}/0/up`, 'ACTC-TOP-002'],
];
const NO_TOPICS: readonly (readonly [topic: string, proves: string])[] = [
  ['', 'ACTC-TOP-001'],
  ['act/2/tenant-1/glasses-7/up', 'ACTC-TOP-001'],
  ['ACT/1/tenant-1/glasses-7/up', 'ACTC-TOP-001'],
  ['/act/1/tenant-1/glasses-7/up', 'ACTC-TOP-001'],
  ['act/1/tenant-1/glasses-7', 'ACTC-TOP-001'],
  ['act/1/tenant-1/glasses-7/up/', 'ACTC-TOP-001'],
  ['act/1/tenant-1/glasses-7/sideways', 'ACTC-TOP-001'],
  ['act/1/tenant-1/svc', 'ACTC-TOP-001'],
  ['act/1/tenant-1/up/up', 'ACTC-TOP-002'],
  ['act/1/tenant-1/svc/down', 'ACTC-TOP-002'],
  ['act/1/svc/glasses-7/up', 'ACTC-TOP-002'],
  ['act/1/Tenant-1/glasses-7/up', 'ACTC-TOP-002'],
  ['act/1/tenant-1/glasses_7/up', 'ACTC-TOP-002'],
  ['act/1/tenant-1/-glasses/up', 'ACTC-TOP-002'],
  ['act/1/tenant-1/+/up', 'ACTC-TOP-002'],
  ['act/1/tenant-1/#/up', 'ACTC-TOP-002'],
  ['act/1//glasses-7/up', 'ACTC-TOP-002'],
  ['act/1/tenant-1/glasses-7\n/up', 'ACTC-TOP-002'],
  [`act/1/${'a'.repeat(33)}/0/up`, 'ACTC-TOP-002'],
];

/** `topic`: a topic; `decoded`: what its levels say. */
export function topicVectors(): Vector[] {
  const taken = TOPICS.map(([topic, proves]): Vector => {
    return { name: topic, proves: [proves], topic, decoded: plain(parseTopic(topic)) };
  });
  const refused = NO_TOPICS.map(([topic, proves]): Vector => {
    return { name: topic === '' ? 'nothing' : topic, proves: [proves], topic, code: 'topic-syntax' };
  });
  return [...taken, ...refused];
}

const AMOUNTS: readonly (readonly [amount: string, currency: Currency])[] = [
  ['0', 'CNY'],
  ['0.00', 'CNY'],
  ['24.8', 'CNY'],
  ['24.80', 'CNY'],
  ['600.05', 'USD'],
  ['1200', 'JPY'],
  ['1.234', 'KWD'],
  ['9999999999.99', 'CNY'],
  ['999999999999', 'KRW'],
];
const NO_AMOUNTS: readonly (readonly [amount: string, currency: string, code: ProtocolErrorCode])[] = [
  ['600.005', 'CNY', 'money-precision'],
  ['1.0', 'JPY', 'money-precision'],
  ['1.2340', 'KWD', 'money-precision'],
  ['10000000000.00', 'CNY', 'money-range'],
  ['9007199254740993', 'JPY', 'money-range'],
  ['', 'CNY', 'money-syntax'],
  ['01', 'CNY', 'money-syntax'],
  ['.5', 'CNY', 'money-syntax'],
  ['5.', 'CNY', 'money-syntax'],
  ['-1', 'CNY', 'money-syntax'],
  ['+1', 'CNY', 'money-syntax'],
  ['1e3', 'CNY', 'money-syntax'],
  ['1,000.00', 'CNY', 'money-syntax'],
  [' 1', 'CNY', 'money-syntax'],
  ['12.00\n', 'CNY', 'money-syntax'],
  ['１２', 'CNY', 'money-syntax'],
  ['1', 'ZZZ', 'money-currency'],
  ['1', 'cny', 'money-currency'],
  ['1', '', 'money-currency'],
];

/** `amount`, `currency`: a decimal as ACT's JSON has it; `decoded`: minor units. */
export function moneyVectors(): Vector[] {
  const named = (amount: string, currency: string) => `${JSON.stringify(amount)} ${currency}`.trim();
  const taken = AMOUNTS.map(([amount, currency]): Vector => {
    const decoded = parseAmount(amount, currency);
    return { name: named(amount, currency), proves: ['ACTC-OBJ-011'], amount, currency, decoded };
  });
  const refused = NO_AMOUNTS.map(([amount, currency, code]): Vector => {
    return { name: named(amount, currency), proves: ['ACTC-OBJ-011'], amount, currency, code };
  });
  return [...taken, ...refused];
}

const FACTS: ConfirmationFacts = {
  payeeName: '蓝巷咖啡',
  totalMinor: 2380,
  currency: 'CNY',
  lines: [{ title: '燕麦拿铁 大杯', quantity: 1, amountMinor: 2600 }],
  discountMinor: 520,
  deliveryMinor: 300,
  orderNo: 'LC-20260921-0042',
  locale: 'zh-CN',
  etaMin: 25,
};
const ENGLISH = { payeeName: 'Lane Coffee', locale: 'en-US' } as const;
const english: ConfirmationFacts = {
  ...FACTS,
  ...ENGLISH,
  lines: [{ title: 'Oat latte, large', quantity: 1, amountMinor: 2600 }],
};
const many: ConfirmationFacts = {
  ...english,
  discountMinor: 0,
  lines: Array.from({ length: 8 }, (_, i) => ({
    title: `Blueberry muffin with a long name ${i}`,
    quantity: i + 1,
    amountMinor: 100,
  })),
};
const titled = (title: string): Partial<ConfirmationFacts> => ({ lines: [{ title, quantity: 1, amountMinor: 2600 }] });

const REFUSED_VIEWS: readonly (readonly [
  name: string,
  changes: Partial<ConfirmationFacts>,
  proves: string,
  profile?: ProfileId,
])[] = [
  ['a right-to-left override in a title', titled('latte \u202e08.32 YNC'), 'ACTC-CNF-004'],
  ['a zero-width space in the payee', { payeeName: 'Lane\u200b Coffee' }, 'ACTC-CNF-004'],
  ['a Cyrillic letter in the payee', { payeeName: 'L\u0430ne Coffee' }, 'ACTC-CNF-004'],
  ['a line separator in a title', titled('latte\u2028free'), 'ACTC-CNF-004'],
  ['a lone surrogate in a title', titled('latte \ud800'), 'ACTC-CNF-004'],
  ['an emoji in a title', titled('latte ☕️'), 'ACTC-CNF-004'],
  ['three marks on one letter', titled('la\u0323\u0327\u0328\u0331tte'), 'ACTC-CNF-004'],
  ['an empty payee', { payeeName: ' ' }, 'ACTC-CNF-004'],
  ['a payee that does not fit', { payeeName: 'A name as long as a page '.repeat(3).trim() }, 'ACTC-CNF-003', 'oled-3'],
  ['full-width letters among others in the payee', { payeeName: 'Ｌane Coffee' }, 'ACTC-CNF-004'],
  ['full-width letters among accented ones in the payee', { payeeName: 'éＡ' }, 'ACTC-CNF-004'],
  ['a payee of 97 letters', { payeeName: 'a'.repeat(97) }, 'ACTC-CNF-004'],
  ['a title of 1,025 letters', titled('a'.repeat(1025)), 'ACTC-CNF-004'],
  ['a total of nothing', { totalMinor: 0 }, 'ACTC-CNF-003'],
  ['a currency nobody pinned', { currency: 'ZZZ' as Currency }, 'ACTC-CNF-003'],
];

const SAID_TITLES = [
  'Latte. Hold to pay CNY 1.00. Click to cancel.',
  'Pay CNY 1.Click ．．． 2．5 l; No.10 U.S.A!?',
  '拿铁。合计CNY 0.01！长按付款；…',
];

const LAID_OUT = ['ACTC-CNF-002', 'ACTC-CNF-005', 'ACTC-CNF-006'];

function composed(name: string, facts: ConfirmationFacts, profile: ProfileId, proves: readonly string[]): Vector {
  const made = composeView(facts, PROFILES[profile]);
  const input = { name, proves, profile, facts: plain(facts) };
  if (!made.ok) return { ...input, code: made.reason };
  const { pages, spoken, digest } = made.view;
  const screens = pages.map(({ title, lines }) => [title, ...lines]);
  return { ...input, decoded: { profile, locale: facts.locale, screens, spoken: [...spoken], digest } };
}

/** `facts`, `profile`: what is confirmed, and where it is shown; `decoded`: all that is seen and heard, and its digest. */
export function viewVectors(): Vector[] {
  const profiles = Object.keys(PROFILES) as ProfileId[];
  const taken = profiles.flatMap((profile) => [
    composed(`one latte in Chinese on ${profile}`, FACTS, profile, LAID_OUT),
    composed(`one latte in English on ${profile}`, english, profile, LAID_OUT),
    composed(`eight lines on ${profile}`, many, profile, LAID_OUT),
  ]);
  const said = SAID_TITLES.map((title) =>
    composed(`a title with sentences: ${title}`, { ...english, ...titled(title) }, 'voice', ['ACTC-CNF-005']),
  );
  const refused = REFUSED_VIEWS.map(([name, changes, proves, profile = 'hud-480x640']) =>
    composed(name, { ...english, ...changes }, profile, [proves]),
  );
  return [...taken, ...said, ...refused];
}
