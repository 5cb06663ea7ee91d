/**
 * The signer's side of ACT-HID: a signer core behind a `ReportLink`. Whatever reports arrive, in whatever order, nothing
 * throws, memory is bounded, and nothing is signed that the core's own wearer did not hold the button for.
 */
import { StoreError } from '../errors.ts';
import type { Clock, Journal, Log, Random, Stop } from '../ports.ts';
import type { ActAnswer, SignerCore } from '../signer/core.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { Channels } from './channels.ts';
import { COMMANDS, type Command, commandOf, HID_ERRORS, type HidError } from './commands.ts';
import { Desk } from './desk.ts';
import { Assembler, encodeInitAnswer, type Heard, type HidMessage, reportsOf } from './framing.ts';
import type { IdentityKey } from './handshake.ts';
import { BROADCAST, HID_VERSION, HID_VERSION_FLOOR, NONCE_BYTES, WINK_MS } from './limits.ts';
import { encodeInfo } from './messages.ts';
import { openPairedHosts, type PairedHosts } from './paired-hosts.ts';
import { Handshakes, type Line, type Refused } from './peripheral-handshakes.ts';
import { SignerSession } from './peripheral-session.ts';
import type { ReportLink } from './report-link.ts';
import type { SecureSession } from './session.ts';

export interface PeripheralParts {
  readonly core: SignerCore;
  /** Proves which signer this is; the confirmation key proves nothing here. */
  readonly identity: IdentityKey;
  /** The public half, 32 bytes. */
  readonly confirmationKey: Uint8Array;
  /** The maker's certificate for the identity key, up to 1,024 bytes. */
  readonly certificate?: Uint8Array;
  /** 1 to 32 of letters, digits, `.`, `+` and `-`. */
  readonly firmware: string;
  /** The journal of the paired hosts; nothing else may write to it. */
  readonly hosts: Journal;
  readonly clock: Clock;
  readonly random: Random;
  /** Of the pairing prompt; every other request says in which language it is to be shown. */
  readonly locale: Locale;
  /** Shows the person which of several signers this is; must not look like a prompt. */
  readonly wink: () => void;
  readonly log: Log;
}

export interface Peripheral {
  /** Serves one link; the one before is given up, and what it was asking is void. `Stop` does the same. */
  attach(link: ReportLink): Stop;
}

/**
 * @throws StoreError when the list of paired hosts cannot be read; ProtocolError `message-shape` for a certificate or a
 *   firmware name that does not fit.
 */
export function createPeripheral(parts: PeripheralParts): Peripheral {
  const hosts = openPairedHosts(parts.hosts);
  const info = infoOf(parts);
  let served: PeripheralLink | undefined;
  return {
    attach(link) {
      served?.end();
      const mine = new PeripheralLink(parts, hosts, info, link);
      served = mine;
      return () => mine.end();
    },
  };
}

function infoOf({ identity, firmware, certificate }: PeripheralParts): Uint8Array {
  const info = { version: HID_VERSION, floor: HID_VERSION_FLOOR, identity: identity.publicKey, firmware };
  return encodeInfo({ ...info, ...(certificate && { certificate }) });
}

type Handler = (self: PeripheralLink, line: Line, payload: Uint8Array) => void;

class PeripheralLink {
  readonly parts: PeripheralParts;
  /** The answer to INFO, the same for everybody. */
  readonly info: Uint8Array;
  readonly handshakes: Handshakes;
  readonly desk: Desk;
  session: SignerSession | undefined;
  readonly #hosts: PairedHosts;
  readonly #link: ReportLink;
  readonly #channels: Channels;
  readonly #assembler = new Assembler((channel) => channel === BROADCAST || this.#channels.has(channel));
  #timer: Stop | undefined;
  #winkedAt = Number.NEGATIVE_INFINITY;
  #stopListening: Stop = () => {};

