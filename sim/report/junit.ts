/** Scenario results as JUnit XML, the way CI servers read it: a suite for each file, a case for each row. */
import type { ScenarioResult } from '../scenario/run.ts';
import { escaped } from './escape.ts';

/** Why a scenario failed, one line each. */
export function problemsOf({ file, steps, failures }: ScenarioResult): readonly string[] {
  const stuck = steps.flatMap(({ line, text, problem }) =>
    problem === undefined ? [] : [`${file}:${line}: ${text}: ${problem}`],
  );
  return [...stuck, ...failures];
}

function testCase(result: ScenarioResult): string {
  const { file, name, ok, seed, ending, virtualMs } = result;
  const head = `    <testcase classname="${escaped(file)}" name="${escaped(name)}" time="${(virtualMs / 1000).toFixed(3)}"`;
  if (ok) return `${head}/>`;
  const problems = problemsOf(result);
  const body = [...problems, `ending: ${ending}`, `seed: ${seed}`].join('\n');
  return `${head}>\n      <failure message="${escaped(problems[0] ?? '')}">${escaped(body)}</failure>\n    </testcase>`;
}

/** The whole document. Times are virtual seconds. */
export function junitXml(results: readonly ScenarioResult[]): string {
  const failed = (some: readonly ScenarioResult[]) => some.filter(({ ok }) => !ok).length;
  const files = [...new Set(results.map(({ file }) => file))];
  const suites = files.map((file) => {
    const cases = results.filter((one) => one.file === file);
    const head = `  <testsuite name="${escaped(file)}" tests="${cases.length}" failures="${failed(cases)}" errors="0" skipped="0">`;
    return [head, ...cases.map(testCase), '  </testsuite>'].join('\n');
  });
  const head = `<testsuites name="act-edge sim run" tests="${results.length}" failures="${failed(results)}" errors="0">`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites, '</testsuites>', ''].join('\n');
}
