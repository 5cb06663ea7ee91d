import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ProtocolError, type ProtocolErrorCode } from '../../protocol/errors.ts';

/** The code with which `action` is refused, or 'accepted'. Anything thrown that is no ProtocolError fails the test. */
export function verdict(action: () => unknown): ProtocolErrorCode | 'accepted' {
  return refusal(action)?.code ?? 'accepted';
}

/** The ProtocolError that `action` throws, or undefined. Anything else that is thrown fails the test. */
export function refusal(action: () => unknown): ProtocolError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** A reproducible stream of integers from 0 to `below` − 1 (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const VECTORS = new URL('../../../shared/vectors/', import.meta.url);

/** Whether the public vectors made by others lie beside the checkout; they are not part of it. */
export function hasVectors(name: string): boolean {
  const here = existsSync(new URL(name, VECTORS));
  if (!here) console.warn(`skipped: no vectors ${name} beside the checkout`);
  return here;
}

/** One file of vectors, or `absent` if it is not there. */
export function vectors<T>(name: string, absent: T): T {
  const file = new URL(name, VECTORS);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : absent;
}

/** The files of a folder of vectors with their names; none if it is not there. */
export function vectorFolder<T>(name: string): (readonly [string, T])[] {
  const folder = new URL(`${name}/`, VECTORS);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  return files.sort().map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as T] as const);
}
