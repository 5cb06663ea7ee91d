/** Cardinals and ordinals as they are spoken: "twenty five", "a couple of", 二十五, 一百五, 两, 俩, 半. */
import type { Token } from './tokens.ts';

/** A number and where it ends. */
export interface NumberReading {
  /** The value in hundredths, so that prices with two decimals stay exact integers. */
  readonly hundredths: number;
  /** Index of the first token after the number. */
  readonly end: number;
}

/** Larger numbers are no quantity and no price of a purchase; they are left unread. */
const MAX_HUNDREDTHS = 1_000_000_000;

const ENGLISH_SMALL: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
};
const ENGLISH_TENS: Readonly<Record<string, number>> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fourty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};
const ENGLISH_ORDINALS: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
};
/** Longest first: the first phrase that fits wins. */
const ENGLISH_GROUPS: readonly (readonly [readonly string[], number])[] = [
  [['half', 'a', 'dozen'], 6],
  [['a', 'half', 'dozen'], 6],
  [['a', 'couple', 'of'], 2],
  [['a', 'pair', 'of'], 2],
  [['a', 'dozen'], 12],
  [['a', 'couple'], 2],
  [['couple', 'of'], 2],
  [['dozen'], 12],
];

const HAN_DIGITS: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const HAN_UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000, 万: 10_000 };
/** Contractions of a number and the measure word 个. */
const HAN_WITH_MEASURE: Readonly<Record<string, number>> = { 俩: 2, 仨: 3 };
/** After these, 点 reads a clock ("三点半"), not a decimal point. */
const HAN_CLOCK_TAILS = new Set(['分', '半', '钟', '刻', '十']);

function whole(value: number, end: number): NumberReading | undefined {
  const hundredths = value * 100;
  return hundredths <= MAX_HUNDREDTHS ? { hundredths, end } : undefined;
}

/** Reads `25`, `25.5`, `1,000`; refuses more than two decimals rather than rounding a price (T7). */
function readDigits(tokens: readonly Token[], at: number): NumberReading | undefined {
  const token = tokens[at];
  if (token?.kind !== 'digits') return undefined;
  const plain = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(token.text) ? token.text.replaceAll(',', '') : token.text;
  const parts = /^(\d{1,8})(?:\.(\d{1,2}))?$/.exec(plain);
  if (parts === null) return undefined;
  const hundredths = Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'));
  return hundredths <= MAX_HUNDREDTHS ? { hundredths, end: at + 1 } : undefined;
}

function matchesPhrase(tokens: readonly Token[], at: number, phrase: readonly string[]): boolean {
  return phrase.every((word, offset) => tokens[at + offset]?.text === word);
}

/** "one point five": spoken decimals, at most two. */
function readPoint(tokens: readonly Token[], at: number): { hundredths: number; end: number } | undefined {
  if (tokens[at]?.text !== 'point') return undefined;
  let digits = '';
  let end = at + 1;
  for (; end < tokens.length; end++) {
    const digit = ENGLISH_SMALL[tokens[end]?.text ?? ''];
    if (digit === undefined || digit > 9) break;
    digits += digit;
  }
  return digits.length === 1 || digits.length === 2 ? { hundredths: Number(digits.padEnd(2, '0')), end } : undefined;
}

function readEnglish(tokens: readonly Token[], start: number): NumberReading | undefined {
  for (const [words, value] of ENGLISH_GROUPS) {
    if (matchesPhrase(tokens, start, words)) return whole(value, start + words.length);
  }
  let total = 0;
  let group = 0;
  /** The smallest power already spoken in this group: a digit cannot follow a digit ("one two"), a ten not a ten. */
  let room = 1000;
  let at = start;
  if (tokens[at]?.text === 'a' && ['hundred', 'thousand'].includes(tokens[at + 1]?.text ?? '')) {
    group = 1;
    room = 1;
    at += 1;
  }
  for (; at < tokens.length; at++) {
    const text = tokens[at]?.text ?? '';
    const small = ENGLISH_SMALL[text];
    const tens = ENGLISH_TENS[text];
    if (small !== undefined && (small < 10 ? room > 1 : room > 10)) {
      group += small;
      room = 1;
    } else if (tens !== undefined && room > 10) {
      group += tens;
      room = 10;
    } else if (text === 'hundred' && group > 0 && group < 100) {
      group *= 100;
      room = 100;
    } else if (text === 'thousand' && group > 0 && total === 0) {
      total = group * 1000;
      group = 0;
      room = 1000;
    } else if (
      text === 'and' &&
      at > start &&
      (room === 100 || (room === 1000 && total > 0)) &&
      startsSmall(tokens[at + 1])
    ) {
    } else break;
  }
  if (at === start) return undefined;
  const point = readPoint(tokens, at);
  const value = whole(total + group, at);
  return value && point ? { hundredths: value.hundredths + point.hundredths, end: point.end } : value;
}

