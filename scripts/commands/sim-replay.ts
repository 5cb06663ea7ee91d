/** `act-edge sim replay`: plays a recording again and says whether it took the same course, event by event. */
import { ALL_FAULT_KINDS } from '../../sim/fuzz/faults.ts';
import { planIn, type RecordedWorld } from '../../sim/fuzz/recorded-world.ts';
import {
  firstDifference,
  type RecordedRun,
  type ReplayedRun,
  replay,
  ScenarioError,
  SettingError,
} from '../../sim/scenario/index.ts';
import { defineCommand, EXIT, type Io, UsageError } from '../command.ts';
import { recordPlan } from '../fuzz/pool.ts';
import { visible } from '../inspect/visible.ts';
import { readRecording, tellDifference } from '../recordings.ts';

interface Replayed {
  readonly name: string;
  readonly same: boolean;
  readonly recordedHash: string;
  readonly traceHash: string;
  readonly thrown?: string;
  /** Why it cannot be played here. */
  readonly refused?: string;
}

/** How the run came out this time; of one that an error ended, as far as it is known. */
interface Again {
  readonly run: ReplayedRun;
  readonly thrown?: string;
}

async function againOf(recorded: RecordedRun): Promise<Again> {
  if (recorded.fuzz) return worldAgain(recorded, recorded.fuzz);
  try {
    const run = replay(recorded);
    const { thrown } = run;
    if (!thrown) return { run };
    return { run, thrown: `the code threw ${thrown.name} at line ${thrown.after + 1} of the tape: ${thrown.message}` };
  } catch (error) {
    if (error instanceof RangeError || error instanceof ScenarioError || error instanceof SettingError) throw error;
    return { run: unknownRun(recorded), thrown: `the code threw ${String(error)}` };
  }
}

async function worldAgain(recorded: RecordedRun, fuzz: RecordedWorld): Promise<Again> {
  const plan = planIn(fuzz);
  const known: ReadonlySet<string> = new Set(ALL_FAULT_KINDS);
  const unknown = Object.keys(plan.faults).find((kind) => !known.has(kind));
  if (unknown !== undefined) throw new RangeError(`there is no fault ${unknown} in this version`);
  try {
    const answer = await recordPlan(plan, fuzz.crypto);
    if ('recorded' in answer) return { run: answer.recorded };
    const { name, message } = answer.thrown;
    return { run: unknownRun(recorded), thrown: `the code threw ${name}: ${message}` };
  } catch (error) {
    return { run: unknownRun(recorded), thrown: error instanceof Error ? error.message : String(error) };
  }
}

function unknownRun(recorded: RecordedRun): RecordedRun {
  return { ...recorded, ending: 'not played to its end', traceHash: '', events: [], frames: [] };
}

async function playAgain(recorded: RecordedRun, io: Io, isTold: boolean, isStepped: boolean): Promise<Replayed> {
  const { run: again, thrown } = await againOf(recorded);
  const same = thrown === undefined && again.traceHash === recorded.traceHash;
  if (isStepped)
    for (const [i, event] of again.events.entries())
      io.stdout.write(`${String(i + 1).padStart(6)}  ${visible(event)}\n`);
  if (isTold)
    io.stdout.write(
      `${same ? '=' : '✗'} ${told(recorded.name, again.ending)}, trace ${again.traceHash.slice(0, 16)}\n`,
    );
  if (isTold && thrown !== undefined) io.stdout.write(`${visible(thrown)}\n`);
  const difference = again.events.length > 0 ? firstDifference(recorded, again) : undefined;
  if (isTold && difference) io.stdout.write(tellDifference(difference, ['recorded', 'now']));
  const { name, traceHash: recordedHash } = recorded;
  return { name, same, recordedHash, traceHash: again.traceHash, ...(thrown !== undefined && { thrown }) };
}

const WITH_WORDS = 'record with --record-words';

/** What a file of somebody says in one line. */
function told(name: string, what: string): string {
  return visible(`${name}: ${what}`);
}

/** The same; a run that cannot be played here keeps no other from being played. */
async function playOrRefuse(recorded: RecordedRun, io: Io, isTold: boolean, isStepped: boolean): Promise<Replayed> {
  try {
    return await playAgain(recorded, io, isTold, isStepped);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SettingError)) throw error;
    const { name, traceHash: recordedHash } = recorded;
    const refused = error.message;
    if (isTold) io.stdout.write(`? ${told(name, refused)}\n`);
    return { name, same: false, recordedHash, traceHash: '', refused };
  }
}

export const simReplay = defineCommand({
  summary: 'play a recording again, exactly',
  help: `A recording of a scenario holds the scenario and its seed, one of a random world (sim fuzz --record) its plan, so they need nothing
else. A tape of a real device (agent or bind --record FILE --record-words) holds all that its ports told it, signatures included: the
device's code is played between them, each of its lives by itself. Exit code 0: the same course to the last byte.
1: another one; the first event that differs is shown, or the error that the code threw. 2: no recording, a damaged one, or one with
something in it that cannot be played here; the rest of it is played.`,
  operands: ['FILE'],
  options: {
    step: { type: 'boolean', describe: 'print every event, one a line, with its number' },
    json: { type: 'boolean', describe: 'print one JSON object' },
  },
  async run({ values: { step, json }, operands: [file = ''] }, io) {
    const runs: Replayed[] = [];
    const recording = readRecording(file);
    for (const recorded of recording) runs.push(await playOrRefuse(recorded, io, !json, step && !json));
    const same = runs.every((run) => run.same);
    if (json) io.stdout.write(`${JSON.stringify({ same, runs })}\n`);
    const at = runs.findIndex(({ refused }) => refused !== undefined);
    if (at >= 0) {
      const hint = recording[at]?.device?.head.words === false ? WITH_WORDS : 'record it again with this version';
      throw new UsageError('usage-file', `${file}: ${runs[at]?.refused}`, hint);
    }
    return same ? EXIT.held : EXIT.fellShort;
  },
});
