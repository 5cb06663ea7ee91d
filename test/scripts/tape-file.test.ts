import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { holdLock } from '../../device/adapters/file-lock.ts';
import { softSigningKey } from '../../protocol/index.ts';
import { COMMANDS } from '../../scripts/command-table.ts';
import { runCommandLine } from '../../scripts/dispatch.ts';
import { openTapeFile, type TapeFileParts } from '../../scripts/tape-file.ts';
import { shopVocabulary } from '../../sim/shops/index.ts';
import { readTape, TAPE_BEGINNING, tapeHead } from '../../sim/tape/index.ts';
import { begin, TENANT } from '../sim/world/play.ts';

const refused = vi.hoisted(() => ({ mode: false }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const fchmodSync = (fd: number, mode: number) => {
    if (refused.mode) throw Object.assign(new Error('not yours'), { code: 'EPERM' });
    fs.fchmodSync(fd, mode);
  };
  return { ...fs, fchmodSync };
});
vi.mock('../../device/adapters/file-lock.ts', async (original) => {
  const lock = await original<typeof import('../../device/adapters/file-lock.ts')>();
  return { ...lock, holdLock: vi.fn(lock.holdLock) };
});

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'act-edge-tape-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const HEAD = `${TAPE_BEGINNING}"program":"agent"}`;
const [HALF_MEGABYTE, LIMIT] = [500_000, 1_000];
const SUM_CHARS = 8;

/** Without the sums. */
const plain = (text: string) => text.replaceAll(/ [0-9a-f]{8}$/gm, '');

let files = 0;
function open(parts: Partial<TapeFileParts> = {}) {
  files += 1;
  const path = parts.path ?? join(folder, `tape-${files}`);
  const told: string[] = [];
  const file = openTapeFile({
    path,
    limitBytes: HALF_MEGABYTE,
    onEnd: (...what) => told.push(what.join(' ')),
    ...parts,
  });
  return { file, path, told, text: () => plain(readFileSync(path, 'utf8')) };
}

describe('the options of a recording', () => {
  async function called(...argv: string[]) {
    const err: string[] = [];
    const io = { stdout: { write: () => {} }, stderr: { write: (text: string) => err.push(text) } };
    const code = await runCommandLine(argv, io, COMMANDS, false);
    return { code, err: err.join('') };
  }

  it.each([
    [['--record-words'], /--record-words is for a recording/],
    [['--record', 'a.tape', '--record-limit', '0'], /--record-limit cannot be "0"/],
    [['--record', 'a.tape', '--record-limit', '501'], /--record-limit cannot be "501"/],
    [['--record', 'a.tape', '--record-limit', '1e3'], /--record-limit cannot be "1e3"/],
  ])('are refused before anything is opened: %s', async (options, told) => {
    for (const command of [['agent'], ['bind', '--total', '5.00']]) {
      const { code, err } = await called(...command, '--config', join(folder, 'none.yaml'), ...options);
      expect(err).toMatch(told);
      expect(code).toBe(2);
    }
  });
});

