/** `act-edge sim diff`: where two recordings part. */
import { firstDifference } from '../../sim/scenario/index.ts';
import { defineCommand, EXIT } from '../command.ts';
import { visible } from '../inspect/visible.ts';
import { readRecording, tellDifference } from '../recordings.ts';

export const simDiff = defineCommand({
  summary: 'show the first event in which two recordings differ',
  help: 'Runs are compared in their order. Exit code 0: no difference. 1: the first one is shown. 2: no recordings.',
  operands: ['FILE', 'OTHER'],
  options: { json: { type: 'boolean', describe: 'print one JSON object' } },
  async run({ values: { json }, operands: [file = '', other = ''] }, io) {
    const [left, right] = [readRecording(file), readRecording(other)];
    const pairs = left.flatMap((run, i) => {
      const there = right[i];
      const difference = there && firstDifference(run, there);
      return difference ? [{ name: run.name, ...difference }] : [];
    });
    const [first] = pairs;
    const same = first === undefined && left.length === right.length;
    if (json) io.stdout.write(`${JSON.stringify({ same, ...(first && { first }) })}\n`);
    else if (first) io.stdout.write(`${visible(first.name)}\n${tellDifference(first, [file, other])}`);
    else io.stdout.write(same ? 'no difference\n' : `${file} has ${left.length} runs, ${other} has ${right.length}\n`);
    return same ? EXIT.held : EXIT.fellShort;
  },
});
