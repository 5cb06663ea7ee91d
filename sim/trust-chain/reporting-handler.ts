/** A service that reports: its handler as it was, and what comes of each step told to its reporter some time later. */
import { REPORT_AFTER_MS, REPORT_AGAIN_MS } from '../../device/audit/device-reports.ts';
import type { Reported } from '../../device/audit/reported.ts';
import type { Reporter } from '../../device/audit/reporter.ts';
import type { Clock, Stop } from '../../device/ports.ts';
import { type EpochMs, utf8 } from '../../protocol/index.ts';
import type { Handler, Outgoing, Reaction } from '../cloud/handler.ts';
import type { ServiceReports, ServiceStep } from './service-records.ts';

export interface ServiceReportingParts {
  readonly party: string;
  readonly reports: ServiceReports;
  readonly reporter: Reporter;
  readonly clock: Clock;
}

export class ServiceReporting {
  readonly #parts: ServiceReportingParts;
  #waiting: Reported[] = [];
  #timer: Stop | undefined;

  constructor(parts: ServiceReportingParts) {
    this.#parts = parts;
  }

  /** Begins to submit what waits. */
  start(): void {
    this.#parts.reporter.start();
  }

  stop(): void {
    this.#timer?.();
    this.#parts.reporter.stop();
  }

  /** The same handler, watched. A service that is started again is given its past again; its records are known by their ids. */
  around(handler: Handler): Handler {
    const { tick, wakeAt, command, delegations } = handler;
    const told = delegations && { delegations };
    return {
      handle: (frame, now) => this.#seen(handler.handle(frame, now), { at: now, frame, ...told }),
      ...(wakeAt && { wakeAt: () => wakeAt.call(handler) }),
      ...(tick && { tick: (now: EpochMs) => this.#noted(tick.call(handler, now), { at: now, ...told }) }),
      ...(command && {
        command: (words: string, now: EpochMs) => this.#seen(command.call(handler, words, now), { at: now, ...told }),
      }),
    };
  }

  /** What was dropped is not taken in; what is said all the same is. */
  #seen(reaction: Reaction, step: Omit<ServiceStep, 'sent'>): Reaction {
    if (!('drop' in reaction)) return this.#noted(reaction, step);
    const { frame: _, ...others } = step;
    this.#noted(reaction.also ?? [], others);
    return reaction;
  }

  #noted(sent: readonly Outgoing[], step: Omit<ServiceStep, 'sent'>): readonly Outgoing[] {
    const reported = this.#parts.reports.take({ ...step, sent });
    this.#waiting.push(...reported);
    if (reported.length > 0) this.#plan(REPORT_AFTER_MS);
    return sent;
  }

  #plan(delayMs: number): void {
    this.#timer ??= this.#parts.clock.after(delayMs, () => {
      this.#timer = undefined;
      this.#report();
    });
  }

  #report(): void {
    const { party, reporter } = this.#parts;
    const left = this.#waiting.findIndex((one) => !reporter.report(entryOf(party, one), [one]));
    this.#waiting = left < 0 ? [] : this.#waiting.slice(left);
    if (left >= 0) this.#plan(REPORT_AGAIN_MS);
  }
}

/**
 * Stands for the journal's entry, which a handler does not see: the same report comes of the same past, and of no other. When
 * it was known of may differ, where a ledger had not answered at first.
 */
function entryOf(party: string, { eventTime: _, ...reported }: Reported): Uint8Array {
  return utf8(`${party} ${JSON.stringify(reported)}`);
}
