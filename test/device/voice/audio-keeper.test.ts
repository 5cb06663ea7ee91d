/** T28: sound is kept where it was asked for, of what was confirmed, sealed in one place, and goes when it should. */
import { describe, expect, it } from 'vitest';
import { createAgent } from '../../../device/agent.ts';
import { PROFILES } from '../../../device/confirm/view.ts';
import { StoreError } from '../../../device/errors.ts';
import type { Recognizer, RecognizerEvent, TransportHandlers, Vad } from '../../../device/ports.ts';
import { AudioKeeper, ERASE_EVERY_MS, isRecordingOf, KEEP_AFTER_MS } from '../../../device/voice/audio-keeper.ts';
import { voiceEar } from '../../../device/voice/ear.ts';
import { decodeKeptAudio, encodeKeptAudio, keptAudio, MAX_KEPT_BYTES } from '../../../device/voice/kept-audio.ts';
import { base64url, digestOf, fromUtf8, hex } from '../../../protocol/index.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { deviceKey, START, settings } from '../builders.ts';

const HOUR_MS = 3_600_000;
const ORDER = 'order me a large iced latte, less sugar, under 25 yuan';

/** The samples of one utterance: nothing else looks like them. */
function soundOf(label: string, samples = 2_048): Int16Array {
  const bytes = new SeededRandom(label).bytes(2 * samples);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
const bytesOf = (pcm: Int16Array) => new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);

/** A device with an ear of which the test is the room, and everything it writes, sends and logs. */
class Room {
  readonly clock = new VirtualClock(START);
  readonly disks = { journal: memoryDisk(), transcripts: memoryDisk() };
  readonly out: Uint8Array[] = [];
  readonly logged: string[] = [];
  records: Uint8Array[] = [];
  isFull = false;
  rewrites = 0;
  readonly keeper: AudioKeeper;
  readonly agent: ReturnType<typeof createAgent>;
  #onPcm: (pcm: Int16Array) => void = () => {};
  #onEnd: () => void = () => {};
  #text = '';
  #handlers: TransportHandlers | undefined;

