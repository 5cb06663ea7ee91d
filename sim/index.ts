export { DATA_DESK, type DeskService, simulatedDesk, startDesk } from './a402/desk.ts';
export { ALWAYS, breaches, breachesInTheEnd, type Checker, type Circumstances, type Findings } from './checkers.ts';
export * from './cloud/index.ts';
export { type EmbeddedBroker, startEmbeddedBroker } from './embedded/aedes-broker.ts';
export { aedesNet } from './embedded/aedes-net.ts';
export { startDataDesk } from './embedded/data-desk.ts';
export { nodeHttp } from './embedded/data-desk-http.ts';
export { type DemoOptions, type DemoVoice, runDemo } from './embedded/demo.ts';
export { openLedger } from './embedded/open-ledger.ts';
export { openAiPlanner } from './embedded/openai-planner.ts';
export { Pacer } from './embedded/pacer.ts';
export { runTale, type TaleDemoOptions } from './embedded/tale-demo.ts';
export { startTrustChain } from './embedded/trust-chain.ts';
export { plugInUhidDevice, TEST_SIGNER, type UhidDevice } from './embedded/uhid-device.ts';
export type { UhidIdentity } from './embedded/uhid-events.ts';
export { VirtualButton, VirtualDisplay, VirtualSpeaker, VirtualWearSensor } from './hardware.ts';
export { HidCable } from './hid-cable.ts';
export { signerBehindHid } from './hid-signer.ts';
export { DelegationLedger } from './ledger/delegation-ledger.ts';
export { memoryLedger } from './ledger/memory-ledger.ts';
export { type Books, type LedgerStore, LedgerUnavailable } from './ledger/store.ts';
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
export { TALES, type TaleName } from './tales/index.ts';
export { MOST_BUNDLE_BYTES, type TaleResult } from './tales/tale-story.ts';
export { createRecorder, type Recorder } from './tape/record.ts';
export { playTape, type ReplayedDevice } from './tape/replay.ts';
export type { Replayed } from './tape/tape-player.ts';
export { AgentReports } from './trust-chain/agent-records.ts';
export { MerchantReports } from './trust-chain/merchant-records.ts';
export { createTrustNode } from './trust-chain/node.ts';
export { PspReports } from './trust-chain/psp-records.ts';
export { ServiceReporting } from './trust-chain/reporting-handler.ts';
export { simulatedWire } from './trust-chain/simulated-wire.ts';
export { chainOptionsOf, chainSigner, privacyChannelOf, reportsOf } from './trust-chain/tenant-chain.ts';
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
