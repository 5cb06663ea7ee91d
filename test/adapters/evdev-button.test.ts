import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EvdevPin, openEvdevButton } from '../../device/adapters/evdev-button.ts';
import { eventBytes, keyEdges } from '../../device/adapters/input-events.ts';
import type { LineButton } from '../../device/adapters/line-button.ts';
import { LINUX } from '../../device/adapters/sysfs-device.ts';
import { DeviceError } from '../../device/errors.ts';
import { buttonContract } from '../contracts/button.contract.ts';
import { watching } from '../contracts/contract.ts';
import { logList, type Machine, machine } from './device-stand.ts';

const KEY = 256;
const INPUT_NODE = { isCharacter: true, major: 13, minor: 67, mode: 0o400 };
const PLACE = 'platform/gpio-keys/input/input3/event3';
const IDENTITY = {
  'device/name': 'confirm button',
  'device/phys': 'gpio-keys/input0',
  'device/uniq': '',
  'device/id/bustype': '0019',
  'device/id/vendor': '0001',
  'device/id/product': '0001',
};
const PIN: Omit<EvdevPin, 'deviceFile'> = {
  keyCode: KEY,
  name: 'confirm button',
  phys: 'gpio-keys/input0',
  serial: '',
  vendorHex: '0001',
  productHex: '0001',
};

/** One event as this machine's kernel writes it. */
function event(type: number, code: number, value: number, size = eventBytes(process.arch)): Buffer {
  const bytes = Buffer.alloc(size, 0x5a);
  bytes.writeUInt16LE(type, size - 8);
  bytes.writeUInt16LE(code, size - 6);
  bytes.writeInt32LE(value, size - 4);
  return bytes;
}
const REPORT = [0, 0, 0] as const;
const key = (value: number, code = KEY) => Buffer.concat([event(1, code, value), event(...REPORT)]);

let stand: Machine;
let button: LineButton | undefined;
beforeEach(() => {
  stand = machine(INPUT_NODE);
});
afterEach(() => {
  button?.close();
  button = undefined;
  stand.remove();
});

function plugged(attributes: Readonly<Record<string, string>> = IDENTITY, place = PLACE) {
  stand.plug(place, attributes);
  return stand.pipe('event3');
}

/** Opens it and keeps what it tells; `until` waits for that. */
function opened(pin: Partial<EvdevPin> = {}) {
  const log = logList();
  const told: string[] = [];
  const watch = watching();
  const opening = { ...PIN, deviceFile: join(stand.path, 'dev/event3'), ...pin };
  button = openEvdevButton(opening, { log, system: stand.system });
  const hear = (what: string) => {
    told.push(what);
    watch.happened();
  };
  const listen = () => button?.listen(hear, () => hear('lost'));
  listen();
  return { log, told, until: (count: number) => watch.until(() => told.length >= count), button, listen };
}

function refusal(pin: Partial<EvdevPin> = {}): string {
  try {
    opened(pin);
  } catch (error) {
    expect(error).toBeInstanceOf(DeviceError);
    return (error as DeviceError).message;
  }
  throw new Error('expected a refusal');
}

buttonContract.holdsFor('a key of an input device', async () => {
  const own = machine(INPUT_NODE);
  own.plug(PLACE, IDENTITY);
  const pipe = own.pipe('event3');
  const body = openEvdevButton({ ...PIN, deviceFile: pipe.path }, { log: logList(), system: own.system });
  const { happened, until } = watching();
  let told = 0;
  let isLost = false;
  body.listen(
    () => {
      told++;
      happened();
    },
    () => {
      isLost = true;
      happened();
    },
  );
  const write = (value: number) => {
    const before = told;
    pipe.write(key(value));
    return until(() => told > before);
  };
  return {
    button: body,
    press: () => write(1),
    release: () => write(0),
    lose: () => {
      pipe.close();
      return until(() => isLost);
    },
    dispose() {
      body.close();
      own.remove();
    },
  };
});

