/** Another program that has the same device open: it sees every report of the signer and may write what it likes. */
import { COMMANDS, type Command, commandOf, errorOf } from '../../../device/hid/commands.ts';
import { Assembler, decodeInitAnswer, reportsOf, uint32 } from '../../../device/hid/framing.ts';
import { agree, type Beginning, type IdentityKey, prove, sessionKeys } from '../../../device/hid/handshake.ts';
import { BROADCAST, HID_VERSION, HID_VERSION_FLOOR } from '../../../device/hid/limits.ts';
import type { ReportLink } from '../../../device/hid/report-link.ts';
import { SecureSession } from '../../../device/hid/session.ts';
import { x25519Key } from '../../../protocol/crypto.ts';
import { concatBytes } from '../../../protocol/index.ts';
import type { VirtualClock } from '../../../sim/virtual-clock.ts';
import { HOST_KEY, IDENTITY } from './hid-rig.ts';

export interface Said {
  readonly channel: number;
  readonly command: Command | undefined;
  readonly payload: Uint8Array;
}

export class RawOpener {
  readonly link: ReportLink;
  readonly #clock: VirtualClock;
  /** Every message the signer sent to anybody, oldest first. */
  readonly said: Said[] = [];
  /** Every report. */
  readonly reports: Uint8Array[] = [];

  constructor(link: ReportLink, clock: VirtualClock) {
    this.link = link;
    this.#clock = clock;
    const assembler = new Assembler(() => true);
    link.listen(
      (report) => {
        this.reports.push(report);
        const heard = assembler.accept(report, clock.now());
        if (heard?.kind !== 'message') return;
        const { channel, command, payload } = heard;
        this.said.push({ channel, command: commandOf(command), payload });
      },
      () => {},
    );
  }

  send(channel: number, command: Command | number, payload: Uint8Array = new Uint8Array(0)): void {
    const number = typeof command === 'number' ? command : COMMANDS[command];
    for (const report of reportsOf({ channel, command: number, payload })) this.link.send(report);
  }

  /** Sends, waits, and gives the first message that came in answer on this channel. */
  ask(channel: number, command: Command | number, payload?: Uint8Array, waitMs = 50): Said | undefined {
    const before = this.said.length;
    this.send(channel, command, payload);
    this.#clock.advance(waitMs);
    return this.said.slice(before).find((one) => one.channel === channel);
  }

  /** The name of the error that this is answered with. */
  errorTo(channel: number, command: Command | number, payload?: Uint8Array): string | undefined {
    const said = this.ask(channel, command, payload);
    return said?.command === 'error' ? errorOf(said.payload) : undefined;
  }

  /** A channel of its own. */
  open(nonce: Uint8Array = new Uint8Array(8).fill(1)): number {
    const answer = decodeInitAnswer(this.ask(BROADCAST, 'init', nonce)?.payload ?? new Uint8Array(0));
    if (!answer) throw new Error('no channel');
    return answer.channel;
  }
}

export interface RawSession {
  readonly channel: number;
  readonly secure: SecureSession;
}

/** Opens a session as a host that implements the protocol from its document would. */
export function openRawSession(opener: RawOpener, key: IdentityKey = HOST_KEY, scalar = 5, waitMs = 50): RawSession {
  const nonce = new Uint8Array(8).fill(3);
  const channel = opener.open(nonce);
  const own = x25519Key(new Uint8Array(32).fill(scalar));
  const offered = { version: HID_VERSION, floor: HID_VERSION_FLOOR };
  const beginning: Beginning = { kind: 'session', version: HID_VERSION, offered, nonce, channel };
  const hello = opener.ask(channel, 'hello', concatBytes(Uint8Array.of(HID_VERSION), own.publicKey), waitMs);
  const [theirs, signer] = [hello?.payload.slice(0, 32), hello?.payload.slice(32)];
  const agreement = theirs && agree(beginning, own, { host: own.publicKey, signer: theirs });
  if (!agreement || !signer) throw new Error('the signer did not answer the HELLO');
  const host = prove(agreement, 'host', key, IDENTITY.publicKey);
  const proven = opener.ask(channel, 'prove', host, waitMs);
  const secure = new SecureSession(sessionKeys(agreement, 'host', { host, signer }), uint32(channel));
  if (proven?.command !== 'prove' || !secure.open(proven.payload)) throw new Error('the signer opened no session');
  return { channel, secure };
}
