import { describe, expect, it } from 'vitest';
import { composeStatements, type Statement } from '../../../device/confirm/statement-view.ts';
import { timeRows, utcOf } from '../../../device/confirm/utc.ts';
import { epochSeconds, fromIsoUtc } from '../../../protocol/index.ts';

const total: Statement = { kind: 'value', label: 'Total', value: 'CNY 1.00' };
const parts = { locale: 'en-US', heading: 'H', hold: 'Hold', sayOpening: 'Opening.', sayClosing: 'Closing.' } as const;

function pagesOf(body: readonly Statement[], columns: number, rows: number): readonly (readonly string[])[] | string {
  const profile = { id: 'odd', columns, rows, speech: false };
  const composed = composeStatements({ ...parts, first: [total], body, reminder: total }, profile);
  return composed.ok ? composed.view.pages.map((page) => page.lines) : composed.reason;
}

describe('a view of statements', () => {
  it('keeps what fits a page on one page, with its label', () => {
    const body: Statement[] = [
      { kind: 'sentence', text: 'one' },
      { kind: 'quoted', label: 'Only', texts: ['aa', 'bb'] },
    ];
    expect(pagesOf(body, 15, 4)).toEqual([
      ['Total CNY 1.00', 'one'],
      ['Only', '> aa', '> bb'],
      ['Total CNY 1.00', 'Hold', 'Click to cancel'],
    ]);
  });

  it('T9: goes on over the page with what does not fit one, and never parts a label from its first row', () => {
    const body: Statement[] = [{ kind: 'quoted', label: 'Only', texts: ['abcdefghijklmnop', 'b', 'c'] }];
    expect(pagesOf(body, 15, 3)).toEqual([
      ['Total CNY 1.00', 'Only', '> abcdefghijklm'],
      ['| nop', '> b', '> c'],
      ['Total CNY 1.00', 'Hold', 'Click to cancel'],
    ]);
  });

  it('leaves out the label of a total that has no room for it, never a digit', () => {
    expect(pagesOf([], 15, 3)).toEqual([['Total CNY 1.00', 'Hold', 'Click to cancel']]);
    const wide: Statement = { kind: 'value', label: 'Total', value: 'CNY 123456.00' };
    const profile = { id: 'odd', columns: 15, rows: 3, speech: false };
    const composed = composeStatements({ ...parts, first: [wide], body: [], reminder: wide }, profile);
    expect(composed.ok && composed.view.pages[0]?.lines[0]).toBe('CNY 123456.00');
    expect(pagesOf([], 7, 20)).toBe('amount-does-not-fit');
    expect(pagesOf([], 14, 20)).toBe('display-too-small');
  });

  it('T9: shows no page of some statements where one is wider or taller than the display', () => {
    expect(pagesOf([{ kind: 'value', label: 'Each', value: 'CNY 999999.000000' }], 15, 3)).toBe('display-too-small');
    expect(pagesOf([{ kind: 'sentence', text: 'word' }], 15, 2)).toBe('display-too-small');
  });

  it('says everything, the total first and last', () => {
    const profile = { id: 'voice', columns: 0, rows: 0, speech: true };
    const body: Statement[] = [
      { kind: 'value', label: 'Each', value: 'CNY 2.00' },
      { kind: 'time', label: 'From', at: fromIsoUtc('2026-02-03T04:05:06Z') },
      { kind: 'quoted', label: 'Only', texts: ['a', 'b'] },
    ];
    const composed = composeStatements({ ...parts, first: [total], body, reminder: total }, profile);
    expect(composed.ok && composed.view.spoken).toEqual([
      'Opening.',
      'Each CNY 2.00.',
      'From 3 February 2026, 04:05:06 UTC.',
      'Only: quote, a, end quote; quote, b, end quote.',
      'Closing.',
    ]);
  });
});

describe('T8: the texts of others in speech', () => {
  const spokenIn = (locale: 'en-US' | 'zh-CN', texts: readonly string[], speech = true) => {
    const body: Statement[] = [{ kind: 'quoted', label: 'To', texts }];
    const profile = { id: 'odd', columns: speech ? 0 : 20, rows: speech ? 0 : 20, speech };
    const composed = composeStatements({ ...parts, locale, first: [total], body, reminder: total }, profile);
    return composed.ok ? (composed.view.spoken[1] ?? 'composed') : composed.reason;
  };

  it('each stand between words of ours, so that no sentence in them sounds like one of the view', () => {
    const hostile = '7 Road. Hold to allow. Total max CNY 1.00';
    expect(spokenIn('en-US', [hostile])).toBe(`To: quote, ${hostile}, end quote.`);
    expect(spokenIn('zh-CN', ['家。长按授权', '店'])).toBe('To：引号，家。长按授权，引号完；引号，店，引号完。');
  });

  it.each([
    '7 Road, end quote. Hold to allow',
    '7 Road, and quote',
    'unquote',
    'END-QUOTE',
    'End  Qu ote',
    'ｅｎｄ ｑｕｏｔｅ',
    'énd quôté',
    'end quøŧe',
    'end kwote',
    'end quoat',
    '家，引号完。长按授权',
    '引 号',
    '引號完',
    '隐好玩',
  ])('are refused where they say these words themselves: %s', (text) => {
    for (const locale of ['en-US', 'zh-CN'] as const) {
      expect(spokenIn(locale, ['home', text])).toBe('text:quotation-words');
    }
    expect(spokenIn('en-US', [text], false)).toBe('composed');
  });

  it.each(['Quota Road 7', 'Coat Street', '引1号街', '尹浩', 'did:act:example.com/agent-7', 'end'])(
    'pass where they only resemble them: %s',
    (text) => {
      expect(spokenIn('en-US', [text])).toBe(`To: quote, ${text}, end quote.`);
    },
  );
});

describe('times on the trusted surface', () => {
  it('T7: are in UTC with the zone, and have seconds where there are some', () => {
    expect(utcOf(fromIsoUtc('2026-12-31T23:59:00Z'))).toEqual({ date: '2026-12-31', time: '23:59 UTC' });
    expect(utcOf(fromIsoUtc('2026-12-31T00:00:59Z'))).toEqual({ date: '2026-12-31', time: '00:00:59 UTC' });
    expect(utcOf(epochSeconds(946_684_800))).toEqual({ date: '2000-01-01', time: '00:00 UTC' });
  });

  it('T9: are broken between their parts and never inside one', () => {
    const at = fromIsoUtc('2026-11-24T02:10:30Z');
    expect(timeRows('Until', at, 29)).toEqual(['Until 2026-11-24 02:10:30 UTC']);
    expect(timeRows('Until', at, 28)).toEqual(['Until 2026-11-24', '02:10:30 UTC']);
    expect(timeRows('Until', at, 15)).toEqual(['Until', '2026-11-24', '02:10:30 UTC']);
    expect(timeRows('Until', at, 5)).toEqual(['Until', '2026-11-24', '02:10:30 UTC']);
  });
});
