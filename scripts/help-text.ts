import type { Command, CommandOption } from './command.ts';
import type { CommandTable } from './command-table.ts';

const GENERAL: readonly (readonly [string, string])[] = [
  ['--help', 'help, also of one command: act-edge COMMAND --help'],
  ['--version', 'the version'],
];

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}

/** The overview of all commands, or of the group whose first word is `prefix`. */
export async function overviewText(table: CommandTable, prefix: string): Promise<string> {
  const names = Object.keys(table).filter((name) => prefix === '' || name.startsWith(`${prefix} `));
  const rows = await Promise.all(names.map(async (name) => [name, (await table[name]?.())?.summary ?? ''] as const));
  return [
    'Usage: act-edge COMMAND [options]\n\n',
    `Commands:\n${columns(rows)}\n`,
    `Options:\n${columns(GENERAL)}\n`,
    'Exit code: 0 it held, 1 it fell short, 2 it was called wrongly.\n',
  ].join('');
}

function optionRow([name, option]: readonly [string, CommandOption]): readonly [string, string] {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  if (option.type === 'boolean') return [`${short}--${name}`, option.describe];
  const byDefault = option.default === undefined ? '' : ` (default: ${option.default})`;
  const again = option.multiple === true ? ' (may be repeated)' : '';
  return [`${short}--${name} ${option.value}`, `${option.describe}${byDefault}${again}`];
}

/** What `act-edge COMMAND --help` prints; the options come from the table the parser uses. */
export function commandText(name: string, command: Command): string {
  const operands = (command.operands ?? []).map((operand) => ` ${operand}`).join('');
  const rows = [...Object.entries(command.options).map(optionRow), ['-h, --help', 'this help'] as const];
  const help = command.help === undefined ? '' : `\n${command.help.trim()}\n`;
  return `Usage: act-edge ${name}${operands} [options]\n\n${command.summary}.\n\nOptions:\n${columns(rows)}${help}`;
}
