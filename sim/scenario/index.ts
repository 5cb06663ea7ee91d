export { htmlReport } from '../report/html.ts';
export { junitXml } from '../report/junit.ts';
export type { Fate } from './frame-faults.ts';
export { type Performed, perform } from './perform.ts';
export { readScenario, type ScenarioRow, type ScenarioStep } from './read.ts';
export {
  type Difference,
  firstDifference,
  RECORDING_VERSION,
  type RecordedRun,
  type Recording,
  type ReplayedRun,
  recordedRun,
  recordingOf,
  recordingSchema,
  replay,
} from './recording.ts';
export {
  type Played,
  type RunOptions,
  runScenario,
  type ScenarioResult,
  type SeenFrame,
  type SeenPage,
  type StepResult,
} from './run.ts';
export { type Place as ScenarioPlace, ScenarioError, type ScenarioErrorCode } from './scenario-error.ts';
export type { ScenarioWorld, Step as ScenarioStepText } from './schema.ts';
export { SettingError } from './setting.ts';
export { Stage } from './stage.ts';
export { type Trace, traceOf } from './trace.ts';
