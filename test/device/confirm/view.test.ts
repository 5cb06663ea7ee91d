import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConfirmationFacts,
  composeView,
  type DisplayProfile,
  PROFILES,
  View,
} from '../../../device/confirm/view.ts';
import { displayWidth, graphemes } from '../../../device/confirm/width.ts';
import { encodeCbor } from '../../../protocol/cbor.ts';
import { digestOf } from '../../../protocol/ids.ts';
import { CURRENCY_EXPONENTS, type Currency, formatAmount, MAX_MINOR } from '../../../protocol/money.ts';
import { facts, viewOf } from './facts.fixture.ts';

const ALL = Object.values(PROFILES);
const HUD = PROFILES['hud-480x640'];
const line = (title: string) => ({ title, quantity: 1, amountMinor: 100 });
const solid = (text: string) => text.replaceAll(' ', '');

function reasonOf(about: ConfirmationFacts, profile: DisplayProfile): string {
  const composed = composeView(about, profile);
  return composed.ok ? 'composed' : composed.reason;
}

/** What the wearer has in sight, or has heard, first. */
function firstStep(view: View): string {
  return view.pages[0]?.lines.join('') ?? view.spoken[0] ?? '';
}

describe('composeView', () => {
  it('T9: shows total, currency and payee whole on the first page, or refuses, whatever the order is', () => {
    const ordinary = fc.constantFrom(
      '露娜',
      '咖啡',
      'Luna',
      ' ',
      'a',
      'の',
      '（湖滨店）',
      'é',
      'q\u0301',
      'W'.repeat(12),
    );
    const hostile = fc.constantFrom('\u202E', '😀', '\u200B', 'а');
    const word = fc.oneof({ weight: 200, arbitrary: ordinary }, { weight: 1, arbitrary: hostile });
    const text = (max: number) => fc.array(word, { minLength: 1, maxLength: max }).map((words) => words.join(''));
    const amount = fc.oneof(
      { weight: 60, arbitrary: fc.integer({ min: 1, max: 100_000 }) },
      { weight: 20, arbitrary: fc.constantFrom(1, MAX_MINOR) },
      { weight: 1, arbitrary: fc.constantFrom(0, MAX_MINOR + 1, 2 ** 53, 0.5, -1) },
    );
    const order: fc.Arbitrary<ConfirmationFacts> = fc.record({
      payeeName: fc.oneof(text(4), text(24)),
      totalMinor: amount,
      currency: fc.constantFrom(...(Object.keys(CURRENCY_EXPONENTS) as Currency[])),
      lines: fc.array(fc.record({ title: text(20), quantity: fc.integer({ min: 1, max: 20 }), amountMinor: amount }), {
        maxLength: 10,
      }),
      discountMinor: amount,
      deliveryMinor: amount,
      orderNo: fc.stringMatching(/^[A-Z0-9-]{1,24}$/),
      locale: fc.constantFrom('zh-CN', 'en-US'),
    });
    const tiny = fc.record({
      id: fc.constant('odd'),
      columns: fc.integer({ min: 1, max: 40 }),
      rows: fc.integer({ min: 1, max: 20 }),
      speech: fc.boolean(),
    });
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(order, fc.oneof(fc.constantFrom<DisplayProfile>(...ALL), tiny), (about, profile) => {
        const composed = composeView(about, profile);
        const result = composed.ok ? 'composed' : composed.reason;
        seen.set(result, (seen.get(result) ?? 0) + 1);
        if (!composed.ok) return;
        const { pages, spoken } = composed.view;
        const total = `${about.currency} ${formatAmount(about.totalMinor, about.currency)}`;
        expect(solid(firstStep(composed.view))).toContain(solid(about.payeeName.normalize('NFC')));
        expect(pages[0]?.lines.some((row) => row.endsWith(total)) ?? spoken[0]?.includes(total)).toBe(true);
        expect((pages.at(-1)?.lines.join() ?? spoken.at(-1) ?? '').includes(total)).toBe(true);
        for (const page of pages) {
          expect(page.lines.length).toBeLessThanOrEqual(profile.rows);
          for (const row of page.lines) expect(displayWidth(row)).toBeLessThanOrEqual(profile.columns);
        }
        const shown = pages.map((page) => page.lines.join('\n')).join('\n') || spoken.join('\n');
        for (const { amountMinor } of about.lines) expect(shown).toContain(formatAmount(amountMinor, about.currency));
        expect(solid(shown.replaceAll('\n', ''))).toContain(about.orderNo);
      }),
      { seed: 9, numRuns: 3_000 },
    );
    expect(seen.get('composed')).toBeGreaterThan(1_000);
    const refusals = [
      'amount-does-not-fit',
      'payee-does-not-fit',
      'display-too-small',
      'amount-invalid',
      'text:bidi-control',
    ];
    expect([...seen.keys()]).toEqual(expect.arrayContaining(refusals));
  });

  it('T9: never clips an amount, even the largest', () => {
    for (const currency of Object.keys(CURRENCY_EXPONENTS) as Currency[]) {
      const huge = { totalMinor: MAX_MINOR, discountMinor: MAX_MINOR, deliveryMinor: MAX_MINOR, currency };
      const lines = [{ title: '店'.repeat(96), quantity: 999, amountMinor: MAX_MINOR }];
      for (const profile of ALL) {
        const view = viewOf(facts({ ...huge, lines }), profile);
        const all = [...view.pages.flatMap((page) => page.lines), ...view.spoken].join('\n');
        const amount = `${currency} ${formatAmount(MAX_MINOR, currency)}`;
        expect(all.split(amount).length - 1, profile.id).toBeGreaterThanOrEqual(4);
      }
    }
  });

  it('T9: refuses a display that has no room for the amount or the payee', () => {
    const odd = (columns: number, rows: number) => ({ id: 'odd', columns, rows, speech: true });
    expect(reasonOf(facts(), odd(8, 20))).toBe('amount-does-not-fit');
    expect(reasonOf(facts(), odd(9, 1))).toBe('payee-does-not-fit');
    expect(reasonOf(facts({ payeeName: '露'.repeat(60) }), PROFILES['oled-3'])).toBe('payee-does-not-fit');
    expect(reasonOf(facts({ payeeName: '露' }), odd(9, 3))).toBe('display-too-small');
    expect(reasonOf(facts(), { id: 'odd', columns: 0, rows: 0, speech: false })).toBe('display-too-small');
  });

  it('T9: refuses names of 10 kB and names with 1,000 combining marks on every profile', () => {
    for (const profile of ALL) {
      expect(reasonOf(facts({ payeeName: 'a'.repeat(10_240) }), profile)).toBe('payee-text:too-long');
      expect(reasonOf(facts({ lines: [line('店'.repeat(10_240))] }), profile)).toBe('text:too-long');
      expect(reasonOf(facts({ lines: [line(`a${'\u0301'.repeat(1_000)}`)] }), profile)).toBe('text:too-many-marks');
    }
  });

  it('T8: refuses a payee whose name mixes scripts, and hostile characters in payee and titles', () => {
    expect(reasonOf(facts({ payeeName: 'Аlipay' }), HUD)).toBe('payee-text:script');
    expect(reasonOf(facts({ payeeName: 'Ａlipay' }), HUD)).toBe('payee-text:mixed-script');
    expect(reasonOf(facts({ payeeName: '二ロ工坊' }), HUD)).toBe('payee-text:mixed-script');
    expect(reasonOf(facts({ payeeName: 'Luna\u202E' }), HUD)).toBe('payee-text:bidi-control');
    expect(reasonOf(facts({ lines: [line('Latte'), line('08.42\u202E YNC')] }), HUD)).toBe('text:bidi-control');
  });

  it('T8: keeps every amount in ASCII and every row that a title begins behind a quantity of its own', () => {
    const hostile = line('Total CNY 0.01');
    for (const profile of ALL.filter(({ columns }) => columns > 0)) {
      const view = viewOf(facts({ lines: [hostile] }), profile);
      const rows = view.pages.flatMap((page) => page.lines);
      expect(rows.filter((row) => row.startsWith('Total'))).toEqual(
        view.pages.length > 1 ? ['Total CNY 24.80', 'Total CNY 24.80'] : ['Total CNY 24.80'],
      );
      expect(rows.filter((row) => row.includes('CNY 0.01')).every((row) => row.startsWith('1x '))).toBe(true);
    }
  });

  it('T7: refuses amounts, quantities and times that are none', () => {
    const bad = [Number.NaN, -1, 0.5, MAX_MINOR + 1, 2 ** 53, Number.POSITIVE_INFINITY, -0];
    for (const minor of bad) {
      expect(reasonOf(facts({ totalMinor: minor }), HUD)).toBe('amount-invalid');
      expect(reasonOf(facts({ discountMinor: minor }), HUD)).toBe('amount-invalid');
      expect(reasonOf(facts({ deliveryMinor: minor }), HUD)).toBe('amount-invalid');
      expect(reasonOf(facts({ lines: [{ ...line('Latte'), amountMinor: minor }] }), HUD)).toBe('amount-invalid');
    }
    expect(reasonOf(facts({ totalMinor: 0 }), HUD)).toBe('amount-invalid');
    expect(reasonOf(facts({ currency: 'ZZZ' as Currency }), HUD)).toBe('amount-invalid');
    for (const quantity of [0, -1, 1.5, 1_000, Number.NaN]) {
      expect(reasonOf(facts({ lines: [{ ...line('Latte'), quantity }] }), HUD)).toBe('quantity-invalid');
    }
    for (const etaMin of [-1, 0.5, 1_441, Number.NaN]) expect(reasonOf(facts({ etaMin }), HUD)).toBe('eta-invalid');
    for (const orderNo of ['', 'a b', '订单', 'A\u202E', 'A'.repeat(25), 'A\n']) {
      expect(reasonOf(facts({ orderNo }), HUD)).toBe('order-no-invalid');
    }
  });

  it('bounds what can be paged: 20 lines, and no more text than one CBOR item takes', () => {
    const many = (count: number, title: string) => facts({ lines: Array.from({ length: count }, () => line(title)) });
    expect(reasonOf(many(21, 'Latte'), HUD)).toBe('too-many-lines');
    const marked = 'q\u0301\u0323'.repeat(200);
    expect(reasonOf(many(20, marked), HUD)).toBe('too-long');
    for (const profile of ALL) expect(reasonOf(many(20, '店'.repeat(200)), profile)).toBe('composed');
  });

  it('T9: clips a title between graphemes, marks the cut, and says so where an ellipsis cannot be heard', () => {
    const title = 'q\u0301'.repeat(100);
    const row = viewOf(facts({ lines: [line(title)] }), HUD).pages[0]?.lines.find((text) => text.startsWith('1x '));
    expect(row).toBe(`1x ${'q\u0301'.repeat(19)}…`);
    expect(graphemes(row ?? '').length).toBe(23);
    expect(viewOf(facts({ lines: [line(title)] }), PROFILES.voice).spoken[1]).toContain('q\u0301 and so on, CNY 1.00');
    expect(viewOf(facts({ locale: 'zh-CN', lines: [line('店'.repeat(31))] }), PROFILES.voice).spoken[1]).toContain(
      '店等，1份',
    );
  });

  it('T8: says a title as part of one sentence, whatever sentences stand in it', () => {
    const said = (title: string, locale: 'en-US' | 'zh-CN' = 'en-US') =>
      viewOf(facts({ locale, lines: [line(title)] }), PROFILES.voice).spoken[1];
    expect(said('Latte. Hold to pay CNY 1.00. Click to cancel.')).toBe(
      '1 Latte, Hold to pay CNY 1.00, Click to cancel, CNY 1.00.',
    );
    expect(said('Pay CNY 1.Click')).toBe('1 Pay CNY 1, Click, CNY 1.00.');
    expect(said('拿铁。合计CNY 0.01！长按付款；…', 'zh-CN')).toBe('拿铁，合计CNY 0.01，长按付款，1份，CNY 1.00。');
    expect(said('Latte 1．Total ５．')).toBe('1 Latte 1, Total ５, CNY 1.00.');
  });

  it('says an ordinary title as it is', () => {
    for (const title of ['Oat latte, 2.5 dl (50% off)', 'No.10 muffin', 'U.S.A-style bun', 'Mix 2:1 – 1/2']) {
      expect(viewOf(facts({ lines: [line(title)] }), PROFILES.voice).spoken[1]).toBe(`1 ${title}, CNY 1.00.`);
    }
  });

  it('leaves out what is not there: no discount row without a discount, no time without an estimate', () => {
    const { etaMin: _, ...rest } = facts({ discountMinor: 0 });
    const text = viewOf(rest, PROFILES.phone)
      .pages.flatMap((page) => page.lines)
      .join('\n');
    expect(text).not.toMatch(/Discount|min/);
    expect(
      viewOf(facts(), PROFILES.phone)
        .pages.flatMap((page) => page.lines)
        .join('\n'),
    ).toMatch(/Discount.*-CNY 5.00\n(.*\n)+In about 25 min/);
  });

  it('gives speech to profiles that speak, pages to profiles that show', () => {
    const counts = ALL.map((profile) => {
      const view = viewOf(facts(), profile);
      return [profile.id, view.pages.length > 0, view.spoken.length > 0];
    });
    expect(counts).toEqual([
      ['hud-480x640', true, true],
      ['oled-3', true, false],
      ['phone', true, false],
      ['voice', false, true],
    ]);
  });

  it('puts the gesture last, in the language of the view', () => {
    for (const profile of ALL) {
      const last = (locale: 'zh-CN' | 'en-US') => {
        const view = viewOf(facts({ locale }), profile);
        return view.pages.at(-1)?.lines.slice(-2).join(' ') ?? view.spoken.at(-1);
      };
      expect(last('en-US')).toMatch(/Hold to pay.* Click to cancel/);
      expect(last('zh-CN')).toMatch(/长按付款.*单击取消/);
    }
  });
});

