/** Names that look like other names (T8). A small table of our own for the payees a wearer meets; not all of UTS #39. */
import { LATIN } from './text.ts';

/** What is seen → the characters that are seen as it. Both cases stand here, because they resemble different letters. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аАαΑɑ',
  b: 'ВвβΒЬьß',
  c: 'сСϲϹ',
  d: 'ԁđĐðÐ',
  e: 'еЕεΕ',
  f: 'ſƒ',
  g: 'ɡ',
  h: 'НнΗһҺħĦ',
  j: 'јЈ',
  k: 'кКκΚ',
  l: '1|iIıІіΙιӀӏǀłŁ',
  m: 'мМΜ',
  n: 'пηΝ',
  o: '0оОοΟσøØ〇○',
  p: 'рРρΡþÞ',
  q: 'ԛԚ',
  r: 'гГ',
  s: 'ѕЅ',
  t: 'тТτΤ',
  u: 'υμ',
  v: 'νѵѴ',
  w: 'ωԝԜ',
  x: 'хХχΧ',
  y: 'уУүҮγΥ',
  z: 'Ζ',
  ae: 'æÆ',
  oe: 'œŒ',
  一: 'ー',
  二: 'ニ',
  八: 'ハ',
  力: 'カ',
  卜: 'ト',
  口: 'ロ囗',
  夕: 'タ',
  工: 'エ',
  へ: 'ヘ',
  べ: 'ベ',
  ぺ: 'ペ',
  り: 'リ',
  人: '入',
  土: '士',
  天: '夭',
  己: '已巳',
  戊: '戌戍',
  日: '曰',
  未: '末',
  千: '干',
};

const SEEN_AS = new Map(
  Object.entries(LOOKALIKES).flatMap(([seen, members]) => Array.from(members, (member) => [member, seen] as const)),
);

/** Two narrow letters that read as one. */
const PAIRS = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
] as const;

/** What stands between letters is easily overlooked: marks, invisible characters, spaces, punctuation, symbols. */
const OVERLOOKED = /[\p{Mark}\p{Other}\p{Separator}\p{Punctuation}\p{Symbol}]/gu;

/**
 * The name as a hurried eye takes it in: names that look alike have equal skeletons. Full-width and other compatibility
 * forms are folded (NFKD), case, accents and punctuation dropped, `i`, `I`, `l`, `1` and `|` are one letter. It errs on
 * the side of likeness (`Mail` equals `Mall`): the price is a question too many, never a payment to the wrong payee.
 * A skeleton is for comparing, not for showing.
 */
export function confusableSkeleton(name: string): string {
  const letters = Array.from(name.normalize('NFKD'), (letter) => SEEN_AS.get(letter) ?? letter.toLowerCase());
  const seen = letters.join('').replace(OVERLOOKED, '');
  return PAIRS.reduce((text, [pair, letter]) => text.replace(pair, letter), seen);
}

/**
 * The first of `knownNames` that `name` could be taken for, if any. Pass the names of *other* payees: an equal name is
 * a likeness too.
 */
export function looksLike(name: string, knownNames: readonly string[]): string | undefined {
  const skeleton = confusableSkeleton(name);
  return skeleton === '' ? undefined : knownNames.find((known) => confusableSkeleton(known) === skeleton);
}

/** Alphabets that share letter shapes; full-width Latin is one of its own. Honest names keep to one of them. */
const ALPHABETS = [
  new RegExp(`[${LATIN}]`, 'u'),
  /[\uFF21-\uFF3A\uFF41-\uFF5A]/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
];
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}ー]/gu;

/**
 * Whether a name mixes scripts in a way that hides behind likeness: letters of two alphabets, or ideographs with kana all
 * of which look like ideographs (ニ for 二). `の` or a katakana word beside ideographs is ordinary and passes.
 */
export function isMixedScript(name: string): boolean {
  if (ALPHABETS.filter((alphabet) => alphabet.test(name)).length > 1) return true;
  const kana = name.match(KANA) ?? [];
  return kana.length > 0 && /\p{Unified_Ideograph}/u.test(name) && kana.every((letter) => HAN_LIKE_KANA.has(letter));
}

const HAN_LIKE_KANA = new Set('ーニハカトロタエ');
