/** What scenarios wait for and expect of delegations: always of the one that was begun last. */
import type { Delegation } from '../../device/delegation/state.ts';
import { peekFrame } from '../../protocol/index.ts';
import { bodyOf } from '../checkers/facts.ts';
import type { Expectation } from './schema.ts';
import type { Stage } from './stage.ts';
import { yuanMinor, yuanText } from './units.ts';

type Wanted = NonNullable<Expectation['delegation']>;

/** The latest one, also after it has ended unsigned: then `ended`. */
export function latest({ device }: Stage): Delegation | undefined {
  return [...(device?.agent.delegations.values() ?? [])].at(-1);
}

export function standingOf(stage: Stage): string {
  return latest(stage)?.at ?? 'none';
}

export function paymentsOf(stage: Stage): number {
  const one = latest(stage);
  return one && 'sums' in one ? one.sums.count : 0;
}

export function taskOf(stage: Stage): string {
  const one = latest(stage);
  return one && 'task' in one ? (one.task.state ?? 'none') : 'none';
}

/** Where the PSP has said last that the sub-account stands. */
export function accountOf(stage: Stage): string {
  const one = latest(stage);
  return one && 'account' in one ? (one.account?.known?.state ?? 'none').toLowerCase() : 'none';
}

/** The words of an operator, with the names of what was made last put in: `DELEGATION` and `ORDER`. */
export function spelled(stage: Stage, words: string): string {
  const notice = stage.world.record.sent.findLast(({ payload }) => peekFrame(payload).type === 'order-notice');
  const order = notice === undefined ? '' : String(bodyOf(notice.payload).body.orderNo);
  return words.replace('DELEGATION', latest(stage)?.id ?? '').replace('ORDER', order);
}

/** Why the PSP has refused an agent's requests, in order. */
export function paymentErrors({ world }: Stage): readonly string[] {
  return world.record.sent.flatMap(({ payload }) => {
    if (peekFrame(payload).type !== 'delegated-result') return [];
    const { error } = bodyOf(payload).body.result as { readonly error?: string };
    return error === undefined ? [] : [error];
  });
}

/** Each figure that is otherwise than expected. */
export function delegationDiffers(stage: Stage, wanted: Wanted): readonly string[] {
  const one = latest(stage);
  const held = one && 'sums' in one ? one : undefined;
  const { count = 0, spentMinor = 0, refundedMinor = 0, strays = 0 } = held?.sums ?? {};
  const is = {
    state: one?.at ?? 'none',
    payments: count,
    spent: yuanText(spentMinor),
    left: yuanText((held?.iac.maxTotalMinor ?? 0) - spentMinor),
    refunded: yuanText(refundedMinor),
    outside: strays,
    task: taskOf(stage),
  };
  const money = (value: unknown) => (typeof value === 'number' ? yuanText(yuanMinor(value)) : value);
  return (Object.keys(is) as (keyof typeof is)[]).flatMap((name) => {
    const value = ['spent', 'left', 'refunded'].includes(name) ? money(wanted[name]) : wanted[name];
    return value === undefined || value === is[name]
      ? []
      : [`delegation, ${name}: expected ${value}, it is ${is[name]}`];
  });
}