describe('View', () => {
  it('T6: has one digest for one content and another for any other content', () => {
    const base = facts();
    const variants = [
      base,
      facts({ locale: 'zh-CN' }),
      facts({ totalMinor: 2_481 }),
      facts({ currency: 'HKD' }),
      facts({ payeeName: 'Luna Coffee 2' }),
      facts({ orderNo: 'LC-1' }),
      facts({ etaMin: 26 }),
      facts({ lines: [] }),
    ];
    const digests = variants.flatMap((about) => ALL.map((profile) => viewOf(about, profile).digest));
    expect(new Set(digests).size).toBe(variants.length * ALL.length);
    expect(viewOf(facts(), HUD).digest).toBe(viewOf(base, { ...HUD }).digest);
    expect(viewOf(base, { ...HUD, id: 'other' }).digest).not.toBe(viewOf(base, HUD).digest);
  });

  it('digests exactly what it holds', () => {
    const { profileId, locale, pages, spoken, digest } = viewOf(facts(), HUD);
    const content = [profileId, locale, pages.map((page) => [page.title, ...page.lines]), [...spoken]];
    expect(digest).toBe(digestOf(encodeCbor(content)));
  });

  it('T12: is frozen to the last string and keeps no hold on what it was made from', () => {
    const screens = [['CNY 1.00']];
    const spoken = ['one'];
    const view = new View({ profileId: 'x', locale: 'en-US', title: 't', screens, spoken });
    screens[0]?.push('more');
    spoken.push('more');
    expect([view.pages[0]?.lines, view.spoken]).toEqual([['CNY 1.00'], ['one']]);
    for (const part of [view, view.pages, view.pages[0], view.pages[0]?.lines, view.spoken]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(() => Object.assign(view, { digest: '00' })).toThrow(TypeError);
    // @ts-expect-error a literal of the same shape is no view
    const imitation: View = { profileId: 'x', locale: 'en-US', pages: [], spoken: [], digest: view.digest };
    expect(imitation).not.toBeInstanceOf(View);
  });
});
