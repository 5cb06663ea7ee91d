import type { Speaker } from '../ports.ts';
import { printable, type TextOutput } from './text-output.ts';

/** Writes what a loudspeaker would say, one line each, for machines without one. */
export function textSpeaker(output: TextOutput): Speaker {
  return {
    say(text, locale) {
      output.write(`[${locale}] ${printable(text)}\n`);
    },
  };
}
