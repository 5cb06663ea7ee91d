/** One session at the signer: reads what the paired host asks for, has the signer do it, and answers each request once (ACT-HID.md §7). */
import { ProtocolError } from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import type { Clock, Log, Stop } from '../ports.ts';
import type { SignerCore } from '../signer/core.ts';
import type { SignRequest } from '../signer/port.ts';
import type { Desk } from './desk.ts';
import { attestationOf, type IdentityKey } from './handshake.ts';
import { ANSWERS_KEPT, HOST_SILENCE_MS } from './limits.ts';
import { decodeRequest, encodeAnswer, type HidAnswer, type HidRequest } from './messages.ts';
import type { PairedHosts } from './paired-hosts.ts';
import type { SecureSession } from './session.ts';

export interface SessionParts {
  readonly core: SignerCore;
  readonly identity: IdentityKey;
  readonly confirmationKey: Uint8Array;
  readonly hosts: PairedHosts;
  readonly desk: Desk;
  readonly clock: Clock;
  readonly log: Log;
  readonly channel: number;
  readonly host: Uint8Array;
  readonly secure: SecureSession;
  readonly send: (sealed: Uint8Array) => void;
  /** The host is not paired any more: the session is over. */
  readonly onUnpaired: () => void;
}

type Kind = HidRequest['kind'];
type Of<K extends Kind> = Extract<HidRequest, { kind: K }>;
type Answering = (answer: HidAnswer) => void;

