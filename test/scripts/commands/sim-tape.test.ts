/** Tapes of devices as files: what `sim replay` and `sim diff` say of whole, torn, damaged and foreign ones. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { DeviceSettings } from '../../../device/index.ts';
import { Inbox } from '../../../device/link/inbox.ts';
import { softSigningKey } from '../../../protocol/index.ts';
import { COMMANDS } from '../../../scripts/command-table.ts';
import { runCommandLine } from '../../../scripts/dispatch.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { shopVocabulary } from '../../../sim/shops/index.ts';
import { createRecorder, TapeSum, tapeHead } from '../../../sim/tape/index.ts';
import { begin, TENANT, until } from '../../sim/world/play.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'act-edge-sim-tape-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { stdout: { write: (t: string) => out.push(t) }, stderr: { write: (t: string) => err.push(t) } };
  const code = await runCommandLine(['sim', ...argv], io, COMMANDS, false);
  return { code, out: out.join(''), err: err.join('') };
}

let files = 0;
function written(text: string): string {
  files += 1;
  const path = join(folder, `${files}.tape`);
  writeFileSync(path, text);
  return path;
}

/** The lives of a device that dies in the middle of a purchase and takes it up. */
function lives(words = true): readonly (readonly string[])[] {
  const taken: string[][] = [];
  const { kid } = softSigningKey(TENANT.devices[0]?.frameSeed as Uint8Array);
  const recorderOf = (settings: DeviceSettings) => {
    const parts = { program: 'agent', settings, display: 'hud-480x640', kid, words } as const;
    const lines = [tapeHead({ ...parts, directory: TENANT.file, vocabulary: shopVocabulary })];
    taken.push(lines);
    return createRecorder({ settings, withWords: words, line: (line) => lines.push(line) });
  };
  const play = begin({ recorderOf });
  until(play, 'settling');
  play.world.kill('glasses-01');
  play.attempt(() => {});
  play.settle();
  return taken;
}

const [first = [], second = []] = lives();
const [head = ''] = first;
const KEY = { kidHex: '00'.repeat(8), publicKeyHex: '00'.repeat(32) };
const END = 'end closed []';
/** As in a file: with the sums. */
function textOf(...lines: readonly string[]): string {
  const sum = new TapeSum();
  return lines.map((line) => `${sum.written(line)}\n`).join('');
}
const TEXT = textOf(...first, ...second);

