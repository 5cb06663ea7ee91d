import { statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSecretFile } from '../../../device/adapters/config-file.ts';
import { createKey } from '../../../device/adapters/keystore.ts';
import { linuxMachineIdentity } from '../../../device/adapters/machine-identity.ts';
import { systemRandom } from '../../../device/adapters/system-random.ts';
import { hasMosquitto } from '../../helpers/mosquitto.ts';
import type { Program } from '../../process/programs.ts';
import { goOn, ORDER, order } from '../../process/wearer.ts';
import { BUSY, makeWorld, type TestWorld } from '../../process/world.ts';
import { change } from '../../process/yaml.ts';

/** Longer than the dead time of a prompt. */
const READING_MS = 1_100;
const AGAIN_MS = 2_500;

/** Holds the button of a signer until something has come of it. */
function holdUntil(signer: Program, over: Promise<unknown>): Promise<unknown> {
  let timer = setTimeout(function press() {
    signer.type('hold');
    timer = setTimeout(press, AGAIN_MS);
  }, READING_MS);
  return over.finally(() => clearTimeout(timer));
}

describe.skipIf(!hasMosquitto)('the signer as a program of its own', () => {
  let world: TestWorld;
  let config: string;
  let signerConfig: string;
  let socketFile: string;

  beforeAll(async () => {
    world = await makeWorld(['glasses-01']);
    config = world.device('glasses-01').path;
    const folder = dirname(config);
    signerConfig = join(folder, 'signer.yaml');
    socketFile = join(folder, 's.sock');
    const passphrase = readSecretFile(join(folder, 'passphrase'));
    const identity = join(folder, 'identity.key.json');
    createKey({
      path: identity,
      purpose: 'identity',
      passphrase,
      machine: linuxMachineIdentity(),
      random: systemRandom(),
    });
    writeFileSync(
      signerConfig,
      `tenant: demo
device: { id: glasses-01, locale: en-US }
peers: { trustFile: ../directory.json }
keys: { confirmationKeyFile: confirmation.key.json, identityKeyFile: identity.key.json, passphraseFile: passphrase }
state: { directory: signer-state }
button: { kind: keyboard }
socketFile: s.sock
`,
    );
    const signer = {
      kind: 'socket',
      socketFile: 's.sock',
      pairingKeyFile: 'pairing.key.json',
      signerFile: 'signer.json',
    };
    change(config, 'signer', signer);
    change(config, 'keys', { confirmationKeyFile: undefined });
  });
  afterAll(() => world.end());

  const act = (command: string) => world.programs.run('signer', command, '--config', config);

  it('is paired by six digits, confirms a purchase with its own button, and outlives the device', BUSY, async () => {
    const signer = world.programs.run('signer', '--emulate', '--config', signerConfig);
    await signer.logged(({ code }) => code === 'signer-ready');
    expect(statSync(socketFile).mode & 0o777).toBe(0o600);

    const pairing = act('pair');
    const digits = await pairing.said(/^\d{6}$/);
    await signer.said(new RegExp(digits));
    pairing.type('yes');
    await holdUntil(signer, pairing.exited);
    expect(await pairing.exited).toEqual({ code: 0, signal: null });

    await world.startCloud();
    const device = world.device('glasses-01').run('--once');
    await device.logged(({ code }) => code === 'signer-attached');
    device.type(ORDER);
    await goOn(device, 'summarising', 'confirming');
    await holdUntil(signer, device.at('settling'));
    await device.at('ended');
    expect(await device.exited).toEqual({ code: 0, signal: null });
    expect(signer.stdout.join('\n')).toMatch(/Pay|CNY/);
    expect(device.stdout.some((line) => line.includes('Hold to pay'))).toBe(false);

    const status = act('status');
    expect(await status.said(/^status/)).toMatch(/counter 1 {2}hosts 1/);
    signer.signal('SIGTERM');
    expect(await signer.exited).toEqual({ code: 0, signal: null });
    const absent = act('info');
    expect(await absent.exited).toEqual({ code: 1, signal: null });
    expect(absent.strayed.join()).toMatch(/signer-absent/);
  });

  it('takes its prompt away when the device is killed, and serves the next life of it', BUSY, async () => {
    const signer = world.programs.run('signer', '--emulate', '--config', signerConfig);
    await signer.logged(({ code }) => code === 'signer-ready');
    const first = world.device('glasses-01').run();
    await first.logged(({ code }) => code === 'signer-attached');
    await order(first, 'confirming');
    await signer.said(/Hold to pay/);
    await first.kill();
    await signer.said(/^╴╶/);
    signer.type('hold');

    const second = world.device('glasses-01').run();
    await second.logged(({ code }) => code === 'signer-attached');
    await order(second, 'confirming');
    await holdUntil(signer, second.at('settling'));
    await second.logged(({ detail }) => detail?.outcome === 'finished');
    second.signal('SIGTERM');
    expect(await second.exited).toEqual({ code: 0, signal: null });
    // One of the purchase in the test before, and one of this: none of the prompt that was taken away.
    expect(await act('status').said(/^status/)).toMatch(/counter 2/);
  });
});
