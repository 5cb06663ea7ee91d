import { describe, expect, it } from 'vitest';
import { mapOf } from '../../protocol/act/json-form.ts';
import { ACT_OBJECTS } from '../../protocol/act/objects.ts';
import { CddlRules, renderCddl } from '../../protocol/cddl.ts';
import { FRAMES } from '../../protocol/frames.ts';
import { OBJECTS } from '../../protocol/objects.ts';
import { PROFILE_FLOOR, PROFILE_VERSION } from '../../protocol/version.ts';
import { int, list, oneOf, text, type WireType, wireMap } from '../../protocol/wire.ts';
import { read } from '../helpers/source-text.ts';

const any = (type: unknown) => type as WireType<unknown>;
const rendered = renderCddl();
/** The names on the left of `=`. */
const rules = [...rendered.matchAll(/^([A-Za-z][\w.-]*)(?:<[^>]*>)? = /gm)].map(([, name]) => name as string);
/** The members of one rule: key, name, and whether it may be left out. */
function membersOf(rule: string): string[] {
  const body = rendered.split(`\n${rule} = {\n`)[1]?.split('\n}')[0] ?? '';
  return [...body.matchAll(/^ {2}(\? )?(-?\d+): .* ; (\w+)$/gm)].map(
    ([, mark = '', key, name]) => `${mark}${key} ${name}`,
  );
}
const declared = (type: unknown): string[] =>
  [...mapOf(any(type)).fields]
    .sort((a, b) => a.key - b.key)
    .map(({ key, name, optional }) => `${optional ? '? ' : ''}${key} ${name}`);

describe('act.cddl', () => {
  it('is what the declarations say today: run `node dist/scripts/make-cddl.js` after a change', () => {
    expect(read('protocol/act.cddl') === rendered).toBe(true);
  });

  it('has one rule of each name', () => {
    expect(rules.length).toBeGreaterThan(150);
    expect(rules.filter((name, i) => rules.indexOf(name) !== i)).toEqual([]);
  });

  it.each(Object.entries(FRAMES))(
    'has the frame %s with its number, and its body with every field',
    (name, { typ, body }) => {
      const rule = mapOf(any(body)).name;
      expect(rendered).toContain(`\nframe-${name} = signed-frame<${typ}, ${rule}>\n`);
      expect(membersOf(rule)).toEqual(declared(body));
      expect(rendered.split(`\n${rule} = {\n`)[1]?.split('\n}')[0]).toContain('  * nint => value, ; extensions');
    },
  );

  it.each(Object.entries(OBJECTS))(
    'has the object %s with its number, every field, and no place for extensions',
    (name, { typ, body }) => {
      expect(rendered).toContain(`\nsigned-${name} = signed-object<${typ}, ${name}>\n`);
      expect(membersOf(name)).toEqual(declared(body));
      expect(rendered.split(`\n${name} = {\n`)[1]?.split('\n}')[0]).not.toContain('* nint');
    },
  );

  it('T20: lets a frame have each version that is spoken and no other', () => {
    const [, listed = ''] = /^version = (.+)$/m.exec(rendered) ?? [];
    const versions = listed.split(' / ').map(Number);
    expect([versions[0], versions.at(-1)]).toEqual([PROFILE_FLOOR, PROFILE_VERSION]);
    expect(versions).toHaveLength(PROFILE_VERSION - PROFILE_FLOOR + 1);
  });

  it('has every ACT object with its component and every field, apart from the messages of the same name', () => {
    for (const [name, { component, type }] of Object.entries(ACT_OBJECTS)) {
      const [, rule = ''] = new RegExp(`; ${component}\nact-object-${name} = (.+)\n`).exec(rendered) ?? [];
      if (rule.includes(' / ')) for (const one of rule.split(' / ')) expect(rules).toContain(one);
      else expect(membersOf(rule), name).toEqual(declared(type));
      expect(rendered.split(`\n${rule} = {\n`)[1]?.split('\n}')[0] ?? '', name).not.toContain('* nint');
    }
    expect(membersOf('act-isr')).toEqual(declared(ACT_OBJECTS.isr.type));
    expect(membersOf('isr')).not.toEqual(membersOf('act-isr'));
  });
});

describe('rendering', () => {
  it('quotes names that are no CDDL names, and writes patterns as XML Schema has them', () => {
    const odd = wireMap('odd', {
      kind: [2, oneOf({ 'a:b': 1, plain: 2 })],
      url: [1, text(20, /^https:\/\/(?:a|b)\.c$/)],
      many: [3, list(int(-1, 1), 2), 'optional'],
    });
    const made = new CddlRules();
    expect(made.of(any(odd))).toBe('odd');
    expect(made.rules.at(-1)).toBe(
      [
        'odd = {',
        '  1: (text .size (1..20)) .and (text .regexp "https://(a|b)\\\\.c"), ; url',
        '  2: &("a:b": 1, plain: 2), ; kind',
        '  ? 3: [0*2 -1..1], ; many',
        '}',
      ].join('\n'),
    );
  });

  it('ACTC-VER-003, ACTC-VER-004: gives a map two rules that is the body of a frame and also stands elsewhere', () => {
    const [inner, made] = [wireMap('inner', { a: [1, int(0, 1)] }), new CddlRules()];
    const outer = wireMap('outer', { inner: [1, inner] });
    expect(made.of(any(inner), '', true)).toBe('inner');
    expect(made.of(any(outer), '', true)).toBe('outer');
    expect([made.of(any(inner)), made.of(any(inner), '', true)]).toEqual(['inner-2', 'inner']);
    expect(made.rules.filter((rule) => rule.includes('* nint')).map((rule) => rule.split(' ')[0])).toEqual([
      'inner',
      'outer',
    ]);
  });

  it('gives two maps of one name two rules, and one map one', () => {
    const [one, other] = [wireMap('same', { a: [1, int(0, 1)] }), wireMap('same', { b: [1, int(0, 1)] })];
    const made = new CddlRules();
    expect([one, other, one].map((type) => made.of(any(type)))).toEqual(['same', 'same-2', 'same']);
  });
});
