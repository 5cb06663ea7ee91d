import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readAgentConfig, readCloudConfig, readSecretFile } from '../../device/adapters/config-file.ts';
import { DeviceError } from '../../device/errors.ts';

import { temporaryDirectory } from '../helpers/temporary.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const EXAMPLE = readFileSync(join(EXAMPLES, 'agent.yaml'), 'utf8');

const EVDEV = {
  kind: 'evdev',
  deviceFile: '/dev/input/by-path/platform-gpio-keys-event',
  keyCode: 256,
  name: 'gpio-keys',
  phys: 'gpio-keys/input0',
  vendorHex: '0001',
  productHex: '0001',
};
const GPIO = { kind: 'gpio', chip: 'gpiochip0', line: 17, devicePath: '/sys/devices/platform/soc/fe200000.gpio' };
const BRIDGE = { kind: 'bridge', socketFile: 'button.socket', tokenFile: 'secrets/bridge-token' };

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'agent.yaml');
});
afterEach(() => directory.remove());

function problem(text: string): DeviceError {
  writeFileSync(path, text);
  try {
    readAgentConfig(path);
  } catch (error) {
    expect(error).toBeInstanceOf(DeviceError);
    expect((error as DeviceError).message).not.toMatch(/[\n\r]/);
    return error as DeviceError;
  }
  throw new Error('expected a DeviceError');
}

/** The example with one value replaced (undefined removes the key). */
function changed(at: string, value: unknown): string {
  const config = parse(EXAMPLE) as Record<string, Record<string, unknown>>;
  const steps = at.split('.');
  const last = steps.pop() ?? '';
  let section: Record<string, unknown> = config;
  for (const step of steps) section = section[step] as Record<string, unknown>;
  if (value === undefined) delete section[last];
  else section[last] = value;
  return stringify(config);
}

