/** A server of HTTP on this machine's loopback: listening, and closed with everything that is still connected. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopbackServer {
  /** `http://127.0.0.1:…`, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Begins to listen on 127.0.0.1.
 * @param port 0: any free port.
 * @throws the server's own error, for example `EADDRINUSE`.
 */
export async function listenOnLoopback(server: Server, port = 0): Promise<LoopbackServer> {
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
