/** The terms of a delegation on every surface: each is told, none is guessed (T9), and no name but the ids that are signed (T8). */
import { describe, expect, it } from 'vitest';
import { composeBounds } from '../../../device/confirm/bounds-view.ts';
import { composeChange } from '../../../device/confirm/change-view.ts';
import { readIac } from '../../../device/confirm/terms-view.ts';
import { type ComposedView, type DisplayProfile, PROFILES, type ProfileId } from '../../../device/confirm/view.ts';
import type { Locale } from '../../../device/voice/vocabulary.ts';
import { EdgeTerms, fromIsoUtc, type IacPayload, writeTerms } from '../../../protocol/index.ts';
import type { WireKind, WireType } from '../../../protocol/wire.ts';
import { SAMPLE_IAC } from '../../../scripts/make-page-gallery/samples.ts';
import { change } from '../signer/documents.ts';

const ALL = Object.values(PROFILES) as readonly DisplayProfile[];
const latte = { itemId: 'latte', quantity: 2, choices: ['large', 'oat'] };
const TERMS: EdgeTerms = { currency: 'CNY', items: [latte], utcOffsetMin: 480 };

function withTerms(over: Partial<EdgeTerms> = {}): IacPayload {
  return withPrivate(writeTerms({ ...TERMS, ...over }));
}
function withPrivate(vendorPrivate: string, over: Partial<IacPayload> = {}): IacPayload {
  return { ...SAMPLE_IAC, ...over, ext: { ...SAMPLE_IAC.ext, vendorPrivate } };
}
const nameOf = (merchant: string) => merchant;

/** All that is seen, or heard where nothing is seen, in one line without headings and marks; or why there is no view. */
function text(composed: ComposedView): string {
  if (!composed.ok) return composed.reason;
  const { pages, spoken } = composed.view;
  const rows =
    pages.length > 0 ? pages.flatMap(({ lines, title }) => lines.filter((row) => !row.startsWith(title))) : spoken;
  return rows
    .map((row) => row.replace(/^[>|] /, ''))
    .join(' ')
    .replace(/ +/g, ' ');
}
const bounds = (iac: IacPayload, profile: DisplayProfile | ProfileId = 'phone', locale: Locale = 'en-US') =>
  text(composeBounds({ iac, locale, nameOf }, typeof profile === 'string' ? PROFILES[profile] : profile));

