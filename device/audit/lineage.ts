/**
 * Which record comes before another in the causal chain: intent → delegation → decision → cart → payment → fulfilment
 * (ACT 2.1 TSD-ATT-OFF, reference to the upstream record). Each party links the records it made itself.
 */
import type { AttestationRecord, EventType, Id16 } from '../../protocol/index.ts';

/** Along the chain; changes of a delegation's state follow its issue and one another. */
const STAGE: { readonly [E in EventType]: number } = {
  'act:delegation:intent-created': 0,
  'act:delegation:delegation-issued': 1,
  'act:delegation:delegation-suspended': 1,
  'act:delegation:delegation-resumed': 1,
  'act:delegation:delegation-revoked': 1,
  'act:delegation:delegation-expired': 1,
  'act:commerce:decision-logged': 2,
  'act:commerce:cart-confirmed': 3,
  'act:payment:transaction-completed': 4,
  'act:commerce:fulfillment-completed': 5,
};
const DELEGATION = 1;

/** So many intents are remembered, and so many records of each: a link that is missing then is optional in ACT. */
const [MAX_INTENTS, MAX_RECORDS] = [512, 64];

/** What a link depends on. */
export type Linked = Pick<AttestationRecord, 'eventType' | 'intentId' | 'delegationId' | 'orderNo'>;
type Known = Linked & { readonly recordId: Id16 };

export class Lineage {
  /** Newest last, of intents and of records. */
  readonly #intents = new Map<Id16, readonly Known[]>();

  /** Takes in a record that was made; in order of making. */
  add({ recordId, eventType, intentId, delegationId, orderNo }: Known): void {
    const links = { ...(delegationId && { delegationId }), ...(orderNo && { orderNo }) };
    const known = [...(this.#intents.get(intentId) ?? []), { recordId, eventType, intentId, ...links }];
    this.#intents.delete(intentId);
    this.#intents.set(intentId, known.slice(-MAX_RECORDS));
    const [oldest] = this.#intents.keys();
    if (oldest !== undefined && this.#intents.size > MAX_INTENTS) this.#intents.delete(oldest);
  }

  /** The record right before this one: the newest of the latest stage, of the same order and delegation where both name one. */
  upstreamOf(next: Linked): Id16 | undefined {
    const before = (this.#intents.get(next.intentId) ?? []).filter(
      (known) =>
        precedes(known, next) && agree(known.orderNo, next.orderNo) && agree(known.delegationId, next.delegationId),
    );
    const stage = Math.max(...before.map(({ eventType }) => STAGE[eventType]));
    return before.findLast(({ eventType }) => STAGE[eventType] === stage)?.recordId;
  }
}

/** Whether one event comes before another in the chain. */
export function precedes(known: Pick<Linked, 'eventType'>, next: Pick<Linked, 'eventType'>): boolean {
  const [earlier, later] = [STAGE[known.eventType], STAGE[next.eventType]];
  return earlier < later || (earlier === DELEGATION && later === DELEGATION);
}

function agree(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
