/**
 * Writes `sim/scenario.schema.json`, with which editors complete and check scenarios.
 * Usage: `node dist/scripts/make-scenario-schema.js`, from the top of the checkout. A test keeps the file equal to what this writes.
 */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { scenarioJsonSchema } from '../sim/scenario/json-schema.ts';
import { printJson } from './make-published/vector.ts';

/** The text of the file. */
export function scenarioSchemaText(): string {
  return `${printJson(scenarioJsonSchema() as Parameters<typeof printJson>[0])}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync('sim/scenario.schema.json', scenarioSchemaText());
}
