import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { access, type Probe, startProbe } from '../helpers/transport-probe.ts';

/** MQTT 5 packets as bytes: CONNACK without session, SUBACK for packet 65535 with one reason code. */
const CONNACK = Buffer.from([0x20, 3, 0, 0, 0]);
const suback = (reason: number) => Buffer.from([0x90, 4, 0xff, 0xff, 0, reason]);
const DISCONNECT_TAKEN_OVER = Buffer.from([0xe0, 2, 142, 0]);

let server: Server;
let device: Probe;
const sockets = new Set<Socket>();

/** A server that answers each packet type (its high four bits) with what the table says, then hands over the socket. */
async function start(answers: Readonly<Record<number, (socket: Socket) => void>>): Promise<void> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    // The client writes each of its first packets by itself; loopback keeps them apart well enough to read the first byte.
    socket.on('data', (chunk) => answers[(chunk[0] ?? 0) >> 4]?.(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const broker = access(`mqtt://127.0.0.1:${port}`, { reconnectMaxMs: 600_000 });
  device = startProbe({ broker, clientId: 'device' }, ['d/down']);
}

afterEach(async () => {
  await device.stop();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await new Promise((resolve) => server.close(resolve));
});

describe('a transport against a broker that misbehaves', () => {
  it('T21: cuts the line when a packet would not end, instead of collecting it', async () => {
    let sent = 0;
    await start({
      1: (socket) => {
        // PUBLISH with a remaining length of 200 MiB, and bytes for as long as anybody takes them.
        socket.write(Buffer.concat([CONNACK, Buffer.from([0x32, 0x80, 0x80, 0x80, 0x64])]));
        const chunk = Buffer.alloc(65_536);
        const more = () => {
          sent += chunk.length;
          if (sent < 200 << 20 && !socket.destroyed) socket.write(chunk, more);
        };
        more();
      },
    });
    await device.until(() => device.entries.length > 0);
    expect(device.entries[0]).toMatchObject({ code: 'transport-too-large', detail: { retryMs: 600_000 } });
    expect(sent).toBeLessThan(16 << 20);
    expect(device.received).toEqual([]);
  });

  it('says transport-refused when its session was taken over, and waits its longest', async () => {
    await start({ 1: (socket) => socket.end(Buffer.concat([CONNACK, DISCONNECT_TAKEN_OVER])) });
    await device.until(() => device.entries.length > 0);
    expect(device.entries[0]?.code).toBe('transport-refused');
    expect(device.entries[0]?.detail).toMatchObject({ reason: 'transport-refused: MQTT reason 142', retryMs: 600_000 });
  });

  it.each([0, 0x87])('is not online when a subscription gets %i instead of QoS 1', async (reason) => {
    await start({ 1: (socket) => socket.write(CONNACK), 8: (socket) => socket.write(suback(reason)) });
    await device.until(() => device.entries.length > 0);
    expect(device.entries[0]?.code).toBe('transport-subscription-refused');
    expect(device.states).toEqual(['connecting', 'offline']);
  });

  it('does not keep more for a broker that is away than a bound, and says so', async () => {
    await start({});
    for (let i = 0; i < 300; i++) device.transport.publish('d/up', new Uint8Array(1), () => {});
    expect(device.entries.filter(({ code }) => code === 'transport-queue-full')).toHaveLength(300 - 256);
  });

  it('sends small packets at once: 44 ms a round trip are lost otherwise', async () => {
    const noDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
    await start({});
    expect(noDelay).toHaveBeenCalledWith(true);
    noDelay.mockRestore();
  });

  it('says DISCONNECT though a publish is unanswered, and never calls that publish taken', async () => {
    await start({ 1: (socket) => socket.write(CONNACK), 8: (socket) => socket.write(suback(1)) });
    await device.online();
    let acked = 0;
    device.transport.publish('d/up', new Uint8Array(1), () => acked++);
    await once([...sockets][0] as Socket, 'data');
    const last = new Promise<number | undefined>((resolve) =>
      [...sockets][0]?.on('data', (chunk) => resolve(chunk[0])),
    );
    await device.stop();
    expect(await last).toBe(0xe0);
    expect(acked).toBe(0);
  });

  it('stops while it waits for an answer, and while it waits to try again', async () => {
    await start({});
    await once(server, 'connection');
    await device.stop();
    expect(device.states).toEqual(['connecting', 'offline']);
    await device.stop();
  });
});
