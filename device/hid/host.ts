/**
 * The signer as the device process sees it when it is behind HID: the same `Signer`, over whatever link its device comes and
 * goes with. Nothing is asked of a device that did not prove to be the paired one, and nothing it says is taken for more than
 * what it is: the purchase verifies every signature itself.
 */
import type { Clock, Log, Random, Stop } from '../ports.ts';
import type { NotSigned, OrderTaken, Signed, Signer, SignerAnswer, SignRequest } from '../signer/port.ts';
import type { Locale } from '../voice/vocabulary.ts';
import type { IdentityKey } from './handshake.ts';
import { Connection } from './host-connection.ts';
import type { HostFault } from './host-handshake.ts';
import { RECONNECT_MS } from './limits.ts';
import type { HidAnswer, HidRequest } from './messages.ts';
import type { ReportLink } from './report-link.ts';

/** Finds candidates, again and again, and hands out each as it comes. */
export type LinkSource = (onLink: (link: ReportLink) => void) => Stop;

export interface HidSignerParts {
  readonly links: LinkSource;
  /** The host's pairing key. */
  readonly key: IdentityKey;
  /** The identity key of the signer it is paired with, 32 bytes. */
  readonly signer: Uint8Array;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** How long a request waits for a signer that is not there; {@link RECONNECT_MS} where it is left out. */
  readonly reconnectMs?: number;
}

type Of<K extends HidAnswer['kind']> = Extract<HidAnswer, { kind: K }>;
export type SignerStatus = Of<'status'>;
export type SignerKeys = Of<'keys'>;
/** `done`, or why not. */
export type DoneAnswer = Of<'done'> | NotSigned;

export interface HidSigner extends Required<Signer> {
  status(answer: (answer: SignerStatus | NotSigned) => void): void;
  /** The confirmation key, attested by the identity key over `attestationOf(nonce, key)`; `nonce` is 32 bytes. */
  publicKeys(nonce: Uint8Array, answer: (answer: SignerKeys | NotSigned) => void): void;
  lock(answer: (answer: DoneAnswer) => void): void;
  /** After a hold. */
  unlock(locale: Locale, answer: (answer: DoneAnswer) => void): void;
  /** Destroys the confirmation key and forgets every host, after a hold. */
  reset(locale: Locale, answer: (answer: DoneAnswer) => void): void;
  /** The signer forgets this host. */
  unpair(answer: (answer: DoneAnswer) => void): void;
  /** Lets every device go; what is still asked fails with `signer-gone`. */
  close(): void;
}

export function hidSigner(parts: HidSignerParts): HidSigner {
  return new Host(parts);
}

interface Ask {
  readonly request: HidRequest;
  readonly done: (answer: HidAnswer) => void;
  timer: Stop;
  /** Where it was sent. */
  sent?: { readonly connection: Connection; readonly number: number };
  isSecond?: true;
}

interface OpenPrompt {
  readonly answer: (answer: SignerAnswer) => void;
  ask?: Ask;
}

class Host implements HidSigner {
  readonly #parts: HidSignerParts;
  readonly #stop: Stop;
  readonly #connections = new Set<Connection>();
  #active: Connection | undefined;
  /** Why there is no session. */
  #fault: HostFault = 'signer-absent';
  /** The fault that was logged last. */
  #told: HostFault | undefined;
  readonly #waiting = new Set<Ask>();
  #prompt: OpenPrompt | undefined;
  #isClosed = false;

  constructor(parts: HidSignerParts) {
    this.#parts = parts;
    this.#stop = parts.links((link) => this.#connect(link));
  }

  confirm(request: SignRequest, answer: (answer: SignerAnswer) => void): void {
    // Whoever hears that a prompt is void may open another one right there: that one is void, too.
    for (let open = this.#takePrompt(); open; open = this.#takePrompt())
      open.answer({ kind: 'void', reason: 'new-cart' });
    const prompt: OpenPrompt = { answer };
    this.#prompt = prompt;
    prompt.ask = this.#ask(bare(request), (heard) => {
      if (this.#prompt !== prompt) return;
      this.#prompt = undefined;
      answer(heard.kind === 'signed' ? (heard as Signed) : notSigned(heard));
    });
  }

  withdraw(): void {
    this.#takePrompt();
  }

