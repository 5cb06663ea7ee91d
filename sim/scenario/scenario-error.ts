/** What is wrong with a scenario file, and where. */

export type ScenarioErrorCode = 'config-scenario-yaml' | 'config-scenario-invalid' | 'config-scenario-variable';

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

/** The first thing that is wrong with a file. `message` begins with its place, as editors and terminals link it. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly code: ScenarioErrorCode;
  readonly hint: string;
  readonly place: Place;

  constructor(code: ScenarioErrorCode, place: Place, what: string, hint: string) {
    super(`${place.file}:${place.line}:${place.column}: ${what}`);
    this.code = code;
    this.place = place;
    this.hint = hint;
  }
}