describe('a key of an input device', () => {
  it('T11: is a hardware line, and tells the edges of the one enrolled key and no repeats', async () => {
    const pipe = plugged();
    const { told, until } = opened();
    expect(button?.assurance).toBe('hardware-line');
    pipe.write(Buffer.concat([key(1, KEY + 1), key(1), key(2), key(2), key(0, KEY + 1), event(2, KEY, 1), key(0)]));
    await until(2);
    expect(told).toEqual(['down', 'up']);
  });

  it.each([
    ['another name', { 'device/name': 'Confirm button' }, 'name is "Confirm button", not "confirm button"'],
    ['another port', { 'device/phys': 'gpio-keys/input1' }, 'phys is "gpio-keys/input1"'],
    ['a serial number', { 'device/uniq': '7' }, 'serial is "7", not ""'],
    ['another vendor', { 'device/id/vendor': '046d' }, 'vendorHex is "046d"'],
    ['another product', { 'device/id/product': '0002' }, 'productHex is "0002"'],
    ['Bluetooth by its bus type', { 'device/id/bustype': '0005' }, 'not on a wire'],
    ['no bus at all', { 'device/id/bustype': '0006' }, 'not on a wire'],
  ])('T11: refuses a device with %s', (_what, attributes, expected) => {
    plugged({ ...IDENTITY, ...attributes });
    expect(refusal()).toMatch(/^hardware-refused: /);
    expect(refusal()).toContain(expected);
  });

  it.each([
    ['uinput, with the same name, port and ids', 'virtual/input/input9/event9', 'made by software'],
    ['uhid', 'virtual/misc/uhid/0003:0001:0001.0001/input/input9/event9', 'made by software'],
    ['Bluetooth', 'pci0000:00/0000:00:14.0/usb1/1-7/1-7:1.0/bluetooth/hci0/hci0:11/input9/event9', 'by radio'],
    ['USB over IP', 'platform/vhci_hcd.0/usb3/3-1/3-1:1.0/input/input9/event9', 'made by software'],
    ['a simulated GPIO chip', 'platform/gpio-sim.0/gpio-keys/input/input9/event9', 'made by software'],
  ])('T11: refuses a device of %s: 0 edges', (_what, place, expected) => {
    plugged(IDENTITY, place);
    expect(refusal()).toMatch(/^hardware-refused: /);
    expect(refusal()).toContain(expected);
  });

  it('T11: refuses a node that others may write to, for they could press it', () => {
    plugged();
    for (const mode of [0o660, 0o620, 0o602, 0o666]) {
      stand.node = { ...INPUT_NODE, mode };
      expect(refusal()).toContain('can be written by others');
    }
    for (const mode of [0o400, 0o440, 0o644]) {
      stand.node = { ...INPUT_NODE, mode };
      expect(() => opened().button?.close()).not.toThrow();
    }
  });

  it('T11: looks at what was opened and not at the path: a link that leads to another device by now is that device', () => {
    plugged();
    stand.node = { ...INPUT_NODE, minor: 68 };
    stand.plug('virtual/input/input4/event4', IDENTITY);
    symlinkSync(join(stand.path, 'dev/event3'), join(stand.path, 'dev/button'));
    expect(refusal({ deviceFile: join(stand.path, 'dev/button') })).toContain('made by software');
  });

  it('refuses what is no input device, and says when there is none', () => {
    plugged();
    stand.node = { ...INPUT_NODE, major: 1 };
    expect(refusal()).toContain('hardware-refused');
    stand.node = { ...INPUT_NODE, isCharacter: false };
    expect(refusal()).toContain('is no input device');
    stand.node = { ...INPUT_NODE, minor: 99 };
    expect(refusal()).toBe('hardware-absent: no device 13:99');
    expect(refusal({ deviceFile: join(stand.path, 'dev/absent') })).toMatch(/^hardware-absent: .*ENOENT/);
  });

  it('T11: unplugged, it is lost for good: an alarm in the log, and a new device of the same name is not taken', async () => {
    const pipe = plugged();
    const { told, until, log, listen } = opened();
    pipe.write(key(1));
    await until(1);
    pipe.close();
    await until(2);
    rmSync(pipe.path);
    const again = stand.pipe('event3');
    again.write(key(1));
    again.write(key(0));
    listen();
    expect(told).toEqual(['down', 'lost', 'lost']);
    expect(log.codes).toEqual(['error button-lost']);
  });

  it('T10: tells that it is lost where the kernel dropped events, and goes on with the next edge', async () => {
    const pipe = plugged();
    const { told, until, log } = opened();
    pipe.write(key(1));
    pipe.write(Buffer.concat([event(0, 3, 0), event(1, KEY, 1), event(...REPORT), key(0)]));
    await until(3);
    expect(told).toEqual(['down', 'lost', 'up']);
    expect(log.codes).toEqual(['warn button-dropped']);
  });

  it('T11: believes no entry that leads out of the tree of devices', () => {
    plugged(IDENTITY, '../class/input/event3');
    expect(refusal()).toBe('hardware-absent: no device 13:67');
  });

  it('closes without an alarm, and tells nothing afterwards', async () => {
    const pipe = plugged();
    const { told, log } = opened();
    button?.close();
    pipe.write(key(1));
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    while (process.getActiveResourcesInfo().includes('ProcessWrap')) await turn();
    // Its output closes after it.
    for (let i = 0; i < 5; i++) await turn();
    expect([told, log.codes]).toEqual([[], []]);
  });

  it('is lost when there is nothing to read it with', async () => {
    const pipe = plugged();
    const log = logList();
    const reader = [join(stand.path, 'no-such-program')] as const;
    button = openEvdevButton({ ...PIN, deviceFile: pipe.path }, { log, system: stand.system, reader });
    await new Promise<void>((resolve) => button?.listen(() => {}, resolve));
    expect(log.codes).toEqual(['error button-lost']);
  });

  it('knows a real node by its numbers', () => {
    expect(LINUX.node('/dev/null')).toMatchObject({ isCharacter: true, major: 1, minor: 3 });
    expect(LINUX.node('/')).toMatchObject({ isCharacter: false });
  });
});

describe('input events', () => {
  it.each([
    ['arm', 16],
    ['x64', 24],
    ['arm64', 24],
  ])('are read in pieces of any size on %s', (arch, size) => {
    expect(eventBytes(arch)).toBe(size);
    const bytes = Buffer.concat([event(1, KEY, 1, size), event(0, 0, 0, size), event(1, KEY, 0, size)]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const told: string[] = [];
        const fail = () => expect.unreachable();
        const take = keyEdges(KEY, size)({ edge: (edge) => told.push(edge), dropped: fail, garbage: fail });
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        ends.forEach((end, i) => {
          take(bytes.subarray(ends[i - 1] ?? 0, end));
        });
        expect(told).toEqual(['down', 'up']);
      }),
      { seed: 20_263, numRuns: 50 },
    );
  });
});
