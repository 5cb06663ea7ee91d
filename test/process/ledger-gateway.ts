/**
 * A gateway of a PSP as a process of its own, to be raced and killed. `pay` makes payments of `amountMinor` under the ids
 * `own-0`… and in between under `shared-0`…, and prints a line once it has heard what became of each; it asks again whenever
 * the ledger did not answer. `hold` stays inside a transaction until it is told to go on.
 */
import { readSync, writeSync } from 'node:fs';
import { epochMs } from '../../protocol/index.ts';
import { openLedger } from '../../sim/embedded/open-ledger.ts';
import { DelegationLedger } from '../../sim/ledger/delegation-ledger.ts';
import { LedgerUnavailable } from '../../sim/ledger/store.ts';

const [, , verb = '', setting = '', name = '', from = '0', count = '0', amount = '0'] = process.argv;
const NOW = epochMs(Date.UTC(2026, 10, 19));

const tell = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);

function insist<T>(ask: () => T): T {
  for (;;) {
    try {
      return ask();
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      tell({ unavailable: error.message });
    }
  }
}

const store = insist(() => openLedger(setting));
const ledger = new DelegationLedger(store);

function pay(requestId: string): void {
  const request = {
    requestId,
    delegationId: 'd0',
    contentDigest: requestId,
    amountMinor: Number(amount),
    currency: 'CNY',
  };
  const reserved = insist(() => ledger.reserve({ ...request, currency: 'CNY' }, NOW));
  const open = reserved.kind === 'reserved' || (reserved.kind === 'known' && reserved.standing.standing === 'reserved');
  // Two gateways that execute one request learn of one trade.
  const trade = { tradeNo: `T-${requestId}`, orderNo: `O-${requestId}`, payee: 'cafe', receipt: name };
  const ended = open ? insist(() => ledger.commit(requestId, trade, NOW)) : reserved;
  const paid = ended.kind === 'committed' || (ended.kind === 'known' && ended.standing.standing === 'committed');
  tell({ requestId, paid, first: ended.kind === 'committed' });
}

if (verb === 'hold') {
  try {
    store.transact((books) => {
      books.put('held', name);
      tell({ holding: true });
      readSync(0, Buffer.alloc(1));
    });
    tell({ ended: 'committed' });
  } catch (error) {
    tell({ ended: (error as Error).name });
  }
} else {
  for (let i = Number(from); i < Number(from) + Number(count); i++) {
    pay(`${name}-${i}`);
    pay(`shared-${i}`);
  }
}
store.close();
