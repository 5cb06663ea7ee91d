/** The real programs as processes: started, typed to, waited for by what they say, stopped by their own process id. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compileInto } from '../helpers/compile.ts';

/** One line of a program's log. */
export interface LogLine {
  readonly level: string;
  readonly code: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running program with everything it has said. */
export interface Program {
  readonly pid: number;
  /** What it was typed, for those who look for it where it must not be. */
  readonly typed: readonly string[];
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** The lines of stderr that are log entries. */
  readonly log: readonly LogLine[];
  /** The lines of stderr that are none: a stack trace would be among them. */
  readonly strayed: readonly string[];
  /** Types one line on its input, which stays open. */
  type(line: string): void;
  /** The first log entry that matches, now or later. Rejects with the program's words if it ends without one. */
  logged(matches: (line: LogLine) => boolean): Promise<LogLine>;
  /** As {@link logged}, for a line on stdout. */
  said(pattern: RegExp): Promise<string>;
  /** The device has reached this state of a purchase. */
  at(state: string): Promise<LogLine>;
  signal(signal: NodeJS.Signals): void;
  readonly exited: Promise<Exit>;
  /** SIGKILL, and the end. */
  kill(): Promise<void>;
}

/** Programs that were started together, all of them gone after `end`. */
export interface Programs {
  run(...argv: readonly string[]): Program;
  readonly all: readonly Program[];
  end(): Promise<void>;
}

/** Below every test's own limit, so that a test that waits in vain says what it saw. */
const DEADLINE_MS = 120_000;

/** A test that failed or timed out must not leave a program behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Compiles the binary into `directory`/program; what others build meanwhile does not matter to it. @returns its path. */
export function compileBinary(directory: string): string {
  const place = join(directory, 'program');
  mkdirSync(place);
  return compileInto(place, 'scripts/act-edge.ts');
}

export function makePrograms(binary: string): Programs {
  const all: Program[] = [];
  return {
    all,
    run(...argv) {
      const program = start([binary, ...argv]);
      all.push(program);
      return program;
    },
    async end() {
      for (const program of all) await program.kill();
    },
  };
}

function start(argv: readonly string[]): Program {
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  const typed: string[] = [];
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const [log, strayed]: [LogLine[], string[]] = [[], []];
  const waiting = new Set<() => void>();
  let gone: Exit | undefined;

  const happened = () => {
    for (const look of waiting) look();
  };
  // A program that was killed no longer reads; what is typed then is lost, as it would be at a terminal.
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout.push(line);
    happened();
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    stderr.push(line);
    const entry = logLine(line);
    if (entry) log.push(entry);
    else strayed.push(line);
    happened();
  });
  // Not 'exit': the last lines come after it.
  const exited = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    gone = { code, signal };
    happened();
    return gone;
  });

  /** The first that matches, now or later; what the program said is in the error when there is none. */
  function first<T>(list: readonly T[], matches: (one: T) => boolean, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        waiting.delete(look);
        clearTimeout(deadline);
        end();
      };
      const fail = (how: string) =>
        settle(() => reject(new Error(`${how} without ${what}\n${[...stdout, ...stderr].join('\n')}`)));
      const look = () => {
        const found = list.find(matches);
        if (found !== undefined) settle(() => resolve(found));
        else if (gone !== undefined) fail(`ended (${gone.code ?? gone.signal})`);
      };
      const deadline = setTimeout(() => fail('still running'), DEADLINE_MS);
      waiting.add(look);
      look();
    });
  }

  return {
    pid: child.pid ?? 0,
    typed,
    stdout,
    stderr,
    log,
    strayed,
    exited,
    type(line) {
      typed.push(line);
      child.stdin.write(`${line}\n`);
    },
    logged: (matches) => first(log, matches, `a log entry: ${matches}`),
    said: (pattern) => first(stdout, (line) => pattern.test(line), `${pattern}`),
    at: (state) => first(log, ({ code, detail }) => code === 'purchase' && detail?.at === state, `the state ${state}`),
    signal: (signal) => void child.kill(signal),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function logLine(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}
