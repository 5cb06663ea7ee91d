import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utcOf } from '../../../device/confirm/utc.ts';
import { PROFILES, type View } from '../../../device/confirm/view.ts';
import { readDelegation } from '../../../device/signer/read-delegation.ts';
import {
  EdgeTerms,
  type EpochSeconds,
  encodeCbor,
  formatAmount,
  IacPayload,
  MAX_MINOR,
  termsOf,
  writeTerms,
} from '../../../protocol/index.ts';
import { valuesOf } from '../../protocol/act/derive.ts';
import { directory, seconds } from '../builders.ts';
import { delegation, delegationChallengeBytes, iac, settings, textOf, verdict, viewOf } from './documents.ts';

const PROFILE_LIST = Object.values(PROFILES);
const LOCALES = ['zh-CN', 'en-US'] as const;

/** All that a wearer sees or hears, without breaks: headings, quotation marks and spaces left out. */
function seen(view: View, rows: number): string {
  const lines = view.pages.flatMap((page) => page.lines.slice(rows >= 6 ? 1 : 0));
  const drawn = lines.map((line) => line.replace(/^[>|] /, '')).join('');
  return (view.pages.length > 0 ? drawn : view.spoken.join('')).replaceAll(' ', '');
}

describe('whatever is signed was shown whole', () => {
  const name = (merchant: string) => `店${merchant}`;
  const known = { ...directory, nameOf: name };
  const texts = fc.constantFrom(
    'tomorrow before noon',
    '明天中午前',
    'Total max CNY 0.01',
    'Hold to allow',
    'a\u202E',
    '家',
  );
  const legal = fc
    .record({
      iac: valuesOf(IacPayload) as fc.Arbitrary<IacPayload>,
      texts: fc.tuple(texts, texts),
      terms: fc.option(valuesOf(EdgeTerms) as fc.Arbitrary<EdgeTerms>, { nil: undefined }),
      tame: fc.boolean(),
    })
    .map(({ iac: one, texts: [time, place], tame, terms }) =>
      withTerms(tamed(one, { time, place, tame }), tame, terms),
    );

  /** The credential with these terms, if it has room for them. */
  function withTerms(one: IacPayload, tame: boolean, terms: EdgeTerms | undefined): IacPayload {
    if (!tame || terms === undefined) return one;
    const vendorPrivate = writeTerms({ ...terms, currency: one.currency });
    const delegationMode = terms.purpose === undefined ? 'SPECIFIED' : 'BOUNDED';
    return vendorPrivate.length > 512 ? one : { ...one, delegationMode, ext: { ...one.ext, vendorPrivate } };
  }

  /** Most random credentials have something that cannot be shown; half of them are freed of it. */
  function tamed(one: IacPayload, { time, place, tame }: { time: string; place: string; tame: boolean }): IacPayload {
    if (!tame) return one;
    const { conversationHistory: _, ext, ...rest } = one;
    const { vendorPrivate: _private, commerce = {}, ...kept } = ext ?? {};
    const lists = Object.entries(commerce).filter(([, value]) => !Array.isArray(value) || value.length > 0);
    const fulfillment = { deliveryTimeRequirement: time, deliveryAddress: place };
    return { ...rest, ext: { ...kept, commerce: Object.fromEntries(lists), fulfillment } };
  }

  /** Every fact of a credential that bounds something, as it must occur. */
  function factsOf(one: IacPayload, isSpoken: boolean): string[] {
    const { commerce = {}, agentBehavior, fulfillment = {} } = one.ext ?? {};
    const amounts = [one.maxTotalMinor, commerce.maxSingleMinor, commerce.minSingleMinor];
    const times = [one.validityStartTime, one.validityEndTime, one.userConfirmationTimestamp];
    const merchantIds = [...(commerce.allowedMerchants ?? []), ...(commerce.forbiddenMerchants ?? [])];
    const there = <T>(list: readonly (T | undefined)[]) => list.filter((value) => value !== undefined) as T[];
    const terms = termsOf(one);
    return [
      ...termFacts(one, terms, isSpoken),
      ...there(amounts).map((minor) => `${one.currency} ${formatAmount(minor, one.currency)}`),
      ...there<EpochSeconds>(times).flatMap((at) => (isSpoken ? [utcOf(at).time] : Object.values(utcOf(at)))),
      ...merchantIds.map(name),
      ...(commerce.allowedCategories ?? []),
      ...(commerce.forbiddenCategories ?? []),
      ...(one.allowedPaymentMethods ?? []),
      ...there([agentBehavior?.maxRetryCount, one.agentId, one.delegatorIdentity]).map(String),
      ...there([fulfillment.deliveryTimeRequirement, fulfillment.deliveryAddress]),
    ].map((fact) => fact.replaceAll(' ', ''));
  }

  /** What of the terms must occur, in whichever language. */
  function termFacts({ currency }: IacPayload, terms: EdgeTerms | undefined, isSpoken: boolean): string[] {
    if (terms === undefined) return [];
    const { items = [], purpose = '', maxDailyMinor: daily, maxOrders = '', fromMin, untilMin } = terms;
    const clock = (minutes: number) =>
      new Date(minutes * 60_000)
        .toISOString()
        .slice(11, 16)
        .replace(/^00:00$/, '24:00');
    const wanted =
      terms.wantedUntil === undefined ? [] : Object.values(utcOf(terms.wantedUntil)).slice(isSpoken ? 1 : 0);
    return [
      ...items.map(({ itemId, quantity, choices }) =>
        [`${quantity}x ${itemId}`, choices?.join(', ')].filter(Boolean).join(': '),
      ),
      ...(daily === undefined ? [] : [`${currency} ${formatAmount(daily, currency)}`]),
      ...(fromMin === undefined || untilMin === undefined ? [] : [clock(fromMin).replace('24', '00'), clock(untilMin)]),
      ...[purpose, String(maxOrders), ...wanted, 'UTC'],
    ];
  }

  it('T8, T9: every amount, merchant, category, method, date and text of every legal credential', () => {
    const verdicts = new Map<string, number>();
    fc.assert(
      fc.property(legal, fc.constantFrom(...PROFILE_LIST), fc.constantFrom(...LOCALES), (one, profile, locale) => {
        const bytes = encodeCbor(IacPayload.encode(one, 'iac'));
        const issuedAt = Math.max(one.validityEndTime - 1, 946_684_800) as EpochSeconds;
        const challenge = delegationChallengeBytes(bytes, { issuedAt, expiresAt: one.validityEndTime });
        const reading = readDelegation([challenge, bytes], { ...settings, directory: known, profile, locale });
        const result = reading.ok ? 'read' : reading.reason;
        verdicts.set(result, (verdicts.get(result) ?? 0) + 1);
        const isHidden = one.conversationHistory?.userIntentRaw !== undefined;
        if (!reading.ok) return;
        const { view } = reading;
        expect(isHidden).toBe(false);
        const isSpoken = view.pages.length === 0;
        const all = seen(view, profile.rows);
        for (const fact of factsOf(one, isSpoken)) expect(all).toContain(fact);
        const total = `${one.currency} ${formatAmount(one.maxTotalMinor, one.currency)}`;
        const { date, time } = utcOf(one.validityEndTime);
        const first = view.pages[0]?.lines ?? [view.spoken[0] ?? ''];
        const needed = isSpoken ? [total, time] : [total, date, time];
        for (const part of needed) expect(first.some((row) => row.includes(part))).toBe(true);
      }),
      { seed: 42, numRuns: 500 },
    );
    expect(verdicts.get('read')).toBeGreaterThan(120);
    expect([...verdicts.keys()]).toEqual(
      expect.arrayContaining(['cannot-show', 'text:bidi-control', 'amount-invalid']),
    );
  });

  it('T8: no text of another begins a row that could be taken for one of the view', () => {
    const fulfillment = {
      deliveryAddress: `${'· '.repeat(12)}Total max CNY 0.01`,
      deliveryTimeRequirement: 'Hold to allow',
    };
    const hostile = delegation({ agentId: `did:act:a/${'Total.max.CNY-0.01-'.repeat(4)}`, ext: { fulfillment } });
    for (const profile of PROFILE_LIST.filter(({ columns }) => columns > 0)) {
      const { pages } = viewOf(readDelegation, hostile, { profile });
      const rows = pages.flatMap((page) => page.lines);
      const foreign = rows.filter((row) => /0\.01|·|did:/.test(row));
      expect(foreign.length).toBeGreaterThan(3);
      expect(foreign.filter((row) => !/^[>|] /.test(row))).toEqual([]);
      expect(rows.filter((row) => row === 'Hold to allow')).toHaveLength(1);
    }
  });

  it('T9: says also what is not bounded', () => {
    const { ext: _, allowedPaymentMethods: _methods, ...least } = iac();
    const open = {
      ...least,
      delegationMode: undefined as never,
      ext: undefined as never,
      allowedPaymentMethods: undefined as never,
    };
    for (const profile of PROFILE_LIST) {
      const text = textOf(viewOf(readDelegation, delegation(open), { profile })).replaceAll('\n', ' ');
      for (const said of [
        'Any number of payments',
        'No limit per day',
        'On any day',
        'At any time',
        'No limit per payment',
        'From any merchant',
        'Any kind of goods',
        'Paid by any method',
        'Buys what you named',
        'Other price: ask me',
      ])
        expect(text).toContain(said);
    }
  });

  it('T9: keeps the largest total, the end and every text of the longest kind whole on every profile, or refuses', () => {
    const outcomes = PROFILE_LIST.map((profile) => {
      const documents = delegation({
        ...{ maxTotalMinor: MAX_MINOR, currency: 'KWD', validityEndTime: seconds(86_399) },
        ...{ agentId: `did:act:a/${'W'.repeat(86)}`, delegatorIdentity: `did:act:${'W'.repeat(88)}` },
        ext: { fulfillment: { deliveryAddress: '店'.repeat(128) } },
      });
      const [first] = viewOf(readDelegation, documents, { profile }).pages;
      return first?.lines.slice(profile.rows >= 6 ? 1 : 0, profile.rows >= 6 ? 4 : 3);
    });
    expect(outcomes).toEqual([
      ['KWD 999999999.999', 'Until 2026-11-24', '02:09:59 UTC'],
      ['KWD 999999999.999', 'Until 2026-11-24', '02:09:59 UTC'],
      ['Total max KWD 999999999.999', 'Until 2026-11-24 02:09:59 UTC', 'Agent picks what to buy'],
      undefined,
    ]);
    for (const [columns, rows, reason] of [
      [9, 14, 'amount-does-not-fit'],
      [20, 2, 'display-too-small'],
      [0, 0, 'display-too-small'],
    ] as const) {
      const profile = { id: 'odd', columns, rows, speech: false };
      expect(verdict(readDelegation, delegation(), { profile })).toBe(reason);
    }
  });

  it('T9: has no view of more than one CBOR item holds', () => {
    const allowedMerchants = Array.from({ length: 16 }, (_, i) => `shop-${i}`);
    const documents = delegation({ ext: { commerce: { allowedMerchants } } });
    const named = (name: string) => ({ directory: { ...directory, nameOf: () => name } });
    for (const profile of PROFILE_LIST.filter(({ rows }) => rows > 0)) {
      expect(verdict(readDelegation, documents, { profile, ...named('店'.repeat(96)) })).toBe('too-long');
      expect(verdict(readDelegation, documents, { profile, ...named('店'.repeat(16)) })).toBe('read');
    }
  });
});
