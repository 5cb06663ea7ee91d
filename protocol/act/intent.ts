/** ACT 2.1 ADD-INT-ICS: what the principal said, and what was made of it. */
import { agentId, id16 } from '../ids.ts';
import { list, oneOf, text, uint, type WireValue, wireMap } from '../wire.ts';
import {
  amountNumber,
  category,
  currency,
  delegationMode,
  deviationAction,
  digest,
  methodUrn,
  opaque,
  partyId,
  percentE2,
  time,
  userConfirmationMethod,
} from './fields.ts';
import { ascending, disjoint, type Rule, ruled, textOrList, together } from './rules.ts';

/** One turn of a dialogue (ADD `user_intent_raw`). */
export const ConversationTurn = wireMap('conversation-turn', {
  role: [1, oneOf({ USER: 1, ASSISTANT: 2 })],
  content: [2, text(512)],
  createTime: [3, time],
});

/** The words, or their digest and where the words are kept. The keys 1 to 3 are those of the L1 message. */
export const ActConversationHistory = ruled(
  wireMap('conversation-history', {
    userIntentRawDigest: [1, digest, 'optional'],
    contextRef: [2, text(64, /^[a-z0-9:.-]+$/), 'optional'],
    inputMode: [3, list(oneOf({ TEXT: 1, VOICE: 2, IMAGE: 3, INTERACTIVE_CARD: 4, OTHER: 5 }), 5, 1), 'optional'],
    userIntentRaw: [4, textOrList(text(1024), list(ConversationTurn, 16, 1)), 'optional'],
  }),
  [
    {
      code: 'act-words',
      says: 'the words or their digest are there',
      holds: (history) => history.userIntentRaw !== undefined || history.userIntentRawDigest !== undefined,
    },
    {
      code: 'act-context-ref',
      says: 'a digest comes with where the words are kept',
      holds: (history) => history.userIntentRawDigest === undefined || history.contextRef !== undefined,
    },
  ],
);
export type ActConversationHistory = WireValue<typeof ActConversationHistory>;

/** Bounds on goods and merchants (ADD `ext.commerce`). */
export const ExtCommerce = ruled(
  wireMap(
    'ext-commerce',
    {
      maxSingleMinor: [1, amountNumber, 'optional'],
      minSingleMinor: [2, amountNumber, 'optional'],
      allowedCategories: [3, list(category, 16), 'optional'],
      forbiddenCategories: [4, list(category, 16), 'optional'],
      allowedMerchants: [5, list(partyId, 16), 'optional'],
      forbiddenMerchants: [6, list(partyId, 16), 'optional'],
    },
    { maxSingleMinor: 'max_single_amount', minSingleMinor: 'min_single_amount' },
  ),
  [
    {
      code: 'act-amount-order',
      says: 'the smallest single amount is not above the largest',
      holds: (ext) => ascending(ext.minSingleMinor, ext.maxSingleMinor),
    },
    {
      code: 'act-list-conflict',
      says: 'nothing is allowed and forbidden at once',
      holds: (ext) =>
        disjoint(ext.allowedCategories, ext.forbiddenCategories) &&
        disjoint(ext.allowedMerchants, ext.forbiddenMerchants),
    },
  ],
);
export type ExtCommerce = WireValue<typeof ExtCommerce>;

/** How the agent behaves when something is not as foreseen (ADD `ext.agent_behavior`). */
export const ExtAgentBehavior = wireMap(
  'ext-agent-behavior',
  {
    priceDeviationToleranceE2: [1, percentE2, 'optional'],
    priceDeviationAction: [2, deviationAction, 'optional'],
    onPaymentFailure: [3, oneOf({ AUTO_RETRY: 1, CANCEL: 2 }), 'optional'],
    maxRetryCount: [4, uint(16), 'optional'],
  },
  { priceDeviationToleranceE2: 'price_deviation_tolerance' },
);

/**
 * Extensions of an intent and of a credential (ADD `ext`). An address is a reference to one, never the address itself.
 * `vendorPrivate` may be ignored by who does not know it, and never changes what the other fields mean.
 */
export const Ext = wireMap('ext', {
  commerce: [1, ExtCommerce, 'optional'],
  agentBehavior: [2, ExtAgentBehavior, 'optional'],
  fulfillment: [
    3,
    wireMap('ext-fulfillment', {
      deliveryTimeRequirement: [1, text(64), 'optional'],
      deliveryAddress: [2, text(128), 'optional'],
    }),
    'optional',
  ],
  vendorPrivate: [4, opaque(512), 'optional'],
});
export type Ext = WireValue<typeof Ext>;

/** What an intent and a credential have in common: a window, a total, who confirmed, and the extensions. */
interface Bounds {
  readonly validityStartTime: number;
  readonly validityEndTime: number;
  readonly maxTotalMinor: number;
  readonly userConfirmationMethod?: unknown;
  readonly userConfirmationTimestamp?: unknown;
  readonly ext?: Ext;
}

/** The rules of ADD-INT-ICS that hold for an intent and for what is selected from it. */
export const BOUNDS_RULES: readonly Rule<Bounds>[] = [
  {
    code: 'act-window',
    says: 'the validity ends after it starts',
    holds: (bounds) => bounds.validityEndTime > bounds.validityStartTime,
  },
  {
    code: 'act-amount-order',
    says: 'no single amount is above the total',
    holds: ({ ext, maxTotalMinor }) =>
      ascending(ext?.commerce?.minSingleMinor, maxTotalMinor) &&
      ascending(ext?.commerce?.maxSingleMinor, maxTotalMinor),
  },
  {
    code: 'act-confirmation-pair',
    says: 'method and time of a confirmation come together',
    holds: (bounds) => together(bounds.userConfirmationMethod, bounds.userConfirmationTimestamp),
  },
];

/** Intent Structured Result. The keys 1 to 11 are those of the L1 message, which every ISR of L1 keeps byte for byte. */
export const ActIsr = ruled(
  wireMap(
    'isr',
    {
      conversationHistory: [1, ActConversationHistory],
      intentId: [2, id16],
      delegationMode: [3, delegationMode, 'optional'],
      validityStartTime: [4, time],
      validityEndTime: [5, time],
      maxTotalMinor: [6, amountNumber],
      currency: [7, currency],
      allowedPaymentMethods: [8, list(methodUrn, 4, 1), 'optional'],
      agentId: [9, agentId],
      userConfirmationMethod: [10, userConfirmationMethod, 'optional'],
      userConfirmationTimestamp: [11, time, 'optional'],
      ext: [12, Ext, 'optional'],
    },
    { maxTotalMinor: 'max_total_amount' },
  ),
  BOUNDS_RULES,
);
export type ActIsr = WireValue<typeof ActIsr>;
