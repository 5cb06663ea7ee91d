/** The simulated wearer: hears and sees what the device presents, says the next thing, presses the button or does not. */
import type { Clock, Ear, EarEvent, Hypothesis, ListenFor, Page, Purchase, Stop } from '../device/index.ts';
import type { VirtualButton, VirtualDisplay, VirtualSpeaker } from './hardware.ts';

/** How the wearer behaves at the prompt. */
export const TEMPERS = ['buy', 'decline', 'cancel', 'walk-away', 'late'] as const;
export type Temper = (typeof TEMPERS)[number];

export interface Script {
  readonly order: string;
  /** To the summary. */
  readonly yes: string;
  /** To the offers. */
  readonly choice: string;
  readonly cancel: string;
  /** To questions, in order; after the last one the wearer says nothing. */
  readonly answers: readonly string[];
  readonly temper: Temper;
}

export const ENGLISH: Omit<Script, 'temper'> = {
  order: 'order me a large iced latte, less sugar, under 25 yuan',
  yes: 'yes',
  choice: 'the second one',
  cancel: 'cancel',
  answers: [],
};

export const CHINESE: Omit<Script, 'temper'> = {
  order: '帮我点一杯大杯冰拿铁，少糖，二十五块以内',
  yes: '好的',
  choice: '选它',
  cancel: '取消',
  answers: [],
};

const REACTION_MS = 700;
/** How long an ear waits for words. */
const SILENCE_MS = 6_000;

/** What the wearer does with the button, counted from the last page. Who cancels by voice or walks away does not touch it. */
export const GESTURES: Partial<Record<Temper, { readonly afterMs: number; readonly heldMs: number }>> = {
  buy: { afterMs: 1_300, heldMs: 1_000 },
  decline: { afterMs: 1_300, heldMs: 150 },
  /** Longer than the gate waits. */
  late: { afterMs: 40_000, heldMs: 1_000 },
};

/** The end of the sentence with which a speaker without a display asks for the hold, whatever it is for. */
const INVITATION = /(Click to cancel\.|单击取消。)$/;

export class Person {
  readonly #script: Script;
  readonly #clock: Clock;
  #said = 0;
  /** What the recogniser makes of words; each word as it was said unless a test says otherwise. */
  recognise: (text: string) => readonly Hypothesis[] = (text) => [{ text, confidence: 1 }];

  constructor(script: Script, clock: Clock) {
    this.#script = script;
    this.#clock = clock;
  }

  /** All the wearer says of an order; none of it may leave the device. */
  get sayings(): readonly string[] {
    const { order, choice, answers } = this.#script;
    return [order, choice, ...answers];
  }

  /** What the wearer is about to say when the device listens in this state; `undefined` is silence. */
  peek(state: Purchase['at']): string | undefined {
    const { order, yes, choice, cancel, answers, temper } = this.#script;
    if (state === 'confirming') return temper === 'cancel' ? cancel : undefined;
    if (state === 'summarising') return yes;
    if (state === 'choosing') return choice;
    return [order, ...answers][this.#said];
  }

  /** The same, said: an order is given once, a question answered once. */
  words(state: Purchase['at']): string | undefined {
    const words = this.peek(state);
    if (state !== 'confirming' && state !== 'summarising' && state !== 'choosing') this.#said += 1;
    return words;
  }

  /** Starts over, as after a crash: the next thing said is the order. */
  again(): void {
    this.#said = 0;
  }

  /** Watches and listens, and acts when the whole confirmation was presented: on its last page, or on its last sentence. */
  watch(display: VirtualDisplay, speaker: VirtualSpeaker, button: VirtualButton): void {
    const act = () => {
      const gesture = GESTURES[this.#script.temper];
      if (gesture) this.#clock.after(gesture.afterMs, () => button.press(gesture.heldMs));
    };
    let sees = false;
    display.listen((page: Page) => {
      // Pages without a title are messages.
      if (page.title === '') return;
      sees = true;
      if (page.index === page.count - 1) act();
    });
    speaker.listen((text) => {
      if (!sees && INVITATION.test(text)) act();
    });
  }

  /** An ear that takes the wearer's words as typed, and hears silence where there are none. */
  ear(stateOf: () => Purchase['at']): Ear {
    let stop: Stop = () => {};
    return {
      listen: (_request: ListenFor, on: (event: EarEvent) => void): Stop => {
        stop();
        const text = this.words(stateOf());
        stop =
          text === undefined
            ? this.#clock.after(SILENCE_MS, () => on({ kind: 'unheard', why: 'silence' }))
            : this.#clock.after(REACTION_MS, () =>
                on({ kind: 'words', hypotheses: this.recognise(text), mode: 'TEXT' }),
              );
        return stop;
      },
    };
  }
}