describe('a tape of a device', () => {
  it('is played again life by life, and told as what it is', async () => {
    const { code, out, err } = await run('replay', written(TEXT));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^(= glasses-01: broken off, trace [0-9a-f]{16}\n){2}$/);
    const json = JSON.parse((await run('replay', written(TEXT), '--json')).out);
    expect(json).toMatchObject({ same: true, runs: [{ same: true }, { same: true }] });
  });

  it('is stepped through, one line of it a line', async () => {
    const { out } = await run('replay', written(TEXT), '--step');
    expect(out).toMatch(/^ {5}1 {2}in start \[\]\n/);
    expect(out.split('\n').length - 1).toBe(first.length + second.length);
  });

  it('that a kill has torn is played as far as it is whole, and that is told', async () => {
    const { code, out } = await run('replay', written(TEXT.slice(0, -9)));
    expect(code).toBe(0);
    expect(out).toContain(`broken off, in the middle of line ${first.length + second.length},`);
    const torn = `${textOf(...first)}read no\n${textOf(...second)}`;
    const middle = await run('replay', written(torn));
    expect(middle.code).toBe(0);
    expect(middle.out).toContain(`broken off, in the middle of line ${first.length + 1},`);
    const headless = await run(
      'replay',
      written(`${textOf(...first)}${second[0]?.slice(0, 90)}\n${textOf(...second)}`),
    );
    expect(headless).toMatchObject({ code: 0, out: expect.stringMatching(/^(= .*\n){2}$/) });
  });

  it('whose last line was whole and is another now is damaged, and not torn (in any of its lives)', async () => {
    for (const [name, lines] of [
      ['last', [...first, ...second]],
      ['middle', first],
    ] as const) {
      const text = textOf(...lines).trimEnd();
      const rest = name === 'middle' ? `\n${textOf(...second)}` : '\n';
      const other = (at: number) => `${text.slice(0, at)}${text[at] === '7' ? '8' : '7'}${text.slice(at + 1)}${rest}`;
      for (const at of [text.length - 1, text.length - 8, text.length - 12]) {
        const { code, err } = await run('replay', written(other(at)));
        expect({ at, code, err }).toEqual({
          at,
          code: 2,
          err: expect.stringContaining(`line ${lines.length} is damaged`),
        });
      }
    }
  });

  it('of a device that could not start is played as it is', async () => {
    const sealed = JSON.stringify({ ...json, link: { windowS: 86_400 } });
    const { code, out } = await run('replay', written(textOf(sealed, END, ...first)));
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^= .*: stopped in order, .*\n= /) });
  });

  it('of which one life has no words has its others played, and ends with 2 and says which', async () => {
    const [silent = []] = lives(false);
    const file = written(textOf(...silent, ...first));
    const { code, out, err } = await run('replay', file);
    expect(code).toBe(2);
    expect(out).toMatch(/^\? glasses-01: what the wearer said is not in it\n= glasses-01: /);
    expect(err).toMatch(/usage-file: .*; record with --record-words$/m);
    const told = await run('replay', file, '--json');
    expect(told.code).toBe(2);
    expect(JSON.parse(told.out)).toMatchObject({
      same: false,
      runs: [{ same: false, refused: expect.stringContaining('not in it') }, { same: true }],
    });
  });

  it('T8: shows nothing of a tape raw to a terminal', async () => {
    const strange = JSON.parse(head);
    strange.settings.device = 'glasses\u001b[2J\u202e';
    const event = 'in start ["\u009b2J\u202e"]';
    const file = written(textOf(JSON.stringify(strange), event));
    const shown = [
      await run('replay', file),
      await run('replay', file, '--step'),
      await run('diff', file, written(textOf(JSON.stringify(strange), 'in wake ["\u202e"]'))),
    ];
    for (const { out, err } of shown) expect(`${out}${err}`.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(shown[0]?.out).toContain('glasses\\u001b[2J\\u202e');
  });

  it('is another one where only what the device was differs', async () => {
    const other = first.with(0, head.replace(/"orderCapMinor":\d+/, '"orderCapMinor":1'));
    const { code, out } = await run('diff', written(TEXT), written(textOf(...other, ...second)));
    expect(code).toBe(1);
    expect(out).toMatch(/^glasses-01\nhead 1:\n {2}- .*orderCapMinor.*\n {2}\+ /);
  });

  it('that was full says so', async () => {
    const { code, out } = await run('replay', written(textOf(...first.slice(0, 60), 'end full [1000]')));
    expect(code).toBe(0);
    expect(out).toContain('glasses-01: the tape was full, trace');
  });

  it('of a device that was stopped in order has to end where it ends', async () => {
    const last = first.findLastIndex((line) => line.startsWith('in '));
    const { code, out } = await run('replay', written(textOf(...first.slice(0, last + 1), END)));
    expect(code).toBe(1);
    expect(out).toMatch(/ {2}- end closed \[\]\n {2}\+ /);
  });

  it('is compared with another, where only what lies around the difference is shown of a long line', async () => {
    const other = second.map((line) =>
      line.startsWith('read records ["journal"') ? line.replace(/[0-9a-f]{2}"\}\]\]$/, 'ff"}]]') : line,
    );
    const { code, out } = await run('diff', written(TEXT), written(textOf(...first, ...other)));
    expect(code).toBe(1);
    expect(out).toMatch(/\n {2}- ….*\n {2}\+ ….*\n {2}\(- /);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThan(600);
    expect((await run('diff', written(TEXT), written(TEXT))).code).toBe(0);
  });

  it('ends with 1 and the place where a changed version throws', async () => {
    vi.spyOn(Inbox.prototype, 'open').mockImplementation(() => {
      throw new TypeError('of a changed version');
    });
    const { code, out, err } = await run('replay', written(TEXT));
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/^the code threw TypeError at line \d+ of the tape: of a changed version$/m);
    expect(out).toMatch(/ {2}\+ out threw \["TypeError",null\]\n/);
    const json = JSON.parse((await run('replay', written(TEXT), '--json')).out);
    expect(json.runs[0]).toMatchObject({ same: false, thrown: expect.stringContaining('TypeError') });
  });

  const json = JSON.parse(head);
  it.each([
    [
      'a newer version',
      textOf(head.replace('"version":1', '"version":2')),
      /line 1: it is of version 2, and this program reads version 1/,
    ],
    [
      'a line that is none',
      textOf(...first.slice(0, 9), 'so it goes', ...first.slice(9)),
      /line 10 is no line of a tape/,
    ],
    ['hex that is none', textOf(head, 'read random [{"$hex":"0g"}]', ...first.slice(1)), /line 2 is no line of a tape/],
    [
      'another time in it',
      TEXT.replace(/(?<=read now \[\d+)\d/, (digit) => `${9 - Number(digit)}`),
      /line \d+ is damaged/,
    ],
    ['two lines in another order', TEXT.replace(/^(read .*\n)(out .*\n)/m, '$2$1'), /line \d+ is damaged/],
    ['a line less', TEXT.replace(/^read now .*\n/m, ''), /line \d+ is damaged/],
    [
      'a head with something else in it',
      textOf(JSON.stringify({ ...json, settings: {} })),
      /line 1: settings\.\w+ is not/,
    ],
    ['a directory that is none', textOf(JSON.stringify({ ...json, directory: [] })), /line 1: its directory is none/],
    [
      'keys that are none',
      textOf(head.replace(/"publicKeyHex":"[0-9a-f]{64}"/, `"publicKeyHex":"${'0'.repeat(64)}"`)),
      /line 1: it says what cannot be: /,
    ],
    [
      'times that cannot be',
      textOf(JSON.stringify({ ...json, link: { windowS: 1, enrolled: { ...KEY, notBefore: -1, notAfter: 0 } } })),
      /line 1: it says what cannot be: time-range/,
    ],
    ['a display of later', textOf(JSON.stringify({ ...json, display: 'retina' })), /line 1: its display is none/],
    [
      'a vocabulary that is none',
      textOf(JSON.stringify({ ...json, vocabulary: {} })),
      /line 1: its vocabulary is none/,
    ],
    ['only half a head', head.slice(0, 100), /its first line is broken off/],
    ['something else', 'peers:\n', /is no JSON/],
    ['a newer recording', '{"format":"act-edge recording","version":2,"runs":[]}', /is a recording of version 2/],
  ])('with %s ends with 2 and says where', async (_, text, told) => {
    const { code, err } = await run('replay', written(text));
    expect(err).toMatch(/^act-edge: usage-file: /);
    expect(err).toMatch(told);
    expect(code).toBe(2);
  });

  it('without the words ends with 2, and can still be compared', async () => {
    const [silent = []] = lives(false);
    const file = written(textOf(...silent));
    expect(await run('replay', file)).toMatchObject({ code: 2, err: expect.stringContaining('--record-words') });
    expect((await run('diff', file, file)).code).toBe(0);
  });

  it('altered anywhere is damaged', async () => {
    const random = new SeededRandom('altered');
    for (let i = 0; i < 40; i += 1) {
      const at = random.below(TEXT.length - 1);
      const altered = `${TEXT.slice(0, at)}${String.fromCharCode(33 + random.below(90))}${TEXT.slice(at + 1)}`;
      const { code, err } = await run('replay', written(altered));
      if (altered !== TEXT)
        expect({ at, code, err }).toEqual({ at, code: 2, err: expect.stringContaining('usage-file') });
    }
  });
});