describe('the agent configuration', () => {
  it('reads the published example, with defaults filled in and paths made absolute', () => {
    const config = readAgentConfig(join(EXAMPLES, 'agent.yaml'));
    expect(config.broker).toMatchObject({
      mqttVersion: '5',
      keepaliveSeconds: 30,
      caFile: join(EXAMPLES, 'broker/ca.crt'),
    });
    expect(config.state.directory).toBe(join(EXAMPLES, 'state'));
    expect(config.purchase).toMatchObject({
      currency: 'CNY',
      orderCapMinor: 20_000,
      location: { latE6: 30_274_100, lonE6: 120_155_100 },
    });
    expect(config.broker.username).toBeUndefined();
  });

  it('keeps absolute paths as they are', () => {
    writeFileSync(path, changed('state.directory', '/srv/state'));
    expect(readAgentConfig(path).state.directory).toBe('/srv/state');
  });

  it.each([
    ['broker.keepaliveSeconds', 'x', 'broker.keepaliveSeconds: expected a whole number from 5 to 3600, got "x"'],
    ['broker.keepaliveSeconds', 4, 'expected a whole number from 5 to 3600, got 4'],
    ['broker.keepaliveSeconds', 30.5, 'got 30.5'],
    ['broker.mqttVersion', 5, 'broker.mqttVersion: expected one of "5", "3.1.1", got 5'],
    ['broker.url', 'http://broker', 'broker.url: expected mqtt://, mqtts://, ws:// or wss://'],
    ['broker.url', undefined, 'broker.url: missing; expected mqtt://'],
    ['broker.keepAliveSeconds', 30, 'broker.keepAliveSeconds: unknown key'],
    ['broker.passwordFile', 'p', 'broker.username: needed beside passwordFile'],
    ['broker.keyFile', undefined, 'broker.keyFile: needed beside certFile'],
    ['broker.certFile', undefined, 'broker.certFile: needed beside keyFile'],
    ['broker.url', 'mqtt://broker:1883', 'broker.caFile: takes effect with mqtts:// or wss:// only'],
    ['broker.reconnectMinMs', 50_000, 'broker.reconnectMinMs: expected at most reconnectMaxMs'],
    [
      'device.sessionHex',
      11_223_344,
      'device.sessionHex: expected 8 bytes as 16 lower-case hex digits, in quotes, got 11223344',
    ],
    ['device.id', 'a/b', 'device.id: expected 1 to 32 of a-z, 0-9 and -'],
    ['device.display', 'hud', 'device.display: expected one of "hud-480x640"'],
    ['device', undefined, 'device: missing; expected a section'],
    ['device', 'glasses', 'device: expected a section'],
    ['purchase.currency', 'ZZZ', 'purchase.currency: expected "CNY"'],
    ['purchase.currency', 'JPY', 'purchase.currency: expected "CNY"'],
    ['purchase.orderCapMinor', 0, 'purchase.orderCapMinor: expected a whole number from 1'],
    ['purchase.location.latE6', 90_000_001, 'purchase.location.latE6: expected'],
    ['voice.recognizer', 'sherpa', 'voice.sherpaModelDirectory: needed by the recognizer sherpa'],
    ['voice.rejectBelow', 2, 'voice.rejectBelow: expected a number from 0 to 1, got 2'],
    ['voice.keepAudioHours', 24, 'voice.keepAudioHours: takes effect with pocketsphinx or sherpa only'],
    ['voice.keepAudioHours', 0.5, 'voice.keepAudioHours: expected a whole number from 1 to 8760'],
    ['voice.vocabularyFile', ['a'], 'voice.vocabularyFile: expected a path, got a section or list'],
    ['voice.vocabularyFile', '\u001b[31m', 'voice.vocabularyFile: expected a path'],
    ['surprise', 1, 'surprise: unknown key'],
  ])('names what is wrong with %s = %s', (at, value, expected) => {
    const error = problem(changed(at, value));
    expect(error.code).toBe('config-invalid');
    expect(error.message).toContain(expected);
  });

  it.each([
    ['a keyboard', { kind: 'keyboard' }, {}],
    ['none', { kind: 'none' }, {}],
    ['an input device', EVDEV, { serial: '' }],
    ['a GPIO line', GPIO, { activeLow: false, bias: 'as-is' }],
    ['a bridge', BRIDGE, { wear: false }],
  ])('knows the button: %s', (_what, button, filledIn) => {
    writeFileSync(path, changed('button', button));
    const files = Object.entries(button).filter(([key]) => key.endsWith('File'));
    const absolute = Object.fromEntries(files.map(([key, value]) => [key, resolve(directory.path, value as string)]));
    expect(readAgentConfig(path).button).toEqual({ ...filledIn, ...button, ...absolute });
  });

  it.each([
    [undefined, 'button: missing; expected a section'],
    ['keyboard', 'button: expected a section'],
    [{}, 'button.kind: missing; expected one of "keyboard", "none", "evdev", "gpio", "bridge"'],
    [{ kind: 'hid' }, '"bridge", got "hid"'],
    [{ kind: 'keyboard', deviceFile: 'x' }, 'button.deviceFile: unknown key'],
    [{ ...EVDEV, phys: undefined }, 'button.phys: missing; expected up to 128 printable ASCII characters'],
    [{ ...EVDEV, name: 'a\nb' }, 'button.name: expected up to 128'],
    [{ ...EVDEV, keyCode: 0 }, 'button.keyCode: expected a whole number from 1 to 767, got 0'],
    [{ ...EVDEV, vendorHex: 46 }, 'button.vendorHex: expected 4 lower-case hex digits, in quotes, got 46'],
    [{ ...EVDEV, productHex: '0x01' }, 'button.productHex: expected 4 lower-case hex digits'],
    [{ ...GPIO, chip: '../gpiochip0' }, 'button.chip: expected the name of a chip'],
    [{ ...GPIO, line: -1 }, 'button.line: expected a whole number from 0'],
    [{ ...GPIO, devicePath: undefined }, 'button.devicePath: missing; expected a path below /sys/devices'],
    [{ ...GPIO, activeLow: 'yes' }, 'button.activeLow: expected true or false, got "yes"'],
    [{ ...GPIO, bias: 'up' }, 'button.bias: expected one of "as-is", "pull-up", "pull-down"'],
    [{ ...BRIDGE, tokenFile: undefined }, 'button.tokenFile: missing; expected a path'],
  ])('T11: refuses the button %j', (button, expected) => {
    const { code, message } = problem(changed('button', button));
    expect(code).toBe('config-invalid');
    expect(message).toContain(expected);
  });

  it('lists every problem at once', () => {
    const { message } = problem('tenant: X\nspare: 1\n');
    for (const part of ['tenant: expected', 'device: missing', 'broker: missing', 'spare: unknown key'])
      expect(message).toContain(part);
  });

  it('T19: repeats no password that stands where it should not', () => {
    const secrets = [
      changed('broker.url', 'mqtts://user:hunter2secret@broker'),
      changed('broker.password', 'hunter2secret'),
      `${EXAMPLE}\nbroker: hunter2secret`,
      `tenant: {hunter2secret`,
      `tenant: *hunter2secret`,
    ];
    for (const text of secrets) {
      const { code, message, hint } = problem(text);
      expect(code).toBe('config-invalid');
      expect(message + hint).not.toContain('hunter2secret');
    }
  });

  it('says where YAML is wrong, and takes one document without a flood of aliases', () => {
    expect(problem('tenant: demo\ntenant: other\n').message).toContain('at line 2 (DUPLICATE_KEY)');
    expect(problem('a: 1\n---\nb: 2\n').message).toContain('2 documents');
    expect(problem('').message).toContain('0 documents');
    expect(problem('- a').message).toContain('the file: expected a section');
    const flood = `a: &a [${'1,'.repeat(20)}1]\nb: &b [${'*a,'.repeat(20)}*a]\nc: &c [${'*b,'.repeat(20)}*b]\nd: [${'*c,'.repeat(20)}*c]\n`;
    expect(problem(flood).code).toBe('config-invalid');
    expect(() => readAgentConfig(join(directory.path, 'absent'))).toThrow(/config-unreadable/);
  });
});

describe('the configuration of the services', () => {
  it('reads the published example', () => {
    const config = readCloudConfig(join(EXAMPLES, 'cloud.yaml'));
    expect(config).toMatchObject({ tenant: 'demo', broker: { username: 'agent' }, log: { level: 'info' } });
    expect(config.keys.tenantSeedFile).toBe(join(EXAMPLES, 'keys/tenant-seed'));
  });

  it('names what is wrong', () => {
    writeFileSync(path, 'tenant: demo\nkeys: { tenantSeedFile: seed }\n');
    expect(() => readCloudConfig(path)).toThrow(/keys\.enrolmentsFile: missing; expected a path/);
  });
});

describe('a secret file', () => {
  it('gives its bytes without the line end, and must be private and not empty', () => {
    for (const [content, secret] of [
      ['abc\n', 'abc'],
      ['abc\r\n', 'abc'],
      ['a b ', 'a b '],
    ] as const) {
      writeFileSync(path, content, { mode: 0o600 });
      expect(new TextDecoder().decode(readSecretFile(path))).toBe(secret);
    }
    writeFileSync(path, '\n');
    expect(() => readSecretFile(path)).toThrow(/config-unreadable.*empty/);
    chmodSync(path, 0o644);
    expect(() => readSecretFile(path)).toThrow(/keystore-permissions/);
  });
});
