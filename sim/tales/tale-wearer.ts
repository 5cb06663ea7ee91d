/** The wearer of a story: says what the story says, answers what is asked, and presses when all of a prompt was presented. */
import { hasPrompt, isTalking } from '../../device/delegation/state.ts';
import type { Agent, Clock, Ear, EarEvent, ListenFor, Locale, Stop } from '../../device/index.ts';
import { GESTURES, type Temper } from '../person.ts';
import type { RunningDevice } from '../running-device.ts';
import type { Tale, Words } from './tale.ts';

const REACTION_MS = 700;
/** How long an ear waits for words. */
const SILENCE_MS = 6_000;

const YES: Words = { 'en-US': 'yes', 'zh-CN': '好的' };
const CANCEL: Words = { 'en-US': 'cancel', 'zh-CN': '取消' };
/** The sentence with which a speaker without a display asks for a hold. */
const INVITATION = /^(Hold to|长按)/;

export interface TaleWearerParts {
  readonly tale: Tale;
  readonly locale: Locale;
  /** What the wearer does at prompts. */
  readonly temper: Temper;
  readonly clock: Clock;
  /** Is told of each utterance. */
  heard(text: string): void;
}

export class TaleWearer {
  readonly #parts: TaleWearerParts;
  readonly #answers: Words[];
  readonly #atPrices: Words[];
  #wish: Words | undefined;

  constructor(parts: TaleWearerParts) {
    this.#parts = parts;
    this.#answers = [...parts.tale.answers];
    this.#atPrices = [...parts.tale.atPrices];
  }

  say(words: Words, agent: Agent): void {
    this.#wish = words;
    agent.wake();
  }

  /** Whether what was said has led to something and nothing is asked of the wearer now. */
  isSettled({ delegations }: Agent): boolean {
    const all = [...delegations.values()];
    const isBusy = all.some((one) => isTalking(one) || one.at === 'requesting' || one.at === 'confirming');
    const isChanging = all.some((one) => 'change' in one && one.change !== undefined);
    return this.#wish === undefined && !isBusy && !isChanging;
  }

  /** Reads and listens, and does with the button what is to be done when the whole prompt was presented. */
  watch({ display, speaker, button }: RunningDevice): void {
    const { clock, temper } = this.#parts;
    const gesture = GESTURES[temper];
    const press = () => gesture && clock.after(gesture.afterMs, () => button.press(gesture.heldMs));
    let sees = false;
    display.listen((page) => {
      // Pages without a title are messages.
      if (page.title === '') return;
      sees = true;
      if (page.index === page.count - 1) press();
    });
    speaker.listen((text) => {
      if (!sees && INVITATION.test(text)) press();
    });
  }

  /** What the wearer says when the device listens now; `undefined` is silence. */
  #words({ delegations }: Agent): Words | undefined {
    const { temper } = this.#parts;
    const all = [...delegations.values()];
    const talk = all.find(isTalking);
    if (talk?.at === 'drafting') return this.#answers.shift();
    if (talk?.at === 'summarising') return YES;
    if (talk) return this.#atPrices.shift();
    if (temper === 'cancel' && all.some(hasPrompt)) return CANCEL;
    const wish = this.#wish;
    this.#wish = undefined;
    return wish;
  }

  /** An ear that takes the wearer's words as typed, and hears silence where there are none. */
  ear(agentOf: () => Agent): Ear {
    const { clock, locale, heard } = this.#parts;
    let stop: Stop = () => {};
    return {
      listen: (_request: ListenFor, on: (event: EarEvent) => void): Stop => {
        stop();
        const text = this.#words(agentOf())?.[locale];
        stop =
          text === undefined
            ? clock.after(SILENCE_MS, () => on({ kind: 'unheard', why: 'silence' }))
            : clock.after(REACTION_MS, () => {
                heard(text);
                on({ kind: 'words', hypotheses: [{ text, confidence: 1 }], mode: 'TEXT' });
              });
        return stop;
      },
    };
  }
}
