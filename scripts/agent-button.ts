/** The button that a device configuration asks for, and what else comes with it. */
import { openBridge } from '../device/adapters/bridge-button.ts';
import { readSecretFile } from '../device/adapters/config-file.ts';
import { openEvdevButton } from '../device/adapters/evdev-button.ts';
import { openGpioButton } from '../device/adapters/gpio-button.ts';
import { keyboardButton } from '../device/adapters/keyboard-button.ts';
import type { LineSource } from '../device/adapters/line-ear.ts';
import type { AgentConfig, ButtonConfig } from '../device/config.ts';
import type { Button, Clock, Log, WearSensor } from '../device/index.ts';

/** What the wearer's hand and head are told by. */
export interface AgentButton {
  readonly button: Button;
  /** Where the bridge tells it. */
  readonly wear?: WearSensor;
  /** Words that arrive beside the button. */
  readonly words?: LineSource;
  /** Gives back what the button holds open. */
  close(): void;
}

interface Parts {
  readonly voice: Pick<AgentConfig['voice'], 'recognizer'>;
  readonly clock: Clock;
  readonly log: Log;
}

type Bodies = {
  readonly [K in ButtonConfig['kind']]: (
    config: Extract<ButtonConfig, { kind: K }>,
    parts: Parts,
  ) => AgentButton | Promise<AgentButton>;
};

const nothing = () => {};

/** A device without a button of its own has nobody who can confirm: every prompt is void. */
const NO_BUTTON: Button = {
  assurance: 'relayed',
  listen(_onEdge, onLost) {
    onLost();
    return nothing;
  },
};

const BODIES: Bodies = {
  keyboard: (_config, parts) => ({ button: keyboard(parts), close: nothing }),
  none: () => ({ button: NO_BUTTON, close: nothing }),
  evdev: (config, { log }) => closing(openEvdevButton(config, { log })),
  gpio: (config, { log }) => closing(openGpioButton(config, { log })),
  async bridge({ socketFile, tokenFile, wear }, { clock, log }) {
    const bridge = await openBridge({ socketFile, token: readSecretFile(tokenFile), clock, log });
    const { button, words, close } = bridge;
    return { button, words, close, ...(wear ? { wear: bridge.wear } : {}) };
  },
};

/** @throws DeviceError `hardware-*` when it is not there or not the enrolled one; `config-*` or `keystore-*` for its files. */
export async function openButton(config: ButtonConfig, parts: Parts): Promise<AgentButton> {
  const open = BODIES[config.kind] as (config: ButtonConfig, parts: Parts) => AgentButton | Promise<AgentButton>;
  return open(config, parts);
}

function closing(button: Button & { close(): void }): AgentButton {
  return { button, close: () => button.close() };
}

/** In line mode the button's words share the input with typed words; only a voice device may take the terminal over. */
function keyboard({ voice, clock }: Parts): Button {
  const { stdin } = process;
  const takesLines = voice.recognizer === 'typed' || voice.recognizer === 'pushed';
  const onInterrupt = () => process.kill(process.pid, 'SIGINT');
  if (!takesLines) return keyboardButton({ input: stdin, clock, onInterrupt });
  // Without `isTTY` and `setRawMode` it is no terminal to the button.
  const lines = {
    on: (event: string, listener: (chunk: Uint8Array) => void) => stdin.on(event, listener),
    off: (event: string, listener: (chunk: Uint8Array) => void) => stdin.off(event, listener),
    resume: () => stdin.resume(),
    pause: () => stdin.pause(),
    get readableEnded() {
      return stdin.readableEnded;
    },
    get destroyed() {
      return stdin.destroyed;
    },
  };
  return keyboardButton({ input: lines, clock, onInterrupt });
}
