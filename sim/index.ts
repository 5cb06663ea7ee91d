export { ALWAYS, breaches, breachesInTheEnd, type Checker, type Circumstances, type Findings } from './checkers.ts';
export * from './cloud/index.ts';
export { type EmbeddedBroker, startEmbeddedBroker } from './embedded/aedes-broker.ts';
export { aedesNet } from './embedded/aedes-net.ts';
export { type DemoOptions, type DemoVoice, runDemo } from './embedded/demo.ts';
export { Pacer } from './embedded/pacer.ts';
export { plugInUhidDevice, TEST_SIGNER, type UhidDevice } from './embedded/uhid-device.ts';
export type { UhidIdentity } from './embedded/uhid-events.ts';
export { VirtualButton, VirtualDisplay, VirtualSpeaker, VirtualWearSensor } from './hardware.ts';
export { HidCable } from './hid-cable.ts';
export { signerBehindHid } from './hid-signer.ts';
export { type Delivery, type DeliveryPlan, MemoryBroker, matches } from './memory-broker.ts';
export { type MemoryDisk, memoryDisk, PowerCut } from './memory-journal.ts';
export { type MemoryRecipientStores, memoryRecipientStores } from './memory-recipient-stores.ts';
export { type FrameEntry, type Net, recorded } from './net.ts';
export { CHINESE, ENGLISH, GESTURES, Person, type Script, type Temper } from './person.ts';
export { Play, type PlayOptions } from './play.ts';
export * from './scenario/index.ts';
export { sealedFor, sealedNet } from './sealed-net.ts';
export { SeededRandom } from './seeded-random.ts';
export * from './shops/index.ts';
export { Story, type StoryEntry, type StoryKind, type StoryResult } from './story.ts';
export { VirtualClock } from './virtual-clock.ts';
export {
  DEMO_START,
  type DeviceDisks,
  type EarParts,
  type LogEntry,
  type RunningDevice,
  World,
  type WorldOptions,
} from './world.ts';
export { WorldRecord } from './world-record.ts';
