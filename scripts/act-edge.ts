#!/usr/bin/env node
/** The `act-edge` binary: ties the process to the dispatcher. */
import { COMMANDS } from './command-table.ts';
import { runCommandLine } from './dispatch.ts';
import { writeError } from './error-line.ts';

const debug = process.env.ACT_EDGE_DEBUG === '1';

// A reader that has seen enough (`act-edge … | head`) must not end a purchase half way: what it no longer reads is dropped.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Errors in callbacks reach no `catch`; rejected promises nobody awaits arrive here as well.
process.on('uncaughtException', (error) => {
  process.exit(writeError(error, process.stderr, debug));
});

process.exitCode = await runCommandLine(process.argv.slice(2), process, COMMANDS, debug);
