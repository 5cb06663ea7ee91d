/** How an operation on a sub-account goes to the PSP (ACT 2.1 PSD-AGT-SUB). */
import type { Account, SentErrand } from './account.ts';
import type { DelegationEffect, DelegationStep } from './events.ts';
import { send } from './speech.ts';
import type { HeldDelegation } from './state.ts';
import { revised, type Situation, stay } from './transition.ts';

/** With the same id and the same bytes however often it is sent, so that it is done once (T3). */
function messageOf(
  { iac }: HeldDelegation,
  { subAccountId }: Account,
  errand: SentErrand,
  { settings }: Situation,
): DelegationEffect {
  const { requestId } = errand;
  if (errand.step === 'ordered')
    return send(settings.psp, { type: 'sub-account-order', body: { requestId, order: errand.order } });
  const { agentId, currency, delegatorIdentity } = iac;
  const operation = errand.step === 'asking' ? 'QUERY' : errand.operation;
  const { createdAt } = errand;
  const body = { requestId, operation, delegatorIdentity, agentId, subAccountId, currency, createdAt };
  return send(settings.psp, { type: 'sub-account-request', body });
}

export function tell(state: HeldDelegation, account: Account, errand: SentErrand, moment: Situation): DelegationStep {
  return stay(revised(state, { account: { ...account, errand } }), messageOf(state, account, errand, moment));
}
