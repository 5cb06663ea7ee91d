/** A trust chain node on a real HTTP port of this machine's loopback: limits on size, rate and time around {@link TrustNode}. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BucketSize, TokenBuckets } from '../../device/link/token-buckets.ts';
import type { Clock } from '../../device/ports.ts';
import { type ChainResponse, REQUEST_MAX_BYTES, type TrustNode } from '../trust-chain/node.ts';

export interface TrustChainServer {
  /** `http://127.0.0.1:…`, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface TrustChainServerOptions {
  readonly node: Pick<TrustNode, 'answer'>;
  readonly clock: Clock;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Requests from one address; {@link ADDRESS_RATE} where it is left out. */
  readonly rate?: BucketSize;
}

export const ADDRESS_RATE: BucketSize = { burst: 200, perSecond: 50 };
/** Addresses that are counted apart; all others share one bucket. */
const MAX_ADDRESSES = 1_024;
const REQUEST_MS = 10_000;

/** Listens on 127.0.0.1. */
export async function startTrustChain(options: TrustChainServerOptions): Promise<TrustChainServer> {
  const limits = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, maxHeaderSize: REQUEST_MAX_BYTES };
  const desk = new HttpDesk(options);
  const server = createServer(limits, (request, response) => desk.serve(request, response));
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(options.port ?? 0, '127.0.0.1', listening);
  });
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

class HttpDesk {
  readonly #options: TrustChainServerOptions;
  readonly #rates: TokenBuckets;
  readonly #addresses = new Set<string>();

  constructor(options: TrustChainServerOptions) {
    this.#options = options;
    this.#rates = new TokenBuckets(options.rate ?? ADDRESS_RATE);
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#rates.take(this.#bucketOf(request), this.#options.clock.now())) {
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

  #bucketOf({ socket }: IncomingMessage): string {
    const address = socket.remoteAddress ?? '';
    if (this.#addresses.size < MAX_ADDRESSES) this.#addresses.add(address);
    return this.#addresses.has(address) ? address : 'others';
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
