/** A real device's run as one recording, and played again from it. */
import * as z from 'zod/mini';
import {
  type DeviceSettings,
  delegationVoice,
  directorySchema,
  openDirectory,
  PROFILES,
  type ProfileId,
} from '../../device/index.ts';
import { checkVocabulary } from '../../device/voice/vocabulary-file.ts';
import { fromHex, hex, parseSessionId, sha256, utf8 } from '../../protocol/index.ts';
import type { RecordedRun } from '../scenario/recording.ts';
import { playTape } from './replay.ts';
import { maskOf, readLine, type TapeLine } from './tape.ts';

const SESSION_HEX = /^[0-9a-f]{16}$/;
const hexText = z.string().check(z.regex(/^([0-9a-f]{2})*$/));

export const recordedDevice = z.strictObject({
  /** Whether the wearer's words are on the tape. Without them it can be looked at and compared, and not be played again. */
  words: z.boolean(),
  display: z.string(),
  kidHex: hexText,
  sessionHex: hexText,
  /** The directory and the vocabulary, as their files had them. */
  directory: z.unknown(),
  vocabulary: z.unknown(),
  /** The rest of the settings; the payment token is as many zeros. */
  settings: z.looseObject({ device: z.string(), locale: z.string() }),
});
export type RecordedDevice = z.infer<typeof recordedDevice>;

type Plain = Omit<DeviceSettings, 'directory' | 'vocabulary' | 'session' | 'delegation'>;

export interface RecordedParts {
  readonly settings: DeviceSettings;
  readonly display: ProfileId;
  readonly kid: Uint8Array;
  readonly directory: unknown;
  readonly vocabulary: unknown;
  readonly words: boolean;
}

const hashOf = (lines: readonly string[]) => hex(sha256(utf8(lines.join('\n'))));

/** What a recorder has on its tape, as a run. */
export function deviceRun(lines: readonly string[], parts: RecordedParts): RecordedRun {
  const { directory: _open, vocabulary: _checked, session, delegation, paymentToken, ...rest } = parts.settings;
  const settings = {
    ...rest,
    paymentToken: maskOf(paymentToken),
    ...(delegation && { principal: delegation.principal }),
  };
  return {
    ...{ file: 'a device on a real broker', text: '', row: 0, seed: '', ok: true },
    name: parts.settings.device,
    ending: endingOf(lines),
    traceHash: hashOf(lines),
    events: [...lines],
    frames: framesOf(lines),
    device: {
      words: parts.words,
      display: parts.display,
      kidHex: hex(parts.kid),
      sessionHex: session,
      directory: parts.directory,
      vocabulary: parts.vocabulary,
      settings,
    },
  };
}

/** @throws RangeError where the words are not on the tape, or where it is not one of this version. */
export function replayedRun(recorded: RecordedRun, device: RecordedDevice): RecordedRun {
  if (!device.words)
    throw new RangeError('what the wearer said is not in it: record with --record-words to play it again');
  checkLines(recorded.events);
  const checked = checkVocabulary(device.vocabulary);
  if (!checked.ok) throw new RangeError(`its vocabulary is none: ${checked.fault}`);
  if (!Object.hasOwn(PROFILES, device.display)) throw new RangeError('its display is none');
  const directory = directorySchema.safeParse(device.directory);
  if (!directory.success || !SESSION_HEX.test(device.sessionHex))
    throw new RangeError('its directory or session is none');
  const { principal, ...plain } = device.settings as Plain & { readonly principal?: string };
  const settings: DeviceSettings = {
    ...plain,
    session: parseSessionId(device.sessionHex),
    directory: openDirectory(directory.data),
    vocabulary: checked.vocabulary,
    ...(principal !== undefined && { delegation: { principal, voice: delegationVoice } }),
  };
  const profile = PROFILES[device.display as ProfileId];
  const events = [...playTape(recorded.events, { settings, profile, kid: fromHex(device.kidHex) })];
  return { ...recorded, events, ending: endingOf(events), traceHash: hashOf(events), frames: framesOf(events) };
}

function checkLines(lines: readonly string[]): void {
  try {
    for (const line of lines) readLine(line);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RangeError('a line of its tape cannot be read');
    throw error;
  }
}

function endingOf(lines: readonly string[]): string {
  const said = lines.length === 0 ? undefined : readLine(lines.at(-1) as string);
  return said?.what === 'disconnected' ? 'stopped in order' : 'broken off';
}

/** Everything that came from the broker and went to it. */
function framesOf(lines: readonly string[]): RecordedRun['frames'] {
  const frames: RecordedRun['frames'] = [];
  let [began, now]: [number | undefined, number] = [undefined, 0];
  for (const line of lines.map(readLine)) {
    if (line.what === 'now') {
      now = Number(line.values[0]);
      began ??= now;
    }
    const frame = frameOf(line);
    if (frame) frames.push({ atMs: now - (began ?? now), ...frame });
  }
  return frames;
}

function frameOf({ what, values }: TapeLine): Omit<RecordedRun['frames'][number], 'atMs'> | undefined {
  const [topic, payload] = what === 'message' ? values.slice(1) : what === 'publish' ? values : [];
  if (typeof topic !== 'string' || !(payload instanceof Uint8Array)) return undefined;
  return { topic, fate: what === 'message' ? 'received' : 'sent', hex: hex(payload) };
}
