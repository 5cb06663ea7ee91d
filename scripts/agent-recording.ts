/** The recording of a device's run (`act-edge agent --record`): what passed its ports, in the file that `sim replay` and `sim diff` read. */
import { writeFileSync } from 'node:fs';
import { readJson } from '../device/adapters/json-file.ts';
import type { AgentConfig } from '../device/config.ts';
import { recordingOf } from '../sim/scenario/index.ts';
import { createRecorder, type Recorder } from '../sim/tape/record.ts';
import { deviceRun } from '../sim/tape/recorded-device.ts';
import type { AgentParts } from './agent-parts.ts';
import { UsageError } from './command.ts';

export interface AgentRecording {
  readonly recorder: Recorder;
  /** Writes what there is so far. */
  save(): void;
}

/**
 * The file is made at once, for its owner only: what it will hold is nobody else's business.
 * @param withWords whether what the wearer says goes into it.
 * @throws UsageError `usage-file` where it is there already or cannot be made.
 */
export function openRecording(
  path: string,
  withWords: boolean,
  { peers, voice, device }: AgentConfig,
  { settings, keys }: Pick<AgentParts, 'settings' | 'keys'>,
): AgentRecording {
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UsageError('usage-file', `cannot make ${path} (${code})`, 'name a file that is not there yet');
  }
  const recorder = createRecorder({ settings, withWords });
  const parts = {
    ...{ settings, words: withWords, display: device.display, kid: keys.agent.kid },
    directory: readJson(peers.trustFile),
    vocabulary: readJson(voice.vocabularyFile),
  };
  const save = () => writeFileSync(path, `${JSON.stringify(recordingOf([deviceRun(recorder.lines, parts)]))}\n`);
  // Also of a run that ends by a fault of its own: that is when it is wanted most.
  process.once('exit', save);
  return {
    recorder,
    save() {
      process.removeListener('exit', save);
      save();
    },
  };
}
