import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linuxMachineIdentity } from '../../device/adapters/machine-identity.ts';
import { hex } from '../../protocol/bytes.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const MACHINE_ID = '0123456789abcdef0123456789abcdef';
const SERIAL = '10000000deadbeef';
let root: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  root = temporaryDirectory();
});
afterEach(() => root.remove());

function put(path: string, text: string): void {
  const whole = join(root.path, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
}

describe('the identity of a Linux machine', () => {
  it('is made of its machine-id and its board serial, as far as they are there', () => {
    expect(linuxMachineIdentity(root.path).sources).toEqual([]);
    put('etc/machine-id', `${MACHINE_ID}\n`);
    expect(linuxMachineIdentity(root.path).sources).toEqual(['machine-id']);
    put('sys/firmware/devicetree/base/serial-number', `${SERIAL}\0`);
    expect(linuxMachineIdentity(root.path).sources).toEqual(['machine-id', 'board-serial']);
  });

  it('is another one for each machine and each choice of sources, and the same each time', () => {
    put('etc/machine-id', `${MACHINE_ID}\n`);
    put('sys/firmware/devicetree/base/serial-number', `${SERIAL}\0`);
    const one = linuxMachineIdentity(root.path);
    const secrets = [[], ['machine-id'], ['board-serial'], ['machine-id', 'board-serial']].map((sources) =>
      hex(one.secretOf(sources) ?? new Uint8Array()),
    );
    expect(new Set(secrets).size).toBe(4);
    expect(secrets.join()).not.toContain(MACHINE_ID);
    expect(hex(linuxMachineIdentity(root.path).secretOf(['machine-id']) ?? new Uint8Array())).toBe(secrets[1]);
    put('etc/machine-id', `${MACHINE_ID.replace('0', '1')}\n`);
    expect(hex(linuxMachineIdentity(root.path).secretOf(['machine-id']) ?? new Uint8Array())).not.toBe(secrets[1]);
  });

  it.each(['', '\n', 'uninitialized\n', '0000000000000000\n'])('takes %j for none', (text) => {
    put('etc/machine-id', text);
    expect(linuxMachineIdentity(root.path).sources).toEqual([]);
  });

  it('has no secret of what it has not', () => {
    put('etc/machine-id', `${MACHINE_ID}\n`);
    const one = linuxMachineIdentity(root.path);
    for (const source of ['board-serial', 'tpm', 'constructor', '__proto__', 'etc/passwd'])
      expect(one.secretOf(['machine-id', source])).toBeUndefined();
  });
});
