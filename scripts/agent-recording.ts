/** The recording of a device's run (`--record`): what passed its ports, in the file that `sim replay` and `sim diff` read. */
import { readJson } from '../device/adapters/json-file.ts';
import type { AgentConfig } from '../device/config.ts';
import type { Log } from '../device/index.ts';
import { createRecorder, type Recorder, tapeHead } from '../sim/tape/index.ts';
import type { AgentParts } from './agent-parts.ts';
import { type Arguments, UsageError } from './command.ts';
import { openTapeFile } from './tape-file.ts';

export interface AgentRecording {
  readonly recorder: Recorder;
  /** The device was stopped in order. */
  end(): void;
  close(): void;
}

/** What is to be recorded, and how far. */
export interface RecordingWish {
  readonly path: string;
  readonly withWords: boolean;
  readonly limitBytes: number;
}

const MEGABYTE = 1_000_000;
/** As much as `sim replay` can read at once. */
const MOST_MEGABYTES = 500;

export const RECORDING_OPTIONS = {
  record: {
    type: 'string',
    value: 'FILE',
    describe: 'write down all that passes the ports, for sim replay and sim diff; a tape that is there goes on',
  },
  'record-words': { type: 'boolean', describe: 'with what the wearer says, without which it cannot be played again' },
  'record-limit': { type: 'string', value: 'MB', default: '256', describe: 'how long the file may get, 1 to 500' },
} as const;

/** @throws UsageError `usage-option-value`. */
export function recordingWish({ values }: Arguments<typeof RECORDING_OPTIONS>): RecordingWish | undefined {
  const { record: path, 'record-words': withWords, 'record-limit': limit } = values;
  if (withWords && path === undefined)
    throw new UsageError('usage-option-value', '--record-words is for a recording', 'give --record FILE too');
  if (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > MOST_MEGABYTES)
    throw new UsageError('usage-option-value', `--record-limit cannot be "${limit}"`, 'give megabytes, 1 to 500');
  return path === undefined ? undefined : { path, withWords, limitBytes: Number(limit) * MEGABYTE };
}

/** @throws UsageError, StoreError as {@link openTapeFile}. */
export function openRecording(
  { path, withWords, limitBytes }: RecordingWish,
  program: 'agent' | 'bind',
  { peers, voice, device }: AgentConfig,
  { settings, keys, recipient }: AgentParts,
  log: Log,
): AgentRecording {
  const file = openTapeFile({ path, limitBytes, onEnd: (why, detail) => log.write('warn', why, { detail }) });
  const head = tapeHead({
    ...{ program, settings, words: withWords, display: device.display, kid: keys.agent.kid, link: recipient },
    directory: readJson(peers.trustFile),
    vocabulary: readJson(voice.vocabularyFile),
  });
  file.line(head);
  const { line, end, close } = file;
  return { recorder: createRecorder({ settings, withWords, line }), end, close };
}