  constructor(keepMs = 24 * HOUR_MS) {
    const random = new SeededRandom('room');
    const log = { write: (...line: unknown[]) => void this.logged.push(JSON.stringify(line)) };
    const store = {
      read: () => this.records.map((record) => record.slice()),
      append: (records: readonly Uint8Array[]) => {
        if (this.isFull) throw new StoreError('store-full', 'the disk', 'make room');
        this.records.push(...records.map((record) => record.slice()));
      },
      keepOnly: (records: readonly Uint8Array[]) => {
        this.rewrites++;
        this.records = [...records];
      },
    };
    this.keeper = new AudioKeeper({ store, keepMs, clock: this.clock, random, log });
    const recognizer: Recognizer = {
      locales: ['en-US'],
      start: (_utterance, on: (event: RecognizerEvent) => void) => ({
        accept: () => {},
        finish: () => on({ kind: 'final', hypotheses: [{ text: this.#text, confidence: 1 }] }),
        cancel: () => {},
      }),
    };
    let isQuiet = true;
    const vad: Vad = {
      reset: () => {
        isQuiet = true;
      },
      accept: () => {
        if (!isQuiet) return [];
        isQuiet = false;
        return [{ kind: 'speech-start' }];
      },
    };
    const microphone = {
      open: (onPcm: (pcm: Int16Array) => void, onEnd: () => void) => {
        [this.#onPcm, this.#onEnd] = [onPcm, onEnd];
        return () => {};
      },
    };
    this.agent = createAgent(
      settings,
      deviceKey,
      {
        ...{ clock: this.clock, random, log, journal: this.disks.journal.open(), profile: PROFILES['hud-480x640'] },
        transcripts: this.keeper.transcripts(this.disks.transcripts.open()),
        transport: {
          start: (_topics, handlers) => {
            this.#handlers = handlers;
          },
          publish: (_topic, frame) => void this.out.push(frame),
          stop: (closed) => closed(),
        },
        signer: { confirm: () => {}, withdraw: () => {} },
        display: { show: () => {}, clear: () => {} },
        speaker: { say: () => {} },
        ear: this.keeper.ear(
          voiceEar({ microphone, vad, recognizer: this.keeper.recognizer(recognizer) }, settings.vocabulary),
        ),
      },
      (report) => this.keeper.observe(report),
    );
    this.agent.start();
    this.#handlers?.onState('online');
  }

  /** Somebody says this, and it sounds like that. */
  say(text: string, pcm = soundOf(text)): void {
    this.#text = text;
    this.#onPcm(pcm);
    this.#onEnd();
  }

  get kept() {
    return this.records.map(decodeKeptAudio);
  }

  get transcripts(): readonly Uint8Array[] {
    const copy = memoryDisk();
    copy.replace(this.disks.transcripts.image());
    return copy.open().read();
  }
}

function ordered(keepMs?: number): Room {
  const room = new Room(keepMs);
  room.agent.wake();
  room.say(ORDER);
  room.say('yes');
  return room;
}

function intentOf(room: Room) {
  const { current } = room.agent.purchases;
  if (!('intent' in current)) throw new Error(`there is no intent: ${current.at}`);
  return current.intent;
}

describe('the sound of a confirmed intent', () => {
  it('is kept to the sample after the step has left, and tied to what the wearer confirmed by digests', () => {
    const room = ordered();
    const { intentId, heard } = intentOf(room);
    room.clock.advance(KEEP_AFTER_MS - 1);
    expect(room.kept).toEqual([]);
    room.clock.advance(1);
    expect(room.kept.map((one) => one.intentId)).toEqual([intentId, intentId]);
    expect(room.kept.map(({ pcm }) => pcm)).toEqual([ORDER, 'yes'].map((text) => bytesOf(soundOf(text))));
    expect(room.kept[0]?.ref).toBe(heard.contextRef);
    for (const [i, entry] of room.transcripts.entries()) {
      const [kept, other] = [room.kept[i], room.kept[1 - i]];
      expect(kept && other && [isRecordingOf(entry, kept), isRecordingOf(entry, other)]).toEqual([true, false]);
      const changed = kept && { ...kept, pcm: kept.pcm.with(7, (kept.pcm[7] ?? 0) ^ 1) };
      expect(changed && isRecordingOf(entry, changed)).toBe(false);
    }
    // The intent's digest, which the ISR carries, is of the entry that names the digest of the sound.
    expect(digestOf(room.transcripts[0] as Uint8Array)).toEqual(heard.digest);
  });

  it('T28: is in no frame, no journal, no log and no transcript, in any spelling', () => {
    const room = ordered();
    room.clock.advance(KEEP_AFTER_MS);
    expect(room.out.length).toBeGreaterThan(0);
    const places = [...room.out, room.disks.journal.image(), room.disks.transcripts.image()];
    const text = [...places.map((place) => Buffer.from(place).toString('latin1')), ...room.logged].join('\n');
    for (const said of [ORDER, 'yes']) {
      const pcm = bytesOf(soundOf(said));
      for (let at = 0; at < pcm.length; at += 240) {
        const run = pcm.slice(at, at + 12);
        for (const spelling of [Buffer.from(run).toString('latin1'), hex(run), base64url(run)])
          expect(text.includes(spelling)).toBe(false);
      }
    }
    for (const { saltHex } of room.kept) expect(text).not.toContain(saltHex);
  });

  it('is not there when the wearer said no, or nothing, or something else first', () => {
    for (const words of ['no', 'cancel']) {
      const room = new Room();
      room.agent.wake();
      room.say(ORDER);
      room.say(words);
      room.clock.advance(HOUR_MS);
      expect([room.agent.purchases.current.at, room.kept]).toEqual([expect.not.stringContaining('seek'), []]);
    }
    const room = new Room();
    room.agent.wake();
    room.say(ORDER);
    room.clock.advance(HOUR_MS);
    room.keeper.stop();
    expect(room.kept).toEqual([]);
  });

  it('is kept when the device stops right after the yes, and costs nothing but itself where the disk is full', () => {
    const room = ordered();
    room.keeper.stop();
    expect(room.kept).toHaveLength(2);
    const full = new Room();
    full.isFull = true;
    full.agent.wake();
    full.say(ORDER);
    full.say('yes');
    full.clock.advance(KEEP_AFTER_MS);
    expect([full.kept, intentOf(full).intentId.length]).toEqual([[], 32]);
    expect(full.logged.filter((line) => line.includes('store-full'))).toHaveLength(1);
  });

  it('of what came before is not taken along: only what led to the yes', () => {
    const room = new Room();
    room.agent.wake();
    room.say('what a nice day');
    room.say(ORDER);
    room.say('no');
    room.agent.wake();
    room.say(ORDER, soundOf('the second time'));
    room.say('yes');
    room.clock.advance(KEEP_AFTER_MS);
    expect(room.kept.map(({ pcm }) => pcm)).toEqual([bytesOf(soundOf('the second time')), bytesOf(soundOf('yes'))]);
  });

  it('T30: waits in memory within bounds, however long the wearer talks before a yes', () => {
    const room = new Room();
    room.agent.wake();
    room.say(ORDER);
    for (let n = 0; n < 5; n++) room.say(ORDER, new Int16Array(300_000).fill(n));
    room.say('yes');
    room.clock.advance(KEEP_AFTER_MS);
    const bytes = room.kept.reduce((sum, { pcm }) => sum + pcm.length, 0);
    expect([bytes > 600_000, bytes <= 1_280_000]).toEqual([true, true]);
  });
});

describe('kept sound', () => {
  it('T28: is erased within the hour once it is older than was set, also when the device was off then', () => {
    const room = ordered(2 * HOUR_MS);
    room.clock.advance(KEEP_AFTER_MS);
    room.clock.advance(2 * HOUR_MS - ERASE_EVERY_MS);
    expect(room.kept).toHaveLength(2);
    room.clock.advance(2 * ERASE_EVERY_MS);
    expect([room.kept, room.rewrites]).toEqual([[], 1]);
    const old = encodeKeptAudio({
      ref: 'words:1',
      intentId: 'a',
      at: START - 9 * HOUR_MS,
      salt: new Uint8Array(16),
      pcm: new Uint8Array(4),
    });
    const records = [old];
    const store = {
      read: () => records,
      append: () => {},
      keepOnly: (kept: readonly Uint8Array[]) => void records.splice(0, 1, ...kept),
    };
    const parts = {
      store,
      keepMs: HOUR_MS,
      clock: new VirtualClock(START),
      random: new SeededRandom('x'),
      log: { write: () => {} },
    };
    new AudioKeeper(parts).stop();
    expect(records).toEqual([]);
  });

  it('T28: is forgotten by age and by intent, and never more than a bound, the oldest first', () => {
    const entry = (n: number, bytes = 10) =>
      encodeKeptAudio({
        ref: `words:${n}`,
        intentId: `intent ${n % 2}`,
        at: n,
        salt: new Uint8Array(16),
        pcm: new Uint8Array(bytes),
      });
    const entries = [1, 2, 3, 4].map((n) => entry(n));
    const refs = (kept: readonly Uint8Array[]) => kept.map((one) => decodeKeptAudio(one).ref);
    expect(refs(keptAudio(entries, { olderThan: 3 }))).toEqual(['words:3', 'words:4']);
    expect(refs(keptAudio(entries, { intentId: 'intent 0' }))).toEqual(['words:1', 'words:3']);
    const large = [1, 2, 3, 4, 5].map((n) => entry(n, MAX_KEPT_BYTES / 4 - 200));
    expect(refs(keptAudio(large.slice(0, 4), { olderThan: 0 }))).toHaveLength(4);
    // Down to three quarters, so that the next one to come does not have everything written anew.
    expect(refs(keptAudio(large, { olderThan: 0 }))).toEqual(['words:3', 'words:4', 'words:5']);
    expect(fromUtf8(entries[0]?.slice(0, 5) as Uint8Array)).toBe('{"v":');
  });

  it('T16: does not outlive its time where the clock was ahead when it was said', () => {
    const kept = (at: number) => {
      const head = { ref: 'words:1', intentId: 'a', at, salt: new Uint8Array(16) };
      const records = [encodeKeptAudio({ ...head, pcm: new Uint8Array(4) })];
      const store = {
        read: () => records,
        append: () => {},
        keepOnly: (left: readonly Uint8Array[]) => void records.splice(0, 1, ...left),
      };
      const ports = { clock: new VirtualClock(START), random: new SeededRandom('x'), log: { write: () => {} } };
      new AudioKeeper({ store, keepMs: HOUR_MS, ...ports }).stop();
      return records.length;
    };
    expect([START, START + HOUR_MS, START + HOUR_MS + 1, START + 4 * 365 * 24 * HOUR_MS].map(kept)).toEqual([
      1, 1, 0, 0,
    ]);
  });

  it('T28: that cannot be read is as old as can be, and goes whichever intent is forgotten', () => {
    const broken = ['', 'no line', '{"v":1', '{"v":1,\n', 'null\n', '[]\n', '{"v":2,"at":9}\n', '\u00e9\n'].map(
      (text) => Uint8Array.from(Buffer.from(text, 'latin1')),
    );
    expect(broken.map((entry) => decodeKeptAudio(entry).at)).toEqual(broken.map(() => 0));
    expect(keptAudio(broken, { intentId: 'a' })).toEqual([]);
    expect(keptAudio(broken, { olderThan: 0 })).toEqual([]);
  });

  it('of a version that cannot be read is the first to go', () => {
    const record = encodeKeptAudio({
      ref: 'words:1',
      intentId: 'a',
      at: 5,
      salt: new Uint8Array(16),
      pcm: new Uint8Array(4),
    });
    const later = Uint8Array.from(record, (byte, i) => (i === 5 ? 0x39 : byte));
    expect([decodeKeptAudio(record).at, decodeKeptAudio(later).at]).toEqual([5, 0]);
  });
});
