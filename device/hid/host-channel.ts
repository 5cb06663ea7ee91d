/** The host's end of one channel: asks for it, then one exchange in the clear at a time, or a conversation in a session. */
import { type EpochMs, equalBytes } from '../../protocol/index.ts';
import type { Clock, Random, Stop } from '../ports.ts';
import { COMMANDS, type Command, commandOf, errorOf, type HidError } from './commands.ts';
import { Assembler, decodeInitAnswer, type HidMessage, type InitAnswer, reportsOf } from './framing.ts';
import { BROADCAST, NONCE_BYTES, RESENDS, SILENCE_MS } from './limits.ts';
import type { ReportLink } from './report-link.ts';

export type Reply =
  | { readonly ok: true; readonly payload: Uint8Array }
  | { readonly ok: false; readonly why: HidError | 'silent' | 'gone' };

/** What a session hears on its channel. */
export interface Conversation {
  onSealed(sealed: Uint8Array): void;
  onError(error: HidError): void;
  /** The signer said that it is at work. */
  onKeepalive(): void;
  onGone(): void;
}

export interface HostPorts {
  readonly clock: Clock;
  readonly random: Random;
}

/** How long a signer may go on saying that it is at work on one exchange. */
const EXCHANGE_MAX_MS = 120_000;

interface Exchange {
  readonly command: Command;
  readonly until: EpochMs;
  readonly done: (reply: Reply) => void;
  timer: Stop;
}

export class HostChannel {
  readonly #link: ReportLink;
  readonly #ports: HostPorts;
  readonly #assembler = new Assembler((channel) => channel === BROADCAST || channel === this.#init?.channel);
  readonly #stopListening: Stop;
  #nonce: Uint8Array = new Uint8Array(0);
  #init: InitAnswer | undefined;
  #exchange: Exchange | undefined;
  #conversation: Conversation | undefined;
  #isGone = false;

  constructor(link: ReportLink, ports: HostPorts) {
    this.#link = link;
    this.#ports = ports;
    this.#stopListening = link.listen(
      (report) => this.#accept(report),
      () => this.#gone(),
    );
  }

  /** The nonce that this channel was asked for with, and what the signer answered. Only once it was opened. */
  get beginning(): InitAnswer | undefined {
    return this.#init;
  }

  /** Asks for a channel, again if need be. What was under way on the one before is forgotten. */
  open(done: (reply: Reply) => void): void {
    this.#conversation = undefined;
    this.#init = undefined;
    this.#ask(RESENDS, done);
  }

  #ask(more: number, done: (reply: Reply) => void): void {
    this.#nonce = this.#ports.random.bytes(NONCE_BYTES);
    this.#exchangeOn(BROADCAST, 'init', this.#nonce, (reply) => {
      if (!reply.ok && reply.why === 'silent' && more > 0) this.#ask(more - 1, done);
      else done(reply);
    });
  }

  /** Says one thing and waits for the answer to it. One at a time; on an opened channel. */
  exchange(command: Command, payload: Uint8Array, done: (reply: Reply) => void): void {
    const channel = this.#init?.channel;
    if (channel === undefined) done({ ok: false, why: 'channel' });
    else this.#exchangeOn(channel, command, payload, done);
  }

  #exchangeOn(channel: number, command: Command, payload: Uint8Array, done: (reply: Reply) => void): void {
    if (this.#isGone) {
      done({ ok: false, why: 'gone' });
      return;
    }
    const until = (this.#ports.clock.now() + EXCHANGE_MAX_MS) as EpochMs;
    this.#exchange = { command, until, done, timer: () => {} };
    this.#waitOn(this.#exchange);
    this.#transmit(channel, command, payload);
  }

  /** From now on the channel is a session's. */
  converse(conversation: Conversation): void {
    this.#conversation = conversation;
  }

  /** Says something to which the answer, if any, comes to the conversation. */
  send(command: Command, payload: Uint8Array): void {
    if (this.#init) this.#transmit(this.#init.channel, command, payload);
  }

  /** Stops listening; the link itself belongs to whoever opened it. */
  close(): void {
    this.#stopListening();
    this.#exchange?.timer();
    this.#exchange = undefined;
    this.#conversation = undefined;
  }

  #transmit(channel: number, command: Command, payload: Uint8Array): void {
    for (const report of reportsOf({ channel, command: COMMANDS[command], payload })) this.#link.send(report);
  }

  #gone(): void {
    this.#isGone = true;
    const conversation = this.#conversation;
    this.#settle({ ok: false, why: 'gone' });
    conversation?.onGone();
  }

  #waitOn(exchange: Exchange): void {
    const { clock } = this.#ports;
    exchange.timer();
    const waitMs = Math.max(0, Math.min(SILENCE_MS, exchange.until - clock.now()));
    exchange.timer = clock.after(waitMs, () => this.#settle({ ok: false, why: 'silent' }));
  }

  #settle(reply: Reply): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.timer();
    exchange?.done(reply);
  }

  #accept(report: Uint8Array): void {
    const heard = this.#assembler.accept(report, this.#ports.clock.now());
    if (heard?.kind !== 'message') return; // What is broken is asked for again, or times out.
    if (heard.channel === BROADCAST) this.#initialised(heard);
    else this.#hear(heard);
  }

  /** Answers to others come on the same channel; only the nonce says whose it is. */
  #initialised({ command, payload }: HidMessage): void {
    const answer = decodeInitAnswer(payload);
    if (this.#exchange?.command !== 'init' || commandOf(command) !== 'init') return;
    if (!answer || !equalBytes(answer.nonce, this.#nonce) || answer.channel === BROADCAST) return;
    this.#init = answer;
    this.#settle({ ok: true, payload });
  }

  #hear({ command: number, payload }: HidMessage): void {
    const command = commandOf(number);
    const [exchange, conversation] = [this.#exchange, this.#conversation];
    if (command === 'keepalive') {
      if (exchange) this.#waitOn(exchange);
      conversation?.onKeepalive();
    } else if (command === 'error') {
      if (exchange) this.#settle({ ok: false, why: errorOf(payload) });
      else conversation?.onError(errorOf(payload));
    } else if (command !== undefined && command === exchange?.command) this.#settle({ ok: true, payload });
    else if (command === 'sealed') conversation?.onSealed(payload);
  }
}
