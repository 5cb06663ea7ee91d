import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What a gateway process (test/process/ledger-gateway.ts) says, one line each. */
export interface Said {
  /** It has heard what became of this request. */
  readonly requestId?: string;
  readonly paid?: boolean;
  /** Its own commit was the one that paid. */
  readonly first?: boolean;
  readonly unavailable?: string;
  readonly holding?: boolean;
  readonly ended?: string;
}

export interface Gateway {
  readonly said: readonly Said[];
  /** The first that matches, now or later. Rejects when the process ends without it. */
  heard(matches: (said: Said) => boolean): Promise<Said>;
  goOn(): void;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Rejects unless it ends by itself, with nothing on stderr. */
  readonly finished: Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function startGateway(program: string, ...argv: readonly (string | number)[]): Gateway {
  const child = spawn(process.execPath, [program, ...argv.map(String)], { stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  const said: Said[] = [];
  const waiting = new Set<() => void>();
  let errors = '';
  let gone = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line) as Said);
    for (const look of waiting) look();
  });
  const exited = once(child, 'close').then(([code]) => {
    running.delete(child);
    gone = true;
    for (const look of waiting) look();
    return code as number | null;
  });
  const finished = exited.then((code) => {
    if (code !== 0 || errors !== '') throw new Error(`a gateway ended with ${code}\n${errors}`);
  });
  finished.catch(() => {});
  return {
    said,
    finished,
    heard: (matches) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = said.find(matches);
          if (found === undefined && !gone) return;
          waiting.delete(look);
          if (found !== undefined) resolve(found);
          else reject(new Error(`a gateway ended without saying it\n${errors}`));
        };
        waiting.add(look);
        look();
      }),
    goOn: () => void child.stdin.write('\n'),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
