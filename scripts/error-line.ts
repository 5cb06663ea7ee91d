import { EXIT, type Sink } from './command.ts';

const STABLE_CODE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/;

/** Errors whose cause is the caller's own input, by the first word of their code. */
const MISUSE = /^(?:usage|config)-/;

/** A message may quote what a peer or a file said: no line breaks and no terminal controls get through. */
const oneLine = (text: string): string => text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();

/** Some errors begin their message with their code; it is said once. */
const withoutCode = (message: string, code: string): string =>
  message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message;

/**
 * Writes one line for an error that ended a command: `act-edge: CODE: what happened; what to do`.
 * An error without a stable code is our own bug: its code is `internal`. With `debug` the stack follows.
 * @returns the exit code
 */
export function writeError(error: unknown, stderr: Sink, debug: boolean): number {
  const { code: given, hint } = Object(error) as { code?: unknown; hint?: unknown };
  const code = typeof given === 'string' && STABLE_CODE.test(given) ? given : 'internal';
  const message = withoutCode(error instanceof Error ? error.message : String(error), code);
  const next = code === 'internal' ? 'set ACT_EDGE_DEBUG=1 to see where' : hint;
  stderr.write(`act-edge: ${oneLine(`${code}: ${message}${typeof next === 'string' ? `; ${next}` : ''}`)}\n`);
  if (debug && error instanceof Error) stderr.write(`${error.stack}\n`);
  return MISUSE.test(code) ? EXIT.misuse : EXIT.fellShort;
}
