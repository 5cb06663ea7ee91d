import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EXIT, type Io } from './command.ts';
import type { CommandTable } from './command-table.ts';
import { writeError } from './error-line.ts';
import { commandText, overviewText } from './help-text.ts';
import { findCommand, parseArguments } from './parse-command-line.ts';

/** The package finds itself by its own name, from the sources as well as from `dist/`. */
function version(): string {
  const file = createRequire(import.meta.url).resolve('act-edge/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

async function dispatch(argv: readonly string[], io: Io, table: CommandTable): Promise<number> {
  const line = findCommand(argv, table);
  if (line.kind === 'version') {
    io.stdout.write(`${version()}\n`);
    return EXIT.held;
  }
  if (line.kind === 'overview') {
    io.stdout.write(await overviewText(table, line.prefix));
    return EXIT.held;
  }
  const command = await table[line.name]?.();
  if (command === undefined) throw new Error(`no module for ${line.name}`);
  const args = parseArguments(line.name, command, line.rest);
  if (args === 'help') {
    io.stdout.write(commandText(line.name, command));
    return EXIT.held;
  }
  return command.run(args, io);
}

/**
 * Runs one command line to its end.
 * @param argv the words after the program's name
 * @param debug whether the stack of an error is printed as well
 * @returns the exit code; never rejects
 */
export async function runCommandLine(
  argv: readonly string[],
  io: Io,
  table: CommandTable,
  debug: boolean,
): Promise<number> {
  try {
    return await dispatch(argv, io, table);
  } catch (error) {
    return writeError(error, io.stderr, debug);
  }
}
