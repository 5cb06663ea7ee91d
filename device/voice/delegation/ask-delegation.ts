/** What the device says for each question about a delegation: short, spoken, in both languages. */
import { askQuestion } from '../questions.ts';
import type { Question } from '../settle.ts';
import type { Locale, Vocabulary } from '../vocabulary.ts';
import type { Asked } from './answering.ts';
import { categoryName } from './category-names.ts';
import type { DelegationQuestion, LimitScope } from './draft.ts';
import { listed, namesOf, spokenDay, spokenEnd, yuan } from './speech.ts';

type OwnKind = Exclude<DelegationQuestion['kind'], Question['kind']> | 'which-limit';
type Say<Kind extends DelegationQuestion['kind']> = (question: Asked<Kind>, vocabulary: Vocabulary) => string;
type Templates = { readonly [Kind in OwnKind]: Readonly<Record<Locale, Say<Kind>>> };

const SCOPES: Readonly<Record<LimitScope, Readonly<Record<Locale, string>>>> = {
  bare: { 'en-US': '', 'zh-CN': '' },
  piece: { 'en-US': ' each', 'zh-CN': '每件' },
  order: { 'en-US': ' per order', 'zh-CN': '每次' },
  day: { 'en-US': ' a day', 'zh-CN': '每天' },
  total: { 'en-US': ' in all', 'zh-CN': '总共' },
};

const TEMPLATES: Templates = {
  'how-much': {
    'en-US': ({ repeats }) => `At most how many yuan${repeats ? ', each time or in all' : ' in all'}?`,
    'zh-CN': ({ repeats }) => (repeats ? '最多多少元？请说每次还是总共。' : '总共最多多少元？'),
  },
  'which-one': {
    'en-US': ({ itemIds }, vocabulary) =>
      `One after the other, please. First ${listed(itemIds.map(namesOf(vocabulary, 'en-US').item), 'en-US', 'or')}?`,
    'zh-CN': ({ itemIds }, vocabulary) =>
      `请一件一件来。先${listed(itemIds.map(namesOf(vocabulary, 'zh-CN').item), 'zh-CN', 'or')}？`,
  },
  'which-limit': {
    'en-US': ({ amountsMinor, scope }) => {
      const [only, other] = amountsMinor;
      if (only === undefined || other !== undefined) return `At most how many yuan${SCOPES[scope]['en-US']}?`;
      return `At most ${yuan(only, 'en-US')}${SCOPES[scope]['en-US']}?`;
    },
    'zh-CN': ({ amountsMinor, scope }) => {
      const [only, other] = amountsMinor;
      if (only === undefined || other !== undefined) return `${SCOPES[scope]['zh-CN']}最多多少元？`;
      return `${SCOPES[scope]['zh-CN']}最多${yuan(only, 'zh-CN')}，对吗？`;
    },
  },
  'foreign-amount': {
    'en-US': () => 'I can pay in yuan only. At most how many yuan?',
    'zh-CN': () => '我只能用人民币付款。最多多少元？',
  },
  'limit-scope': {
    'en-US': ({ amountMinor }) => `${yuan(amountMinor, 'en-US')}: each time, or in all?`,
    'zh-CN': ({ amountMinor }) => `${yuan(amountMinor, 'zh-CN')}是每次，还是总共？`,
  },
  'limits-disagree': {
    'en-US': ({ scope, amountMinor, within, withinMinor }) =>
      `${yuan(amountMinor, 'en-US')}${SCOPES[scope]['en-US']} is more than ${yuan(withinMinor, 'en-US')}${SCOPES[within]['en-US']}. At most how many yuan${SCOPES[within]['en-US']}?`,
    'zh-CN': ({ scope, amountMinor, within, withinMinor }) =>
      `${SCOPES[scope]['zh-CN']}${yuan(amountMinor, 'zh-CN')}超过了${SCOPES[within]['zh-CN']}${yuan(withinMinor, 'zh-CN')}。${SCOPES[within]['zh-CN']}最多多少元？`,
  },
  'which-merchants': {
    'en-US': ({ said }) => `${said === undefined ? '' : `I don't know the shop ${said}. `}Which shops may it be?`,
    'zh-CN': ({ said }) => `${said === undefined ? '' : `没有找到${said}这家店。`}可以在哪些店买？`,
  },
  'merchant-both': {
    'en-US': ({ merchantId }, vocabulary) =>
      `May it be bought from ${namesOf(vocabulary, 'en-US').merchant(merchantId)}, yes or no?`,
    'zh-CN': ({ merchantId }, vocabulary) => `到底可不可以在${namesOf(vocabulary, 'zh-CN').merchant(merchantId)}买？`,
  },
  'category-both': {
    'en-US': ({ category }) => `May it buy ${categoryName(category, 'en-US')}, yes or no?`,
    'zh-CN': ({ category }) => `到底可不可以买${categoryName(category, 'zh-CN')}？`,
  },
  'until-when': {
    'en-US': () => 'Until when?',
    'zh-CN': () => '到什么时候为止？',
  },
  'which-end': {
    'en-US': ({ ends }) =>
      `Until ${listed(
        ends.map((end) => spokenEnd(end, 'en-US')),
        'en-US',
        'or',
      )}?`,
    'zh-CN': ({ ends }) =>
      `到${listed(
        ends.map((end) => spokenEnd(end, 'zh-CN')),
        'zh-CN',
        'or',
      )}？`,
  },
  'end-before-start': {
    'en-US': () => 'That ends before it begins. Until when?',
    'zh-CN': () => '结束早于开始。到什么时候为止？',
  },
  'date-past': {
    'en-US': ({ said }) => `${said === '' ? 'That' : said} is over. When then?`,
    'zh-CN': ({ said }) => `${said === '' ? '这个时间' : said}已经过了。改到什么时候？`,
  },
  'no-such-day': {
    'en-US': ({ said }) => `There is no such day: ${said}. Which day?`,
    'zh-CN': ({ said }) => `没有这一天：${said}。哪一天？`,
  },
  'which-day': {
    'en-US': ({ days }) =>
      `${listed(
        days.map((day) => spokenDay(day, 'en-US')),
        'en-US',
        'or',
      )}?`,
    'zh-CN': ({ days }) =>
      `${listed(
        days.map((day) => spokenDay(day, 'zh-CN')),
        'zh-CN',
        'or',
      )}？`,
  },
  'which-half': {
    'en-US': ({ hour }) => `${hour} in the morning or in the afternoon?`,
    'zh-CN': ({ hour }) => `${hour}点是上午还是下午？`,
  },
  'too-long': {
    'en-US': () => 'That is more than a year. Until when, within a year?',
    'zh-CN': () => '最长一年。到什么时候为止？',
  },
  'never-due': {
    'en-US': () => 'None of those days comes before the end. Until when?',
    'zh-CN': () => '结束之前没有这样的日子。到什么时候为止？',
  },
};

/** The sentence to say and show for `question`. It repeats the wearer's own words where they were not understood: not for logs. */
export function delegationQuestion(question: DelegationQuestion, locale: Locale, vocabulary: Vocabulary): string {
  if (isOrderQuestion(question)) return askQuestion(question, locale, vocabulary);
  const template = TEMPLATES[question.kind as OwnKind][locale] as Say<DelegationQuestion['kind']>;
  return template(question, vocabulary);
}

function isOrderQuestion(question: DelegationQuestion): question is DelegationQuestion & Question {
  return !(question.kind in TEMPLATES);
}
