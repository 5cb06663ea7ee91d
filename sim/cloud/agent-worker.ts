/** What carries out one delegation, and what it is given to do so. */
import type { EpochMs, TrustSet } from '../../protocol/index.ts';
import type { Alarms } from './agent-alarms.ts';
import type { Payments } from './agent-payments.ts';
import type { Questions } from './agent-questions.ts';
import type { Task } from './agent-task.ts';
import type { Watches } from './agent-watches.ts';
import type { Outgoing } from './handler.ts';

export interface Worker {
  /** Begins, or goes on after what stopped it is over: the task may pay now. */
  begin(now: EpochMs): readonly Outgoing[];
  /** Starts nothing more; a payment that was sent is still followed to its end. */
  halt(): void;
}

export interface WorkerMeans {
  /** Ids are derived from it. */
  readonly secret: Uint8Array;
  readonly tenant: string;
  readonly trust: TrustSet;
  readonly alarms: Alarms;
  readonly watches: Watches;
  readonly payments: Payments;
  readonly questions: Questions;
  /** There is nothing more to do: `done`, or `ended` with why it could not be done. */
  end(task: Task, state: 'done' | 'ended', reason: string, now: EpochMs): readonly Outgoing[];
  /** Whether it may still pay is asked of the PSP. */
  doubt(task: Task, now: EpochMs): readonly Outgoing[];
}
