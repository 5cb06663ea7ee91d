/** Where a world with delegations has been: states, refusals, questions, payments and what went back. */
import { decodeRecord } from '../../device/index.ts';
import { peekFrame } from '../../protocol/index.ts';
import { bodyOf } from '../checkers/facts.ts';
import type { StormResult } from './storm.ts';

/** Names as `delegation:suspended`, `payment-error:IAC_REVOKED`, `delegated:paid`, `price-answer:true`, `task:buying`. */
export function* delegatedReach({ play }: StormResult): Generator<string> {
  const { record } = play.world;
  const devices = new Set(play.wearers.map(({ device }) => device));
  for (const { party, disk, records } of record.stored) {
    if (disk !== 'journal' || !devices.has(party)) continue;
    for (const bytes of records) {
      const { changed = [], kept = [] } = decodeRecord(bytes).delegations ?? {};
      for (const state of changed)
        yield state.at === 'ended' ? `delegation-ended:${state.outcome}: ${state.reason}` : `delegation:${state.at}`;
      for (const { kind, faults } of kept) {
        yield kind === 'spend' ? 'delegated:paid' : 'delegated:refunded';
        if (faults.length > 0) yield 'delegated:alarm';
      }
    }
  }
  for (const { payload } of record.sent) yield* ofFrame(payload);
}

function* ofFrame(payload: Uint8Array): Generator<string> {
  const { type } = peekFrame(payload);
  if (type === 'price-question') yield type;
  else if (type === 'lifecycle') yield 'delegated:changed-by-wearer';
  else if (type === 'delegation-end') yield 'delegated:given-back';
  else if (type === 'price-answer') yield `price-answer:${String(bodyOf(payload).body.accept)}`;
  else if (type === 'delegation-news') yield `task:${String(bodyOf(payload).body.state)}`;
  else if (type === 'delegated-result') {
    const { error } = bodyOf(payload).body.result as { readonly error?: string };
    if (error !== undefined) yield `payment-error:${error}`;
  }
}
