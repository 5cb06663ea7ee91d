/** `act-edge audit verify --records`: the causal chain of an intent with what others handed over. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../helpers/temporary.ts';
import { type AuditSet, auditSet } from './audit-set.ts';
import { act } from './keys-run.ts';

const temporary = temporaryDirectory();
const INTENT = '0'.repeat(32);
let set: AuditSet;
let path: string;

beforeAll(async () => {
  set = await auditSet(join(temporary.path, 'set'));
  path = join(temporary.path, 'records');
  writeFileSync(path, '');
}, 60_000);
afterAll(() => temporary.remove());

const verify = (...argv: readonly string[]) => act(['audit', 'verify', ...argv]);

describe('records that others handed over', () => {
  it('go with an intent of a device', async () => {
    expect(await verify('--config', set.config, '--records', path)).toMatchObject({ code: 2 });
    expect(await verify('--bundle', path, '--intent', INTENT, '--records', path)).toMatchObject({ code: 2 });
    const told = await verify('--config', set.config, '--intent', 'mine', '--records', path);
    expect(told).toMatchObject({ code: 1, err: expect.stringContaining('intent-unknown') });
  });

  it('say of an intent that nobody knows that all of it is missing', async () => {
    const told = await verify('--config', set.config, '--intent', INTENT, '--records', path);
    expect(told.code).toBe(1);
    expect(told.out).toMatch(/^incomplete: .*\nnot there: intent, decision, cart, payment, fulfilment\n$/);
  });

  it.each(['', 'no records', '{}\n'])('are refused where the file is %j or not there', async (text) => {
    const other = join(temporary.path, `records-${text.length}`);
    if (text !== '') writeFileSync(other, text);
    const told = await verify('--config', set.config, '--intent', INTENT, '--records', other);
    expect(told).toMatchObject({ code: 1, err: expect.stringContaining('audit-unreadable') });
  });
});
