import * as z from 'zod/mini';

/** Longest part of a wrong value that an error repeats. */
const SHOWN_CHARACTERS = 40;

/** What was there instead, for the end of an error; shortened. */
export function got(input: unknown): string {
  if (input === undefined) return '';
  const spelled = typeof input === 'object' && input !== null ? 'a section or list' : String(JSON.stringify(input));
  return `, got ${spelled.length > SHOWN_CHARACTERS ? `${spelled.slice(0, SHOWN_CHARACTERS)}…` : spelled}`;
}

/** A value for which `holds`; the error says what was expected and what was there. */
export function rule<T>(holds: (value: unknown) => boolean, expected: string): z.ZodMiniCustom<T, T> {
  return z.custom<T>(holds, {
    error: ({ input }) => `${input === undefined ? 'missing; ' : ''}expected ${expected}${got(input)}`,
  });
}

/** A section with exactly these keys. */
export function required<S extends z.core.$ZodShape>(shape: S): z.ZodMiniObject<S, z.core.$strict> {
  return z.strictObject(shape, {
    error: ({ code, input }) =>
      code === 'invalid_type' ? `${input === undefined ? 'missing; ' : ''}expected a section` : undefined,
  });
}

/** A whole number within bounds, both included. */
export function whole(min: number, max: number): z.ZodMiniCustom<number, number> {
  const holds = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
  return rule<number>(holds, `a whole number from ${min} to ${max}`);
}

/** One of the words of a closed list. */
export function oneOf<const T extends string>(words: readonly T[]): z.ZodMiniCustom<T, T> {
  const expected = `one of ${words.map((word) => JSON.stringify(word)).join(', ')}`;
  return rule<T>((value) => words.some((word) => word === value), expected);
}

/** Text of a closed alphabet. */
export function matching(pattern: RegExp, expected: string): z.ZodMiniCustom<string, string> {
  return rule<string>((value) => typeof value === 'string' && pattern.test(value), expected);
}

/** A path, absolute or relative to the configuration file. Control characters in one are a mistake or an attack on a log. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the purpose
export const file = matching(/^[^\0-\x1f\x7f]{1,1024}$/, 'a path');

const BROKER_SCHEMES = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

/** An address without a user or password in it. The value is never repeated: people do write passwords into it (T19). */
export const brokerUrl = z.custom<string>(
  (value) => {
    if (typeof value !== 'string' || !URL.canParse(value)) return false;
    const { protocol, hostname, username, password } = new URL(value);
    return BROKER_SCHEMES.includes(protocol) && hostname !== '' && username === '' && password === '';
  },
  {
    error: ({ input }) =>
      `${input === undefined ? 'missing; ' : ''}expected mqtt://, mqtts://, ws:// or wss:// and a host, without user or password`,
  },
);

function isWebUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  const isHere = hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost';
  const isPlain = username === '' && password === '' && search === '' && hash === '';
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && isHere));
}

/** An address that is asked over HTTP: encrypted unless it is on this machine. The value is never repeated (T19). */
export const webUrl = z.custom<string>(isWebUrl, {
  error: ({ input }) =>
    `${input === undefined ? 'missing; ' : ''}expected https:// and a host (http:// on this machine only), without user, password or query`,
});

const LISTEN = /^127\.0\.0\.1:([1-9]\d{0,4})$/;
const MAX_PORT = 65_535;

/** Where a server listens: on this machine only. */
export const listenHere = rule<string>(
  (value) => typeof value === 'string' && Number(LISTEN.exec(value)?.[1] ?? Number.NaN) <= MAX_PORT,
  '127.0.0.1: and a port from 1 to 65535',
);

/** Adds a problem that concerns more than one key, at `key` beside the others. */
export function refuse(context: z.core.ParsePayload<object>, holds: boolean, key: string, problem: string): void {
  if (holds) context.issues.push({ code: 'custom', path: [key], message: problem, input: undefined });
}
