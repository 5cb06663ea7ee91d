import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesBelow, ROOT, read } from './helpers/source-text.ts';

const { version } = JSON.parse(read('package.json')) as { version: string };

/** Runs a program to its end and returns its stdout; fails with its output when the exit code is another one. */
function run(folder: string, program: string, args: readonly string[], status = 0): string {
  const result = spawnSync(program, args, { cwd: folder, encoding: 'utf8', input: '' });
  if (result.status !== status) {
    throw new Error(`${program} ${args.join(' ')}: exit code ${result.status}\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}

/** Tools of the checkout, which the package leaves out. */
const TOOL = /scripts\/(?:make|fuzz)-/;

const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'act-edge-pack-')));
const checkout = join(temporary, 'checkout');
const consumer = join(temporary, 'consumer');
let packed: string[] = [];
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

// The package is made in a copy of the checkout, because packing builds from nothing and others use dist/ meanwhile.
beforeAll(() => {
  for (const path of filesBelow('.')) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    cpSync(join(ROOT, path), join(checkout, path));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  mkdirSync(join(checkout, 'dist/device'), { recursive: true });
  writeFileSync(join(checkout, 'dist/device/left-over.js'), '');

  const pack = ['pack', '--json', '--foreground-scripts=false', '--pack-destination', temporary];
  const [made] = JSON.parse(run(checkout, 'npm', pack)) as { filename: string; files: { path: string }[] }[];
  packed = (made?.files ?? []).map((file) => file.path).sort();

  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }');
  // Without the optional packages: the library has to load where there is no prebuilt HID or speech binary.
  const quiet = ['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  run(consumer, 'npm', ['install', ...quiet, join(temporary, made?.filename ?? '')]);
}, 180_000);

describe('the package', () => {
  it('holds the three libraries, the binary, the examples, the published binding, the licence and nothing else', () => {
    const wanted =
      /^(?:package\.json|README\.md|LICENSE|examples\/.+|sim\/(?:README\.md|scenario\.schema\.json|scenarios\/[\w-]+(?:\/[\w-]+)?\.yaml|audio\/[\w-]+\.(?:wav|json))|device\/(?:ACT-HID|PORTING)\.md|protocol\/(?:SPEC\.md|act\.cddl|vectors\/[a-z0-9-]+\.json)|dist\/(?:protocol|device|sim|scripts)\/.+\.(?:js|d\.ts))$/;
    expect(packed.filter((path) => !wanted.test(path) || TOOL.test(path))).toEqual([]);
    for (const path of [
      'LICENSE',
      'README.md',
      'package.json',
      'protocol/SPEC.md',
      'protocol/act.cddl',
      'device/PORTING.md',
      'device/ACT-HID.md',
    ])
      expect(packed).toContain(path);
    expect(packed).toEqual(
      expect.arrayContaining(['examples', 'sim/audio', 'sim/scenarios', 'protocol/vectors'].flatMap(filesBelow)),
    );
  });

  it('holds one module and one declaration for each source, and nothing a deleted source left in dist/', () => {
    const modules = ['protocol', 'device', 'sim', 'scripts']
      .flatMap(filesBelow)
      .filter((path) => /(?<!\.d)\.ts$/.test(path) && !TOOL.test(path))
      .flatMap((path) => [`dist/${path.replace(/ts$/, 'js')}`, `dist/${path.replace(/ts$/, 'd.ts')}`]);
    expect(packed.filter((path) => path.startsWith('dist/'))).toEqual(modules.sort());
  });

  it('installs without the optional packages', () => {
    const installed = readdirSync(join(consumer, 'node_modules'));
    expect(installed).toContain('act-edge');
    expect(installed).not.toContain('node-hid');
    expect(installed).not.toContain('sherpa-onnx-node');
  });

  it.each(['protocol', 'device', 'sim'])(
    'loads as act-edge/%s in plain JavaScript, and only through its entry',
    (name) => {
      const names = `import * as all from 'act-edge/${name}'; console.log(Object.keys(all).length);`;
      expect(Number(run(consumer, process.execPath, ['--input-type=module', '-e', names]))).toBeGreaterThan(5);
      const inside = `await import('act-edge/dist/${name}/index.js').catch((e) => console.log(e.code));`;
      expect(run(consumer, process.execPath, ['--input-type=module', '-e', inside])).toBe(
        'ERR_PACKAGE_PATH_NOT_EXPORTED\n',
      );
    },
  );

  // skipLibCheck would hide a declaration that names a file or a type the consumer has not. protocol/ needs no Node types.
  it.each([
    ['act-edge/protocol', { lib: ['ES2023', 'DOM'], types: [] }],
    ['act-edge/device', { lib: ['ES2023'], types: ['node'] }],
    ['act-edge/sim', { lib: ['ES2023'], types: ['node'] }],
  ])('has declarations that hold in a strict NodeNext project (%s with %j)', (entry, environment) => {
    const project = join(consumer, entry.replace('/', '-'));
    mkdirSync(project);
    writeFileSync(
      join(project, 'use.ts'),
      `import * as all from '${entry}';\nexport const names: string[] = Object.keys(all);\n`,
    );
    const compilerOptions = {
      ...environment,
      target: 'ES2023',
      module: 'NodeNext',
      moduleResolution: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: false,
      typeRoots: [join(ROOT, 'node_modules/@types')],
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['use.ts'] }));
    expect(run(consumer, join(ROOT, 'node_modules/.bin/tsc'), ['-p', project])).toBe('');
  });

  it('brings the binary', () => {
    expect(run(consumer, 'npx', ['--no-install', 'act-edge', '--version'])).toBe(`${version}\n`);
    expect(run(consumer, 'npx', ['--no-install', 'act-edge', '--help'])).toMatch(/^Usage: act-edge /);
    run(consumer, 'npx', ['--no-install', 'act-edge', 'nothing'], 2);
  });
});
