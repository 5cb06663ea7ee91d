import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codeOnly, filesBelow, importsOf, ROOT, read } from './helpers/source-text.ts';
import {
  deadFiles,
  effectFaults,
  layeringFaults,
  lengthFaults,
  skippedTestFaults,
  wordingFaults,
} from './helpers/tidy-rules.ts';

/** Files over 300 lines, each with the reason why it is one table and not several things. */
const TABLES: ReadonlyMap<string, string> = new Map([]);

const LAYERS = ['protocol', 'device', 'sim', 'scripts'] as const;
const TEXT = /\.(?:ts|json|md|ya?ml|sh|conf|cddl|txt|csv)$|^\.ci\/|\/acl$/;

const sources = new Map(
  LAYERS.flatMap(filesBelow)
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => [path, read(path)] as const),
);
const tests = filesBelow('test').filter((path) => path.endsWith('.ts'));

describe('the tree', () => {
  it('keeps its layers: protocol knows nothing of ours, device only protocol, sim both, and nothing imports the tests', () => {
    expect([...sources].flatMap(([path, source]) => layeringFaults(path, source))).toEqual([]);
  });

  it('takes clock, randomness, timers, process and network through ports outside the adapters', () => {
    expect([...sources].flatMap(([path, source]) => effectFaults(path, source))).toEqual([]);
  });

  it('has no file over 300 lines (a test: 400) but the listed tables, and lists no table that has become shorter', () => {
    const paths = [...sources.keys(), ...tests];
    expect(paths.flatMap((path) => lengthFaults(path, read(path), TABLES))).toEqual([]);
    expect([...TABLES.keys()].filter((path) => lengthFaults(path, read(path), new Map()).length === 0)).toEqual([]);
  });

  it('leaves nothing for later and names no machine and no package registry', () => {
    const paths = filesBelow('.').filter((path) => TEXT.test(path));
    expect(paths.length).toBeGreaterThan(sources.size);
    expect(paths.flatMap((path) => wordingFaults(path, read(path)))).toEqual([]);
  });

  it('has a lock file that `npm ci` takes on every platform, and that names no registry', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved":/);
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const locked = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
    const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(optional.filter((name) => !locked.has(name))).toEqual([]);
  });

  it('switches no test off without saying when it runs', () => {
    expect(tests.flatMap((path) => skippedTestFaults(path, read(path)))).toEqual([]);
  });

  it('has no source file that neither an index nor a program reaches', () => {
    // A program is the binary and every tool of the checkout (`scripts/make-*.ts`, `scripts/fuzz-*.ts`).
    const examples = filesBelow('device/examples');
    const roots = ['protocol/index.ts', 'device/index.ts', 'sim/index.ts', 'scripts/act-edge.ts', ...examples];
    const tools = [...sources.keys()].filter((path) => /^scripts\/(?:make|fuzz)-[^/]+\.ts$/.test(path));
    expect(deadFiles(sources, [...roots, ...tools])).toEqual([]);
  });
});

