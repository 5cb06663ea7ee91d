import { writeFileSync } from 'node:fs';
import { createServer, request as rawRequest, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcp, connect as rawConnect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { ANSWER_MAX_BYTES, chainNodeOf, httpTrustChain } from '../../device/adapters/http-trust-chain.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import type { FindAnswer, HeadAnswer, SubmitAnswer, TrustChain } from '../../device/ports.ts';
import { hex, openCheckpoint } from '../../protocol/index.ts';
import { startTrustChain, type TrustChainServer } from '../../sim/embedded/trust-chain.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { createTrustNode, REQUEST_MAX_BYTES } from '../../sim/trust-chain/node.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { STORY } from '../device/agent-rig.ts';
import { CHANNEL, nodeSigner, ReportingRig, testNode, verifyingKey } from '../device/audit/reporting-rig.ts';
import { deviceKey, START, settings } from '../device/builders.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function freshDirectory(): string {
  const { path, remove } = temporaryDirectory();
  closing.push(remove);
  return path;
}

const clock = systemClock();
/** Anchors as a device makes them. */
const stand = new ReportingRig().after(STORY.length);
stand.clock.advance(60_000);
const anchors = stand.attested().map(({ anchor, record }) => ({ jws: anchor, recordId: record.recordId }));
const [first, second] = anchors as [(typeof anchors)[number], (typeof anchors)[number]];

async function serve(options: Partial<Parameters<typeof startTrustChain>[0]> = {}): Promise<TrustChainServer> {
  const server = await startTrustChain({ node: testNode(), clock, ...options });
  closing.push(() => server.close());
  return server;
}

const client = (url: string, seen?: string): TrustChain =>
  httpTrustChain({ url, node: nodeSigner, clock: quick, ...(seen !== undefined && { seen }) });
/** Waits for nothing: what is pause or patience elsewhere is over at once here. */
const quick = {
  now: clock.now,
  after: (delayMs: number, fire: () => void) => clock.after(delayMs > 20_000 ? delayMs : 0, fire),
};

const submit = (chain: TrustChain, jws: string) => new Promise<SubmitAnswer>((done) => chain.submit(jws, done));
const find = (chain: TrustChain, { recordId }: typeof first) =>
  new Promise<FindAnswer>((done) => chain.find(recordId, done));
const head = (chain: TrustChain) => new Promise<HeadAnswer>((done) => chain.head(done));

