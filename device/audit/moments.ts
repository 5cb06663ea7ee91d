/** Which moments of a device matter to its audit. */

import type { OpenFrame } from '../../protocol/index.ts';
import type { AgentEvent } from '../delegation/many.ts';
import { takesOrders } from '../interpret.ts';
import type { Purchase } from '../purchase/state.ts';

const MONEY: ReadonlySet<OpenFrame['type']> = new Set(['receipt', 'pay-status', 'spend-notice', 'refund-notice']);

/** Whether something was signed by the wearer or told of money: from then on nobody may take it back (design 8). */
export function isWitnessed(event: AgentEvent): boolean {
  if (event.kind === 'frame') return MONEY.has(event.frame.type);
  return (event.kind === 'signer' || event.kind === 'delegation-signer') && event.answer.kind === 'signed';
}

/** Whether words begin something new that could cost money. To stop something is never new. */
export function beginsSomething(event: AgentEvent, current: Purchase): boolean {
  if (event.kind === 'order') return takesOrders(current) && event.parse.kind !== 'not-an-order';
  if (event.kind !== 'delegation') return false;
  return event.read.kind === 'wish' || (event.read.kind === 'command' && event.read.command.kind === 'resume');
}
