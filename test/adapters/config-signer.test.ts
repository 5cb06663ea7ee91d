import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSignerConfig } from '../../device/adapters/config-file.ts';
import { checkAgentConfig, checkSignerConfig } from '../../device/config.ts';

const example = (name: string) =>
  parse(readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), 'utf8')) as Record<string, object>;
const inRoot = (path: string) => `/base/${path}`;
const agentWith = (signer: object | undefined, keys: object = {}) => {
  const { keys: given, ...rest } = example('agent');
  return checkAgentConfig({ ...rest, keys: { ...given, ...keys }, ...(signer && { signer }) }, inRoot);
};

describe('where a device has its signer', () => {
  it('is in its own process unless it says otherwise', () => {
    expect(agentWith(undefined).signer).toEqual({ kind: 'soft' });
  });

  it('may be on USB or another program, with the files of the pairing', () => {
    const paired = { pairingKeyFile: 'p.json', signerFile: 's.json' };
    expect(agentWith({ kind: 'hid', ...paired }, { confirmationKeyFile: undefined }).signer).toEqual({
      kind: 'hid',
      pairingKeyFile: '/base/p.json',
      signerFile: '/base/s.json',
    });
    expect(agentWith({ kind: 'socket', socketFile: 'run/s', ...paired }).signer).toMatchObject({
      socketFile: '/base/run/s',
    });
  });

  it.each<readonly [object, object, RegExp]>([
    [{ kind: 'soft' }, { confirmationKeyFile: undefined }, /confirmationKeyFile: needed by the signer soft/],
    [{ kind: 'usb' }, {}, /signer\.kind: expected one of "soft", "hid", "socket", got "usb"/],
    [{ kind: 'hid' }, {}, /signer\.pairingKeyFile: missing/],
    [{ kind: 'socket', pairingKeyFile: 'a', signerFile: 'b' }, {}, /signer\.socketFile: missing/],
    [{ kind: 'soft', socketFile: 'a' }, {}, /signer\.socketFile: unknown key/],
  ])('is refused as %j with the keys %j', (signer, keys, message) => {
    expect(() => agentWith(signer, keys)).toThrow(message);
  });
});

describe('examples/signer.yaml', () => {
  it('is a configuration of a signer program, with its paths beside it', () => {
    const config = readSignerConfig(new URL('../../examples/signer.yaml', import.meta.url).pathname);
    expect(config).toMatchObject({
      device: { id: 'glasses-01', display: 'hud-480x640' },
      button: { kind: 'keyboard' },
    });
    expect(config.socketFile).toMatch(/examples\/run\/signer\.sock$/);
  });

  it('takes no key that it does not know', () => {
    const { keys, ...rest } = example('signer');
    expect(() => checkSignerConfig({ ...rest, keys: { ...keys, seed: 'x' } }, inRoot)).toThrow(
      /keys\.seed: unknown key/,
    );
  });
});
