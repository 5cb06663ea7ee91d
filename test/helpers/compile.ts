import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Compiles one source file and what it imports into `directory`, for tests that need a process of their own to kill: Node 20
 * runs no TypeScript. Returns the path of the compiled file.
 */
export function compileInto(directory: string, source: string): string {
  const options = ['--outDir', directory, '--rootDir', ROOT, '--noCheck', '--module', 'nodenext', '--target', 'es2023'];
  const flags = ['--ignoreConfig', '--rewriteRelativeImportExtensions', '--skipLibCheck', '--types', 'node'];
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), [...options, ...flags, join(ROOT, source)], {
    cwd: ROOT,
    stdio: 'pipe',
  });
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  return join(directory, source.replace(/\.ts$/, '.js'));
}
