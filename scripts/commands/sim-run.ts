/** `act-edge sim run`: plays scenario files and says whether everything in them held. */
import {
  htmlReport,
  junitXml,
  type Played,
  type RecordedRun,
  recordedRun,
  recordingOf,
  runScenario,
  type ScenarioRow,
  SettingError,
} from '../../sim/scenario/index.ts';
import { defineCommand, EXIT, type Io, UsageError } from '../command.ts';
import { scenarioRows, writeText } from '../scenario-files.ts';
import { tellResult, tellStep, tellStory, tellSum } from '../scenario-story.ts';

const HELP = `A directory stands for all scenario files below it. Time is virtual: hours of it pass in milliseconds. Before anything
is played all files are read; the first mistake is told with its file, line and column. sim/scenario.schema.json describes
every key to an editor; the scenarios in sim/scenarios show them in use.
Exit code 0: everything held. 1: something did not. 2: a file or an option is wrong.`;

const DEVICE = 'glasses-01';

function play(row: ScenarioRow, seed: string | undefined, io: Io, isTold: boolean, hasStory: boolean): Played {
  if (isTold) io.stdout.write(`\n${row.file}: ${row.name}\n`);
  const onStep = isTold ? (step: Parameters<typeof tellStep>[0]) => io.stdout.write(tellStep(step)) : () => {};
  try {
    const played = runScenario(row, { onStep, ...(seed !== undefined && { seed }) });
    const { result } = played;
    if (isTold) io.stdout.write(tellResult(result));
    if (isTold && (hasStory || !result.ok)) io.stdout.write(tellStory(result));
    return played;
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw new UsageError('usage-file', `${row.file}: ${error.message}`, 'correct the world of this scenario');
  }
}

export const simRun = defineCommand({
  summary: 'play scenarios written in YAML in the simulator',
  help: HELP,
  operands: ['FILE...'],
  options: {
    tags: { type: 'string', value: 'A,B', describe: 'only scenarios with one of these tags' },
    seed: { type: 'string', value: 'SEED', describe: 'in place of the seeds the scenarios name' },
    story: { type: 'boolean', describe: 'tell the whole story of each scenario, not only of those that fail' },
    json: { type: 'boolean', describe: 'print one JSON object' },
    junit: { type: 'string', value: 'FILE', describe: 'write JUnit XML' },
    record: { type: 'string', value: 'FILE', describe: 'write everything that happened, for sim replay and sim diff' },
    html: { type: 'string', value: 'FILE', describe: 'write a report with the displays and a diagram of the frames' },
  },
  async run(args, io) {
    const { tags, seed, story, json, junit, html, record: recordTo } = args.values;
    const wanted = (tags ?? '').split(',').filter((tag) => tag !== '');
    const rows = scenarioRows(args.operands, wanted);
    if (rows.length === 0)
      throw new UsageError('usage-file', 'no scenario was found', 'name other files or other tags');
    const runs: RecordedRun[] = [];
    const results = rows.map((row) => {
      const played = play(row, seed, io, !json, story);
      if (recordTo !== undefined) runs.push(recordedRun(row, played));
      return played.result;
    });
    const ok = results.every((result) => result.ok);
    if (junit !== undefined) writeText(junit, junitXml(results));
    if (html !== undefined) writeText(html, htmlReport(results, DEVICE));
    if (recordTo !== undefined) writeText(recordTo, `${JSON.stringify(recordingOf(runs))}\n`);
    io.stdout.write(json ? `${JSON.stringify({ ok, scenarios: results })}\n` : tellSum(results));
    return ok ? EXIT.held : EXIT.fellShort;
  },
});
