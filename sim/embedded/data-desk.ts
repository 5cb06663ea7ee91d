/** The data desk on a real HTTP port of this machine's loopback: a body of the seller's port, with limits and nothing of its own to decide. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { BucketSize } from '../../device/link/token-buckets.ts';
import type { EpochMs } from '../../protocol/index.ts';
import { HTTP_BODY_MAX_BYTES } from '../a402/http.ts';
import type { MemoryHost } from '../a402/memory-http.ts';
import { AddressRates } from './address-rates.ts';
import { type LoopbackServer, listenOnLoopback } from './listen-on-loopback.ts';

export type DataDesk = LoopbackServer;

export interface DataDeskOptions {
  readonly seller: MemoryHost;
  now(): EpochMs;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Requests from one address; `ADDRESS_RATE` where it is left out. */
  readonly rate?: BucketSize;
}

const REQUEST_MS = 10_000;

/** Listens on 127.0.0.1. @throws the server's own error, for example `EADDRINUSE`. */
export async function startDataDesk(options: DataDeskOptions): Promise<DataDesk> {
  const rates = new AddressRates(options.rate);
  const serving = (request: IncomingMessage, response: ServerResponse) => {
    if (rates.take(request, options.now())) serve(options, request, response);
    else response.writeHead(429, { 'retry-after': '1' }).end();
  };
  return listenOnLoopback(
    createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, serving),
    options.port,
  );
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
