import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS, HID_ERRORS } from '../../../device/hid/commands.ts';
import * as limits from '../../../device/hid/limits.ts';
import { encodeAnswer, encodeRequest } from '../../../device/hid/messages.ts';
import { REPORT_BYTES, USAGE_PAGE } from '../../../device/hid/report-link.ts';
import { PROVED } from './spec-trace.ts';

const document = readFileSync(new URL('../../../device/ACT-HID.md', import.meta.url), 'utf8');

describe('ACT-HID.md', () => {
  it('has each requirement once, and a test for each', () => {
    const ids = [...document.matchAll(/\*\*(HID-[A-Z]+-\d+)\*\*/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(30);
    expect(ids.sort()).toEqual(PROVED.map(([id]) => id).sort());
    for (const [id, file, title] of PROVED) {
      const source = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
      expect([id, source.includes(title)]).toEqual([id, true]);
    }
  });

  it('has the commands and errors of the code, and no others', () => {
    const commands = [...document.matchAll(/^\| ([A-Z-]+) \| 0x([0-9A-F]{2}) \|/gm)];
    expect(
      Object.fromEntries(commands.map(([, name = '', hex = '']) => [name.toLowerCase(), Number.parseInt(hex, 16)])),
    ).toEqual(COMMANDS);
    const [, line = ''] = /^ERROR: ([^.]+)\./m.exec(document.replace(/\n(?=timed-out 13)/, ' ')) ?? [];
    const errors = line.split(/,\s+/).map((one) => one.split(' '));
    expect(Object.fromEntries(errors.map(([name, number]) => [name, Number(number)]))).toEqual(HID_ERRORS);
  });

  it('has the limits of the code', () => {
    const numbers = new Set(
      [...document.matchAll(/^\| [^|]+ \| ([^|]+) \|$/gm)].flatMap(([, cell = '']) => cell.split(' and ')),
    );
    const spelled = (value: number) => (value > 0xffff_0000 ? '0xFFFFFFFF' : value.toLocaleString('en-US'));
    const { HID_VERSION, HID_VERSION_FLOOR, NONCE_BYTES, ...rest } = limits;
    expect([HID_VERSION, HID_VERSION_FLOOR, NONCE_BYTES]).toEqual([1, 1, 8]);
    for (const value of [...Object.values(rest), REPORT_BYTES]) expect(numbers).toContain(spelled(value));
    expect(document).toContain(`0x${USAGE_PAGE.toString(16).toUpperCase()}, 0x01`);
  });

  it('numbers requests and answers as the code does', () => {
    const rows = [...document.matchAll(/^\| ([a-z-]+) \| (\d+) \| /gm)].map(([, kind, number]) => [
      kind,
      Number(number),
    ]);
    const nothing = ['status', 'lock', 'unpair', 'alive'] as const;
    for (const kind of nothing) expect(rows).toContainEqual([kind, encodeRequest({ kind })[1]]);
    for (const kind of ['done', 'declined', 'cancelled', 'timed-out'] as const)
      expect(rows).toContainEqual([kind, encodeAnswer(1, { kind })[2]]);
  });
});
