/** A session at the host: requests and their answers, sent again when a report was lost, given up when nobody is there any more. */
import { ProtocolError } from '../../protocol/index.ts';
import type { Clock, Stop } from '../ports.ts';
import type { HidError } from './commands.ts';
import type { HostChannel } from './host-channel.ts';
import type { HostFault } from './host-handshake.ts';
import { ALIVE_MS, ASKING_MAX_MS, DOING_MAX_MS, RESENDS, SILENCE_MS } from './limits.ts';
import { decodeAnswer, encodeRequest, type HidAnswer, type HidRequest } from './messages.ts';
import type { SecureSession } from './session.ts';

export interface HostSessionParts {
  readonly channel: HostChannel;
  readonly secure: SecureSession;
  readonly clock: Clock;
  /** The session is of no use any more; then every request is answered with the fault. */
  readonly onLost: (fault: HostFault) => void;
}

interface Pending {
  readonly sealed: Uint8Array;
  readonly done: (answer: HidAnswer) => void;
  readonly again: () => void;
  /** Whether the signer has said anything since: it may have taken the request then. */
  isHeard: boolean;
  /** Whether the wearer is asked, who takes time. */
  readonly isAsking: boolean;
  readonly limit: Stop;
}

const WITHOUT_WEARER: ReadonlySet<HidRequest['kind']> = new Set(['status', 'keys', 'cancel', 'lock', 'obey', 'unpair']);
/** Errors after which the session is still there, but a message has not arrived. */
const LOST_REPORTS: ReadonlySet<HidError> = new Set(['crc', 'sequence', 'timeout']);

export class HostSession {
  readonly #parts: HostSessionParts;
  /** By their numbers, oldest first. */
  readonly #pending = new Map<number, Pending>();
  #silence: Stop | undefined;
  #alive: Stop | undefined;
  #resends = 0;
  #isOver = false;

  constructor(parts: HostSessionParts) {
    this.#parts = parts;
    parts.channel.converse({
      onSealed: (sealed) => this.#receive(sealed),
      onError: (error) => this.#stumble(error),
      onKeepalive: () => this.#hear(),
      onGone: () => this.end('signer-gone'),
    });
  }

  /**
   * Sends a request; `done` once, or `again` when it turns out that the signer did not have the session any more. A request
   * that fits no message, and any request of a session that is over, fails at once.
   * @returns its number, by which it can be cancelled.
   */
  request(request: HidRequest, done: Pending['done'], again: Pending['again']): number | undefined {
    const plaintext = encoded(request);
    if (this.#isOver || !plaintext) {
      done({ kind: 'failed', code: this.#isOver ? 'signer-gone' : 'request-too-long' });
      return undefined;
    }
    const { secure, channel, clock } = this.#parts;
    const { number, sealed } = secure.seal(plaintext);
    const isAsking = !WITHOUT_WEARER.has(request.kind);
    const limit = clock.after(isAsking ? ASKING_MAX_MS : DOING_MAX_MS, () => this.end('signer-timed-out'));
    this.#pending.set(number, { sealed, done, again, isHeard: false, isAsking, limit });
    this.#resends = 0;
    this.#wait();
    if (isAsking) this.#beat();
    channel.send('sealed', sealed);
    return number;
  }

  /** Takes a request back; its own answer still follows. */
  cancel(number: number): void {
    if (this.#pending.has(number)) this.request({ kind: 'cancel', request: number }, nothing, nothing);
  }

  /** Every request fails with `fault`, and nothing more is sent. What a signer that restarted did not hear of can be asked again. */
  end(fault: HostFault): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#silence?.();
    this.#alive?.();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { limit } of pending) limit();
    this.#parts.onLost(fault);
    for (const { done, again, isHeard } of pending) {
      if (fault === 'signer-restarted' && !isHeard) again();
      else done({ kind: 'failed', code: fault });
    }
  }

  #receive(sealed: Uint8Array): void {
    const opened = this.#parts.secure.open(sealed);
    const read = opened && answerIn(opened.plaintext);
    const pending = read && this.#pending.get(read.to);
    if (!pending) return;
    this.#pending.delete(read.to);
    this.#hear();
    pending.limit();
    this.#resends = 0;
    if (![...this.#pending.values()].some(({ isAsking }) => isAsking)) this.#alive?.();
    pending.done(read.answer);
  }

  #hear(): void {
    for (const pending of this.#pending.values()) pending.isHeard = true;
    this.#wait();
  }

  /** While something is pending, a signer that says nothing is asked again, with the same bytes: it takes them once. */
  #wait(): void {
    this.#silence?.();
    this.#silence = undefined;
    if (this.#pending.size > 0 && !this.#isOver)
      this.#silence = this.#parts.clock.after(SILENCE_MS, () => this.#silent());
  }

  #silent(): void {
    if (this.#resends >= RESENDS) this.end('signer-timed-out');
    else this.#resend();
  }

  #resend(): void {
    this.#resends += 1;
    this.#wait();
    for (const { sealed } of this.#pending.values()) this.#parts.channel.send('sealed', sealed);
  }

  #stumble(error: HidError): void {
    // What others write into this channel leads to errors, too: beyond a few, only silence counts.
    if (LOST_REPORTS.has(error) && this.#resends < RESENDS) this.#resend();
    else if (error === 'session' || error === 'channel') this.end('signer-restarted');
  }

  #beat(): void {
    this.#alive?.();
    const { clock, secure, channel } = this.#parts;
    this.#alive = clock.after(ALIVE_MS, () => {
      channel.send('sealed', secure.seal(encodeRequest({ kind: 'alive' })).sealed);
      this.#beat();
    });
  }
}

const nothing = (): void => {};

/** `undefined` for documents that do not fit, which the signer would not read anyway. */
function encoded(request: HidRequest): Uint8Array | undefined {
  try {
    return encodeRequest(request);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** The signer's bytes are a peer's bytes. */
function answerIn(plaintext: Uint8Array): ReturnType<typeof decodeAnswer> | undefined {
  try {
    return decodeAnswer(plaintext);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
