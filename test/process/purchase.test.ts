import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { peekFrame, secondsOf } from '../../protocol/index.ts';
import { type DemoSetFiles, makeDemoSet } from '../../scripts/demo-set.ts';
import { type Broker, type ExamplePorts, exampleConfig, hasMosquitto, startMosquitto } from '../helpers/mosquitto.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { cosignedRecords, debitsOf, deviceRecords, endings, framesOf, receiptOf } from './books.ts';
import { compileBinary, makePrograms, type Program, type Programs } from './programs.ts';
import { leaks, secretsOf } from './secrets.ts';
import { order, SHOP } from './wearer.ts';
import { BUSY } from './world.ts';
import { change } from './yaml.ts';

/** Each way in which a device may reach the broker, and the device that takes it. */
const WAYS = [
  ['5', 'tcp', 'glasses-01'],
  ['3.1.1', 'tcp', 'glasses-02'],
  ['5', 'tls', 'glasses-03'],
  ['3.1.1', 'tls', 'glasses-04'],
  ['5', 'webSocket', 'glasses-05'],
  ['3.1.1', 'webSocket', 'glasses-06'],
] as const;
const DEVICES = WAYS.map(([, , device]) => device);
const SERVICE_PASSWORD = 'correct-horse-of-the-services';

/** Is run only where the configuration has a desk. */
const OVER_HTTP = 'data-desk';

/** Everybody in the directory who is no device. */
function servicesOf(set: string): readonly string[] {
  const directory = readDirectory(join(set, 'directory.json'));
  const parties = (['agent', 'psp', 'merchant'] as const).flatMap((role) => directory.partiesOf(role));
  return parties.filter((party) => party !== OVER_HTTP);
}

describe.skipIf(!hasMosquitto)('a purchase by the real programs over the published Mosquitto set-up', () => {
  const directory = temporaryDirectory();
  const set = join(directory.path, 'set');
  let broker: Broker;
  let ports: ExamplePorts;
  let programs: Programs;
  let files: DemoSetFiles;
  let cloud: Program;

  /** Passwords for everybody: one for all services, as `act-edge cloud` wants it, and one for each device. */
  function writePasswords(): void {
    const services = servicesOf(set).map((party) => `${party}:${SERVICE_PASSWORD}`);
    const devices = DEVICES.map((device) => `${device}:${device}-password`);
    const file = join(directory.path, 'act-edge.passwd');
    writeFileSync(file, `${[...services, ...devices].join('\n')}\n`);
    execFileSync('mosquitto_passwd', ['-U', file], { stdio: 'pipe' });
    writeFileSync(join(set, 'cloud/broker-password'), `${SERVICE_PASSWORD}\n`, { mode: 0o600 });
  }

  function configure(path: string, mqttVersion: string, way: keyof ExamplePorts, device: string): void {
    const file = (name: string) => join(directory.path, name);
    const url = { tcp: 'mqtt://127.0.0.1', tls: 'mqtts://localhost', webSocket: 'ws://127.0.0.1' }[way];
    const tls = { caFile: file('ca.crt'), certFile: file(`${device}.crt`), keyFile: file(`${device}.key`) };
    const login = { username: device, passwordFile: 'broker-password' };
    change(path, 'broker', {
      url: `${url}:${ports[way]}${way === 'webSocket' ? '/mqtt' : ''}`,
      mqttVersion,
      ...(way === 'tls' ? { ...tls, username: undefined, passwordFile: undefined } : login),
    });
    if (way !== 'tls') writeFileSync(join(dirname(path), 'broker-password'), `${device}-password\n`, { mode: 0o600 });
  }

  beforeAll(async () => {
    const example = await exampleConfig(directory.path, DEVICES);
    ports = example.ports;
    const brokerUrl = `mqtt://127.0.0.1:${ports.tcp}`;
    const devices = DEVICES.map((id) => ({ id, folder: id }));
    files = makeDemoSet(
      { directory: set, devices, brokerUrl, withPassword: true },
      systemRandom(),
      secondsOf(systemClock().now()),
    );
    for (const [i, [version, way, device]] of WAYS.entries()) configure(files.agents[i] ?? '', version, way, device);
    writePasswords();
    broker = await startMosquitto(directory.path, example.config);
    programs = makePrograms(compileBinary(directory.path));
    cloud = programs.run('cloud', '--config', files.cloud, '--minute-ms', '150');
    await cloud.logged(({ code, detail }) => code === 'link-online' && detail?.party === 'psp');
  });
  afterAll(async () => {
    await programs?.end();
    await broker?.stop();
    directory.remove();
  });

  it.concurrent.each(WAYS)(
    'MQTT %s over %s: paid once, with receipt, delivered, and every journal says the same',
    BUSY,
    async (...way) => {
      const [, , device] = way;
      const path = files.agents[DEVICES.indexOf(device)] ?? '';
      const agent = programs.run('agent', '--config', path, '--once');
      await order(agent, 'ended');
      expect(await agent.exited).toEqual({ code: 0, signal: null });
      expect(endings(path)).toEqual(['finished: trade-finished']);

      const receipt = receiptOf(set, path);
      expect(receipt).toMatchObject({ payee: SHOP.party, currency: 'CNY' });
      expect(debitsOf(set, device)).toEqual([
        { tradeNo: receipt?.tradeNo, currency: 'CNY', amountMinor: receipt?.amountMinor },
      ]);

      // Each frame the device journalled for somebody is in that party's journal, once, and no other frame of the device is.
      const sent = deviceRecords(path).flatMap((record) => record.sent);
      for (const party of ['agent', 'psp', SHOP.party]) {
        const meant = sent.filter(({ to }) => to === party).map(({ frame }) => peekFrame(frame).cti);
        expect(
          framesOf(set, party, device)
            .map(({ cti }) => cti)
            .sort(),
          party,
        ).toEqual(meant.sort());
      }
      expect(framesOf(set, 'psp', device).map(({ type }) => type)).toEqual(['pay-request', 'confirm']);
      expect(framesOf(set, SHOP.party, 'psp').filter(({ type }) => type === 'paid-notice')).not.toEqual([]);
      expect(agent.stdout.filter((line) => line.startsWith('[en-US] Paid'))).toHaveLength(1);
      // T26, T27: the payment is in a checkpoint that the PSP has cosigned.
      const paidAt = deviceRecords(path).findIndex(({ purchases: { current } }) => current.at === 'following');
      expect(cosignedRecords(set, path, device)).toBeGreaterThan(paidAt);
    },
  );

  it('each service logs in under its own name, is refused nothing, and stops in order', async () => {
    cloud.signal('SIGTERM');
    expect(await cloud.exited).toEqual({ code: 0, signal: null });
    expect(cloud.log.filter(({ level }) => level !== 'info')).toEqual([]);
    const names = broker.log.flatMap(
      (line) => /New client connected from .* as (\S+) .*u'(.*)'/.exec(line)?.slice(1, 3) ?? [],
    );
    expect(new Set(names)).toEqual(new Set([...servicesOf(set), ...DEVICES]));
  });

  it('T19, T28: no output holds a password, a key, a token or what the wearer said', () => {
    const secrets = secretsOf(set);
    expect(secrets.length).toBeGreaterThan(2 * DEVICES.length);
    expect(leaks(programs.all, secrets)).toEqual([]);
  });
});
