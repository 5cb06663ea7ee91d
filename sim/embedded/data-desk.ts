/** The data desk on a real HTTP port of this machine's loopback: a body of the seller's port, with nothing of its own to decide. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EpochMs } from '../../protocol/index.ts';
import { HTTP_BODY_MAX_BYTES, type HttpRequest, type HttpResponse } from '../a402/http.ts';

export interface DataDesk {
  /** `http://127.0.0.1:…`, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface DataDeskOptions {
  readonly seller: { handle(request: HttpRequest, now: EpochMs): HttpResponse };
  now(): EpochMs;
}

const REQUEST_MS = 10_000;

/** Listens on a free port of 127.0.0.1. */
export async function startDataDesk(options: DataDeskOptions): Promise<DataDesk> {
  const server = createServer({ requestTimeout: REQUEST_MS }, (request, response) => serve(options, request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function serve({ seller, now }: DataDeskOptions, request: IncomingMessage, response: ServerResponse): void {
  const { method } = request;
  if (method !== 'GET' && method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  const parts: Buffer[] = [];
  let length = 0;
  request.on('data', (part: Buffer) => {
    length += part.length;
    if (length > HTTP_BODY_MAX_BYTES) request.destroy();
    else parts.push(part);
  });
  request.on('end', () => {
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
    const body = Buffer.concat(parts).toString();
    const asked = { method, url: `http://desk${request.url}`, headers: Object.fromEntries(headers), body } as const;
    const answer = seller.handle(asked, now());
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
}
