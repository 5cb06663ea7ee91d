/** Finds HID signers as they come and go, and hands out each as a `ReportLink`. */
import { accessSync, constants } from 'node:fs';
import { DeviceError } from '../errors.ts';
import { type ReportLink, USAGE, USAGE_PAGE } from '../hid/report-link.ts';
import type { Clock, Stop } from '../ports.ts';
import { nodeHidLink } from './node-hid-link.ts';
import { type HidInfo, loadNodeHid, type NodeHid } from './node-hid-package.ts';

/** Devices opened at the same time. One that lies about its usage must not keep the true signer out, nor use up our handles. */
const MAX_LINKS = 8;

/** Times of a search, in milliseconds. */
export interface HidWatchTimes {
  /** From the end of one search to the next: what it takes to notice a device that was plugged in. */
  readonly pollMs: number;
  /** How long the last device may be away before `onAbsent`: a cable that slips for a moment is no event. */
  readonly reconnectMs: number;
  /** For how long a device is left alone that could not be opened, or whose link the caller closed. */
  readonly retryMs: number;
}

/** Enough for a person at a desk: plugged in and found within a second. */
export const HID_WATCH_TIMES: HidWatchTimes = { pollMs: 500, reconnectMs: 3_000, retryMs: 5_000 };

export interface HidWatchHandlers {
  /**
   * A candidate was opened. Listen before returning, or its first reports are lost. Several may be open at once; close those
   * that are not wanted. Nothing but the handshake says who a candidate is.
   */
  onLink(link: ReportLink): void;
  /**
   * There has been no device for `reconnectMs`: `hardware-absent` when there is none, `hardware-refused` when this user may
   * not open it, `hardware-failed` when it cannot be opened or searched for, `hid-unavailable` (at once, and the search is
   * over) without node-hid. Once for each reason, until a device was there again.
   */
  onAbsent(error: DeviceError): void;
}

const NOT_ATTACHED = new DeviceError(
  'hardware-absent',
  'no HID signer is attached',
  'plug the signer in; if it is, try another cable',
);
const NOT_LISTED = new DeviceError(
  'hardware-failed',
  'the system does not list its HID devices',
  'unplug the signer and plug it in again; if that does not help, restart the machine',
);
/** Linux leaves hidraw nodes to root; see examples/udev. */
const NOT_ALLOWED = new DeviceError(
  'hardware-refused',
  'this user may not open the HID signer',
  'install the udev rule of examples/udev, then unplug the signer and plug it in again',
);
const NOT_OPENED = new DeviceError(
  'hardware-failed',
  'the HID signer cannot be opened',
  'end other programs that use the signer, then unplug it and plug it in again',
);

export interface HidWatchPorts {
  readonly clock: Clock;
  readonly times?: HidWatchTimes;
  /** Loads node-hid; see {@link loadNodeHid}. */
  readonly load?: () => NodeHid;
}

/** Begins to search at once, and goes on until stopped, which also closes every link it opened. */
export function watchHid(ports: HidWatchPorts, handlers: HidWatchHandlers): Stop {
  let hid: NodeHid;
  try {
    hid = (ports.load ?? loadNodeHid)();
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    // Told later, as everything else is: the caller has not got its `Stop` yet.
    return ports.clock.after(0, () => handlers.onAbsent(error));
  }
  const watch = new HidWatch(ports.clock, ports.times ?? HID_WATCH_TIMES, hid, handlers);
  watch.start();
  return () => watch.stop();
}

class HidWatch {
  readonly #clock: Clock;
  readonly #times: HidWatchTimes;
  readonly #hid: NodeHid;
  readonly #handlers: HidWatchHandlers;
  readonly #links = new Map<string, ReportLink>();
  /** Paths that a search passes over: being opened or closed, or tried a moment ago. */
  readonly #leftAlone = new Set<string>();
  readonly #timers = new Set<Stop>();
  #cancelAbsence: Stop = () => {};
  #isAbsent = false;
  /** Why the last search found nothing more; unknown until a search has ended since the last device went. */
  #trouble: DeviceError | undefined;
  #told: string | undefined;
  #isStopped = false;

