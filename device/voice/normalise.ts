/** Inverse text normalisation: spoken numbers, prices, durations and times of day, in both languages, as exact values. */
import { hanDigit, readNumber, readOrdinal } from './numbers.ts';
import type { Token } from './tokens.ts';

/** An exact value; amounts in minor units, durations in minutes. */
export type Numeric =
  | { readonly kind: 'number'; readonly hundredths: number }
  /** A position, from 1. */
  | { readonly kind: 'ordinal'; readonly position: number }
  /** An amount in CNY fen. `maybePieces` is set when 块 may as well count pieces ("两块蛋糕"). */
  | { readonly kind: 'money'; readonly minor: number; readonly maybePieces: boolean }
  /** An amount in a currency this device does not pay in. */
  | { readonly kind: 'foreign-money' }
  | { readonly kind: 'minutes'; readonly minutes: number }
  /** A time of day; the parser has no clock, so it can only say that it heard one. */
  | { readonly kind: 'time-of-day'; readonly hour: number; readonly minute: number };

/** A value and where it ends. */
export interface NumericReading {
  readonly numeric: Numeric;
  /** Index of the first token after it. */
  readonly end: number;
}

type Reader = (tokens: readonly Token[], at: number) => NumericReading | undefined;

const YUAN = ['块 钱', '人 民 币', '块', '元', '圆', 'yuan', 'yuans', 'kuai', 'rmb', 'cny', 'renminbi', '¥'];
const FOREIGN = [
  'dollar',
  'dollars',
  'bucks',
  'buck',
  'usd',
  'euro',
  'euros',
  'eur',
  'pound',
  'pounds',
  'gbp',
  'yen',
  'jpy',
  '$',
  '€',
  '£',
  '美 元',
  '美 金',
  '欧 元',
  '日 元',
  '英 镑',
  '港 币',
  '港 元',
  '刀',
];
const MINUTES = ['minutes', 'minute', 'mins', 'min', '分 钟'];
const HOURS = ['hours', 'hour', 'hrs', 'hr', '个 小 时', '小 时', '个 钟 头', '钟 头', '个 钟'];
const HALF_DAYS = ['上 午', '下 午', '早 上', '晚 上', '中 午', '明 天', '今 晚'];
/** A digit before one of these counts things, it is not the tail of a price ("二十块两杯"). */
const COUNTED = new Set([
  '杯',
  '份',
  '个',
  '块',
  '瓶',
  '碗',
  '盒',
  '只',
  '件',
  '袋',
  '串',
  '片',
  '罐',
  '十',
  '百',
  '千',
  '万',
  '点',
  '分',
  '张',
  '次',
  '单',
  '笔',
  '天',
  '日',
  '周',
  '人',
  '位',
]);

/** End of the first of `phrases` (tokens joined by spaces) that starts at `at`. */
function eat(tokens: readonly Token[], at: number, phrases: readonly string[]): number | undefined {
  const first = tokens[at]?.text;
  if (first === undefined) return undefined;
  for (const phrase of phrases) {
    // Nearly all begin otherwise, and need not be cut.
    if (!phrase.startsWith(first)) continue;
    const words = phrase.split(' ');
    if (words.every((word, offset) => tokens[at + offset]?.text === word)) return at + words.length;
  }
  return undefined;
}

/** 毛/角 and 分 after the yuan, with or without their names: 块五, 块五毛, 元三角二分, "yuan five mao". */
function readSmallChange(tokens: readonly Token[], at: number): { minor: number; end: number } {
  const jiao = readJiao(tokens, at);
  if (jiao) {
    const fen = hanDigit(tokens[jiao.end]);
    return fen !== undefined && tokens[jiao.end + 1]?.text === '分'
      ? { minor: jiao.minor + fen, end: jiao.end + 2 }
      : jiao;
  }
  const digit = hanDigit(tokens[at]) ?? singleDigit(tokens[at]);
  if (digit === undefined || COUNTED.has(tokens[at + 1]?.text ?? '') || tokens[at - 1]?.kind !== 'han')
    return { minor: 0, end: at };
  return { minor: digit * 10, end: at + 1 };
}

