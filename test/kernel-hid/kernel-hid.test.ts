import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/source-text.ts';
import { CASES } from './cases.ts';

/** The exit code of scripts/kernel-hid.sh that says that this machine cannot run it. */
const NOT_POSSIBLE = 3;

describe('on a real Linux kernel, through /dev/uhid and /dev/hidraw', () => {
  let status: number | null = null;
  let lines: readonly string[] = [];
  let complaint = '';

  // Building takes minutes and is for scripts/setup.sh; here the kernel is there or it is not.
  beforeAll(() => {
    const script = join(ROOT, 'scripts/kernel-hid.sh');
    const run = spawnSync('bash', [script, '--no-build'], { encoding: 'utf8', timeout: 150_000 });
    status = run.status;
    lines = run.stdout.split('\n').filter((line) => line !== '');
    complaint = run.stderr.trim();
    if (status === NOT_POSSIBLE) console.warn(complaint);
  }, 160_000);

  it.for(Object.keys(CASES))('%s', (name, context) => {
    if (status === NOT_POSSIBLE) context.skip(complaint);
    expect(lines.filter((line) => line.includes(name))).toEqual([`ok ${name}`]);
  });

  it('ran every case, and the guest ended well', (context) => {
    if (status === NOT_POSSIBLE) context.skip(complaint);
    expect({ status, lines: lines.length, complaint }).toEqual({
      status: 0,
      lines: Object.keys(CASES).length,
      complaint: '',
    });
  });
});
