/**
 * Brings what the device's journal says to its reporter, some time after the effects of each step have left: reporting is
 * after the fact and takes no part in a purchase (ACT 2.1 TSD-ATT-EVT).
 */

import { StoreError } from '../errors.ts';
import { decodeRecord } from '../journal-record.ts';
import type { Clock, Journal, Stop } from '../ports.ts';
import { JournalReports } from './journal-reports.ts';
import type { ReportSettings } from './records.ts';
import type { Reporter } from './reporter.ts';

/** From an entry to its report. Whatever was to leave the device at once has left by then. */
export const REPORT_AFTER_MS = 2_000;
/** After a report that could not be kept. */
export const REPORT_AGAIN_MS = 30_000;
/** So many entries wait in memory; beyond that they are read from the journal again. */
const MAX_ENTRIES = 64;

export interface DeviceReportsParts {
  readonly journal: Journal;
  readonly settings: ReportSettings;
  readonly reporter: Reporter;
  readonly clock: Clock;
}

export class DeviceReports {
  readonly #parts: DeviceReportsParts;
  /** What came since; `undefined` when the whole journal has to be read again. */
  #entries: Uint8Array[] | undefined;
  #journal: JournalReports;
  #timer: Stop | undefined;

  constructor(parts: DeviceReportsParts) {
    this.#parts = parts;
    this.#journal = new JournalReports(parts.settings);
  }

  /** Takes up what an earlier life may have left unreported. */
  start(): void {
    this.#parts.reporter.start();
    this.#plan(REPORT_AFTER_MS);
  }

  stop(): void {
    this.#timer?.();
    this.#parts.reporter.stop();
  }

  /** The journal with this behind it: each append that succeeded is taken note of, and nothing more happens then. */
  follow(): Journal {
    const { journal } = this.#parts;
    return {
      read: () => journal.read(),
      append: (records) => {
        journal.append(records);
        this.#note(records);
      },
      // What is not reported yet must not go into the archive, which is not read again.
      ...(journal.rotate && { rotate: (first) => this.#reportAll() && (journal.rotate?.(first) ?? false) }),
      ...(journal.archives && { archives: () => journal.archives?.() ?? [] }),
      close: () => journal.close(),
    };
  }

  #note(records: readonly Uint8Array[]): void {
    if (this.#entries && this.#entries.length + records.length <= MAX_ENTRIES) this.#entries.push(...records);
    else this.#entries = undefined;
    this.#plan(REPORT_AFTER_MS);
  }

  #plan(delayMs: number): void {
    this.#timer ??= this.#parts.clock.after(delayMs, () => {
      this.#timer = undefined;
      this.#report();
    });
  }

  #report(): void {
    if (!this.#reportAll()) this.#plan(REPORT_AGAIN_MS);
  }

  /** A journal that cannot be read now is the business of whoever writes it; here it only means later. */
  #reportAll(): boolean {
    const entries = this.#entries;
    // Until all is reported: what was recorded already is known by its id and not recorded again.
    this.#entries = undefined;
    try {
      if (!(entries ?? this.#fromStart()).every((entry) => this.#reportOne(entry))) return false;
    } catch (error) {
      if (error instanceof StoreError) return false;
      throw error;
    }
    this.#entries = [];
    return true;
  }

  #fromStart(): readonly Uint8Array[] {
    const { settings, journal } = this.#parts;
    this.#journal = new JournalReports(settings);
    return journal.read();
  }

  #reportOne(entry: Uint8Array): boolean {
    return this.#parts.reporter.report(entry, this.#journal.take(decodeRecord(entry)));
  }
}
