/** Values that break one rule each: intents, credentials, discovery and carts. */
import { NegotiationEntry } from '../../../protocol/act/capability.ts';
import { CartConfirmation, CartConfirmationRequest, PreCheckResult } from '../../../protocol/act/cart.ts';
import { IntentContextRequest, IntentContextResponse } from '../../../protocol/act/discovery.ts';
import { FinalIac, IacPayload } from '../../../protocol/act/iac.ts';
import { ActConversationHistory, ActIsr, ExtCommerce } from '../../../protocol/act/intent.ts';
import { LifecycleChange, LifecycleStatus } from '../../../protocol/act/lifecycle.ts';
import type { ProtocolErrorCode } from '../../../protocol/errors.ts';
import type { WireType } from '../../../protocol/wire.ts';
import { at, idOf, NOW } from '../builders.ts';
import { AGENT, IAC, ISR, PRINCIPAL } from './samples.ts';

type Changes = Readonly<Record<string, unknown>>;
/** A declaration, a value that keeps its rules, and changes that break one. */
export interface RuleCase {
  readonly name: string;
  readonly type: WireType<never>;
  readonly good: object;
  /** Each breaks one rule; `undefined` leaves a field out. */
  readonly bad: readonly (readonly [Changes, ProtocolErrorCode])[];
}

/** A declaration among others. */
export const any = (type: unknown) => type as WireType<never>;
/** The fields that are there. */
export const without = (changes: object) =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

