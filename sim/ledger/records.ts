/** What stands in the books: one record a key. Every sum a rule needs is kept beside the things it sums. */
import type { Currency, IacState, SubAccountFailure, SubAccountState } from '../../protocol/index.ts';
import type {
  Change,
  DelegationTerms,
  Passage,
  RefundOrder,
  RefundRefusal,
  Spend,
  Standing,
  SubAccountKey,
  SubAccountLimits,
  SubAccountOrder,
} from './orders.ts';
import type { Books } from './store.ts';

export interface DelegationRecord {
  readonly terms: DelegationTerms;
  readonly state: IacState;
  readonly version: number;
  /** Of the last change, or of the opening. */
  readonly changedAt: number;
  readonly spentMinor: number;
  readonly reservedMinor: number;
  readonly refundedMinor: number;
  /** Payments made, and payments whose outcome is open. */
  readonly spends: number;
  readonly openSpends: number;
  /** The newest local day of a reservation, in days since 1970, and what is paid or promised of that day's. */
  readonly day: number;
  readonly dayMinor: number;
}

/** What a change was answered. */
export interface ChangeRecord {
  readonly change: Change;
  readonly kind: 'changed' | 'illegal' | 'stale' | 'unknown';
}

export interface TradeRecord {
  readonly requestId: string;
  readonly refundedMinor: number;
}

/** What a refund was answered. */
export interface RefundRecord {
  readonly order: RefundOrder;
  readonly refusal?: RefundRefusal | undefined;
  /** Of the trade altogether once this was done. */
  readonly refundedTotalMinor: number;
  readonly refundedAt: number;
}

export interface SubAccountRecord extends SubAccountKey {
  readonly account: string;
  readonly currency: Currency;
  readonly state: SubAccountState;
  readonly limits: SubAccountLimits;
  /** Paid and promised out of it altogether. */
  readonly promisedMinor: number;
  /** Counts up from 0 with each operation; payments do not count. */
  readonly version: number;
  /** How often it was frozen; absent is never. */
  readonly freezes?: number | undefined;
  /** The credential it was opened for and ends with; absent for one the wearer opened. */
  readonly openedFor?: string | undefined;
}

/** What an operation on a sub-account was answered. */
export interface OperationRecord {
  readonly order: SubAccountOrder;
  readonly failure?: SubAccountFailure | undefined;
}

/** The kinds of record; their keys begin with the name and a slash. */
interface Kinds {
  readonly delegation: DelegationRecord;
  /** One whose sub-account could not be filled. */
  readonly 'refused-delegation': DelegationTerms;
  readonly change: ChangeRecord;
  /** By delegation and version. */
  readonly passage: Passage;
  readonly request: Standing;
  readonly trade: TradeRecord;
  /** By delegation and place in the order of payments. */
  readonly spend: Spend;
  readonly refund: RefundRecord;
  readonly 'sub-account': SubAccountRecord;
  readonly operation: OperationRecord;
}

export function readRecord<K extends keyof Kinds>(books: Books, kind: K, id: string): Kinds[K] | undefined {
  return books.get(`${kind}/${id}`) as Kinds[K] | undefined;
}

export function writeRecord<K extends keyof Kinds>(books: Books, kind: K, id: string, value: Kinds[K]): void {
  books.put(`${kind}/${id}`, value);
}

/** The ids of a kind that begin so, ascending. */
export function idsOf(books: Books, kind: keyof Kinds, beginning: string): readonly string[] {
  return books.list(`${kind}/${beginning}`).map((key) => key.slice(kind.length + 1));
}

/** Whether two contents under one id are one: spelt alike but for the order of fields; an undefined field is an absent one. */
export function sameContent(left: object, right: object): boolean {
  return spelt(left) === spelt(right);
}

function spelt(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