describe('the checks themselves', () => {
  it.each([
    ['protocol/a.ts', "import { b } from '../device/b.ts';"],
    ['protocol/a.ts', "export * from '../sim/b.ts';"],
    ['protocol/a.ts', "import { createHash } from 'node:crypto';"],
    ['protocol/a.ts', "import mqtt from 'mqtt';"],
    ['protocol/crypto.ts', "import { readFileSync } from 'node:fs';"],
    ['device/a.ts', "import type { B } from '../sim/b.ts';"],
    ['device/a.ts', "import { b } from './adapters/b.ts';"],
    ['device/a.ts', "import { connect } from 'node:net';"],
    ['device/a.ts', "const b = await import('mqtt');"],
    ['device/adapters/a.ts', "import { b } from '../../sim/b.ts';"],
    ['sim/a.ts', "import { b } from '../scripts/b.ts';"],
    ['sim/a.ts', "import { b } from './embedded/b.ts';"],
    ['sim/a.ts', "import {\n  b,\n  c,\n} from '../test/b.ts';"],
    ['scripts/a.ts', "type B = import('../test/b.ts').B;"],
    ['elsewhere/a.ts', ''],
  ])('find the wrong import in %s: %s', (path, source) => {
    expect(layeringFaults(path, source)).toHaveLength(1);
  });

  it.each([
    ['protocol/a.ts', "import { b } from './b.ts'; import { encode } from 'cbor-x/index-no-eval';"],
    ['protocol/crypto.ts', "import { createHash } from 'node:crypto';"],
    ['device/a.ts', "// import { b } from '../sim/b.ts';\nimport { b } from '../protocol/index.ts';"],
    ['device/adapters/a.ts', "import { readFileSync } from 'node:fs'; import { b } from '../b.ts';"],
    ['sim/a.ts', "import { b } from '../device/b.ts'; import { c } from '../protocol/c.ts';"],
    ['scripts/a.ts', "import { b } from '../sim/embedded/b.ts';"],
  ])('leave the right imports alone in %s: %s', (path, source) => {
    expect(layeringFaults(path, source)).toEqual([]);
  });

  it.each([
    'const t = Date.now();',
    'const d = new Date();',
    'const d = new Date;',
    'const d = Date();',
    'const r = Math.random();',
    'setTimeout(f, 1);',
    'const stop = setInterval;',
    'const e = process.env;',
    "const e = process['env'];",
    'const t = performance.now();',
    'const u = crypto.randomUUID();',
    'const k = crypto.getRandomValues(b);',
    "await fetch('x');",
    'const now = globalThis.Date;',
    'console.log(1);',
    `const s = \`\${Date.now()}\`;`,
  ])('find the effect in: %s', (source) => {
    for (const path of ['protocol/a.ts', 'device/a.ts', 'sim/a.ts']) expect(effectFaults(path, source)).toHaveLength(1);
    for (const path of ['device/adapters/a.ts', 'sim/embedded/a.ts', 'scripts/a.ts']) {
      expect(effectFaults(path, source)).toEqual([]);
    }
  });

  it.each([
    '// Date.now() is what the clock port wraps.',
    '/* Math.random */ const a = 1;',
    "const s = 'Date.now()';",
    'const s = `Date.now()`;',
    `const s = \`\${a ? \`Math.random()\` : { b: 'process.env' }} setTimeout\`;`,
    'const r = /Date.now()/;',
    'const d = new Date(atMs);',
    'clock.after(5, f); step.process.x;',
  ])('see no effect in: %s', (source) => {
    expect(effectFaults('device/a.ts', source)).toEqual([]);
  });

  it('find a long file, unless it is a listed table', () => {
    const source = 'x\n'.repeat(301);
    expect(lengthFaults('device/a.ts', source, new Map())).toHaveLength(1);
    expect(lengthFaults('device/a.ts', source, new Map([['device/a.ts', 'one row per currency']]))).toEqual([]);
    expect(lengthFaults('device/a.ts', 'x\n'.repeat(300), new Map())).toEqual([]);
    expect(lengthFaults('test/a.test.ts', 'x\n'.repeat(400), new Map())).toEqual([]);
    expect(lengthFaults('test/a.test.ts', 'x\n'.repeat(401), new Map())).toHaveLength(1);
  });

  it.each([
    `// ${'TO'}DO: later`,
    `const path = '/${'home'}/somebody/act-edge';`,
    `"resolved": "https://${'registry'}.example.org/a/-/a-1.tgz"`,
  ])('find the wording in: %s', (text) => {
    expect(wordingFaults('a.md', text)).toHaveLength(1);
  });

  it.each([`it.${'only'}('x', f);`, `describe.${'skip'}('x', f);`, `context.${'skip'}();`])(
    'find the test switched off in: %s',
    (source) => {
      expect(skippedTestFaults('test/a.test.ts', source)).toHaveLength(1);
    },
  );

  it('let a test be skipped under a condition or with a reason', () => {
    expect(skippedTestFaults('test/a.test.ts', "it.skipIf(!installed)('x', f); context.skip('no broker');")).toEqual(
      [],
    );
  });

  it('find a file nothing reaches, also when two dead files import each other', () => {
    const tree = new Map([
      ['device/index.ts', "export { b } from './b.ts';"],
      ['device/b.ts', ''],
      ['device/c.ts', "import './d.ts';"],
      ['device/d.ts', "import './c.ts';"],
    ]);
    expect(deadFiles(tree, ['device/index.ts'])).toEqual(['device/c.ts', 'device/d.ts']);
  });

  it('read imports of every spelling, and lines stay where they were', () => {
    const source =
      "import 'a';\nimport type { B } from \"b\";\nexport * from 'c';\nconst x = 'no';\nawait import('d');\n";
    expect(importsOf(source).sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(codeOnly(source).split('\n')).toHaveLength(source.split('\n').length);
    expect(codeOnly('a / b; c / d // e')).toBe('a / b; c / d     ');
  });
});

it('the checks read every file to its end: the braces of its code pair up', () => {
  for (const [path, source] of sources) {
    const code = codeOnly(source);
    expect([path, code.split('{').length]).toEqual([path, code.split('}').length]);
    expect(code).not.toMatch(/["'`]/);
  }
});

describe('the tools hold the same rules', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'act-edge-tidy-')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  it('Biome refuses wrong layers, default exports, long functions and lonely tests', () => {
    const config = JSON.parse(read('biome.json')) as Record<string, unknown>;
    put('biome.json', JSON.stringify({ ...config, vcs: { enabled: false } }));
    put(
      'protocol/a.ts',
      "import { b } from '../device/b.ts';\nimport { c } from 'node:fs';\nexport const a = [b, c];\n",
    );
    put('device/a.ts', "export * from '../sim/b.ts';\n");
    put('sim/a.ts', "export * from '../scripts/b.ts';\n");
    put('scripts/a.ts', "export * from '../test/b.ts';\nexport default 1;\n");
    put('scripts/long.ts', `export function long(): void {\n${'  long();\n'.repeat(71)}}\n`);
    put('test/a.test.ts', `it.${'only'}('x', () => {});\n`);
    const biome = spawnSync(join(ROOT, 'node_modules/.bin/biome'), ['lint', '--reporter=github', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const findings = biome.stdout.matchAll(/title=lint\/\w+\/(\w+),file=([^,]+)/g);
    const found = [...findings].map((m) => `${relative(folder, m[2] ?? '')} ${m[1]}`);
    expect(found.sort()).toEqual([
      'device/a.ts noRestrictedImports',
      'protocol/a.ts noRestrictedImports',
      'protocol/a.ts noRestrictedImports',
      'scripts/a.ts noDefaultExport',
      'scripts/a.ts noRestrictedImports',
      'scripts/long.ts noExcessiveLinesPerFunction',
      'sim/a.ts noRestrictedImports',
      'test/a.test.ts noFocusedTests',
    ]);
  });

  it.each([
    ['protocol', "import '../device/a.ts';", 'TS6307'],
    ['device', "import '../sim/a.ts';", 'TS6307'],
    ['sim', "import '../scripts/a.ts';", 'TS6307'],
    ['protocol', 'export const stop = setTimeout;', 'TS2304'],
  ])('the compiler refuses in %s: %s', (layer, source, code) => {
    const tree = mkdtempSync(join(folder, 'tree-'));
    cpSync(join(ROOT, 'tsconfig.base.json'), join(tree, 'tsconfig.base.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
    writeFileSync(join(tree, 'package.json'), '{ "type": "module" }');
    for (const name of LAYERS) {
      cpSync(join(ROOT, name, 'tsconfig.json'), join(tree, name, 'tsconfig.json'));
      writeFileSync(join(tree, name, 'a.ts'), 'export const a = 1;\n');
    }
    const build = () => spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-b', layer], { cwd: tree, encoding: 'utf8' });
    expect(build()).toMatchObject({ status: 0, stdout: '' });
    writeFileSync(join(tree, layer, 'b.ts'), `${source}\n`);
    expect(build().stdout).toContain(code);
  });
});