describe('the terms of a delegation', () => {
  const all: Partial<EdgeTerms> = {
    items: [latte, { itemId: 'croissant', quantity: 1 }],
    ...{ maxDailyMinor: 3_000, maxOrders: 20, weekdays: [1, 3, 7], fromMin: 450, untilMin: 540, utcOffsetMin: 345 },
    ...{ wantedFrom: fromIsoUtc('2026-12-04T16:00:00Z'), wantedUntil: fromIsoUtc('2026-12-05T16:00:01Z') },
  };

  it('are each shown on every display in both languages', () => {
    for (const profile of ALL.filter(({ columns }) => columns > 0)) {
      const en = bounds(withTerms(all), profile);
      for (const part of [
        ...['Each order 2x latte: large, oat', '1x croissant', 'Payments max 20', 'Each day max CNY 30.00'],
        ...['Only on Monday Wednesday Sunday', 'Each day from 07:30', 'Each day before 09:00', 'Local time UTC+05:45'],
        ...['Wanted from 2026-12-04 16:00 UTC', 'Wanted before 2026-12-05 16:00:01 UTC'],
      ])
        expect(en).toContain(part);
      const zh = bounds(withTerms(all), profile, 'zh-CN');
      for (const part of [
        ...['每单内容 2x latte: large, oat', '1x croissant', '付款次数最多 20', '每天最多 CNY 30.00'],
        ...['只限 周一 周三 周日', '每天不早于 07:30', '每天须早于 09:00', '当地时间 UTC+05:45'],
        ...['所要时间不早于 2026-12-04 16:00 UTC', '所要时间须早于 2026-12-05 16:00:01 UTC'],
      ])
        expect(zh).toContain(part);
    }
  });

  it('are each said', () => {
    const said = bounds(withTerms(all), 'voice');
    for (const part of [
      ...['Each order: quote, 2x latte: large, oat, end quote; quote, 1x croissant, end quote.', 'Payments max 20.'],
      ...[
        'Each day max CNY 30.00.',
        'Only on Monday Wednesday Sunday.',
        'Each day from 07:30.',
        'Each day before 09:00.',
      ],
      ...['Local time UTC+05:45.', 'Wanted from 4 December 2026, 16:00 UTC.'],
      'Wanted before 5 December 2026, 16:00:01 UTC.',
    ])
      expect(said).toContain(part);
    expect(bounds(withTerms(all), 'voice', 'zh-CN')).toContain(
      '每单内容：引号，2x latte: large, oat，引号完；引号，1x croissant，引号完。',
    );
  });

  it('T9: say also what they do not bound, and so does a credential without any', () => {
    const open = ['Any number of payments', 'No limit per day', 'On any day', 'At any time'];
    const { ext: _, ...bare } = SAMPLE_IAC;
    for (const iac of [withTerms(), SAMPLE_IAC, bare]) for (const part of open) expect(bounds(iac)).toContain(part);
    for (const part of open) expect(bounds(withTerms(all))).not.toContain(part);
    expect(bounds(bare)).not.toContain('Local time');
  });

  it('name what a task is for', () => {
    const { items: _, ...rest } = TERMS;
    const iac = withPrivate(writeTerms({ ...rest, purpose: 'market-report' }), { delegationMode: 'BOUNDED' });
    expect(bounds(iac)).toContain('For market-report');
    expect(bounds(iac, 'phone', 'zh-CN')).toContain('用途 market-report');
    expect(bounds(iac)).not.toContain('Each order');
  });

  it('stand behind the mode and the agent, before how much one payment may be', () => {
    const at = ['Buys what you named', 'Agent', 'Each order', 'Payments max', 'Each day max', 'Each max'].map((part) =>
      bounds(withTerms(all)).indexOf(part),
    );
    expect(at.every((place, i) => place > (at[i - 1] ?? 0))).toBe(true);
  });

  it.each([
    [0, 'UTC+00:00'],
    [-720, 'UTC-12:00'],
    [840, 'UTC+14:00'],
    [-210, 'UTC-03:30'],
    [-5, 'UTC-00:05'],
  ])('T16: spell a zone of %i minutes as %s', (utcOffsetMin, spelt) => {
    expect(bounds(withTerms({ utcOffsetMin }))).toContain(`Local time ${spelt} `);
  });

  it('T16: spell the ends of a day apart', () => {
    const whole = bounds(withTerms({ fromMin: 0, untilMin: 1_440 }));
    expect(whole).toContain('Each day from 00:00');
    expect(whole).toContain('Each day before 24:00');
  });

  it('T9: hold every field of an item', () => {
    const fieldsOf = (kind: WireKind | undefined): readonly string[] => {
      if (kind?.is === 'ruled') return fieldsOf(kind.of.kind);
      if (kind?.is === 'list') return fieldsOf(kind.of.kind);
      const items = kind?.is === 'map' ? kind.fields.find(({ name }) => name === 'items') : undefined;
      if (items) return fieldsOf(items.type.kind);
      return kind?.is === 'map' ? kind.fields.map(({ name }) => name) : [];
    };
    expect(fieldsOf((EdgeTerms as WireType<unknown>).kind)).toEqual(['itemId', 'quantity', 'choices']);
  });

  it('T6: are different views for different terms, however small the difference', () => {
    const variants: Partial<EdgeTerms>[] = [
      ...[{}, { items: [{ ...latte, quantity: 3 }] }, { items: [{ itemId: 'latte', quantity: 2 }] }],
      ...[{ items: [{ ...latte, choices: ['large-oat'] }] }, { items: [{ ...latte, choices: ['oat', 'large'] }] }],
      ...[{ items: [latte, { itemId: 'large', quantity: 1 }] }, { maxDailyMinor: 1 }, { maxDailyMinor: 2 }],
      ...[
        { maxOrders: 1 },
        { maxOrders: 2 },
        { weekdays: [1] },
        { weekdays: [2] },
        { weekdays: [1, 2, 3, 4, 5, 6, 7] },
      ],
      ...[
        { fromMin: 0, untilMin: 1_440 },
        { fromMin: 1, untilMin: 1_440 },
        { fromMin: 0, untilMin: 1_439 },
      ],
      ...[{ utcOffsetMin: 481 }, { utcOffsetMin: -480 }],
      ...[1, 2].map((end) => ({
        wantedFrom: fromIsoUtc('2026-12-04T16:00:00Z'),
        wantedUntil: fromIsoUtc(`2026-12-05T16:00:0${end}Z`),
      })),
    ];
    for (const profile of ALL)
      for (const locale of ['zh-CN', 'en-US'] as const) {
        const views = variants.map((over) => composeBounds({ iac: withTerms(over), locale, nameOf }, profile));
        expect(new Set(views.map((view) => (view.ok ? view.view.digest : view.reason))).size).toBe(variants.length);
      }
  });

  it('T9: of the largest kind are whole on every surface', () => {
    const items = Array.from({ length: 8 }, (_, i) => ({ itemId: `item-${i}-`.padEnd(24, 'w'), quantity: 20 }));
    const iac = withTerms({ items });
    for (const profile of ALL)
      for (const locale of ['zh-CN', 'en-US'] as const) {
        const seen = bounds(iac, profile, locale).replaceAll(' ', '');
        for (const { itemId } of items) expect(seen).toContain(`20x${itemId}`);
      }
  });
});

