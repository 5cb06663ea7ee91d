/**
 * The signer: it reads the bytes it is asked to sign itself, computes its own view, waits for the wearer's hold and only
 * then signs. Whoever asks cannot tell it what to show. The same code runs in the device process with the host's button
 * and display, behind HID in the emulator, and is the reference for firmware: it has no network, no clock it trusts, and
 * bounded memory.
 */
import { type EpochMs, msOf, type SigningKey } from '../../protocol/index.ts';
import { type Confirmed, consume, type GateOutcome } from '../confirm/gate.ts';
import { type Documents, freezePrompt } from '../confirm/prompt.ts';
import type { DisplayProfile } from '../confirm/view.ts';
import type { Directory } from '../directory.ts';
import { StoreError } from '../errors.ts';
import type { Journal, Log } from '../ports.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { type LocalAct, readLocalAct } from './local-act.ts';
import { type LockKind, openSignerMemory, type SignerMemory } from './memory.ts';
import { METHODS } from './method.ts';
import type { NotSigned, Signer, SignerAnswer, SignRequest } from './port.ts';
import { Prompter, type PrompterParts } from './prompter.ts';
import { documentsOf, READERS } from './readers.ts';
import { opened, type Read, type Reader } from './reading.ts';
import { SignedTime } from './signed-time.ts';

export interface SignerCoreParts extends PrompterParts {
  readonly key: SigningKey;
  readonly device: string;
  readonly psp: string;
  readonly directory: Directory;
  readonly profile: DisplayProfile;
  /** The signer's own journal; nothing else may write to it. */
  readonly journal: Journal;
  /** Destroys the confirmation key for good, as the wearer has confirmed; absent where the key cannot be destroyed from here. */
  readonly erase?: () => void;
  readonly log: Log;
}

/** What the wearer did on the signer itself; nothing is signed. */
export type ActAnswer = { readonly kind: 'done' } | NotSigned;

/** `obeyed`, or why not. */
export type OrderAnswer = 'obeyed' | 'order-signature' | 'order-not-newer';

export interface SignerCore extends Signer {
  readonly counter: number;
  /** Who locked it, durably; while it is locked nothing is signed. */
  readonly lock: LockKind | undefined;
  /** Shows what is about to be done to the signer itself and does it after a hold. Answers once, unless withdrawn. */
  perform(act: LocalAct, locale: Locale, answer: (answer: ActAnswer) => void): void;
  /** Locks at once; only a hold (`perform` with `unlock`) lifts it again. @throws StoreError */
  lockNow(): void;
  /**
   * Obeys a `lock-order` of the PSP, if it is genuine, for this device and newer than the last one (T4, T18).
   * @throws StoreError
   */
  obey(order: Uint8Array): OrderAnswer;
}

type Answer = SignerAnswer | ActAnswer;

/** What the wearer is to be asked, and what follows from a completed hold. */
interface Question {
  readonly documents: Documents;
  readonly read: Reader;
  readonly locale: Locale;
  readonly conclude: (confirmed: Confirmed, read: Read) => Answer;
  readonly answer: (answer: Answer) => void;
}

/** Where no document sets an end, the prompt has this long; the gate ends it earlier if nobody presses. */
const UNLIMITED_MS = 3_600_000;

/** @throws StoreError when the memory cannot be read. */
export function createSignerCore(parts: SignerCoreParts): SignerCore {
  return new Core(parts);
}

class Core implements SignerCore {
  readonly #parts: SignerCoreParts;
  readonly #memory: SignerMemory;
  readonly #time: SignedTime;
  readonly #prompter: Prompter;
  #isErased = false;

  constructor(parts: SignerCoreParts) {
    this.#parts = parts;
    this.#memory = openSignerMemory(parts.journal);
    this.#time = new SignedTime(parts.clock, this.#memory.seen);
    this.#prompter = new Prompter(parts);
  }

  get counter(): number {
    return this.#memory.counter;
  }

  get lock(): LockKind | undefined {
    return this.#memory.lock;
  }

  confirm(request: SignRequest, answer: (answer: SignerAnswer) => void): void {
    const question: Question = {
      documents: documentsOf(request),
      read: READERS[request.kind],
      locale: request.locale,
      conclude: (confirmed, read) => this.#sign(confirmed, read),
      answer: answer as Question['answer'],
    };
    this.#ask(question, () => this.#memory.lockInForce && 'signer-locked');
  }

