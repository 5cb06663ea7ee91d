/** The cable between a host and a signer, without USB: reports take a millisecond, keep their order, and are seen by every opener. */
import { REPORT_BYTES, type ReportLink } from '../device/hid/report-link.ts';
import type { Clock } from '../device/ports.ts';

/** A millisecond is the time of one frame of a full-speed bus. */
const FRAME_MS = 1;

export type CableDirection = 'to-signer' | 'to-host';

/** One end of the cable, or one of several openers of the host's end. */
class End implements ReportLink {
  readonly #write: (report: Uint8Array) => void;
  readonly #isPlugged: () => boolean;
  #listener: { onReport(report: Uint8Array): void; onGone(): void } | undefined;
  #isClosed = false;

  constructor(write: (report: Uint8Array) => void, isPlugged: () => boolean) {
    this.#write = write;
    this.#isPlugged = isPlugged;
  }

  send(report: Uint8Array): void {
    if (report.length !== REPORT_BYTES) throw new RangeError(`a report has ${REPORT_BYTES} bytes`);
    if (!this.#isClosed && this.#isPlugged()) this.#write(report.slice());
  }

  listen(onReport: (report: Uint8Array) => void, onGone: () => void) {
    const mine = { onReport, onGone };
    this.#listener = mine;
    if (!this.#isPlugged()) onGone();
    return () => {
      if (this.#listener === mine) this.#listener = undefined;
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#listener = undefined;
  }

  deliver(report: Uint8Array): void {
    this.#listener?.onReport(report.slice());
  }

  leave(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.onGone();
  }
}

export class HidCable {
  /** What the signer has. */
  readonly signer: ReportLink;
  /** What arrives of each report, in order; nothing where one is lost. Whoever sets it decides for both directions. */
  onTransfer: (direction: CableDirection, report: Uint8Array) => readonly Uint8Array[] = (_direction, report) => [
    report,
  ];
  readonly #clock: Clock;
  readonly #end: End;
  readonly #openers: End[] = [];
  #isPlugged = true;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#end = this.#newEnd('to-host', (report) => {
      for (const opener of [...this.#openers]) opener.deliver(report);
    });
    this.signer = this.#end;
  }

  /** Opens the host's end: every opener sees all that the signer sends, and each may write. */
  open(): ReportLink {
    const opener = this.#newEnd('to-signer', (report) => this.#end.deliver(report));
    this.#openers.push(opener);
    return opener;
  }

  unplug(): void {
    if (!this.#isPlugged) return;
    this.#isPlugged = false;
    this.#end.leave();
    for (const opener of this.#openers) opener.leave();
  }

  #newEnd(direction: CableDirection, arrive: (report: Uint8Array) => void): End {
    const write = (report: Uint8Array) => {
      for (const one of this.onTransfer(direction, report))
        this.#clock.after(FRAME_MS, () => (this.#isPlugged ? arrive(one) : undefined));
    };
    return new End(write, () => this.#isPlugged);
  }
}
