/**
 * What the device says of its own accord, spoken and shown. While a prompt is open it says nothing: the surface
 * belongs to the signer then, and what the wearer sees and hears is what is signed (design 5.1, T6).
 */
import type { DisplayProfile } from './confirm/view.ts';
import { messagePage } from './message-page.ts';
import type { Display, Speaker } from './ports.ts';
import type { Locale } from './voice/vocabulary.ts';

/** What is said; which sentence it is does not matter here. */
interface Say {
  readonly text: string;
  readonly locale: Locale;
}

interface Surfaces {
  readonly display: Display;
  readonly profile: DisplayProfile;
  readonly speaker: Speaker;
}

export class Announcer {
  readonly #surfaces: Surfaces;
  /** Said while a prompt was open, oldest first. */
  readonly #heldBack: Say[] = [];

  constructor(surfaces: Surfaces) {
    this.#surfaces = surfaces;
  }

  say(effect: Say, isPromptOpen: boolean): void {
    if (isPromptOpen) this.#heldBack.push(effect);
    else this.#present(effect);
  }

  /** To be called once no prompt is open any more. */
  release(): void {
    for (const effect of this.#heldBack.splice(0)) this.#present(effect);
  }

  #present({ text, locale }: Say): void {
    const { display, profile, speaker } = this.#surfaces;
    display.show(messagePage(text, profile));
    speaker.say(text, locale);
  }
}
