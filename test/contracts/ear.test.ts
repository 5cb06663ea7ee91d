import { EventEmitter } from 'node:events';
import { describe } from 'vitest';
import { pushedEar, typedEar } from '../../device/adapters/line-ear.ts';
import { PushedTranscript } from '../../device/adapters/voice/pushed-transcript.ts';
import type { Ear, ListenFor } from '../../device/listening.ts';
import { type Microphone, type Recognizer, SAMPLE_RATE_HZ } from '../../device/ports.ts';
import { voiceEar } from '../../device/voice/ear.ts';
import { EnergyVad } from '../../device/voice/energy-vad.ts';
import { epochMs } from '../../protocol/time.ts';
import { ENGLISH, Person } from '../../sim/person.ts';
import { shopVocabulary } from '../../sim/shops/vocabulary.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { notices } from './contract.ts';
import { type EarStand, earContract } from './ear.contract.ts';

const request: ListenFor = { expect: 'reply', locale: 'en-US', offers: 3 };
const LONG_MS = 60_000;

/** The simulated wearer, who says the choice each time the device listens. */
function personStand(): EarStand {
  const clock = new VirtualClock(epochMs(0));
  const ear = new Person({ ...ENGLISH, temper: 'buy' }, clock).ear(() => 'choosing');
  return { ear, request, speak: () => clock.advance(1_000), wait: () => clock.advance(LONG_MS), isTelling: true };
}

const quiet = (seconds: number) => new Int16Array(seconds * SAMPLE_RATE_HZ);
const loud = (seconds: number) => quiet(seconds).map((_, at) => 8_000 * Math.sin(at / 5));

/** A room whose sound reaches every open microphone, and a recogniser that hears "yes" in everything. */
function voiceStand(): EarStand {
  const open = new Set<(pcm: Int16Array) => void>();
  const microphone: Microphone = {
    open(onPcm) {
      const listener = (pcm: Int16Array) => onPcm(pcm);
      open.add(listener);
      return () => void open.delete(listener);
    },
  };
  const recognizer: Recognizer = {
    locales: ['en-US'],
    start: (_utterance, on) => ({
      accept: () => {},
      finish: () => on({ kind: 'final', hypotheses: [{ text: 'yes', confidence: 0.9 }] }),
      cancel: () => {},
    }),
  };
  const sound = (...parts: Int16Array[]) => {
    for (const part of parts) for (const listener of [...open]) listener(part);
  };
  return {
    ear: voiceEar({ microphone, vad: new EnergyVad(), recognizer }, shopVocabulary),
    request,
    speak: () => sound(quiet(1), loud(1), quiet(2)),
    wait: () => sound(quiet(10), quiet(20)),
    isTelling: true,
  };
}

function pushedStand(): EarStand {
  const source = new EventEmitter();
  const clock = new VirtualClock(epochMs(0));
  const ear = pushedEar(source, new PushedTranscript(), { clock, onRefused: () => {}, wake: () => {} });
  return {
    ear,
    request,
    speak: () => void source.emit('data', '{"results":[[{"transcript":"yes","confidence":0.9}]]}\n'),
    wait: () => clock.advance(LONG_MS),
    isTelling: true,
  };
}

function typedStand(): EarStand {
  const source = new EventEmitter();
  return {
    ear: typedEar(source, () => {}),
    request,
    speak: () => void source.emit('data', 'yes\n'),
    wait: () => {},
    isTelling: false,
  };
}

earContract.holdsFor('the simulated wearer', personStand);
earContract.holdsFor('microphone, detector and recogniser', voiceStand);
earContract.holdsFor('pushed transcripts', pushedStand);
earContract.holdsFor('typed lines', typedStand);

describe('the contract of the ear', () => {
  /** The simulated wearer's ear with one thing wrong. */
  const wrong = (listen: (inner: Ear) => Ear['listen']) => (): EarStand => {
    const stand = personStand();
    return { ...stand, ear: { listen: listen(stand.ear) } };
  };

  /** As above, each listening an ear of its own: they do not know of each other. */
  const many = (): EarStand => {
    const clock = new VirtualClock(epochMs(0));
    const listen: Ear['listen'] = (wish, on) =>
      new Person({ ...ENGLISH, temper: 'buy' }, clock).ear(() => 'choosing').listen(wish, on);
    return {
      ear: { listen },
      request,
      speak: () => clock.advance(1_000),
      wait: () => clock.advance(LONG_MS),
      isTelling: true,
    };
  };

  notices(earContract, [
    [
      'tells twice',
      'tells words at most once, however much is said',
      wrong(
        (inner) => (wish, on) =>
          inner.listen(wish, (event) => {
            on(event);
            on(event);
          }),
      ),
    ],
    [
      'cannot be stopped',
      'T28: tells nothing after Stop, and may be stopped twice',
      wrong((inner) => (wish, on) => {
        inner.listen(wish, on);
        return () => {};
      }),
    ],
    [
      'does not end an earlier listening',
      'ends an earlier listening: only the later one is told, also when nobody speaks',
      many,
    ],
    [
      'stops whatever is open',
      'stops a listening that is over without touching the one that is open',
      wrong((inner) => {
        let stop = () => {};
        return (wish, on) => {
          stop = inner.listen(wish, on);
          return () => stop();
        };
      }),
    ],
    [
      'hears once in its life',
      'hears again when it is opened again',
      wrong((inner) => {
        let uses = 0;
        return (wish, on) => (uses++ === 0 ? inner.listen(wish, on) : () => {});
      }),
    ],
  ]);
});
