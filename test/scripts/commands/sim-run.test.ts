import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../scripts/command-table.ts';
import { runCommandLine } from '../../../scripts/dispatch.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'act-edge-sim-run-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GOOD = `scenario: A click <declines>
tags: [good]
steps:
  - say: order me a large iced latte, less sugar, under 25 yuan
  - say: "yes"
  - say: the second one
  - click
expect: { ending: "declined: clicked", debits: 0 }
`;
const SHORT = GOOD.replace('A click <declines>', 'A click pays')
  .replace('debits: 0', 'debits: 1')
  .replace('good', 'short');
const STUCK = GOOD.replace('A click <declines>', 'It hangs')
  .replace('- click', '- hear: never said\n    within: 10 s')
  .replace('good', 'stuck');

const path = (name: string) => join(folder, name);

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { stdout: { write: (t: string) => out.push(t) }, stderr: { write: (t: string) => err.push(t) } };
  const code = await runCommandLine(['sim', 'run', ...argv], io, COMMANDS, false);
  return { code, out: out.join(''), err: err.join('') };
}

beforeEach(() => {
  writeFileSync(path('a-good.yaml'), GOOD);
  writeFileSync(path('b-short.yaml'), SHORT);
  writeFileSync(path('c-stuck.yml'), STUCK);
});

describe('act-edge sim run', () => {
  it('tells each step with its line, what it came to, and ends with 0 when everything held', async () => {
    const { code, out, err } = await run(path('a-good.yaml'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('A click <declines>');
    expect(out).toMatch(/✓ +2\.10 s {2}line {3}6 {2}say: the second one/);
    expect(out).toContain('declined: clicked, 0 debits of CNY 0.00');
    expect(out).toMatch(/1 held, 0 fell short, \d+ s of virtual time\n$/);
  });

  it('plays all files of a directory, tells the story of what fell short, and ends with 1', async () => {
    const { code, out } = await run(folder);
    expect(code).toBe(1);
    expect(out).toContain('✗ debits: expected 1, it is 0');
    expect(out).toMatch(/✗ .*line {3}7 {2}hear: never said\n.*has not said “never said”.*confirming/);
    expect(out).toContain('HUD');
    expect(out).toMatch(/1 held, 2 fell short/);
  });

  it('takes only what has one of the tags', async () => {
    expect((await run(folder, '--tags', 'other,good')).code).toBe(0);
    expect(await run(folder, '--tags', 'nobody')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/usage-file: no scenario/),
    });
  });

  it('prints one JSON object, and the same one for the same seed', async () => {
    const first = await run(folder, '--json', '--seed', 'x');
    const { ok, scenarios } = JSON.parse(first.out) as {
      ok: boolean;
      scenarios: { name: string; ok: boolean; ending: string; traceHash: string; seed: string }[];
    };
    expect(ok).toBe(false);
    expect(scenarios.map((one) => [one.name, one.ok])).toEqual([
      ['A click <declines>', true],
      ['A click pays', false],
      ['It hangs', false],
    ]);
    expect(scenarios[0]).toMatchObject({ ending: 'declined: clicked', seed: 'x' });
    expect((await run(folder, '--json', '--seed', 'x')).out).toBe(first.out);
    const other = JSON.parse((await run(folder, '--json', '--seed', 'y')).out) as {
      scenarios: { traceHash: string }[];
    };
    expect(other.scenarios[0]?.traceHash).not.toBe(scenarios[0]?.traceHash);
  });

  it('writes JUnit XML and an HTML report that needs nothing from elsewhere', async () => {
    await run(folder, '--json', '--junit', path('r.xml'), '--html', path('r.html'));
    const xml = readFileSync(path('r.xml'), 'utf8');
    expect(xml).toContain('<testsuites name="act-edge sim run" tests="3" failures="2" errors="0">');
    expect(xml).toContain('name="A click &lt;declines&gt;"');
    expect(xml).toContain('<failure message="debits: expected 1, it is 0">');
    const html = readFileSync(path('r.html'), 'utf8');
    expect(html).toContain('Total CNY 19.00');
    expect(html).toContain('class="sequence"');
    expect(/<script|https?:|src=|@import|url\(/.exec(html)?.[0]).toBeUndefined();
    expect(html).not.toContain('<declines>');
  });

  it.each([
    ['a file that is not there', ['nowhere.yaml'], /usage-file: .*nowhere\.yaml.*ENOENT/],
    ['a report that cannot be written', ['a-good.yaml', '--html', 'no/such/r.html'], /usage-file: .*r\.html/],
  ])('ends with 2 for %s', async (_what, [file = '', ...more], message) => {
    const { code, err } = await run(path(file), ...more.map((one) => (one.startsWith('--') ? one : path(one))));
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('ends with 2 and the place for a file with a mistake, before anything is played', async () => {
    writeFileSync(path('d-wrong.yaml'), GOOD.replace('- click', '- clikc: {}'));
    const { code, out, err } = await run(folder);
    rmSync(path('d-wrong.yaml'));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^act-edge: config-scenario-invalid: .*d-wrong\.yaml:7:5: there is no "clikc" here; /);
  });

  it('ends with 2 for a shop that is not there', async () => {
    writeFileSync(path('d-wrong.yaml'), GOOD.replace('steps:', 'world: { only-shops: [moon-bar] }\nsteps:'));
    const { code, err } = await run(path('d-wrong.yaml'));
    rmSync(path('d-wrong.yaml'));
    expect(code).toBe(2);
    expect(err).toMatch(/there is no shop moon-bar/);
  });
});