const item = { itemId: 'sku-1', name: 'Seat', quantity: 1, amountMinor: 55_000 };
const confirmed = {
  ...{ items: [item, { ...item, amountMinor: 600 }], deliveryMinor: 50, discountMinor: 300, finalMinor: 55_350 },
  ...{ currency: 'CNY', counterparty: 'rail-1', orderNo: 'RL-1', confirmedAt: NOW, lockedUntil: at(60) },
};
const { orderNo: _, confirmedAt: __, lockedUntil: ___, ...asked } = { ...confirmed, requestId: idOf('cart') };
const final = {
  protectedHeader: { alg: 'Ed25519', typ: 'act-iac+json', kid: 'k-1' },
  credentialMetadata: {
    ...{ credentialId: IAC.delegationId, issuer: PRINCIPAL, trustee: AGENT, issuedAt: NOW },
    ...{ effectiveAt: IAC.validityStartTime, expiresAt: IAC.validityEndTime },
  },
  credentialSubject: IAC,
  proof: { signatureValue: new Uint8Array(64) },
};
export const AUTHORIZATION_CASES: readonly RuleCase[] = [
  {
    name: 'conversation history',
    type: any(ActConversationHistory),
    good: ISR.conversationHistory,
    bad: [
      [{ userIntentRawDigest: undefined }, 'act-words'],
      [{ contextRef: undefined }, 'act-context-ref'],
    ],
  },
  {
    name: 'ext.commerce',
    type: any(ExtCommerce),
    good: {
      minSingleMinor: 5,
      maxSingleMinor: 5,
      allowedCategories: ['a'],
      forbiddenCategories: ['b'],
      allowedMerchants: ['m'],
      forbiddenMerchants: ['n'],
    },
    bad: [
      [{ minSingleMinor: 6 }, 'act-amount-order'],
      [{ forbiddenCategories: ['b', 'a'] }, 'act-list-conflict'],
      [{ forbiddenMerchants: ['m'] }, 'act-list-conflict'],
    ],
  },
  ...[
    { name: 'ISR', type: any(ActIsr), good: ISR },
    { name: 'IAC', type: any(IacPayload), good: IAC },
  ].map((one) => ({
    ...one,
    bad: [
      [{ validityEndTime: ISR.validityStartTime }, 'act-window'],
      [{ validityEndTime: ISR.validityStartTime - 1 }, 'act-window'],
      [{ maxTotalMinor: 59_999 }, 'act-amount-order'],
      [{ ext: { commerce: { minSingleMinor: 60_001 } } }, 'act-amount-order'],
      [{ userConfirmationTimestamp: undefined }, 'act-confirmation-pair'],
      [{ userConfirmationMethod: undefined }, 'act-confirmation-pair'],
    ] as const,
  })),
  {
    name: 'IAC with words',
    type: any(IacPayload),
    good: { ...without({ ...IAC, intentId: undefined }), conversationHistory: { userIntentRaw: 'a ticket' } },
    bad: [[{ intentId: ISR.intentId }, 'act-intent-or-history']],
  },
  {
    name: 'final IAC',
    type: any(FinalIac),
    good: final,
    bad: [
      ...['credentialId', 'issuer', 'trustee', 'effectiveAt', 'expiresAt'].map((field) => {
        const others: Changes = {
          credentialId: idOf('x'),
          issuer: 'did:x:y',
          trustee: 'did:act:x.com/y',
          effectiveAt: at(1),
          expiresAt: at(2),
        };
        const told = { ...final.credentialMetadata, [field]: others[field] };
        return [{ credentialMetadata: told }, 'act-iac-metadata'] as const;
      }),
    ],
  },
  {
    name: 'lifecycle change',
    type: any(LifecycleChange),
    good: {
      ...{ changeId: idOf('c'), delegationId: IAC.delegationId, from: 'Active', to: 'Suspended', by: 'PRINCIPAL' },
      ...{ changedAt: NOW, version: 1 },
    },
    bad: [
      [{ by: 'AGENT' }, 'act-transition'],
      [{ from: 'Revoked' }, 'act-transition'],
      [{ to: 'Active' }, 'act-transition'],
    ],
  },
  {
    name: 'lifecycle status',
    type: any(LifecycleStatus),
    good: { delegationId: IAC.delegationId, state: 'Active', version: 0, asOf: NOW, freshUntil: at(1) },
    bad: [[{ freshUntil: NOW }, 'act-window']],
  },
  {
    name: 'intent context request',
    type: any(IntentContextRequest),
    good: {
      ...{ requestId: idOf('r'), agentId: AGENT, explicitNeeds: [{ what: 'latte', quantity: 1 }] },
      ...{ implicitNeeds: ['warm'], preferences: ['oat'], consentRef: 'consent-1', responseFormat: 'catalogue-items' },
    },
    bad: [
      [{ explicitNeeds: undefined }, 'act-request-link'],
      [{ previousRequestId: idOf('r') }, 'act-request-link'],
      [{ consentRef: undefined, preferences: undefined }, 'act-consent'],
      [{ consentRef: undefined, implicitNeeds: undefined }, 'act-consent'],
    ],
  },
  {
    name: 'intent context response',
    type: any(IntentContextResponse),
    good: { requestId: idOf('r'), error: 'NO_MATCH' },
    bad: [
      [{ error: undefined }, 'act-result-or-error'],
      [
        { candidates: [{ itemId: 'i', name: 'n', category: 'c', priceMinor: 1, currency: 'CNY' }] },
        'act-result-or-error',
      ],
    ],
  },
  ...[
    { mode: 'one-way', mine: 'capabilityUrl', other: 'negotiationEndpoint' },
    { mode: 'two-way', mine: 'negotiationEndpoint', other: 'capabilityUrl' },
  ].map(({ mode, mine, other }) => ({
    name: `${mode} negotiation`,
    type: any(NegotiationEntry),
    good: { mode, [mine]: 'https://shop.example/act' },
    bad: [
      [{ [mine]: undefined }, 'act-negotiation-mode'],
      [{ [other]: 'https://shop.example/act' }, 'act-negotiation-mode'],
    ] as const,
  })),
  {
    name: 'pre-check',
    type: any(PreCheckResult),
    good: {
      intentId: ISR.intentId,
      checks: [
        { dimension: 'MERCHANT', passed: true },
        { dimension: 'CATEGORY', passed: false },
      ],
      passed: false,
      action: 'PAUSE_AND_NOTIFY',
      checkedAt: NOW,
    },
    bad: [
      [{ passed: true }, 'act-pre-check'],
      [{ action: undefined }, 'act-pre-check'],
      [{ passed: true, checks: [{ dimension: 'MERCHANT', passed: true }] }, 'act-pre-check'],
      [
        {
          checks: [
            { dimension: 'MERCHANT', passed: true },
            { dimension: 'MERCHANT', passed: false },
          ],
        },
        'act-pre-check',
      ],
    ],
  },
  {
    name: 'cart confirmation',
    type: any(CartConfirmation),
    good: confirmed,
    bad: [
      [{ finalMinor: 55_349 }, 'act-total'],
      [{ discountMinor: undefined }, 'act-total'],
      [{ deliveryMinor: undefined }, 'act-total'],
      [{ lockedUntil: NOW }, 'act-window'],
    ],
  },
  { name: 'cart request', type: any(CartConfirmationRequest), good: asked, bad: [[{ finalMinor: 1 }, 'act-total']] },
];
