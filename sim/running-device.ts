/** What a world gives to whoever plays the wearer. */
import type { Agent, Clock } from '../device/index.ts';
import type { VirtualButton, VirtualDisplay, VirtualSpeaker, VirtualWearSensor } from './hardware.ts';
import type { Life } from './life.ts';

/** One run of the device process, from its start until it is stopped or crashes. */
export interface RunningDevice {
  readonly agent: Agent;
  readonly button: VirtualButton;
  readonly display: VirtualDisplay;
  readonly speaker: VirtualSpeaker;
  readonly wear: VirtualWearSensor;
  readonly life: Life;
}

/** What the world gives a wearer's ear to work with. */
export interface EarParts {
  readonly clock: Clock;
  stateOf(): Agent['purchases']['current']['at'];
}