function singleDigit(token: Token | undefined): number | undefined {
  return token?.kind === 'digits' && /^\d$/.test(token.text) ? Number(token.text) : undefined;
}

function readJiao(tokens: readonly Token[], at: number): { minor: number; end: number } | undefined {
  const start = tokens[at]?.text === 'and' ? at + 1 : at;
  const number = readNumber(tokens, start);
  if (number === undefined || number.hundredths >= 1000 || number.hundredths % 100 !== 0) return undefined;
  const end = eat(tokens, number.end, ['毛 钱', '毛', '角', 'mao', 'jiao']);
  return end === undefined ? undefined : { minor: number.hundredths / 10, end };
}

const readMoney: Reader = (tokens, at) => {
  const prefixed = eat(tokens, at, ['人 民 币', 'rmb', 'cny', '¥']);
  const foreign = eat(tokens, at, ['$', '€', '£']);
  const number = readNumber(tokens, prefixed ?? foreign ?? at);
  if (foreign !== undefined) return number && { numeric: { kind: 'foreign-money' }, end: number.end };
  // 块五 alone: one yuan fifty, the leading 一 unspoken.
  const bareKuai = number === undefined && tokens[at]?.text === '块' && hanDigit(tokens[at + 1]) !== undefined;
  const yuanEnd = bareKuai ? at + 1 : number && eat(tokens, number.end, YUAN);
  if (yuanEnd !== undefined) {
    const change = readSmallChange(tokens, yuanEnd);
    if (bareKuai && change.minor === 0) return undefined;
    const minor = (number?.hundredths ?? 100) + change.minor;
    const end = eat(tokens, change.end, ['钱']) ?? change.end;
    const maybePieces = tokens[yuanEnd - 1]?.text === '块' && end === yuanEnd && minor % 100 === 0;
    return { numeric: { kind: 'money', minor, maybePieces }, end };
  }
  if (number === undefined) return undefined;
  const foreignEnd = eat(tokens, number.end, FOREIGN);
  if (foreignEnd !== undefined) return { numeric: { kind: 'foreign-money' }, end: foreignEnd };
  if (prefixed !== undefined)
    return { numeric: { kind: 'money', minor: number.hundredths, maybePieces: false }, end: number.end };
  const jiao = readJiao(tokens, at);
  return jiao && { numeric: { kind: 'money', minor: jiao.minor, maybePieces: false }, end: jiao.end };
};

const FIXED_DURATIONS: readonly (readonly [string, number])[] = [
  ['three quarters of an hour', 45],
  ['a quarter of an hour', 15],
  ['quarter of an hour', 15],
  ['an hour and a half', 90],
  ['half an hour', 30],
  ['a half hour', 30],
  ['half hour', 30],
  ['an hour', 60],
  ['a minute', 1],
  ['半 个 小 时', 30],
  ['半 个 钟 头', 30],
  ['半 小 时', 30],
  ['半 个 钟', 30],
  ['半 钟 头', 30],
];

const readDuration: Reader = (tokens, at) => {
  for (const [phrase, minutes] of FIXED_DURATIONS) {
    const end = eat(tokens, at, [phrase]);
    if (end !== undefined) return { numeric: { kind: 'minutes', minutes }, end };
  }
  const number = readNumber(tokens, at);
  if (number === undefined) return undefined;
  const quarters = eat(tokens, number.end, ['刻 钟']);
  if (quarters !== undefined) return minutesOf(number.hundredths * 15, quarters);
  const andHalf = eat(tokens, number.end, ['and a half', '个 半']);
  const amount = number.hundredths + (andHalf === undefined ? 0 : 50);
  const hours = eat(tokens, andHalf ?? number.end, HOURS);
  if (hours !== undefined) {
    const more = eat(tokens, hours, ['and a half', '半']);
    return minutesOf((amount + (more === undefined ? 0 : 50)) * 60, more ?? hours);
  }
  const minutes = eat(tokens, andHalf ?? number.end, MINUTES);
  return minutes === undefined ? undefined : minutesOf(amount, minutes);
};

