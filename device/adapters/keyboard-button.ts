import type { Button, ButtonEdge, Clock, Stop } from '../ports.ts';

/** What of a stream a button needs; `process.stdin` has it all. */
export interface KeyInput {
  readonly isTTY?: boolean;
  /** Whether it has ended or was destroyed before anybody listened. */
  readonly readableEnded?: boolean;
  readonly destroyed?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(event: 'data', listener: (chunk: Uint8Array | string) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  off(event: 'data', listener: (chunk: Uint8Array | string) => void): unknown;
  off(event: 'end' | 'close', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/**
 * How long after the key's first character it still counts as down without a repeat. Systems start repeating after 250 to
 * 660 ms; below the gate's 800 ms, so that one tap is never a hold. With a longer repeat delay a hold is impossible.
 */
const FIRST_REPEAT_MS = 700;
/** Repeats come every 20 to 50 ms. A hold so looks at most this much longer than it was. */
const NEXT_REPEAT_MS = 100;

/** Longer than the gate's bounce filter. */
const CLICK_MS = 120;
/** Longer than any hold a gate asks for. */
const HOLD_MS = 1500;

const PRESS_KEYS: ReadonlySet<string> = new Set([' ', '\r', '\n']);
const CTRL_C = '\u0003';
/** A stream that is destroyed closes without an end. */
const ENDS = ['end', 'close'] as const;

interface KeyboardOptions {
  readonly input: KeyInput;
  readonly clock: Clock;
  /** Ctrl-C while the terminal is in raw mode, where the system sends no signal for it. */
  readonly onInterrupt: () => void;
}

/**
 * The space bar or Enter as a button. A terminal reports characters, not edges: the first one is `down`, the system's key
 * repeat keeps it down, and `up` is when the repeat stops. Without a terminal, lines `down`, `up`, `click` and `hold` on the
 * input do it; other lines are left to whoever else reads them. When the input ends the button is lost for good. Any process
 * that can write to the terminal can press this button, which is why its assurance is only `keyboard` (T11).
 */
export function keyboardButton({ input, clock, onInterrupt }: KeyboardOptions): Button {
  let listeners = 0;
  return {
    assurance: 'keyboard',
    listen(onEdge, onLost) {
      const raw = input.isTTY === true && input.setRawMode !== undefined;
      const { accept, stop } = raw ? rawKeys(clock, onEdge, onInterrupt) : commandLines(clock, onEdge);
      const onData = (chunk: Uint8Array | string) =>
        accept(typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk));
      let isLost = false;
      const onEnd = () => {
        if (isLost) return;
        isLost = true;
        stop();
        onLost();
      };
      if (raw) input.setRawMode?.(true);
      input.on('data', onData);
      for (const event of ENDS) input.on(event, onEnd);
      input.resume();
      listeners++;
      if (input.readableEnded || input.destroyed) onEnd();
      let isListening = true;
      return () => {
        if (!isListening) return;
        isListening = false;
        listeners--;
        stop();
        input.off('data', onData);
        for (const event of ENDS) input.off(event, onEnd);
        if (listeners > 0) return;
        if (raw) input.setRawMode?.(false);
        input.pause();
      };
    },
  };
}

interface Reader {
  accept(text: string): void;
  stop: Stop;
}

function rawKeys(clock: Clock, onEdge: (edge: ButtonEdge) => void, onInterrupt: () => void): Reader {
  let release: Stop | undefined;

  function press(): void {
    const first = release === undefined;
    release?.();
    release = clock.after(first ? FIRST_REPEAT_MS : NEXT_REPEAT_MS, () => {
      release = undefined;
      onEdge('up');
    });
    if (first) onEdge('down');
  }

  return {
    accept(text) {
      for (const key of text) {
        if (key === CTRL_C) onInterrupt();
        else if (PRESS_KEYS.has(key)) press();
      }
    },
    stop: () => release?.(),
  };
}

function commandLines(clock: Clock, onEdge: (edge: ButtonEdge) => void): Reader {
  const pending = new Set<Stop>();
  let rest = '';

  function pressFor(durationMs: number): void {
    onEdge('down');
    const stop = clock.after(durationMs, () => {
      pending.delete(stop);
      onEdge('up');
    });
    pending.add(stop);
  }

  const commands: Readonly<Record<string, () => void>> = {
    down: () => onEdge('down'),
    up: () => onEdge('up'),
    click: () => pressFor(CLICK_MS),
    hold: () => pressFor(HOLD_MS),
  };

  return {
    accept(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const word = line.trim();
        if (Object.hasOwn(commands, word)) commands[word]?.();
      }
    },
    stop() {
      for (const cancel of pending) cancel();
    },
  };
}
