import { expect } from 'vitest';
import type { WearSensor } from '../../device/ports.ts';
import { contract } from './contract.ts';

export interface WearSensorStand {
  readonly sensor: WearSensor;
  /** Puts the device on a head, or takes it off; ends when the device must have noticed. */
  set(worn: boolean): void | Promise<void>;
}

export const wearSensorContract = contract<WearSensorStand>('WearSensor', {
  'T18: tells at once how things are, to each who listens': async ({ sensor, set }) => {
    for (const worn of [false, true]) {
      await set(worn);
      const told: boolean[] = [];
      sensor.listen((state) => told.push(state));
      expect(told).toEqual([worn]);
    }
  },

  'T18: tells each change as it happens': async ({ sensor, set }) => {
    await set(true);
    const told: boolean[] = [];
    sensor.listen((worn) => told.push(worn));
    await set(false);
    expect(told).toEqual([true, false]);
    await set(true);
    expect(told).toEqual([true, false, true]);
  },

  'tells nothing after Stop, may be stopped twice, and leaves other listeners alone': async ({ sensor, set }) => {
    await set(true);
    const told: string[] = [];
    const stop = sensor.listen((worn) => told.push(`a ${worn}`));
    sensor.listen((worn) => told.push(`b ${worn}`));
    stop();
    stop();
    await set(false);
    expect(told).toEqual(['a true', 'b true', 'b false']);
  },
});