export class SignerSession {
  readonly #parts: SessionParts;
  /** The request that is with the wearer. */
  #asked: number | undefined;
  #silence: Stop | undefined;
  /** What was answered last, sealed, by the number of the request. */
  readonly #answers = new Map<number, Uint8Array>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get channel(): number {
    return this.#parts.channel;
  }

  /** Takes one sealed message; what does not open is nobody's and changes nothing. */
  receive(sealed: Uint8Array): void {
    const opened = this.#parts.secure.open(sealed);
    if (!opened) {
      this.#answerAgain(sealed);
      return;
    }
    this.#listenOn();
    const request = read(opened.plaintext);
    const { number } = opened;
    if (request === undefined) this.#answer(number, { kind: 'failed', code: 'request-malformed' });
    else if (Object.hasOwn(ASKING, request.kind)) this.#ask(number, request as AskingRequest);
    else if (request.kind !== 'alive') this.#do(number, request as Of<keyof typeof DOING>);
  }

  /** A request that comes again was answered, and the answer was lost: it goes out once more, and nothing is done twice. */
  #answerAgain(sealed: Uint8Array): void {
    const number = this.#parts.secure.repeated(sealed);
    const answer = number === undefined ? undefined : this.#answers.get(number);
    if (answer) this.#parts.send(answer);
  }

  /** The session is over, without a word: its keys are. */
  end(): void {
    if (this.#asked !== undefined) this.#parts.desk.withdraw();
    this.#settle();
  }

  #ask(number: number, request: AskingRequest): void {
    const { desk, channel } = this.#parts;
    if (desk.channel !== undefined) {
      this.#answer(number, { kind: 'failed', code: 'signer-busy' });
      return;
    }
    this.#asked = number;
    const start = ASKING[request.kind] as (parts: SessionParts, request: AskingRequest, done: Answering) => void;
    const done = (answer: HidAnswer) => {
      this.#settle();
      this.#answer(number, answer);
    };
    desk.ask<HidAnswer>(channel, (answer) => start(this.#parts, request, answer), done);
    if (this.#asked !== undefined) this.#listenOn();
  }

  #do(number: number, request: Of<keyof typeof DOING>): void {
    const work = DOING[request.kind] as (parts: SessionParts, request: HidRequest, giveUp: GiveUp) => HidAnswer;
    let answer: HidAnswer;
    try {
      answer = work(this.#parts, request, (asked) => this.#giveUp(asked, { kind: 'cancelled' }));
    } catch (error) {
      answer = { kind: 'failed', code: logged(error, this.#parts.log) };
    }
    this.#answer(number, answer);
  }

  /** Takes a prompt away, if it is the one that this request opened, and answers it. */
  #giveUp(number: number, answer: HidAnswer): void {
    if (this.#asked !== number) return;
    this.#parts.desk.withdraw();
    this.#settle();
    this.#answer(number, answer);
  }

  /** A sign of life, without which the prompt is void: nobody would get the signature (design 5.3). */
  #listenOn(): void {
    this.#silence?.();
    const asked = this.#asked;
    if (asked === undefined) return;
    const { clock } = this.#parts;
    this.#silence = clock.after(HOST_SILENCE_MS, () => this.#giveUp(asked, { kind: 'void', reason: 'link-lost' }));
  }

  #settle(): void {
    this.#asked = undefined;
    this.#silence?.();
    this.#silence = undefined;
  }

  #answer(number: number, answer: HidAnswer): void {
    const { secure, send, hosts, host, onUnpaired } = this.#parts;
    const { sealed } = secure.seal(encodeAnswer(number, answer));
    this.#answers.set(number, sealed);
    for (const old of this.#answers.keys()) if (this.#answers.size > ANSWERS_KEPT) this.#answers.delete(old);
    send(sealed);
    // It was unpaired, or a factory reset has forgotten every host.
    if (answer.kind === 'done' && !hosts.has(host)) onUnpaired();
  }
}

const DONE = { kind: 'done' } as const;

/** The code of a store that failed; anything else is a defect of ours. */
function logged(error: unknown, log: Log): string {
  if (!(error instanceof StoreError)) throw error;
  log.write('error', error.code);
  return error.code;
}

/** What needs the wearer. */
const ASKING = {
  payment: confirm,
  delegation: confirm,
  lifecycle: confirm,
  account: confirm,
  binding: confirm,
  unlock({ core }: SessionParts, { locale }: Of<'unlock'>, done: Answering) {
    core.perform({ kind: 'unlock' }, locale, done);
  },
  reset({ core, hosts, log }: SessionParts, { locale }: Of<'reset'>, done: Answering) {
    core.perform({ kind: 'reset' }, locale, (answer) => {
      try {
        if (answer.kind === 'done') hosts.clear();
      } catch (error) {
        // The key is gone, which is what was asked for; a host that is still known can do nothing with the signer.
        logged(error, log);
      }
      done(answer);
    });
  },
} as const;

type AskingRequest = Of<keyof typeof ASKING>;

function confirm({ core }: SessionParts, request: SignRequest, done: Answering): void {
  core.confirm(request, done);
}

type GiveUp = (request: number) => void;

/** What is done at once. */
const DOING = {
  status({ core, hosts }: SessionParts) {
    const { counter, lock } = core;
    return { kind: 'status', counter, hosts: hosts.count, ...(lock && { lock }) } as const;
  },
  keys({ identity, confirmationKey }: SessionParts, { nonce }: Of<'keys'>) {
    const attestation = identity.sign(attestationOf(nonce, confirmationKey));
    return { kind: 'keys', confirmation: confirmationKey, attestation } as const;
  },
  cancel(_parts: SessionParts, { request }: Of<'cancel'>, giveUp: GiveUp) {
    giveUp(request);
    return DONE;
  },
  lock({ core }: SessionParts) {
    core.lockNow();
    return DONE;
  },
  obey({ core }: SessionParts, { order }: Of<'obey'>) {
    const answer = core.obey(order);
    return { kind: 'order', answer, isLocked: core.lock !== undefined } as const;
  },
  unpair({ hosts, host }: SessionParts) {
    hosts.remove(host);
    return DONE;
  },
} as const;

function read(plaintext: Uint8Array): HidRequest | undefined {
  try {
    return decodeRequest(plaintext);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
