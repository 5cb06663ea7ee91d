/** One device opened through node-hid, as a `ReportLink`. */
import { REPORT_BYTES, type ReportLink } from '../hid/report-link.ts';
import type { HidHandle } from './node-hid-package.ts';

/**
 * Reports that may wait for the kernel. The largest message takes fewer; a device that leaves so many waiting has stopped
 * listening, and dropping some of them would only hide that.
 */
const MAX_WAITING_REPORTS = 256;

/** The report id that hidapi wants in front of a report of a device without report ids. */
const NO_REPORT_ID = 0;

/** A link, and a promise of its end. */
export interface OpenedLink {
  readonly link: ReportLink;
  /** Settles, never rejects, when the handle has been given back: the device left, it failed, or `close` was called. */
  readonly ended: Promise<'gone' | 'closed'>;
}

/**
 * Wraps a handle that was just opened. Reading has begun when the promise resolves, and no report has been lost if the
 * caller listens in the same turn; reports that come while nobody listens are dropped.
 */
export async function nodeHidLink(handle: HidHandle): Promise<OpenedLink> {
  let listener: { onReport(report: Uint8Array): void; onGone(): void } | undefined;
  let state: 'open' | 'gone' | 'closed' = 'open';
  let waiting: Buffer[] = [];
  let isWriting = false;
  let settle: (how: 'gone' | 'closed') => void;
  const ended = new Promise<'gone' | 'closed'>((resolve) => {
    settle = resolve;
  });

  function release(how: 'gone' | 'closed'): void {
    // Closing a handle whose device has left may fail; there is nothing left to close then.
    handle.close().then(
      () => settle(how),
      () => settle(how),
    );
  }

  function goGone(): void {
    if (state === 'gone') return;
    const wasOpen = state === 'open';
    state = 'gone';
    waiting = [];
    release(wasOpen ? 'gone' : 'closed');
    if (wasOpen) listener?.onGone();
  }

  /** Writes one report after the other, so that none overtakes another and none follows one that failed. */
  async function drain(): Promise<void> {
    isWriting = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const written = await handle.write(next).catch(() => -1);
      if (written < REPORT_BYTES) goGone();
    }
    isWriting = false;
    if (state === 'closed') release('closed');
  }

  // Listeners stay until the handle is closed: node-hid starts and stops its thread with them, and throws out of a timer
  // when the two overlap. What a listener of ours throws must not look to node-hid like a failure of the device either.
  handle.on('error', () => queueMicrotask(goGone));
  handle.on('data', (data) => {
    if (data.length !== REPORT_BYTES) return;
    const report = Uint8Array.from(data);
    queueMicrotask(() => {
      if (state === 'open') listener?.onReport(report);
    });
  });
  // Closing before the next tick, when node-hid starts to read, would make it throw where nobody can catch it.
  await new Promise<void>((resolve) => process.nextTick(resolve));

  const link: ReportLink = {
    send(report) {
      if (report.length !== REPORT_BYTES)
        throw new RangeError(`a report has ${REPORT_BYTES} bytes, not ${report.length}`);
      if (state !== 'open') return;
      if (waiting.length >= MAX_WAITING_REPORTS) return queueMicrotask(goGone);
      waiting.push(Buffer.from([NO_REPORT_ID, ...report]));
      if (!isWriting) void drain();
    },
    listen(onReport, onGone) {
      const mine = { onReport, onGone };
      listener = mine;
      if (state === 'gone') queueMicrotask(() => listener === mine && onGone());
      return () => {
        if (listener === mine) listener = undefined;
      };
    },
    close() {
      if (state !== 'open') return;
      state = 'closed';
      listener = undefined;
      // What was sent before, a CANCEL for example, still goes out.
      if (!isWriting) release('closed');
    },
  };
  return { link, ended };
}
