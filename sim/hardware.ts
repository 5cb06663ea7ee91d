/** The hardware of a pair of glasses, without the glasses: a button, a head-up display, a loudspeaker, a wear sensor. */
import type { Button, ButtonEdge, Clock, Display, Locale, Page, Speaker, Stop, WearSensor } from '../device/index.ts';

class Listeners<Args extends readonly unknown[]> {
  readonly #all = new Set<(...args: Args) => void>();

  add(listener: (...args: Args) => void): Stop {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(...args: Args): void {
    for (const listener of [...this.#all]) listener(...args);
  }
}

export class VirtualButton implements Button {
  readonly assurance = 'simulated';
  readonly #clock: Clock;
  readonly #listeners = new Listeners<[ButtonEdge | 'lost']>();
  #isLost = false;
  #level: ButtonEdge = 'up';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  listen(onEdge: (edge: ButtonEdge) => void, onLost: () => void): Stop {
    const stop = this.#listeners.add((told) => (told === 'lost' ? onLost() : onEdge(told)));
    if (this.#isLost) onLost();
    return stop;
  }

  /** One raw edge, as the line gives it; after {@link lose} the line is back with it. A line that is down cannot go down. */
  edge(edge: ButtonEdge): void {
    if (edge === this.#level && !this.#isLost) return;
    this.#level = edge;
    this.#isLost = false;
    this.#listeners.tell(edge);
  }

  /** The line can no longer be read, as when a cable is pulled or a radio link breaks. */
  lose(): void {
    this.#isLost = true;
    this.#listeners.tell('lost');
  }

  /** Presses now and lets go `heldMs` later, whatever becomes of the device in between. */
  press(heldMs: number): void {
    this.#clock.after(heldMs, () => this.edge('up'));
    this.edge('down');
  }
}

export class VirtualDisplay implements Display {
  /** Every page that was shown, oldest first. */
  readonly shown: Page[] = [];
  current: Page | undefined;
  readonly #listeners = new Listeners<[Page]>();

  listen(onShow: (page: Page) => void): Stop {
    return this.#listeners.add(onShow);
  }

  show(page: Page): void {
    this.shown.push(page);
    this.current = page;
    this.#listeners.tell(page);
  }

  clear(): void {
    this.current = undefined;
  }
}

export class VirtualSpeaker implements Speaker {
  readonly said: { readonly text: string; readonly locale: Locale }[] = [];
  readonly #listeners = new Listeners<[string, Locale]>();

  listen(onSay: (text: string, locale: Locale) => void): Stop {
    return this.#listeners.add(onSay);
  }

  say(text: string, locale: Locale): void {
    this.said.push({ text, locale });
    this.#listeners.tell(text, locale);
  }
}

export class VirtualWearSensor implements WearSensor {
  readonly #listeners = new Listeners<[boolean]>();
  #worn = true;

  listen(onChange: (worn: boolean) => void): Stop {
    const stop = this.#listeners.add(onChange);
    onChange(this.#worn);
    return stop;
  }

  set(worn: boolean): void {
    this.#worn = worn;
    this.#listeners.tell(worn);
  }
}
