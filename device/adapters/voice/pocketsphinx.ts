/** Offline English recognition by Debian's PocketSphinx with a grammar compiled from the catalogue. Recordings stay in memory files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recognizer, RecognizerEvent, RecognizerSession } from '../../ports.ts';
import { restrictGrammar } from '../../voice/grammar.ts';
import { VOICE_LIMITS } from '../../voice/pipeline.ts';
import type { Locale } from '../../voice/vocabulary.ts';
import { type Dictionary, formatDictionary, parseDictionary, pronounce } from './pocketsphinx-dictionary.ts';
import { parseHypseg } from './pocketsphinx-result.ts';
import { VoiceSetupError } from './setup-error.ts';

const PROGRAM = 'pocketsphinx_batch';
const MODEL_DIR = '/usr/share/pocketsphinx/model/en-us';
const INSTALL = 'PocketSphinx is not installed: sudo apt-get install -y pocketsphinx pocketsphinx-en-us';

/**
 * Results that score less per frame are rejected. Tuned on 28 ordering sentences and 30 everyday sentences from outside the
 * grammar, each in 4 synthetic voices: it lets 8 % of the outside sentences through and refuses 5 % of what was heard exactly right
 * (area under the curve 0.989). Those sentences are not among the recordings of the tests.
 */
export const REJECT_BELOW = -47;
/** How many score points halve the remaining doubt; only makes `confidence` readable, decides nothing. */
const CONFIDENCE_SCALE = 8;
/** Twenty seconds of speech take about eight of one core; a machine slower than this cannot hold a dialogue. */
const TIME_LIMIT_MS = 30_000;
const MAX_SAMPLES = (VOICE_LIMITS.utteranceMs / 1000 + 2) * 16_000;

/** Where things are, if not where Debian puts them. */
export interface PocketSphinxSettings {
  readonly modelDir?: string;
  readonly program?: string;
  readonly timeLimitMs?: number;
  /** Told once per grammar which names cannot be recognised, because the dictionary lacks a word of theirs. */
  readonly onLeftOut?: (names: readonly string[]) => void;
}

interface Prepared {
  readonly source: string;
  readonly grammar: string;
  readonly dictionary: string;
}

/** One process for each utterance; nothing runs in between. */
export class PocketSphinx implements Recognizer {
  readonly locales: readonly Locale[] = ['en-US'];
  readonly #settings: PocketSphinxSettings;
  readonly #modelDir: string;
  #dictionary: Dictionary | undefined;
  #prepared: Prepared | undefined;

  constructor(settings: PocketSphinxSettings = {}) {
    this.#settings = settings;
    this.#modelDir = settings.modelDir ?? MODEL_DIR;
  }

