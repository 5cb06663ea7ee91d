/** One purchase in a simulated world with a real MQTT broker and, where words are spoken, real recognition of real audio. */

import { pcmMicrophone } from '../../device/adapters/voice/wav-microphone.ts';
import {
  type Ear,
  type EarEvent,
  type ListenFor,
  type Locale,
  type Microphone,
  type ProfileId,
  type Recognizer,
  SAMPLE_RATE_HZ,
  type Stop,
  type Vad,
} from '../../device/index.ts';
import { voiceEar } from '../../device/voice/ear.ts';
import { Person, type Script } from '../person.ts';
import { SeededRandom } from '../seeded-random.ts';
import { shopVocabulary } from '../shops/index.ts';
import { Story, type StoryEntry, type StoryResult } from '../story.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { DEMO_START, type EarParts, World } from '../world.ts';
import { startEmbeddedBroker } from './aedes-broker.ts';
import { aedesNet } from './aedes-net.ts';
import { Pacer } from './pacer.ts';

/** The parts that turn recordings into words. */
export interface DemoVoice {
  readonly vad: Vad;
  readonly recognizer: Recognizer;
  /** 16 kHz PCM of these words spoken; `undefined` where there is no recording: then they are typed. */
  recordingOf(words: string): Int16Array | undefined;
}

export interface DemoOptions {
  readonly seed: string;
  readonly locale: Locale;
  readonly display: ProfileId;
  readonly script: Script;
  /** Absent: all words are typed. */
  readonly voice?: DemoVoice;
}

/** Long enough for any purchase to be delivered. */
const LIMIT_MS = 6 * 3_600_000;

/** Plays it to its end. `on` hears each moment as it happens. */
export async function runDemo(options: DemoOptions, on: (entry: StoryEntry) => void): Promise<StoryResult> {
  const { seed, locale, display, script, voice } = options;
  const clock = new VirtualClock(DEMO_START);
  const broker = await startEmbeddedBroker();
  const pacer = new Pacer(clock, () => broker.activity);
  const net = aedesNet(broker, clock, new SeededRandom(`${seed} net`));
  const world = new World({ seed, clock, net, locale, display, sealed: true });
  const story = new Story(world, on);
  const person = new Person(script, clock);
  const earOf = (parts: EarParts): Ear =>
    voice ? spokenEar(person, parts, voice, pacer, story) : typedEar(person, parts, story);
  const device = world.startDevice(earOf, (report) => story.observe(report));
  story.follow(device);
  person.watch(device.display, device.speaker, device.button);
  try {
    await pacer.run(() => world.isReady, LIMIT_MS);
    device.agent.wake();
    const current = () => device.agent.purchases.current;
    await pacer.run(() => current().at === 'ended', LIMIT_MS);
    return story.result(current(), broker.payloadBytes);
  } finally {
    await stopAll(device.agent, world, broker, pacer);
  }
}

/** In-memory streams have no timeouts of their own, so stopping takes virtual time too. */
export async function stopAll(
  agent: { stop(done: () => void): void },
  world: World,
  broker: { close(): Promise<void> },
  pacer: Pacer,
): Promise<void> {
  let running = 2;
  const stopped = () => {
    running -= 1;
  };
  agent.stop(stopped);
  world.cloud.stop(stopped);
  await pacer.run(() => running === 0, LIMIT_MS);
  await broker.close();
}

function typedEar(person: Person, { stateOf }: EarParts, story: Story): Ear {
  const ear = person.ear(stateOf);
  return {
    listen: (request, on) =>
      ear.listen(request, (event) => {
        tell(event, story, 'typed');
        on(event);
      }),
  };
}

/** Plays the recording of the wearer's next words into the real pipeline; time stands still while it is understood. */
function spokenEar(person: Person, { clock, stateOf }: EarParts, voice: DemoVoice, pacer: Pacer, story: Story): Ear {
  let recording = new Int16Array(0);
  const microphone: Microphone = { open: (onPcm, onEnd) => pcmMicrophone(recording).open(onPcm, onEnd) };
  const ear = voiceEar({ microphone, vad: voice.vad, recognizer: voice.recognizer }, shopVocabulary);
  const typed = typedEar(person, { clock, stateOf }, story);
  return {
    listen(request: ListenFor, on: (event: EarEvent) => void): Stop {
      const next = person.peek(stateOf());
      const samples = next === undefined ? undefined : voice.recordingOf(next);
      if (!samples) return typed.listen(request, on);
      person.words(stateOf());
      recording = withPauses(samples);
      story.add('wearer', `speaks (${(samples.length / SAMPLE_RATE_HZ).toFixed(1)} s of audio)`);
      const release = pacer.hold();
      let stop: Stop = () => {};
      let understood = false;
      const listening = ear.listen(request, (event) => {
        understood = true;
        // Understanding took real time; speaking takes virtual time.
        stop = clock.after((recording.length / SAMPLE_RATE_HZ) * 1000, () => {
          tell(event, story, 'recognised');
          on(event);
        });
        release();
      });
      // An empty recording is understood, as silence, before listening has begun.
      if (!understood) stop = listening;
      return () => {
        release();
        stop();
      };
    },
  };
}

const PAUSE_SAMPLES = SAMPLE_RATE_HZ;

/** A room is not silent only while somebody speaks. */
function withPauses(samples: Int16Array): Int16Array<ArrayBuffer> {
  const padded = new Int16Array(samples.length + 2 * PAUSE_SAMPLES);
  padded.set(samples, PAUSE_SAMPLES);
  return padded;
}

function tell(event: EarEvent, story: Story, how: string): void {
  if (event.kind === 'unheard') {
    story.add('wearer', `says nothing that can be understood (${event.why})`);
    return;
  }
  const [best] = event.hypotheses;
  if (best)
    story.add(
      'wearer',
      `“${best.text}” (${how}${how === 'typed' ? '' : `, confidence ${best.confidence.toFixed(2)}`})`,
    );
}