describe('T9: a private part that is not exactly terms of ours', () => {
  const good = writeTerms(TERMS);

  it.each([
    ['of nobody', '{}'],
    ['of another vendor', '{"max":1}'],
    ['with more than our terms', good.replace(/\}$/, ',"more":1}')],
    ['in another spelling', good.replace(',', ', ')],
    ['with a term nobody knows', good.replace('"utc', '"max_weight":1,"utc')],
    ['that is no JSON', '{'],
  ])('%s is never confirmed', (_, vendorPrivate) => {
    for (const profile of ALL) expect(bounds(withPrivate(vendorPrivate), profile)).toBe('cannot-show');
    expect(readIac(withPrivate(vendorPrivate))).toBeUndefined();
  });

  it('nor one in another currency or mode than the credential', () => {
    expect(bounds(withPrivate(good, { currency: 'HKD' }))).toBe('cannot-show');
    expect(bounds(withPrivate(good, { delegationMode: 'BOUNDED' }))).toBe('cannot-show');
    expect(bounds(withPrivate(good))).not.toBe('cannot-show');
  });

  it('lets our own defects through: only what a peer can cause is a refusal', () => {
    const broken = {
      get ext(): never {
        throw new TypeError('ours');
      },
    } as unknown as IacPayload;
    expect(() => readIac(broken)).toThrow(TypeError);
  });
});

describe('a change of a delegation', () => {
  const ordered = (iac: IacPayload, profile: DisplayProfile, locale: Locale = 'en-US') =>
    text(composeChange({ change: change({ to: 'Revoked' }), iac, locale, nameOf }, profile));

  it('shows what the delegation buys, so that it is not taken for another one', () => {
    for (const profile of ALL.filter(({ columns }) => columns > 0)) {
      expect(ordered(withTerms(), profile)).toContain('Each order 2x latte: large, oat');
      expect(ordered(withTerms(), profile, 'zh-CN')).toContain('每单内容 2x latte: large, oat');
    }
    expect(ordered(withTerms(), PROFILES.voice)).toContain('Each order: quote, 2x latte: large, oat, end quote.');
    expect(ordered(SAMPLE_IAC, PROFILES.phone)).not.toContain('Each order');
    const { items: _, ...rest } = TERMS;
    const task = withPrivate(writeTerms({ ...rest, purpose: 'market-report' }), { delegationMode: 'BOUNDED' });
    expect(ordered(task, PROFILES.phone)).toContain('For market-report');
  });

  it('T17: can always be shown, whatever the private part is', () => {
    for (const profile of ALL) expect(ordered(withPrivate('{"max":1}'), profile)).toContain('Revoke for good');
  });
});
