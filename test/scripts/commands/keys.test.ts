import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openKey } from '../../../device/adapters/keystore.ts';
import { linuxMachineIdentity } from '../../../device/adapters/machine-identity.ts';
import { hex, utf8 } from '../../../protocol/bytes.ts';
import { act } from './keys-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'act-edge-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const passphrase = join(folder, 'passphrase');
writeFileSync(passphrase, 'a long passphrase\n', { mode: 0o600 });

const run = (...argv: string[]) => act(['keys', ...argv]);

const create = (out: string, ...more: string[]) =>
  run('create', '--purpose', 'agent', '--out', join(folder, out), '--passphrase-file', passphrase, ...more);

const MACHINE = linuxMachineIdentity();
const BY = { passphrase: utf8('a long passphrase'), machine: MACHINE };

describe('act-edge keys', () => {
  it('makes a sealed key that opens with the line in the passphrase file, and shows only its public part', async () => {
    const path = join(folder, 'agent.key');
    const made = await create('agent.key', '--json');
    expect(made).toMatchObject({ code: 0 });
    if (MACHINE.sources.length > 0) expect(made.err).toBe('');
    expect(statSync(path).mode & 0o777).toBe(0o600);

    const key = openKey({ path, purpose: 'agent', ...BY });
    const shown = { purpose: 'agent', kid: hex(key.kid), publicKey: hex(key.publicKey) };
    expect(JSON.parse(made.out)).toEqual(shown);
    const machine = MACHINE.sources.join('+') || 'none';
    expect(JSON.parse((await run('show', path, '--json')).out)).toEqual({ ...shown, machine });
    expect((await run('show', path)).out).toBe(
      `purpose    agent\nkid        ${shown.kid}\npublicKey  ${shown.publicKey}\nmachine    ${machine}\n`,
    );
  });

  it('makes another key each time, and never overwrites one', async () => {
    const [first, second] = [await create('one.key'), await create('two.key')];
    expect(first.out).not.toBe(second.out);
    const before = readFileSync(join(folder, 'one.key'));
    expect(await create('one.key')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('keystore-exists'),
    });
    expect(readFileSync(join(folder, 'one.key'))).toEqual(before);
  });

  it('T19: refuses a passphrase others can read, and says which command mends it', async () => {
    const open = join(folder, 'open');
    writeFileSync(open, 'a long passphrase\n', { mode: 0o644 });
    const made = await run('create', '--purpose', 'agent', '--out', join(folder, 'x.key'), '--passphrase-file', open);
    expect(made).toMatchObject({ code: 1, out: '', err: expect.stringContaining('keystore-permissions') });
    expect(made.err).toContain('chmod 600');
    expect(made.err).not.toContain('a long passphrase');
  });

  it('names the option that is missing or wrong', async () => {
    expect(await run('create', '--purpose', 'agent')).toMatchObject({ code: 2, err: expect.stringContaining('--out') });
    expect(await run('create', '--purpose', 'fun')).toMatchObject({
      code: 2,
      err: expect.stringContaining('agent, conf'),
    });
    expect(await run('show', join(folder, 'none.key'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('keystore-'),
    });
  });
});
