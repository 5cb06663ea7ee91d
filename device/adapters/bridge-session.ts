/** One connection of a relay: its token, its lines, its silence. It knows no socket. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { TokenBuckets } from '../link/token-buckets.ts';
import type { Clock, Stop } from '../ports.ts';
import { type BridgeMessage, lineCutter, readBridgeLine } from './bridge-lines.ts';

/** Why a connection ended; stable, as they stand in the log behind `bridge-`. */
export type BridgeEnd = 'closed' | 'flood' | 'garbage' | 'line-too-long' | 'silent' | 'token';

/** From connecting to the whole token. */
export const TOKEN_MS = 2_000;
/**
 * While the button is down the relay says so again and again. A relay that hangs with the press never completes a hold of
 * 800 ms; one that hangs later leaves at most this much of the hold without a witness.
 */
export const SILENCE_DOWN_MS = 300;
/** At any other time. */
export const SILENCE_MS = 15_000;
/** A press with its bounce and its repeats is a few dozen lines. */
const RATE = { burst: 64, perSecond: 64 } as const;

interface SessionParts {
  readonly token: Uint8Array;
  readonly clock: Clock;
  onMessage(message: BridgeMessage): void;
  /** Once, and nothing follows. */
  onEnd(why: BridgeEnd): void;
}

export interface BridgeSession {
  accept(chunk: Buffer): void;
  end(why: BridgeEnd): void;
}

export function bridgeSession({ token, clock, onMessage, onEnd }: SessionParts): BridgeSession {
  const rate = new TokenBuckets(RATE);
  let isOpen = true;
  let isKnown = false;
  let isDown = false;
  let alarm: Stop = () => {};

  const end = (why: BridgeEnd) => {
    if (!isOpen) return;
    isOpen = false;
    alarm();
    onEnd(why);
  };
  const expect = (withinMs: number, otherwise: BridgeEnd) => {
    alarm();
    alarm = clock.after(withinMs, () => end(otherwise));
  };
  const greet = (line: Buffer) => {
    if (!same(line, token)) return end('token');
    isKnown = true;
    expect(SILENCE_MS, 'silent');
  };
  const hear = (line: Buffer) => {
    const message = readBridgeLine(line.toString('utf8'));
    if (message === undefined) return end('garbage');
    if ('button' in message) isDown = message.button === 'down';
    expect(isDown ? SILENCE_DOWN_MS : SILENCE_MS, 'silent');
    onMessage(message);
  };
  const cut = lineCutter((line) => {
    if (!isOpen) return;
    if (!rate.take('lines', clock.now())) end('flood');
    else if (isKnown) hear(line);
    else greet(line);
  });

  expect(TOKEN_MS, 'token');
  return {
    accept(chunk) {
      if (isOpen && !cut(chunk)) end('line-too-long');
    },
    end,
  };
}

/** Compared by digest, so that neither the time taken nor the length tells how much of a guess was right. */
function same(a: Uint8Array, b: Uint8Array): boolean {
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  return timingSafeEqual(digest(a), digest(b));
}
