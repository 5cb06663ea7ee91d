import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Inbox } from '../../../device/link/inbox.ts';
import { COMMANDS } from '../../../scripts/command-table.ts';
import { runCommandLine } from '../../../scripts/dispatch.ts';
import { planOf, seedOf } from '../../../sim/fuzz/plan.ts';
import { type Recording, recordingSchema } from '../../../sim/scenario/index.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'act-edge-sim-replay-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { stdout: { write: (t: string) => out.push(t) }, stderr: { write: (t: string) => err.push(t) } };
  const code = await runCommandLine(['sim', ...argv], io, COMMANDS, false);
  return { code, out: out.join(''), err: err.join('') };
}

const SCENARIO = 'sim/scenarios/receipt-late.yaml';
const read = (name: string) => JSON.parse(readFileSync(path(name), 'utf8')) as Recording;

beforeAll(async () => {
  expect((await run('run', SCENARIO, '--record', path('a.json'))).code).toBe(0);
  await run('run', SCENARIO, '--record', path('b.json'), '--seed', 'another');
  await run('run', SCENARIO, 'sim/scenarios/buy-latte.yaml', '--record', path('two.json'));
});

describe('a recording', () => {
  it('holds the scenario, the seed, every frame and every event', () => {
    const [only, ...others] = read('a.json').runs;
    expect(others).toEqual([]);
    expect(only).toMatchObject({ file: SCENARIO, text: readFileSync(SCENARIO, 'utf8'), row: 0, seed: '1', ok: true });
    expect(only?.frames.map(({ fate }) => fate)).toContain('dropped');
    expect(only?.events.filter((event) => event.includes('glasses-01/1 signs '))).toHaveLength(1);
  });

  it('is replayed exactly, without the file it was made of', async () => {
    const { code, out } = await run('replay', path('a.json'));
    expect(code).toBe(0);
    expect(out).toMatch(/^= The outcome is unknown.*finished: trade-finished, trace [0-9a-f]{16}\n$/);
    const json = JSON.parse((await run('replay', path('two.json'), '--json')).out) as {
      same: boolean;
      runs: unknown[];
    };
    expect(json).toMatchObject({ same: true });
    expect(json.runs).toHaveLength(2);
  });

  it('is stepped through, one event a line', async () => {
    const { out } = await run('replay', path('a.json'), '--step');
    expect(out.split('\n').length - 2).toBe(read('a.json').runs[0]?.events.length);
    expect(out).toMatch(/\n +\d+ {2}\d+ glasses-01\/1 sends confirm from glasses-01 to psp, \d+ bytes, [0-9a-f]{16}\n/);
  });

  it('that does not come out as it was ends with 1 and the first event that differs', async () => {
    const recording = read('a.json');
    const [only] = recording.runs;
    const events = only?.events.map((event, i) => (i === 20 ? `${event} otherwise` : event)) ?? [];
    writeFileSync(path('c.json'), JSON.stringify({ ...recording, runs: [{ ...only, events, traceHash: '00' }] }));
    const { code, out } = await run('replay', path('c.json'));
    expect(code).toBe(1);
    expect(out).toContain('event 21:');
    expect(out).toMatch(/ {2}- .* otherwise\n {2}\+ /);
  });
});

describe('a recording of another version', () => {
  it('ends with 1 and the error where a changed version throws', async () => {
    const broken = vi.spyOn(Inbox.prototype, 'open').mockImplementation(() => {
      throw new TypeError('of a changed version');
    });
    const { code, out, err } = await run('replay', path('a.json'));
    broken.mockRestore();
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/^✗ .*\nthe code threw TypeError: of a changed version\n/);
  });

  it('ends with 2 where its scenario or its row is no more', async () => {
    const recording = read('a.json');
    const [only] = recording.runs;
    writeFileSync(path('d.json'), JSON.stringify({ ...recording, runs: [{ ...only, row: 9 }] }));
    expect(await run('replay', path('d.json'))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/usage-file: .* no row 9/),
    });
    writeFileSync(path('d.json'), JSON.stringify({ ...recording, runs: [{ ...only, text: 'scenario: []\n' }] }));
    expect(await run('replay', path('d.json'))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/config-scenario/),
    });
  });
});

describe('a recording of a random world', () => {
  const recorded = (over: object) => {
    const [only] = read('a.json').runs;
    const fuzz = { crypto: 'fake', plan: { ...planOf('recorded', 1), ...over } };
    return { ...read('a.json'), runs: [{ ...only, fuzz }] };
  };

  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('is read with every plan: delegated %s, aimed %s', (isDelegated, isAimed) => {
    for (let n = 0; n < 20; n += 1) {
      const text = JSON.stringify(recorded(planOf(seedOf('recorded', n, { isDelegated, isAimed }), 2)));
      expect(recordingSchema.safeParse(JSON.parse(text)).error?.issues).toBeUndefined();
    }
  });

  it.each([
    ['a display of later', { display: 'retina' }],
    ['a wearer of another kind', { errands: [{ temper: 'hesitate', order: 'latte' }] }],
    ['acts that are none', { errands: [{ temper: 'buy', order: 'latte', acts: [1] }] }],
    ['sellers that are none', { sellers: 'all' }],
    ['no number of orders', { reorders: undefined }],
    ['half an order more', { reorders: 0.5 }],
  ])('with %s ends with 2', async (_, over) => {
    writeFileSync(path('world.json'), JSON.stringify(recorded(over)));
    const { code, err } = await run('replay', path('world.json'));
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('usage-file') });
  });
});

describe('act-edge sim diff', () => {
  it('finds none between a recording and itself', async () => {
    expect(await run('diff', path('a.json'), path('a.json'))).toEqual({ code: 0, out: 'no difference\n', err: '' });
  });

  it('shows the first event in which two recordings differ', async () => {
    const { code, out } = await run('diff', path('a.json'), path('b.json'));
    expect(code).toBe(1);
    expect(out).toMatch(/event \d+:\n(?: {4}.*\n){0,3} {2}- .*\n {2}\+ .*\n {2}\(- .*a\.json, \+ .*b\.json\)\n$/);
    const json = JSON.parse((await run('diff', path('a.json'), path('b.json'), '--json')).out) as { same: boolean };
    expect(json).toMatchObject({ same: false, first: { at: expect.any(Number) } });
  });

  it('counts the runs, too', async () => {
    const { code, out } = await run('diff', path('a.json'), path('two.json'));
    expect(code).toBe(1);
    expect(out).toMatch(/has 1 runs, .* has 2/);
  });

  it.each(['replay', 'diff'])('%s ends with 2 for what is no recording', async (command) => {
    writeFileSync(path('no.json'), '{"runs":[]}');
    const more = command === 'diff' ? [path('a.json')] : [];
    expect(await run(command, path('no.json'), ...more)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/usage-file: .*no recording/),
    });
    expect(await run(command, SCENARIO, ...more)).toMatchObject({ code: 2, err: expect.stringMatching(/is no JSON/) });
  });
});
