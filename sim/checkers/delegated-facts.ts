/** Payments under delegations as the frames tell them: receipt, the agent's request in it, the wearer's credential in that, the cart. */
import {
  type AutonomousPayRequest,
  type Cart,
  type DelegatedPayRequest,
  type DelegationStatus,
  digestOf,
  type EdgeTerms,
  type OpenedObject,
  type Receipt,
  type Refund,
  termsOf,
} from '../../protocol/index.ts';
import type { Reading } from './reading.ts';

export type Request = OpenedObject<'delegated-pay-request'> | OpenedObject<'autonomous-pay-request'>;

/** One payment, with everything it rests on as far as somebody genuine has sent it. */
export interface Spent {
  readonly receipt: Receipt;
  readonly request: Request;
  readonly value: DelegatedPayRequest | AutonomousPayRequest;
  readonly authorization: OpenedObject<'authorization'> | undefined;
  readonly terms: EdgeTerms | undefined;
  readonly cart: Cart | undefined;
}

function requestOf(reading: Reading, { confirmationDigest }: Receipt): Request | undefined {
  return (
    reading.objects('delegated-pay-request').get(confirmationDigest) ??
    reading.objects('autonomous-pay-request').get(confirmationDigest)
  );
}

/** Whether an agent has asked for it, and no wearer has confirmed it one by one. */
export function isDelegated(reading: Reading, receipt: Receipt): boolean {
  return requestOf(reading, receipt) !== undefined;
}

/** Reads each receipt once, in the order in which they came to be known. */
export class Spends {
  readonly #reading: Reading;
  readonly #seen = new Set<string>();
  readonly all: Spent[] = [];

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** Those that are new since the last call. */
  take(): readonly Spent[] {
    const receipts = this.#reading.objects('receipt');
    if (receipts.size === this.#seen.size) return [];
    const fresh: Spent[] = [];
    for (const [digest, { value }] of receipts) {
      if (this.#seen.has(digest)) continue;
      this.#seen.add(digest);
      const spent = this.#read(value);
      if (spent) fresh.push(spent);
    }
    this.all.push(...fresh);
    return fresh;
  }

  #read(receipt: Receipt): Spent | undefined {
    const request = requestOf(this.#reading, receipt);
    if (!request) return undefined;
    const { value } = request;
    // Of the very bytes that somebody has sent, which were found genuine then.
    const authorization = this.#reading.objects('authorization').get(digestOf(value.iac));
    const cart =
      value.cartDigest === undefined ? undefined : this.#reading.objects('cart').get(value.cartDigest)?.value;
    const terms = authorization && termsOf(authorization.value.iac);
    return { receipt, request, value, authorization, terms, cart };
  }
}

/** Each signed status of the PSP once. */
export function statusesOf(reading: Reading): readonly DelegationStatus[] {
  return [...reading.objects('delegation-status').values()].map(({ value }) => value);
}

/** Each refund that the PSP has signed for once. */
export function refundsOf(reading: Reading): readonly Refund[] {
  return [...reading.objects('refund').values()].map(({ value }) => value);
}

export function grouped<T, K>(list: Iterable<T>, keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of list) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
