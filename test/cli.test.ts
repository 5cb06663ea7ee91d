import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineCommand, oneOf, required } from '../scripts/command.ts';
import { COMMANDS, type CommandTable } from '../scripts/command-table.ts';
import { runCommandLine } from '../scripts/dispatch.ts';
import { ROOT, read } from './helpers/source-text.ts';

const packageVersion = (JSON.parse(read('package.json')) as { version: string }).version;

const echo = defineCommand({
  summary: 'Print what was given',
  help: 'A sentence more.',
  options: {
    json: { type: 'boolean', describe: 'print JSON' },
    out: { type: 'string', short: 'o', value: 'FILE', describe: 'where to write' },
    colour: { type: 'string', value: 'NAME', default: 'red', describe: 'which colour' },
    seed: { type: 'string', value: 'N', multiple: true, describe: 'a seed' },
  },
  operands: ['FIRST', 'MORE...'],
  async run({ values, operands }, io) {
    io.stdout.write(JSON.stringify({ ...values, operands }));
    return 1;
  },
});

const make = defineCommand({
  summary: 'Make a key',
  options: { purpose: { type: 'string', value: 'WORD', describe: 'what for' } },
  async run(args, io) {
    io.stdout.write(oneOf(args, 'purpose', ['agent', 'confirmation']) + required(args, 'purpose').length);
    return 0;
  },
});

const failing = (error: unknown): CommandTable => ({
  fail: async () => defineCommand({ summary: 'Fail', options: {}, run: () => Promise.reject(error) }),
});

const table: CommandTable = {
  echo: async () => echo,
  'keys create': async () => make,
  'keys show': async () => make,
};

async function run(argv: string[], commands = table, debug = false) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { stdout: { write: (t: string) => out.push(t) }, stderr: { write: (t: string) => err.push(t) } };
  const code = await runCommandLine(argv, io, commands, debug);
  return { code, out: out.join(''), err: err.join('') };
}

describe('a command line', () => {
  it('reaches its command with typed options, defaults and operands, and its exit code is the one of the run', async () => {
    const { code, out, err } = await run(['echo', 'a', '--json', '-o', 'f', '--seed', '1', '--seed=2', 'b']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toEqual({ json: true, out: 'f', colour: 'red', seed: ['1', '2'], operands: ['a', 'b'] });
    expect(JSON.parse((await run(['echo', 'a', 'b', '--', '--c'])).out)).toEqual({
      json: false,
      colour: 'red',
      seed: [],
      operands: ['a', 'b', '--c'],
    });
  });

  it('names a command by two words', async () => {
    expect(await run(['keys', 'create', '--purpose', 'agent'])).toEqual({ code: 0, out: 'agent5', err: '' });
  });

  it.each([
    [[], 'usage-no-command'],
    [['frobnicate'], 'usage-unknown-command'],
    [['keys'], 'usage-unknown-command'],
    [['keys', 'lose'], 'usage-unknown-command'],
    [['toString'], 'usage-unknown-command'],
    [['--frob'], 'usage-unknown-option'],
    [['echo', 'a', 'b', '--frob'], 'usage-unknown-option'],
    [['echo', 'a', 'b', '-x'], 'usage-unknown-option'],
    [['echo', 'a', 'b', '--out'], 'usage-option-value'],
    [['echo', 'a', 'b', '--json=yes'], 'usage-option-value'],
    [['echo', 'a', 'b', '--out', '--json'], 'usage-option-value'],
    [['echo', 'a'], 'usage-missing-operand'],
    [['keys', 'create', 'x'], 'usage-unexpected-operand'],
    [['keys', 'create'], 'usage-missing-option'],
    [['keys', 'create', '--purpose', ''], 'usage-missing-option'],
    [['keys', 'create', '--purpose', 'fun'], 'usage-option-value'],
  ])('%j is misuse: one line with %s and what to do, exit code 2', async (argv, code) => {
    const result = await run(argv);
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toMatch(new RegExp(`^act-edge: ${code}: [^\\n]+; [^\\n]+\\n$`));
  });
});

describe('help', () => {
  it('lists every command with its summary, and none that is not there', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}echo +Print what was given$/m);
    expect(out).toMatch(/^ {2}keys show +Make a key$/m);
    expect(out).not.toContain('demo');
  });

  it('lists the commands of a group, and shows the options of one command from the table the parser uses', async () => {
    expect((await run(['keys', '-h'])).out).not.toContain('echo');
    const { code, out } = await run(['echo', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('Usage: act-edge echo FIRST MORE... [options]');
    expect(out).toMatch(/^ {2}-o, --out FILE +where to write$/m);
    expect(out).toMatch(/^ {2}--colour NAME +which colour \(default: red\)$/m);
    expect(out).toContain('A sentence more.');
  });

  it('says the version of the package', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: `${packageVersion}\n`, err: '' });
  });

  it('loads and describes every real command', async () => {
    expect(await run(['--help'], COMMANDS)).toMatchObject({ code: 0, err: '' });
    for (const name of Object.keys(COMMANDS)) {
      const { code, out } = await run([...name.split(' '), '--help'], COMMANDS);
      expect({ name, code }).toEqual({ name, code: 0 });
      expect(out).toContain(`act-edge ${name}`);
    }
  });
});

