/** A button whose line another program reads for us and copies to its output. */
import { spawn } from 'node:child_process';
import type { Button, ButtonEdge, Log } from '../ports.ts';
import { edgeFan } from './edge-fan.ts';

/** A button that holds a device open. `close` gives it back; no edge and no loss is told afterwards. */
export interface LineButton extends Button {
  close(): void;
}

/** What the bytes of the reader mean. */
export interface LineSink {
  edge(edge: ButtonEdge): void;
  /** The level is unknown until the next edge: the device said that it dropped events. */
  dropped(): void;
  /** The reader says what it cannot say: it is ended, and the line with it. */
  garbage(): void;
}

interface Reader {
  readonly program: string;
  readonly args: readonly string[];
  /** An open descriptor that becomes the reader's input; it stays the caller's to close. */
  readonly input?: number;
  /** Makes what takes the reader's output, chunk by chunk. */
  readonly accept: (sink: LineSink) => (chunk: Buffer) => void;
  readonly log: Log;
}

/**
 * Starts the reader. Once it has ended, for whatever reason, the line is lost for good and the log says `button-lost`: a
 * device that comes back, or another one of the same name, is not the one that was looked at (T11). The reader runs
 * whether anybody listens or not, so that nobody is told edges from before they listened (T10).
 */
export function lineButton({ program, args, input, accept, log }: Reader): LineButton {
  const fan = edgeFan();
  const child = spawn(program, args, { stdio: [input ?? 'ignore', 'pipe', 'ignore'] });
  let open = true;

  const end = () => {
    open = false;
    process.off('exit', end);
    child.kill('SIGKILL');
  };
  const lost = (code: string, detail?: Readonly<Record<string, number>>) => {
    if (!open) return;
    end();
    log.write('error', code, detail);
    fan.lose();
  };
  const take = accept({
    edge(edge) {
      if (open) fan.edge(edge);
    },
    dropped() {
      if (!open) return;
      log.write('warn', 'button-dropped');
      fan.lose();
    },
    garbage: () => lost('button-garbage'),
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    if (open) take(chunk);
  });
  child.once('error', () => lost('button-lost'));
  // Not 'exit': the last edges come after it.
  child.once('close', (exitCode) => lost('button-lost', { exitCode: exitCode ?? -1 }));
  // A reader that outlived us would hold the line against our successor.
  process.once('exit', end);
  return { assurance: 'hardware-line', listen: fan.listen, close: end };
}
