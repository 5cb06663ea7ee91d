/** HTTP by Node: one request, one bounded answer, no redirects, nothing kept open. */
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { HTTP_BODY_MAX_BYTES, type Http, type HttpAnswer, type HttpRequest } from '../a402/http.ts';

/** @param timeoutMs from the request to the last byte of the answer. */
export function nodeHttp({ timeoutMs }: { readonly timeoutMs: number }): Http {
  return {
    request(request, done) {
      let isDone = false;
      const finish = (answer: HttpAnswer) => {
        if (isDone) return;
        isDone = true;
        clearTimeout(timer);
        done(answer);
        sent?.destroy();
      };
      const timer = setTimeout(() => finish({ failed: 'timeout' }), timeoutMs);
      const sent = send(request, (answer) => read(answer, finish));
      if (sent === undefined) finish({ failed: 'unreachable' });
      sent?.on('error', () => finish({ failed: 'unreachable' }));
      sent?.end(request.body);
    },
  };
}

/** `undefined` for a URL or a header that Node does not take. */
function send({ method, url, headers, body }: HttpRequest, answered: (answer: IncomingMessage) => void) {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const options: RequestOptions = { method, headers: { ...headers, ...length }, agent: false };
  try {
    return url.startsWith('https:') ? requestHttps(url, options, answered) : requestHttp(url, options, answered);
  } catch {
    return undefined;
  }
}

function read(answer: IncomingMessage, finish: (answer: HttpAnswer) => void): void {
  const parts: Buffer[] = [];
  let length = 0;
  answer.on('data', (part: Buffer) => {
    length += part.length;
    if (length > HTTP_BODY_MAX_BYTES) finish({ failed: 'too-large' });
    else parts.push(part);
  });
  answer.on('error', () => finish({ failed: 'unreachable' }));
  answer.on('end', () => {
    const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
    const body = new Uint8Array(Buffer.concat(parts));
    finish({ status: answer.statusCode ?? 0, headers: Object.fromEntries(headers), body });
  });
}
