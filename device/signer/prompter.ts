/** One prompt at a time on the hardware of a signer: shows its pages, listens to the button, keeps the one timer, and says how it ended. */
import { debounce, type Line, restingLine, settle } from '../confirm/button.ts';
import {
  type GateEvent,
  type GateOutcome,
  type GateState,
  gateStep,
  openGate,
  pageShown,
  wakeAt,
} from '../confirm/gate.ts';
import type { Prompt } from '../confirm/prompt.ts';
import type { Button, Clock, Display, Speaker, Stop, WearSensor } from '../ports.ts';
import type { Locale } from '../voice/vocabulary.ts';

/** What a wearer presses, sees and hears. */
export interface PrompterParts {
  /** Only differences of its times are used, so it should be one that nobody sets: `monotonicClock()`. */
  readonly clock: Clock;
  readonly button: Button;
  readonly display: Display;
  readonly speaker: Speaker;
  /** Absent on devices that cannot tell. */
  readonly wear?: WearSensor;
}

export type Hindrance = 'wear-off' | 'button-lost';

interface OpenPrompt {
  readonly prompt: Prompt;
  readonly locale: Locale;
  readonly end: (outcome: GateOutcome) => void;
  gate: GateState;
}

export class Prompter {
  readonly #parts: PrompterParts;
  readonly #hindrances = new Set<Hindrance>();
  #line: Line;
  #open: OpenPrompt | undefined;
  #timer: Stop | undefined;

  constructor(parts: PrompterParts) {
    const { clock, button, wear } = parts;
    this.#parts = parts;
    this.#line = restingLine('up', clock.now());
    button.listen(
      (edge) => {
        this.#hindrances.delete('button-lost');
        // First the line: an answer to this edge may open the next prompt, which must know whether the button is down.
        this.#line = debounce(this.#line, edge, clock.now()).line;
        this.#feed({ kind: 'edge', edge });
      },
      () => this.#hinder('button-lost'),
    );
    wear?.listen((worn) => {
      if (worn) this.#hindrances.delete('wear-off');
      else this.#hinder('wear-off');
    });
  }

  /** Why no prompt may open now. */
  get hindrance(): Hindrance | undefined {
    const [hindrance] = this.#hindrances;
    return hindrance;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Shows the first page. `end` is called once, with what became of the prompt, unless it is closed before. */
  open(prompt: Prompt, locale: Locale, end: (outcome: GateOutcome) => void): void {
    const now = this.#parts.clock.now();
    this.#open = { prompt, locale, end, gate: openGate(prompt, now, settle(this.#line, now).line) };
    this.#present(this.#open, 0);
    this.#schedule();
  }

  /** Ends the prompt that is open, if one is, as void. */
  void(reason: Extract<GateEvent, { kind: 'void' }>['reason']): void {
    this.#feed({ kind: 'void', reason });
  }

  /** Takes the prompt away without an ending. */
  close(): void {
    this.#timer?.();
    this.#timer = undefined;
    if (!this.#open) return;
    this.#open = undefined;
    this.#parts.display.clear();
  }

  /** Shows one page, and with the first one says everything; without a display the sentences come one by one. */
  #present(open: OpenPrompt, index: number): void {
    const { prompt, locale } = open;
    const { pages, spoken } = prompt.view;
    const page = pages[index];
    if (page) this.#parts.display.show(page);
    const sentences = pages.length === 0 ? spoken.slice(index, index + 1) : index === 0 ? spoken : [];
    for (const sentence of sentences) this.#parts.speaker.say(sentence, locale);
    open.gate = pageShown(open.gate, this.#parts.clock.now());
  }

  #hinder(hindrance: Hindrance): void {
    this.#hindrances.add(hindrance);
    this.void(hindrance);
  }

  #feed(event: GateEvent): void {
    const open = this.#open;
    if (!open) return;
    const { state, outcome, show } = gateStep(open.gate, event, this.#parts.clock.now());
    open.gate = state;
    if (show !== undefined) this.#present(open, show);
    if (outcome) {
      this.close();
      open.end(outcome);
    } else this.#schedule();
  }

  #schedule(): void {
    this.#timer?.();
    this.#timer = undefined;
    const at = this.#open && wakeAt(this.#open.gate);
    if (at === undefined) return;
    const { clock } = this.#parts;
    this.#timer = clock.after(Math.max(0, at - clock.now()), () => this.#feed({ kind: 'tick' }));
  }
}
