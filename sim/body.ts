/** What a device is made of for its wearer, with everything it feels and presents taken down. */
import type { Clock } from '../device/index.ts';
import { VirtualButton, VirtualDisplay, VirtualSpeaker, VirtualWearSensor } from './hardware.ts';
import type { Life } from './life.ts';
import { type MemoryDisk, memoryDisk } from './memory-journal.ts';
import type { Lived, WorldRecord } from './world-record.ts';

/** The glasses' disks: they outlive every process that runs on the device. */
export interface DeviceDisks {
  readonly journal: MemoryDisk;
  readonly checkpoints: MemoryDisk;
  readonly transcripts: MemoryDisk;
  readonly signer: MemoryDisk;
}

export function makeDisks(): DeviceDisks {
  return { journal: memoryDisk(), checkpoints: memoryDisk(), transcripts: memoryDisk(), signer: memoryDisk() };
}

/** The button and the sensor are the same in all lives of a device; a finger may be on the one when the other ends. */
export interface Body {
  readonly button: VirtualButton;
  readonly wear: VirtualWearSensor;
}

/** @param stamp of the device's present life, or nothing before its first. */
export function makeBody(clock: Clock, record: WorldRecord, stamp: () => Lived | undefined): Body {
  const button = new VirtualButton(clock);
  const wear = new VirtualWearSensor();
  button.listen(
    (edge) => {
      const now = stamp();
      if (now) record.edges.push({ ...now, edge });
    },
    () => {},
  );
  wear.listen((worn) => {
    const now = stamp();
    if (now) record.worn.push({ ...now, worn });
  });
  return { button, wear };
}

/** New surfaces for each life: what a dead process listened to stays with it. */
export interface Surfaces {
  readonly display: VirtualDisplay;
  readonly speaker: VirtualSpeaker;
}

export function makeSurfaces(life: Life, record: WorldRecord): Surfaces {
  const display = new VirtualDisplay();
  const speaker = new VirtualSpeaker();
  display.listen((page) => {
    record.presented.push({ ...life.stamp(), page });
    life.pass('present');
  });
  speaker.listen((sentence, locale) => record.presented.push({ ...life.stamp(), sentence, locale }));
  return { display, speaker };
}
