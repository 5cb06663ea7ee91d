/**
 * A push button on one GPIO line, read by `gpiomon` of libgpiod (Debian package gpiod). The kernel gives a line to one
 * program at a time, so while it is read nobody else can drive or read it. The older /sys/class/gpio is going from the
 * kernels and cannot tell of bounce.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { DeviceError } from '../errors.ts';
import type { ButtonEdge, Log } from '../ports.ts';
import { type LineButton, type LineSink, lineButton } from './line-button.ts';
import { type DeviceSystem, LINUX, notWired, refused, sysfsDirectory } from './sysfs-device.ts';

/** The enrolled line. */
export interface GpioLine {
  /** Such as `gpiochip0`: its node in /dev. */
  readonly chip: string;
  /** The line's offset on the chip. */
  readonly line: number;
  /** Where the chip hangs, with no link in it, for example /sys/devices/platform/soc/fe200000.gpio: chip numbers may move. */
  readonly devicePath: string;
  /** Whether the pressed button pulls the line low. */
  readonly activeLow: boolean;
  readonly bias: 'as-is' | 'pull-up' | 'pull-down';
}

export interface GpioOptions {
  readonly log: Log;
  readonly system?: DeviceSystem;
  /** Stands for `gpiomon`. */
  readonly program?: string;
}

/** The two generations of gpiomon differ in how the chip is named and in what the format's `%e` prints for an edge. */
interface Generation {
  readonly args: (chip: string, line: string) => readonly string[];
  readonly edges: Readonly<Record<string, ButtonEdge>>;
}

const GENERATIONS: Readonly<Record<string, Generation>> = {
  '1': { args: (chip, line) => ['--line-buffered', chip, line], edges: { '1': 'down', '0': 'up' } },
  '2': { args: (chip, line) => ['--chip', chip, line], edges: { '1': 'down', '2': 'up' } },
};

const FORMAT = '%e %o';
const VERSION_TIMEOUT_MS = 5_000;
const MAX_LINE_CHARS = 64;

/**
 * Checks the chip and starts reading; a reader that cannot get the line ends, and the line is lost.
 * @throws DeviceError `hardware-absent` without chip or gpiomon, `hardware-refused` for another chip or one made by software.
 */
export function openGpioButton(
  wanted: GpioLine,
  { log, system = LINUX, program = 'gpiomon' }: GpioOptions,
): LineButton {
  checkChip(wanted, system);
  const { args, edges } = generationOf(program);
  const { chip, line, activeLow, bias } = wanted;
  const options = [
    ...(activeLow ? ['--active-low'] : []),
    ...(bias === 'as-is' ? [] : [`--bias=${bias}`]),
    `--format=${FORMAT}`,
  ];
  const accept = edgeLines(edges, String(line));
  return lineButton({ program, args: [...options, ...args(chip, String(line))], accept, log });
}

function checkChip({ chip, devicePath }: GpioLine, system: DeviceSystem): void {
  const path = join(system.dev, chip);
  const place = sysfsDirectory(system, nodeAt(path, system));
  const why = notWired(system, place);
  if (why !== undefined) throw refused(`${path} is ${why}`, 'name a chip of this machine');
  if (dirname(place) === devicePath) return;
  throw refused(`${path} hangs at ${dirname(place)}`, 'correct chip, or enrol that place as devicePath');
}

function nodeAt(path: string, system: DeviceSystem): ReturnType<DeviceSystem['node']> {
  try {
    const node = system.node(path);
    if (node.isCharacter) return node;
  } catch {
    // Said below.
  }
  throw new DeviceError('hardware-absent', `no GPIO chip ${path}`, 'run gpiodetect to see which there are');
}

function generationOf(program: string): Generation {
  const { stdout, error } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: VERSION_TIMEOUT_MS });
  if (error) throw new DeviceError('hardware-absent', 'gpiomon does not run', 'install it: apt-get install gpiod');
  const major = /\bv(\d+)\./.exec(stdout)?.[1] ?? '';
  const generation = Object.hasOwn(GENERATIONS, major) ? GENERATIONS[major] : undefined;
  if (generation) return generation;
  const known = Object.keys(GENERATIONS).join(' and ');
  throw new DeviceError('hardware-absent', 'gpiomon is of an unknown version', `install libgpiod ${known}`);
}

/** Lines of {@link FORMAT}: edge and offset. Anything else means that this is not the program it was taken for. */
function edgeLines(edges: Generation['edges'], offset: string): (sink: LineSink) => (chunk: Buffer) => void {
  const meanings = new Map(Object.entries(edges).map(([spelling, edge]) => [`${spelling} ${offset}`, edge]));
  return (sink) => {
    let rest = '';
    return (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const edge = meanings.get(line);
        if (edge === undefined) return sink.garbage();
        sink.edge(edge);
      }
      if (rest.length > MAX_LINE_CHARS) sink.garbage();
    };
  };
}
