import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utcOf } from '../../../device/confirm/utc.ts';
import { PROFILES } from '../../../device/confirm/view.ts';
import { readBinding } from '../../../device/signer/read-binding.ts';
import { PaymentLimits } from '../../../protocol/act/binding.ts';
import {
  type BindingOffer,
  digestOf,
  type EpochSeconds,
  formatAmount,
  MAX_MINOR,
  openObject,
  type WireType,
} from '../../../protocol/index.ts';
import { valuesOf } from '../../protocol/act/derive.ts';
import { challengeBytes, directory, id, seconds, TENANT } from '../builders.ts';
import { SignerRig } from '../signer-rig.ts';
import { ask, offerBytes, settings, textOf, verdict, viewOf } from './documents.ts';

const offer = offerBytes();

describe('a binding, as the signer reads it (ACT 2.1 PSD-PMT-BND)', () => {
  it('T6: consents to the offer it showed, once', () => {
    const rig = new SignerRig();
    const answer = ask(rig, { kind: 'binding', offer, locale: 'en-US' });
    if (answer?.kind !== 'signed') throw new Error(JSON.stringify(answer));
    const { value } = openObject('binding-consent', answer.signed, { trust: directory.trust, tenant: TENANT });
    const view = viewOf(readBinding, [offer]);
    expect(value).toMatchObject({ offerDigest: digestOf(offer), viewDigest: view.digest, counter: 1 });
    expect(rig.display.shown).toEqual(view.pages);
    expect(ask(rig, { kind: 'binding', offer, locale: 'en-US' })).toEqual({ kind: 'failed', code: 'nonce-used' });
  });

  it.each<[string, readonly Uint8Array[], string]>([
    ['no document', [], 'offer-signature'],
    ['an offer of another PSP', [offerBytes({}, 'other-psp')], 'offer-signature'],
    ['T25: a challenge in place of the offer', [challengeBytes()], 'offer-signature'],
    ['a total of nothing', [offerBytes({ limits: { currency: 'CNY', maxTotalMinor: 0 } })], 'amount-invalid'],
    ['T5: an offer to another device', [offerBytes({ payer: 'glasses-02' })], 'terms-differ'],
    [
      'T16: limits that are over',
      [offerBytes({ limits: { currency: 'CNY', validUntil: seconds(0) } })],
      'terms-differ',
    ],
  ])('refuses %s', (_what, documents, reason) => {
    expect(verdict(readBinding, documents)).toBe(reason);
  });

  it('T16: is fresh as long as the PSP says, and answered once', () => {
    const reading = readBinding([offer], settings);
    expect(reading.ok && [reading.nonce, reading.issuedAt, reading.expiresAt]).toEqual([
      id('offer nonce'),
      seconds(0),
      seconds(120),
    ]);
  });

  it('T9: says on the first page that there is no total limit and no end', () => {
    for (const profile of Object.values(PROFILES)) {
      const { pages, spoken } = viewOf(readBinding, [offerBytes({ limits: { currency: 'CNY' } })], { profile });
      const first = pages[0]?.lines.join('\n') ?? spoken[0];
      expect(first).toContain('No total limit');
      expect(first).toContain('No end date');
    }
  });

  it('T9: shows every limit, method and date of every legal offer whole, or refuses', () => {
    const limits = valuesOf(PaymentLimits as WireType<unknown>) as fc.Arbitrary<BindingOffer['limits']>;
    const method = fc.stringMatching(/^urn:act:payment:[a-z0-9_-]{1,48}$/);
    const methods = fc.array(method, { minLength: 1, maxLength: 4 });
    const agentId = fc.stringMatching(/^did:act:[a-z0-9.-]{1,30}\/[A-Za-z0-9._-]{1,50}$/);
    const profiles = fc.constantFrom(...Object.values(PROFILES));
    fc.assert(
      fc.property(limits, methods, agentId, profiles, fc.constantFrom('zh-CN', 'en-US'), (...drawn) => {
        const [bounds, ways, agent, profile, locale] = drawn;
        const issuedAt = Math.min(seconds(0), (bounds.validUntil ?? seconds(1)) - 1) as EpochSeconds;
        if (issuedAt < 946_684_800 || bounds.maxTotalMinor === 0) return;
        const documents = [offerBytes({ limits: bounds, methods: ways, agentId: agent, issuedAt })];
        const { pages, spoken } = viewOf(readBinding, documents, { profile, locale });
        const lines = pages.flatMap((page) => page.lines.slice(profile.rows >= 6 ? 1 : 0));
        const drawnText = lines.map((line) => line.replace(/^[>|] /, '')).join('');
        const text = pages.length > 0 ? drawnText : spoken.join('');
        const first = pages[0]?.lines.join('\n') ?? spoken[0] ?? '';
        const money = (minor: number) => `${bounds.currency} ${formatAmount(minor, bounds.currency)}`;
        if (bounds.maxTotalMinor !== undefined) expect(first).toContain(money(bounds.maxTotalMinor));
        if (bounds.maxSingleMinor !== undefined) expect(text).toContain(money(bounds.maxSingleMinor));
        if (bounds.validUntil !== undefined) expect(first).toContain(utcOf(bounds.validUntil).time);
        for (const part of [...ways, agent]) expect(text).toContain(part);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('T9: shows the largest limits whole on every profile', () => {
    const limits = { currency: 'KWD', maxSingleMinor: MAX_MINOR, maxTotalMinor: MAX_MINOR } as const;
    for (const profile of Object.values(PROFILES)) {
      const text = textOf(viewOf(readBinding, [offerBytes({ limits })], { profile }));
      expect(text.split('KWD 999999999.999').length - 1).toBeGreaterThanOrEqual(2);
    }
  });
});
