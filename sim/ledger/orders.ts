/** What a PSP asks of the ledger, and how things stand: the words of {@link DelegationLedger}. Times are epoch milliseconds. */
import type {
  Currency,
  EpochMs,
  IacState,
  LifecycleActor,
  PaymentError,
  SubAccountFailure,
  SubAccountState,
} from '../../protocol/index.ts';

export interface SubAccountKey {
  readonly subAccountId: string;
  readonly agentId: string;
  /** Thumbprint of the key that authorises payments out of it. */
  readonly keyKid: string;
}

/** What the wearer has signed, as far as money is concerned. Bounds are at least 1. */
export interface DelegationTerms {
  readonly delegationId: string;
  /** Of the wearer, whose wallet pays. */
  readonly account: string;
  readonly device: string;
  readonly currency: Currency;
  readonly maxTotalMinor: number;
  readonly maxSingleMinor?: number | undefined;
  /** For one day of the local time that `utcOffsetMin` gives. */
  readonly maxDailyMinor?: number | undefined;
  readonly maxOrders?: number | undefined;
  /** What a sub-account is filled with at first; the total where it is absent, and at most that. */
  readonly firstFundMinor?: number | undefined;
  /** What local time is ahead of UTC; 0 where it is absent. */
  readonly utcOffsetMin?: number | undefined;
  /** It pays from here until before there. */
  readonly validFrom: EpochMs;
  readonly validUntil: EpochMs;
  /** What pays: the wearer's wallet, or a sub-account of the agent with its own key (PSD-AGT-SUB). */
  readonly instrument: 'wallet' | SubAccountKey;
}

/** A change of state that is asked for. */
export interface Change {
  readonly delegationId: string;
  readonly changeId: string;
  readonly to: IacState;
  readonly by: LifecycleActor;
  /** What the credential's version will be: one more than the one known to who asks. Absent: whichever it is. */
  readonly version?: number | undefined;
}

/** A change of state that was made. */
export interface Passage {
  /** What the credential's version was from then on. */
  readonly version: number;
  readonly from: IacState;
  readonly to: IacState;
  readonly by: LifecycleActor;
  /** Absent for an end that came by itself. */
  readonly changeId?: string | undefined;
  readonly at: EpochMs;
}

export interface DelegationStanding {
  readonly state: IacState;
  /** Counts up from 1 with each change; 0 before the first. */
  readonly version: number;
  readonly currency: Currency;
  /** What was paid; a refund does not lessen it. */
  readonly spentMinor: number;
  /** What is promised to payments whose outcome is open. */
  readonly reservedMinor: number;
  readonly refundedMinor: number;
  /** How many payments were made. */
  readonly spends: number;
}

/** A payment that is asked for. */
export interface SpendRequest {
  readonly requestId: string;
  readonly delegationId: string;
  /** Of the signed request: the same id with another content is another request (`REQUEST_REPEATED`). */
  readonly contentDigest: string;
  /** At least 1. */
  readonly amountMinor: number;
  readonly currency: Currency;
}

/** How a payment went. */
export interface Executed {
  readonly tradeNo: string;
  readonly orderNo: string;
  readonly payee: string;
  /** The signed receipt as text, hex or base64. The first one is kept, so that it is given again and never made twice. */
  readonly receipt: string;
}

/** What became of a request. `released`: refused or failed, it holds nothing and never will; `error` says why. */
export type Standing = SpendRequest &
  (
    | {
        readonly standing: 'reserved';
        readonly reservedAt: number;
        readonly version: number;
        /** How often its sub-account had been frozen; absent is never. */
        readonly freezes?: number | undefined;
        readonly day: number;
      }
    | ({ readonly standing: 'committed'; readonly committedAt: number } & Executed)
    | { readonly standing: 'released'; readonly error: PaymentError; readonly releasedAt: number }
  );

/** One payment that was made. */
export interface Spend {
  readonly requestId: string;
  readonly tradeNo: string;
  readonly orderNo: string;
  readonly payee: string;
  readonly amountMinor: number;
  readonly committedAt: number;
}

export interface RefundOrder {
  /** `out_request_no` of the merchant. */
  readonly refundId: string;
  readonly tradeNo: string;
  /** At least 1. */
  readonly amountMinor: number;
  readonly currency: Currency;
  /** Who asks: only who was paid may give back. */
  readonly payee: string;
}

/** Why no money went back. */
export type RefundRefusal = 'unknown-trade' | 'other-payee' | 'other-currency' | 'more-than-paid' | 'request-repeated';

/** How far a sub-account reaches (PSD-AGT-SUB); absent is unbounded. */
export interface SubAccountLimits {
  readonly maxSingleMinor?: number | undefined;
  readonly maxTotalMinor?: number | undefined;
  readonly validUntil?: number | undefined;
}

/** One operation under its request number; `account` is the wearer's who asks, or for whom it is asked. */
export type SubAccountOrder = {
  readonly requestId: string;
  readonly account: string;
  readonly subAccountId: string;
} & (
  | {
      readonly operation: 'OPEN';
      readonly agentId: string;
      readonly keyKid: string;
      readonly currency: Currency;
      readonly limits?: SubAccountLimits | undefined;
    }
  | { readonly operation: 'TOP_UP'; readonly currency: Currency; readonly amountMinor: number }
  | { readonly operation: 'FREEZE' | 'UNFREEZE' | 'CANCEL' }
  | { readonly operation: 'QUERY' }
);

export interface SubAccountStanding extends SubAccountKey {
  readonly state: SubAccountState;
  readonly keyState: 'ENABLED' | 'DISABLED';
  readonly currency: Currency;
  /** What is promised to open payments is not in it. */
  readonly balanceMinor: number;
  readonly limits: SubAccountLimits;
  /** Counts up from 0 with each operation on it; payments do not count. */
  readonly version: number;
}

export type SubAccountAnswer =
  | { readonly kind: 'done'; readonly status: SubAccountStanding }
  | { readonly kind: 'refused'; readonly failure: SubAccountFailure };
