/** Which words the wearer has confirmed an intent with, as far as the present states tell. */
import { decodeCbor, IacPayload, type Id16 } from '../../protocol/index.ts';
import type { AgentReport } from '../agent-ports.ts';
import { isTalking } from '../delegation/state.ts';
import type { Intent, Purchase } from '../purchase/state.ts';

export interface ConfirmedWords {
  /** The intent's id by the reference of the words it was made of. */
  readonly confirmed: ReadonlyMap<string, string>;
  /** Whether something is being talked about that could still be confirmed. */
  readonly isTalking: boolean;
}

/** The reference of the words by the id of a delegation that is being talked about: its later states do not tell them. */
export type SpokenDelegations = Map<Id16, string>;

/** @param spoken what the steps so far have told; brought up to date. */
export function confirmedWords(
  { purchases, delegations }: Pick<AgentReport, 'purchases' | 'delegations'>,
  spoken: SpokenDelegations,
): ConfirmedWords {
  const { current, background } = purchases;
  const bought = [current, ...background].flatMap((state): [string, string][] => {
    const intent = intentOf(state);
    return intent ? [[intent.heard.contextRef, intent.intentId]] : [];
  });
  const delegated = [...delegations.values()].flatMap((state): [string, string][] => {
    if ('heard' in state) spoken.set(state.id, state.heard.contextRef);
    const contextRef = spoken.get(state.id);
    if (contextRef === undefined || !('plan' in state)) return [];
    spoken.delete(state.id);
    const { intentId } = IacPayload.decode(decodeCbor(state.plan.iac), 'iac');
    return intentId === undefined ? [] : [[contextRef, intentId]];
  });
  for (const id of [...spoken.keys()]) if (!delegations.has(id)) spoken.delete(id);
  const isAsked = current.at === 'asking' || current.at === 'summarising';
  return {
    confirmed: new Map([...bought, ...delegated]),
    isTalking: isAsked || [...delegations.values()].some(isTalking),
  };
}

function intentOf(state: Purchase): Intent | undefined {
  if ('intent' in state) return state.intent;
  if ('payment' in state) return state.payment.intent;
  return 'paid' in state ? state.paid?.intent : undefined;
}
