import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openToken } from '../../../device/adapters/keystore.ts';
import { linuxMachineIdentity } from '../../../device/adapters/machine-identity.ts';
import { fromHex, hex, utf8 } from '../../../protocol/bytes.ts';
import { decodeCbor } from '../../../protocol/cbor.ts';
import { digestOf } from '../../../protocol/ids.ts';
import { recipientKidOf } from '../../../protocol/recipient-key.ts';
import { thumbprintOf } from '../../../protocol/sign1.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';
import { compileBinary } from '../../process/programs.ts';
import { act } from './keys-run.ts';

const temporary = temporaryDirectory();
const at = (name: string) => join(temporary.path, name);
const passphrase = at('passphrase');
afterAll(() => temporary.remove());

const made: Record<string, { kid: string; publicKey: string }> = {};
beforeAll(async () => {
  writeFileSync(passphrase, 'a long passphrase\n', { mode: 0o600 });
  for (const purpose of ['agent', 'confirmation', 'recipient', 'identity'] as const) {
    const args = ['--purpose', purpose, '--out', at(`${purpose}.key`), '--passphrase-file', passphrase, '--json'];
    made[purpose] = JSON.parse((await act(['keys', 'create', ...args])).out);
  }
});

describe('act-edge keys export', () => {
  it('gives the public half as hex and as a COSE_Key with the thumbprint of the key', async () => {
    const shown = JSON.parse((await act(['keys', 'export', at('confirmation.key'), '--json'])).out);
    expect(shown).toMatchObject({ purpose: 'confirmation', ...made.confirmation });
    expect(digestOf(fromHex(shown.coseKey))).toBe(thumbprintOf(fromHex(shown.publicKey)));
    expect(decodeCbor(fromHex(shown.coseKey))).toBeInstanceOf(Map);
    const recipient = JSON.parse((await act(['keys', 'export', at('recipient.key'), '--json'])).out);
    expect(digestOf(fromHex(recipient.coseKey)).slice(0, 16)).toBe(hex(recipientKidOf(fromHex(recipient.publicKey))));
  });

  it('gives the entry of a directory for the keys that stand in one', async () => {
    const entryOf = async (purpose: string) =>
      JSON.parse((await act(['keys', 'export', at(`${purpose}.key`), '--party', 'glasses-01', '--json'])).out).entry;
    const party = 'glasses-01';
    expect(await entryOf('agent')).toEqual({
      party,
      role: 'device',
      use: 'frame',
      publicKeyHex: made.agent?.publicKey,
    });
    expect(await entryOf('confirmation')).toMatchObject({ party, role: 'signer', use: 'object' });
    expect(await act(['keys', 'export', at('identity.key'), '--party', party])).toMatchObject({ code: 2, out: '' });
    const lines = (await act(['keys', 'export', at('agent.key'), '--party', party])).out;
    expect(lines).toMatch(/^purpose {4}agent\nkid .*\npublicKey .*\ncoseKey .*\nentry {6}\{"party":"glasses-01"/);
  });

  it('T19: writes nothing of the seed', async () => {
    const { sealedHex } = JSON.parse(readFileSync(at('agent.key'), 'utf8'));
    expect((await act(['keys', 'export', at('agent.key')])).out).not.toContain(sealedHex.slice(0, 16));
  });
});

describe('act-edge keys seal-token', () => {
  it('T19: seals the token and leaves nothing of the plain file', async () => {
    writeFileSync(at('plain'), 'token-0123\n', { mode: 0o600 });
    const args = ['--token-file', at('plain'), '--out', at('token.json'), '--passphrase-file', passphrase];
    const sealed = await act(['keys', 'seal-token', ...args]);
    expect(sealed).toMatchObject({ code: 0, out: expect.stringContaining('token') });
    expect(existsSync(at('plain'))).toBe(false);
    expect(sealed.out + sealed.err + readFileSync(at('token.json'), 'utf8')).not.toContain('token-0123');
    const by = { passphrase: utf8('a long passphrase'), machine: linuxMachineIdentity() };
    expect(openToken({ path: at('token.json'), ...by })).toBe('token-0123');
    expect((await act(['keys', 'show', at('token.json')])).out).toMatch(/^purpose {4}token\nmachine/);
  });

  it('leaves the plain file where it seals nothing', async () => {
    writeFileSync(at('plain'), 'no token\n', { mode: 0o600 });
    const args = (out: string) => ['--token-file', at('plain'), '--out', out, '--passphrase-file', passphrase];
    expect(await act(['keys', 'seal-token', ...args(at('x'))])).toMatchObject({
      code: 2,
      err: expect.stringContaining('config-invalid'),
    });
    writeFileSync(at('plain'), 'token-4567\n');
    expect(await act(['keys', 'seal-token', ...args(at('agent.key'))])).toMatchObject({
      code: 1,
      err: expect.stringContaining('keystore-exists'),
    });
    expect(readFileSync(at('plain'), 'utf8')).toBe('token-4567\n');
  });
});

describe('act-edge keys destroy', () => {
  const binary = compileBinary(temporary.path);
  const destroy = (file: string, typed: string, ...more: string[]) =>
    spawnSync(process.execPath, [binary, 'keys', 'destroy', file, ...more], { encoding: 'utf8', input: typed });
  const copy = (name: string) => {
    copyFileSync(at('agent.key'), at(name));
    return at(name);
  };

  it('T19: asks for the kid, overwrites the file and removes it', () => {
    const [file, link] = [copy('gone.key'), at('link')];
    // Another name of the same file shows what is left of its content.
    spawnSync('ln', [file, link]);
    const { size } = statSync(link);
    const run = destroy(file, `${made.agent?.kid}\n`, '--json');
    expect(run.status).toBe(0);
    expect(JSON.parse(run.stdout)).toEqual({ destroyed: made.agent?.kid, purpose: 'agent' });
    expect(run.stderr).toContain('type the kid to destroy');
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(link)).toEqual(Buffer.alloc(size));
  });

  it.each([
    ['another kid', '0011223344556677\n'],
    ['yes', 'yes\n'],
    ['nothing', ''],
  ])('leaves the file as it is when %s is typed', (_what, typed) => {
    const file = copy('kept.key');
    const run = destroy(file, typed);
    expect([run.status, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('usage-not-confirmed');
    expect(readFileSync(file)).toEqual(readFileSync(at('agent.key')));
  });

  it('does not ask with --yes, and takes nothing for a key that is none', async () => {
    const file = copy('yes.key');
    expect(await act(['keys', 'destroy', file, '--yes'])).toMatchObject({ code: 0, err: '' });
    expect(existsSync(file)).toBe(false);
    writeFileSync(at('other'), 'something else', { mode: 0o600 });
    expect(await act(['keys', 'destroy', at('other'), '--yes'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('keystore-format'),
    });
    expect(readFileSync(at('other'), 'utf8')).toBe('something else');
  });
});
