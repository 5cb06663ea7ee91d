/** SPEC.md against the code, and every requirement in it against the tests. */
import { describe, expect, it } from 'vitest';
import { decodeCbor, PROTOCOL_ERROR_CODES, parseSign1 } from '../../protocol/index.ts';
import { ERROR_MEANINGS } from '../../scripts/make-published/error-meanings.ts';
import { withTables } from '../../scripts/make-published/spec-tables.ts';
import { VECTORS_FOLDER } from '../../scripts/make-vectors.ts';
import { filesBelow, read } from '../helpers/source-text.ts';
import { SIGNED, sampleFrame } from './builders.ts';
import { PROVED_ELSEWHERE } from './spec-trace.ts';

const spec = read('protocol/SPEC.md');
const ID = /ACTC-[A-Z]{3}-\d{3}/g;
const defined = [...spec.matchAll(/^- \*\*(ACTC-[A-Z]{3}-\d{3})\*\* /gm)].map(([, id]) => id as string);
const untestable = new Set(spec.split('## 12. Not testable here')[1]?.split('\n## ')[0]?.match(ID));

/** Ids in titles: what stands inside the quotes behind `it(`, `it.each(…)(` or `describe(`. */
function idsInTitles(source: string): string[] {
  const titles = source.matchAll(/\b(?:it|describe)(?:\.each\([\s\S]*?\))?\(\s*(['"`])([\s\S]*?)\1/g);
  return [...titles].flatMap(([, , title]) => title?.match(ID) ?? []);
}

const tests = filesBelow('test').filter((path) => path.endsWith('.test.ts'));
const inTitles = new Set(tests.flatMap((path) => idsInTitles(read(path))));
// vectors.test.ts makes a test of every vector, with these ids in its title.
const inVectors = new Set(filesBelow(VECTORS_FOLDER).flatMap((path) => read(path).match(ID) ?? []));

describe('SPEC.md', () => {
  it('has the tables of the code: run `node dist/scripts/make-cddl.js` after a change', () => {
    expect(withTables(spec) === spec).toBe(true);
  });

  it('is refused by the table maker with a table missing, unknown or twice', () => {
    expect(() => withTables(spec.replace('<!-- table: frames -->', ''))).toThrow('frames');
    expect(() => withTables(`${spec}\n<!-- table: nothing -->\n<!-- end -->`)).toThrow('nothing');
    expect(() => withTables(`${spec}\n<!-- table: frames -->\n<!-- end -->`)).toThrow('frames');
  });

  it('ACTC-ERR-001: lists every error code once, each with a meaning of its own', () => {
    const table = spec.split('<!-- table: errors -->')[1]?.split('<!-- end -->')[0] ?? '';
    const listed = [...table.matchAll(/^\| `([a-z0-9-]+)` \| \S/gm)].map(([, code]) => code);
    expect(listed).toEqual([...PROTOCOL_ERROR_CODES]);
    expect(Object.keys(ERROR_MEANINGS).sort()).toEqual([...PROTOCOL_ERROR_CODES].sort());
  });

  it('names no code that there is not', () => {
    const families = new Set(PROTOCOL_ERROR_CODES.map((code) => code.split('-')[0]));
    const text = spec.replace(/<!-- table: [\s\S]*?<!-- end -->/g, '');
    const named = [...text.matchAll(/`([a-z0-9]+-[a-z0-9-]*[a-z0-9])`/g)].map(([, word]) => word as string);
    // Frames and maps are spelt alike: they stand in the tables of types.
    const types = new Set(spec.match(/(?<=^\| \d+ \| )[a-z0-9-]+|(?<=^\| `)[a-z0-9-]+(?=` \| -?\d)/gm));
    const codes = named.filter((word) => families.has(word.split('-')[0] ?? '') && !types.has(word));
    expect(codes.length).toBeGreaterThan(40);
    expect(codes.filter((code) => !(PROTOCOL_ERROR_CODES as readonly string[]).includes(code))).toEqual([]);
  });

  it('has the header labels that are written: of frames all five, of objects three', () => {
    const labels = (bytes: Uint8Array) => [
      ...(decodeCbor(parseSign1(bytes).protectedBytes) as Map<number, unknown>).keys(),
    ];
    const table = [...spec.matchAll(/^\| (-?\d+) \| [\w ]+ \| required \| (required|refused) \|$/gm)];
    const rows = table.map(([, label, object]) => [Number(label), object] as const);
    expect(rows.map(([label]) => label)).toEqual(labels(sampleFrame('intent')));
    expect(rows.filter(([, object]) => object === 'required').map(([label]) => label)).toEqual(labels(SIGNED.cart));
  });
});

describe('requirements', () => {
  it('have one id each, counted up without gaps in their family', () => {
    expect(defined.length).toBeGreaterThan(90);
    const next = new Map<string, number>();
    for (const id of defined) {
      const [, family = '', number] = id.split('-');
      expect([id, Number(number)]).toEqual([id, (next.get(family) ?? 0) + 1]);
      next.set(family, Number(number));
    }
  });

  it('each say what MUST, SHOULD or MAY be', () => {
    const texts = spec.split(/^- \*\*/m).slice(1);
    const silent = texts.filter((part) => !/\b(?:MUST|SHOULD|MAY)\b/.test(part.split(/\n\n|\n\|/)[0] ?? ''));
    expect(silent.map((part) => part.slice(0, 12))).toEqual([]);
  });

  it('are all proved: by a test title, a vector, a named test of another part, or declared not testable here', () => {
    const proved = new Set([...inTitles, ...inVectors, ...Object.keys(PROVED_ELSEWHERE), ...untestable]);
    expect(defined.filter((id) => !proved.has(id))).toEqual([]);
    expect([...untestable].filter((id) => inTitles.has(id) || inVectors.has(id) || id in PROVED_ELSEWHERE)).toEqual([]);
  });

  it('exist wherever they are named', () => {
    const named = [
      ...inTitles,
      ...inVectors,
      ...Object.keys(PROVED_ELSEWHERE),
      ...untestable,
      ...(spec.match(ID) ?? []),
    ];
    const sources = filesBelow('protocol').filter((path) => path.endsWith('.ts'));
    const inSources = sources.flatMap((path) => read(path).match(ID) ?? []);
    expect([...new Set([...named, ...inSources])].filter((id) => !defined.includes(id))).toEqual([]);
  });

  it.each(Object.entries(PROVED_ELSEWHERE))('%s is proved by a test that is there', (_, [file, title]) => {
    expect(title.length).toBeGreaterThan(10);
    expect(read(file)).toContain(title);
  });
});