  perform(act: LocalAct, locale: Locale, answer: (answer: ActAnswer) => void): void {
    const question: Question = {
      documents: [],
      read: (_none, { profile }) => readLocalAct(act, profile, locale),
      locale,
      conclude: (confirmed) => this.#carryOut(act, confirmed),
      answer: answer as Question['answer'],
    };
    this.#ask(question, () => {
      const { lockInForce: lock } = this.#memory;
      const isLocked = lock === 'by-psp' || (lock === 'by-wearer' && act.kind !== 'unlock');
      const isUnsupported = act.kind === 'reset' && !this.#parts.erase;
      return isLocked ? 'signer-locked' : isUnsupported ? 'reset-unsupported' : undefined;
    });
  }

  withdraw(): void {
    this.#prompter.close();
  }

  lockNow(): void {
    try {
      this.#memory.setLocked(true);
    } finally {
      // Also where the store refuses. Not before: whoever hears of it may ask again right there, and must find the lock.
      this.#prompter.void('locked');
    }
  }

  obey(order: Uint8Array): OrderAnswer {
    const { psp, device } = this.#parts;
    const known = opened('lock-order', new Uint8Array(order), this.#parts);
    if (!known || known.signer.party !== psp || known.value.device !== device) return 'order-signature';
    const { version, state, issuedAt } = known.value;
    if (version <= this.#memory.orderVersion) return 'order-not-newer';
    const isLocked = state === 'locked';
    try {
      this.#memory.obey({ version, isLocked });
    } finally {
      if (isLocked) this.#prompter.void('locked');
    }
    this.#time.observe(issuedAt);
    return 'obeyed';
  }

  /** Freezes the documents, reads them, and opens the gate on what they say; or answers why not. */
  #ask(question: Question, refusal: () => string | undefined): void {
    // Whoever hears that a prompt is void may open another one right there: that one is void, too.
    while (this.#prompter.isOpen) this.#prompter.void('new-cart');
    const { answer, documents, locale } = question;
    const failure = this.#isErased ? 'signer-erased' : refusal();
    const { hindrance } = this.#prompter;
    if (failure) answer({ kind: 'failed', code: failure });
    else if (hindrance) answer({ kind: 'void', reason: hindrance });
    else {
      const { assurance } = this.#parts.button;
      const frozen = freezePrompt(documents, METHODS[assurance], (copies) => {
        const read = this.#read(copies, question);
        return read.ok ? { ok: true, view: read.view, expiresAt: this.#endOf(read), read } : read;
      });
      if (frozen.ok) {
        const { prompt, rendered } = frozen;
        this.#prompter.open(prompt, locale, (outcome) => answer(this.#answerTo(outcome, question, rendered.read)));
      } else answer({ kind: 'failed', code: frozen.reason });
    }
  }

  #read(copies: Documents, { read, locale }: Question) {
    const { directory, psp, device, profile } = this.#parts;
    const reading = read(copies, { directory, psp, device, profile, locale });
    if (!reading.ok) return reading;
    const { issuedAt, nonce } = reading;
    if (issuedAt !== undefined) this.#time.observe(issuedAt);
    if (nonce && this.#memory.hasAnswered(nonce)) return { ok: false, reason: 'nonce-used' } as const;
    if (nonce && !this.#memory.hasRoom(this.#time.nowSeconds())) return { ok: false, reason: 'nonces-full' } as const;
    return reading;
  }

  /** The end of a reading, which is in signed time, on the clock that the gate runs by. */
  #endOf({ expiresAt }: Read): EpochMs {
    const leftMs = expiresAt === undefined ? UNLIMITED_MS : msOf(expiresAt) - this.#time.now();
    return (this.#parts.clock.now() + leftMs) as EpochMs;
  }

  #answerTo(outcome: GateOutcome, { conclude }: Question, read: Read): Answer {
    if (outcome.kind !== 'confirmed') return outcome;
    try {
      return conclude(outcome.confirmed, read);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#parts.log.write('error', error.code);
      return { kind: 'failed', code: error.code };
    }
  }

  /** Only a `Confirmed` gets here, once; the counter is durable before the signature exists. */
  #sign(confirmed: Confirmed, read: Read): SignerAnswer {
    consume(confirmed);
    const { digests, viewDigest, method } = confirmed;
    const confirmedAt = this.#time.nowSeconds();
    const counter = this.#memory.spend({ nonce: read.nonce, expiresAt: read.expiresAt, seen: confirmedAt });
    const gesture = { digests, viewDigest, method, counter, confirmedAt };
    return { kind: 'signed', ...read.sign(gesture, this.#parts.key), method };
  }

  #carryOut(act: LocalAct, confirmed: Confirmed): ActAnswer {
    consume(confirmed);
    if (act.kind === 'unlock') this.#memory.setLocked(false);
    if (act.kind === 'reset') {
      this.#isErased = true;
      this.#parts.erase?.();
    }
    return { kind: 'done' };
  }
}
