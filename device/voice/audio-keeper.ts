/**
 * Keeps the sound of what the wearer said, where the wearer's settings ask for it: of the utterances that led to a confirmed
 * intent, on this device only, sealed, and not longer than was set. Until the yes it is in memory only; without one it is gone.
 *
 * The entry of the transcript store names the digest of the sound, and the intent's own digest is of that entry, so that a
 * recording can be held to the intent the wearer confirmed. Nothing else of it is in any journal, frame or log (T28).
 */
import { concatBytes, fromHex, fromUtf8, hex, sha256 } from '../../protocol/index.ts';
import type { AgentReport } from '../agent-ports.ts';
import { StoreError } from '../errors.ts';
import type { Ear } from '../listening.ts';
import type { Clock, Journal, Log, Random, Recognizer, Stop } from '../ports.ts';
import { confirmedWords, type SpokenDelegations } from './confirmed-words.ts';
import { encodeKeptAudio, keptAudio } from './kept-audio.ts';

/** After the step that confirmed the intent: whatever was to leave the device at once has left by then. */
export const KEEP_AFTER_MS = 2_000;
/** How often what is too old is looked for. */
export const ERASE_EVERY_MS = 3_600_000;
/** In memory until the intent is confirmed: two of the longest utterances, or many short ones. */
const MAX_WAITING_BYTES = 2 * 20 * 32_000;
const SALT_BYTES = 16;

/** A store whose records can be erased for good. */
export interface ErasableStore extends Pick<Journal, 'read' | 'append'> {
  /** Only these are left, under a new key. @throws StoreError. */
  keepOnly(records: readonly Uint8Array[]): void;
}

export interface AudioKeeperParts {
  readonly store: ErasableStore;
  /** So long it is kept. */
  readonly keepMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** One utterance. */
interface Recording {
  readonly pcm: Uint8Array;
  readonly salt: Uint8Array;
  readonly digest: string;
  readonly at: number;
}

/** One that a transcript entry names. */
interface Waiting extends Recording {
  readonly ref: string;
}

export class AudioKeeper {
  readonly #parts: AudioKeeperParts;
  #latest: Recording | undefined;
  #waiting: Waiting[] = [];
  /** Confirmed, and not written yet. */
  #due: { readonly intentId: string; readonly utterances: readonly Waiting[] }[] = [];
  /** What delegations were asked for with, until the wearer has said yes or no. */
  readonly #spoken: SpokenDelegations = new Map();
  #stop: Stop = () => {};

  constructor(parts: AudioKeeperParts) {
    this.#parts = parts;
    this.#eraseOld();
  }

  /** Erases nothing more. What is confirmed is kept, what waits for a yes is gone. */
  stop(): void {
    this.#keepDue();
    this.#stop();
    this.#drop();
  }

  /** The recogniser, with what it is given being listened to: exactly the utterance, as the voice pipeline cuts it. */
  recognizer(inner: Recognizer): Recognizer {
    return {
      locales: inner.locales,
      start: (utterance, on) => {
        const chunks: Int16Array[] = [];
        const session = inner.start(utterance, (event) => {
          if (event.kind === 'final') this.#heard(chunks);
          on(event);
        });
        return {
          ...{ finish: () => session.finish(), cancel: () => session.cancel() },
          accept(pcm) {
            chunks.push(pcm.slice());
            session.accept(pcm);
          },
        };
      },
    };
  }

  /** The ear around that recogniser: its words name the sound they were heard in. */
  ear(inner: Ear): Ear {
    return {
      listen: (request, on) =>
        inner.listen(request, (event) => {
          const audio = this.#latest?.digest;
          on(event.kind === 'words' && audio !== undefined ? { ...event, audio } : event);
          this.#latest = undefined;
        }),
    };
  }

  /** The transcript store: an entry that was written tells under which reference the sound is looked for. */
  transcripts(inner: Journal): Journal {
    return {
      ...inner,
      read: () => inner.read(),
      append: (records) => {
        inner.append(records);
        for (const record of records) this.#named(record);
      },
      close: () => inner.close(),
    };
  }

  /** To be told of each step of the agent. */
  observe(report: Pick<AgentReport, 'purchases' | 'delegations'>): void {
    if (this.#waiting.length === 0) return;
    const words = confirmedWords(report, this.#spoken);
    const intentId = this.#waiting.map(({ ref }) => words.confirmed.get(ref)).find((id) => id !== undefined);
    if (intentId !== undefined) {
      this.#due.push({ intentId, utterances: this.#waiting });
      this.#waiting = [];
      this.#parts.clock.after(KEEP_AFTER_MS, () => this.#keepDue());
    } else if (!words.isTalking) this.#drop();
  }

  #heard(chunks: readonly Int16Array[]): void {
    const { clock, random } = this.#parts;
    const pcm = concatBytes(...chunks.map((chunk) => new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
    const salt = random.bytes(SALT_BYTES);
    this.#latest = { pcm, salt, digest: hex(sha256(salt, pcm)), at: clock.now() };
  }

  #named(entry: Uint8Array): void {
    const { ref, audio } = JSON.parse(fromUtf8(entry)) as { readonly ref: string; readonly audio?: string };
    const latest = this.#latest;
    if (!latest || latest.digest !== audio) return;
    this.#waiting.push({ ...latest, ref });
    while (this.#waiting.reduce((sum, { pcm }) => sum + pcm.length, 0) > MAX_WAITING_BYTES)
      this.#waiting.shift()?.pcm.fill(0);
  }

  #drop(): void {
    for (const { pcm } of this.#waiting) pcm.fill(0);
    this.#waiting = [];
  }

  #keepDue(): void {
    const due = this.#due;
    this.#due = [];
    for (const { intentId, utterances } of due) {
      const entries = utterances.map((one) => encodeKeptAudio({ ...one, intentId }));
      this.#orLog(() => this.#parts.store.append(entries));
      for (const bytes of [...entries, ...utterances.map(({ pcm }) => pcm)]) bytes.fill(0);
    }
    if (due.length > 0) this.#eraseOld();
  }

  /** What is too old or has no time that can be believed, and the oldest of what is too much. */
  #eraseOld(): void {
    const { store, clock, keepMs } = this.#parts;
    this.#stop();
    this.#stop = clock.after(ERASE_EVERY_MS, () => this.#eraseOld());
    this.#orLog(() => {
      const records = store.read();
      const now = clock.now();
      const kept = keptAudio(records, { olderThan: now - keepMs, now });
      if (kept.length < records.length) store.keepOnly(kept);
    });
  }

  #orLog(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#parts.log.write('error', error.code);
    }
  }
}

/** Whether a recording is the one that a transcript entry names. */
export function isRecordingOf(
  entry: Uint8Array,
  { pcm, saltHex }: { readonly pcm: Uint8Array; readonly saltHex: string },
) {
  const { audio } = JSON.parse(fromUtf8(entry)) as { readonly audio?: string };
  return audio === hex(sha256(fromHex(saltHex), pcm));
}