/** A request by hand. */
function asked(url: string, method: string, body?: string | Buffer): Promise<{ status: number; body: string }> {
  return new Promise((done, failed) => {
    const sent = rawRequest(url, { method, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => done({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

describe('a trust chain over HTTP', () => {
  it('anchors, repeats, finds and proves', async () => {
    const chain = client((await serve()).url);
    expect(await submit(chain, first.jws)).toMatchObject({ kind: 'anchored', position: 0 });
    expect(await submit(chain, first.jws)).toMatchObject({ kind: 'known', position: 0 });
    expect(await submit(chain, second.jws)).toMatchObject({ kind: 'anchored', position: 1 });
    expect(await find(chain, first)).toMatchObject({ kind: 'found', jws: first.jws, position: 0 });
    expect(await find(chain, anchors[4] as typeof first)).toEqual({ kind: 'not-found' });
    const now = await head(chain);
    expect(now.kind === 'head' && openCheckpoint(now.checkpoint, nodeSigner).size).toBe(2);
  });

  it('stands on a disk over restarts, and a client that was there before finds it continued', async () => {
    const path = join(freshDirectory(), 'anchors.journal');
    const start = async () => {
      const journal = openFileJournal(path, new SeededRandom('journal'));
      const keysOf = () => [verifyingKey(deviceKey)];
      const node = createTrustNode({
        ...{ signer: nodeSigner, channels: new Set([CHANNEL]), keysOf, journal, log: { write: () => {} } },
      });
      const server = await startTrustChain({ node, clock });
      const stop = async () => {
        await server.close();
        journal.close();
      };
      return { server, stop };
    };
    const before = await start();
    await submit(client(before.server.url), first.jws);
    const seen = await head(client(before.server.url));
    await before.stop();
    const after = await start();
    closing.push(after.stop);
    const chain = client(after.server.url, seen.kind === 'head' ? seen.checkpoint : '');
    expect(await submit(chain, second.jws)).toMatchObject({ kind: 'anchored', position: 1 });
    expect(await submit(chain, first.jws)).toMatchObject({ kind: 'known', position: 0 });
  });

  it('takes the anchors of a whole purchase from a reporting device, and nothing else of it (T28)', async () => {
    const bytes: Buffer[] = [];
    const { url } = await serve();
    const tap = createTcp((socket) => {
      const target = new URL(url);
      const inner = rawConnect(Number(target.port), '127.0.0.1');
      socket.on('data', (part: Buffer) => void bytes.push(part));
      socket.pipe(inner).pipe(socket);
      socket.on('error', () => inner.destroy());
      inner.on('error', () => socket.destroy());
    });
    const port = await listening(tap);
    const chain = client(`http://127.0.0.1:${port}`);
    for (const { jws } of anchors) expect(await submit(chain, jws)).toMatchObject({ kind: 'anchored' });
    const sent = Buffer.concat(bytes).toString('latin1');
    const { latitudeE3, longitudeE3 } = settings.place;
    const inside = anchors.flatMap(({ jws }) =>
      jws.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1')),
    );
    for (const { jws } of anchors) expect(sent).toContain(jws);
    for (const canary of ['latte', 'sugar', '25 yuan', String(latitudeE3), String(longitudeE3), settings.paymentToken])
      expect([sent, ...inside].join('\n')).not.toContain(canary);
  });
});

describe('T30: the server', () => {
  it('reads no request to its end that is longer than an anchor can be, and goes on', async () => {
    const { url } = await serve();
    const answer = await asked(`${url}/anchors`, 'POST', Buffer.alloc(REQUEST_MAX_BYTES + 1, 'a')).catch(() => ({
      status: 413,
    }));
    expect(answer.status).toBe(413);
    expect(await submit(client(url), first.jws)).toMatchObject({ kind: 'anchored' });
  });

  it('answers so many requests of one address and refuses the others until time has passed', async () => {
    const virtual = new VirtualClock(START);
    const { url } = await serve({ clock: virtual, rate: { burst: 3, perSecond: 1 } });
    const statuses = [];
    for (let n = 0; n < 5; n++) statuses.push((await asked(`${url}/checkpoint`, 'GET')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    virtual.advance(1_000);
    expect((await asked(`${url}/checkpoint`, 'GET')).status).toBe(200);
  });

  it.each([
    ['PUT', '/anchors', 405],
    ['GET', '/nowhere', 404],
    ['POST', '/checkpoint', 404],
  ])('answers %s %s with %i', async (method, path, status) => {
    expect((await asked((await serve()).url + path, method)).status).toBe(status);
  });
});

/** A server that answers with these bytes. */
async function answering(body: Buffer, status = 200): Promise<string> {
  const server = createServer((_, response) => void response.writeHead(status).end(body));
  return `http://127.0.0.1:${await listening(server)}`;
}

function listening(server: Server | ReturnType<typeof createTcp>): Promise<number> {
  closing.push(() => new Promise<void>((closed) => void server.close(() => closed())));
  server.on('connection', (socket: Socket) => void closing.push(() => void socket.destroy()));
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
}

const UNREACHABLE = { kind: 'unreachable' };

describe('the client', () => {
  it('takes no answer that is longer than a proof can be', async () => {
    expect(await head(client(await answering(Buffer.alloc(ANSWER_MAX_BYTES + 1, '{'))))).toEqual(UNREACHABLE);
  });

  it('takes no bytes that are no text, and follows nobody who sends it elsewhere', async () => {
    expect(await find(client(await answering(Buffer.from([0xff, 0xfe]))), first)).toEqual(UNREACHABLE);
    expect(await find(client(await answering(Buffer.from('{}'), 302)), first)).toEqual(UNREACHABLE);
  });

  it('tells a node that cannot be reached, and one that hangs up, as unreachable', async () => {
    const { url, close } = await startTrustChain({ node: testNode(), clock });
    await close();
    expect(await submit(client(url), first.jws)).toEqual(UNREACHABLE);
    const rude = createTcp((socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"half"'));
    expect(await submit(client(`http://127.0.0.1:${await listening(rude)}`), first.jws)).toEqual(UNREACHABLE);
  });

  it('asks no more once it was stopped', async () => {
    const silent = createTcp();
    const chain = client(`http://127.0.0.1:${await listening(silent)}`);
    const connected = new Promise<Socket>((done) => silent.once('connection', done));
    const stop = chain.find(first.recordId, () => expect.unreachable());
    const socket = await connected;
    const gone = new Promise<void>((done) => socket.once('close', () => done()));
    socket.on('error', () => {}).resume();
    stop();
    await gone;
  });
});

describe('the key of a node', () => {
  const about = { chainUrl: 'https://chain.example.com', chainName: nodeSigner.name, privacyChannel: CHANNEL };
  const keyHex = hex(nodeSigner.publicKey);

  it('comes from the configuration or from a file it names', () => {
    const path = join(freshDirectory(), 'chain.key');
    writeFileSync(path, `${keyHex}\n`);
    const expected = { name: nodeSigner.name, publicKey: new Uint8Array(nodeSigner.publicKey) };
    expect(chainNodeOf({ ...about, chainKeyHex: keyHex })).toEqual(expected);
    expect(chainNodeOf({ ...about, chainKeyFile: path })).toEqual(expected);
    writeFileSync(path, 'not hex');
    expect(() => chainNodeOf({ ...about, chainKeyFile: path })).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
    expect(() => chainNodeOf({ ...about, chainKeyFile: `${path}.none` })).toThrow(
      expect.objectContaining({ code: 'config-unreadable' }),
    );
    expect(() => chainNodeOf({ ...about, chainKeyHex: '00'.repeat(32) })).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
  });
});
