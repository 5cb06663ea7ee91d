/** ACT 2.1 CID-PCA-NEG: which ways of payment buyer and seller share. An empty list ends the purchase. */
import { agentId } from '../ids.ts';
import { list, oneOf, text, type WireValue, wireMap } from '../wire.ts';
import { amountNumber, currency, methodUrn, pspUrn, url } from './fields.ts';
import { ruled } from './rules.ts';

/** The node `act:payment:negotiation` of an agent card. */
export const NegotiationEntry = ruled(
  wireMap('negotiation-entry', {
    mode: [1, oneOf({ 'one-way': 1, 'two-way': 2 })],
    capabilityUrl: [2, url, 'optional'],
    negotiationEndpoint: [3, url, 'optional'],
  }),
  [
    {
      code: 'act-negotiation-mode',
      says: 'the mode has its address, and no other',
      holds: ({ mode, capabilityUrl, negotiationEndpoint }) =>
        (capabilityUrl !== undefined) === (mode === 'one-way') &&
        (negotiationEndpoint !== undefined) === (mode === 'two-way'),
    },
  ],
);
export type NegotiationEntry = WireValue<typeof NegotiationEntry>;

/** The published document `act-payment-capability.json` of the one-way mode. */
export const PaymentCapability = wireMap('payment-capability', {
  version: [1, text(16, /^[0-9]+\.[0-9]+$/)],
  role: [2, oneOf({ payee: 1 })],
  agentId: [3, agentId],
  supportedMethods: [
    4,
    list(
      wireMap('capability-method', {
        methodId: [1, methodUrn],
        psps: [
          2,
          list(wireMap('capability-psp', { pspId: [1, pspUrn], endpoint: [2, url], methodSchemaUrl: [3, url] }), 8),
        ],
      }),
      8,
    ),
  ],
});
export type PaymentCapability = WireValue<typeof PaymentCapability>;

/** buyer → seller, in the two-way mode. */
export const CapabilityRequest = wireMap(
  'capability-request',
  {
    agentId: [1, agentId],
    buyerSupportedMethods: [2, list(methodUrn, 8, 1)],
    currency: [3, currency],
    estimatedMinor: [4, amountNumber],
  },
  { estimatedMinor: 'estimated_amount' },
);
export type CapabilityRequest = WireValue<typeof CapabilityRequest>;

/** seller → buyer: the methods both have; none is an answer, too. */
export const CapabilityResponse = wireMap('capability-response', {
  supportedMethods: [
    1,
    list(
      wireMap('matched-method', {
        methodId: [1, methodUrn],
        pspId: [2, pspUrn],
        endpoint: [3, url],
        methodSchemaUrl: [4, url],
      }),
      8,
    ),
  ],
});
export type CapabilityResponse = WireValue<typeof CapabilityResponse>;
