/** Plays one row of a scenario under virtual time and says, step by step, what became of it. */
import type { Page } from '../../device/index.ts';
import { peekFrame } from '../../protocol/index.ts';
import type { StoryEntry } from '../story.ts';
import { unmet } from './expectations.ts';
import type { Fate } from './frame-faults.ts';
import type { ScenarioRow, ScenarioStep } from './read.ts';
import type { Step, Verb } from './schema.ts';
import { VERB_NAMES } from './schema.ts';
import { Stage } from './stage.ts';
import { DEEDS, standing } from './steps.ts';
import { type TraceHash, traceOf } from './trace.ts';
import { spanMs } from './units.ts';

export interface StepResult {
  readonly line: number;
  /** As it is written, in one line. */
  readonly text: string;
  /** Virtual milliseconds since the world began, when the step was over. */
  readonly atMs: number;
  /** What it waited for in vain; absent where it held. */
  readonly problem?: string;
}

export interface SeenFrame {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly bytes: number;
  readonly fate: Fate;
}

export interface SeenPage {
  readonly atMs: number;
  readonly page: Page;
}

export interface ScenarioResult {
  readonly file: string;
  readonly name: string;
  readonly about: string;
  readonly tags: readonly string[];
  readonly seed: string;
  readonly ok: boolean;
  readonly steps: readonly StepResult[];
  /** What does not hold in the end: expectations, and invariants that were broken. */
  readonly failures: readonly string[];
  /** `finished: trade-finished`, `refused: closed`, …, or the state it is still in. */
  readonly ending: string;
  readonly refusals: readonly string[];
  readonly debits: number;
  readonly paidMinor: number;
  readonly signatures: number;
  /** How much virtual time it took, in milliseconds. */
  readonly virtualMs: number;
  readonly story: readonly StoryEntry[];
  readonly frames: readonly SeenFrame[];
  readonly pages: readonly SeenPage[];
  /** The same for the same scenario, seed and version on every machine. */
  readonly traceHash: TraceHash;
}

export interface RunOptions {
  /** In place of the scenario's own. */
  readonly seed?: string;
  /** Called after each step of the scenario, and once more at the end. */
  readonly onStep?: (step: StepResult) => void;
}

const WITHIN = '5 min';

/** A row that was played, with the world as it is now. */
export interface Played {
  readonly result: ScenarioResult;
  readonly stage: Stage;
}

/** @throws SettingError for a world that cannot be, Error for a defect of the code under test. */
export function runScenario(row: ScenarioRow, options: RunOptions = {}): Played {
  const { scenario } = row;
  const seed = options.seed ?? scenario.world?.seed ?? '1';
  const stage = new Stage(seed, scenario.world);
  const steps: StepResult[] = [];
  for (const step of row.steps) {
    const done = take(stage, step);
    steps.push(done);
    options.onStep?.(done);
    if (done.problem !== undefined) break;
  }
  const isThrough = steps.every(({ problem }) => problem === undefined);
  const failures = isThrough ? judged(stage, row) : [];
  return { result: resultOf(row, seed, stage, steps, failures), stage };
}

function verbOf(step: Step): Verb {
  const verb = VERB_NAMES.find((one) => step[one] !== undefined);
  if (!verb) throw new Error('a step names what it does');
  return verb;
}

/** Carries out one step. @returns what it waited for in vain, or nothing. */
export function takeStep(stage: Stage, step: Step): string | undefined {
  const verb = verbOf(step);
  const deed = DEEDS[verb] as (stage: Stage, value: unknown, mostMs: number) => string | undefined;
  return deed(stage, step[verb], spanMs(step.within ?? WITHIN)) ?? stage.faults.problem;
}

function take(stage: Stage, { step, line }: ScenarioStep): StepResult {
  const problem = takeStep(stage, step);
  const verb = verbOf(step);
  const atMs = stage.clock.now() - stage.startedAt;
  return { line, text: textOf(verb, step[verb]), atMs, ...(problem !== undefined && { problem }) };
}

function textOf(verb: string, value: unknown): string {
  if (typeof value === 'string') return `${verb}: ${value}`;
  const flat = JSON.stringify(value)
    .replace(/"([\w-]+)":/g, '$1: ')
    .replaceAll(',"', ', "')
    .replaceAll(/,(?=[\w-]+: )/g, ', ');
  return verb === 'press' && flat === '{}' ? 'hold' : `${verb}: ${flat}`;
}

function judged(stage: Stage, { scenario }: ScenarioRow): readonly string[] {
  const settled = stage.settle() ? [] : [`nothing comes of it: the purchase still stands at ${standing(stage)}`];
  // News that is on its way when the purchase is over is still news.
  stage.pass(1_000);
  const lie = stage.faults.problem === undefined ? [] : [stage.faults.problem];
  return [...settled, ...lie, ...unmet(stage, scenario.expect), ...broken(stage, scenario.expect.breaks ?? [])];
}

/** Broken invariants that the scenario does not name, and named ones that hold. */
function broken(stage: Stage, named: readonly string[]): readonly string[] {
  const findings = stage.verdict();
  const isOf = (finding: string, invariant: string) => finding.startsWith(`${invariant}: `);
  const others = findings.filter((finding) => !named.some((invariant) => isOf(finding, invariant)));
  const held = named.filter((invariant) => !findings.some((finding) => isOf(finding, invariant)));
  return [
    ...others.map((finding) => `broken invariant: ${finding}`),
    ...held.map((invariant) => `breaks: ${invariant} holds, or is no invariant`),
  ];
}

function resultOf(
  { file, name, scenario, tags }: ScenarioRow,
  seed: string,
  stage: Stage,
  steps: readonly StepResult[],
  failures: readonly string[],
): ScenarioResult {
  const { world, startedAt, faults } = stage;
  const { count, totalMinor } = world.debits;
  const ok = failures.length === 0 && steps.every(({ problem }) => problem === undefined);
  return {
    file,
    name,
    about: scenario.about?.trim() ?? '',
    tags,
    seed,
    ok,
    steps,
    failures,
    ending: standing(stage),
    refusals: stage.refusals,
    debits: count,
    paidMinor: totalMinor,
    signatures: world.record.signatures.length,
    virtualMs: stage.clock.now() - startedAt,
    story: stage.story.entries,
    frames: faults.published.map(({ payload, atMs, fate }) => {
      const { iss, aud, type } = peekFrame(payload);
      return { atMs: atMs - startedAt, from: iss, to: aud, type, bytes: payload.length, fate };
    }),
    pages: world.record.presented.flatMap((one) =>
      'page' in one ? [{ atMs: one.at - startedAt, page: one.page }] : [],
    ),
    traceHash: traceOf(world.record).hash,
  };
}
