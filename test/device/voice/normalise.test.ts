import { describe, expect, it } from 'vitest';
import { type Numeric, readNumeric } from '../../../device/voice/normalise.ts';
import { tokenise } from '../../../device/voice/tokens.ts';

/** The number at the start of `words`, in one line, or nothing; `…` when words are left over. */
function read(words: string): string {
  const tokens = tokenise(words);
  const reading = readNumeric(tokens, 0);
  return reading === undefined ? '' : `${show(reading.numeric)}${reading.end < tokens.length ? '…' : ''}`;
}

function show(numeric: Numeric): string {
  if (numeric.kind === 'number') return String(numeric.hundredths / 100);
  if (numeric.kind === 'ordinal') return `#${numeric.position}`;
  if (numeric.kind === 'money') return `¥${numeric.minor}`;
  if (numeric.kind === 'minutes') return `${numeric.minutes}min`;
  return numeric.kind === 'foreign-money' ? 'foreign' : `${numeric.hour}:${String(numeric.minute).padStart(2, '0')}`;
}

describe('readNumeric', () => {
  it.each([
    ['seven', '7'],
    ['twenty five', '25'],
    ['nineteen', '19'],
    ['a hundred', '100'],
    ['one hundred and five', '105'],
    ['two thousand three hundred', '2300'],
    ['a couple of', '2'],
    ['half a dozen', '6'],
    ['a dozen', '12'],
    ['two point five', '2.5'],
    ['1,200', '1200'],
    ['25.5', '25.5'],
    ['两', '2'],
    ['俩', '2'],
    ['十', '10'],
    ['十二', '12'],
    ['二十', '20'],
    ['二十五', '25'],
    ['一百零五', '105'],
    ['一百五', '150'],
    ['三千二', '3200'],
    ['一万二', '12000'],
    ['两百五十', '250'],
    ['半打', '6'],
    ['半', '0.5'],
    ['二点五', '2.5'],
    ['twenty five yuan', '¥2500'],
    ['25 kuai', '¥2500'],
    ['¥25.50', '¥2550'],
    ['rmb 30', '¥3000'],
    ['ten yuan five mao', '¥1050'],
    ['二十五块', '¥2500'],
    ['两块五', '¥250'],
    ['块五', '¥150'],
    ['五毛', '¥50'],
    ['二十块八毛', '¥2080'],
    ['三元五角二分', '¥352'],
    ['25块5', '¥2550'],
    ['一百五十块钱', '¥15000'],
    ['人民币三十', '¥3000'],
    ['十二块五毛', '¥1250'],
    ['five dollars', 'foreign'],
    ['$5', 'foreign'],
    ['五美元', 'foreign'],
    ['20 euros', 'foreign'],
    ['half an hour', '30min'],
    ['an hour and a half', '90min'],
    ['two hours', '120min'],
    ['45 minutes', '45min'],
    ['a quarter of an hour', '15min'],
    ['半小时', '30min'],
    ['半个小时', '30min'],
    ['一个半小时', '90min'],
    ['一刻钟', '15min'],
    ['三十分钟', '30min'],
    ['两小时', '120min'],
    ['half past three', '3:30'],
    ['quarter to four', '3:45'],
    ['15:30', '15:30'],
    ["five o'clock", '5:00'],
    ['三点半', '3:30'],
    ['三点一刻', '3:15'],
    ['十点二十分', '10:20'],
    ['second', '#2'],
    ['2nd', '#2'],
    ['第二', '#2'],
    ['第十二', '#12'],
    ['五杯', '5…'],
    ['二十块两杯', '¥2000…'],
    ['one two', '1…'],
    ['twenty thirty', '20…'],
  ])('reads "%s" as %s', (words, expected) => {
    expect(read(words)).toBe(expected);
  });

  it.each(['600.005 yuan', '25.555', '1e3', '99999999999', '12.3.4', 'latte', '点', '百'])(
    'T7: reads no number from "%s" rather than rounding or guessing',
    (words) => {
      expect(read(words)).not.toMatch(/¥/);
      expect(read(words)).not.toBe('600');
    },
  );
});
