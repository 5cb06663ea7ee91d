/** What a command of the `act-edge` binary is. One command is one value of `Command`, made by `defineCommand`. */

/** Exit codes others script against: it held, it fell short, it was called wrongly. */
export const EXIT = { held: 0, fellShort: 1, misuse: 2 } as const;

export type CommandOption =
  | { readonly type: 'boolean'; readonly short?: string; readonly describe: string }
  | {
      readonly type: 'string';
      readonly short?: string;
      /** What stands for the value in the help: `FILE`, `N`. */
      readonly value: string;
      readonly describe: string;
      readonly default?: string;
      /** May be given more than once. */
      readonly multiple?: boolean;
    };

/** Long names without the dashes. `help` is every command's and may not be taken. */
export type Options = Readonly<Record<string, CommandOption>>;

/** The value an option has after parsing: a flag is true or false, a text is undefined when not given and without default. */
type ValueOf<O extends CommandOption> = O extends { readonly type: 'boolean' }
  ? boolean
  : O extends { readonly multiple: true }
    ? readonly string[]
    : O extends { readonly default: string }
      ? string
      : string | undefined;

export interface Arguments<O extends Options> {
  readonly values: { readonly [K in keyof O]: ValueOf<O[K]> };
  /** As many as `operands` names, or more if its last name ends in `...`. */
  readonly operands: readonly string[];
}

export interface Sink {
  write(text: string): unknown;
}

/** Where a command writes. With `--json` only JSON goes to stdout; everything meant for people goes to stderr then. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

interface CommandParts<O extends Options> {
  /** One line for the overview, without a full stop. */
  readonly summary: string;
  /** Further sentences for `--help`, below the list of options. */
  readonly help?: string;
  readonly options: O;
  /** The names of the operands, for the help and for counting: `['FILE']`, `['FILE...']` for one or more. */
  readonly operands?: readonly string[];
}

/** A command as the dispatcher sees it, whatever its options are. */
export interface Command extends CommandParts<Options> {
  /** Resolves to the exit code (`EXIT`). A thrown error with a stable `code` becomes one line on stderr. */
  run(args: Arguments<Options>, io: Io): Promise<number>;
}

/** Ties the type of `args.values` to the options, so that a misspelt option does not compile. */
export function defineCommand<const O extends Options>(
  command: CommandParts<O> & { run(args: Arguments<O>, io: Io): Promise<number> },
): Command {
  return command as unknown as Command;
}

export type UsageCode =
  | 'usage-no-command'
  | 'usage-unknown-command'
  | 'usage-unknown-option'
  | 'usage-option-value'
  | 'usage-missing-option'
  | 'usage-missing-operand'
  | 'usage-not-confirmed'
  | 'usage-unexpected-operand'
  | 'usage-file';

/** What ends a command with one line on stderr (`writeError`): a stable code, what was wrong, and what to do next. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly code: string;
  /** What to do next. */
  readonly hint: string;

  constructor(code: string, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** The command line was wrong. Exit code 2. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';
  declare readonly code: UsageCode;

  // The narrower type of `code` is the constructor's whole purpose.
  constructor(code: UsageCode, message: string, hint: string) {
    super(code, message, hint);
  }
}

/**
 * The value of an option a command cannot do without.
 * @throws {UsageError} `usage-missing-option` when it was not given or is empty
 */
export function required<O extends Options, K extends keyof O & string>(args: Arguments<O>, name: K): string {
  const value = args.values[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new UsageError('usage-missing-option', `--${name} is needed`, 'see --help of the command');
}

/**
 * The value of an option that allows a few words only.
 * @throws {UsageError} `usage-missing-option` when it was not given, `usage-option-value` when it is another word
 */
export function oneOf<O extends Options, K extends keyof O & string, const W extends string>(
  args: Arguments<O>,
  name: K,
  words: readonly W[],
): W {
  const given = required(args, name);
  const word = words.find((candidate) => candidate === given);
  if (word !== undefined) return word;
  throw new UsageError('usage-option-value', `--${name} cannot be "${given}"`, `use one of: ${words.join(', ')}`);
}
