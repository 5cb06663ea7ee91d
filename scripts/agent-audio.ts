/** What a device keeps of the sound it hears: nothing, unless its configuration says for how long. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AudioStore, eraseAudio, openAudioStore } from '../device/adapters/audio-store.ts';
import { systemRandom } from '../device/adapters/system-random.ts';
import type { AgentConfig } from '../device/config.ts';
import type { Clock, Log, Random } from '../device/index.ts';
import { AudioKeeper } from '../device/voice/audio-keeper.ts';
import { keptAudio } from '../device/voice/kept-audio.ts';
import { sealedUnder } from './sealing.ts';

const HOUR_MS = 3_600_000;

/** @returns the sealed store in the state directory. @throws StoreError `store-*`; DeviceError `keystore-*`. */
export function openAudio({ state, keys }: Pick<AgentConfig, 'state' | 'keys'>, random: Random): AudioStore {
  const by = sealedUnder(keys.passphraseFile);
  try {
    return openAudioStore({ path: audioPath(state), name: 'audio', by, random });
  } finally {
    by.passphrase.fill(0);
  }
}

export function audioPath({ directory }: AgentConfig['state']): string {
  return join(directory, 'audio.journal');
}

type Stored = Pick<AgentConfig, 'state' | 'keys'>;

/** Erases what is to be forgotten of it. @returns how many utterances; `undefined` where nothing was ever kept. */
export function forgetAudio(config: Stored, forget: Parameters<typeof keptAudio>[1]): number | undefined {
  if (!existsSync(audioPath(config.state))) return undefined;
  const store = openAudio(config, systemRandom());
  try {
    const records = store.read();
    const kept = keptAudio(records, forget);
    if (kept.length < records.length) store.keepOnly(kept);
    return records.length - kept.length;
  } finally {
    store.close();
  }
}

/** How many utterances are kept: of all, and of one intent. */
export function audioKept(config: Stored, intentId: string): { readonly all: number; readonly ofIntent: number } {
  if (!existsSync(audioPath(config.state))) return { all: 0, ofIntent: 0 };
  const store = openAudio(config, systemRandom());
  try {
    const records = store.read();
    return { all: records.length, ofIntent: records.length - keptAudio(records, { intentId }).length };
  } finally {
    store.close();
  }
}

export interface AgentAudio {
  readonly keeper: AudioKeeper;
  close(): void;
}

/** Where nothing is to be kept any more, what was kept before is erased. @throws StoreError, DeviceError as {@link openAudio}. */
export function openKeeper(
  config: Pick<AgentConfig, 'state' | 'keys' | 'voice'>,
  ports: { readonly clock: Clock; readonly random: Random; readonly log: Log },
): AgentAudio | undefined {
  const { keepAudioHours } = config.voice;
  if (keepAudioHours === undefined) {
    eraseAudio(audioPath(config.state));
    return undefined;
  }
  const store = openAudio(config, ports.random);
  const keeper = new AudioKeeper({ ...ports, store, keepMs: keepAudioHours * HOUR_MS });
  return {
    keeper,
    close() {
      keeper.stop();
      store.close();
    },
  };
}
