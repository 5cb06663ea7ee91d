/**
 * Writes what is published of the binding and derived from the code: `protocol/act.cddl`, and the tables of `protocol/SPEC.md`.
 * Usage: `node dist/scripts/make-cddl.js`, from the top of the checkout. A test keeps both files equal to what this writes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { renderCddl } from '../protocol/cddl.ts';
import { withTables } from './make-published/spec-tables.ts';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync('protocol/act.cddl', renderCddl());
  writeFileSync('protocol/SPEC.md', withTables(readFileSync('protocol/SPEC.md', 'utf8')));
}
