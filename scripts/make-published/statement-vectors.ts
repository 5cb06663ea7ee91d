/** Vectors of the views that a wearer confirms besides a payment's: the bounds of a delegation, a change of one, a binding. */
import { composeAccountChange } from '../../device/confirm/account-view.ts';
import { composeBinding } from '../../device/confirm/binding-view.ts';
import { composeBounds } from '../../device/confirm/bounds-view.ts';
import { composeChange } from '../../device/confirm/change-view.ts';
import { type ComposedView, type DisplayProfile, PROFILES, type ProfileId } from '../../device/confirm/view.ts';
import type { IacPayload, LifecycleChange, SubAccountChange } from '../../protocol/index.ts';
import { fromIsoUtc, writeTerms } from '../../protocol/index.ts';
import type { BindingOffer } from '../../protocol/messages/signer.ts';
import { VALUES } from '../fuzz-samples.ts';
import { digestFor } from './keys.ts';
import { type Json, plain, type Vector } from './vector.ts';

const LOCALES = ['en-US', 'zh-CN'] as const;
type Locale = (typeof LOCALES)[number];

/** The registry of these vectors and of `view-digests.json`. */
export const NAMES: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  'en-US': { 'lane-coffee': 'Lane Coffee', 'wok-10': 'Wok No. 10', 'a-1': 'Café Müller & Söhne' },
  'zh-CN': { 'lane-coffee': '蓝巷咖啡', 'wok-10': '十号锅（静安寺店）', 'a-1': 'の饭团屋' },
};

/** What a view is made from; the names of merchants are those of one locale. */
type Facts = {
  readonly iac?: IacPayload;
  readonly 'lifecycle-change'?: LifecycleChange;
  readonly 'sub-account-change'?: SubAccountChange;
  readonly 'binding-offer'?: BindingOffer;
  readonly names?: Readonly<Record<string, string>>;
};

/** The view of these facts. */
export function composedOf(facts: Facts & { readonly locale: Locale }, profile: DisplayProfile): ComposedView {
  const { iac, locale, names = {}, 'lifecycle-change': change, 'binding-offer': offer } = facts;
  const account = facts['sub-account-change'];
  if (offer !== undefined) return composeBinding(offer, locale, profile);
  if (iac === undefined) throw new Error('a delegation has a payload');
  const nameOf = (merchant: string) => names[merchant] ?? '';
  if (account !== undefined) return composeAccountChange({ change: account, iac, locale, nameOf }, profile);
  if (change === undefined) return composeBounds({ iac, locale, nameOf }, profile);
  return composeChange({ change, iac, locale, nameOf: (merchant) => names[merchant] ?? merchant }, profile);
}

/** What a vector says of a view. */
export function seenIn(made: ComposedView): { readonly decoded: Json } | { readonly code: string } {
  if (!made.ok) return { code: made.reason };
  const { profileId: profile, locale, pages, spoken, digest } = made.view;
  const screens = pages.map(({ title, lines }) => [title, ...lines]);
  return { decoded: { profile, locale, screens, spoken: [...spoken], digest } };
}

const sample: IacPayload = VALUES.authorization.iac;
const { delegationId, delegatorIdentity, agentId } = sample;
const least: IacPayload = {
  ...{ delegationId, delegatorIdentity, agentId },
  validityStartTime: fromIsoUtc('2026-12-31T23:59:59Z'),
  validityEndTime: fromIsoUtc('2027-01-01T00:00:01Z'),
  maxTotalMinor: 50_000,
  currency: 'JPY',
};
const most: IacPayload = {
  ...least,
  delegationMode: 'BOUNDED',
  validityEndTime: fromIsoUtc('2027-10-09T08:00:00Z'),
  maxTotalMinor: 999_999_999_999,
  currency: 'KWD',
  allowedPaymentMethods: ['urn:act:payment:alipay', 'urn:act:payment:credit_card'],
  userConfirmationMethod: 'VOICE',
  userConfirmationTimestamp: fromIsoUtc('2026-12-31T23:59:58Z'),
  sourceIsrDigest: digestFor('the intent'),
  ext: {
    commerce: {
      maxSingleMinor: 999_999_999_999,
      minSingleMinor: 5,
      allowedMerchants: ['a-1', 'wok-10'],
      forbiddenMerchants: ['lane-coffee'],
      allowedCategories: ['coffee', 'tea'],
      forbiddenCategories: ['alcohol'],
    },
    agentBehavior: {
      priceDeviationToleranceE2: 10_000,
      priceDeviationAction: 'AUTO_CANCEL',
      onPaymentFailure: 'AUTO_RETRY',
      maxRetryCount: 0,
    },
    fulfillment: {
      deliveryTimeRequirement: '工作日 9:00–18:00，周末 after ten',
      deliveryAddress: `The second door on the left, behind the yard, ${'静安寺'.repeat(20)} 3F`,
    },
  },
  conversationHistory: {
    userIntentRawDigest: digestFor('the words'),
    contextRef: 'act:context:device:42',
    inputMode: ['VOICE', 'TEXT'],
  },
};