  constructor(parts: PeripheralParts, hosts: PairedHosts, info: Uint8Array, link: ReportLink) {
    this.parts = parts;
    this.info = info;
    this.#hosts = hosts;
    this.#link = link;
    const { identity, random, clock, core } = parts;
    this.#channels = new Channels(random);
    this.handshakes = new Handshakes({ identity, hosts, random });
    this.desk = new Desk({
      clock,
      withdraw: () => core.withdraw(),
      keepalive: (channel, status) => this.reply(channel, 'keepalive', Uint8Array.of(status)),
    });
    this.#stopListening = link.listen(
      (report) => this.#accept(report),
      () => this.end(),
    );
  }

  /** The link is given up: a prompt for it is void, a session is over. */
  end(): void {
    this.#stopListening();
    this.#timer?.();
    this.endSession();
    this.desk.withdraw();
  }

  endSession(): void {
    const { session } = this;
    this.session = undefined;
    session?.end();
  }

  reply(channel: number, command: Command, payload: Uint8Array): void {
    for (const report of reportsOf({ channel, command: COMMANDS[command], payload })) this.#link.send(report);
  }

  refuse(channel: number, error: HidError): void {
    this.reply(channel, 'error', Uint8Array.of(HID_ERRORS[error]));
  }

  /** Sends what a step of a handshake gave. */
  conclude(channel: number, command: Command, outcome: { readonly reply: Uint8Array } | Refused): void {
    if ('error' in outcome) this.refuse(channel, outcome.error);
    else this.reply(channel, command, outcome.reply);
  }

  #accept(report: Uint8Array): void {
    const { clock } = this.parts;
    const heard = this.#assembler.accept(report, clock.now());
    this.#schedule();
    if (heard) this.#hear(heard);
  }

  #hear(heard: Heard): void {
    if (heard.kind === 'fault') this.refuse(heard.channel, heard.fault);
    else if (heard.channel === BROADCAST) this.#init(heard);
    else this.#handle(heard);
  }

  #handle({ channel, command: number, payload }: HidMessage): void {
    const command = commandOf(number);
    const handler = command && HANDLERS[command];
    const nonce = this.#channels.nonceOf(channel);
    this.#channels.use(channel);
    if (handler && nonce) handler(this, { channel, nonce }, payload);
    else this.refuse(channel, 'command');
  }

  #init({ command, payload }: HidMessage): void {
    const isInit = commandOf(command) === 'init';
    if (!isInit || payload.length !== NONCE_BYTES) {
      this.refuse(BROADCAST, isInit ? 'body' : 'command');
      return;
    }
    const isHeld = (channel: number) => channel === this.session?.channel || channel === this.desk.channel;
    const { channel, dropped } = this.#channels.allocate(payload, isHeld);
    if (dropped !== undefined) {
      this.#assembler.forget(dropped);
      this.handshakes.forget(dropped);
    }
    const answer = { nonce: payload, channel, version: HID_VERSION, floor: HID_VERSION_FLOOR };
    this.reply(BROADCAST, 'init', encodeInitAnswer(answer));
  }

  #schedule(): void {
    this.#timer?.();
    const { clock } = this.parts;
    const { dueAt } = this.#assembler;
    this.#timer =
      dueAt === undefined
        ? undefined
        : clock.after(Math.max(0, dueAt - clock.now()), () => {
            for (const channel of this.#assembler.expire(clock.now())) this.refuse(channel, 'timeout');
            this.#schedule();
          });
  }

  /** A wink costs the wearer attention, so that a host does not get to make it a flicker. */
  wink(): void {
    const now = this.parts.clock.now();
    if (now - this.#winkedAt < WINK_MS) return;
    this.#winkedAt = now;
    this.parts.wink();
  }

  /** Has the wearer compare the digits; a host is durable in the list before it is told (T19). */
  pair({ channel }: Line, { host, code, reply }: { host: Uint8Array; code: string; reply: Uint8Array }): void {
    const { core, locale } = this.parts;
    const start = (answer: (answer: ActAnswer) => void) => core.perform({ kind: 'pair', code }, locale, answer);
    this.desk.ask<ActAnswer>(channel, start, (answer) => {
      const error = answer.kind === 'done' ? this.#remember(host) : pairingErrorOf(answer);
      this.conclude(channel, 'pair-reveal', error ? { error } : { reply });
    });
  }

  #remember(host: Uint8Array): HidError | undefined {
    try {
      this.#hosts.add(host);
      return undefined;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.parts.log.write('error', error.code);
      return 'store';
    }
  }

  /** The latest session is the one: a paired host that comes back has lost the one before. A pairing gives way to it. */
  open({ channel }: Line, { host, secure }: { host: Uint8Array; secure: SecureSession }): void {
    this.endSession();
    const pairing = this.desk.channel;
    this.desk.withdraw();
    if (pairing !== undefined) this.refuse(pairing, 'busy');
    this.session = new SignerSession({
      ...this.parts,
      ...{ hosts: this.#hosts, desk: this.desk, channel, host, secure },
      send: (sealed) => this.reply(channel, 'sealed', sealed),
      onUnpaired: () => this.endSession(),
    });
    this.reply(channel, 'prove', secure.seal(new Uint8Array(0)).sealed);
  }
}

/** Declined and timed out are other things than an answer nobody gave (design 5.6). */
function pairingErrorOf({ kind }: ActAnswer): HidError {
  return kind === 'declined' || kind === 'timed-out' ? kind : 'refused';
}

/** What each command does on a channel of its own; the others are the signer's to send, or belong on the broadcast channel. */
const HANDLERS: Partial<Readonly<Record<Command, Handler>>> = {
  ping: (self, { channel }, payload) => self.reply(channel, 'ping', payload),
  info: (self, { channel }) => self.reply(channel, 'info', self.info),
  wink(self, { channel }) {
    self.wink();
    self.reply(channel, 'wink', new Uint8Array(0));
  },
  'pair-commit'(self, line, payload) {
    // Somebody else at the same device could otherwise keep the attached host from its signer with prompts (T30).
    if (self.session || self.desk.channel !== undefined) self.refuse(line.channel, 'busy');
    else self.conclude(line.channel, 'pair-commit', self.handshakes.commit(line, payload));
  },
  'pair-reveal'(self, line, payload) {
    const revealed = self.handshakes.reveal(line, payload);
    if ('error' in revealed) self.refuse(line.channel, revealed.error);
    else if (self.session || self.desk.channel !== undefined) self.refuse(line.channel, 'busy');
    else self.pair(line, revealed);
  },
  hello: (self, line, payload) => self.conclude(line.channel, 'hello', self.handshakes.hello(line, payload)),
  prove(self, line, payload) {
    const proven = self.handshakes.prove(line, payload);
    if ('error' in proven) self.refuse(line.channel, proven.error);
    else self.open(line, proven);
  },
  sealed(self, { channel }, payload) {
    if (self.session?.channel === channel) self.session.receive(payload);
    // Said for nothing else, and so never on the channel of the session: the host takes it for the end of its session.
    else self.refuse(channel, 'session');
  },
  /** Of a pairing only. What a session asked, only the session takes back. */
  cancel(self, { channel }) {
    const isPairing = !self.session && self.desk.channel === channel;
    if (isPairing) self.desk.withdraw();
    self.refuse(channel, isPairing ? 'refused' : 'turn');
  },
};
