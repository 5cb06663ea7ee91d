import { posix } from 'node:path';
import { codeOnly, importsOf, lineAt } from './source-text.ts';

/** A part of the tree with its own rights; the first whose `files` matches a path is the path's zone. */
interface Zone {
  readonly name: string;
  readonly files: RegExp;
  /** Zones whose files it may import. */
  readonly ours: readonly string[];
  /** Packages and Node built-ins it may import. */
  readonly others: RegExp;
  /** Whether it may touch the clock, randomness, timers, the process, sockets and files. */
  readonly effects: boolean;
}

const ANY = /./;
const NONE = /^$/;
const CORE = ['protocol', 'protocol/crypto'];
const DEVICE = [...CORE, 'device'];
const ADAPTERS = [...DEVICE, 'device/format', 'device/adapters'];
const SIM = [...DEVICE, 'device/format', 'device/index', 'sim'];
const EMBEDDED = [...SIM, 'device/adapters', 'sim/embedded'];

/** Design 10: `protocol/` imports nothing of ours, `device/` only that, `sim/` both; effects enter through ports. */
export const ZONES: readonly Zone[] = [
  {
    name: 'protocol/crypto',
    files: /^protocol\/crypto\.ts$/,
    ours: CORE,
    others: /^(?:node:crypto|@noble\/[\w-]+)$/,
    effects: false,
  },
  {
    name: 'protocol',
    files: /^protocol\//,
    ours: CORE,
    others: /^(?:cbor-x(?:\/[\w-]+)?|@noble\/[\w-]+|canonicalize|zod\/mini)$/,
    effects: false,
  },
  // The public index names the bodies of the ports as well; nothing else in device/ knows them.
  { name: 'device/index', files: /^device\/index\.ts$/, ours: ADAPTERS, others: NONE, effects: false },
  // How a journal is spelt in bytes: pure, and so shared with the journal of the simulator.
  { name: 'device/format', files: /^device\/adapters\/journal-format\.ts$/, ours: CORE, others: NONE, effects: false },
  { name: 'device/adapters', files: /^device\/adapters\//, ours: ADAPTERS, others: ANY, effects: true },
  // What a maker writes: bodies, and the public index.
  {
    name: 'device/examples',
    files: /^device\/examples\//,
    ours: [...ADAPTERS, 'device/index'],
    others: ANY,
    effects: true,
  },
  { name: 'device', files: /^device\//, ours: DEVICE, others: /^zod\/mini$/, effects: false },
  { name: 'sim/index', files: /^sim\/index\.ts$/, ours: EMBEDDED, others: NONE, effects: false },
  // Real servers inside the simulator: a broker on loopback, say.
  { name: 'sim/embedded', files: /^sim\/embedded\//, ours: EMBEDDED, others: ANY, effects: true },
  { name: 'sim', files: /^sim\//, ours: SIM, others: /^(?:zod\/mini|yaml)$/, effects: false },
  { name: 'scripts', files: /^scripts\//, ours: [...EMBEDDED, 'sim/index', 'scripts'], others: ANY, effects: true },
];

const EFFECTS: readonly (readonly [RegExp, string])[] = [
  [/\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|(?![\w\s(.]))|(?<!new\s+)(?<![\w.])Date\s*\(/g, 'the wall clock'],
  [/(?<![\w.])performance\b|\bhrtime\b/g, 'a clock'],
  [/\bMath\s*\.\s*random\b/g, 'unseeded randomness'],
  [/\b(?:getRandomValues|randomBytes|randomUUID|randomInt|randomFill(?:Sync)?)\b/g, 'unseeded randomness'],
  [/(?<![\w.])(?:setTimeout|setInterval|setImmediate)\b/g, 'a timer'],
  [/(?<![\w.])process\s*[.?[]/g, 'the process'],
  [/(?<![\w.])(?:fetch|WebSocket|EventSource)\s*\(/g, 'the network'],
  [/(?<![\w.])console\s*\./g, 'the console'],
  [/(?<![\w.])(?:globalThis|global)\b/g, 'global state'],
  [/\bcrypto\s*\.\s*(?:subtle|webcrypto)\b/g, 'asynchronous crypto'],
  [/(?<![\w.])(?:require|eval)\s*\(|\bnew\s+Function\b/g, 'code loaded at run time'],
];

const zoneOf = (path: string): Zone | undefined => ZONES.find((zone) => zone.files.test(path));

/** Where a relative import leads, as a path from the root. */
export const resolveImport = (from: string, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(from), specifier));

/** Imports that break the layering, one sentence each. */
export function layeringFaults(path: string, source: string): string[] {
  const zone = zoneOf(path);
  if (zone === undefined) return [`${path}: belongs to no layer`];
  return importsOf(source).flatMap((specifier) => {
    if (!specifier.startsWith('.')) {
      return zone.others.test(specifier) ? [] : [`${path}: ${zone.name} may not import ${specifier}`];
    }
    const target = zoneOf(resolveImport(path, specifier));
    return target !== undefined && zone.ours.includes(target.name)
      ? []
      : [`${path}: ${zone.name} may not import ${specifier}`];
  });
}

/** Uses of the clock, randomness, timers, the process, the network outside the zones that may. */
export function effectFaults(path: string, source: string): string[] {
  if (zoneOf(path)?.effects === true) return [];
  const code = codeOnly(source);
  return EFFECTS.flatMap(([pattern, what]) =>
    [...code.matchAll(pattern)].map(
      (m) => `${path}:${lineAt(code, m.index)}: ${m[0].trim()} is ${what}; take it as a port`,
    ),
  );
}

/** Files that are too long and not in `tables`. Tests may be somewhat longer: most of theirs is tables of cases. */
export function lengthFaults(path: string, source: string, tables: ReadonlyMap<string, string>): string[] {
  const limit = path.startsWith('test/') ? 400 : 300;
  const lines = source.split('\n').length - 1;
  return lines <= limit || tables.has(path) ? [] : [`${path}: ${lines} lines; one thing per file, at most ${limit}`];
}

// Each pattern is spelt so that it does not find itself.
const WORDING: readonly (readonly [RegExp, string])[] = [
  [/\b(?:TO[D]O|FIX[M]E|HAC[K])\b/g, 'left for later'],
  [/(?<![\w.~/-])\/(?:home|root|Users|work)\/\w|\b[A-Z]:\\+Users\b/g, 'a path of one machine'],
  [
    /https?:\/\/(?:registry\.|[^\s/'"]*(?:artifactory|nexus|verdaccio|mirror))[^\s'"]*/g,
    'a host of one package registry',
  ],
];

/** Wording that does not belong into a repository, in any kind of text file. */
export function wordingFaults(path: string, text: string): string[] {
  return WORDING.flatMap(([pattern, what]) =>
    [...text.matchAll(pattern)].map((m) => `${path}:${lineAt(text, m.index)}: ${m[0]} is ${what}`),
  );
}

const SKIPPED: readonly (readonly [RegExp, string])[] = [
  [/\b(?:it|test|describe|suite)(?:\.\w+)*\.only\b|(?<![\w.])(?:fit|fdescribe)\s*\(/g, 'hides all other tests'],
  [
    /\b(?:it|test|describe|suite)\.(?:skip|todo)\b|(?<![\w.])(?:xit|xdescribe)\s*\(/g,
    'never runs; say when with skipIf',
  ],
  [/\bskip\(\s*\)/g, 'gives no reason'],
];

/** Tests that are switched off for good, or switch off the others. */
export function skippedTestFaults(path: string, source: string): string[] {
  const code = codeOnly(source, 'strings');
  return SKIPPED.flatMap(([pattern, what]) =>
    [...code.matchAll(pattern)].map((m) => `${path}:${lineAt(code, m.index)}: ${m[0]} ${what}`),
  );
}

/** Source files that nothing reaches from `roots`; `sources` maps paths to text. */
export function deadFiles(sources: ReadonlyMap<string, string>, roots: readonly string[]): string[] {
  const reached = new Set<string>();
  const queue = [...roots];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const source = sources.get(path);
    if (source === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const specifier of importsOf(source))
      if (specifier.startsWith('.')) queue.push(resolveImport(path, specifier));
  }
  return [...sources.keys()].filter((path) => !reached.has(path));
}
