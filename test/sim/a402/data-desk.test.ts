import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, type EpochMs, fromBase64url, hex, secondsOf, sha256 } from '../../../protocol/index.ts';
import { judgeBill, judgeDelivery, proofOf, type Wanted } from '../../../sim/a402/buyer.ts';
import { HTTP_BODY_MAX_BYTES, type Http, type HttpAnswer, type HttpRequest } from '../../../sim/a402/http.ts';
import { PAYMENT_METHOD } from '../../../sim/cloud/index.ts';
import { type DataDesk, startDataDesk } from '../../../sim/embedded/data-desk.ts';
import { nodeHttp } from '../../../sim/embedded/data-desk-http.ts';
import { keyOf } from '../cloud/hands.ts';
import { DESK, deskSecrets, KEY, Stand } from './stand.ts';

const ask = (http: Http, request: HttpRequest) => new Promise<HttpAnswer>((done) => http.request(request, done));
const get = (url: string, headers: Readonly<Record<string, string>> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers,
});

describe('A402 on real HTTP, from the 402 to the confirmation', () => {
  const stand = new Stand();
  let desk: DataDesk;
  beforeEach(async () => {
    desk = await startDataDesk({ seller: stand.seller, now: () => stand.now as EpochMs });
  });
  afterEach(() => desk.close());

  it('bill, payment, proof, resource', async () => {
    const http = nodeHttp({ timeoutMs: 5_000 });
    const path = '/resources/sector-news';
    const named = { 'idempotency-key': KEY };
    const first = await ask(http, get(`${desk.url}${path}`, named));
    if (!('status' in first)) throw new Error(first.failed);
    expect(first.status).toBe(402);
    const wanted: Wanted = {
      ...{ seller: DESK, sellerKey: keyOf(deskSecrets.objectSeed).publicKey, path, resourceId: 'sector-news' },
      ...{ idempotencyKey: KEY, methodId: PAYMENT_METHOD, currency: 'CNY' },
    };
    const bill = judgeBill(first.headers['payment-needed'], wanted, stand.now as EpochMs);
    if (typeof bill === 'string') throw new Error(bill);
    expect(bill.payBefore).toBeGreaterThan(secondsOf(stand.now as EpochMs));
    const receipt = stand.receipt(bill);
    const proof = proofOf(bill, receipt, fromBase64url(stand.signed(receipt)));
    const paid = await ask(http, get(`${desk.url}${path}`, { ...named, 'payment-proof': proof }));
    if (!('status' in paid)) throw new Error(paid.failed);
    expect(judgeDelivery(paid.status, paid.headers['payment-validation'], bill, receipt).kind).toBe('delivered');
    expect(digestOf(paid.body)).toBe(hex(sha256(paid.body)));
    const url = `${desk.url}/orders/${bill.outTradeNo}/confirmation`;
    const confirmed = await ask(http, { method: 'POST', url, headers: {}, body: hex(sha256(paid.body)) });
    expect('status' in confirmed && confirmed.status).toBe(200);
    expect(stand.seller.sales.get(bill.outTradeNo)?.state).toBe('TRADE_FINISHED');
    const elsewhere = await ask(http, get(`${desk.url}/resources/analyst-notes`, { 'payment-proof': proof }));
    expect('status' in elsewhere && elsewhere.status).toBe(402);
  });

  it('two headers of one name are no header', async () => {
    const bill = stand.bill();
    const proof = stand.proof(bill);
    const twice = await new Promise<number>((done) => {
      const http = nodeHttp({ timeoutMs: 5_000 });
      const headers = { 'payment-proof': `${proof}, ${proof}` };
      http.request(get(`${desk.url}/resources/market-prices`, headers), (answer) =>
        done('status' in answer ? answer.status : 0),
      );
    });
    expect(twice).toBe(402);
  });

  it('T30: one address is heard so often and no more', async () => {
    const slow = await startDataDesk({
      ...{ seller: stand.seller, now: () => stand.now as EpochMs },
      rate: { burst: 2, perSecond: 1 },
    });
    const status = async () => (await fetch(`${slow.url}/resources`)).status;
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    stand.pass(1);
    expect(await status()).toBe(200);
    await slow.close();
  });

  it('other methods are not served', async () => {
    const response = await fetch(`${desk.url}/resources/market-prices`, { method: 'DELETE' });
    expect(response.status).toBe(405);
  });
});

describe('a client', () => {
  let server: Server | undefined;
  const serving = async (listener: RequestListener): Promise<string> => {
    const listening = createServer(listener);
    server = listening;
    await new Promise<void>((ready) => listening.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  it('tells a server that is not there, a URL that is none, a silence and a flood apart', async () => {
    const http = nodeHttp({ timeoutMs: 100 });
    expect(await ask(http, get('http://127.0.0.1:1/'))).toEqual({ failed: 'unreachable' });
    expect(await ask(http, get('http://'))).toEqual({ failed: 'unreachable' });
    const silent = await serving(() => {});
    expect(await ask(http, get(silent))).toEqual({ failed: 'timeout' });
    server?.closeAllConnections();
    server?.close();
    const flood = await serving((_, response) => {
      response.end(Buffer.alloc(HTTP_BODY_MAX_BYTES + 1));
    });
    expect(await ask(nodeHttp({ timeoutMs: 5_000 }), get(flood))).toEqual({ failed: 'too-large' });
  });

  it('follows no redirect', async () => {
    let asked = 0;
    const url = await serving((_, response) => {
      asked += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await ask(nodeHttp({ timeoutMs: 5_000 }), get(url));
    expect('status' in answer && answer.status).toBe(302);
    expect(asked).toBe(1);
  });

  it('calls an answer that breaks off no answer', async () => {
    const url = await serving((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      response.destroy();
    });
    expect(await ask(nodeHttp({ timeoutMs: 5_000 }), get(url))).toEqual({ failed: 'unreachable' });
  });
});
