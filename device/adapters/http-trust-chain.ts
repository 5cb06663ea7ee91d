/** The way to a trust chain node over HTTP by Node: one request, one bounded answer, no redirects, nothing kept open. */
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { checkEnrolmentKey, fromHex, type NoteKey, ProtocolError } from '../../protocol/index.ts';
import { type TrustChainParts, trustChain } from '../audit/trust-chain.ts';
import type { AuditConfig } from '../config-audit.ts';
import { DeviceError } from '../errors.ts';
import type { ChainRequest, ChainWire, TrustChain } from '../ports.ts';

/** A longer answer is no answer (T21). */
export const ANSWER_MAX_BYTES = 65_536;

export interface HttpTrustChainOptions extends Omit<TrustChainParts, 'wire'> {
  /** For example `https://chain.example.com/act`; paths are put behind it. */
  readonly url: string;
}

/** A node that is reached over HTTP, believed for its proofs and its key only. @throws ProtocolError `note-*` as {@link trustChain}. */
export function httpTrustChain({ url, ...parts }: HttpTrustChainOptions): TrustChain {
  return trustChain({ ...parts, wire: httpChainWire(url) });
}

function httpChainWire(url: string): ChainWire {
  const base = url.replace(/\/+$/, '');
  return {
    ask(request, done) {
      let isOver = false;
      const finish = (answer: Parameters<typeof done>[0]) => {
        if (isOver) return;
        isOver = true;
        done(answer);
        sent.destroy();
      };
      const sent = send(base, request, (answer) => collect(answer, finish));
      sent.on('error', () => finish(undefined));
      sent.end(request.body);
      return () => {
        isOver = true;
        sent.destroy();
      };
    },
  };
}

function send(base: string, { method, path, body }: ChainRequest, answered: (answer: IncomingMessage) => void) {
  const headers =
    body === undefined ? {} : { 'content-type': 'application/jose', 'content-length': Buffer.byteLength(body) };
  const options: RequestOptions = { method, headers, agent: false };
  return base.startsWith('https:')
    ? requestHttps(base + path, options, answered)
    : requestHttp(base + path, options, answered);
}

function collect(
  answer: IncomingMessage,
  finish: (answer: { readonly status: number; readonly body: Uint8Array } | undefined) => void,
): void {
  const parts: Buffer[] = [];
  let length = 0;
  answer.on('data', (part: Buffer) => {
    length += part.length;
    if (length > ANSWER_MAX_BYTES) finish(undefined);
    else parts.push(part);
  });
  answer.on('error', () => finish(undefined));
  answer.on('end', () => finish({ status: answer.statusCode ?? 0, body: new Uint8Array(Buffer.concat(parts)) }));
  // After an end that came this says nothing new.
  answer.on('close', () => finish(undefined));
}

/**
 * The node as a configuration names it.
 * @throws DeviceError `config-unreadable`, `config-invalid` where its key file does not hold a sound key.
 */
export function chainNodeOf({ chainName, chainKeyHex, chainKeyFile }: AuditConfig): NoteKey {
  const publicKey = chainKeyHex ?? readKeyFile(chainKeyFile ?? '');
  try {
    const key = fromHex(publicKey);
    checkEnrolmentKey(key);
    return { name: chainName, publicKey: key };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new DeviceError(
      'config-invalid',
      `the key of ${chainName} is none (${error.code})`,
      'take it again from who runs the node',
    );
  }
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new DeviceError('config-unreadable', `cannot read ${path} (${reason})`, 'check the path and its permissions');
  }
}
