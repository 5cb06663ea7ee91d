/** What the device says for each question: short, spoken, in both languages, with the catalogue's own names. */
import { catalogueOf } from './catalogue.ts';
import type { Question } from './settle.ts';
import type { Locale, Vocabulary } from './vocabulary.ts';

/** Looks names up; ids that are not in the vocabulary come out as they are. */
interface Speech {
  item(id: string): string;
  choice(optionId: string, choiceId: string): string;
  option(id: string): string;
  merchant(id: string): string;
  /** "a, b or c" */
  either(names: readonly string[]): string;
}

type Of<Kind extends Question['kind']> = Extract<Question, { kind: Kind }>;
type Templates = {
  readonly [Kind in Question['kind']]: Readonly<Record<Locale, (question: Of<Kind>, speech: Speech) => string>>;
};

const TEMPLATES: Templates = {
  'what-item': {
    'en-US': (q) => (q.quantity === undefined ? 'What would you like to order?' : `${q.quantity} of what?`),
    'zh-CN': (q) => (q.quantity === undefined ? '您想点什么？' : `${q.quantity}份什么？`),
  },
  'which-item': {
    'en-US': (q, s) =>
      `${q.said === undefined ? '' : `I don't know ${q.said}. `}Did you mean ${s.either(q.candidates.map(s.item))}?`,
    'zh-CN': (q, s) =>
      `${q.said === undefined ? '' : `没有找到${q.said}。`}您要的是${s.either(q.candidates.map(s.item))}吗？`,
  },
  'unknown-product': {
    'en-US': (q) => `I can't find ${q.said}. What would you like instead?`,
    'zh-CN': (q) => `没有找到${q.said}。您想换成什么？`,
  },
  contradiction: {
    'en-US': (q, s) => `${s.item(q.itemId)}: ${s.either(q.choiceIds.map((id) => s.choice(q.optionId, id)))}?`,
    'zh-CN': (q, s) => `${s.item(q.itemId)}要${s.either(q.choiceIds.map((id) => s.choice(q.optionId, id)))}？`,
  },
  'which-choice': {
    'en-US': (q, s) =>
      `Which ${s.option(q.optionId)} for the ${s.item(q.itemId)}: ${s.either(q.choiceIds.map((id) => s.choice(q.optionId, id)))}?`,
    'zh-CN': (q, s) =>
      `${s.item(q.itemId)}的${s.option(q.optionId)}要${s.either(q.choiceIds.map((id) => s.choice(q.optionId, id)))}？`,
  },
  'not-offered': {
    'en-US': (q, s) => `You can't choose ${s.choice(q.optionId, q.choiceId)} for ${s.item(q.itemId)}. Order it anyway?`,
    'zh-CN': (q, s) => `${s.item(q.itemId)}不能选${s.choice(q.optionId, q.choiceId)}，还要吗？`,
  },
  'too-many': {
    'en-US': (q, s) => `That's too many${q.itemId === '' ? '' : `: ${s.item(q.itemId)}`}. How many, up to 20?`,
    'zh-CN': (q, s) => `${q.itemId === '' ? '' : s.item(q.itemId)}太多了，最多20份，您要几份？`,
  },
  'how-many': {
    'en-US': (q, s) => `How many: ${s.item(q.itemId)}?`,
    'zh-CN': (q, s) => `${s.item(q.itemId)}要几份？`,
  },
  'which-limit': {
    'en-US': (q) => limitEnglish(q.amountsMinor),
    'zh-CN': (q) => limitChinese(q.amountsMinor),
  },
  'which-merchant': {
    'en-US': (q, s) => `From ${s.either(q.merchantIds.map(s.merchant))}?`,
    'zh-CN': (q, s) => `在${s.either(q.merchantIds.map(s.merchant))}点？`,
  },
  'leave-out': {
    'en-US': (q) => `I can't do this part: ${q.said}. Order the rest?`,
    'zh-CN': (q) => `这部分办不到：${q.said}。其余的照点吗？`,
  },
};

function limitEnglish(amountsMinor: readonly number[]): string {
  const [only, second] = amountsMinor;
  if (only !== undefined && second === undefined) return `At most ${yuan(only)} yuan?`;
  return 'At most how many yuan?';
}

function limitChinese(amountsMinor: readonly number[]): string {
  const [only, second] = amountsMinor;
  if (only !== undefined && second === undefined) return `最多${yuan(only)}元，对吗？`;
  return '最多多少元？';
}

/** Exact: 2550 is 25.5, 2500 is 25. CNY has exponent 2. */
function yuan(minor: number): string {
  const fen = minor % 100;
  return `${Math.floor(minor / 100)}${fen === 0 ? '' : `.${String(fen).padStart(2, '0').replace(/0$/, '')}`}`;
}

function speechOf(vocabulary: Vocabulary, locale: Locale): Speech {
  const catalogue = catalogueOf(vocabulary);
  const or = locale === 'en-US' ? ' or ' : '还是';
  const comma = locale === 'en-US' ? ', ' : '、';
  return {
    item: (id) => catalogue.items.get(id)?.names[locale][0] ?? id,
    option: (id) => catalogue.options.get(id)?.names[locale][0] ?? id,
    choice: (optionId, choiceId) =>
      catalogue.options.get(optionId)?.choices.find((choice) => choice.id === choiceId)?.names[locale][0] ?? choiceId,
    merchant: (id) => vocabulary.merchants.find((merchant) => merchant.id === id)?.names[locale][0] ?? id,
    either: (names) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(comma)}${or}${names.at(-1)}`),
  };
}

/** The sentence to say and show for `question`. It repeats the wearer's own words where they were not understood: not for logs. */
export function askQuestion(question: Question, locale: Locale, vocabulary: Vocabulary): string {
  const template = TEMPLATES[question.kind][locale] as (question: Question, speech: Speech) => string;
  return template(question, speechOf(vocabulary, locale));
}
