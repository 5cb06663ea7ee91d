/** A broker, a cloud and any number of devices as real programs in a directory of their own. */
import { join } from 'node:path';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { epochSeconds, secondsOf } from '../../protocol/index.ts';
import { makeDemoSet } from '../../scripts/demo-set.ts';
import { type Broker, freePorts, openConfig, startMosquitto } from '../helpers/mosquitto.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { type Link, openLink } from './link.ts';
import { compileBinary, makePrograms, type Program, type Programs } from './programs.ts';
import { change } from './yaml.ts';

/** How long a minute of cooking and riding takes: an order is delivered in half a second. */
const MINUTE_MS = 50;

/** For tests that run several programs: a machine that is busy with other tests is slow, which is no fault. */
export const BUSY = { timeout: 180_000 } as const;

export interface TestDevice {
  readonly id: string;
  /** Its configuration. */
  readonly path: string;
  /** All its connections go over this link. */
  readonly link: Link;
  /** Starts it; further arguments as on the command line. */
  run(...argv: readonly string[]): Program;
}

export interface TestWorld {
  /** The demo set. */
  readonly set: string;
  readonly broker: Broker;
  readonly programs: Programs;
  /** All connections of the services go over this link. */
  readonly cloudLink: Link;
  /** Starts the cloud and waits until all its parties are online. */
  startCloud(minuteMs?: number): Promise<Program>;
  device(id: string): TestDevice;
  end(): Promise<void>;
}

/** Each service of the simulated cloud. */
const PARTIES = 16;

/**
 * @param brokerConfig lines for the broker besides its one open listener.
 * @param binary the compiled program; by default the world compiles its own.
 * @param ageS how long ago everybody enrolled.
 * @param chainPort where the cloud runs a trust chain node that it and the devices report to; without one there is none.
 */
export async function makeWorld(
  deviceIds: readonly string[],
  brokerConfig = '',
  binary?: string,
  ageS = 0,
  chainPort?: number,
): Promise<TestWorld> {
  const directory = temporaryDirectory();
  const set = join(directory.path, 'set');
  const [port = 0] = await freePorts(1);
  const broker = await startMosquitto(directory.path, `${brokerConfig}${openConfig(port)}`);
  const programs = makePrograms(binary ?? compileBinary(directory.path));
  const cloudLink = await openLink(port);
  const folders = deviceIds.map((id) => ({ id, folder: id }));
  const options = {
    ...{ directory: set, devices: folders, brokerUrl: cloudLink.url, withPassword: false },
    ...(chainPort !== undefined && { chainPort }),
  };
  const files = makeDemoSet(options, systemRandom(), epochSeconds(secondsOf(systemClock().now()) - ageS));
  const quick = { reconnectMinMs: 100, reconnectMaxMs: 800 };
  change(files.cloud, 'broker', quick);
  const links = await Promise.all(deviceIds.map(() => openLink(port)));
  const devices = deviceIds.map((id, i) => {
    const [path, link] = [files.agents[i] ?? '', links[i] ?? cloudLink];
    change(path, 'broker', { url: link.url, ...quick });
    return { id, path, link, run: (...argv: readonly string[]) => programs.run('agent', '--config', path, ...argv) };
  });

  return {
    set,
    broker,
    programs,
    cloudLink,
    async startCloud(minuteMs = MINUTE_MS) {
      const cloud = programs.run('cloud', '--config', files.cloud, '--minute-ms', String(minuteMs));
      await cloud.logged(() => cloud.log.filter(({ code }) => code === 'link-online').length >= PARTIES);
      return cloud;
    },
    device(id) {
      const found = devices.find((device) => device.id === id);
      if (found === undefined) throw new Error(`there is no device ${id}`);
      return found;
    },
    async end() {
      await programs.end();
      await Promise.all([cloudLink, ...links].map((link) => link.close()));
      await broker.stop();
      directory.remove();
    },
  };
}
