/** Payments and refunds as they become known: counted once, told, and out of bounds loudly (ACT 2.1 PSD-PAY-DEL, T14, T29). */

import type { KeptRefund, KeptSpend } from './book.ts';
import { leftMinor } from './bounds.ts';
import { alarm } from './changing.ts';
import type { DelegationStep } from './events.ts';
import { lost } from './funding.ts';
import { say, words } from './speech.ts';
import { warnOfTotal } from './standing.ts';
import type { HeldDelegation } from './state.ts';
import { chain, type Moment, type OfHeld, revised, type Situation, stay, without } from './transition.ts';

/** The money is gone whether it was allowed or not: what was paid outside the bounds uses them up as well. */
function counted(state: HeldDelegation, { amountMinor, faults }: KeptSpend): HeldDelegation {
  const { sums } = state;
  // A second receipt under one trade number is evidence, but no second payment.
  const isPayment = !faults.includes('trade-repeated');
  return revised(state, {
    sums: {
      ...sums,
      count: sums.count + (isPayment ? 1 : 0),
      spentMinor: sums.spentMinor + (isPayment ? amountMinor : 0),
      strays: sums.strays + (faults.length > 0 ? 1 : 0),
    },
  });
}

export const takeSpend: OfHeld<'spend'> = (state, moment) => {
  const { spend } = moment.event;
  const next = counted(state, spend);
  const kept = { do: 'keep', kept: spend } as const;
  if (spend.faults.length > 0) return chain(stay(next, kept), () => sound(next, spend, moment));
  const { phrases, name, amount, payee, locale } = words(next, moment.settings);
  const left = amount(leftMinor(next.sums.spentMinor, next.iac));
  const text = phrases.spent(amount(spend.amountMinor), payee(spend.payee), name, left);
  const seen = settled(next);
  return chain(stay(seen, kept, say('delegation-spent', text, locale)), (one) =>
    warnOfTotal(one as HeldDelegation, moment),
  );
};

/** Once the PSP's count is reached there is no doubt left. */
function settled(state: HeldDelegation): HeldDelegation {
  const isComplete = state.sums.count >= (state.status?.spends ?? 0);
  return state.doubtAt !== undefined && isComplete ? without(state, 'doubtAt') : state;
}

function sound(state: HeldDelegation, spend: KeptSpend, moment: Moment<'spend'>): DelegationStep {
  const { phrases, name, amount, payee, locale } = words(state, moment.settings);
  const text = phrases.alarm(name, amount(spend.amountMinor), payee(spend.payee));
  const raised = (one: HeldDelegation) => stay(alarm(one), say('delegation-alarm', text, locale));
  // The hold that the alarm asks for is a stop: no prompt that would give the agent money may get it (T17).
  const cleared = lost(state, moment);
  return cleared ? chain(cleared, (one) => raised(one as HeldDelegation)) : raised(state);
}

export const takeRefund: OfHeld<'refund'> = (state, moment) => {
  const { refund } = moment.event;
  const { sums } = state;
  const isGood = refund.faults.length === 0;
  const next = isGood
    ? revised(state, { sums: { ...sums, refundedMinor: sums.refundedMinor + refund.amountMinor } })
    : state;
  return stay(
    next,
    { do: 'keep', kept: refund },
    say('delegation-refunded', refundWords(refund, state, moment), state.locale),
  );
};

function refundWords(refund: KeptRefund, state: HeldDelegation, { settings }: Situation): string {
  const { phrases, amount, payee } = words(state, settings);
  const [sum, who] = [amount(refund.amountMinor), payee(refund.payee)];
  return refund.faults.length === 0 ? phrases.refunded(sum, who) : phrases.refundDoubtful(sum, who);
}
