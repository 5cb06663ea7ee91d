/** What the desks of delegated payments share, and what they say to devices and agents. */
import {
  type EpochMs,
  type EpochSeconds,
  type Id16,
  type Message,
  type Party,
  type Role,
  type SigningKey,
  secondsOf,
  signObject,
  type TrustSet,
} from '../../protocol/index.ts';
import { statusOf } from '../ledger/delegations.ts';
import type { LedgerStore } from '../ledger/store.ts';
import { accountStanding } from '../ledger/sub-accounts.ts';
import type { Outgoing } from './handler.ts';
import type { WearerAccount } from './psp-binding-checks.ts';
import type { Delegation, DelegationBook } from './psp-delegation-book.ts';
import type { LedgerRetries } from './psp-delegation-retries.ts';
import type { SignerCounters } from './signer-counters.ts';

export interface DelegationParts {
  readonly tenant: string;
  readonly trust: TrustSet;
  readonly objectKey: SigningKey;
  readonly secret: Uint8Array;
  /** Payment methods that are accepted, as URNs. */
  readonly methods: readonly string[];
  readonly store: LedgerStore;
  readonly book: DelegationBook;
  readonly retries: LedgerRetries;
  /** Shared with everything else that signers sign. */
  readonly counters: SignerCounters;
  accountOf(device: string): WearerAccount | undefined;
  isLocked(device: string): boolean;
  /** The party that acts under an agent identity, if one is registered. */
  agentOf(agentId: string): string | undefined;
  roleOf(party: string): Role | undefined;
}

/** How long a status may be relied on (T17). */
export const STATUS_FRESH_S = 300;

export function toDevice({ device }: Delegation): Party {
  return { party: device, role: 'device' };
}

export function toAgent({ agent }: Delegation): Party {
  return { party: agent, role: 'agent' };
}

export function say(to: Party, message: Message): Outgoing {
  return { to, message };
}

/** Where a delegation stands, signed, for who may know it. @throws LedgerUnavailable. */
export function statusFor(
  { store, objectKey }: DelegationParts,
  { delegationId, instrument }: Delegation,
  to: Party,
  now: EpochMs,
  requestId?: Id16,
): Outgoing {
  const account = 'subAccountId' in instrument && { subAccountId: instrument.subAccountId };
  const { standing, isClosed } = store.transact((books) => ({
    standing: statusOf(books, delegationId, now),
    isClosed: account && accountStanding(books, account.subAccountId)?.state === 'CANCELLED',
  }));
  if (standing === undefined) throw new Error('what was issued stands in the ledger');
  const asOf = secondsOf(now);
  const { state, version, currency, spentMinor, reservedMinor, refundedMinor, spends } = standing;
  const sums = { currency, spentMinor, reservedMinor, refundedMinor, spends };
  const freshUntil = (asOf + STATUS_FRESH_S) as EpochSeconds;
  // Nothing pays any more where the account is closed: its agent may as well stop.
  const value = { delegationId, state, version, ...sums, asOf, freshUntil, ...(!isClosed && account) };
  const status = signObject('delegation-status', value, objectKey);
  return say(to, { type: 'delegation-status', body: { ...(requestId && { requestId }), status } });
}

/** What pays under a delegation, for its agent. */
export function instrumentFor(delegation: Delegation): Outgoing {
  const { delegationId, instrument } = delegation;
  return say(toAgent(delegation), { type: 'instrument', body: { delegationId, ...instrument } });
}

/** The same for an agent that asks; nothing while its account is frozen or closed, or it would try that one at once (T14, T30). @throws LedgerUnavailable. */
export function payingInstrumentFor({ store }: DelegationParts, delegation: Delegation): readonly Outgoing[] {
  const { instrument } = delegation;
  const pays =
    !('subAccountId' in instrument) ||
    store.transact((books) => accountStanding(books, instrument.subAccountId))?.state === 'AVAILABLE';
  return pays ? [instrumentFor(delegation)] : [];
}
