/** One wearer, one credential, and the ids of a test. */
import { type EpochMs, epochMs } from '../../../protocol/index.ts';
import { DelegationLedger } from '../../../sim/ledger/delegation-ledger.ts';
import { memoryLedger } from '../../../sim/ledger/memory-ledger.ts';
import type { DelegationTerms, Executed, SpendRequest } from '../../../sim/ledger/orders.ts';
import type { LedgerStore } from '../../../sim/ledger/store.ts';

/** Thursday 2026-11-19 00:00 UTC. */
export const START = epochMs(Date.UTC(2026, 10, 19));
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const after = (ms: number): EpochMs => epochMs(START + ms);

export const WEARER = 'wearer-1';
export const DELEGATION = 'd0';
export const SUB_ACCOUNT = { subAccountId: 'sub-1', agentId: 'did:act:example.com/agent-1', keyKid: 'k1' };

export function terms(changed: Partial<DelegationTerms> = {}): DelegationTerms {
  return {
    delegationId: DELEGATION,
    account: WEARER,
    device: 'glasses-01',
    currency: 'CNY',
    maxTotalMinor: 10_000,
    validFrom: START,
    validUntil: after(30 * DAY_MS),
    instrument: 'wallet',
    ...changed,
  };
}

export function spend(requestId: string, amountMinor: number, changed: Partial<SpendRequest> = {}): SpendRequest {
  const contentDigest = `content of ${requestId}`;
  return { requestId, delegationId: DELEGATION, contentDigest, amountMinor, currency: 'CNY', ...changed };
}

export function executed(requestId: string, changed: Partial<Executed> = {}): Executed {
  return { tradeNo: `T-${requestId}`, orderNo: `O-${requestId}`, payee: 'cafe', receipt: 'aa', ...changed };
}

export interface Desk {
  readonly ledger: DelegationLedger;
  readonly store: LedgerStore;
  /** Reserves and commits at once. */
  pay(requestId: string, amountMinor: number, now?: EpochMs): void;
  /** What a pot holds. */
  pot(name: string): number;
}

/** A ledger in memory with a funded wallet and one open credential. */
export function desk(changed: Partial<DelegationTerms> = {}, walletMinor = 1_000_000): Desk {
  const store = memoryLedger();
  const ledger = new DelegationLedger(store);
  if (walletMinor > 0) ledger.fund(WEARER, 'CNY', walletMinor, 'opening');
  ledger.open(terms(changed), START);
  return {
    ledger,
    store,
    pay(requestId, amountMinor, now = START) {
      const delegationId = changed.delegationId ?? DELEGATION;
      const kinds = [
        ledger.reserve(spend(requestId, amountMinor, { delegationId }), now).kind,
        ledger.commit(requestId, executed(requestId), now).kind,
      ];
      if (kinds.join() !== 'reserved,committed') throw new Error(`not paid: ${kinds}`);
    },
    pot: (name) => store.transact((books) => (books.get(`balance/${name}/CNY`) as number | undefined) ?? 0),
  };
}