function startsSmall(token: Token | undefined): boolean {
  return token !== undefined && (token.text in ENGLISH_SMALL || token.text in ENGLISH_TENS);
}

/** Reads a Han numeral; a digit after a bare unit counts tenths of it: 一百五 is 150, 三千二 is 3,200. */
function readHan(tokens: readonly Token[], start: number): NumberReading | undefined {
  if (tokens[start + 1]?.text === '打' && tokens[start]?.text === '半') return whole(6, start + 2);
  if (tokens[start + 1]?.text === '打' && tokens[start]?.text === '一') return whole(12, start + 2);
  const contracted = HAN_WITH_MEASURE[tokens[start]?.text ?? ''];
  if (contracted !== undefined) return whole(contracted, start + 1);
  let total = 0;
  let digit: number | undefined;
  let lastUnit = 0;
  let sawZero = false;
  let at = start;
  for (; at < tokens.length; at++) {
    const text = tokens[at]?.text ?? '';
    const value = HAN_DIGITS[text];
    const unit = HAN_UNITS[text];
    if (value === 0 && at > start) {
      sawZero = true;
      digit = undefined;
    } else if (value !== undefined && digit === undefined) {
      digit = value;
    } else if (unit === 10_000 && at > start && total + (digit ?? 0) > 0 && lastUnit < 10_000) {
      total = (total + (digit ?? 0)) * unit;
      digit = undefined;
      lastUnit = unit;
    } else if (
      unit !== undefined &&
      unit < 10_000 &&
      (lastUnit === 0 || unit < lastUnit) &&
      (digit !== undefined || unit === 10)
    ) {
      total += (digit ?? 1) * unit;
      digit = undefined;
      lastUnit = unit;
      sawZero = false;
    } else break;
  }
  if (at === start) return undefined;
  if (digit !== undefined) total += lastUnit >= 100 && !sawZero ? (digit * lastUnit) / 10 : digit;
  return readHanDecimal(tokens, at, total) ?? whole(total, at);
}

function readHanDecimal(tokens: readonly Token[], at: number, integer: number): NumberReading | undefined {
  const first = HAN_DIGITS[tokens[at + 1]?.text ?? ''];
  if (tokens[at]?.text !== '点' || first === undefined) return undefined;
  const second = HAN_DIGITS[tokens[at + 2]?.text ?? ''];
  const end = at + (second === undefined ? 2 : 3);
  if (HAN_CLOCK_TAILS.has(tokens[end]?.text ?? '') || (tokens[end]?.text ?? '') in HAN_DIGITS) return undefined;
  const reading = whole(integer, end);
  return reading && { hundredths: reading.hundredths + first * 10 + (second ?? 0), end };
}

/** The number that starts at token `at`, or undefined. Mixed spellings of one number ("2百") are not read. */
export function readNumber(tokens: readonly Token[], at: number): NumberReading | undefined {
  const token = tokens[at];
  if (token?.kind === 'digits') return readDigits(tokens, at);
  if (token?.kind === 'word') return readEnglish(tokens, at);
  if (token?.kind === 'han') return readHan(tokens, at);
  return undefined;
}

/** "the second", "2nd", 第二: a position, counted from 1. */
export function readOrdinal(tokens: readonly Token[], at: number): NumberReading | undefined {
  const token = tokens[at];
  const word = ENGLISH_ORDINALS[token?.text ?? ''];
  if (word !== undefined) return whole(word, at + 1);
  if (token?.text === '第') return readNumber(tokens, at + 1);
  const suffix = tokens[at + 1]?.text ?? '';
  return token?.kind === 'digits' && /^(st|nd|rd|th)$/.test(suffix) && /^\d{1,2}$/.test(token.text)
    ? whole(Number(token.text), at + 2)
    : undefined;
}

/** Whether a token can only be a bare Han digit, as in the 五 of 块五. */
export function hanDigit(token: Token | undefined): number | undefined {
  return token === undefined ? undefined : HAN_DIGITS[token.text];
}
