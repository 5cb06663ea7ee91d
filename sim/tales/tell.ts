/** Plays a story in a world, act after act. */
import type { Clock } from '../../device/index.ts';
import type { RunningDevice } from '../running-device.ts';
import type { World } from '../world.ts';
import { type Act, HOUR_MS, MINUTE_MS, type Tale } from './tale.ts';
import type { TaleStory } from './tale-story.ts';
import type { TaleWearer } from './tale-wearer.ts';

/** Lets time pass until something is so, at most so many milliseconds. */
export type Pass = (done: () => boolean, mostMs: number) => Promise<void>;

export interface Stage {
  readonly world: World;
  readonly clock: Clock;
  readonly device: RunningDevice;
  readonly wearer: TaleWearer;
  readonly told: TaleStory;
  readonly pass: Pass;
}

/** Longer than a dialogue with its prompt takes. */
const TALK_MS = 15 * MINUTE_MS;
const SETTING_UP_MS = HOUR_MS;

export async function tell(tale: Tale, stage: Stage): Promise<void> {
  await stage.pass(() => stage.world.isReady, SETTING_UP_MS);
  for (const act of tale.acts) await perform(act, stage);
}

async function perform(act: Act, { world, clock, device, wearer, told, pass }: Stage): Promise<void> {
  switch (act.do) {
    case 'say':
      wearer.say(act.words, device.agent);
      await pass(() => wearer.isSettled(device.agent), TALK_MS);
      break;
    case 'wait':
      await passAtMost(() => act.until(told.soFar), act.mostMs, clock, pass);
      break;
    case 'wait-until':
      await passAtMost(() => false, act.at - clock.now(), clock, pass);
      break;
    case 'operate': {
      const answer = world.cloud.merchants.get(act.merchant)?.command(act.command(told.soFar));
      told.story.add(
        'operator',
        answer === 'done' ? act.told : `${act.merchant} did not do it: ${answer ?? 'it is not here'}`,
      );
      break;
    }
    default:
  }
}

/** To the millisecond: where nothing else happens, the clock would go past it to whatever is next. */
async function passAtMost(done: () => boolean, mostMs: number, clock: Clock, pass: Pass): Promise<void> {
  let isOver = mostMs <= 0;
  const stop = clock.after(mostMs, () => {
    isOver = true;
  });
  await pass(() => isOver || done(), mostMs);
  stop();
}
