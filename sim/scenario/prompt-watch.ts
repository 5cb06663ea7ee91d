/** When a confirmation was presented as a whole, so that a finger can move relative to what was shown. */
import type { Clock, Page } from '../../device/index.ts';
import type { RunningDevice } from '../running-device.ts';

/** The sentences with which a speaker without a display asks for the hold. */
const INVITATION = /^(?:Hold to (?:pay|allow|pause|resume|revoke)|长按(?:付款|授权|暂停|恢复|撤销))/;

export class PromptWatch {
  readonly #clock: Clock;
  /** When the last page or sentence of the latest prompt was presented; nothing before the first, and once it was used. */
  #wholeAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  follow({ display, speaker }: RunningDevice): void {
    let sees = false;
    display.listen((page: Page) => {
      // Pages without a title are messages.
      if (page.title === '') return;
      sees = true;
      if (page.index === page.count - 1) this.#wholeAt = this.#clock.now();
    });
    speaker.listen((text) => {
      if (!sees && INVITATION.test(text)) this.#wholeAt = this.#clock.now();
    });
  }

  get wholeAt(): number | undefined {
    return this.#wholeAt;
  }

  /** The next press is for another prompt. */
  used(): void {
    this.#wholeAt = undefined;
  }
}
