import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GpioLine, openGpioButton } from '../../device/adapters/gpio-button.ts';
import type { LineButton } from '../../device/adapters/line-button.ts';
import { DeviceError } from '../../device/errors.ts';
import { buttonContract } from '../contracts/button.contract.ts';
import { watching } from '../contracts/contract.ts';
import { logList, type Machine, machine } from './device-stand.ts';

const GPIO_NODE = { isCharacter: true, major: 254, minor: 0, mode: 0o660 };
const PARENT = 'platform/soc/fe200000.gpio';

/** What the two generations of gpiomon are called by, and how they print the edges of line 17. */
const GENERATIONS = [
  { version: 'gpiomon (libgpiod) v1.6.3', down: '1 17\n', up: '0 17\n', args: '--line-buffered gpiochip0 17' },
  { version: 'gpiomon (libgpiod) v2.2.1', down: '1 17\n', up: '2 17\n', args: '--chip gpiochip0 17' },
] as const;
const [V1, V2] = GENERATIONS;

const COPY = (pipe: string) => `exec cat ${pipe}`;
/** As {@link COPY}, until it reads a line `end`. */
const COPY_TO_END = (pipe: string) => `while read -r line && [ "$line" != end ]; do echo "$line"; done < ${pipe}`;

/** A stand-in that prints what is written into its pipe, and keeps the arguments it was started with. */
function board(version: string = V1.version, parent = PARENT, copy = COPY) {
  const stand = machine(GPIO_NODE);
  stand.plug(`${parent}/gpiochip0`);
  const lines = stand.pipe('lines');
  const seen = join(stand.path, 'arguments');
  const program = stand.program(
    'gpiomon',
    `if [ "$1" = --version ]; then echo '${version}'; exit; fi\necho "$@" > ${seen}\n${copy(lines.path)}`,
  );
  const wanted: GpioLine = {
    chip: 'gpiochip0',
    line: 17,
    devicePath: join(stand.path, 'sys/devices', parent),
    activeLow: true,
    bias: 'pull-up',
  };
  return { stand, lines, program, wanted, args: () => (existsSync(seen) ? readFileSync(seen, 'utf8').trim() : '') };
}

let stand: Machine | undefined;
let button: LineButton | undefined;
beforeEach(() => {
  [stand, button] = [undefined, undefined];
});
afterEach(() => {
  button?.close();
  stand?.remove();
});

function opened(made = board(), over: Partial<GpioLine> & { readonly program?: string } = {}) {
  stand = made.stand;
  const log = logList();
  const told: string[] = [];
  const watch = watching();
  const { program = made.program, ...line } = over;
  button = openGpioButton({ ...made.wanted, ...line }, { log, system: made.stand.system, program });
  const hear = (what: string) => {
    told.push(what);
    watch.happened();
  };
  button.listen(hear, () => hear('lost'));
  return { ...made, log, told, until: (count: number) => watch.until(() => told.length >= count) };
}

function refusal(made = board(), over: Parameters<typeof opened>[1] = {}): string {
  try {
    opened(made, over);
  } catch (error) {
    expect(error).toBeInstanceOf(DeviceError);
    return (error as DeviceError).message;
  }
  throw new Error('expected a refusal');
}

for (const { version, down, up } of GENERATIONS) {
  buttonContract.holdsFor(`a GPIO line, ${version}`, () => {
    const { stand: own, lines, program, wanted } = board(version, PARENT, COPY_TO_END);
    const body = openGpioButton(wanted, { log: logList(), system: own.system, program });
    const { happened, until } = watching();
    const told: string[] = [];
    const hear = (what: string) => {
      told.push(what);
      happened();
    };
    body.listen(hear, () => hear('lost'));
    const write = (text: string) => {
      const before = told.length;
      lines.write(Buffer.from(text));
      return until(() => told.length > before);
    };
    return {
      button: body,
      press: () => write(down),
      release: () => write(up),
      lose: () => {
        lines.write(Buffer.from('end\n'));
        return until(() => told.at(-1) === 'lost');
      },
      dispose() {
        body.close();
        own.remove();
      },
    };
  });
}

describe('a GPIO line', () => {
  it.each(GENERATIONS)('is asked of $version in its own words', async ({ version, down, args: expected }) => {
    const { lines, until, args } = opened(board(version));
    lines.write(Buffer.from(down));
    await until(1);
    expect(args()).toBe(`--active-low --bias=pull-up --format=%e %o ${expected}`);
    expect(button?.assurance).toBe('hardware-line');
  });

  it('leaves level and bias as they are when told so', async () => {
    const { lines, until, args } = opened(board(V2.version), { activeLow: false, bias: 'as-is' });
    lines.write(Buffer.from(V2.down));
    await until(1);
    expect(args()).toBe(`--format=%e %o ${V2.args}`);
  });

  it('T10: passes the bounce on as it is, in pieces of any size', async () => {
    const { lines, told, until } = opened();
    for (const piece of ['1 1', '7\n0', ' 17\n1 17\n', '0 17', '\n']) lines.write(Buffer.from(piece));
    await until(4);
    expect(told).toEqual(['down', 'up', 'down', 'up']);
  });

  it.each([
    '2 17\n',
    '1 18\n',
    '1\n',
    '\n',
    '1 17 1\n',
    'event: RISING EDGE offset: 17\n',
    '__proto__ 17\n',
    'x'.repeat(65),
  ])('is lost for good when the reader prints %j', async (text) => {
    const { lines, told, until, log } = opened();
    lines.write(Buffer.from(`1 17\n${text}`));
    await until(2);
    expect(told).toEqual(['down', 'lost']);
    expect(log.codes).toEqual(['error button-garbage']);
  });

  it('T11: is lost when gpiomon cannot get the line, for somebody else has it', async () => {
    const made = board();
    const script = `[ "$1" = --version ] && echo v2.0 && exit; exit 1`;
    const { until, told, log } = opened(made, { program: made.stand.program('busy', script) });
    await until(1);
    expect([told, log.codes]).toEqual([['lost'], ['error button-lost']]);
  });

  it.each([
    ['gpio-sim', 'platform/gpio-sim.0'],
    ['gpio-mockup', 'platform/gpio-mockup.0'],
    ['a virtual parent', 'virtual/gpio'],
  ])('T11: refuses a chip made by %s, also when it is the one enrolled', (_what, parent) => {
    expect(refusal(board(V1.version, parent))).toMatch(/^hardware-refused: .*made by software/);
  });

  it('T11: refuses a chip that hangs elsewhere than the enrolled one', () => {
    const made = board();
    expect(refusal(made, { devicePath: `${made.wanted.devicePath}/..` })).toMatch(/^hardware-refused: .*hangs at/);
    expect(refusal(made, { devicePath: join(made.stand.path, 'sys/devices/platform/soc') })).toContain('hangs at');
  });

  it('says when there is no chip, no gpiomon, or one of an unknown generation', () => {
    const made = board();
    made.stand.node = { ...GPIO_NODE, isCharacter: false };
    expect(refusal(made)).toMatch(/^hardware-absent: no GPIO chip/);
    made.stand.node = { ...GPIO_NODE, minor: 9 };
    expect(refusal(made)).toBe('hardware-absent: no device 254:9');
    expect(refusal(board(), { program: '/nowhere/gpiomon' })).toBe('hardware-absent: gpiomon does not run');
    expect(refusal(board('gpiomon (libgpiod) v3.0'))).toBe('hardware-absent: gpiomon is of an unknown version');
    expect(refusal(board('hello'))).toContain('unknown version');
  });
});