describe('an error that ends a command', () => {
  const coded = (code: string, message: string, hint?: string) => Object.assign(new Error(message), { code, hint });

  it('with a stable code falls short, with its hint, and a code is not said twice', async () => {
    const error = coded('store-full', 'store-full: no room for the journal', 'free some space');
    expect(await run(['fail'], failing(error))).toEqual({
      code: 1,
      out: '',
      err: 'act-edge: store-full: no room for the journal; free some space\n',
    });
  });

  it('in the configuration is misuse', async () => {
    expect((await run(['fail'], failing(coded('config-invalid', 'x', 'y')))).code).toBe(2);
  });

  it.each([[new TypeError('boom')], [coded('ENOENT', 'boom')], ['boom'], [undefined], [null]])(
    'without one is internal (%s), and the stack is for ACT_EDGE_DEBUG only',
    async (error) => {
      const quiet = await run(['fail'], failing(error));
      expect(quiet.code).toBe(1);
      expect(quiet.err).toMatch(/^act-edge: internal: [^\n]+\n$/);
      const loud = await run(['fail'], failing(error), true);
      expect(loud.err.includes('    at ')).toBe(error instanceof Error);
    },
  );

  it('stays on one line and sends no controls to the terminal', async () => {
    const { err } = await run(['fail'], failing(coded('peer-said', 'a\nb\u001b[31mc\u202ed\u2028e')));
    expect(err).toBe('act-edge: peer-said: a b [31mc d e\n');
  });
});

describe('the process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'act-edge-cli-'));
  const program = join(folder, 'out/act-edge.js');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // The real binary around a table of its own, compiled as the package is.
  beforeAll(() => {
    mkdirSync(join(folder, 'scripts'));
    const files = ['act-edge', 'command', 'dispatch', 'error-line', 'help-text', 'parse-command-line'];
    for (const file of files) cpSync(join(ROOT, `scripts/${file}.ts`), join(folder, `scripts/${file}.ts`));
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    cpSync(join(ROOT, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const compilerOptions = { rootDir: 'scripts', outDir: 'out', types: ['node'] };
    const config = { extends: './tsconfig.base.json', compilerOptions, include: ['scripts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(
      join(folder, 'scripts/command-table.ts'),
      `import { type Command, defineCommand } from './command.ts';
      export type CommandTable = Readonly<Record<string, () => Promise<Command>>>;
      const one = (run: Command['run']) => async () => defineCommand({ summary: 'x', options: {}, run });
      export const COMMANDS: CommandTable = {
        short: one(async () => 1),
        callback: one(() => new Promise(() => setImmediate(() => { throw new Error('boom'); }))),
        forgotten: one(() => { Promise.reject(new Error('boom')); return new Promise(() => setInterval(() => {}, 1000)); }),
        pipe: one(async (_, io) => {
          io.stdout.write('ready\\n');
          await new Promise((go) => process.stdin.once('data', go));
          process.stdin.destroy();
          for (let line = 0; line < 1000; line++) {
            io.stdout.write('line\\n');
            await new Promise((next) => setImmediate(next));
          }
          io.stderr.write('went on\\n');
          return 0;
        }),
      };`,
    );
    const built = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    expect(built.stdout).toBe('');
  });

  const start = (...argv: string[]) => spawnSync(process.execPath, [program, ...argv], { encoding: 'utf8' });

  it('exits with the code of the command, and with 2 on misuse', () => {
    expect(start('--version')).toMatchObject({ status: 0, stdout: `${packageVersion}\n`, stderr: '' });
    expect(start('short')).toMatchObject({ status: 1, stdout: '', stderr: '' });
    expect(start('nothing')).toMatchObject({ status: 2, stdout: '' });
  });

  it.each(['callback', 'forgotten'])('turns an error nobody caught (%s) into one line and exit code 1', (name) => {
    const { status, stderr } = start(name);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'act-edge: internal: boom; set ACT_EDGE_DEBUG=1 to see where\n',
    });
  });

  it('goes on when nobody reads its output any more', async () => {
    const child = spawn(process.execPath, [program, 'pipe'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.once('data', () => {
      child.stdout.destroy();
      child.stdin.end('go');
    });
    const status = await new Promise((done) => child.once('close', done));
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'went on\n' });
  });
});
