/** ACT 2.1 CID-MER-CAT and CID-INT-XFR: what there is to buy, and asking who can serve an intent. */

import { minutes, quantity, title } from '../fields.ts';
import { agentId, id16 } from '../ids.ts';
import { list, oneOf, text, uint, type WireValue, wireMap } from '../wire.ts';
import { amountNumber, category, currency, identifier, paidNumber, partyId, percentE2, time, url } from './fields.ts';
import { ExtCommerce } from './intent.ts';
import { oneAlone, ruled } from './rules.ts';

/** One item with the least that CID-MER-CAT demands; an item without name, category, price or currency is none. */
export const CatalogueItem = wireMap(
  'catalogue-item',
  {
    itemId: [1, identifier],
    name: [2, title],
    category: [3, category],
    priceMinor: [4, paidNumber],
    currency: [5, currency],
    stock: [6, uint(1_000_000), 'optional'],
    priceValidUntil: [7, time, 'optional'],
    deliveryEstimateMin: [8, minutes, 'optional'],
    merchantId: [9, partyId, 'optional'],
    detailUrl: [10, url, 'optional'],
  },
  { priceMinor: 'price', deliveryEstimateMin: 'delivery_estimate_minutes' },
);
export type CatalogueItem = WireValue<typeof CatalogueItem>;

/** What a candidate has to keep. */
export const IntentConstraints = wireMap(
  'intent-constraints',
  {
    currency: [1, currency],
    maxTotalMinor: [2, amountNumber, 'optional'],
    commerce: [3, ExtCommerce, 'optional'],
    deliverBefore: [4, time, 'optional'],
    priceDeviationToleranceE2: [5, percentE2, 'optional'],
  },
  { maxTotalMinor: 'max_total_amount', priceDeviationToleranceE2: 'price_deviation_tolerance' },
);

/**
 * An intent context request, or an update of one: each has a fresh id, an update names the request before it and carries
 * only what changed. Preferences and needs that nobody spoke out go along only with the consent that covers them.
 */
export const IntentContextRequest = ruled(
  wireMap('intent-context-request', {
    requestId: [1, id16],
    previousRequestId: [2, id16, 'optional'],
    agentId: [3, agentId],
    explicitNeeds: [4, list(wireMap('need', { what: [1, title], quantity: [2, quantity] }), 8, 1), 'optional'],
    constraints: [5, IntentConstraints, 'optional'],
    implicitNeeds: [6, list(text(128), 8, 1), 'optional'],
    preferences: [7, list(text(128), 8, 1), 'optional'],
    consentRef: [8, identifier, 'optional'],
    intentId: [9, id16, 'optional'],
    delegationId: [10, id16, 'optional'],
    responseFormat: [11, oneOf({ 'catalogue-items': 1, offers: 2 })],
    requesterProof: [12, identifier, 'optional'],
  }),
  [
    {
      code: 'act-request-link',
      says: 'an update has an id of its own, and a first request its needs',
      holds: (request) =>
        request.previousRequestId === undefined
          ? request.explicitNeeds !== undefined
          : request.previousRequestId !== request.requestId,
    },
    {
      code: 'act-consent',
      says: 'what nobody spoke out goes along with a consent',
      holds: (request) =>
        request.consentRef !== undefined || (request.implicitNeeds ?? request.preferences) === undefined,
    },
  ],
);
export type IntentContextRequest = WireValue<typeof IntentContextRequest>;

export const intentError = oneOf({
  FORMAT_INVALID: 1,
  NO_MATCH: 2,
  ACCESS_DENIED: 3,
  CONSTRAINT_CONFLICT: 4,
  RATE_LIMITED: 5,
});
export type IntentError = WireValue<typeof intentError>;

/** What the buyer agent does next, by the kind of error (CID-INT-XFR: retry, other merchant, adjust, tell the user). */
export const INTENT_ERROR_ACTIONS: { readonly [E in IntentError]: 'adjust' | 'switch-merchant' | 'notify' | 'retry' } =
  {
    FORMAT_INVALID: 'adjust',
    NO_MATCH: 'switch-merchant',
    ACCESS_DENIED: 'switch-merchant',
    CONSTRAINT_CONFLICT: 'notify',
    RATE_LIMITED: 'retry',
  };

/** Candidates, or why there are none. */
export const IntentContextResponse = ruled(
  wireMap('intent-context-response', {
    requestId: [1, id16],
    candidates: [2, list(CatalogueItem, 8, 1), 'optional'],
    error: [3, intentError, 'optional'],
    validUntil: [4, time, 'optional'],
  }),
  [
    {
      code: 'act-result-or-error',
      says: 'there are candidates or an error',
      holds: (response) => oneAlone(response.candidates, response.error),
    },
  ],
);
export type IntentContextResponse = WireValue<typeof IntentContextResponse>;
