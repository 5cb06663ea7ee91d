export { attend } from './adapters/attend-socket.ts';
export { openAudioStore } from './adapters/audio-store.ts';
export { type Bridge, type BridgeOptions, openBridge } from './adapters/bridge-button.ts';
export { type EdgeFan, edgeFan } from './adapters/edge-fan.ts';
export { type EvdevOptions, type EvdevPin, openEvdevButton } from './adapters/evdev-button.ts';
export { type FileJournal, openFileJournal } from './adapters/file-journal.ts';
export { type GpioLine, type GpioOptions, openGpioButton } from './adapters/gpio-button.ts';
export { chainNodeOf, httpTrustChain } from './adapters/http-trust-chain.ts';
export { jsonLog } from './adapters/json-log.ts';
export { type KeyInput, keyboardButton } from './adapters/keyboard-button.ts';
export {
  createKey,
  describeKey,
  type KeyPurpose,
  type OpenKey,
  openKey,
  openRecipientSeed,
  openToken,
  sealToken,
} from './adapters/keystore.ts';
export { type LineButton, type LineSink, lineButton } from './adapters/line-button.ts';
export { linuxMachineIdentity } from './adapters/machine-identity.ts';
export { monotonicClock } from './adapters/monotonic-clock.ts';
export { type BrokerAccess, type MqttTransportOptions, mqttTransport } from './adapters/mqtt-transport.ts';
export {
  HID_WATCH_TIMES,
  type HidWatchHandlers,
  type HidWatchPorts,
  type HidWatchTimes,
  watchHid,
} from './adapters/node-hid-watch.ts';
export { type Bitmap, type Panel, rasterDisplay, rasterize } from './adapters/raster.ts';
export { type BitmapFont, parseHexFont } from './adapters/raster-font.ts';
export { openStoreKey, recipientKeyDirectory, statementFile } from './adapters/recipient-keys.ts';
export type { SealedBy } from './adapters/sealed-file.ts';
export {
  type JournalSealing,
  type JournalSealingParts,
  type KeySeal,
  openSealedJournal,
  passphraseKeySeal,
  sealedJournal,
} from './adapters/sealed-journal.ts';
export { openSocketCosigner, type SocketCosigner } from './adapters/socket-cosigner.ts';
export { systemClock } from './adapters/system-clock.ts';
export { systemRandom } from './adapters/system-random.ts';
export { terminalDisplay } from './adapters/terminal-display.ts';
export { printable } from './adapters/text-output.ts';
export { textSpeaker } from './adapters/text-speaker.ts';
export { arecordMicrophone } from './adapters/voice/arecord-microphone.ts';
export { EspeakSpeaker } from './adapters/voice/espeak-speaker.ts';
export { PocketSphinx } from './adapters/voice/pocketsphinx.ts';
export { PushedTranscript } from './adapters/voice/pushed-transcript.ts';
export { VoiceSetupError } from './adapters/voice/setup-error.ts';
export { SherpaStreaming } from './adapters/voice/sherpa-streaming.ts';
export { findSileroModel, SileroVad } from './adapters/voice/silero-vad.ts';
export { readWav, writeWav } from './adapters/voice/wav.ts';
export { pcmMicrophone, wavMicrophone } from './adapters/voice/wav-microphone.ts';
export { createAgent } from './agent.ts';
export type { Agent, AgentPorts, AgentReport } from './agent-ports.ts';
export { indexAttestations } from './audit/attestation-index.ts';
export { type Attested, readAttestations } from './audit/attestations.ts';
export { type AuditedJournal, auditJournal } from './audit/audited-journal.ts';
export { CheckpointWitness } from './audit/checkpoint-witness.ts';
export { auditOf, DeviceAudit, type DeviceAuditParts, type DeviceAuditPorts } from './audit/device-audit.ts';
export { DeviceReports } from './audit/device-reports.ts';
export { type History, type HistoryFault, judgeHistory, judgeWitnessed } from './audit/history.ts';
export { journalKeysOf, journalName, noteSigner, witnessOf } from './audit/journal-keys.ts';
export { JournalTree } from './audit/journal-tree.ts';
export { PairedWitness } from './audit/paired-witness.ts';
export { type Reported, recordIdOf } from './audit/reported.ts';
export { Reporter } from './audit/reporter.ts';
export { trustChain } from './audit/trust-chain.ts';
export { type Binder, type BinderPorts, createBinder, type TokenStore } from './binding/binder.ts';
export type { Binding } from './binding/state.ts';
export { type DisplayProfile, type Page, PROFILES, type ProfileId } from './confirm/view.ts';
export type { KeptRefund, KeptSpend } from './delegation/book.ts';
export type { AgentEvent } from './delegation/many.ts';
export { DelegationMemory, type Delegations } from './delegation/record.ts';
export { type Delegation, type HeldDelegation, isHeld } from './delegation/state.ts';
export { type DelegationVoice, delegationVoice } from './delegation/voice.ts';
export { type Directory, type DirectoryFile, directorySchema, openDirectory } from './directory.ts';
export { DeviceError, type DeviceErrorCode, StoreError } from './errors.ts';
export type { AgentEffect } from './hands.ts';
export type { IdentityKey } from './hid/handshake.ts';
export { type HidSigner, type HidSignerParts, hidSigner, type LinkSource } from './hid/host.ts';
export { createPeripheral, type Peripheral, type PeripheralParts } from './hid/peripheral.ts';
export { REPORT_BYTES, REPORT_DESCRIPTOR, type ReportLink, USAGE, USAGE_PAGE } from './hid/report-link.ts';
export { pairSigner, readSignerInfo, winkSigner } from './hid/visit.ts';
export { decodeRecord, type JournalRecord, type Purchases } from './journal-record.ts';
export { Inbox } from './link/inbox.ts';
export type { OwnKeyStore, StatementStore, StoredRecipientKey } from './link/recipient-stores.ts';
export { type SealedTransportParts, sealedTransport } from './link/sealed-transport.ts';
export type { Ear, EarEvent, ListenFor } from './listening.ts';
export * from './ports.ts';
export type { Effect, PurchaseEvent, Unheard } from './purchase/events.ts';
export type { Outcome, Paid, Purchase } from './purchase/state.ts';
export { step } from './purchase/step.ts';
export type { DeviceSettings } from './settings.ts';
export {
  type ActAnswer,
  createSignerCore,
  type OrderAnswer,
  type SignerCore,
  type SignerCoreParts,
} from './signer/core.ts';
export type { LocalAct } from './signer/local-act.ts';
export { lockable } from './signer/lockable.ts';
export type { LockKind } from './signer/memory.ts';
export type { NotSigned, OrderTaken, Signed, Signer, SignerAnswer, SignRequest } from './signer/port.ts';
export { AudioKeeper } from './voice/audio-keeper.ts';
export { delegationQuestion } from './voice/delegation/ask-delegation.ts';
export type {
  DelegationContext,
  DelegationDraft,
  DelegationParse,
  DelegationQuestion,
  PendingDelegation,
} from './voice/delegation/draft.ts';
export type { CommandTarget } from './voice/delegation/hear-command.ts';
export { type DelegationCommand, parseDelegationCommand } from './voice/delegation/parse-command.ts';
export { parseDelegation } from './voice/delegation/parse-delegation.ts';
export { summariseDelegation } from './voice/delegation/summarise-delegation.ts';
export { voiceEar } from './voice/ear.ts';
export { EnergyVad } from './voice/energy-vad.ts';
export type { IntentDraft, IntentLine, Locale, Names, Vocabulary } from './voice/vocabulary.ts';
