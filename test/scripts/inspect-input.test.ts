import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hex } from '../../protocol/bytes.ts';
import { COMMANDS } from '../../scripts/command-table.ts';
import { runCommandLine } from '../../scripts/dispatch.ts';
import { sampleFrame } from '../protocol/builders.ts';

const folder = mkdtempSync(join(tmpdir(), 'act-edge-inspect-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function saved(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function run(...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { stdout: { write: (t: string) => out.push(t) }, stderr: { write: (t: string) => err.push(t) } };
  const code = await runCommandLine(['inspect', ...argv], io, COMMANDS, false);
  return { code, out: out.join(''), err: err.join('') };
}

describe('the input', () => {
  const frame = sampleFrame('select');
  const base64 = Buffer.from(frame).toString('base64');

  it.each([
    [
      'hex in capitals with spaces',
      ` 0x${hex(frame)
        .toUpperCase()
        .replace(/(.{8})/g, '$1 ')}`,
      'hex',
    ],
    ['base64', base64, 'base64'],
    ['base64url without padding', Buffer.from(frame).toString('base64url'), 'base64url'],
    ['a binary file', saved('frame.bin', frame), 'binary'],
    ['a file of hex lines', saved('frame.hex', `${hex(frame)}\n`), 'hex'],
    ['a file of base64 lines', saved('frame.b64', base64.replace(/(.{64})/g, '$1\n')), 'base64'],
  ])('is %s', async (_, operand, spelling) => {
    const { code, out } = await run(operand, '--json');
    expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({ code: 0, type: 'select', bytes: frame.length });
    // Text without + and / is of both alphabets.
    const { spelling: said } = JSON.parse(out) as { spelling: string };
    expect([spelling, ...(spelling === 'base64url' ? ['base64'] : [])]).toContain(said);
  });

  it.each([
    [
      'a slip in hex',
      `${hex(frame).slice(0, 40)}g${hex(frame).slice(41)}`,
      'inspect-input: character 40 is "g", not a hexadecimal digit',
    ],
    ['half a byte of hex', 'abc', 'inspect-input: an odd number of hexadecimal digits'],
    ['another alphabet', 'wörter', 'inspect-input: character 1 is "ö"'],
    ['half a byte of base64', 'zzzzz', 'inspect-input: base64 that ends within a byte'],
    ['both alphabets', 'zz+_zz', 'inspect-input: both alphabets of base64'],
    ['nothing', saved('empty', ''), 'inspect-empty'],
    ['a directory', folder, 'inspect-unreadable'],
    ['an array cut short', '8301', 'inspect-malformed: the input ends within an item at byte 2'],
    ['a break alone', 'ff', 'inspect-malformed: a break with nothing to end at byte 0'],
    ['a reserved head', '811c', 'inspect-malformed: a reserved head at byte 1'],
    ['a string cut short', 'a10144aabb', 'inspect-malformed: a string of 4 bytes, of which 2 are here at byte 2'],
    ['a chunk of another kind', '5f6161ff', 'inspect-malformed: a chunk of another kind in a string at byte 1'],
    ['a key without a value', 'bf01ff', 'inspect-malformed: a key without a value at byte 2'],
    ['an integer without a length', '1f', 'inspect-malformed: a head without a length at byte 0'],
    ['a huge count', '9bffffffffffffffff', 'inspect-malformed: the input ends within an item at byte 9'],
    ['a simple value in a head too long', 'f814', 'inspect-malformed: a simple value with a head too long at byte 0'],
    ['items without end inside one another', '81'.repeat(100), 'inspect-malformed: more than 64 items'],
  ])('with %s ends with one line and exit code 1', async (_, operand, line) => {
    const { code, out, err } = await run(operand);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`act-edge: ${line}`);
    expect(err.trimEnd()).not.toContain('\n');
  });

  it.each([
    [['00', '--session', 'xyz']],
    [['00', '--json', '--diag']],
    [['00', '--directory', join(folder, 'nowhere')]],
    [[]],
    [['00', '01']],
  ])('is misused with %j', async (argv) => {
    expect(await run(...argv)).toMatchObject({ code: 2, out: '' });
  });
});
