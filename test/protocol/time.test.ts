import { describe, expect, it } from 'vitest';
import { epochMs, epochSeconds, fromIsoUtc, msOf, secondsOf, toIsoUtc } from '../../protocol/time.ts';
import { seeded, verdict } from './support.ts';

const FIRST = 946_684_800;
const LAST = 4_133_980_799;

describe('a time in text', () => {
  it.each([
    ['2000-01-01T00:00:00Z', FIRST],
    ['2100-12-31T23:59:59Z', LAST],
    ['2026-11-22T08:30:00Z', 1_795_336_200],
    ['2024-02-29T23:59:59Z', 1_709_251_199],
    ['2100-02-28T00:00:00Z', 4_107_456_000],
  ])('reads and writes %s', (text, seconds) => {
    expect(fromIsoUtc(text)).toBe(seconds);
    expect(toIsoUtc(seconds)).toBe(text);
  });

  it('reads back what it writes, all over the range', () => {
    const random = seeded(2100);
    for (let run = 0; run < 2000; run++) {
      const seconds = FIRST + random(LAST - FIRST + 1);
      expect(fromIsoUtc(toIsoUtc(seconds))).toBe(seconds);
    }
  });

  it.each([
    ...[
      '',
      '2026',
      '2026-11-22',
      '2026-11-22T08:30:00',
      '2026-11-22T08:30Z',
      '2026-11-22 08:30:00Z',
      '2026-11-22t08:30:00z',
    ],
    ...['2026-11-22T08:30:00.000Z', '2026-11-22T08:30:00+00:00', '2026-11-22T08:30:00+08:00', ' 2026-11-22T08:30:00Z'],
    ...['2026-11-22T08:30:00Z\n', '2026-1-2T08:30:00Z', '+002026-11-22T08:30:00Z', '２026-11-22T08:30:00Z', 'now'],
  ])('refuses the form %j', (text) => {
    expect(verdict(() => fromIsoUtc(text))).toBe('time-syntax');
  });

  it.each([
    ...[
      '2026-02-29T00:00:00Z',
      '2100-02-29T00:00:00Z',
      '2026-04-31T00:00:00Z',
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
    ],
    ...[
      '2026-00-01T00:00:00Z',
      '2026-01-00T00:00:00Z',
      '2026-01-32T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01T25:00:00Z',
    ],
    ...['2026-01-01T00:60:00Z', '2016-12-31T23:59:60Z'],
  ])('refuses %s, which never was', (text) => {
    expect(verdict(() => fromIsoUtc(text))).toBe('time-syntax');
  });

  it.each(['1999-12-31T23:59:59Z', '2101-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
    'refuses %s, outside the range',
    (text) => {
      expect(verdict(() => fromIsoUtc(text))).toBe('time-range');
    },
  );

  it('refuses what is no text', () => {
    for (const value of [0, null, undefined, new Date(0)]) {
      expect(verdict(() => fromIsoUtc(value as unknown as string))).toBe('time-syntax');
    }
  });
});

describe('units of time', () => {
  it.each([FIRST - 1, LAST + 1, 0, -1, FIRST + 0.5, Number.NaN, Number.POSITIVE_INFINITY, FIRST * 1000])(
    'T7: refuses %d as seconds',
    (value) => {
      expect(verdict(() => epochSeconds(value))).toBe('time-range');
      expect(verdict(() => toIsoUtc(value))).toBe('time-range');
    },
  );

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses %d as milliseconds', (value) => {
    expect(verdict(() => epochMs(value))).toBe('time-range');
  });

  it('T16: lets a clock say 1970, but not the wire', () => {
    expect(epochMs(0)).toBe(0);
    expect(verdict(() => secondsOf(epochMs(0)))).toBe('time-range');
  });

  it('converts to the second that has begun', () => {
    expect(secondsOf(epochMs(FIRST * 1000 + 999))).toBe(FIRST);
    expect(msOf(epochSeconds(FIRST))).toBe(FIRST * 1000);
    expect(secondsOf(msOf(epochSeconds(LAST)))).toBe(LAST);
  });
});
