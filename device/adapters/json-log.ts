import type { Clock, Log, LogLevel } from '../ports.ts';
import type { TextOutput } from './text-output.ts';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** One JSON object a line: `{"time":"…Z","level":"warn","code":"…","detail":{…}}`. Entries below `level` are dropped. */
export function jsonLog({ level, output, clock }: { level: LogLevel; output: TextOutput; clock: Clock }): Log {
  return {
    write(entryLevel, code, detail) {
      if (RANK[entryLevel] < RANK[level]) return;
      const time = new Date(clock.now()).toISOString();
      output.write(`${JSON.stringify({ time, level: entryLevel, code, detail })}\n`);
    },
  };
}
