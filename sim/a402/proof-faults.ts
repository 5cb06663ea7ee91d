/** What a seller checks of a payment proof before anything is delivered (ACT 2.1 PSD-PAY-A402 step 5), first fault first. */
import type { A402Value, Category, EpochMs, Receipt } from '../../protocol/index.ts';
import { msOf } from '../../protocol/index.ts';
import type { Bill } from './bill.ts';

/** How long after the payment a proof is taken, in seconds. */
export const PROOF_VALID_S = 86_400;

export interface ProofFacts {
  readonly seller: string;
  readonly methodId: string;
  readonly proof: A402Value<'Payment-Proof'>['protocol'];
  readonly receipt: Receipt;
  /** What the receipt's order number was billed for; absent where it was not billed here. */
  readonly bill: Bill | undefined;
  /** The trade by which that bill was paid, if it was. */
  readonly paidBy: string | undefined;
  /** Whether nothing is sold by that bill any more. */
  readonly isClosed: boolean;
  /** What is asked for now. */
  readonly resourceId: string;
  readonly fingerprint: string;
  /** What was delivered for this payment before, if anything. */
  readonly delivered: { readonly at: EpochMs; readonly idempotencyKey: string | undefined } | undefined;
  readonly now: EpochMs;
}

interface Check {
  readonly fault: string;
  readonly category: Category;
  fails(facts: ProofFacts & { readonly bill: Bill }): boolean;
}

/** The same request once more within the replay window is told what it was told: its answer may have been lost. */
function isRepetition({ delivered, proof, bill, now }: ProofFacts & { readonly bill: Bill }): boolean {
  return (
    delivered !== undefined &&
    delivered.idempotencyKey !== undefined &&
    delivered.idempotencyKey === proof.idempotencyKey &&
    now < delivered.at + (bill.replayWindowSeconds ?? 0) * 1000
  );
}

const isTooOld = ({ paidAt }: Receipt, now: EpochMs) => now >= msOf(paidAt) + PROOF_VALID_S * 1000;
const differs = (told: string | undefined, known: string | undefined) => told !== undefined && told !== known;

const CHECKS = [
  {
    fault: 'method-differs',
    category: 'METHOD_UNSUPPORTED',
    fails: ({ proof, methodId }) => differs(proof.methodId, methodId),
  },
  { fault: 'payee-differs', category: 'PARTICIPANT_INVALID', fails: ({ receipt, seller }) => receipt.payee !== seller },
  {
    fault: 'trade-differs',
    category: 'PROOF_INVALID',
    fails: ({ proof, receipt }) => proof.tradeNo !== receipt.tradeNo || differs(proof.outTradeNo, receipt.orderNo),
  },
  {
    fault: 'resource-differs',
    category: 'PROOF_INVALID',
    fails: ({ proof, bill, resourceId, fingerprint }) =>
      bill.resourceId !== resourceId ||
      differs(proof.resourceId, resourceId) ||
      bill.requestFingerprint !== fingerprint ||
      differs(proof.requestFingerprint, fingerprint),
  },
  {
    fault: 'amount-differs',
    category: 'PROOF_INVALID',
    fails: ({ receipt, bill }) => receipt.amountMinor !== bill.amountMinor || receipt.currency !== bill.currency,
  },
  { fault: 'paid-late', category: 'PROOF_INVALID', fails: ({ receipt, bill }) => receipt.paidAt > bill.payBefore },
  {
    fault: 'proof-expired',
    category: 'PROOF_INVALID',
    fails: ({ proof, receipt, now }) =>
      isTooOld(receipt, now) || (proof.expiresAt !== undefined && now >= msOf(proof.expiresAt)),
  },
  {
    fault: 'paid-twice',
    category: 'STATE_CONFLICT',
    fails: ({ paidBy, receipt }) => paidBy !== undefined && paidBy !== receipt.tradeNo,
  },
  { fault: 'trade-closed', category: 'STATE_CONFLICT', fails: ({ isClosed }) => isClosed },
  {
    fault: 'proof-replayed',
    category: 'STATE_CONFLICT',
    fails: (facts) => facts.delivered !== undefined && !isRepetition(facts),
  },
] as const satisfies readonly Check[];

export type ProofFault =
  | (typeof CHECKS)[number]['fault']
  | 'proof-unreadable'
  | 'proof-invalid'
  | 'order-unknown'
  | 'validation-unavailable';

/** The category of each fault in ACT's catalogue. */
export const PROOF_FAULTS: { readonly [F in ProofFault]: Category } = {
  'proof-unreadable': 'REQUEST_INVALID',
  'proof-invalid': 'PROOF_INVALID',
  'order-unknown': 'PROOF_INVALID',
  'validation-unavailable': 'SYSTEM_UNAVAILABLE',
  ...(Object.fromEntries(CHECKS.map(({ fault, category }) => [fault, category])) as {
    readonly [F in (typeof CHECKS)[number]['fault']]: Category;
  }),
};

/**
 * With these the seller has money for which nothing will be delivered, whatever else the buyer shows: it goes back. With all
 * others the buyer can show the same payment rightly.
 */
export const OWED = [
  'order-unknown',
  'amount-differs',
  'paid-late',
  'proof-expired',
  'paid-twice',
  'trade-closed',
] as const satisfies readonly ProofFault[];
export type Owed = (typeof OWED)[number];

/** A proof that calls itself expired can be shown anew; a payment that is too old cannot. */
export function isOwed(fault: ProofFault, receipt: Receipt, now: EpochMs): fault is Owed {
  return OWED.some((one) => one === fault) && (fault !== 'proof-expired' || isTooOld(receipt, now));
}

/** The first thing that is wrong with a genuine receipt as a proof for this request. */
export function proofFault(facts: ProofFacts): ProofFault | undefined {
  const { bill } = facts;
  if (facts.receipt.payee === facts.seller && bill === undefined) return 'order-unknown';
  const known = bill ?? ({} as Bill);
  return CHECKS.find((check) => (check as Check).fails({ ...facts, bill: known }))?.fault;
}
