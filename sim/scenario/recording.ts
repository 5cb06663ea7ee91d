/** A run in one file: what was played, with which seed, every frame and every event of it, and the hash over them. */
import * as z from 'zod/mini';
import { hex } from '../../protocol/index.ts';
import { recordedWorld } from '../fuzz/recorded-world.ts';
import { type RecordedLife, replayedLife } from '../tape/recorded-device.ts';
import type { Thrown } from '../tape/tape-player.ts';
import { readScenario, type ScenarioRow } from './read.ts';
import { type Played, runScenario } from './run.ts';
import { traceOf } from './trace.ts';

const frame = z.strictObject({ atMs: z.number(), topic: z.string(), fate: z.string(), hex: z.string() });

const run = z.strictObject({
  /** As the scenario's file was named, and its whole text: a recording needs no other file. */
  file: z.string(),
  text: z.string(),
  /** Which row of its table, from 0. */
  row: z.int().check(z.minimum(0)),
  name: z.string(),
  seed: z.string(),
  ok: z.boolean(),
  ending: z.string(),
  traceHash: z.string(),
  /** One line an event, in order. */
  events: z.array(z.string()),
  /** What the broker put through, in hex, as `act-edge inspect` reads it. */
  frames: z.array(frame),
  /** Of a random world: what it is played again with. */
  fuzz: z.optional(recordedWorld),
});

export const RECORDING_VERSION = 1;

export const recordingSchema = z.strictObject({
  format: z.literal('act-edge recording'),
  version: z.literal(RECORDING_VERSION),
  runs: z.array(run),
});

export interface RecordedRun extends z.infer<typeof run> {
  /** Of a run of a device on a real broker, whose events are its tape. */
  readonly device?: RecordedLife;
}

/** A run that was played again. */
export interface ReplayedRun extends RecordedRun {
  /** The error that ended it, where the recorded run has none. */
  readonly thrown?: Thrown;
}
export type Recording = z.infer<typeof recordingSchema>;

export function recordingOf(runs: readonly RecordedRun[]): Recording {
  return { format: 'act-edge recording', version: RECORDING_VERSION, runs: [...runs] };
}

/** Takes down what was played. */
export function recordedRun({ file, text, row }: ScenarioRow, { result, stage }: Played): RecordedRun {
  const { hash, lines } = traceOf(stage.world.record);
  return {
    file,
    text,
    row,
    name: result.name,
    seed: result.seed,
    ok: result.ok,
    ending: result.ending,
    traceHash: hash,
    events: [...lines],
    frames: stage.faults.published.map(({ atMs, topic, fate, payload }) => ({
      atMs: atMs - stage.startedAt,
      topic,
      fate,
      hex: hex(payload),
    })),
  };
}

/**
 * Plays a recorded run again from what the recording holds.
 * @throws ScenarioError, where the language has changed; RangeError for a device whose wearer's words are not in it.
 */
export function replay(recorded: RecordedRun): ReplayedRun {
  if (recorded.device) return replayedLife(recorded, recorded.device);
  const { file, text, row, seed } = recorded;
  const found = readScenario(file, text)[row];
  if (!found) throw new RangeError(`the scenario has no row ${row}`);
  return recordedRun(found, runScenario(found, { seed }));
}

export interface Difference {
  readonly what: 'head' | 'event' | 'frame';
  /** The place of the first one that differs, from 0. */
  readonly at: number;
  /** What the two have there; absent where one of them has ended. */
  readonly left: string | undefined;
  readonly right: string | undefined;
  /** Those before, which both have. */
  readonly before: readonly string[];
}

const CONTEXT = 3;

/** What two devices were, where that differs, or the first event in which two runs do, or the first frame, or nothing. */
export function firstDifference(left: RecordedRun, right: RecordedRun): Difference | undefined {
  const frames = ({ frames: all }: RecordedRun) => all.map((one) => Object.values(one).join(' '));
  const head = ({ device }: RecordedRun) => (device ? [JSON.stringify(device.head)] : []);
  return (
    differenceIn('head', head(left), head(right)) ??
    differenceIn('event', left.events, right.events) ??
    differenceIn('frame', frames(left), frames(right))
  );
}

function differenceIn(
  what: Difference['what'],
  left: readonly string[],
  right: readonly string[],
): Difference | undefined {
  const most = Math.max(left.length, right.length);
  for (let at = 0; at < most; at += 1) {
    if (left[at] === right[at]) continue;
    return { what, at, left: left[at], right: right[at], before: left.slice(Math.max(0, at - CONTEXT), at) };
  }
  return undefined;
}
