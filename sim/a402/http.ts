/** HTTP as buyer and seller of a resource see it: one request, one answer. A real client and a simulated one are bodies of it. */

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute, `http:` or `https:`. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Nothing is known of what the other side has done. */
export type HttpFailure = 'unreachable' | 'timeout' | 'too-large';
export type HttpAnswer = HttpResponse | { readonly failed: HttpFailure };

export interface Http {
  /** Calls `done` exactly once, later. Redirects are answers like others: they are not followed. */
  request(request: HttpRequest, done: (answer: HttpAnswer) => void): void;
}

/** The longest body either side reads. */
export const HTTP_BODY_MAX_BYTES = 65_536;

/** The path of a URL, without query; `undefined` for what is none. */
export function pathOf(url: string): string | undefined {
  return /^https?:\/\/[^/?#]+(\/[^?#]*)?/.exec(url)?.[1];
}
