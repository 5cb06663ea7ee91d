/**
 * Reports of 64 bytes over a Unix socket, one after another: how a host reaches a signer that is a program on the same machine.
 * Every connection is an opener of the same device, as with hidraw: each sees what the signer sends, and each may write.
 */
import type { Socket } from 'node:net';
import type { LinkSource } from '../hid/host.ts';
import { REPORT_BYTES, type ReportLink } from '../hid/report-link.ts';
import type { Clock } from '../ports.ts';
import { keepConnected } from './kept-connection.ts';
import { servePrivateSocket } from './private-socket.ts';

/** Openers at a time. */
const MAX_OPENERS = 8;
/** What may wait for an opener that does not read; then it is let go, as a kernel drops its reports. */
const MAX_WAITING_BYTES = 65_536;

interface Listener {
  onReport(report: Uint8Array): void;
  onGone(): void;
}

export interface SocketDevice {
  /** The signer's end of all connections. It is never gone before it is closed. */
  readonly link: ReportLink;
  close(): void;
}

/** Serves the device's side at `path`. @throws DeviceError `hardware-failed`, `store-locked`. */
export async function serveSocketLink(path: string): Promise<SocketDevice> {
  const openers = new Set<Socket>();
  let listener: Listener | undefined;
  const stop = await servePrivateSocket(path, (socket) => {
    socket.on('error', () => {});
    if (openers.size >= MAX_OPENERS) {
      socket.destroy();
      return;
    }
    openers.add(socket);
    socket.on('data', (chunk) => socket.destroyed || cut(chunk));
    socket.on('close', () => openers.delete(socket));
    const cut = reportCutter((report) => listener?.onReport(report));
  });
  const close = () => {
    stop();
    for (const socket of openers) socket.destroy();
  };
  return {
    close,
    link: {
      send(report) {
        for (const socket of openers) write(socket, report);
      },
      listen(onReport, onGone) {
        const mine = { onReport, onGone };
        listener = mine;
        return () => {
          if (listener === mine) listener = undefined;
        };
      },
      close,
    },
  };
}

/** Connects to `path` as a host, again whenever there is no connection, until it is stopped. */
export function socketLinks(path: string, clock: Clock): LinkSource {
  return (onLink) => {
    const begin = (socket: Socket) => socket.on('connect', () => onLink(linkOf(socket)));
    // What was sent before, a request to take a prompt away for example, still goes out.
    return keepConnected(path, clock, begin, (socket) => socket.end());
  };
}

function linkOf(socket: Socket): ReportLink {
  let listener: Listener | undefined;
  const cut = reportCutter((report) => listener?.onReport(report));
  socket.on('data', cut);
  socket.on('close', () => {
    const gone = listener;
    listener = undefined;
    gone?.onGone();
  });
  return {
    send: (report) => write(socket, report),
    listen(onReport, onGone) {
      const mine = { onReport, onGone };
      listener = mine;
      if (socket.destroyed) queueMicrotask(() => listener === mine && onGone());
      return () => {
        if (listener === mine) listener = undefined;
      };
    },
    close() {
      listener = undefined;
      socket.end();
    },
  };
}

function write(socket: Socket, report: Uint8Array): void {
  if (report.length !== REPORT_BYTES) throw new RangeError(`a report has ${REPORT_BYTES} bytes, not ${report.length}`);
  if (!socket.writable) return;
  if (socket.writableLength > MAX_WAITING_BYTES) socket.destroy();
  else socket.write(report.slice());
}

/** Cuts a stream into reports; each is a fresh array. */
function reportCutter(onReport: (report: Uint8Array) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= REPORT_BYTES) {
      const report = Uint8Array.from(rest.subarray(0, REPORT_BYTES));
      rest = rest.subarray(REPORT_BYTES);
      onReport(report);
    }
  };
}
