/** Speaks through espeak-ng, for development boards with a loudspeaker. Says nothing where it is not installed. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Log, Speaker } from '../../ports.ts';
import type { Locale } from '../../voice/vocabulary.ts';

const VOICES: Readonly<Record<Locale, string>> = { 'en-US': 'en-us', 'zh-CN': 'cmn' };
const WORDS_PER_MINUTE = 160;

/** A later text replaces one that is still being spoken. The text goes through standard input, where no process list shows it. */
export class EspeakSpeaker implements Speaker {
  readonly #log: Log;
  #child: ChildProcess | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  say(text: string, locale: Locale): void {
    this.#child?.kill();
    const child = spawn('espeak-ng', ['-v', VOICES[locale], '-s', String(WORDS_PER_MINUTE), '--stdin'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#child = child;
    child.once('error', () => this.#log.write('warn', 'speaker-not-installed'));
    // A replaced speaker stops reading; its broken pipe is no news.
    child.stdin?.on('error', () => {});
    child.stdin?.end(text);
  }
}
