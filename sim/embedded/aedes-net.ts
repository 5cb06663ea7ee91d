/** The network of a world as real MQTT: each client is the production transport over an in-memory stream to the embedded broker. */

import { mqttTransport } from '../../device/adapters/mqtt-transport.ts';
import type { Clock, Log } from '../../device/index.ts';
import type { Net } from '../net.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { EmbeddedBroker } from './aedes-broker.ts';

const BROKER = {
  url: 'mqtt://in-memory',
  mqttVersion: '3.1.1',
  // Real seconds, while the world's clock is virtual: long enough never to matter.
  keepaliveSeconds: 3_600,
  reconnectMinMs: 100,
  reconnectMaxMs: 1_000,
  sessionExpirySeconds: 86_400,
} as const;

const SILENT: Log = { write: () => {} };

export function aedesNet(broker: EmbeddedBroker, clock: Clock, random: SeededRandom): Net {
  return {
    transport: (client) =>
      mqttTransport(
        { broker: BROKER, clientId: client, openStream: () => broker.connect() },
        { clock, random: random.fork(client), log: SILENT },
      ),
  };
}
