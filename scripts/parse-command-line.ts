import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type Arguments, type Command, type Options, UsageError } from './command.ts';
import type { CommandTable } from './command-table.ts';

export type CommandLine =
  | { readonly kind: 'version' }
  /** `prefix` is empty for all commands, or the first word of a group (`keys`). */
  | { readonly kind: 'overview'; readonly prefix: string }
  | { readonly kind: 'command'; readonly name: string; readonly rest: readonly string[] };

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';

/**
 * Finds the command a command line names; two words are tried before one.
 * @throws {UsageError} `usage-no-command`, `usage-unknown-command`, `usage-unknown-option`
 */
export function findCommand(argv: readonly string[], table: CommandTable): CommandLine {
  const [first, second, ...rest] = argv;
  if (first === undefined) {
    throw new UsageError('usage-no-command', 'no command was given', 'act-edge --help lists them');
  }
  if (first === '--version') return { kind: 'version' };
  if (isHelp(first)) return { kind: 'overview', prefix: '' };
  if (first.startsWith('-')) {
    throw new UsageError('usage-unknown-option', `${first} is no option of act-edge`, 'see act-edge --help');
  }
  const name = `${first} ${second}`;
  if (Object.hasOwn(table, name)) return { kind: 'command', name, rest };
  if (Object.hasOwn(table, first)) return { kind: 'command', name: first, rest: argv.slice(1) };
  const group = Object.keys(table).filter((known) => known.startsWith(`${first} `));
  if (group.length === 0) {
    throw new UsageError('usage-unknown-command', `there is no command "${first}"`, 'act-edge --help lists them');
  }
  if (isHelp(second)) return { kind: 'overview', prefix: first };
  throw new UsageError(
    'usage-unknown-command',
    second === undefined ? `"${first}" needs a second word` : `there is no command "${name}"`,
    `use one of: ${group.join(', ')}`,
  );
}

/** Node's codes for a wrong command line, and ours. */
const PARSE_ERRORS: Readonly<Record<string, 'usage-unknown-option' | 'usage-option-value'>> = {
  ERR_PARSE_ARGS_UNKNOWN_OPTION: 'usage-unknown-option',
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: 'usage-option-value',
};

function parse(rest: readonly string[], options: Options) {
  const all: Record<string, NonNullable<ParseArgsConfig['options']>[string]> = {
    help: { type: 'boolean', short: 'h' },
  };
  for (const [name, { type, short, ...more }] of Object.entries(options)) {
    all[name] = {
      type,
      ...(short === undefined ? {} : { short }),
      multiple: 'multiple' in more && more.multiple === true,
    };
  }
  return parseArgs({ args: [...rest], options: all, allowPositionals: true, strict: true });
}

/**
 * Parses what follows the name of a command.
 * @returns the arguments, or `'help'` when `--help` is among them
 * @throws {UsageError} `usage-unknown-option`, `usage-option-value`, `usage-missing-operand`, `usage-unexpected-operand`
 */
export function parseArguments(name: string, command: Command, rest: readonly string[]): Arguments<Options> | 'help' {
  const hint = `see act-edge ${name} --help`;
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(rest, command.options);
  } catch (error) {
    const code = PARSE_ERRORS[(error as NodeJS.ErrnoException).code ?? ''];
    if (code === undefined) throw error;
    // Node adds advice about `--` in further sentences; the first says what is wrong.
    const [sentence = ''] = (error as Error).message.split(/\.(?:\s|$)|\n/, 1);
    throw new UsageError(code, sentence, hint);
  }
  if (parsed.values.help === true) return 'help';
  checkOperands(parsed.positionals, command.operands ?? [], hint);
  const values: Record<string, boolean | string | readonly string[] | undefined> = {};
  for (const [option, definition] of Object.entries(command.options)) {
    const given = parsed.values[option] as boolean | string | string[] | undefined;
    values[option] = given ?? absent(definition);
  }
  return { values: values as Arguments<Options>['values'], operands: parsed.positionals };
}

function absent(option: Options[string]): boolean | string | readonly string[] | undefined {
  if (option.type === 'boolean') return false;
  return option.multiple === true ? [] : option.default;
}

function checkOperands(given: readonly string[], names: readonly string[], hint: string): void {
  const missing = names[given.length];
  if (missing !== undefined) throw new UsageError('usage-missing-operand', `${missing} is missing`, hint);
  const extra = given[names.length];
  if (extra !== undefined && names.at(-1)?.endsWith('...') !== true) {
    throw new UsageError('usage-unexpected-operand', `"${extra}" is one word too many`, hint);
  }
}
