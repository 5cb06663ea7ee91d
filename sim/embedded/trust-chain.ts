/** A trust chain node on a real HTTP port of this machine's loopback: limits on size, rate and time around {@link TrustNode}. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { BucketSize } from '../../device/link/token-buckets.ts';
import type { Clock } from '../../device/ports.ts';
import { type ChainResponse, REQUEST_MAX_BYTES, type TrustNode } from '../trust-chain/node.ts';
import { AddressRates } from './address-rates.ts';
import { type LoopbackServer, listenOnLoopback } from './listen-on-loopback.ts';

export type TrustChainServer = LoopbackServer;

export interface TrustChainServerOptions {
  readonly node: Pick<TrustNode, 'answer'>;
  readonly clock: Clock;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Requests from one address; `ADDRESS_RATE` where it is left out. */
  readonly rate?: BucketSize;
}

const REQUEST_MS = 10_000;

/** Listens on 127.0.0.1. */
export async function startTrustChain(options: TrustChainServerOptions): Promise<TrustChainServer> {
  const limits = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, maxHeaderSize: REQUEST_MAX_BYTES };
  const desk = new HttpDesk(options);
  return listenOnLoopback(
    createServer(limits, (request, response) => desk.serve(request, response)),
    options.port,
  );
}

class HttpDesk {
  readonly #options: TrustChainServerOptions;
  readonly #rates: AddressRates;

  constructor(options: TrustChainServerOptions) {
    this.#options = options;
    this.#rates = new AddressRates(options.rate);
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#rates.take(request, this.#options.clock.now())) {
      refuse(response, 429, 'too-many-requests', { 'retry-after': '1' });
      return;
    }
    const { method } = request;
    if (method !== 'GET' && method !== 'POST') {
      refuse(response, 405, 'method-unknown');
      return;
    }
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= REQUEST_MAX_BYTES) parts.push(part);
      else if (!response.headersSent) refuse(response, 413, 'too-long', { connection: 'close' });
      else request.destroy();
    });
    request.on('error', () => response.destroy());
    request.on('end', () => {
      if (length > REQUEST_MAX_BYTES) return;
      send(response, this.#options.node.answer({ method, path: request.url ?? '/', body: textOf(parts) }));
    });
  }
}

/** What is no UTF-8 becomes what is no anchor. */
function textOf(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, { status, type, body }: ChainResponse): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ code }));
}
