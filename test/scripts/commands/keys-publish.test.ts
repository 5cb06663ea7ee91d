import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readDirectory } from '../../../device/adapters/json-file.ts';
import { recipientKeyDirectory } from '../../../device/adapters/recipient-keys.ts';
import { type EpochSeconds, hex, recipientKeyPair, signRecipientKey, softSigningKey } from '../../../protocol/index.ts';
import { COMMANDS } from '../../../scripts/command-table.ts';
import { runCommandLine } from '../../../scripts/dispatch.ts';
import { createTenant } from '../../../sim/cloud/index.ts';
import { countingRandom } from '../../helpers/counting-random.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';

const folder = temporaryDirectory();
afterAll(() => folder.remove());
const tenant = createTenant(new Uint8Array(32).fill(3));
const path = join(folder.path, 'directory.json');
const { notAfter } = tenant.recipientKeysHold;
const random = countingRandom('keys publish');
const window = { notBefore: notAfter, notAfter: (notAfter + 1000) as EpochSeconds };

/** A directory with one key that the PSP, or somebody who says so, made while it ran. */
function keysOf(name: string, frameSeed: Uint8Array): string {
  const keys = join(folder.path, name);
  const seed = random.bytes(32);
  const body = { party: 'psp', role: 'psp', publicKey: recipientKeyPair(seed).publicKey, ...window } as const;
  const statement = signRecipientKey(body, 'demo', softSigningKey(frameSeed));
  recipientKeyDirectory({ path: keys, storeKey: { key: random.bytes(32) }, random }).keep(
    { seed, ...window },
    statement,
  );
  return keys;
}

async function publish(...operands: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { stdout: { write: (t: string) => out.push(t) }, stderr: { write: (t: string) => err.push(t) } };
  const code = await runCommandLine(['keys', 'publish', '--directory', path, ...operands], io, COMMANDS, false);
  return { code, out: out.join(''), err: err.join('') };
}

describe('act-edge keys publish', () => {
  it('puts a key into the directory, once, and everybody who reads it then seals for that key', async () => {
    writeFileSync(path, JSON.stringify(tenant.file));
    const keys = keysOf('psp', tenant.psp.frameSeed);
    expect(await publish(keys)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^added {2}psp psp {2}/),
    });
    expect(await publish(keys)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^known {2}psp psp {2}/),
    });
    const later = (notAfter + 500) as EpochSeconds;
    const { recipients } = readDirectory(path);
    const kid = recipients.current({ party: 'psp', role: 'psp' }, later)?.kid ?? new Uint8Array();
    expect((await publish(keys)).out).toContain(hex(kid));
    const { recipientKeysHex, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
    expect(recipientKeysHex).toHaveLength((tenant.file.recipientKeysHex?.length ?? 0) + 1);
    expect(rest).toEqual({ ...tenant.file, recipientKeysHex: undefined });
  });

  it('T23: refuses a key that the directory does not vouch for, and leaves the file as it was', async () => {
    writeFileSync(path, JSON.stringify(tenant.file));
    const { code, err } = await publish(keysOf('stranger', new Uint8Array(32).fill(9)));
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('config-invalid') });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(tenant.file);
  });

  it('says so when there is nothing to publish, and leaves the file as it was', async () => {
    writeFileSync(path, JSON.stringify(tenant.file));
    const { code, err } = await publish(join(folder.path, 'nothing-here'));
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('keys-none') });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(tenant.file);
  });
});