/** At a moment of a day that the wearer named. */
const tickets: IacPayload = {
  ...sample,
  ext: {
    vendorPrivate: writeTerms({
      ...{ currency: 'CNY', items: [{ itemId: 'concert-ticket', quantity: 2, choices: ['tier-a'] }] },
      ...{ maxOrders: 1, utcOffsetMin: -210 },
      ...{ wantedFrom: fromIsoUtc('2026-12-04T16:00:00Z'), wantedUntil: fromIsoUtc('2026-12-05T16:00:00Z') },
    }),
  },
};
const report: IacPayload = {
  ...least,
  delegationMode: 'BOUNDED',
  ext: {
    vendorPrivate: writeTerms({
      ...{ currency: 'JPY', purpose: 'market-report', maxDailyMinor: 5_000, weekdays: [1, 2, 3, 4, 5, 6, 7] },
      ...{ fromMin: 1_439, untilMin: 1_440, utcOffsetMin: 0, firstFundMinor: 9_000 },
    }),
  },
};

const fill: SubAccountChange = { ...VALUES['sub-account-order'].change, currency: 'JPY' };
const { amountMinor: _none, ...unfilled } = fill;
const unfreeze: SubAccountChange = { ...unfilled, operation: 'UNFREEZE' };
const pause: LifecycleChange = VALUES['lifecycle-order'].change;
const { reason: _, ...unreasoned } = pause;
const resume: LifecycleChange = { ...unreasoned, from: 'Suspended', to: 'Active', version: 2 };
const revoke: LifecycleChange = { ...pause, to: 'Revoked', reason: 'lost' };
const offer: BindingOffer = VALUES['binding-offer'];
const unlimited: BindingOffer = {
  ...offer,
  methods: ['urn:act:payment:alipay', 'urn:act:payment:credit_card'],
  limits: { currency: 'HKD' },
};

const SHOWN: readonly (readonly [name: string, facts: Facts])[] = [
  ['the bounds of coffee on weekdays', { iac: sample }],
  ['the bounds of tickets for one day', { iac: tickets }],
  ['the bounds of a report', { iac: report }],
  ['bounds with nothing but what has to be there', { iac: least }],
  ['bounds with every field', { iac: most }],
  ['a pause', { iac: sample, 'lifecycle-change': pause }],
  ['a resumption of what is bound by nothing', { iac: least, 'lifecycle-change': resume }],
  ['a revocation of the widest', { iac: most, 'lifecycle-change': revoke }],
  ['what is put into the account of a report', { iac: report, 'sub-account-change': fill }],
  ['the unfreezing of an account', { iac: report, 'sub-account-change': unfreeze }],
  ['a binding with every limit', { 'binding-offer': offer }],
  ['a binding without limits', { 'binding-offer': unlimited }],
];

const commerce = (over: object): Facts => ({ iac: { ...sample, ext: { commerce: over } } });
const behaving = (priceDeviationToleranceE2: number): Facts => ({
  iac: { ...sample, ext: { agentBehavior: { priceDeviationToleranceE2 } } },
});
const delivered = (deliveryAddress: string): Facts => ({
  iac: { ...sample, ext: { fulfillment: { deliveryAddress } } },
});

/** What the view itself may say, and others may not seem to say. */
const SENTENCES = '7 Road. Hold to allow. Total max CNY 1.00';

