/**
 * JSGF grammars for recognisers that take one. Every list of names is a flat rule, so that a recogniser's adapter can leave
 * out what its dictionary lacks (`restrictGrammar`) without understanding the rest.
 */
import { tokenise } from './tokens.ts';
import type { Vocabulary, VocabularyItem, VocabularyOption } from './vocabulary.ts';

/** Grammars exist for the languages an offline recogniser exists for. */
export type GrammarLocale = 'en-US';

/**
 * Things people may ask for that no catalogue here sells. Without them a grammar hears the nearest product instead of
 * "helicopter"; with them the parser gets to say that it does not know the product. Names in the vocabulary take precedence.
 */
const ELSEWHERE =
  'helicopter|pizza|hamburger|burger|taxi|umbrella|newspaper|beer|wine|sushi|salad|spaghetti|steak|chicken wings|ticket|bicycle|telephone|guitar|flowers|medicine|television|airplane|elephant|computer|battery|potato chips|ice cream|orange juice|whiskey|shampoo';

const STARTS =
  "order me|order|get me|i want|i would like|i'd like|can i have|can i get|could i have|give me|i'll have|i'll take|bring me|please order me|please get me|i want to order";
const DIGITS = 'one|two|three|four|five|six|seven|eight|nine';
const MANY = 'two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|a couple of';
const TEENS = 'ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen';
const TENS = 'twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety';
const LIMITS = 'under|below|at most|up to|no more than|less than|for less than|for under|within';
const ANSWERS = 'yes|no|cancel|yes please|no thanks|okay|the first one|the second one|the third one';

/** Everything an order, or the answer to a question about one, may sound like. */
export function orderGrammar(vocabulary: Vocabulary, locale: GrammarLocale): string {
  const sold = new Set(vocabulary.items.flatMap((item) => item.names[locale].map(spoken)));
  const groups = groupByOptions(vocabulary);
  const lines = groups.map((_, at) => `<line${letter(at)}>`).join(' | ');
  return grammar('order', [
    ...groups.flatMap((group, at) => groupRules(group, letter(at), vocabulary, locale)),
    ['elsewhere', alternatives(ELSEWHERE.split('|').filter((name) => !sold.has(name)))],
    ['choice', alternatives(vocabulary.options.flatMap((option) => choiceNames(option, locale)))],
    [
      'from',
      alternatives(vocabulary.merchants.flatMap((merchant) => merchant.names[locale].map((name) => `from ${name}`))),
    ],
    ['start', STARTS],
    ['digit', DIGITS],
    ['teen', TEENS],
    ['tens', TENS],
    ['limit', LIMITS],
    ['answer', ANSWERS],
    ['number', '<digit> | <teen> | <tens> [<digit>]'],
    ['one', 'a | an | one | another'],
    ['many', MANY],
    ['line', lines === '' ? '<NULL>' : lines],
    ['price', '<limit> <number> yuan'],
    ['rest', '<price> | within <number> minutes | within half an hour | <from>'],
    ['whole', '[<start>] <line> [and <line>] [<rest>] [<rest>] [please]'],
    ['bare', 'one | <many> | <choice> | <price> | <answer>'],
    ['public order', '<whole> | <start> [<one> | <many>] <elsewhere> | <start> [<one> | <many>] | <bare>'],
  ]);
}

