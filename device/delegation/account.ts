/** The sub-account that pays under a delegation, as far as this device knows it (ACT 2.1 PSD-AGT-SUB). */
import type { EpochMs, EpochSeconds, Id16, SubAccountStatus } from '../../protocol/index.ts';
import type { Locale } from '../voice/vocabulary.ts';

/** What the PSP has said last of it. Payments move the balance without a word: it is never told without its time. */
export type KnownAccount = Pick<SubAccountStatus, 'state' | 'balanceMinor' | 'version' | 'asOf'>;

/** What the wearer's word is enough for: it takes nothing from them. */
export type ByWord = 'QUERY' | 'FREEZE' | 'CANCEL';
/** What lets the agent spend more than now, and needs a press. */
export type ByPress =
  | { readonly operation: 'UNFREEZE' }
  | { readonly operation: 'TOP_UP'; readonly amountMinor: number };

interface Errand {
  /** Of the words that asked for it. */
  readonly locale: Locale;
}

/** Told to the PSP until it has answered. */
interface Sent extends Errand {
  readonly requestId: Id16;
  readonly attempts: number;
  readonly nextAt: EpochMs;
}

/** An operation on the account that is under way. */
export type AccountErrand =
  | (Sent & { readonly step: 'telling'; readonly operation: ByWord; readonly createdAt: EpochSeconds })
  /** How the account stands is asked before the wearer is, so that the order is about what is so now. */
  | (Sent & { readonly step: 'asking'; readonly wants: ByPress; readonly createdAt: EpochSeconds })
  /** For its turn at the signer. */
  | (Errand & { readonly step: 'waiting'; readonly wants: ByPress; readonly until: EpochMs })
  /** `bytes`: what is being signed, in deterministic CBOR. */
  | (Errand & { readonly step: 'open'; readonly wants: ByPress; readonly bytes: Uint8Array })
  | (Sent & { readonly step: 'ordered'; readonly wants: ByPress; readonly order: Uint8Array });

export type ErrandIn<Step extends AccountErrand['step']> = Extract<AccountErrand, { step: Step }>;
export type SentErrand = ErrandIn<'telling' | 'asking' | 'ordered'>;

export interface Account {
  /** As the PSP has named it. */
  readonly subAccountId: string;
  readonly known?: KnownAccount;
  /** One at a time. */
  readonly errand?: AccountErrand;
}

/**
 * Late news are no news, and nothing leads out of a closed account (T4). `version` orders operations; the clocks of two gateways
 * differ, so that `asOf` orders only what has the same one.
 */
export function isNewer(status: KnownAccount, known: KnownAccount | undefined): boolean {
  if (!known) return true;
  const goesOn = known.state !== 'CANCELLED' || status.state === 'CANCELLED';
  return goesOn && (status.version - known.version || status.asOf - known.asOf) >= 0;
}

export function isSent(errand: AccountErrand): errand is SentErrand {
  return 'requestId' in errand;
}

export function operationOf(errand: AccountErrand): ByWord | ByPress['operation'] {
  return errand.step === 'telling' ? errand.operation : errand.wants.operation;
}

/** When something is to be done about it next. */
export function errandWakeAt({ errand }: Account): EpochMs | undefined {
  if (!errand) return undefined;
  return isSent(errand) ? errand.nextAt : errand.step === 'waiting' ? errand.until : undefined;
}

/** Without what was under way. */
export function withoutErrand({ errand: _done, ...rest }: Account): Account {
  return rest;
}
