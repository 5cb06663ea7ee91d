/** What is stopped pays nothing, and what goes back goes back to where it came from (T17, T29). */
import type { DelegationStatus } from '../../protocol/index.ts';
import { grouped, refundsOf, Spends, statusesOf } from './delegated-facts.ts';
import type { Findings } from './facts.ts';
import type { Watching } from './reading.ts';

const FINAL: readonly DelegationStatus['state'][] = ['Revoked', 'Expired'];

/**
 * Out of the PSP's own signed words, in whatever order they came: while a credential stands still its sums stand still, and
 * once it is over no receipt is ever added to those that were counted then. No clock is looked at.
 */
export const stoppedPaysNothing: Watching = (reading) => {
  const spends = new Spends(reading);
  let seen = 0;
  return () => {
    const fresh = spends.take();
    const told = reading.objects('delegation-status').size;
    if (fresh.length === 0 && told === seen) return [];
    seen = told;
    const byId = grouped(statusesOf(reading), ({ delegationId }) => delegationId);
    return [...byId].flatMap(([id, statuses]) => [
      ...movedWhileStill(statuses),
      ...paidAfterTheEnd(
        statuses,
        new Set(spends.all.filter(({ value }) => value.delegationId === id).map(({ receipt }) => receipt.tradeNo)).size,
      ),
    ]);
  };
};

function movedWhileStill(statuses: readonly DelegationStatus[]): Findings {
  const findings: string[] = [];
  const byVersion = grouped(statuses, ({ version }) => version);
  for (const same of byVersion.values()) {
    const [first] = same;
    if (!first) continue;
    if (same.some(({ state }) => state !== first.state)) findings.push('one version of a credential has two states');
    const isMoved = same.some(({ spends, spentMinor }) => spends !== first.spends || spentMinor !== first.spentMinor);
    if (first.state !== 'Active' && isMoved) findings.push(`something was paid while a credential was ${first.state}`);
  }
  const ordered = [...byVersion].sort(([one], [other]) => one - other).map(([, same]) => same);
  for (const [i, later] of ordered.entries()) {
    const before = ordered[i - 1];
    if (!before) continue;
    if (before.some(({ state }) => FINAL.includes(state))) findings.push('a credential that was over has changed');
    const most = Math.max(...before.map(({ spentMinor }) => spentMinor));
    if (later.some(({ spentMinor }) => spentMinor < most)) findings.push('the PSP has forgotten what was paid');
  }
  return findings;
}

function paidAfterTheEnd(statuses: readonly DelegationStatus[], receipts: number): Findings {
  const over = statuses.find(({ state }) => FINAL.includes(state));
  return over && receipts > over.spends ? [`something was paid after a credential was ${over.state}`] : [];
}

/** No more goes back than was paid, once for each request, from who was paid. */
export const refundsAreBounded: Watching = (reading) => {
  let seen = 0;
  return () => {
    const refunds = refundsOf(reading);
    if (refunds.length === seen) return [];
    seen = refunds.length;
    const receipts = new Map([...reading.objects('receipt').values()].map(({ value }) => [value.tradeNo, value]));
    const byRequest = grouped(refunds, ({ requestId, payee }) => `${payee} ${requestId}`);
    const findings = [...byRequest.values()].flatMap((same) =>
      new Set(same.map(({ tradeNo, amountMinor }) => `${tradeNo} ${amountMinor}`)).size > 1
        ? ['one request of a refund stands for two']
        : [],
    );
    const once = [...byRequest.values()].map((same) => same[0]).filter((one) => one !== undefined);
    for (const [tradeNo, back] of grouped(once, (refund) => refund.tradeNo)) {
      const receipt = receipts.get(tradeNo);
      if (!receipt) findings.push(`money went back of trade ${tradeNo}, which nobody has paid`);
      else if (back.reduce((sum, { amountMinor }) => sum + amountMinor, 0) > receipt.amountMinor)
        findings.push(`more went back of trade ${tradeNo} than was paid`);
      if (receipt && back.some(({ payee, currency }) => payee !== receipt.payee || currency !== receipt.currency))
        findings.push(`what went back of trade ${tradeNo} is not from who was paid`);
    }
    return findings;
  };
};
