import { EventEmitter } from 'node:events';
import { describe } from 'vitest';
import { type KeyInput, keyboardButton } from '../../device/adapters/keyboard-button.ts';
import { terminalDisplay } from '../../device/adapters/terminal-display.ts';
import { textSpeaker } from '../../device/adapters/text-speaker.ts';
import type { ButtonEdge, Display, Speaker, WearSensor } from '../../device/ports.ts';
import { epochMs } from '../../protocol/time.ts';
import { VirtualButton, VirtualDisplay, VirtualSpeaker, VirtualWearSensor } from '../../sim/hardware.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { manualClock } from '../helpers/manual-clock.ts';
import { type ButtonStand, buttonContract } from './button.contract.ts';
import { notices } from './contract.ts';
import { type DisplayStand, displayContract } from './display.contract.ts';
import { type Said, type SpeakerStand, speakerContract } from './speaker.contract.ts';
import { type WearSensorStand, wearSensorContract } from './wear-sensor.contract.ts';

/** @param bent what a deliberately wrong body makes of the right one. */
function virtualDisplay(bent: (inner: Display) => Display = (inner) => inner): DisplayStand {
  const display = new VirtualDisplay();
  const seen = () => display.current && { title: display.current.title, lines: display.current.lines };
  return { display: bent(display), seen };
}

/** What stands on the paper: the last frame, unless a line below it says that it no longer counts. */
function printedDisplay(): DisplayStand {
  let text = '';
  const display = terminalDisplay({ output: { write: (part) => (text += part) }, columns: 240 });
  return {
    display,
    seen() {
      const [frame = '', after = ''] = text.slice(text.lastIndexOf('┌')).split(/(?<=┘\n)/);
      if (!frame.startsWith('┌') || after !== '') return undefined;
      const [top = '', ...rows] = frame.trimEnd().split('\n').slice(0, -1);
      return { title: top.replaceAll(/[┌─┐]/g, '').trim(), lines: rows.map((row) => row.slice(1, -1).trim()) };
    },
  };
}

displayContract.holdsFor('virtual', virtualDisplay);
displayContract.holdsFor('terminal', printedDisplay);

function virtualSpeaker(bent: (inner: Speaker) => Speaker = (inner) => inner): SpeakerStand {
  const speaker = new VirtualSpeaker();
  return { speaker: bent(speaker), said: () => [...speaker.said] };
}

speakerContract.holdsFor('virtual', virtualSpeaker);
speakerContract.holdsFor('text', () => {
  const lines: string[] = [];
  return {
    speaker: textSpeaker({ write: (line) => lines.push(line) }),
    said: () =>
      lines.map((line) => {
        const [, locale, text = ''] = /^\[(en-US|zh-CN)\] (.*)\n$/.exec(line) ?? [];
        return { text, locale: locale as Said['locale'] };
      }),
  };
});

function virtualButton(): ButtonStand & { readonly button: VirtualButton } {
  const button = new VirtualButton(new VirtualClock(epochMs(0)));
  return { button, press: () => button.edge('down'), release: () => button.edge('up'), lose: () => button.lose() };
}

/** A terminal, or a pipe, that gives nothing while it is paused. */
class Keys extends EventEmitter implements KeyInput {
  readonly isTTY: boolean;
  readableEnded = false;
  #flows = false;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  setRawMode = () => {};
  resume = () => {
    this.#flows = true;
  };
  pause = () => {
    this.#flows = false;
  };

