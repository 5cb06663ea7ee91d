/**
 * ACT 2.1 TSD-ATT-EVT: the ten events that are attested, and the body of each. ACT registers the names and leaves the
 * bodies open; these hold amounts, states, times and digests, and have no field for a name, an address or an account.
 */
import { minutes } from '../fields.ts';
import { agentId } from '../ids.ts';
import { tradeState } from '../messages/trade.ts';
import { list, oneOf, text, uint, wireMap } from '../wire.ts';
import {
  amountNumber,
  currency,
  delegationMode,
  digest,
  identifier,
  methodUrn,
  paidNumber,
  partyId,
  time,
  userConfirmationMethod,
} from './fields.ts';
import {
  EXPIRED,
  type IacTransition,
  iacState,
  iacTransition,
  lifecycleActor,
  RESUMED,
  REVOKED,
  SUSPENDED,
} from './lifecycle.ts';
import { ruled } from './rules.ts';

const IntentCreated = wireMap(
  'intent-created',
  {
    isrDigest: [1, digest],
    delegationMode: [2, delegationMode, 'optional'],
    maxTotalMinor: [3, amountNumber],
    currency: [4, currency],
    validityEndTime: [5, time],
    userConfirmationMethod: [6, userConfirmationMethod, 'optional'],
  },
  { maxTotalMinor: 'max_total_amount' },
);

const DelegationIssued = wireMap(
  'delegation-issued',
  {
    iacDigest: [1, digest],
    agentId: [2, agentId],
    delegationMode: [3, delegationMode],
    validityStartTime: [4, time],
    validityEndTime: [5, time],
    maxTotalMinor: [6, amountNumber],
    currency: [7, currency],
    confirmationDigest: [8, digest, 'optional'],
  },
  { maxTotalMinor: 'max_total_amount' },
);

/** The body of a change of state; it has to be a change that reports this event. */
function delegationChanged(event: IacTransition['event']) {
  return ruled(
    wireMap('delegation-changed', {
      from: [1, iacState],
      to: [2, iacState],
      by: [3, lifecycleActor],
      version: [4, uint(0xffff, 1)],
      changeDigest: [5, digest, 'optional'],
      reason: [6, text(32, /^[a-z][a-z-]*$/), 'optional'],
    }),
    [
      {
        code: 'act-transition',
        says: 'the event is that of the change',
        holds: ({ from, to, by }) => iacTransition(from, to, by)?.event === event,
      },
    ],
  );
}

const DecisionLogged = wireMap(
  'decision-logged',
  {
    candidates: [1, uint(64)],
    chosenItemId: [2, identifier, 'optional'],
    merchantId: [3, partyId, 'optional'],
    amountMinor: [4, paidNumber, 'optional'],
    currency: [5, currency],
    reasons: [6, list(text(32, /^[a-z][a-z-]*$/), 4)],
    offersDigest: [7, digest],
  },
  { amountMinor: 'amount' },
);

const CartConfirmed = wireMap(
  'cart-confirmed',
  {
    cartDigest: [1, digest],
    merchantId: [2, partyId],
    finalMinor: [3, paidNumber],
    currency: [4, currency],
    itemCount: [5, uint(64, 1)],
    etaMin: [6, minutes, 'optional'],
  },
  { finalMinor: 'final_amount', etaMin: 'eta_minutes' },
);

const TransactionCompleted = wireMap(
  'transaction-completed',
  {
    payeeId: [1, partyId],
    amountMinor: [2, paidNumber],
    currency: [3, currency],
    methodId: [4, methodUrn],
    tradeState: [5, tradeState],
    paidAt: [6, time],
    receiptDigest: [7, digest],
    confirmationDigest: [8, digest, 'optional'],
  },
  { amountMinor: 'amount' },
);

const FulfillmentCompleted = wireMap('fulfillment-completed', {
  merchantId: [1, partyId],
  tradeState: [2, oneOf({ TRADE_FINISHED: 5, TRADE_CLOSED: 6 })],
  completedAt: [3, time],
  updateDigest: [4, digest],
});

/** Which ids a record of an event has to carry, beside the intent id that all of them carry (TSD-ATT-OFF). */
export type EventLinks = 'intent' | 'delegation' | 'order' | 'trade';

/** The events: number on the wire, body, and the ids their records carry. A record of a later step carries the ids of the earlier ones. */
export const EVENTS = {
  'act:delegation:intent-created': { number: 1, links: 'intent', body: IntentCreated },
  'act:delegation:delegation-issued': { number: 2, links: 'delegation', body: DelegationIssued },
  'act:delegation:delegation-suspended': { number: 3, links: 'delegation', body: delegationChanged(SUSPENDED) },
  'act:delegation:delegation-resumed': { number: 4, links: 'delegation', body: delegationChanged(RESUMED) },
  'act:delegation:delegation-revoked': { number: 5, links: 'delegation', body: delegationChanged(REVOKED) },
  'act:delegation:delegation-expired': { number: 6, links: 'delegation', body: delegationChanged(EXPIRED) },
  'act:commerce:decision-logged': { number: 7, links: 'intent', body: DecisionLogged },
  'act:commerce:cart-confirmed': { number: 8, links: 'order', body: CartConfirmed },
  'act:payment:transaction-completed': { number: 9, links: 'trade', body: TransactionCompleted },
  'act:commerce:fulfillment-completed': { number: 10, links: 'trade', body: FulfillmentCompleted },
} as const satisfies Readonly<Record<string, { number: number; links: EventLinks; body: unknown }>>;

export type EventType = keyof typeof EVENTS;
