/** Recordings as files, and what is said about two of them. */
import { type Difference, RECORDING_VERSION, type RecordedRun, recordingSchema } from '../sim/scenario/index.ts';
import { isTape, readTape } from '../sim/tape/index.ts';
import { UsageError } from './command.ts';
import { visible } from './inspect/visible.ts';
import { readText } from './scenario-files.ts';

/** @throws UsageError `usage-file` for a file that is no recording, is damaged, or of a version that is not known here. */
export function readRecording(path: string): readonly RecordedRun[] {
  const text = readText(path);
  if (!isTape(text)) return readRuns(path, text);
  try {
    return readTape(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError('usage-file', `${path}: ${error.message}`, 'take the tape again from where it was made');
  }
}

function readRuns(path: string, text: string): readonly RecordedRun[] {
  const refuse = (what: string) =>
    new UsageError('usage-file', `${path} ${what}`, 'name a file that act-edge has written with --record');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse('is no JSON');
    throw error;
  }
  const { version } = Object(json) as { readonly version?: unknown };
  if (typeof version === 'number' && version > RECORDING_VERSION)
    throw refuse(`is a recording of version ${version}, and this program reads version ${RECORDING_VERSION}`);
  const parsed = recordingSchema.safeParse(json);
  if (!parsed.success) throw refuse('is no recording of this version');
  return parsed.data.runs;
}

/** A tape's lines may be as long as a journal: only what lies around the first difference is shown of them. */
const [SHOWN_BEFORE, SHOWN] = [80, 400];

function cut(text: string, at: number): string {
  const from = Math.max(0, Math.min(at, text.length) - SHOWN_BEFORE);
  const piece = text.slice(from, from + SHOWN);
  return `${from > 0 ? '…' : ''}${visible(piece)}${from + SHOWN < text.length ? '…' : ''}`;
}

function commonLength(left = '', right = ''): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return at;
}

/** The first difference with what came before it. @param signs name the two sides. */
export function tellDifference(
  { what, at, left, right, before }: Difference,
  signs: readonly [string, string],
): string {
  const from = commonLength(left, right);
  const line = (sign: string, text: string | undefined) =>
    `  ${sign} ${text === undefined ? '(has ended)' : cut(text, from)}\n`;
  const same = before.map((text) => `    ${cut(text, 0)}\n`).join('');
  return `${what} ${at + 1}:\n${same}${line('-', left)}${line('+', right)}  (- ${signs[0]}, + ${signs[1]})\n`;
}
