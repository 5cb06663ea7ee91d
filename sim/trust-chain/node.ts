/**
 * A trust chain node as it answers requests (ACT 2.1 TSD-ATT-OCA), however they come: an anchor is durable before it is
 * answered, and whatever is told of one comes with its proof.
 *
 * `POST /anchors` takes a JWS Compact: 201 for a new one, 409 for one that stands, 400 or 403 for one that is refused;
 * `GET /anchors/{record id}`, `GET /checkpoint`, `GET /proofs/inclusion?position=&size=`, `GET /proofs/consistency?from=&to=`.
 */
import { StoreError } from '../../device/errors.ts';
import type { ChainRequest, Journal, Log } from '../../device/ports.ts';
import { base64url, fromUtf8, type JsonObject, utf8, writeJson } from '../../protocol/index.ts';
import { TrustLog, type TrustLogOptions } from './log.ts';

/** A longer request is not read to its end. */
export const REQUEST_MAX_BYTES = 8_192;

export interface ChainResponse {
  readonly status: number;
  readonly type: 'application/json' | 'text/plain; charset=utf-8';
  readonly body: string;
}

export interface TrustNodeOptions extends TrustLogOptions {
  /** One entry for each anchor, in order. The caller opens and closes it. */
  readonly journal: Journal;
  readonly log: Log;
}

export interface TrustNode {
  answer(request: ChainRequest): ChainResponse;
  readonly size: number;
  checkpoint(): string;
}

/** @throws StoreError when the journal cannot be read; Error when it holds what no node has written. */
export function createTrustNode(options: TrustNodeOptions): TrustNode {
  return new Node(options);
}

type Route = readonly [
  method: ChainRequest['method'],
  path: RegExp,
  answer: (parts: readonly string[], body: string) => ChainResponse,
];

class Node implements TrustNode {
  readonly #options: TrustNodeOptions;
  readonly #log: TrustLog;
  readonly #routes: readonly Route[] = [
    ['POST', /^\/anchors$/, (_, body) => this.#submit(body)],
    ['GET', /^\/anchors\/([0-9a-f]{32})$/, ([recordId = '']) => this.#find(recordId)],
    ['GET', /^\/checkpoint$/, () => ({ status: 200, type: 'text/plain; charset=utf-8', body: this.checkpoint() })],
    ['GET', /^\/proofs\/inclusion\?position=(\d{1,15})&size=(\d{1,15})$/, (numbers) => this.#inclusion(numbers)],
    ['GET', /^\/proofs\/consistency\?from=(\d{1,15})&to=(\d{1,15})$/, (numbers) => this.#consistency(numbers)],
  ];

  constructor(options: TrustNodeOptions) {
    this.#options = options;
    this.#log = new TrustLog(options);
    for (const entry of options.journal.read()) this.#log.take(fromUtf8(entry));
  }

  get size(): number {
    return this.#log.size;
  }

  checkpoint(): string {
    return this.#log.checkpoint();
  }

  answer({ method, path, body = '' }: ChainRequest): ChainResponse {
    for (const [expected, pattern, answer] of this.#routes) {
      const found = expected === method ? pattern.exec(path) : null;
      if (found) return answer(found.slice(1), body);
    }
    return json(404, { code: 'not-there' });
  }

  #submit(jws: string): ChainResponse {
    const verdict = this.#log.judge(jws);
    switch (verdict.kind) {
      case 'new':
        return this.#add(jws);
      case 'known':
        return json(409, { code: 'anchor-known', ...this.#placed(verdict.position) });
      case 'taken':
        return json(409, {
          code: 'record-id-taken',
          jws: this.#log.at(verdict.position),
          ...this.#placed(verdict.position),
        });
      case 'refused':
        return json(STRANGERS.has(verdict.code) ? 403 : 400, { code: verdict.code });
    }
  }

  #add(jws: string): ChainResponse {
    try {
      this.#options.journal.append([utf8(jws)]);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#options.log.write('error', error.code);
      return json(503, { code: error.code });
    }
    return json(201, this.#placed(this.#log.take(jws)));
  }

  #placed(position: number): JsonObject {
    return { position, checkpoint: this.checkpoint(), proof: this.#log.inclusion(position).map(base64url) };
  }

  #find(recordId: string): ChainResponse {
    const position = this.#log.positionOf(recordId);
    if (position === undefined) return json(404, { code: 'anchor-not-found' });
    return json(200, { jws: this.#log.at(position), ...this.#placed(position) });
  }

  #inclusion(numbers: readonly string[]): ChainResponse {
    const [position = 0, size = 0] = numbers.map(Number);
    if (!(position < size && size <= this.size)) return json(400, { code: 'no-such-tree' });
    return json(200, { proof: this.#log.inclusion(position, size).map(base64url) });
  }

  #consistency(numbers: readonly string[]): ChainResponse {
    const [from = 0, to = 0] = numbers.map(Number);
    if (!(from >= 1 && from <= to && to <= this.size)) return json(400, { code: 'no-such-tree' });
    return json(200, { proof: this.#log.consistency(from, to).map(base64url) });
  }
}

const STRANGERS: ReadonlySet<string> = new Set(['submitter-unknown', 'channel-unknown']);

function json(status: number, body: JsonObject): ChainResponse {
  return { status, type: 'application/json', body: writeJson(body) };
}
