/** One thing of each kind that a wearer is asked to confirm, for golden pages and for eyes. */
import { composeAccountChange } from '../../device/confirm/account-view.ts';
import { composeBinding } from '../../device/confirm/binding-view.ts';
import { composeBounds } from '../../device/confirm/bounds-view.ts';
import { composeChange } from '../../device/confirm/change-view.ts';
import { composeNotice } from '../../device/confirm/notice-view.ts';
import {
  type ComposedView,
  type ConfirmationFacts,
  composeView,
  type DisplayProfile,
} from '../../device/confirm/view.ts';
import type { Locale } from '../../device/voice/vocabulary.ts';
import {
  type BindingOffer,
  digestOf,
  epochSeconds,
  fromIsoUtc,
  hex,
  type IacPayload,
  type Id16,
  type LifecycleChange,
  type SubAccountChange,
  sha256,
  utf8,
  writeTerms,
} from '../../protocol/index.ts';

const id = (label: string) => hex(sha256(utf8(label))).slice(0, 32) as Id16;

const PAYMENTS: Readonly<Record<Locale, Pick<ConfirmationFacts, 'payeeName' | 'lines'>>> = {
  'en-US': {
    payeeName: 'Luna Coffee & Bakery, Lakeside',
    lines: [
      { title: 'Large iced latte, less sugar, oat milk', quantity: 1, amountMinor: 2_680 },
      { title: 'Croissant', quantity: 2, amountMinor: 2_400 },
    ],
  },
  'zh-CN': {
    payeeName: '露娜咖啡（湖滨店）',
    lines: [
      { title: '大杯冰拿铁，少糖，换燕麦奶，加一份浓缩', quantity: 1, amountMinor: 2_680 },
      { title: '可颂', quantity: 2, amountMinor: 2_400 },
    ],
  },
};

const MERCHANTS: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  'rail-1': { 'zh-CN': '东湖铁路', 'en-US': 'East Lake Rail' },
  'rail-2': { 'zh-CN': '城际快线', 'en-US': 'Intercity Express' },
  'luna-1': { 'zh-CN': '露娜咖啡（湖滨店）', 'en-US': 'Luna Coffee & Bakery, Lakeside' },
  'tickets-1': { 'zh-CN': '大麦网', 'en-US': 'Damai' },
  'tickets-9': { 'zh-CN': '黄牛票务', 'en-US': 'Scalper Tickets' },
};

function sampleName(merchant: string, locale: Locale): string {
  return MERCHANTS[merchant]?.[locale] ?? merchant;
}

/** A train ticket of at most CNY 600, bounded in every way that ACT has fields for. */
export const SAMPLE_IAC: IacPayload = {
  delegationId: id('delegation'),
  intentId: id('intent'),
  delegatorIdentity: 'did:act:example.com/person-1',
  agentId: 'did:act:platform.example.com/Agent-alice-001',
  delegationMode: 'SPECIFIED',
  validityStartTime: fromIsoUtc('2026-11-23T02:10:00Z'),
  validityEndTime: fromIsoUtc('2026-11-24T02:10:00Z'),
  maxTotalMinor: 60_000,
  currency: 'CNY',
  allowedPaymentMethods: ['urn:act:payment:alipay'],
  userConfirmationMethod: 'VOICE',
  userConfirmationTimestamp: fromIsoUtc('2026-11-23T02:09:41Z'),
  sourceIsrDigest: digestOf(utf8('isr')),
  ext: {
    commerce: {
      maxSingleMinor: 55_000,
      minSingleMinor: 100,
      allowedCategories: ['rail-ticket'],
      forbiddenCategories: ['first-class'],
      allowedMerchants: ['rail-1', 'rail-2'],
      forbiddenMerchants: ['tickets-9'],
    },
    agentBehavior: {
      priceDeviationToleranceE2: 250,
      priceDeviationAction: 'PAUSE_AND_NOTIFY',
      onPaymentFailure: 'AUTO_RETRY',
      maxRetryCount: 3,
    },
    fulfillment: { deliveryTimeRequirement: 'before 2026-11-24', deliveryAddress: 'home' },
  },
};

/** A coffee every weekday before nine. */
const COFFEE_IAC: IacPayload = {
  ...SAMPLE_IAC,
  validityEndTime: fromIsoUtc('2026-12-31T16:00:00Z'),
  ext: {
    commerce: { maxSingleMinor: 3_000, allowedMerchants: ['luna-1'] },
    vendorPrivate: writeTerms({
      currency: 'CNY',
      items: [
        { itemId: 'latte', quantity: 1, choices: ['large', 'oat-milk', 'sugar-less'] },
        { itemId: 'croissant', quantity: 2 },
      ],
      ...{ maxDailyMinor: 3_000, maxOrders: 20, weekdays: [1, 2, 3, 4, 5], fromMin: 450, untilMin: 540 },
      utcOffsetMin: 480,
    }),
  },
};

/** Two tickets for one evening; nothing else is said of when they are bought. */
const CONCERT_IAC: IacPayload = {
  ...SAMPLE_IAC,
  maxTotalMinor: 256_000,
  ext: {
    commerce: { maxSingleMinor: 256_000, allowedMerchants: ['tickets-1'] },
    vendorPrivate: writeTerms({
      ...{ currency: 'CNY', items: [{ itemId: 'concert-ticket', quantity: 2, choices: ['tier-a'] }], maxOrders: 1 },
      ...{ utcOffsetMin: 480, wantedFrom: fromIsoUtc('2026-12-04T16:00:00Z') },
      wantedUntil: fromIsoUtc('2026-12-05T16:00:00Z'),
    }),
  },
};