  /** Throws `VoiceSetupError` `not-installed` when the model is not there; call it at start to fail early. */
  check(): void {
    if (!existsSync(join(this.#modelDir, 'en-us', 'mdef'))) throw new VoiceSetupError('not-installed', INSTALL);
  }

  start(utterance: { locale: Locale; grammar: string }, on: (event: RecognizerEvent) => void): RecognizerSession {
    const chunks: Int16Array[] = [];
    let samples = 0;
    let stopRun: (() => void) | undefined;
    let isOver = false;
    return {
      accept: (pcm) => {
        if (isOver || samples + pcm.length > MAX_SAMPLES) return;
        chunks.push(pcm.slice());
        samples += pcm.length;
      },
      finish: () => {
        if (isOver) return;
        isOver = true;
        stopRun = this.#run(utterance, chunks, on);
      },
      cancel: () => {
        isOver = true;
        chunks.length = 0;
        stopRun?.();
      },
    };
  }

  #run(
    utterance: { locale: Locale; grammar: string },
    chunks: readonly Int16Array[],
    on: (event: RecognizerEvent) => void,
  ): () => void {
    if (utterance.locale !== 'en-US') {
      on({ kind: 'failed', code: 'model-missing', message: 'PocketSphinx has a model for en-US only' });
      return () => {};
    }
    try {
      this.check();
      const run = new Run(this.#prepare(utterance.grammar), chunks, this.#modelDir, this.#settings);
      run.start(on);
      return () => run.cancel();
    } catch (error) {
      const code = error instanceof VoiceSetupError ? error.code : 'crashed';
      on({ kind: 'failed', code, message: error instanceof Error ? error.message : 'unknown error' });
      return () => {};
    }
  }

  /** Leaves out what the dictionary cannot pronounce; the last grammar is kept, because the same one is used again and again. */
  #prepare(source: string): Prepared {
    if (this.#prepared?.source === source) return this.#prepared;
    this.#dictionary ??= parseDictionary(readFileSync(join(this.#modelDir, 'cmudict-en-us.dict'), 'utf8'));
    const dictionary = this.#dictionary;
    const { grammar, leftOut } = restrictGrammar(source, (word) => pronounce(word, dictionary).length > 0);
    if (leftOut.length > 0) this.#settings.onLeftOut?.(leftOut);
    const words = new Set(grammar.replace(/^#.*$|^grammar .*$|<[^>]*>|public/gm, ' ').match(/[a-z']+/g) ?? []);
    this.#prepared = { source, grammar, dictionary: formatDictionary(words, dictionary) };
    return this.#prepared;
  }
}

/** One decoding of one recording, in a directory of its own that is gone afterwards. */
class Run {
  readonly #dir: string;
  readonly #settings: PocketSphinxSettings;
  readonly #modelDir: string;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(prepared: Prepared, chunks: readonly Int16Array[], modelDir: string, settings: PocketSphinxSettings) {
    this.#settings = settings;
    this.#modelDir = modelDir;
    // Memory rather than disk where there is such a place: what was said leaves no trace.
    this.#dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'act-edge-voice-'));
    writeFileSync(join(this.#dir, 'grammar.jsgf'), prepared.grammar, { mode: 0o600 });
    writeFileSync(join(this.#dir, 'words.dict'), prepared.dictionary, { mode: 0o600 });
    writeFileSync(join(this.#dir, 'list'), 'speech\n', { mode: 0o600 });
    writeFileSync(
      join(this.#dir, 'speech.raw'),
      Buffer.concat(chunks.map((pcm) => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength))),
      { mode: 0o600 },
    );
  }

  start(on: (event: RecognizerEvent) => void): void {
    const dir = this.#dir;
    const args = [
      ['-ctl', join(dir, 'list'), '-cepdir', dir, '-cepext', '.raw', '-adcin', 'yes', '-samprate', '16000'],
      ['-hmm', join(this.#modelDir, 'en-us'), '-dict', join(dir, 'words.dict'), '-jsgf', join(dir, 'grammar.jsgf')],
      ['-hypseg', join(dir, 'result'), '-logfn', '/dev/null'],
    ].flat();
    const child = spawn(this.#settings.program ?? PROGRAM, args, { stdio: 'ignore' });
    this.#child = child;
    this.#timer = setTimeout(
      () => this.#end(on, { kind: 'failed', code: 'timed-out', message: 'PocketSphinx took too long' }),
      this.#settings.timeLimitMs ?? TIME_LIMIT_MS,
    );
    child.once('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT';
      this.#end(on, {
        kind: 'failed',
        code: isMissing ? 'not-installed' : 'crashed',
        message: isMissing ? INSTALL : error.message,
      });
    });
    child.once('close', (status) =>
      this.#end(
        on,
        status === 0
          ? this.#result()
          : { kind: 'failed', code: 'crashed', message: `PocketSphinx ended with status ${status}` },
      ),
    );
  }

  cancel(): void {
    this.#end(() => {}, undefined);
  }

  #result(): RecognizerEvent {
    const path = join(this.#dir, 'result');
    const { text, scorePerFrame } = parseHypseg(existsSync(path) ? readFileSync(path, 'utf8') : '');
    if (text === '' || scorePerFrame < REJECT_BELOW) return { kind: 'final', hypotheses: [] };
    const confidence = 1 - 2 ** ((REJECT_BELOW - scorePerFrame) / CONFIDENCE_SCALE - 1);
    return { kind: 'final', hypotheses: [{ text, confidence }] };
  }

  #end(on: (event: RecognizerEvent) => void, event: RecognizerEvent | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#child?.kill('SIGKILL');
    rmSync(this.#dir, { recursive: true, force: true });
    if (event) on(event);
  }
}
