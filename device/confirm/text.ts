/** Which characters may reach the trusted surface (T8). All product text is an attacker's; only spacing and composition are put right. */
import { graphemes } from './width.ts';

export interface TextLimits {
  /** UTF-16 code units of the raw text, at least 1. */
  readonly maxCodeUnits: number;
  /** Combining marks on one letter after composition, 0 or more. */
  readonly maxMarks: number;
}

/** Titles are clipped to the display later, but nothing longer than this is looked at. */
export const TITLE_LIMITS: TextLimits = { maxCodeUnits: 1_024, maxMarks: 2 };
/** A payee is shown whole, so a name that fills a screen is no name. */
export const PAYEE_LIMITS: TextLimits = { maxCodeUnits: 96, maxMarks: 2 };

/** Letters of Latin-script languages, without phonetic letters, small capitals and clicks, which imitate others. */
export const LATIN =
  'A-Za-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u0148\\u014A-\\u017E\\u01CD-\\u01DC\\u01F8\\u01F9\\u0218-\\u021B\\u1E80-\\u1E85\\u1EA0-\\u1EF9';
/** Unified ideographs, the iteration mark and the zero; not the radicals, which look like ideographs. */
const HAN = '\\p{Unified_Ideograph}々〇';
/** Hiragana and katakana, because shop names in China use them (の). */
const KANA = '\\u3041-\\u3096\\u309D\\u309E\\u30A1-\\u30FE';
/** ASCII digits and punctuation, currency and unit signs, dashes, quotes, stars: Common script by name, not as a whole. */
const COMMON = ' -@[-`{-~¢£¥©®°²³·×÷–—‘’“”•…‰€℃№™★☆';
/** Chinese punctuation, and the full-width forms of ASCII. */
const CJK_PUNCTUATION = '\\u3001-\\u3003\\u3008-\\u3011\\u3014-\\u301C\\uFF01-\\uFF5E\\uFFE5';
/** The marks that tone and accent systems leave over after NFC; no overlays, which could strike a text out. */
const MARKS = '\\u0300-\\u0304\\u0306-\\u030C\\u031B\\u0323-\\u0328\\u0331';

const NOT_ALLOWED = new RegExp(`[^${LATIN}${HAN}${KANA}${COMMON}${CJK_PUNCTUATION}${MARKS}]`, 'u');

/**
 * Why a character is refused; the first class of this table that occurs in a text names the reason. The list of allowed scripts at the
 * end would refuse all of them: the classes before it exist so that the reason says what somebody tried.
 */
const REFUSED_CLASSES = [
  ['lone-surrogate', /\p{Surrogate}/u],
  ['noncharacter', /\p{Noncharacter_Code_Point}/u],
  ['private-use', /\p{Private_Use}/u],
  ['tag-character', /[\u{E0000}-\u{E007F}]/u],
  ['variation-selector', /\p{Variation_Selector}/u],
  ['bidi-control', /\p{Bidi_Control}/u],
  ['line-separator', /[\p{Zl}\p{Zp}]/u],
  ['control', /\p{Control}/u],
  ['invisible', /[\p{Format}\p{Default_Ignorable_Code_Point}]/u],
  ['unassigned', /\p{Unassigned}/u],
  ['emoji', /[\p{Emoji_Presentation}\p{Regional_Indicator}]/u],
  ['space', /(?! )\p{Space_Separator}/u],
  ['script', NOT_ALLOWED],
] as const satisfies readonly (readonly [string, RegExp])[];

export type TextRefusal =
  | 'empty'
  | 'too-long'
  | (typeof REFUSED_CLASSES)[number][0]
  | 'stray-mark'
  | 'too-many-marks'
  | 'mixed-script';

export type SafeText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: TextRefusal };

/** The three spaces that product texts use; they become one plain space so that no gap can push text out of sight. */
const SPACES = /[ \u00A0\u3000]+/gu;
const MARK = /\p{Mark}/gu;
const MARKED_LETTER = new RegExp(`^[${LATIN}]\\p{Mark}+$`, 'u');

/**
 * Checks a text for the display and gives it in NFC, trimmed, with single spaces. Allowed are Latin, Han, hiragana and
 * katakana letters, ASCII and full-width digits, a fixed list of punctuation and Chinese punctuation; all of it runs left
 * to right, so nothing can reorder what stands beside it.
 */
export function safeText(raw: string, limits: TextLimits): SafeText {
  if (raw.length > limits.maxCodeUnits) return { ok: false, reason: 'too-long' };
  const folded = raw.normalize('NFC').replace(SPACES, ' ');
  const refused = REFUSED_CLASSES.find(([, members]) => members.test(folded));
  if (refused) return { ok: false, reason: refused[0] };
  // Not earlier: String.trim also takes away line separators and byte order marks.
  const text = folded.trim();
  if (text === '') return { ok: false, reason: 'empty' };
  for (const grapheme of graphemes(text)) {
    const marks = grapheme.match(MARK)?.length ?? 0;
    if (marks > limits.maxMarks) return { ok: false, reason: 'too-many-marks' };
    if (marks > 0 && !MARKED_LETTER.test(grapheme)) return { ok: false, reason: 'stray-mark' };
  }
  return { ok: true, text };
}