/** Items that take the same options share their rules: a line never offers a choice its item does not have. */
function groupByOptions(vocabulary: Vocabulary): readonly (readonly VocabularyItem[])[] {
  const groups = new Map<string, VocabularyItem[]>();
  for (const item of vocabulary.items) {
    const key = [...item.options].sort().join(' ');
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

/** One adjective or two before the item ("large iced"), longer phrases after it ("with oat milk and less sugar"). */
function groupRules(
  group: readonly VocabularyItem[],
  id: string,
  vocabulary: Vocabulary,
  locale: GrammarLocale,
): readonly (readonly [string, string])[] {
  const names = group.flatMap((item) => item.names[locale]);
  const choices = vocabulary.options
    .filter((option) => group[0]?.options.includes(option.id))
    .flatMap((option) => choiceNames(option, locale))
    .map((name) => spoken(name).replace(/^with /, ''));
  const after = choices.filter((name) => name.includes(' '));
  const before = `[<before${id}> [<before${id}>]]`;
  return [
    [`item${id}`, alternatives(names)],
    [`items${id}`, alternatives(names.flatMap(plural))],
    [`before${id}`, alternatives(choices.filter((name) => !name.includes(' ')))],
    [`after${id}`, alternatives(after.flatMap((name) => [name, `with ${name}`]))],
    [`more${id}`, alternatives(after.flatMap((name) => [name, `and ${name}`]))],
    [`line${id}`, `([<one>] ${before} <item${id}> | <many> ${before} <items${id}>) [<after${id}> [<more${id}>]]`],
  ];
}

/**
 * Aliases that only shorten the first name are left out ("oat" for "oat milk"): one syllable fits anywhere, and a grammar
 * would hear it in every "a".
 */
function choiceNames(option: VocabularyOption, locale: GrammarLocale): readonly string[] {
  return option.choices.flatMap(({ names }) => {
    const [first = '', ...others] = names[locale];
    return [first, ...others.filter((name) => !first.split(' ').includes(name))];
  });
}

/** Rule names hold letters only. */
function letter(at: number): string {
  return String.fromCharCode(97 + Math.floor(at / 26), 97 + (at % 26));
}

/** Answers to what the device offered. `offerCount` from 0; positions beyond it are not in the grammar. */
export function replyGrammar(offerCount: number, vocabulary: Vocabulary): string {
  const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'].slice(0, offerCount);
  const numbers = DIGITS.split('|').slice(0, offerCount);
  const merchants = vocabulary.merchants.flatMap((merchant) => merchant.names['en-US']);
  const choosing: readonly (readonly [string, string])[] = [
    ['special', 'the cheapest one|the cheapest|the fastest one|the fastest|this one|that one|the last one'],
    ['ordinal', alternatives(ordinals.flatMap((ordinal) => [`the ${ordinal}`, `the ${ordinal} one`]))],
    ['position', alternatives(numbers.flatMap((number) => [number, `number ${number}`]))],
    ['merchant', alternatives(merchants.flatMap((name) => [name, `from ${name}`]))],
    ['take', "i want|i'd like|i'll take|take|give me|choose"],
    ['pick', '[<take>] (<special> | <ordinal> | <position> | <merchant>) [please]'],
  ];
  return grammar('reply', [
    ...(offerCount === 0 ? [] : choosing),
    ['yes', 'yes|yes please|yeah|sure|okay|confirm|go ahead'],
    ['no', 'no|no thanks|no thank you'],
    ['cancel', 'cancel|stop|never mind|forget it|cancel the order'],
    ['again', 'repeat|say that again|repeat that'],
    ['public reply', `<yes> | <no> | <cancel> | <again>${offerCount === 0 ? '' : ' | <pick>'}`],
  ]);
}

/** A grammar within a dictionary. */
export interface RestrictedGrammar {
  readonly grammar: string;
  /** Names that cannot be recognised because the dictionary lacks a word of theirs, in order. */
  readonly leftOut: readonly string[];
}

/** Leaves out every alternative of the flat rules that holds a word `isKnown` denies. */
export function restrictGrammar(text: string, isKnown: (word: string) => boolean): RestrictedGrammar {
  const leftOut: string[] = [];
  const lines = text.split('\n').map((line) => {
    const rule = /^(<[a-z]+>) = ([^<>[\]()]*);$/.exec(line);
    if (rule === null) return line;
    const kept = (rule[2] ?? '').split('|').filter((alternative) => {
      const known = alternative.trim().split(' ').every(isKnown);
      if (!known) leftOut.push(alternative.trim());
      return known;
    });
    return `${rule[1]} = ${kept.length === 0 ? '<NULL>' : kept.join('|').trim()};`;
  });
  return { grammar: lines.join('\n'), leftOut: [...new Set(leftOut)] };
}

function grammar(name: string, rules: readonly (readonly [string, string])[]): string {
  const lines = rules.map(([rule, body]) => {
    const [publicly, ruleName] = rule.startsWith('public ') ? ['public ', rule.slice('public '.length)] : ['', rule];
    return `${publicly}<${ruleName}> = ${body};`;
  });
  return ['#JSGF V1.0;', `grammar ${name};`, ...lines, ''].join('\n');
}

/** Distinct spoken forms, or a rule that takes no words (<VOID> makes PocketSphinx drop the whole grammar). Names that hold no Latin words cannot be spoken in English. */
function alternatives(names: readonly string[]): string {
  const forms = [...new Set(names.map(spoken))].filter((name) => name !== '');
  return forms.length === 0 ? '<NULL>' : forms.join(' | ');
}

/** Only letters, apostrophes and spaces: nothing in a name can add a rule to the grammar. */
function spoken(name: string): string {
  const tokens = tokenise(name);
  return tokens.every((token) => token.kind === 'word' && /^[a-z']+$/.test(token.text))
    ? tokens.map((token) => token.text).join(' ')
    : '';
}

/** None where the last word is not the head noun ("latte on ice") or is plural already. */
function plural(name: string): readonly string[] {
  if (/ (with|on|of|and) |[^s]s$/.test(name)) return [];
  if (/(ss|x|ch|sh)$/.test(name)) return [`${name}es`];
  return [/[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`];
}
