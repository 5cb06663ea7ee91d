/** Recordings as files, and what is said about two of them. */
import { type Difference, type RecordedRun, recordingSchema } from '../sim/scenario/index.ts';
import { UsageError } from './command.ts';
import { readText } from './scenario-files.ts';

/** @throws UsageError `usage-file` for a file that is no recording. */
export function readRecording(path: string): readonly RecordedRun[] {
  const refuse = (what: string) =>
    new UsageError('usage-file', `${path} ${what}`, 'name a file that act-edge sim run --record has written');
  let json: unknown;
  try {
    json = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse('is no JSON');
    throw error;
  }
  const parsed = recordingSchema.safeParse(json);
  if (!parsed.success) throw refuse('is no recording of this version');
  return parsed.data.runs;
}

const line = (sign: string, text: string | undefined): string => `  ${sign} ${text ?? '(has ended)'}\n`;

/** The first difference with what came before it. @param signs name the two sides. */
export function tellDifference({ at, left, right, before }: Difference, signs: readonly [string, string]): string {
  const same = before.map((text) => line(' ', text)).join('');
  return `event ${at + 1}:\n${same}${line('-', left)}${line('+', right)}  (- ${signs[0]}, + ${signs[1]})\n`;
}
