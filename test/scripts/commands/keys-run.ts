/** `act-edge …` in this process, for its output and exit code. */
import { COMMANDS, type CommandTable } from '../../../scripts/command-table.ts';
import { runCommandLine } from '../../../scripts/dispatch.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function act(argv: readonly string[], table: CommandTable = COMMANDS): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { stdout: { write: (t: string) => out.push(t) }, stderr: { write: (t: string) => err.push(t) } };
  const code = await runCommandLine(argv, io, table, false);
  return { code, out: out.join(''), err: err.join('') };
}
