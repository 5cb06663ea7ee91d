/**
 * Tapes of real devices as runs. A file holds a life of the device behind the other: what it was, then what happened, line by
 * line. A kill or a power cut leaves a life without an end, perhaps in the middle of a line.
 */
import { hex, sha256, utf8 } from '../../protocol/index.ts';
import type { RecordedRun } from '../scenario/recording.ts';
import { playTape } from './replay.ts';
import { readLine } from './tape.ts';
import { readHead, replayedDevice, TAPE_FORMAT, TAPE_VERSION, type TapeHead } from './tape-head.ts';
import type { Replayed } from './tape-player.ts';
import { SUM_BYTES, TapeSum } from './tape-sum.ts';

/** How every tape begins, and those that this version goes on with. */
const BEGINNING = JSON.stringify({ format: TAPE_FORMAT }).slice(0, -1);
export const TAPE_BEGINNING = `${JSON.stringify({ format: TAPE_FORMAT, version: TAPE_VERSION }).slice(0, -1)},`;

/** One life on a tape. */
export interface RecordedLife {
  readonly head: TapeHead;
  /** Of its first event in the file, from 1. */
  readonly line: number;
}

export function isTape(text: string): boolean {
  return text.startsWith(BEGINNING);
}

/** A line with its sum, as far as damage in one of the two leaves that to be seen: such a line was not cut off. */
function isComplete(written: string): boolean {
  return /[\]}] [0-9a-f]{8}$/.test(written) || isTapeLine(written.slice(0, -SUM_BYTES));
}

const hashOf = (lines: readonly string[]) => hex(sha256(utf8(lines.join('\n'))));

/** @throws RangeError that says where the file is damaged, or of which version it is. */
export function readTape(text: string): readonly RecordedRun[] {
  const lines = text.split('\n');
  // What stands behind the last line break was never finished.
  if (lines.at(-1) === '') lines.pop();
  const heads = lines.flatMap((line, i) => (line.startsWith('{') ? [i] : []));
  const lives = heads.flatMap((from, life) => lifeOf(lines.slice(from, heads[life + 1]), from));
  if (lives.length === 0) throw new RangeError('its first line is broken off');
  return lives;
}

/** @param written as it stands in the file, behind `from` other lines. A kill may have left a part of the last line. */
function lifeOf(written: readonly string[], from: number): readonly RecordedRun[] {
  const sum = new TapeSum();
  const lines = written.map((line) => sum.read(line));
  const bad = lines.indexOf(undefined);
  const isCut = bad >= 0 && bad === lines.length - 1 && !isComplete(written[bad] ?? '');
  const [first, ...events] = lines.flatMap((line) => line ?? []);
  // What was cut off within its first line has nothing to tell.
  if (first === undefined && isCut) return [];
  const head = atLine(from + 1, () => readHead(bad === 0 ? unsummed(written[0] ?? '') : (first ?? '')));
  if (bad >= 0 && !isCut) throw new RangeError(`line ${from + bad + 1} is damaged`);
  const strange = events.findIndex((line) => !isTapeLine(line));
  if (strange >= 0) throw new RangeError(`line ${from + strange + 2} is no line of a tape`);
  return [
    {
      ...{ file: 'a device on a real broker', text: '', row: 0, seed: '', ok: true, frames: [] },
      ...{ name: head.settings.device, traceHash: hashOf(events), events },
      ending: `${endingOf(events)}${isCut ? `, in the middle of line ${from + lines.length}` : ''}`,
      device: { head, line: from + 2 },
    },
  ];
}

/** A version to come may sum otherwise; it says at least which one it is. */
function unsummed(head: string): string {
  return head.slice(0, head.lastIndexOf('}') + 1);
}

function isTapeLine(line: string): boolean {
  try {
    readLine(line);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function atLine<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new RangeError(`line ${line}: ${error.message}`);
    throw error;
  }
}

function endingOf(lines: readonly string[]): string {
  const last = lines.at(-1) ?? '';
  if (last.startsWith('end closed')) return 'stopped in order';
  return last.startsWith('end full') ? 'the tape was full' : 'broken off';
}

/** @throws RangeError where the words are not on the tape, or where its head says what cannot be. */
export function replayedLife(
  recorded: RecordedRun,
  { head, line }: RecordedLife,
): RecordedRun & Pick<Replayed, 'thrown'> {
  if (!head.words) throw new RangeError('what the wearer said is not in it');
  const about = atLine(line - 1, () => replayedDevice(head));
  const { lines, thrown } = playTape(recorded.events, about);
  const again = { ...recorded, events: [...lines], traceHash: hashOf(lines) };
  return { ...again, ...(thrown && { thrown: { ...thrown, after: thrown.after + line - 1 } }) };
}