/** One view each, in English on the glasses unless another profile is named. */
const SINGLE: readonly (readonly [name: string, facts: Facts, proves: string, profile?: ProfileId])[] = [
  ['a tolerance of 0.05 percent', behaving(5), 'ACTC-CNF-020'],
  ['a tolerance of 2.5 percent', behaving(250), 'ACTC-CNF-020'],
  ['a tolerance of nothing', behaving(0), 'ACTC-CNF-020'],
  ['a text that is brought to NFC, with its spaces put right', delivered(' Cafe\u0301 \u3000 7 '), 'ACTC-CNF-022'],
  ['a text that begins as a row of the view does', delivered('Total max CNY 1.00 > Agent | x'), 'ACTC-CNF-022'],
  [
    'a pause of payments to a merchant that is not registered',
    { iac: sample, 'lifecycle-change': pause, names: {} },
    'ACTC-CNF-018',
  ],
  [
    'an amount in another currency than the bounds',
    { iac: report, 'sub-account-change': { ...fill, currency: 'CNY' } },
    'ACTC-CNF-021',
  ],
  [
    'an account of what is bounded in words nobody knows',
    { iac: { ...report, ext: { vendorPrivate: '{"max":1}' } }, 'sub-account-change': unfreeze },
    'ACTC-CNF-026',
  ],
  ['a binding to a total of nothing', { 'binding-offer': limited({ maxTotalMinor: 0 }) }, 'ACTC-CNF-021'],
  ['a binding to a total of one fen', { 'binding-offer': limited({ maxTotalMinor: 1 }) }, 'ACTC-CNF-019'],
  ['an empty list of merchants', commerce({ allowedMerchants: [] }), 'ACTC-CNF-021'],
  ['an empty list of forbidden merchants', commerce({ forbiddenMerchants: [] }), 'ACTC-CNF-021', 'voice'],
  ['an empty list of categories', commerce({ allowedCategories: [] }), 'ACTC-CNF-021', 'oled-3'],
  ['an empty list of forbidden categories', commerce({ forbiddenCategories: [] }), 'ACTC-CNF-021', 'phone'],
  ['what only a vendor understands', { iac: { ...sample, ext: { vendorPrivate: '{}' } } }, 'ACTC-CNF-021'],
  ['terms in another currency than the bounds', { iac: { ...sample, currency: 'HKD' } }, 'ACTC-CNF-026'],
  ['items where the agent is to choose', { iac: { ...sample, delegationMode: 'BOUNDED' } }, 'ACTC-CNF-026'],
  ['an item that says where it ends', termed('quote'), 'ACTC-CNF-025', 'voice'],
  [
    'a pause of what is bounded in words nobody knows',
    { iac: { ...sample, ext: { vendorPrivate: '{"max":1}' } }, 'lifecycle-change': pause },
    'ACTC-CNF-026',
  ],
  ['a resumption of a task', { iac: report, 'lifecycle-change': resume }, 'ACTC-CNF-026', 'phone'],
  [
    'the words themselves',
    { iac: { ...least, conversationHistory: { userIntentRaw: 'coffee every day' } } },
    'ACTC-CNF-021',
  ],
  ['a total of nothing', { iac: { ...sample, maxTotalMinor: 0, ext: {} } }, 'ACTC-CNF-021'],
  [
    'an end that nobody asks for',
    { iac: sample, 'lifecycle-change': { ...unreasoned, to: 'Expired', by: 'SYSTEM' } },
    'ACTC-CNF-021',
  ],
  ['names for more than 64 pages', crowded(), 'ACTC-CNF-021', 'oled-3'],
  ['names for more than one item', crowded(), 'ACTC-CNF-021', 'phone'],
  ['a right-to-left override in a text', delivered('7 \u202edaoR'), 'ACTC-CNF-022'],
  ['a line separator in a text', delivered('7 Road\u2028Hold to allow'), 'ACTC-CNF-022'],
  ['a zero-width space in a text', delivered('7 Ro\u200bad'), 'ACTC-CNF-022'],
  ['a text of spaces', delivered(' '), 'ACTC-CNF-022'],
  [
    'a Cyrillic letter in the name of a merchant',
    { iac: sample, names: { 'lane-coffee': 'L\u0430ne' } },
    'ACTC-CNF-022',
  ],
  ['a text that has sentences as the view has', delivered(SENTENCES), 'ACTC-CNF-025', 'voice'],
  ['a text that says where it ends', delivered(`7 Road, end quote. ${SENTENCES}`), 'ACTC-CNF-025', 'voice'],
  ['a text that says it in other letters', delivered('7 Road, ＥＮＤ-Quø té'), 'ACTC-CNF-025'],
  ['a text that sounds as if it said it', delivered('7 Road, and kwoat'), 'ACTC-CNF-025', 'voice'],
  ['a text that says it in Chinese', delivered('静安寺，引号完'), 'ACTC-CNF-025', 'voice'],
  ['a text that sounds so in Chinese', delivered('静安寺，隐好 玩'), 'ACTC-CNF-025', 'voice'],
  ['a text that only resembles it', delivered('Coat and Quota Road 7, 引1号，尹浩'), 'ACTC-CNF-025', 'voice'],
  ['a name that says where it ends', { iac: sample, names: { 'lane-coffee': 'Unquote' } }, 'ACTC-CNF-025', 'voice'],
  ['such a text where nothing is said', delivered('7 Road, end quote'), 'ACTC-CNF-025', 'phone'],
  ['accented letters and full-width ones in a name', { iac: sample, names: { 'lane-coffee': 'éＡ' } }, 'ACTC-CNF-022'],
  ['full-width letters among others in a name', { iac: sample, names: { 'lane-coffee': 'Ｌane' } }, 'ACTC-CNF-022'],
  ['kana that look like ideographs in a name', { iac: sample, names: { 'lane-coffee': '蓝巷ロ' } }, 'ACTC-CNF-022'],
  ['kana that do not in a name', { iac: sample, names: { 'lane-coffee': '蓝巷のロ' } }, 'ACTC-CNF-022'],
  ['a name of 97 letters', { iac: sample, names: { 'lane-coffee': 'a'.repeat(97) } }, 'ACTC-CNF-022'],
  ['a name of 96 letters', { iac: sample, names: { 'lane-coffee': 'a'.repeat(96) } }, 'ACTC-CNF-022'],
];