  constructor(clock: Clock, times: HidWatchTimes, hid: NodeHid, handlers: HidWatchHandlers) {
    this.#clock = clock;
    this.#times = times;
    this.#hid = hid;
    this.#handlers = handlers;
  }

  start(): void {
    this.#awaitAbsence();
    this.#search();
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#timers) cancel();
    for (const link of this.#links.values()) link.close();
  }

  /** One search; the next begins a while after this one is over, however long the system took. */
  #search(): void {
    void this.#openCandidates().then((trouble) => {
      if (this.#isStopped) return;
      this.#trouble = trouble;
      this.#tellAbsence();
      this.#after(this.#times.pollMs, () => this.#search());
    });
  }

  /** Opens what is new, and resolves to the reason why there is nothing more. */
  async #openCandidates(): Promise<DeviceError> {
    const found = await this.#hid.devicesAsync().catch(() => undefined);
    if (found === undefined) return NOT_LISTED;
    let trouble = NOT_ATTACHED;
    for (const { path } of found.filter(isCandidate)) {
      if (this.#isStopped || this.#links.size >= MAX_LINKS) break;
      if (this.#links.has(path)) continue;
      // What is left alone still tells why it could not be opened.
      if (this.#leftAlone.has(path)) trouble = this.#trouble ?? trouble;
      else trouble = (await this.#open(path)) ?? trouble;
    }
    return trouble;
  }

  /** Opens one device and hands it out; resolves to the reason why not. */
  async #open(path: string): Promise<DeviceError | undefined> {
    const handle = await this.#hid.HIDAsync.open(path).catch(() => undefined);
    if (handle === undefined) {
      this.#leaveAlone(path);
      return isRefused(path) ? NOT_ALLOWED : NOT_OPENED;
    }
    const { link, ended } = await nodeHidLink(handle);
    if (this.#isStopped) {
      link.close();
      return undefined;
    }
    this.#links.set(path, link);
    void ended.then((how) => this.#onEnded(path, how));
    this.#cancelAbsence();
    this.#isAbsent = false;
    this.#trouble = undefined;
    this.#told = undefined;
    this.#handlers.onLink(link);
    return undefined;
  }

  #onEnded(path: string, how: 'gone' | 'closed'): void {
    this.#links.delete(path);
    // A device that left may come back under the same path; one that the caller did not want is still the same.
    if (how === 'closed') this.#leaveAlone(path);
    if (this.#links.size === 0) this.#awaitAbsence();
  }

  #leaveAlone(path: string): void {
    this.#leftAlone.add(path);
    this.#after(this.#times.retryMs, () => this.#leftAlone.delete(path));
  }

  #awaitAbsence(): void {
    this.#cancelAbsence = this.#after(this.#times.reconnectMs, () => {
      this.#isAbsent = true;
      this.#tellAbsence();
    });
  }

  #tellAbsence(): void {
    if (!this.#isAbsent || this.#trouble === undefined || this.#told === this.#trouble.code) return;
    this.#told = this.#trouble.code;
    this.#handlers.onAbsent(this.#trouble);
  }

  #after(delayMs: number, fire: () => void): Stop {
    if (this.#isStopped) return () => {};
    const cancel = this.#clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      fire();
    });
    this.#timers.add(cancel);
    return () => {
      this.#timers.delete(cancel);
      cancel();
    };
  }
}

function isCandidate(info: HidInfo): info is HidInfo & { path: string } {
  return info.usagePage === USAGE_PAGE && info.usage === USAGE && info.path !== undefined;
}

/** Whether the device is a file that this user may not open; node-hid tells it in words only. Elsewhere a path is no file. */
function isRefused(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM';
  }
}
