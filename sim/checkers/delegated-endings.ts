/** Once everything is over: the device knows of every delegated payment what the PSP's own books say, and no delegation hangs. */
import type { Delegation } from '../../device/delegation/state.ts';
import { refundsOf, statusesOf } from './delegated-facts.ts';
import { bodyOf, type Findings, frameHead, genuine } from './facts.ts';
import type { Reading } from './reading.ts';

type Held = Extract<Delegation, { authorization: Uint8Array }>;

/** Where each delegation of each device stands in its journal. */
export function lastStates({ entries }: Reading): ReadonlyMap<string, Delegation> {
  const last = new Map<string, Delegation>();
  for (const { entry } of entries) for (const state of entry.delegations?.changed ?? []) last.set(state.id, state);
  return last;
}

/** The trades of which a device has received a receipt that holds, in what its journal has received. */
function heldTrades({ received, about, devices }: Reading): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const { party, frame } of received) {
    if (!devices.has(party) || frameHead(frame).type !== 'spend-notice') continue;
    const { receipt } = bodyOf(frame).body;
    const opened = receipt instanceof Uint8Array ? genuine('receipt', receipt, about.tenant) : undefined;
    if (opened) held.set(opened.value.tradeNo, opened.value.amountMinor);
  }
  return held;
}

/** Every delegated debit has a receipt on its device, and the device's own sums are those of the PSP's books. */
export function spendsAreKnown(reading: Reading): Findings {
  const { books } = reading.about;
  if (!books) return [];
  const held = heldTrades(reading);
  const states = lastStates(reading);
  const ids = new Set([...reading.objects('authorization').values()].map(({ value }) => value.iac.delegationId));
  return [...ids].flatMap((id) => {
    const spends = books.spends(id);
    const missing = spends.filter(({ tradeNo, amountMinor }) => held.get(tradeNo) !== amountMinor);
    const findings = missing.map(({ tradeNo }) => `the device has no receipt of delegated trade ${tradeNo}`);
    const state = states.get(id);
    const spentMinor = spends.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    if (!state || !('sums' in state)) return [...findings, 'a device has forgotten a credential that it signed'];
    const told = new Set(spends.map(({ tradeNo }) => tradeNo));
    const refunds = new Map(
      refundsOf(reading)
        .filter(({ tradeNo }) => told.has(tradeNo))
        .map((one) => [one.requestId, one.amountMinor]),
    );
    const refundedMinor = [...refunds.values()].reduce((sum, amountMinor) => sum + amountMinor, 0);
    if (state.sums.spentMinor !== spentMinor || state.sums.count !== spends.length)
      findings.push(`the device counts ${state.sums.spentMinor} as spent, the PSP’s books say ${spentMinor}`);
    if (state.sums.refundedMinor !== refundedMinor)
      findings.push(
        `the device counts ${state.sums.refundedMinor} as refunded, the PSP has given back ${refundedMinor}`,
      );
    return findings;
  });
}

const TRANSIENT: readonly Delegation['at'][] = ['drafting', 'summarising', 'requesting', 'confirming', 'issuing'];

/** Nothing waits for an answer that will not come, and device and PSP agree on where each credential stands. */
export function delegationsSettle(reading: Reading): Findings {
  const newest = new Map<string, string>();
  const versions = new Map<string, number>();
  for (const { delegationId, version, state } of statusesOf(reading)) {
    if (version < (versions.get(delegationId) ?? 0)) continue;
    versions.set(delegationId, version);
    newest.set(delegationId, state.toLowerCase());
  }
  return [...lastStates(reading)].flatMap(([id, state]) => {
    if (TRANSIENT.includes(state.at)) return [`a delegation is still ${state.at}`];
    if (!('authorization' in state)) return [];
    return openFaults(state, newest.get(id));
  });
}

function openFaults(state: Held, told: string | undefined): Findings {
  const findings: string[] = [];
  if (state.change?.step === 'telling') findings.push(`the PSP has not acknowledged that it is ${state.change.to}`);
  if (state.change?.step === 'open' || state.asked?.step === 'open') findings.push('a prompt or a question hangs');
  if (state.at === 'refused' && told === 'active') findings.push('what the PSP holds active was refused on the device');
  if (state.at !== 'refused' && told !== state.at)
    findings.push(`the device holds a delegation for ${state.at}, the PSP says ${told ?? 'nothing'}`);
  return findings;
}
