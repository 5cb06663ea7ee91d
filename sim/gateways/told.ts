/** What people were told, each with how much had happened in the ledger when it was sent. */
import type { DelegationStatus, Digest, Id16, ObjectValue, PaymentResult } from '../../protocol/index.ts';
import type { Happened } from './witness.ts';

export interface ToldReceipt {
  readonly value: ObjectValue<'receipt'>;
  readonly bytesHex: string;
}

export type Told = { readonly after: number } & (
  | { readonly kind: 'status'; readonly requestId: Id16 | undefined; readonly status: DelegationStatus }
  | { readonly kind: 'refusal'; readonly requestId: Id16; readonly code: string }
  /** Of a request, in the agent's own words; the receipt is the one in the answer. */
  | { readonly kind: 'result'; readonly result: PaymentResult; readonly receipt: ToldReceipt | undefined }
  | { readonly kind: 'device-receipt' | 'merchant-receipt'; readonly receipt: ToldReceipt }
  | { readonly kind: 'device-refund'; readonly tradeNo: string; readonly amountMinor: number }
  /** What the merchant was told of a refund; `reason` where there is none. */
  | { readonly kind: 'refund-answer'; readonly requestId: Id16; readonly reason: string | undefined }
  /** What a machine answered its operator, `silence` where it died; `before`: how much had happened when it was asked. */
  | {
      readonly kind: 'command';
      readonly before: number;
      readonly words: string;
      readonly delegationId: Id16;
      readonly said: string;
    }
);

/** What the agent has signed, by the digest of it. */
export interface Signed {
  readonly digest: Digest;
  readonly delegationId: Id16;
  readonly requestId: Id16;
  readonly orderNo: string;
  readonly payee: string;
  readonly amountMinor: number;
  /** When the agent signed it, to the second. */
  readonly createdAtMs: number;
}

/** An order of the wearer to stop or to go on, as it was signed. */
export interface OrderedChange {
  readonly requestId: Id16;
  readonly delegationId: Id16;
  readonly to: 'Active' | 'Suspended' | 'Revoked';
  readonly version: number;
}

/** What came of one run, for a checker. */
export interface GatewayRecord {
  readonly happened: readonly Happened[];
  readonly told: readonly Told[];
  readonly signed: readonly Signed[];
  readonly changes: readonly OrderedChange[];
  /** What each pot holds in the end, and how each request stands. */
  readonly balances: ReadonlyMap<string, number>;
  readonly standings: ReadonlyMap<string, string>;
  /** Whoever never got an answer: device and agent, by request. */
  readonly unanswered: readonly string[];
  /** What was thrown that nothing should throw. */
  readonly broken: readonly string[];
}