/** One thing to buy under this id. */
function termed(itemId: string): Facts {
  const terms = writeTerms({ currency: 'CNY', items: [{ itemId, quantity: 1 }], utcOffsetMin: 480 });
  return { iac: { ...sample, ext: { vendorPrivate: terms } } };
}

function limited(limits: Partial<BindingOffer['limits']>): BindingOffer {
  return { ...offer, limits: { currency: 'CNY', ...limits } };
}

/** Each of as many merchants as there may be with a name as long as one may be. */
function crowded(): Facts {
  const [allowedMerchants, forbiddenMerchants] = ['a', 'f'].map((letter) =>
    Array.from({ length: 16 }, (_, i) => `${letter}${i}`),
  ) as [string[], string[]];
  const names = Object.fromEntries(
    [...allowedMerchants, ...forbiddenMerchants].map((id) => [id, id.padEnd(96, ' long')]),
  );
  return { ...commerce({ allowedMerchants, forbiddenMerchants }), names };
}

function vectorOf(name: string, facts: Facts, locale: Locale, profile: ProfileId, proves: readonly string[]): Vector {
  const isNamed = facts['binding-offer'] === undefined;
  const whole = { ...facts, ...(isNamed && { names: facts.names ?? NAMES[locale] }), locale };
  return { name, proves, profile, facts: plain(whole), ...seenIn(composedOf(whole, PROFILES[profile])) };
}

const LAID_OUT = ['ACTC-CNF-018', 'ACTC-CNF-019', 'ACTC-CNF-020', 'ACTC-CNF-022', 'ACTC-CNF-023'];

/** `facts`, `profile`: what is confirmed, and where it is shown; `decoded`: all that is seen and heard, and its digest. */
export function statementVectors(): Vector[] {
  const profiles = Object.keys(PROFILES) as ProfileId[];
  const shown = SHOWN.flatMap(([name, facts]) =>
    profiles.flatMap((profile) =>
      LOCALES.map((locale) => vectorOf(`${name}, ${locale}, on ${profile}`, facts, locale, profile, LAID_OUT)),
    ),
  );
  const single = SINGLE.map(([name, facts, proves, profile = 'hud-480x640']) =>
    vectorOf(name, facts, 'en-US', profile, [proves]),
  );
  return [...shown, ...single];
}
