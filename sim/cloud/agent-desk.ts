/** The part of the agent that acts under delegations, put together: which frame goes to which of its parts. */
import { type EpochMs, type SigningKey, type TrustSet, thumbprintOf } from '../../protocol/index.ts';
import { Alarms } from './agent-alarms.ts';
import { Errands } from './agent-errands.ts';
import type { MandateChecks } from './agent-mandate.ts';
import { Orders } from './agent-orders.ts';
import { Payments } from './agent-payments.ts';
import { Questions } from './agent-questions.ts';
import { Researcher } from './agent-research.ts';
import { type Desk, ResourceDesk } from './agent-resources.ts';
import { Shopper } from './agent-shopper.ts';
import { Tasks } from './agent-tasks.ts';
import { Watches } from './agent-watches.ts';
import type { FrameOf, Reaction, Reactions } from './handler.ts';

export interface DelegationDeskOptions extends Omit<MandateChecks, 'agentKey' | 'desks'> {
  /** Ids are derived from it; 32 bytes. */
  readonly secret: Uint8Array;
  readonly trust: TrustSet;
  readonly psp: string;
  /** Signs payment requests; its thumbprint is what credentials name. */
  readonly objectKey: SigningKey & { readonly publicKey: Uint8Array };
  /** Sellers of resources, by party. */
  readonly desks: ReadonlyMap<string, Desk>;
}

export interface DelegationDesk {
  readonly alarms: Alarms;
  readonly errands: Errands;
  readonly reactions: Reactions;
  /** `undefined` for an answer to a request that was not made here. */
  cartReply(frame: FrameOf<'cart-reply'>, now: EpochMs): Reaction | undefined;
  refused(frame: FrameOf<'refusal'>, now: EpochMs): Reaction | undefined;
}

export function createDelegationDesk(options: DelegationDeskOptions): DelegationDesk {
  const { secret, desks, objectKey, method: methodId } = options;
  const alarms = new Alarms();
  const errands = new Errands(secret);
  const parts = {
    ...{ secret, tenant: options.tenant, trust: options.trust, alarms, errands, desks },
    watches: new Watches(secret, alarms),
    payments: new Payments(options, alarms),
    questions: new Questions(secret, alarms),
    resources: new ResourceDesk({ secret, methodId, desks }, errands, alarms),
  };
  const orders = new Orders(options, alarms);
  const checks = { ...options, agentKey: thumbprintOf(objectKey.publicKey), desks: [...desks.keys()] };
  const workerOf: ConstructorParameters<typeof Tasks>[0]['workerOf'] = (task, end, doubt) =>
    task.isBounded
      ? new Researcher(task, { ...parts, end, doubt })
      : new Shopper(task, { ...parts, end, doubt }, orders);
  const tasks = new Tasks({ ...checks, workerOf }, alarms);
  const { watches, payments, questions } = parts;
  return {
    alarms,
    errands,
    reactions: {
      'delegation-task': (frame, now) => tasks.task(frame, now),
      instrument: (frame, now) => tasks.instrument(frame, now),
      'delegation-status': (frame, now) => tasks.status(frame, now),
      'price-news': (frame, now) => watches.news(frame, now),
      'price-answer': (frame, now) => questions.answer(frame, now),
      'delegated-result': (frame, now) => payments.result(frame, now),
    },
    cartReply: (frame, now) => (orders.has(frame.body.requestId) ? orders.cartReply(frame, now) : undefined),
    refused: (frame, now) =>
      orders.has(frame.body.requestId) ? orders.refused(frame, now) : payments.unknown(frame, now),
  };
}
