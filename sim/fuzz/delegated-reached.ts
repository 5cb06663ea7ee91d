/** Where a world with delegations has been: states, endings, refusals, questions, accounts, payments and what went back. */
import type { FrameType } from '../../protocol/index.ts';
import { bodyOf } from '../checkers/facts.ts';
import type { Reading } from '../checkers/reading.ts';
import { delegationReasonOf } from './reachable.ts';

/** Names as `delegation:suspended`, `delegation-ending:cancelled: restart`, `account:FROZEN`, `payment-error:IAC_REVOKED`. */
export function* delegatedReach(reading: Reading): Generator<string> {
  for (const { entry } of reading.entries) {
    const { changed = [], kept = [] } = entry.delegations ?? {};
    for (const state of changed) {
      yield `delegation:${state.at}`;
      if (state.at === 'ended') yield `delegation-ending:${state.outcome}: ${delegationReasonOf(state.reason)}`;
      if (!('account' in state) || !state.account) continue;
      const { known, errand } = state.account;
      if (known) yield `account:${known.state}`;
      if (errand?.step === 'telling') yield `account-asked:${errand.operation}`;
      else if (errand?.step === 'ordered') yield `account-asked:${errand.wants.operation}`;
    }
    for (const { kind, faults } of kept) {
      yield kind === 'spend' ? 'delegated:paid' : 'delegated:refunded';
      if (faults.length > 0) yield 'delegated:alarm';
    }
  }
  for (const [type, nameOf] of FRAMES) {
    for (const payload of reading.byType.get(type) ?? []) {
      const name = nameOf(bodyOf(payload).body);
      if (name !== undefined) yield name;
    }
  }
}

type Body = Readonly<Record<string, unknown>>;

/** What frames tell by their coming, or by what is in them. */
const FRAMES: readonly (readonly [FrameType, (body: Body) => string | undefined])[] = [
  ['price-question', () => 'delegated:price-question'],
  ['price-answer', ({ accept }) => `delegated:price-${accept ? 'accepted' : 'declined'}`],
  ['lifecycle', () => 'delegated:changed-by-wearer'],
  ['delegation-end', () => 'delegated:given-back'],
  ['delegation-news', ({ state }) => `task:${String(state)}`],
  ['delegated-result', ({ result }) => named('payment-error', (result as Body).error)],
  ['sub-account-result', ({ failure }) => named('account-failure', failure)],
];

function named(kind: string, name: unknown): string | undefined {
  return name === undefined ? undefined : `${kind}:${String(name)}`;
}
