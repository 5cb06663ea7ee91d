import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MqttTransportOptions } from '../../device/adapters/mqtt-transport.ts';
import { type Broker, freePorts, hasMosquitto, openConfig, startMosquitto } from '../helpers/mosquitto.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { access, type Link, type Probe, startLink, startProbe } from '../helpers/transport-probe.ts';

describe.skipIf(!hasMosquitto).each(['3.1.1', '5'] as const)('MQTT %s over Mosquitto', (mqttVersion) => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let broker: Broker;
  let port: number;
  let link: Link;
  let probes: Probe[];

  beforeEach(async () => {
    directory = temporaryDirectory();
    [port = 0] = await freePorts(1);
    const persistence = `persistence true\npersistence_location ${directory.path}/\nautosave_on_changes true\nautosave_interval 1\n`;
    broker = await startMosquitto(directory.path, openConfig(port) + persistence);
    link = await startLink(port);
    probes = [];
  });

  afterEach(async () => {
    for (const probe of probes) await probe.stop();
    await link.close();
    await broker.stop();
    directory.remove();
  });

  /** A probe whose connection goes through the link; `direct` ones go past it. */
  function probe(
    clientId: string,
    topics: string[],
    more: Partial<MqttTransportOptions> & { direct?: true; autoAck?: false } = {},
  ): Probe {
    const { direct, autoAck = true, ...options } = more;
    const url = `mqtt://127.0.0.1:${direct ? port : link.port}`;
    const made = startProbe({ broker: access(url, { mqttVersion }), clientId, ...options }, topics, autoAck);
    probes.push(made);
    return made;
  }

  const pubacksFrom = (clientId: string) =>
    broker.log
      .filter((line) => line.includes(`Received PUBACK from ${clientId} `))
      .map((line) => Number(/Mid: (\d+)/.exec(line)?.[1]));

  it('carries a message, acknowledged to its sender and never retained', async () => {
    const device = probe('device', ['d/down']);
    const service = probe('service', ['d/up'], { direct: true });
    await device.online();
    await service.online();
    await device.publish('d/up', 'hello');
    await service.until(() => service.received.length === 1);
    expect(service.received[0]).toMatchObject({ topic: 'd/up', text: 'hello' });
    expect(broker.log.filter((line) => /Received PUBLISH from device \(d0, q1, r0/.test(line))).toHaveLength(1);
    expect(device.states).toEqual(['connecting', 'online']);
  });

  it('sends PUBACK only after ack: what was not stored comes again on the next connection', async () => {
    const device = probe('device', ['d/down'], { autoAck: false });
    const service = probe('service', [], { direct: true });
    await device.online();
    await service.publish('d/down', 'first');
    await device.until(() => device.received.length === 1);
    link.cut();
    await device.until(() => device.received.length === 2);
    expect(device.received[1]?.text).toBe('first');
    // The acknowledgement of the dead connection is void, and nothing was said to the broker so far.
    device.received[0]?.ack();
    await service.publish('d/down', 'second');
    await device.until(() => device.received.length === 3);
    expect(pubacksFrom('device')).toEqual([]);
    device.received[1]?.ack();
    device.received[2]?.ack();
    // The broker reads in order: when it has taken this, it has seen the acknowledgements before it.
    await device.publish('d/up', 'behind');
    expect(pubacksFrom('device')).toHaveLength(2);
    link.cut();
    await device.until(() => device.states.filter((state) => state === 'online').length === 3);
    await device.publish('d/up', 'again');
    expect(device.received).toHaveLength(3);
  });

  it('acknowledges in the order of arrival, whatever order the acks run in', async () => {
    const device = probe('device', ['d/down'], { autoAck: false });
    const service = probe('service', [], { direct: true });
    await device.online();
    for (const text of ['1', '2', '3']) await service.publish('d/down', text);
    await device.until(() => device.received.length === 3);
    device.received[2]?.ack();
    device.received[1]?.ack();
    await device.publish('d/up', 'in between');
    expect(pubacksFrom('device')).toEqual([]);
    device.received[0]?.ack();
    await device.publish('d/up', 'behind');
    const sent = broker.log.flatMap((line) => /Sending PUBLISH to device \(d0, q1, r0, m(\d+)/.exec(line)?.[1] ?? []);
    expect(pubacksFrom('device')).toEqual(sent.map(Number));
  });

  it('T3: loses nothing and keeps the order of first arrivals over link cuts in mid-stream', async () => {
    const device = probe('device', ['d/down']);
    const service = probe('service', ['d/up'], { direct: true });
    await service.online();
    const count = 200;
    let acked = 0;
    for (let i = 0; i < count; i++) {
      device.transport.publish('d/up', new TextEncoder().encode(String(i)), () => {
        acked++;
        if (acked % 30 === 0) link.cut();
      });
    }
    await service.until(() => new Set(service.received.map(({ text }) => text)).size === count);
    await device.publish('d/up', 'last');
    expect(acked).toBe(count);
    expect(device.states.filter((state) => state === 'offline').length).toBeGreaterThanOrEqual(5);
    const firsts = [...new Set(service.received.map(({ text }) => text))].filter((text) => text !== 'last');
    expect(firsts).toEqual(Array.from({ length: count }, (_, i) => String(i)));
  });

  it('goes on after the broker was killed and started again', async () => {
    const device = probe('device', ['d/down'], { direct: true });
    const service = probe('service', ['d/up'], { direct: true });
    await device.online();
    await service.online();
    let acked = 0;
    const publish = (from: number, to: number) => {
      for (let i = from; i < to; i++)
        device.transport.publish('d/up', new TextEncoder().encode(String(i)), () => acked++);
    };
    publish(0, 40);
    await device.until(() => true);
    const killed = broker.kill();
    publish(40, 80);
    await killed;
    await device.until(() => device.states.at(-1) !== 'online');
    await broker.restart();
    await device.online();
    await device.publish('d/up', 'end');
    await service.online();
    expect(acked).toBe(80);
    await service.publish('d/down', 'still there');
    await device.until(() => device.received.some(({ text }) => text === 'still there'));
  });

  it('hands the will to the broker when it vanishes, and takes it along when it stops', async () => {
    const will = { topic: 'd/gone', payload: new TextEncoder().encode('gone') };
    const watcher = probe('watcher', ['d/gone'], { direct: true });
    await watcher.online();
    const device = probe('device', [], { will });
    await device.online();
    link.cut();
    await watcher.until(() => watcher.received.length === 1);
    await device.until(() => device.states.filter((state) => state === 'online').length === 2);
    device.transport.publish('d/up', new Uint8Array(1), () => {});
    await device.stop();
    await broker.logged(/Received DISCONNECT from device/);
    await watcher.publish('d/gone', 'sentinel');
    await watcher.until(() => watcher.received.length === 2);
    expect(watcher.received.map(({ text }) => text)).toEqual(['gone', 'sentinel']);
    expect(device.states.at(-1)).toBe('offline');
  });

  it('keeps its session over a restart of the process', async () => {
    const before = probe('device', ['d/down']);
    await before.online();
    await before.stop();
    const service = probe('service', [], { direct: true });
    await service.publish('d/down', 'while away');
    const after = probe('device', ['d/down']);
    await after.until(() => after.received.length === 1);
    expect(after.received[0]?.text).toBe('while away');
  });

  it('T21: drops an oversized message but acknowledges it, so that it does not come back', async () => {
    const device = probe('device', ['d/down'], { autoAck: false });
    const service = probe('service', [], { direct: true });
    await device.online();
    await service.publish('d/down', 'x'.repeat(9000));
    await broker.logged(/Received PUBACK from device/);
    expect(device.received).toEqual([]);
    expect(device.entries.at(-1)).toMatchObject({ code: 'transport-too-large', detail: { bytes: 9000 } });
    link.cut();
    await device.until(() => device.states.filter((state) => state === 'online').length === 2);
    await service.publish('d/down', 'small');
    await device.until(() => device.received.length > 0);
    expect(device.received.map(({ text }) => text)).toEqual(['small']);
  });
});