describe('the file of a tape', () => {
  it('T19: is for its owner only, also where it was there with another mode, and has each line at once', () => {
    const { file, path, text } = open();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    file.line(HEAD);
    expect(text()).toBe(`${HEAD}\n`);
    file.line('in start []');
    expect(text()).toBe(`${HEAD}\nin start []\n`);
    const loose = join(folder, 'loose');
    writeFileSync(loose, `${HEAD}\n`, { mode: 0o644 });
    open({ path: loose }).file.close();
    expect(statSync(loose).mode & 0o777).toBe(0o600);
  });

  it('is ended once, and takes nothing afterwards', () => {
    const { file, text } = open();
    file.line(HEAD);
    file.end();
    file.line('in wake []');
    file.close();
    expect(text()).toBe(`${HEAD}\nend closed []\n`);
  });

  it('is not ended where the device was not stopped in order', () => {
    const { file, text } = open();
    file.line(HEAD);
    file.close();
    expect(text()).toBe(`${HEAD}\n`);
  });

  it('goes on behind an earlier life, on a new line where that was cut off within one', () => {
    const { path, text, file: before } = open();
    before.close();
    writeFileSync(path, `${HEAD}\nin start []\nread no`);
    const { file } = open({ path });
    file.line(HEAD);
    expect(text()).toBe(`${HEAD}\nin start []\nread no\n${HEAD}\n`);
  });

  it.each([
    ['another file', (path: string) => writeFileSync(path, 'peers:\n  trustFile: trust.json\n')],
    ['a tape of another version', (path: string) => writeFileSync(path, `${HEAD.replace('1', '2')}\n`)],
    ['a directory', (path: string) => mkdirSync(path)],
    ['a link to somewhere else', (path: string) => symlinkSync(join(folder, 'tape-1'), path)],
    ['a device', (path: string) => symlinkSync('/dev/null', path)],
  ])('T19: writes nothing over %s', (_, make) => {
    const path = join(folder, `taken-${files}`);
    make(path);
    const before = statSync(path).size;
    expect(() => open({ path })).toThrow(expect.objectContaining({ code: 'usage-file' }));
    expect(statSync(path).size).toBe(before);
  });

  it('is written by one program at a time', () => {
    const { file, path } = open();
    expect(() => open({ path })).toThrow(expect.objectContaining({ code: 'store-locked' }));
    file.line(HEAD);
    file.close();
    open({ path }).file.close();
  });

  it('T30: ends at its limit with a line that says so, is never longer, and tells it once', () => {
    const { file, path, text, told } = open({ limitBytes: LIMIT });
    file.line(HEAD);
    for (let i = 0; i < 100; i += 1) file.line(`read now [${i}]`);
    file.close();
    expect(statSync(path).size).toBeLessThanOrEqual(LIMIT);
    expect(text()).toMatch(/\nread now \[\d+\]\nend full \[1000\]\n$/);
    expect(told).toEqual(['recording-full 1000 bytes']);
  });

  it('takes no further life at its limit', () => {
    const { file, path, text } = open({ limitBytes: LIMIT });
    file.line('x'.repeat(LIMIT));
    const first = text();
    file.close();
    writeFileSync(path, `${HEAD}\n${'x'.repeat(LIMIT)}\n`);
    const again = open({ path, limitBytes: LIMIT });
    again.file.line(HEAD);
    again.file.line('in start []');
    expect(first).toBe('');
    expect(again.text()).toBe(`${HEAD}\n${'x'.repeat(LIMIT)}\n`);
    expect(again.told).toEqual(['recording-full 1000 bytes']);
  });

  it('stays whole where the first line of another life finds no room, however little there is', () => {
    const { kid } = softSigningKey(TENANT.devices[0]?.frameSeed as Uint8Array);
    const { settings } = begin().world;
    const parts = { program: 'agent', settings, display: 'hud-480x640', kid, words: true } as const;
    const head = tapeHead({ ...parts, directory: TENANT.file, vocabulary: shopVocabulary });
    const { file, path } = open();
    file.line(head);
    file.end();
    file.close();
    const before = readFileSync(path, 'utf8');
    for (const room of [0, 1, 10, 17, 18, 100, head.length + 9]) {
      const { file: again, told } = open({ path, limitBytes: before.length + 64 + room });
      again.line(head);
      again.line('in start []');
      again.end();
      again.close();
      expect(told).toHaveLength(1);
      expect(readFileSync(path, 'utf8')).toBe(before);
    }
    expect(readTape(before)).toHaveLength(1);
  });

  it('is measured once it is held: what another program wrote until then counts', () => {
    const { file, path } = open();
    file.line(HEAD);
    file.close();
    vi.mocked(holdLock).mockImplementationOnce(() => {
      appendFileSync(path, 'read no');
      return () => {};
    });
    const limitBytes = 2 * (HEAD.length + SUM_CHARS + 2) + 64;
    const { file: again, text, told } = open({ path, limitBytes });
    again.line(HEAD);
    again.close();
    expect(text()).toBe(`${HEAD}\nread no`);
    expect(told).toHaveLength(1);
  });

  it('T19: of another user is refused, and neither kept open nor locked', () => {
    const path = join(folder, 'of-another');
    writeFileSync(path, `${HEAD}\n`);
    refused.mode = true;
    const opened = () => readdirSync('/proc/self/fd').length;
    const before = opened();
    try {
      expect(() => open({ path })).toThrow(
        expect.objectContaining({ code: 'usage-file', message: expect.stringContaining('EPERM') }),
      );
    } finally {
      refused.mode = false;
    }
    expect(opened()).toBe(before);
    open({ path }).file.close();
  });

  it('ends at a full disk, tells it once, and lets the device go on', () => {
    let room = 30 + SUM_CHARS + 1;
    const write = (fd: number, bytes: Uint8Array) => {
      if (room === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      const written = writeSync(fd, bytes.subarray(0, room));
      room -= written;
      return written;
    };
    const { file, text, told } = open({ write });
    for (let i = 0; i < 5; i += 1) file.line('read now [1803600000000]');
    file.close();
    expect(text()).toBe('read now [1803600000000]\nread ');
    expect(told).toEqual(['recording-failed ENOSPC']);
    const silent = open({ write: () => 0 });
    silent.file.line('in start []');
    expect(silent.told).toEqual(['recording-failed ENOSPC']);
  });
});
