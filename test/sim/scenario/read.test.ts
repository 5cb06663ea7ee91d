import { describe, expect, it } from 'vitest';
import { scenarioSchemaText } from '../../../scripts/make-scenario-schema.ts';
import { readScenario } from '../../../sim/scenario/read.ts';
import { ScenarioError } from '../../../sim/scenario/scenario-error.ts';
import { VERB_NAMES } from '../../../sim/scenario/schema.ts';
import { read } from '../../helpers/source-text.ts';

function wrong(text: string): ScenarioError {
  try {
    readScenario('some.yaml', text);
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
  throw new Error('nothing was found wrong');
}

const HEAD = 'scenario: A claim\nsteps:\n';
const TAIL = 'expect: {}\n';

describe('a scenario file', () => {
  it('is read with the line of each step, short or written out', () => {
    const [row] = readScenario('some.yaml', `${HEAD}  - say: one\n\n  - hold\n  - click\n${TAIL}`);
    expect(row?.steps).toEqual([
      { step: { say: 'one' }, line: 3 },
      { step: { press: {} }, line: 5 },
      { step: { press: { for: '150 ms' } }, line: 6 },
    ]);
  });

  it.each([
    ['a step that nobody knows', `${HEAD}  - say: one\n  - wiat: ended\n${TAIL}`, 4, 5, /no "wiat"/],
    ['two deeds in one step', `${HEAD}  - say: one\n    hear: two\n${TAIL}`, 3, 5, /one thing, not say and hear/],
    ['a step that does nothing', `${HEAD}  - within: 3 s\n${TAIL}`, 3, 5, /does nothing/],
    ['a short step that nobody knows', `${HEAD}  - houl\n${TAIL}`, 3, 5, /expected one of hold, click/],
    ['a state that there is not', `${HEAD}  - wait: somewhere\n${TAIL}`, 3, 5, /expected one of idle, asking/],
    ['a span without a unit', `${HEAD}  - elapse: "30"\n${TAIL}`, 3, 5, /not written as it should be/],
    ['a number where a text must stand', `${HEAD}  - hear: 19.00\n${TAIL}`, 3, 5, /a text, or expected a list/],
    ['a field of a fault', `${HEAD}  - drop: { frame: receipt, nht: 2 }\n${TAIL}`, 3, 29, /no "nht"/],
    ['a frame that there is not', `${HEAD}  - drop: { frame: reciept }\n${TAIL}`, 3, 13, /expected one of intent/],
    ['an expectation', `${HEAD}  - hold\nexpect: { debits: -1 }\n`, 4, 11, /at least 0/],
    ['a key at the top', `${HEAD}  - hold\n${TAIL}exepct: {}\n`, 5, 1, /no "exepct"/],
    ['no steps', 'scenario: A claim\nexpect: {}\n', 1, 1, /expected a list/],
    ['a list instead of a scenario', '- hold\n', 1, 1, /begins with "scenario:"/],
    ['broken YAML', `${HEAD}  - say: "one\n`, 4, 1, /quote/],
    ['an unknown variable', `${HEAD}  - say: \${word}\n${TAIL}`, 3, 5, /nothing is called "word"/],
  ] as const)('is refused with file, line and column: %s', (_what, text, line, column, message) => {
    const error = wrong(text);
    expect(error.message).toMatch(message);
    expect(error.place).toEqual({ file: 'some.yaml', line, column });
    expect(error.message.startsWith(`some.yaml:${line}:${column}: `)).toBe(true);
    expect(error.code).toMatch(/^config-scenario-/);
    expect(error.hint.length).toBeGreaterThan(10);
  });

  it('may not grow without end out of a few aliases', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `v${i + 1}: &v${i + 1} [*v${i}, *v${i}, *v${i}]`).join('\n');
    expect(() => readScenario('some.yaml', `v0: &v0 [x]\n${levels}\n${HEAD}  - hold\n${TAIL}`)).toThrow(/alias/i);
  });
});

describe('variables and tables', () => {
  const table = `scenario: Paid \${much}\nvars: { word: latte, much: 1 }\ntable:\n  - { much: 2, state: ended }\n  - { much: 3.5, state: ~ }\n`;

  it('give one row each, with values of their own kind', () => {
    const rows = readScenario(
      'some.yaml',
      `${table}steps:\n  - say: a \${word}, please\nexpect: { paid: "\${much}", ending: "\${state}" }\n`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['Paid 2', 'Paid 3.5']);
    expect(rows.map(({ scenario }) => scenario.expect)).toEqual([{ paid: 2, ending: 'ended' }, { paid: 3.5 }]);
    expect(rows[0]?.steps[0]?.step).toEqual({ say: 'a latte, please' });
  });

  it('number the rows whose names are the same', () => {
    const rows = readScenario('some.yaml', `scenario: Same\ntable: [{ a: 1 }, { a: 2 }]\nsteps: [hold]\nexpect: {}\n`);
    expect(rows.map(({ name }) => name)).toEqual(['Same (row 1)', 'Same (row 2)']);
  });
});

describe('the published schema', () => {
  it('is what the language is', () => {
    expect(read('sim/scenario.schema.json')).toBe(scenarioSchemaText());
  });

  it('says a sentence about every step', () => {
    const sentences = scenarioSchemaText().match(/"description": "/g) ?? [];
    expect(sentences.length).toBeGreaterThan(VERB_NAMES.length + 30);
  });
});
