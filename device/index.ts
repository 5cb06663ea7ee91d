export { type FileJournal, openFileJournal } from './adapters/file-journal.ts';
export { jsonLog } from './adapters/json-log.ts';
export { type KeyInput, keyboardButton } from './adapters/keyboard-button.ts';
export {
  createKey,
  describeKey,
  type KeyPurpose,
  type OpenKey,
  openKey,
  openRecipientSeed,
} from './adapters/keystore.ts';
export { type BrokerAccess, type MqttTransportOptions, mqttTransport } from './adapters/mqtt-transport.ts';
export { systemClock } from './adapters/system-clock.ts';
export { systemRandom } from './adapters/system-random.ts';
export { terminalDisplay } from './adapters/terminal-display.ts';
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
export { type Agent, type AgentPorts, type AgentReport, createAgent } from './agent.ts';
export { type DisplayProfile, type Page, PROFILES, type ProfileId } from './confirm/view.ts';
export { type Directory, type DirectoryFile, directorySchema, openDirectory } from './directory.ts';
export { DeviceError, type DeviceErrorCode, StoreError } from './errors.ts';
export { decodeRecord, type JournalRecord, type Purchases } from './journal-record.ts';
export { Inbox } from './link/inbox.ts';
export { type SealedTransportParts, sealedTransport } from './link/sealed-transport.ts';
export type { Ear, EarEvent, ListenFor } from './listening.ts';
export * from './ports.ts';
export type { Effect, PurchaseEvent, Unheard } from './purchase/events.ts';
export type { Outcome, Paid, Purchase } from './purchase/state.ts';
export { step } from './purchase/step.ts';
export type { DeviceSettings } from './settings.ts';
export type { ConfirmRequest, Signer, SignerAnswer } from './signer/port.ts';
export { createSoftSigner, type SoftSignerParts } from './signer/soft-signer.ts';
export { voiceEar } from './voice/ear.ts';
export { EnergyVad } from './voice/energy-vad.ts';
export type { IntentDraft, IntentLine, Locale, Names, Vocabulary } from './voice/vocabulary.ts';
