/** What the cases inside the guest share: a signer that is plugged in, hosts that look for it, and waiting that ends. */

import { type HidWatchHandlers, watchHid } from '../../device/adapters/node-hid-watch.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { REPORT_BYTES, type ReportLink } from '../../device/hid/report-link.ts';
import type { Stop } from '../../device/ports.ts';
import { plugInUhidDevice, TEST_SIGNER, type UhidDevice } from '../../sim/embedded/uhid-device.ts';

const DEADLINE_MS = 30_000;

/** Short, so that a run is; nothing is asserted about how long anything takes. */
const TIMES = { pollMs: 5, reconnectMs: 20, retryMs: 20 };

/** Settles as `promise` does, or fails when it takes too long for any machine. */
export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not happen`)), DEADLINE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Things that happen one after another, and a wait for the next one nobody waited for yet. */
export class Events<T> {
  readonly all: T[] = [];
  #taken = 0;
  #wake: (() => void) | undefined;

  push = (value: T): void => {
    this.all.push(value);
    this.#wake?.();
  };

  async next(what: string): Promise<T> {
    const here = async (): Promise<T> => {
      while (this.all.length <= this.#taken) await new Promise<void>((resolve) => (this.#wake = resolve));
      return this.all[this.#taken++] as T;
    };
    return within(here(), what);
  }
}

/** One end of a link with what arrived at it. */
export interface End {
  readonly link: ReportLink;
  readonly reports: Events<Uint8Array>;
  readonly gone: Events<void>;
}

export function listenTo(link: ReportLink): End {
  const end = { link, reports: new Events<Uint8Array>(), gone: new Events<void>() };
  link.listen(end.reports.push, () => end.gone.push());
  return end;
}

/** A host: a watch of its own, as a process of its own would have. */
export interface Host {
  readonly opened: Events<End>;
  readonly absent: Events<string>;
}

/** Everything a case starts, stopped when the case is over. */
export class Rig {
  readonly #stops: (() => void | Promise<void>)[] = [];

  /** Plugs a signer in. */
  async plugIn(): Promise<{ readonly device: UhidDevice; readonly end: End; unplug(): Promise<void> }> {
    const device = await within(plugInUhidDevice(TEST_SIGNER), 'the start of the device');
    const unplug = async (): Promise<void> => {
      device.close();
      await within(device.closed, 'the end of the device');
    };
    this.#stops.push(unplug);
    return { device, end: listenTo(device), unplug };
  }

  /** Starts a host. */
  host(): Host {
    const opened = new Events<End>();
    const absent = new Events<string>();
    this.watch({
      onLink: (link) => opened.push(listenTo(link)),
      onAbsent: (error) => absent.push(error.code),
    });
    return { opened, absent };
  }

  /** Looks for signers until the case is over, or stopped. */
  watch(handlers: HidWatchHandlers): Stop {
    const stop = watchHid({ clock: systemClock(), times: TIMES }, handlers);
    this.defer(stop);
    return stop;
  }

  /** Runs `stop` when the case is over. */
  defer(stop: Stop | (() => Promise<void>)): void {
    this.#stops.push(stop);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.reverse()) await stop();
  }
}

/** Report number `n`: all bytes differ from report to report, the same in every run. */
export function reportOf(n: number): Uint8Array {
  let state = (n + 1) * 0x9e3779b1;
  return Uint8Array.from({ length: REPORT_BYTES }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return (state ^ (state >>> 13)) & 0xff;
  });
}
