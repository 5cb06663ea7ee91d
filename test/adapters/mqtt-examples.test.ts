import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readBrokerFiles } from '../../device/adapters/broker-files.ts';
import type { BrokerAccess, MqttTransportOptions } from '../../device/adapters/mqtt-transport.ts';
import { allDevicesUp, deviceTopic } from '../../protocol/topics.ts';
import { type Broker, type ExamplePorts, exampleConfig, hasMosquitto, startMosquitto } from '../helpers/mosquitto.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { access, type Probe, startProbe } from '../helpers/transport-probe.ts';

const USERS = ['glasses-01', 'glasses-02', 'agent', 'psp', 'luna-coffee'];
const [UP, DOWN, CTL] = (['up', 'down', 'ctl'] as const).map((direction) =>
  deviceTopic('demo', 'glasses-01', direction),
) as [string, string, string];

describe.skipIf(!hasMosquitto)('examples/mosquitto on a real Mosquitto', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let broker: Broker;
  let ports: ExamplePorts;
  let probes: Probe[] = [];

  beforeAll(async () => {
    directory = temporaryDirectory();
    const example = await exampleConfig(directory.path, USERS);
    ports = example.ports;
    broker = await startMosquitto(directory.path, example.config);
  });
  afterEach(async () => {
    for (const probe of probes) await probe.stop();
    probes = [];
  });
  afterAll(async () => {
    await broker.stop();
    directory.remove();
  });

  const pem = (name: string) => readFileSync(join(directory.path, name));

  function overTls(user: string, more: Partial<BrokerAccess> = {}): BrokerAccess {
    const keys = { ca: pem('ca.crt'), cert: pem(`${user}.crt`), key: pem(`${user}.key`) };
    return access(`mqtts://localhost:${ports.tls}`, { ...keys, ...more });
  }

  function overTcp(user: string, more: Partial<BrokerAccess> = {}): BrokerAccess {
    const password = new TextEncoder().encode(`${user}-password`);
    return access(`mqtt://127.0.0.1:${ports.tcp}`, { username: user, password, ...more });
  }

  function probe(
    brokerAccess: BrokerAccess,
    clientId: string,
    topics: string[],
    more: Partial<MqttTransportOptions> = {},
  ): Probe {
    const made = startProbe({ broker: brokerAccess, clientId, ...more }, topics);
    probes.push(made);
    return made;
  }

  it.each(['3.1.1', '5'] as const)(
    'carries frames from TLS with a client certificate to a service on TCP, MQTT %s',
    async (mqttVersion) => {
      const device = probe(overTls('glasses-01', { mqttVersion }), 'glasses-01', [DOWN, CTL]);
      const agent = probe(overTcp('agent', { mqttVersion }), 'agent', [allDevicesUp('demo')]);
      await Promise.all([device.online(), agent.online()]);
      await device.publish(UP, 'order');
      await agent.until(() => agent.received.length === 1);
      await agent.publish(DOWN, 'offer');
      await device.until(() => device.received.length === 1);
      expect([agent.received[0]?.topic, device.received[0]?.text]).toEqual([UP, 'offer']);
    },
  );

  it.each(['3.1.1', '5'] as const)('carries frames over WebSocket, MQTT %s', async (mqttVersion) => {
    const url = `ws://127.0.0.1:${ports.webSocket}/mqtt`;
    const device = probe(overTcp('glasses-01', { url, mqttVersion }), 'glasses-01', [DOWN]);
    const psp = probe(overTcp('psp', { mqttVersion }), 'psp', []);
    await Promise.all([device.online(), psp.online()]);
    await psp.publish(DOWN, 'challenge');
    await device.until(() => device.received.length === 1);
    expect(device.received[0]?.text).toBe('challenge');
  });

  it.each(['3.1.1', '5'] as const)("T30: keeps a device from another's topics, MQTT %s", async (mqttVersion) => {
    const agent = probe(overTcp('agent', { mqttVersion }), 'agent', [allDevicesUp('demo')]);
    const device = probe(overTcp('glasses-01', { mqttVersion }), 'glasses-01', [DOWN, CTL]);
    const intruder = probe(overTcp('glasses-02', { mqttVersion }), 'glasses-02', [DOWN, CTL, 'act/#', '#']);
    await Promise.all([agent.online(), device.online(), intruder.online()]);
    for (const topic of [UP, DOWN, CTL])
      intruder.transport.publish(topic, new TextEncoder().encode('forged'), () => {});
    await intruder.publish(deviceTopic('demo', 'glasses-02', 'up'), 'own');
    await agent.until(() => agent.received.length > 0);
    await agent.publish(DOWN, 'private');
    await device.until(() => device.received.length > 0);
    await agent.publish(deviceTopic('demo', 'glasses-02', 'down'), 'sentinel');
    await intruder.until(() => intruder.received.some(({ text }) => text === 'sentinel'));
    expect(agent.received.map(({ text }) => text)).toEqual(['own']);
    expect(device.received.map(({ text }) => text)).toEqual(['private']);
    expect(new Set(intruder.received.map(({ text }) => text))).toEqual(new Set(['sentinel']));
    const refused = intruder.entries.filter(({ code }) => code === 'transport-publish-refused');
    expect(refused.map(({ detail }) => detail?.reason)).toEqual(mqttVersion === '5' ? [135, 135, 135] : []);
  });

  it("does not let one user take over another's session by its client id", async () => {
    const device = probe(overTcp('glasses-01'), 'glasses-01', [DOWN]);
    await device.online();
    const thief = probe(overTcp('glasses-02'), 'glasses-01', []);
    const agent = probe(overTcp('agent'), 'agent', []);
    await Promise.all([thief.online(), agent.online()]);
    await agent.publish(DOWN, 'mine');
    await device.until(() => device.received.length === 1);
    expect(device.states).toEqual(['connecting', 'online']);
    expect(thief.received).toEqual([]);
  });

  it.each(['3.1.1', '5'] as const)(
    'T19: says transport-refused for a wrong password and never the password, MQTT %s',
    async (mqttVersion) => {
      const password = new TextEncoder().encode('correct-horse');
      const device = probe(overTcp('glasses-01', { password, mqttVersion }), 'glasses-01', [DOWN]);
      await device.until(() => device.entries.length === 2);
      const [first] = device.entries;
      expect(first).toMatchObject({ level: 'warn', code: 'transport-refused', detail: { retryMs: 80 } });
      expect(first?.detail?.hint).toContain('password');
      expect(JSON.stringify(device.entries)).not.toMatch(/correct-horse|glasses-01/);
      expect(device.states).toEqual(['connecting', 'offline', 'connecting', 'offline']);
    },
  );

  it('says transport-tls for a server it cannot trust, a name that is not in the certificate and a missing client certificate', async () => {
    const cases: Partial<BrokerAccess>[] = [
      { ca: pem('strange-ca.crt') },
      { ca: undefined },
      { cert: undefined, key: undefined },
      { cert: new TextEncoder().encode('no certificate') },
      { url: `wss://localhost:${ports.tls}`, ca: pem('strange-ca.crt') },
    ];
    for (const broken of cases) {
      const device = probe(overTls('glasses-01', broken), 'glasses-01', [DOWN]);
      await device.until(() => device.entries.length > 0);
      expect(device.entries[0]?.code, JSON.stringify(device.entries[0])).toBe('transport-tls');
      expect(device.states).not.toContain('online');
    }
  });

  it('says transport-network when nobody listens, and goes on trying with growing pauses', async () => {
    const device = probe(access('mqtt://127.0.0.1:1', { reconnectMinMs: 4, reconnectMaxMs: 16 }), 'glasses-01', [DOWN]);
    await device.until(() => device.entries.length === 5);
    for (const { code, detail } of device.entries) {
      expect([code, detail?.reason]).toEqual(['transport-network', 'transport-network: ECONNREFUSED']);
      expect(detail?.retryMs).toBeGreaterThanOrEqual(4);
      expect(detail?.retryMs).toBeLessThanOrEqual(16);
    }
  });

  it('sends content type and expiry with MQTT 5', async () => {
    const contentType = 'application/cose; cose-type="cose-sign1"';
    const password = 'agent-password';
    const observer = await connectAsync(`mqtt://127.0.0.1:${ports.tcp}`, {
      protocolVersion: 5,
      username: 'agent',
      password,
    });
    await observer.subscribeAsync(UP, { qos: 1 });
    const seen = new Promise((resolve) =>
      observer.once('message', (_topic, _payload, { properties, retain }) => resolve({ ...properties, retain })),
    );
    const device = probe(overTcp('glasses-01'), 'glasses-01', [], { contentType, messageExpirySeconds: 90 });
    await device.online();
    await device.publish(UP, 'order');
    expect(await seen).toMatchObject({ contentType, messageExpiryInterval: 90, retain: false });
    await observer.endAsync();
  });

  it('reads the files a configuration names and refuses a password others may read', async () => {
    const file = (name: string) => join(directory.path, name);
    writeFileSync(file('password'), 'agent-password\r\n', { mode: 0o600 });
    chmodSync(file('agent.key'), 0o600);
    const config = { ...access(`mqtt://127.0.0.1:${ports.tcp}`), username: 'agent', passwordFile: file('password') };
    const agent = probe(readBrokerFiles(config), 'agent', []);
    await agent.online();
    const tls = {
      ...access(`mqtts://localhost:${ports.tls}`),
      caFile: file('ca.crt'),
      certFile: file('agent.crt'),
      keyFile: file('agent.key'),
    };
    await agent.stop();
    await probe(readBrokerFiles(tls), 'agent', []).online();
    chmodSync(file('password'), 0o640);
    expect(() => readBrokerFiles(config)).toThrow(/keystore-permissions/);
    expect(() => readBrokerFiles({ ...tls, caFile: file('absent') })).toThrow(/config-unreadable/);
  });
});