function minutesOf(hundredths: number, end: number): NumericReading {
  return { numeric: { kind: 'minutes', minutes: Math.round(hundredths / 100) }, end };
}

const PAST: readonly (readonly [string, number])[] = [
  ['half past', 30],
  ['quarter past', 15],
  ['a quarter past', 15],
  ['quarter to', -15],
  ['a quarter to', -15],
];
const HAN_MINUTES: readonly (readonly [string, number])[] = [
  ['半', 30],
  ['一 刻', 15],
  ['三 刻', 45],
  ['钟', 0],
  ['整', 0],
];

const readTimeOfDay: Reader = (tokens, at) => {
  for (const [phrase, offset] of PAST) {
    const end = eat(tokens, at, [phrase]);
    const hour = end === undefined ? undefined : readNumber(tokens, end);
    if (hour) return timeOf(hour.hundredths / 100, offset, hour.end);
  }
  const written = /^(\d{1,2}):(\d{2})$/.exec(tokens[at]?.text ?? '');
  if (written) return timeOf(Number(written[1]), Number(written[2]), at + 1);
  const halfDay = eat(tokens, at, HALF_DAYS);
  const number = readNumber(tokens, halfDay ?? at);
  if (number === undefined) return undefined;
  const hour = number.hundredths / 100;
  const english = eat(tokens, number.end, ["o'clock", 'oclock', 'am', 'pm', 'p m', 'a m']);
  if (english !== undefined) return timeOf(hour, 0, english);
  if (tokens[number.end]?.text !== '点') return undefined;
  for (const [phrase, minute] of HAN_MINUTES) {
    const end = eat(tokens, number.end + 1, [phrase]);
    if (end !== undefined) return timeOf(hour, minute, end);
  }
  const minute = readNumber(tokens, number.end + 1);
  if (minute && tokens[minute.end]?.text === '分') return timeOf(hour, minute.hundredths / 100, minute.end + 1);
  return halfDay === undefined ? undefined : timeOf(hour, 0, number.end + 1);
};

function timeOf(hour: number, minute: number, end: number): NumericReading | undefined {
  const total = hour * 60 + minute;
  if (!Number.isInteger(total) || total < 0 || total >= 24 * 60) return undefined;
  return { numeric: { kind: 'time-of-day', hour: Math.floor(total / 60), minute: total % 60 }, end };
}

const readPosition: Reader = (tokens, at) => {
  const ordinal = readOrdinal(tokens, at);
  if (ordinal === undefined) return undefined;
  // The "one" of "the second one" counts nothing.
  const end = eat(tokens, ordinal.end, ['one']) ?? ordinal.end;
  return { numeric: { kind: 'ordinal', position: ordinal.hundredths / 100 }, end };
};

const readPlain: Reader = (tokens, at) => {
  const number = readNumber(tokens, at);
  if (number) return { numeric: { kind: 'number', hundredths: number.hundredths }, end: number.end };
  return tokens[at]?.text === '半' ? { numeric: { kind: 'number', hundredths: 50 }, end: at + 1 } : undefined;
};

/** In order of preference among equally long readings. */
const READERS: readonly Reader[] = [readMoney, readDuration, readTimeOfDay, readPosition, readPlain];

/** The longest number, price, duration or time that starts at token `at`, or undefined. */
export function readNumeric(tokens: readonly Token[], at: number): NumericReading | undefined {
  let best: NumericReading | undefined;
  for (const read of READERS) {
    const reading = read(tokens, at);
    if (reading && reading.end > (best?.end ?? at)) best = reading;
  }
  return best;
}