  type(text: string): void {
    if (this.#flows) this.emit('data', text);
  }

  /** As a stream does, which closes after its end. */
  end(): void {
    this.readableEnded = true;
    this.emit('end');
    this.emit('close');
  }
}

function keyboard(isTTY: boolean): ButtonStand {
  const input = new Keys(isTTY);
  const clock = manualClock();
  const button = keyboardButton({ input, clock, onInterrupt: () => {} });
  const lose = () => input.end();
  return isTTY
    ? { button, press: () => input.type(' '), release: () => clock.advance(1_000), lose }
    : { button, press: () => input.type('down\n'), release: () => input.type('up\n'), lose };
}

buttonContract.holdsFor('virtual', virtualButton);
buttonContract.holdsFor('space bar of a terminal', () => keyboard(true));
buttonContract.holdsFor('lines of a pipe', () => keyboard(false));

function virtualSensor(bent: (inner: WearSensor) => WearSensor = (inner) => inner): WearSensorStand {
  const sensor = new VirtualWearSensor();
  return { sensor: bent(sensor), set: (worn) => sensor.set(worn) };
}

wearSensorContract.holdsFor('virtual', virtualSensor);

describe('the contracts of the hardware', () => {
  notices(displayContract, [
    [
      'cuts long lines',
      'T9: shows every line of a page, in order, whole, and its title',
      () =>
        virtualDisplay((inner) => ({
          show: (page) => inner.show({ ...page, lines: page.lines.map((line) => line.slice(0, 40)) }),
          clear: () => inner.clear(),
        })),
    ],
    [
      'does not clear',
      'takes the page away when cleared, also twice, and shows the next one then',
      () => virtualDisplay((inner) => ({ show: (page) => inner.show(page), clear: () => {} })),
    ],
    [
      'keeps what was there',
      'T6: shows one page at a time: the next one replaces it',
      () => {
        const lines: string[] = [];
        return virtualDisplay((inner) => ({
          show(page) {
            lines.push(...page.lines);
            inner.show({ ...page, lines });
          },
          clear: () => inner.clear(),
        }));
      },
    ],
  ]);

  notices(speakerContract, [
    [
      'speaks the first two sentences only',
      'T9: says a text whole and in its language, however long',
      () => virtualSpeaker((inner) => ({ say: (text, locale) => inner.say(text.slice(0, 80), locale) })),
    ],
    [
      'does not repeat itself',
      'says the same text again when asked again',
      () => {
        let last = '';
        return virtualSpeaker((inner) => ({
          say(text, locale) {
            if (text !== last) inner.say(text, locale);
            last = text;
          },
        }));
      },
    ],
    [
      'drops what comes while it is busy',
      'says the last text last, whatever became of earlier ones',
      () => {
        let left = 2;
        return virtualSpeaker((inner) => ({
          say: (text, locale) => (left-- > 0 ? inner.say(text, locale) : undefined),
        }));
      },
    ],
  ]);

  /** A virtual button with one thing wrong. */
  const button =
    (listen: (inner: VirtualButton, onEdge: (edge: ButtonEdge) => void, onLost: () => void) => () => void) => () => {
      const { button: inner, ...finger } = virtualButton();
      return { button: { assurance: inner.assurance, listen: listen.bind(undefined, inner) }, ...finger };
    };

  notices(buttonContract, [
    [
      'gives edges twice',
      'gives each edge once, in order, as it happens',
      button((inner, onEdge, onLost) =>
        inner.listen((edge) => {
          onEdge(edge);
          onEdge(edge);
        }, onLost),
      ),
    ],
    [
      'cannot be stopped',
      'gives nothing after Stop, also in the middle of a press, and may be stopped twice',
      button((inner, onEdge, onLost) => {
        inner.listen(onEdge, onLost);
        return () => {};
      }),
    ],
    [
      'presses itself',
      'T10: gives no edge that nobody pressed, and none from before somebody listened',
      button((inner, onEdge, onLost) => {
        onEdge('down');
        return inner.listen(onEdge, onLost);
      }),
    ],
    [
      'does not tell that its line broke',
      'T10: tells everybody once when the line breaks in the middle of a press, and no edge of its own',
      button((inner, onEdge) => inner.listen(onEdge, () => {})),
    ],
    [
      'releases itself when its line breaks',
      'T10: tells everybody once when the line breaks in the middle of a press, and no edge of its own',
      button((inner, onEdge, onLost) =>
        inner.listen(onEdge, () => {
          onEdge('up');
          onLost();
        }),
      ),
    ],
    [
      'forgets that it has no line',
      'T18: tells whoever comes later at once that there is no line',
      button((inner, onEdge, onLost) => {
        let listening = false;
        const stop = inner.listen(onEdge, () => (listening ? onLost() : undefined));
        listening = true;
        return stop;
      }),
    ],
    [
      'has room for one listener',
      'serves several listeners, and stopping one leaves the others',
      () => {
        const { button: inner, ...finger } = virtualButton();
        let stopLast = () => {};
        const listen = (onEdge: (edge: ButtonEdge) => void, onLost: () => void) => {
          stopLast();
          stopLast = inner.listen(onEdge, onLost);
          return stopLast;
        };
        return { button: { assurance: inner.assurance, listen }, ...finger };
      },
    ],
  ]);

  notices(wearSensorContract, [
    [
      'tells changes only',
      'T18: tells at once how things are, to each who listens',
      () =>
        virtualSensor((inner) => ({
          listen(onChange) {
            let first = true;
            return inner.listen((worn) => {
              if (!first) onChange(worn);
              first = false;
            });
          },
        })),
    ],
    [
      'cannot be stopped',
      'tells nothing after Stop, may be stopped twice, and leaves other listeners alone',
      () =>
        virtualSensor((inner) => ({
          listen(onChange) {
            inner.listen(onChange);
            return () => {};
          },
        })),
    ],
  ]);
});
