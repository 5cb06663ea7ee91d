/** Words from a stream of lines: typed at a terminal, or pushed as JSON by a speech service of the device. */
import type { Ear, EarEvent } from '../listening.ts';
import type { Clock, Stop } from '../ports.ts';
import { earEventOf } from '../voice/ear.ts';
import { listenPushed } from '../voice/listen-pushed.ts';
import type { PushedTranscript, PushOutcome } from './voice/pushed-transcript.ts';

/** Lines that belong to the button of the same input. */
const BUTTON_LINES: ReadonlySet<string> = new Set(['down', 'up', 'click', 'hold']);
const MAX_LINE_CHARS = 8_192;

export interface LineSource {
  on(event: 'data', listener: (chunk: Uint8Array | string) => void): unknown;
}

/** Calls `onLine` for each whole line that is not a button's; a line without an end grows to a limit and is then dropped. */
export function onLines(source: LineSource, onLine: (line: string) => void): void {
  const decoder = new TextDecoder();
  let rest = '';
  source.on('data', (chunk) => {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_CHARS) rest = '';
    for (const line of lines) {
      const words = line.trim();
      if (words !== '' && words.length <= MAX_LINE_CHARS && !BUTTON_LINES.has(words)) onLine(words);
    }
  });
}

/** An ear that opens for nobody: typed lines are handed to the agent as they come. */
export function typedEar(source: LineSource, hear: (event: EarEvent) => void): Ear {
  onLines(source, (text) => hear({ kind: 'words', hypotheses: [{ text, confidence: 1 }], mode: 'TEXT' }));
  return { listen: () => () => {} };
}

/** The device's own speech service: its transcripts count while the agent listens, in between they are refused; `wake` opens the ear. */
export function pushedEar(
  source: LineSource,
  recognizer: PushedTranscript,
  ports: { readonly clock: Clock; onRefused(outcome: PushOutcome): void; wake(): void },
): Ear {
  onLines(source, (line) => {
    if (line === 'wake') return ports.wake();
    const outcome = recognizer.push(line);
    if (outcome !== 'taken') ports.onRefused(outcome);
  });
  let current: Stop = () => {};
  return {
    listen({ locale }, on) {
      current();
      current = listenPushed({ recognizer, clock: ports.clock }, locale, (event) => {
        const heard = earEventOf(event);
        if (heard) on(heard);
      });
      return current;
    },
  };
}
