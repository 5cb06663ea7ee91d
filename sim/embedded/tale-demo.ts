/** One story of a delegation in a simulated world with a real MQTT broker and, for what is bought there, a data desk on a real port. */
import type { Locale, ProfileId } from '../../device/index.ts';
import type { Temper } from '../person.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { StoryEntry } from '../story.ts';
import { TALES, type TaleName } from '../tales/index.ts';
import { type TaleResult, TaleStory } from '../tales/tale-story.ts';
import { TaleWearer } from '../tales/tale-wearer.ts';
import { tell } from '../tales/tell.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { DEMO_START, World } from '../world.ts';
import { startEmbeddedBroker } from './aedes-broker.ts';
import { aedesNet } from './aedes-net.ts';
import { stopAll } from './demo.ts';
import { openLoopbackDesk } from './loopback-desk.ts';
import { Pacer } from './pacer.ts';

export interface TaleDemoOptions {
  readonly scenario: TaleName;
  readonly seed: string;
  readonly locale: Locale;
  readonly display: ProfileId;
  /** What the wearer does at prompts; holds, unless it is to come out otherwise. */
  readonly temper?: Temper;
}

/** Plays it to its end. `on` hears each moment as it happens. */
export async function runTale(options: TaleDemoOptions, on: (entry: StoryEntry) => void): Promise<TaleResult> {
  const { scenario, seed, locale, display } = options;
  const tale = TALES[scenario];
  const clock = new VirtualClock(DEMO_START);
  const broker = await startEmbeddedBroker();
  const pacer = new Pacer(clock, () => broker.activity);
  const net = aedesNet(broker, clock, new SeededRandom(`${seed} net`));
  const desk = await openLoopbackDesk(clock, pacer, (request, answer) => told.exchanged(request, answer));
  const world = new World({ seed, clock, net, locale, display, sealed: true, desk: desk.reach });
  const told = new TaleStory(world, on);
  const heard = (text: string) => told.story.add('wearer', `“${text}” (typed)`);
  const wearer = new TaleWearer({ tale, locale, temper: options.temper ?? 'buy', clock, heard });
  const device = world.startDevice(
    () => wearer.ear(() => device.agent),
    (report) => told.observe(report),
  );
  told.follow(device);
  wearer.watch(device);
  try {
    await tell(tale, { world, clock, device, wearer, told, pass: (done, mostMs) => pacer.run(done, mostMs) });
    return told.result(scenario, tale.claims, broker.payloadBytes);
  } finally {
    await stopAll(device.agent, world, broker, pacer);
    await desk.close();
  }
}
