/** A TCP link that a test can hold, cut and mend: what stands between a device and the broker, on loopback. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** `up`: towards the broker. */
export type Direction = 'up' | 'down';

export interface Link {
  /** Where the device connects. */
  readonly url: string;
  /** Every byte that has come over the link so far, in either direction. */
  readonly seen: Buffer;
  /** Nothing passes in this direction from now on; the connection stays. What is held when an end goes away is lost. */
  hold(direction: Direction): void;
  /** As {@link hold}, once the next message (anything longer than an acknowledgement) has passed down. */
  holdAfterMessage(direction: Direction): void;
  /** What was held passes, and everything after it. */
  release(): void;
  /** The connection breaks, and new ones break too. */
  cut(): void;
  mend(): void;
  /** A link that works, without whatever was on its way. */
  renew(): void;
  /** Mends it by itself after so many milliseconds. */
  mendAfter(durationMs: number): void;
  close(): Promise<void>;
}

/** Packets up to this size are acknowledgements and pings; the smallest frame of ours is longer. */
const SMALL_BYTES = 100;

interface Pipe {
  readonly device: Socket;
  readonly broker: Socket;
  readonly held: Record<Direction, Buffer[]>;
}

export async function openLink(brokerPort: number): Promise<Link> {
  const pipes = new Set<Pipe>();
  const holding: Record<Direction, boolean> = { up: false, down: false };
  let nextHold: Direction | undefined;
  const seen: Buffer[] = [];
  let broken = false;
  let timer: NodeJS.Timeout | undefined;

  function pass(pipe: Pipe, direction: Direction, chunk: Buffer): void {
    seen.push(chunk);
    const already = holding[direction];
    if (direction === 'down' && !already && nextHold !== undefined && chunk.length > SMALL_BYTES) {
      holding[nextHold] = true;
      nextHold = undefined;
    }
    if (already) pipe.held[direction].push(chunk);
    else (direction === 'up' ? pipe.broker : pipe.device).write(chunk);
  }

  const server = createServer((device) => {
    if (broken) return void device.destroy();
    const broker = connect(brokerPort, '127.0.0.1');
    const pipe: Pipe = { device, broker, held: { up: [], down: [] } };
    pipes.add(pipe);
    for (const socket of [device, broker]) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        pipes.delete(pipe);
        device.destroy();
        broker.destroy();
      });
    }
    device.on('data', (chunk) => pass(pipe, 'up', chunk));
    broker.on('data', (chunk) => pass(pipe, 'down', chunk));
    device.on('end', () => broker.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function cut(): void {
    broken = true;
    for (const { device, broker } of pipes) {
      device.destroy();
      broker.destroy();
    }
    pipes.clear();
  }
  function mend(): void {
    broken = false;
  }
  function release(): void {
    nextHold = undefined;
    holding.up = false;
    holding.down = false;
    for (const { device, broker, held } of pipes) {
      for (const chunk of held.up.splice(0)) broker.write(chunk);
      for (const chunk of held.down.splice(0)) device.write(chunk);
    }
  }
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get seen() {
      return Buffer.concat(seen);
    },
    hold(direction) {
      holding[direction] = true;
    },
    holdAfterMessage(direction) {
      nextHold = direction;
    },
    release,
    cut,
    mend,
    renew() {
      cut();
      release();
      mend();
    },
    mendAfter(durationMs) {
      timer = setTimeout(mend, durationMs);
    },
    async close() {
      clearTimeout(timer);
      cut();
      await new Promise((closed) => server.close(closed));
    },
  };
}
