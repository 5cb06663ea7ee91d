/**
 * The signer inside the device process: it has the confirmation key, the host's button and display. It reads the bytes it
 * is asked to sign itself and computes its own view; the purchase cannot tell it what to show.
 */
import { type ConfirmationMethod, type Id16, type SigningKey, secondsOf, signObject } from '../../protocol/index.ts';
import { debounce, type Line, restingLine, settle } from '../confirm/button.ts';
import {
  type Confirmed,
  consume,
  type GateEvent,
  type GateOutcome,
  type GateState,
  gateStep,
  openGate,
  wakeAt,
} from '../confirm/gate.ts';
import { freezePrompt, type Prompt } from '../confirm/prompt.ts';
import type { DisplayProfile } from '../confirm/view.ts';
import type { Directory } from '../directory.ts';
import { StoreError } from '../errors.ts';
import type { Button, ButtonAssurance, Clock, Display, Journal, Log, Speaker, Stop, WearSensor } from '../ports.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { openSignerMemory, type SignerMemory } from './memory.ts';
import type { ConfirmRequest, Signer, SignerAnswer } from './port.ts';
import { renderPayment } from './render.ts';

export interface SoftSignerParts {
  readonly key: SigningKey;
  readonly device: string;
  readonly psp: string;
  readonly directory: Directory;
  readonly profile: DisplayProfile;
  readonly clock: Clock;
  /** The signer's own journal; nothing else may write to it. */
  readonly journal: Journal;
  readonly button: Button;
  readonly display: Display;
  readonly speaker: Speaker;
  /** Absent on devices that cannot tell. */
  readonly wear?: WearSensor;
  readonly log: Log;
}

/** The signed method says how far the button can be trusted (design 5, 6). */
const METHODS: Readonly<Record<ButtonAssurance, ConfirmationMethod>> = {
  'hardware-line': 'hold-hardware-line',
  keyboard: 'hold-keyboard',
  relayed: 'hold-relayed',
  simulated: 'hold-simulated',
};

interface OpenPrompt {
  readonly prompt: Prompt;
  readonly nonce: Id16;
  readonly locale: Locale;
  readonly answer: (answer: SignerAnswer) => void;
  gate: GateState;
}

/** @throws StoreError when the counter cannot be read. */
export function createSoftSigner(parts: SoftSignerParts): Signer {
  return new SoftSigner(parts);
}

class SoftSigner implements Signer {
  readonly #parts: SoftSignerParts;
  readonly #memory: SignerMemory;
  #line: Line;
  #worn = true;
  #open: OpenPrompt | undefined;
  #timer: Stop | undefined;

  constructor(parts: SoftSignerParts) {
    this.#parts = parts;
    this.#memory = openSignerMemory(parts.journal);
    this.#line = restingLine('up', parts.clock.now());
    parts.button.listen((edge) => {
      // First the line: an answer to this edge may open the next prompt, which must know whether the button is down.
      this.#line = debounce(this.#line, edge, this.#parts.clock.now()).line;
      this.#feed({ kind: 'edge', edge });
    });
    parts.wear?.listen((worn) => {
      this.#worn = worn;
      if (!worn) this.#feed({ kind: 'void', reason: 'wear-off' });
    });
  }

  confirm(request: ConfirmRequest, answer: (answer: SignerAnswer) => void): void {
    // Whoever hears that a prompt is void may open another one right there: that one is void, too.
    while (this.#open) this.#feed({ kind: 'void', reason: 'new-cart' });
    if (!this.#worn) {
      answer({ kind: 'void', reason: 'wear-off' });
      return;
    }
    const { directory, psp, device, profile, clock, button } = this.#parts;
    let nonce: Id16 | undefined;
    const frozen = freezePrompt(
      { challengeBytes: request.challenge, cartBytes: request.cart },
      METHODS[button.assurance],
      (bytes) => {
        const hasAnswered = (one: Id16) => this.#memory.hasAnswered(one);
        const rendered = renderPayment(bytes, { directory, psp, device, profile, locale: request.locale, hasAnswered });
        nonce = rendered.nonce;
        return rendered;
      },
    );
    if (!frozen.ok || nonce === undefined) {
      answer({ kind: 'failed', code: frozen.ok ? 'nonce-used' : frozen.reason });
      return;
    }
    const { prompt } = frozen;
    const now = clock.now();
    const gate = openGate(prompt, now, settle(this.#line, now).line);
    this.#open = { prompt, nonce, locale: request.locale, answer, gate };
    this.#present(this.#open, 0);
    this.#schedule();
  }

  withdraw(): void {
    this.#close();
  }

  /** Shows one page, and with the first one says everything; without a display the sentences come one by one. */
  #present({ prompt, locale }: OpenPrompt, index: number): void {
    const { pages, spoken } = prompt.view;
    const page = pages[index];
    if (page) this.#parts.display.show(page);
    const sentences = pages.length === 0 ? spoken.slice(index, index + 1) : index === 0 ? spoken : [];
    for (const sentence of sentences) this.#parts.speaker.say(sentence, locale);
  }

  #feed(event: GateEvent): void {
    const open = this.#open;
    if (!open) return;
    const { state, outcome, show } = gateStep(open.gate, event, this.#parts.clock.now());
    open.gate = state;
    if (show !== undefined) this.#present(open, show);
    if (outcome) {
      this.#close();
      open.answer(this.#answerTo(outcome, open));
    } else this.#schedule();
  }

  #answerTo(outcome: GateOutcome, open: OpenPrompt): SignerAnswer {
    if (outcome.kind !== 'confirmed') return outcome;
    try {
      return { kind: 'signed', confirmation: this.#sign(outcome.confirmed, open), method: outcome.confirmed.method };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#parts.log.write('error', error.code);
      return { kind: 'failed', code: error.code };
    }
  }

  /** Only a `Confirmed` gets here, once; the counter is durable before the signature exists. */
  #sign(confirmed: Confirmed, { nonce }: OpenPrompt): Uint8Array {
    consume(confirmed);
    const counter = this.#memory.spend(nonce);
    const { challengeDigest, viewDigest, method } = confirmed;
    const value = { challengeDigest, viewDigest, method, counter, confirmedAt: secondsOf(confirmed.confirmedAt) };
    return signObject('confirmation', value, this.#parts.key);
  }

  #schedule(): void {
    this.#timer?.();
    this.#timer = undefined;
    const at = this.#open && wakeAt(this.#open.gate);
    if (at === undefined) return;
    const { clock } = this.#parts;
    this.#timer = clock.after(Math.max(0, at - clock.now()), () => this.#feed({ kind: 'tick' }));
  }

  #close(): void {
    this.#timer?.();
    this.#timer = undefined;
    if (!this.#open) return;
    this.#open = undefined;
    this.#parts.display.clear();
  }
}
