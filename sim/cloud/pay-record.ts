/** What a PSP remembers of one payment request, and what it answers from that: the same, however often it is asked (T2, T3). */
import type { Digest, Id16, Message, ObjectValue, Party, PayRequest, PayState } from '../../protocol/index.ts';
import type { Outgoing } from './handler.ts';
import { type RefusalCode, refusal } from './refusals.ts';

/** A request that waits for the wearer. Its nonce is unused exactly as long as it is here. */
export interface Awaiting {
  readonly at: 'awaiting';
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly challenge: ObjectValue<'challenge'>;
  readonly request: PayRequest;
}

/** The last four are final: nothing that happens later changes them, and only `paid` has moved money. */
export type PayStanding =
  | Awaiting
  | { readonly at: 'paid'; readonly receipt: Uint8Array }
  | { readonly at: 'declined' }
  | { readonly at: 'expired' }
  | { readonly at: 'refused'; readonly code: RefusalCode };

export interface PayRecord {
  /** Of the pay request; absent when something else named the request id first. */
  readonly content?: Digest;
  readonly standing: PayStanding;
}

const STATE: { readonly [At in PayStanding['at']]: PayState } = {
  awaiting: 'awaiting-confirmation',
  paid: 'paid',
  declined: 'declined',
  expired: 'expired',
  refused: 'refused',
};

/** The answer to a request or a confirmation. A refusal always means: not debited, and never will be. */
export function answerOf(standing: PayStanding, to: Party, requestId: Id16): Outgoing {
  switch (standing.at) {
    case 'awaiting':
      return say(to, { type: 'challenge', body: { requestId, challenge: standing.bytes } });
    case 'paid':
      return say(to, { type: 'receipt', body: { requestId, receipt: standing.receipt } });
    case 'declined':
      return refusal(to, requestId, 'cancelled');
    case 'expired':
      return refusal(to, requestId, 'expired-challenge');
    case 'refused':
      return refusal(to, requestId, standing.code);
  }
}

/** The answer to a query or a cancellation. */
export function statusOf(standing: PayStanding | undefined, to: Party, requestId: Id16): Outgoing {
  const state = standing === undefined ? 'unknown-request' : STATE[standing.at];
  const receipt = standing?.at === 'paid' ? { receipt: standing.receipt } : {};
  return say(to, { type: 'pay-status', body: { requestId, state, ...receipt } });
}

function say(to: Party, message: Message): Outgoing {
  return { to, message };
}
