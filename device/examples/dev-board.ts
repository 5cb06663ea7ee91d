/**
 * A device made of parts from a drawer: a push button on a GPIO line, an OLED of 21 by 4 characters that the kernel drives
 * as a text console, and a loudspeaker that espeak-ng speaks through. It shows all that a maker writes: bodies for the ports
 * of `device/ports.ts`, and nothing that knows of purchases, keys or protocols (PORTING.md).
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import {
  type Button,
  DeviceError,
  type Display,
  type DisplayProfile,
  EspeakSpeaker,
  type GpioLine,
  type GpioOptions,
  type Log,
  openGpioButton,
  type Page,
  PROFILES,
  printable,
  type Speaker,
} from '../index.ts';

export interface DevBoardOptions {
  readonly log: Log;
  readonly button: GpioLine;
  /** The OLED's console, for example /dev/tty1 with `fbcon` on the OLED's frame buffer. */
  readonly oledFile: string;
  /** For a test: another system, and a program that stands for gpiomon. */
  readonly gpio?: Omit<GpioOptions, 'log'>;
}

/** What `createSignerCore` and `createAgent` take of the board. */
export interface DevBoard {
  readonly profile: DisplayProfile;
  readonly button: Button;
  readonly display: Display;
  readonly speaker: Speaker;
  close(): void;
}

/** @throws DeviceError `hardware-absent` or `hardware-refused`: a board without its button or its display must not start. */
export function openDevBoard({ log, button: line, oledFile, gpio = {} }: DevBoardOptions): DevBoard {
  const button = openGpioButton(line, { log, ...gpio });
  try {
    const console = openConsole(oledFile);
    return {
      // The top row is for the caption, so three are left for what will be signed.
      profile: PROFILES['oled-3'],
      button,
      display: oled(oledFile, console),
      speaker: new EspeakSpeaker(log),
      close() {
        button.close();
        closeSync(console);
      },
    };
  } catch (error) {
    button.close();
    throw error;
  }
}

/** ECMA-48: cursor to the top left corner, then erase everything. */
const BLANK = '\u001b[H\u001b[2J';

/** Every page is written whole, after a blank screen: no row of an earlier page can stay beside a new one (T6). */
function oled(path: string, console: number): Display {
  const draw = (rows: readonly string[]) => {
    try {
      writeSync(console, BLANK + rows.map(printable).join('\r\n'));
    } catch (error) {
      // A wearer who sees nothing must not be asked: the process ends, and with it the prompt.
      throw unusable(path, error);
    }
  };
  const display: Display = {
    show: ({ title, index, count, lines }: Page) =>
      draw([count > 1 ? `${title} ${index + 1}/${count}` : title, ...lines]),
    clear: () => draw([]),
  };
  display.clear();
  return display;
}

function openConsole(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): DeviceError {
  const reason = (error as NodeJS.ErrnoException).code;
  return new DeviceError('hardware-failed', `cannot write to the display ${path} (${reason})`, 'check the display');
}
