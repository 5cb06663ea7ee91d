/** `act-edge sim replay`: plays a recording again and says whether it took the same course, event by event. */
import { firstDifference, type RecordedRun, replay } from '../../sim/scenario/index.ts';
import { defineCommand, EXIT, type Io, UsageError } from '../command.ts';
import { readRecording, tellDifference } from '../recordings.ts';

interface Replayed {
  readonly name: string;
  readonly same: boolean;
  readonly recordedHash: string;
  readonly traceHash: string;
}

function playAgain(recorded: RecordedRun, io: Io, isTold: boolean, isStepped: boolean): Replayed {
  const again = replay(recorded);
  const same = again.traceHash === recorded.traceHash;
  if (isStepped)
    for (const [i, event] of again.events.entries()) io.stdout.write(`${String(i + 1).padStart(6)}  ${event}\n`);
  if (isTold)
    io.stdout.write(`${same ? '=' : '✗'} ${recorded.name}: ${again.ending}, trace ${again.traceHash.slice(0, 16)}\n`);
  const difference = firstDifference(recorded, again);
  if (isTold && difference) io.stdout.write(tellDifference(difference, ['recorded', 'now']));
  return { name: recorded.name, same, recordedHash: recorded.traceHash, traceHash: again.traceHash };
}

export const simReplay = defineCommand({
  summary: 'play a recording again, exactly',
  help: `A recording holds its scenario and its seed, so it needs nothing else. One of a real device (agent --record with
--record-words) holds all that its ports told it, signatures included: the device's code is played between them. Exit code 0: the same course to the last byte.
1: another one; the first event that differs is shown. 2: no recording.`,
  operands: ['FILE'],
  options: {
    step: { type: 'boolean', describe: 'print every event, one a line, with its number' },
    json: { type: 'boolean', describe: 'print one JSON object' },
  },
  async run({ values: { step, json }, operands: [file = ''] }, io) {
    const runs = readRecording(file).map((recorded) => {
      try {
        return playAgain(recorded, io, !json, step && !json);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new UsageError('usage-file', `${file}: ${error.message}`, 'record it again with this version');
      }
    });
    const same = runs.every((run) => run.same);
    if (json) io.stdout.write(`${JSON.stringify({ same, runs })}\n`);
    return same ? EXIT.held : EXIT.fellShort;
  },
});
