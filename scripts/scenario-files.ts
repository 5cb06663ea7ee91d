/** The scenario files that a command line names. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readScenario, type ScenarioRow } from '../sim/scenario/index.ts';
import { UsageError } from './command.ts';

const IS_SCENARIO = /\.ya?ml$/;

function refuse(path: string, error: unknown): never {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
  throw new UsageError(
    'usage-file',
    `${path} cannot be read or written (${reason})`,
    'name a scenario file or a directory of them',
  );
}

function filesBelow(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const entries = readdirSync(path, { recursive: true, encoding: 'utf8' });
    return entries
      .filter((name) => IS_SCENARIO.test(name))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    return refuse(path, error);
  }
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return refuse(path, error);
  }
}

/** Looks whether a file can be written there later, and leaves all as it was. @throws UsageError `usage-file`. */
export function tryToWrite(path: string): void {
  try {
    const isNew = !existsSync(path);
    closeSync(openSync(path, 'a'));
    if (isNew) rmSync(path);
  } catch (error) {
    refuse(path, error);
  }
}

export function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    refuse(path, error);
  }
}

/**
 * Every row of every named file; a directory stands for all scenario files below it, in order of their names.
 * @param tags only rows with one of them; empty for all.
 * @throws UsageError `usage-file`; ScenarioError for the first file that is wrong, before anything is played.
 */
export function scenarioRows(paths: readonly string[], tags: readonly string[]): readonly ScenarioRow[] {
  const rows = paths.flatMap(filesBelow).flatMap((path) => readScenario(path, readText(path)));
  return tags.length === 0 ? rows : rows.filter((row) => row.tags.some((tag) => tags.includes(tag)));
}
