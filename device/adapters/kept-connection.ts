/** A Unix socket that is connected to again whenever there is no connection. */
import { createConnection, type Socket } from 'node:net';
import type { Clock, Stop } from '../ports.ts';

/** From the end of one attempt to connect to the next. */
const RETRY_MS = 500;

/**
 * @param begin gets each new socket before it is connected.
 * @param leave ends the last one when this is stopped.
 */
export function keepConnected(
  path: string,
  clock: Clock,
  begin: (socket: Socket) => void,
  leave: (socket: Socket) => void,
): Stop {
  let socket: Socket;
  let wait: Stop = () => {};
  const connect = () => {
    socket = createConnection(path);
    socket.on('error', () => {});
    begin(socket);
    socket.on('close', () => {
      wait = clock.after(RETRY_MS, connect);
    });
  };
  connect();
  return () => {
    wait();
    socket.removeAllListeners('close');
    leave(socket);
  };
}
