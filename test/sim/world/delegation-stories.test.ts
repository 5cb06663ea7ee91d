/** The stories of delegations as the demo tells them: in the whole world, over real MQTT, in both languages. */
import { describe, expect, it } from 'vitest';
import { runTale } from '../../../sim/embedded/tale-demo.ts';
import type { TaleName } from '../../../sim/tales/index.ts';
import { MOST_BUNDLE_BYTES, type TaleResult } from '../../../sim/tales/tale-story.ts';

const LOCALES = ['en-US', 'zh-CN'] as const;
const EVERY: readonly [TaleName, (typeof LOCALES)[number]][] = (
  ['concert', 'train', 'weekday-coffee', 'report'] as const
).flatMap((scenario) => LOCALES.map((locale): [TaleName, (typeof LOCALES)[number]] => [scenario, locale]));

const told = new Map<string, Promise<TaleResult>>();

/** Each story is played once. */
function tale(scenario: TaleName, locale: (typeof LOCALES)[number] = 'en-US'): Promise<TaleResult> {
  const key = `${scenario} ${locale}`;
  const known = told.get(key) ?? runTale({ scenario, seed: '1', locale, display: 'hud-480x640' }, () => {});
  told.set(key, known);
  return known;
}

const saidIn = ({ steps }: TaleResult) => steps.filter(({ kind }) => kind === 'voice').map(({ text }) => text);
const typesIn = ({ frames }: TaleResult) => frames.map(({ type }) => type);

describe('the stories of delegations (ACT 2.1 ADD, PSD-PAY-DEL, PSD-PAY-AUP)', () => {
  it.each(EVERY)('%s comes out as told, %s', async (scenario, locale) => {
    const result = await tale(scenario, locale);
    expect(result.otherwise).toEqual([]);
    expect(result.cameTrue).toBe(true);
  });

  it.each(EVERY)(
    '%s: the device has counted what the PSP’s books have, within the bounds, %s',
    async (scenario, locale) => {
      const { ledger, device, maxTotalMinor, state } = await tale(scenario, locale);
      expect(device).toEqual(ledger);
      expect(ledger.count).toBeGreaterThan(0);
      expect(ledger.spentMinor).toBeLessThanOrEqual(maxTotalMinor);
      expect(ledger.refundedMinor).toBeLessThanOrEqual(ledger.spentMinor);
      expect(state).toBe('Revoked');
    },
  );

  it.each(EVERY)(
    '%s: the evidence of a payment fits 1,500 bytes, and frames go in whole size classes, %s',
    async (scenario, locale) => {
      const { bytes, bundle, frames } = await tale(scenario, locale);
      expect(MOST_BUNDLE_BYTES).toBe(1_500);
      expect(bytes.bundle).toBeGreaterThan(Object.values(bundle ?? {}).reduce((sum, length) => sum + length, 0));
      expect(bytes.bundle).toBeLessThanOrEqual(1_500);
      expect(frames.length).toBeGreaterThan(0);
      expect(bytes.wire % 1_024).toBe(0);
    },
  );

  it('concert: bought after the queue, told with what is left, half paid back for a lost seat', async () => {
    const result = await tale('concert');
    const { ledger } = result;
    expect(ledger).toMatchObject({ count: 1, refundedMinor: ledger.spentMinor / 2 });
    expect(saidIn(result).filter((text) => /^concert ticket: paid|^Damai gave back/.test(text))).toEqual([
      expect.stringMatching(/^concert ticket: paid \d+\.\d\d yuan to Damai, \d+\.\d\d yuan left\.$/),
      expect.stringMatching(/^Damai gave back \d+\.\d\d yuan\.$/),
    ]);
    expect(typesIn(result)).toEqual(expect.arrayContaining(['delegation-challenge', 'spend-notice', 'refund-notice']));
  });

  it('weekday-coffee: a yes buys at the price asked, a no at none; nothing is bought while it is paused or after its end', async () => {
    const result = await tale('weekday-coffee');
    const about = /was expected|iced latte: paid|at that price|: (?:paused|running again|stopped for good)/;
    const asks = (shop: string, price: string) =>
      `iced latte: ${shop} now asks ${price} yuan, about 16.00 yuan was expected. Buy it nevertheless?`;
    expect(saidIn(result).filter((text) => about.test(text))).toEqual([
      'iced latte: paid 16.00 yuan to Luna Otter Coffee, 284.00 yuan left.',
      asks('Luna Otter Coffee', '19.00'),
      'All right, at that price.',
      'iced latte: paid 19.00 yuan to Luna Otter Coffee, 265.00 yuan left.',
      asks('Luna Otter Coffee', '19.00'),
      'All right, not at that price.',
      asks('Paper Crane Coffee', '18.00'),
      'All right, not at that price.',
      'iced latte: paused.',
      'iced latte: running again.',
      'iced latte: paid 16.00 yuan to Luna Otter Coffee, 249.00 yuan left.',
      'iced latte: stopped for good; it pays nothing more.',
    ]);
  });

  it('report: piece after piece without a cart, and a warning near the limit', async () => {
    const result = await tale('report');
    expect(saidIn(result)).toContainEqual(expect.stringMatching(/^Note that market report has nearly used its limit/));
    expect(Object.keys(result.bundle ?? {})).toEqual(['request', 'receipt']);
    expect(typesIn(result)).not.toContain('cart-request');
    // PSD-PAY-A402 over real HTTP: each is asked for, priced with 402, paid, and delivered.
    const exchanges = result.steps.filter(({ kind, text }) => kind === 'wire' && text.includes('HTTP GET'));
    const codes = exchanges.map(({ text }) => /: (\d+), \d+ bytes$/.exec(text)?.[1]);
    expect(codes.filter((code) => code === '402')).toHaveLength(result.ledger.count);
    expect(codes.filter((code) => code === '200').length).toBeGreaterThanOrEqual(result.ledger.count);
    const confirmed = result.steps.filter(({ text }) => /HTTP POST \/orders\/[^/]+\/confirmation: 200/.test(text));
    expect(confirmed).toHaveLength(result.ledger.count);
  });

  it('asks nothing about an order when the wearer is silent at the prompt', async () => {
    for (const scenario of ['concert', 'report'] as const)
      expect(saidIn(await tale(scenario)).filter((text) => /heard nothing/.test(text))).toEqual([]);
  });

  it('takes the same course from the same seed', async () => {
    const again = await runTale({ scenario: 'train', seed: '1', locale: 'en-US', display: 'hud-480x640' }, () => {});
    expect(again).toEqual(await tale('train'));
  });

  it.each(['voice', 'oled-3'] as const)('can be held for on %s', async (display) => {
    const { otherwise } = await runTale({ scenario: 'train', seed: '2', locale: 'en-US', display }, () => {});
    expect(otherwise).toEqual([]);
  });
});
