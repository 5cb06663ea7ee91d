/** The ear that a device configuration asks for. */
import { type LineSource, onLines, pushedEar, typedEar } from '../device/adapters/line-ear.ts';
import { arecordMicrophone } from '../device/adapters/voice/arecord-microphone.ts';
import { PocketSphinx } from '../device/adapters/voice/pocketsphinx.ts';
import { PushedTranscript } from '../device/adapters/voice/pushed-transcript.ts';
import { SherpaStreaming } from '../device/adapters/voice/sherpa-streaming.ts';
import { findSileroModel, SileroVad } from '../device/adapters/voice/silero-vad.ts';
import type { AgentConfig } from '../device/config.ts';
import type {
  Agent,
  Button,
  ButtonEdge,
  Clock,
  DeviceSettings,
  Ear,
  EarEvent,
  Log,
  Recognizer,
  Vad,
  Vocabulary,
} from '../device/index.ts';
import type { AudioKeeper } from '../device/voice/audio-keeper.ts';
import { voiceEar } from '../device/voice/ear.ts';
import { EnergyVad } from '../device/voice/energy-vad.ts';

interface EarParts {
  readonly clock: Clock;
  readonly button: Button;
  /** Where transcripts and `wake` are pushed to. */
  readonly words: LineSource;
  readonly log: Log;
  /** Keeps what is heard, where the configuration asks for it. */
  readonly keeper?: AudioKeeper;
  agent(): Agent;
}

/** Silero where its model is, which hears better; a plain energy detector otherwise. */
export function openVad(modelFile: string | undefined): Vad {
  const model = modelFile ?? findSileroModel();
  return model === undefined ? new EnergyVad() : new SileroVad(model);
}

function openRecognizer({ recognizer, sherpaModelDirectory }: AgentConfig['voice']): Recognizer {
  if (recognizer === 'sherpa' && sherpaModelDirectory !== undefined)
    return new SherpaStreaming(sherpaModelDirectory, ['zh-CN', 'en-US']);
  const sphinx = new PocketSphinx();
  sphinx.check();
  return sphinx;
}

/** An ear that takes words its recogniser is less sure of than `rejectBelow` (0 to 1) for not understood. */
function sureEar(ear: Ear, rejectBelow: number): Ear {
  const sure = (event: EarEvent): EarEvent => {
    if (event.kind === 'unheard') return event;
    const hypotheses = event.hypotheses.filter(({ confidence }) => confidence >= rejectBelow);
    return hypotheses.length > 0 ? { ...event, hypotheses } : { kind: 'unheard', why: 'not-understood' };
  };
  return { listen: (request, on) => ear.listen(request, (event) => on(sure(event))) };
}

/** @throws VoiceSetupError when a recogniser or its model is missing; its message says what to do. */
export function earFor(voice: AgentConfig['voice'], { vocabulary }: DeviceSettings, parts: EarParts): Ear {
  const ear = openEar(voice, vocabulary, parts);
  return voice.rejectBelow === undefined ? ear : sureEar(ear, voice.rejectBelow);
}

function openEar(
  voice: AgentConfig['voice'],
  vocabulary: Vocabulary,
  { clock, button, words, log, keeper, agent }: EarParts,
): Ear {
  if (voice.recognizer === 'typed') return typedEar(process.stdin, (event) => agent().hear(event));
  if (voice.recognizer === 'pushed') {
    const onRefused = (outcome: string) => log.write('warn', `transcript-${outcome}`);
    return pushedEar(words, new PushedTranscript(), { clock, onRefused, wake: () => agent().wake() });
  }
  const recognizer = openRecognizer(voice);
  const vad = openVad(voice.vadModelFile);
  // While something is to be confirmed the button means that and nothing else; at any other time it opens the ear.
  const open = (edge: ButtonEdge) => {
    if (edge === 'down' && agent().purchases.current.at !== 'confirming') agent().wake();
  };
  button.listen(open, () => {});
  onLines(words, (line) => {
    if (line === 'wake') agent().wake();
  });
  const microphone = arecordMicrophone();
  if (!keeper) return voiceEar({ microphone, vad, recognizer }, vocabulary);
  return keeper.ear(voiceEar({ microphone, vad, recognizer: keeper.recognizer(recognizer) }, vocabulary));
}
