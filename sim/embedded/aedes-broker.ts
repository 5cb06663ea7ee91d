/** A real MQTT broker inside this process: aedes, reached through in-memory streams, so that real MQTT packets flow without a network. */
import { type Duplex, duplexPair } from 'node:stream';
import { Aedes } from 'aedes';

export interface EmbeddedBroker {
  /** A new connection's client end. */
  connect(): Duplex;
  /** Counts what the broker did so far; unchanged over some turns of the event loop means quiet. */
  readonly activity: number;
  /** Bytes of all payloads that clients have published. */
  readonly payloadBytes: number;
  close(): Promise<void>;
}

/** Starts the broker. It speaks MQTT 3.1.1 only, which is what aedes implements. */
export async function startEmbeddedBroker(): Promise<EmbeddedBroker> {
  const broker = await Aedes.createBroker();
  let activity = 0;
  const touch = () => {
    activity += 1;
  };
  let payloadBytes = 0;
  broker.on('publish', ({ payload }, client) => {
    touch();
    // Without a client it is one of the broker's own messages.
    if (client) payloadBytes += payload.length;
  });
  broker.on('ack', touch);
  broker.on('clientReady', touch);
  broker.on('subscribe', touch);
  return {
    connect() {
      const [near, far] = duplexPair();
      broker.handle(readWhole(far));
      return near;
    },
    get activity() {
      return activity;
    },
    get payloadBytes() {
      return payloadBytes;
    },
    close: () => new Promise((resolve) => broker.close(resolve)),
  };
}

/** aedes reads once whenever there is something and takes that for all there is. From Node 26 on it is one chunk of many. */
function readWhole(stream: Duplex): Duplex {
  const read = stream.read.bind(stream);
  stream.read = (size?: number | null) => {
    if (typeof size === 'number') return read(size);
    const chunks: Buffer[] = [];
    for (let chunk: Buffer | null = read(); chunk !== null; chunk = read()) chunks.push(chunk);
    return chunks.length === 0 ? null : Buffer.concat(chunks);
  };
  return stream;
}
