/** The delegations of a cloud agent: takes tasks from devices, hears from the PSP what they are worth, and has them carried out. */
import {
  type EpochMs,
  equalBytes,
  type Id16,
  type Instrument,
  msOf,
  type ObjectValue,
  type Party,
  secondsOf,
} from '../../protocol/index.ts';
import type { Alarms } from './agent-alarms.ts';
import { type Judged, judgeTask, type MandateChecks } from './agent-mandate.ts';
import { Task } from './agent-task.ts';
import type { Worker, WorkerMeans } from './agent-worker.ts';
import { derivedId } from './derive.ts';
import { genuine } from './genuine.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import { refusal } from './refusals.ts';

export interface TaskOptions extends MandateChecks {
  readonly secret: Uint8Array;
  readonly psp: string;
  /** Who carries out a task. */
  workerOf(task: Task, end: WorkerMeans['end'], doubt: WorkerMeans['doubt']): Worker;
}

interface Held {
  readonly task: Task;
  readonly worker: Worker;
}

const AGAIN_MS = 10_000;
const AGAIN_MAX_MS = 600_000;

export class Tasks {
  readonly #options: TaskOptions;
  readonly #alarms: Alarms;
  readonly #held = new Map<Id16, Held>();
  /** Instruments may be there before their tasks; only the PSP can send any. */
  readonly #instruments = new Map<Id16, Instrument>();
  #queries = 0;

  constructor(options: TaskOptions, alarms: Alarms) {
    this.#options = options;
    this.#alarms = alarms;
  }

  task(frame: FrameOf<'delegation-task'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const judged = judgeTask(body, from, this.#options, now);
    if ('fault' in judged) return refusedTask(judged, from, body.requestId);
    const { mandate, merchants } = judged;
    const known = this.#held.get(mandate.id)?.task;
    if (known !== undefined) {
      const isSame = equalBytes(known.mandate.authorization, mandate.authorization);
      return isSame ? [known.news] : [refusal(from, body.requestId, 'repeated-request')];
    }
    return this.#accept(new Task(mandate, merchants), now);
  }

  #accept(task: Task, now: EpochMs): readonly Outgoing[] {
    const { workerOf } = this.#options;
    const worker = workerOf(
      task,
      (...[ended, state, reason, at]) => this.#end(ended, state, reason, at),
      (doubted, at) => this.#ask(doubted, at),
    );
    this.#held.set(task.id, { task, worker });
    task.instrument = this.#instruments.get(task.id);
    const over = msOf(task.mandate.iac.validityEndTime);
    this.#alarms.set(`over/${task.id}`, over, (at) =>
      this.#end(task, task.orders > 0 ? 'done' : 'ended', 'expired', at),
    );
    if (task.mayPay) return [task.news, ...worker.begin(now)];
    return [task.news, ...this.#askUntilPayable(task, 0, now)];
  }

  instrument({ from, body }: FrameOf<'instrument'>, now: EpochMs): Reaction {
    if (from.party !== this.#options.psp) return { drop: 'reply-foreign' };
    this.#instruments.set(body.delegationId, body);
    const held = this.#held.get(body.delegationId);
    if (held === undefined) return [];
    held.task.instrument = body;
    return this.#begin(held, now);
  }

  /** ADD-IAC-LCM: what the PSP says of the credential; the newest change counts, and an end is for good (T4, T17). */
  status({ from, body }: FrameOf<'delegation-status'>, now: EpochMs): Reaction {
    const opened = genuine('delegation-status', body.status, { ...this.#options, at: secondsOf(now) });
    if (opened === undefined || from.party !== this.#options.psp) return { drop: 'status-unsound' };
    const status: ObjectValue<'delegation-status'> = opened.value;
    const held = this.#held.get(status.delegationId);
    if (held === undefined) return [];
    const { task } = held;
    const isFinal = task.status === 'Revoked' || task.status === 'Expired';
    if (isFinal || status.version < task.statusVersion) return [];
    const isNew = status.version > task.statusVersion || task.status !== 'Active';
    task.status = status.state;
    task.statusVersion = status.version;
    // What paid is closed for good: nothing is tried any more, and the credential goes back (PSD-AGT-SUB).
    const isClosed = task.isBounded && status.subAccountId === undefined;
    if (status.state === 'Active' && isClosed) return this.#end(task, 'ended', 'account-closed', now);
    // What waits is not begun anew by a status that only says again what is known (T14, T30).
    if (status.state === 'Active') return isNew ? this.#begin(held, now) : [];
    held.worker.halt();
    if (status.state !== 'Suspended') return this.#end(task, 'ended', status.state.toLowerCase(), now);
    return task.hasEnded ? [] : task.tell('watching', 'suspended');
  }

  #begin({ task, worker }: Held, now: EpochMs): readonly Outgoing[] {
    if (!task.mayPay) return [];
    this.#alarms.clear(`payable/${task.id}`);
    return worker.begin(now);
  }

  #askUntilPayable(task: Task, tries: number, now: EpochMs): readonly Outgoing[] {
    const after = Math.min(AGAIN_MS * 2 ** tries, AGAIN_MAX_MS);
    const ring = (at: EpochMs) => [...this.#ask(task, at), ...this.#askUntilPayable(task, tries + 1, at)];
    this.#alarms.set(`payable/${task.id}`, (now + after) as EpochMs, ring);
    return [];
  }

  #ask(task: Task, now: EpochMs): readonly Outgoing[] {
    const requestId = derivedId(
      this.#options.secret,
      'delegation-query',
      task.id,
      String(now),
      String(this.#queries++),
    );
    return [this.#toPsp({ type: 'delegation-query', body: { requestId, delegationId: task.id } })];
  }

  /** The task is over, whatever the reason; a credential that still lives is given back (ADD-IAC-LCM: revoked by the agent). */
  #end(task: Task, state: 'done' | 'ended', reason: string, now: EpochMs): readonly Outgoing[] {
    if (!task.hasEnded) {
      task.hasEnded = true;
      this.#held.get(task.id)?.worker.halt();
      this.#instruments.delete(task.id);
      for (const name of ['payable', 'over']) this.#alarms.clear(`${name}/${task.id}`);
      return [...task.tell(state, reason), ...this.#giveBack(task, 0, now)];
    }
    return [];
  }

  #giveBack(task: Task, tries: number, now: EpochMs): readonly Outgoing[] {
    if (task.status === 'Revoked' || task.status === 'Expired' || task.isOver(now)) return [];
    const after = Math.min(AGAIN_MS * 2 ** tries, AGAIN_MAX_MS);
    this.#alarms.set(`end/${task.id}`, (now + after) as EpochMs, (at) => this.#giveBack(task, tries + 1, at));
    const requestId = derivedId(this.#options.secret, 'delegation-end', task.id);
    return [this.#toPsp({ type: 'delegation-end', body: { requestId, delegationId: task.id } })];
  }

  #toPsp(message: Outgoing['message']): Outgoing {
    return { to: { party: this.#options.psp, role: 'psp' }, message };
  }
}

/** Whose credential it is, is told why it cannot be acted on; a credential that is nobody's is refused as a request. */
function refusedTask(
  { fault, authorization }: Extract<Judged, { fault: string }>,
  device: Party,
  requestId: Id16,
): Reaction {
  if (authorization === undefined) return [refusal(device, requestId, 'bad-authorization')];
  const { delegationId } = authorization.iac;
  const body = { delegationId, version: 1, state: 'refused', reason: fault } as const;
  return [{ to: device, message: { type: 'delegation-news', body } }];
}
