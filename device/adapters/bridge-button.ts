/**
 * Button, wear sensor and words from a relay on the same machine: an app that receives the glasses' broadcasts or BLE
 * notifications and passes them on over a Unix socket (PORTING.md has the lines). Whoever has the socket and the token can
 * press this button, which is why its assurance is only `relayed`.
 */
import type { Socket } from 'node:net';
import { DeviceError } from '../errors.ts';
import type { Button, ButtonEdge, Clock, Log, WearSensor } from '../ports.ts';
import type { BridgeMessage } from './bridge-lines.ts';
import { type BridgeSession, bridgeSession } from './bridge-session.ts';
import { edgeFan } from './edge-fan.ts';
import type { LineSource } from './line-ear.ts';
import { servePrivateSocket } from './private-socket.ts';

export interface BridgeOptions {
  /** Where the relay connects; made with mode 0600, and replaced if a killed process left one behind. */
  readonly socketFile: string;
  /** The relay's first line. */
  readonly token: Uint8Array;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Bridge {
  readonly button: Button;
  /** Off the head until a relay says otherwise, and again when it is gone (T18). */
  readonly wear: WearSensor;
  /** Transcripts and `wake`, as lines. */
  readonly words: LineSource;
  close(): void;
}

/** 128 random bits in hex are twice that. */
const MIN_TOKEN_BYTES = 16;

/** @throws DeviceError `hardware-failed` when the socket cannot be made, `config-invalid` for a short token, `store-locked`. */
export async function openBridge({ socketFile, token, clock, log }: BridgeOptions): Promise<Bridge> {
  if (token.length < MIN_TOKEN_BYTES) {
    const message = `the token of the bridge has fewer than ${MIN_TOKEN_BYTES} characters`;
    throw new DeviceError('config-invalid', message, 'run: openssl rand -hex 32');
  }
  const fan = edgeFan(true);
  const wear = wearState();
  const words = wordSource();
  let level: ButtonEdge | undefined;
  let current: { readonly session: BridgeSession; readonly socket: Socket } | undefined;

  const onMessage = (message: BridgeMessage) => {
    if ('button' in message) {
      // Repeats while the button is down say that the relay is alive; they are no edges.
      if (message.button === level) return;
      level = message.button;
      fan.edge(level);
    } else if ('wear' in message) wear.set(message.wear);
    else if ('wake' in message) words.emit('wake');
    else if ('transcript' in message) words.emit(JSON.stringify(message.transcript));
  };
  const gone = () => {
    current = undefined;
    level = undefined;
    fan.lose();
    wear.set(false);
  };
  const connected = (socket: Socket) => {
    socket.on('error', () => {});
    if (current) {
      log.write('warn', 'bridge-busy');
      socket.destroy();
      return;
    }
    const session = bridgeSession({
      token,
      clock,
      onMessage,
      onEnd(why) {
        log.write(why === 'closed' ? 'info' : 'warn', `bridge-${why}`);
        socket.destroy();
        gone();
      },
    });
    current = { session, socket };
    socket.on('data', (chunk) => session.accept(chunk));
    socket.on('close', () => session.end('closed'));
  };

  const closeServer = await servePrivateSocket(socketFile, connected);
  const close = () => {
    closeServer();
    current?.session.end('closed');
  };
  return { button: { assurance: 'relayed', listen: fan.listen }, wear: wear.sensor, words: words.source, close };
}

function wearState(): { readonly sensor: WearSensor; set(worn: boolean): void } {
  const listeners = new Set<(worn: boolean) => void>();
  let isWorn = false;
  return {
    sensor: {
      listen(onChange) {
        const listener = (worn: boolean) => onChange(worn);
        listeners.add(listener);
        onChange(isWorn);
        return () => void listeners.delete(listener);
      },
    },
    set(worn) {
      if (worn === isWorn) return;
      isWorn = worn;
      for (const listener of [...listeners]) if (listeners.has(listener)) listener(worn);
    },
  };
}

function wordSource(): { readonly source: LineSource; emit(line: string): void } {
  const listeners: ((chunk: string) => void)[] = [];
  return {
    source: { on: (_event, listener) => listeners.push(listener) },
    emit(line) {
      for (const listener of listeners) listener(`${line}\n`);
    },
  };
}
