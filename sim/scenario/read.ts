/** A scenario file as data: its rows with all variables replaced, each checked, and every step with its line. */
import { type Document, isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import { problemOf } from './issues.ts';
import { ScenarioError, type ScenarioErrorCode } from './scenario-error.ts';
import { type Scenario, SHORT, type Step, scenario as scenarioSchema, VERB_NAMES } from './schema.ts';
import { fill, type Path, type Values } from './variables.ts';

export interface ScenarioStep {
  readonly step: Step;
  readonly line: number;
}

/** One row of a scenario: what is played. */
export interface ScenarioRow {
  readonly file: string;
  /** The whole file. */
  readonly text: string;
  /** Its name, and where the file has a table its place in it. */
  readonly name: string;
  /** From 0, by its place in the table; 0 where there is none. */
  readonly row: number;
  readonly scenario: Omit<Scenario, 'steps'>;
  readonly steps: readonly ScenarioStep[];
  readonly tags: readonly string[];
}

/** Anchors may shorten a file, not let a few lines grow into gigabytes. */
const MAX_ALIASES = 100;
const HINT = 'sim/scenario.schema.json describes every key';

class Source {
  readonly document: Document;
  readonly file: string;
  readonly text: string;
  readonly #lines = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    this.document = document;
    const [problem] = document.errors;
    if (problem) {
      const what = problem.message.split('\n', 1)[0] ?? problem.code;
      throw this.#at('config-scenario-yaml', problem.pos[0], what, 'correct the YAML there');
    }
  }

  #at(code: ScenarioErrorCode, offset: number, what: string, hint: string): ScenarioError {
    const { line, col: column } = this.#lines.linePos(offset);
    return new ScenarioError(code, { file: this.file, line, column }, what, hint);
  }

  toJS(): unknown {
    return this.document.toJS({ maxAliasCount: MAX_ALIASES });
  }

  lineOf(path: Path): number {
    return this.#lines.linePos(this.#offsetOf(path)).line;
  }

  error(code: ScenarioErrorCode, path: Path, what: string, hint = HINT): ScenarioError {
    return this.#at(code, this.#offsetOf(path), what, hint);
  }

  /** Where the key or the entry stands, or the nearest thing around it that stands anywhere. */
  #offsetOf(path: Path): number {
    let node: unknown = this.document.contents;
    let offset = rangeOf(node);
    for (const key of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => String(item.key) === String(key));
        if (!pair) return offset;
        offset = rangeOf(pair.key) || offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(key)];
        offset = rangeOf(node) || offset;
      } else return offset;
    }
    return offset;
  }
}

function rangeOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/**
 * Reads a scenario.
 * @param file how the file is named in what is said about it.
 * @returns one row for each row of its table, or the only one.
 * @throws ScenarioError with file, line and column: `config-scenario-yaml`, `-invalid`, `-variable`.
 */
export function readScenario(file: string, text: string): readonly ScenarioRow[] {
  const source = new Source(file, text);
  const tree = source.toJS();
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree))
    throw source.error('config-scenario-invalid', [], 'a scenario is a section that begins with "scenario:"');
  const { vars, table } = tree as { readonly vars?: Values; readonly table?: readonly Values[] };
  const rows = Array.isArray(table) && table.length > 0 ? table : [undefined];
  return rows.map((row, i) => readRow(source, tree, { ...section(vars), ...section(row) }, row ? i : undefined));
}

function section(value: unknown): Values {
  return typeof value === 'object' && value !== null ? (value as Values) : {};
}

function readRow(source: Source, tree: object, values: Values, row: number | undefined): ScenarioRow {
  const { vars, table, ...rest } = tree as Readonly<Record<string, unknown>>;
  const filled = fill(rest, values);
  if (!filled.ok)
    throw source.error(
      'config-scenario-variable',
      filled.path,
      `nothing is called "${filled.name}"`,
      `set it in vars or in every row of the table; known are ${Object.keys(values).join(', ') || 'none'}`,
    );
  const whole = {
    ...(filled.value as object),
    ...(vars !== undefined && { vars }),
    ...(table !== undefined && { table }),
  };
  const parsed = scenarioSchema.safeParse(whole);
  if (!parsed.success) {
    const { path, what } = problemOf(parsed.error.issues, whole);
    throw source.error('config-scenario-invalid', path, what);
  }
  const { steps, ...scenario } = parsed.data;
  const isNumbered = row !== undefined && scenario.scenario === rest.scenario;
  return {
    file: source.file,
    text: source.text,
    name: isNumbered ? `${scenario.scenario} (row ${row + 1})` : scenario.scenario,
    row: row ?? 0,
    scenario,
    steps: steps.map((one, i) => readStep(source, one, i)),
    tags: scenario.tags ?? [],
  };
}

function readStep(source: Source, written: Scenario['steps'][number], at: number): ScenarioStep {
  const step: Step = typeof written === 'string' ? SHORT[written] : written;
  const verbs = VERB_NAMES.filter((verb) => step[verb] !== undefined);
  if (verbs.length !== 1)
    throw source.error(
      'config-scenario-invalid',
      ['steps', at],
      verbs.length === 0 ? 'this step does nothing' : `one step does one thing, not ${verbs.join(' and ')}`,
      `write one of: ${[...Object.keys(SHORT), ...VERB_NAMES].join(', ')}`,
    );
  return { step, line: source.lineOf(['steps', at]) };
}
