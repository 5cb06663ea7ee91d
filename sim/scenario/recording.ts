/** A run in one file: what was played, with which seed, every frame and every event of it, and the hash over them. */
import * as z from 'zod/mini';
import { hex } from '../../protocol/index.ts';
import { recordedDevice, replayedRun } from '../tape/recorded-device.ts';
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
  /** Of a run of a device on a real broker: what it is played again with. Its events are the tape. */
  device: z.optional(recordedDevice),
});

export const recordingSchema = z.strictObject({
  format: z.literal('act-edge recording'),
  version: z.literal(1),
  runs: z.array(run),
});

export type RecordedRun = z.infer<typeof run>;
export type Recording = z.infer<typeof recordingSchema>;

export function recordingOf(runs: readonly RecordedRun[]): Recording {
  return { format: 'act-edge recording', version: 1, runs: [...runs] };
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
export function replay(recorded: RecordedRun): RecordedRun {
  if (recorded.device) return replayedRun(recorded, recorded.device);
  const { file, text, row, seed } = recorded;
  const found = readScenario(file, text)[row];
  if (!found) throw new RangeError(`the scenario has no row ${row}`);
  return recordedRun(found, runScenario(found, { seed }));
}

export interface Difference {
  /** The place of the first event that differs, from 0. */
  readonly at: number;
  /** What the two have there; absent where one of them has ended. */
  readonly left: string | undefined;
  readonly right: string | undefined;
  /** The events before, which both have. */
  readonly before: readonly string[];
}

const CONTEXT = 3;

/** The first event in which two runs differ, or nothing. */
export function firstDifference(left: RecordedRun, right: RecordedRun): Difference | undefined {
  const most = Math.max(left.events.length, right.events.length);
  for (let at = 0; at < most; at += 1) {
    if (left.events[at] === right.events[at]) continue;
    const before = left.events.slice(Math.max(0, at - CONTEXT), at);
    return { at, left: left.events[at], right: right.events[at], before };
  }
  return undefined;
}