  takeOrder(order: Uint8Array, answer: (answer: OrderTaken) => void): void {
    this.#ask({ kind: 'obey', order }, (heard) => {
      // An order that did not get there, or could not be kept, is not answered, so that it comes again.
      if (heard.kind === 'order') answer({ answer: heard.answer, isLocked: heard.isLocked });
    });
  }

  status(answer: (answer: SignerStatus | NotSigned) => void): void {
    this.#ask({ kind: 'status' }, (heard) => answer(heard.kind === 'status' ? heard : notSigned(heard)));
  }

  publicKeys(nonce: Uint8Array, answer: (answer: SignerKeys | NotSigned) => void): void {
    this.#ask({ kind: 'keys', nonce }, (heard) => answer(heard.kind === 'keys' ? heard : notSigned(heard)));
  }

  lock(answer: (answer: DoneAnswer) => void): void {
    this.#do({ kind: 'lock' }, answer);
  }

  unlock(locale: Locale, answer: (answer: DoneAnswer) => void): void {
    this.#do({ kind: 'unlock', locale }, answer);
  }

  reset(locale: Locale, answer: (answer: DoneAnswer) => void): void {
    this.#do({ kind: 'reset', locale }, answer);
  }

  unpair(answer: (answer: DoneAnswer) => void): void {
    this.#do({ kind: 'unpair' }, answer);
  }

  close(): void {
    this.#isClosed = true;
    this.#active = undefined;
    this.#fault = 'signer-gone';
    this.#stop();
    for (const connection of this.#connections) connection.close();
    for (const ask of [...this.#waiting]) this.#give(ask, { kind: 'failed', code: 'signer-gone' });
  }

  #do(request: HidRequest, answer: (answer: DoneAnswer) => void): void {
    this.#ask(request, (heard) => answer(heard.kind === 'done' ? heard : notSigned(heard)));
  }

  #takePrompt(): OpenPrompt | undefined {
    const prompt = this.#prompt;
    this.#prompt = undefined;
    if (prompt?.ask) this.#cancel(prompt.ask);
    return prompt;
  }

  #ask(request: HidRequest, done: (answer: HidAnswer) => void): Ask {
    const ask: Ask = { request, done, timer: () => {} };
    if (this.#active) this.#send(ask, this.#active);
    else this.#wait(ask);
    return ask;
  }

  /** Until a session is open, or not much longer. A device that refused before is asked once more. */
  #wait(ask: Ask): void {
    const { clock, reconnectMs = RECONNECT_MS } = this.#parts;
    this.#waiting.add(ask);
    ask.timer = clock.after(this.#isClosed ? 0 : reconnectMs, () =>
      this.#give(ask, { kind: 'failed', code: this.#fault }),
    );
    for (const connection of this.#connections) connection.open();
  }

  #give(ask: Ask, answer: HidAnswer): void {
    this.#waiting.delete(ask);
    ask.timer();
    ask.done(answer);
  }

  #send(ask: Ask, connection: Connection): void {
    this.#waiting.delete(ask);
    ask.timer();
    const number = connection.session?.request(ask.request, ask.done, () => this.#askAgain(ask));
    if (number !== undefined) ask.sent = { connection, number };
  }

  /** Once: a signer that forgets each session at once serves nobody. */
  #askAgain(ask: Ask): void {
    delete ask.sent;
    if (ask.isSecond) ask.done({ kind: 'failed', code: 'signer-restarted' });
    else this.#wait(Object.assign(ask, { isSecond: true }));
  }

  /** Nothing is signed afterwards that anybody would take, and nothing is shown any longer. */
  #cancel(ask: Ask): void {
    if (this.#waiting.delete(ask)) ask.timer();
    if (ask.sent) ask.sent.connection.session?.cancel(ask.sent.number);
  }

  #connect(link: ReportLink): void {
    const connection = new Connection(link, {
      ...this.#parts,
      onOpen: (opened) => this.#opened(opened),
      onFault: (faulty, fault) => this.#faulted(faulty, fault),
    });
    this.#connections.add(connection);
    connection.open();
  }

  #opened(connection: Connection): void {
    if (this.#active) {
      this.#drop(connection);
      return;
    }
    this.#active = connection;
    this.#told = undefined;
    this.#parts.log.write('info', 'signer-attached');
    for (const ask of [...this.#waiting]) this.#send(ask, connection);
  }

  #faulted(connection: Connection, fault: HostFault): void {
    const wasActive = this.#active === connection;
    if (wasActive) this.#active = undefined;
    // A device that is not ours comes again and again; it is news once.
    if (fault !== this.#told) this.#parts.log.write('warn', fault);
    this.#told = fault;
    // Another device than the paired one is no news while the paired one may still come.
    this.#fault = fault === 'signer-gone' || fault === 'signer-other' ? 'signer-absent' : fault;
    if (fault === 'signer-gone' || fault === 'signer-other') this.#drop(connection);
    else if (wasActive) connection.open();
  }

  #drop(connection: Connection): void {
    this.#connections.delete(connection);
    connection.close();
  }
}

/** The request and nothing that came along with it. */
function bare(request: SignRequest): HidRequest {
  const { kind, locale } = request;
  switch (kind) {
    case 'payment':
      return { kind, challenge: request.challenge, cart: request.cart, locale };
    case 'delegation':
      return { kind, challenge: request.challenge, iac: request.iac, locale };
    case 'lifecycle':
    case 'account':
      return { kind, change: request.change, authorization: request.authorization, locale };
    case 'binding':
      return { kind, offer: request.offer, locale };
  }
}

/** An answer to a question that was not asked is no answer. */
function notSigned(heard: HidAnswer): NotSigned {
  const { kind } = heard;
  const isOne =
    kind === 'declined' || kind === 'cancelled' || kind === 'timed-out' || kind === 'void' || kind === 'failed';
  return isOne ? heard : { kind: 'failed', code: 'signer-answer' };
}