/** A report for which the agent buys data where it finds it. */
const TASK_IAC: IacPayload = {
  ...SAMPLE_IAC,
  delegationMode: 'BOUNDED',
  maxTotalMinor: 5_000,
  ext: {
    commerce: { allowedCategories: ['data'] },
    vendorPrivate: writeTerms({
      ...{ currency: 'CNY', purpose: 'market-report', maxDailyMinor: 5_000, utcOffsetMin: -210, firstFundMinor: 2_000 },
    }),
  },
};

/** Bounded by nothing but what every credential has. */
const OPEN_IAC: IacPayload = {
  delegationId: id('open'),
  delegatorIdentity: 'did:act:example.com/person-1',
  agentId: 'did:act:platform.example.com/Agent-alice-001',
  delegationMode: 'BOUNDED',
  validityStartTime: fromIsoUtc('2026-11-23T02:10:30Z'),
  validityEndTime: fromIsoUtc('2027-11-23T02:10:30Z'),
  maxTotalMinor: 999_999_999_999,
  currency: 'KWD',
};

const CHANGE = {
  changeId: id('change'),
  delegationId: SAMPLE_IAC.delegationId,
  by: 'PRINCIPAL',
  changedAt: fromIsoUtc('2026-11-23T05:00:00Z'),
  version: 1,
} as const;

const CHANGES: Readonly<Record<'suspend' | 'resume' | 'revoke', LifecycleChange>> = {
  suspend: { ...CHANGE, from: 'Active', to: 'Suspended', reason: 'lost-phone' },
  resume: { ...CHANGE, from: 'Suspended', to: 'Active' },
  revoke: { ...CHANGE, from: 'Active', to: 'Revoked' },
};

const ACCOUNT_CHANGES: Readonly<Record<'fill' | 'unfreeze', SubAccountChange>> = {
  fill: {
    ...{ changeId: id('change'), delegationId: TASK_IAC.delegationId, subAccountId: 'sub-7d1e', operation: 'TOP_UP' },
    ...{ amountMinor: 2_500, currency: 'CNY', changedAt: CHANGE.changedAt, version: 1 },
  },
  unfreeze: {
    ...{ changeId: id('change'), delegationId: TASK_IAC.delegationId, subAccountId: 'sub-7d1e', operation: 'UNFREEZE' },
    ...{ currency: 'CNY', changedAt: CHANGE.changedAt, version: 2 },
  },
};

const SAMPLE_OFFER: BindingOffer = {
  nonce: id('nonce'),
  requestId: id('binding'),
  payer: 'glasses-01',
  agentId: 'did:act:platform.example.com/Agent-alice-001',
  methods: ['urn:act:payment:alipay', 'urn:act:payment:credit_card'],
  limits: {
    currency: 'CNY',
    maxSingleMinor: 20_000,
    maxTotalMinor: 200_000,
    validUntil: fromIsoUtc('2027-02-23T16:00:00Z'),
  },
  issuedAt: epochSeconds(1_795_399_800),
  expiresAt: epochSeconds(1_795_399_860),
};

const OPEN_OFFER: BindingOffer = { ...SAMPLE_OFFER, limits: { currency: 'CNY' } };

function payment(locale: Locale, profile: DisplayProfile): ComposedView {
  const shared = { totalMinor: 4_880, currency: 'CNY', discountMinor: 500, deliveryMinor: 300, etaMin: 25 } as const;
  return composeView({ ...shared, ...PAYMENTS[locale], orderNo: 'LC-20261123-0042', locale }, profile);
}

function bounds(iac: IacPayload) {
  return (locale: Locale, profile: DisplayProfile) =>
    composeBounds({ iac, locale, nameOf: (merchant) => sampleName(merchant, locale) }, profile);
}

function change(kind: keyof typeof CHANGES, iac = SAMPLE_IAC) {
  return (locale: Locale, profile: DisplayProfile) =>
    composeChange({ change: CHANGES[kind], iac, locale, nameOf: (merchant) => sampleName(merchant, locale) }, profile);
}

function account(kind: keyof typeof ACCOUNT_CHANGES) {
  return (locale: Locale, profile: DisplayProfile) => {
    const nameOf = (merchant: string) => sampleName(merchant, locale);
    return composeAccountChange({ change: ACCOUNT_CHANGES[kind], iac: TASK_IAC, locale, nameOf }, profile);
  };
}

function binding(offer: BindingOffer) {
  return (locale: Locale, profile: DisplayProfile) => composeBinding(offer, locale, profile);
}

/** The view of each sample on a surface. */
export const SAMPLES: Readonly<Record<string, (locale: Locale, profile: DisplayProfile) => ComposedView>> = {
  payment,
  delegation: bounds(SAMPLE_IAC),
  'delegation-open': bounds(OPEN_IAC),
  'delegation-coffee': bounds(COFFEE_IAC),
  'delegation-concert': bounds(CONCERT_IAC),
  'delegation-task': bounds(TASK_IAC),
  suspend: change('suspend', COFFEE_IAC),
  resume: change('resume'),
  revoke: change('revoke'),
  'account-fill': account('fill'),
  'account-unfreeze': account('unfreeze'),
  binding: binding(SAMPLE_OFFER),
  'binding-open': binding(OPEN_OFFER),
  pair: (locale, profile) => composeNotice('pair', '482913', profile, locale),
};
