import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EpochMs } from '../../../protocol/index.ts';
import { hex, msOf, readA402, sha256 } from '../../../protocol/index.ts';
import { PROOF_VALID_S } from '../../../sim/a402/proof-faults.ts';
import { deskResources, type Resource } from '../../../sim/a402/resources.ts';
import { MAX_SALES, PAY_WITHIN_S, REPLAY_WINDOW_S } from '../../../sim/a402/seller.ts';
import { tenant } from '../cloud/stage.ts';
import { billIn, DESK, deskSecrets, KEY, Stand, validationIn, verdictOf } from './stand.ts';

describe('a bill', () => {
  it('names one resource, one price, one order and one deadline, and comes with status 402', () => {
    const stand = new Stand();
    const response = stand.get('market-prices');
    expect(response.status).toBe(402);
    const bill = billIn(response);
    expect(bill).toMatchObject({
      resourceId: 'market-prices',
      amountMinor: 800,
      currency: 'CNY',
      sellerUniqueId: DESK,
    });
    expect(bill.payBefore).toBe(stand.second + PAY_WITHIN_S);
    expect(billIn(stand.get('market-prices')).outTradeNo).not.toBe(bill.outTradeNo);
  });

  it('is the same for the same named request until it has run out or is paid', () => {
    const stand = new Stand();
    const bill = stand.bill();
    expect(stand.bill()).toEqual(bill);
    expect(stand.bill('market-prices', 'request-2').outTradeNo).not.toBe(bill.outTradeNo);
    expect(stand.bill('sector-news').outTradeNo).not.toBe(bill.outTradeNo);
    stand.redeem(bill);
    const second = stand.bill();
    expect(second.outTradeNo).not.toBe(bill.outTradeNo);
    stand.pass(PAY_WITHIN_S);
    expect(stand.bill().outTradeNo).not.toBe(second.outTradeNo);
  });

  it('T30: is not written beyond a bound, and room comes back with time', () => {
    const stand = new Stand();
    const bill = stand.bill();
    const { sales } = stand.seller;
    for (let i = sales.size; i < MAX_SALES; i += 1)
      (sales as Map<string, unknown>).set(`x${i}`, [...sales.values()][0]);
    expect(stand.get('market-prices').status).toBe(503);
    // Nothing can come of it, so nothing is stored of it either; a genuine proof always counts.
    const url = 'http://desk/resources/market-prices';
    const asks = (headers: Readonly<Record<string, string>>) =>
      stand.seller.concerns({ method: 'GET', url, headers }, stand.now as EpochMs);
    expect([asks({}), asks({ 'payment-proof': 'junk' })]).toEqual([false, false]);
    expect(asks({ 'payment-proof': stand.proof(bill) })).toBe(true);
    stand.pass(PAY_WITHIN_S + PROOF_VALID_S);
    expect(stand.get('market-prices').status).toBe(402);
    expect(sales.size).toBe(1);
  });

  it('is not for what is not sold, nor for a key that is none', () => {
    const stand = new Stand();
    expect(stand.get('nothing').status).toBe(404);
    expect(stand.get('../secret').status).toBe(404);
    expect(stand.get('market-prices', { 'idempotency-key': 'a b' }).status).toBe(400);
  });
});

describe('a proof', () => {
  it('that holds is answered with the resource, and says so apart for payment, delivery and fulfilment', () => {
    const stand = new Stand();
    const bill = stand.bill();
    const response = stand.redeem(bill);
    expect(response.status).toBe(200);
    expect(JSON.parse(new TextDecoder().decode(response.body))).toMatchObject({ resource: 'market-prices' });
    expect(validationIn(response)).toMatchObject({
      ...{ validationStatus: 'VALID', deliveryStatus: 'DELIVERED', fulfillmentStatus: 'PENDING' },
      transactionState: 'WAIT_BUYER_RECEIPT',
    });
  });

  const wrong: readonly (readonly [string, (stand: Stand) => ReturnType<Stand['redeem']>, string])[] = [
    ['proof-unreadable', (stand) => stand.redeem(stand.bill(), 'nonsense'), 'REQUEST_PARAMETER'],
    [
      'proof-invalid',
      (stand) => {
        const bill = stand.bill();
        const paymentProof = stand.signed(stand.receipt(bill), deskSecrets.objectSeed);
        return stand.redeem(bill, stand.proof(bill, undefined, { paymentProof }));
      },
      'PAYMENT_PROOF_VALIDATION',
    ],
    [
      'method-differs',
      (stand) => stand.redeem(stand.bill(), stand.proof(stand.bill(), undefined, { methodId: 'urn:act:payment:cash' })),
      'PROTOCOL_METHOD',
    ],
    [
      'payee-differs',
      (stand) => {
        const bill = stand.bill();
        return stand.redeem(bill, stand.proof(bill, stand.receipt(bill, { payee: 'luna-coffee' })));
      },
      'PARTICIPANT_IDENTITY',
    ],
    [
      'order-unknown',
      (stand) => {
        const bill = stand.bill();
        const other = { outTradeNo: 'D-none' };
        return stand.redeem(bill, stand.proof(bill, stand.receipt(bill, { orderNo: 'D-none' }), other));
      },
      'PAYMENT_PROOF_VALIDATION',
    ],
    [
      'trade-differs',
      (stand) => stand.redeem(stand.bill(), stand.proof(stand.bill(), undefined, { tradeNo: 'T-other' })),
      'PAYMENT_PROOF_VALIDATION',
    ],
    [
      'trade-differs',
      (stand) => stand.redeem(stand.bill(), stand.proof(stand.bill(), undefined, { outTradeNo: 'D-other' })),
      'PAYMENT_PROOF_VALIDATION',
    ],
    [
      'resource-differs',
      (stand) => stand.redeem(stand.bill(), stand.proof(stand.bill()), 'company-filings'),
      'PAYMENT_PROOF_VALIDATION',
    ],
    [
      'resource-differs',
      (stand) => {
        const other = { resourceId: undefined, requestFingerprint: undefined, requestMethod: undefined };
        return stand.redeem(stand.bill(), stand.proof(stand.bill(), undefined, other), 'company-filings');
      },
      'PAYMENT_PROOF_VALIDATION',
    ],
    [
      'amount-differs',
      (stand) => {
        const bill = stand.bill();
        return stand.redeem(bill, stand.proof(bill, stand.receipt(bill, { amountMinor: 1 })));
      },
      'PAYMENT_PROOF_VALIDATION',
    ],
    [
      'amount-differs',
      (stand) => {
        const bill = stand.bill();
        return stand.redeem(bill, stand.proof(bill, stand.receipt(bill, { currency: 'JPY' })));
      },
      'PAYMENT_PROOF_VALIDATION',
    ],
    [
      'paid-late',
      (stand) => {
        const bill = stand.bill();
        stand.pass(PAY_WITHIN_S + 1);
        return stand.redeem(bill);
      },
      'PAYMENT_PROOF_VALIDATION',
    ],
    [
      'proof-expired',
      (stand) => {
        const bill = stand.bill();
        const proof = stand.proof(bill);
        stand.pass(PROOF_VALID_S);
        return stand.redeem(bill, proof);
      },
      'PAYMENT_PROOF_VALIDATION',
    ],
    [
      'proof-expired',
      (stand) => stand.redeem(stand.bill(), stand.proof(stand.bill(), undefined, { expiresAt: stand.second })),
      'PAYMENT_PROOF_VALIDATION',
    ],
  ];

  it.each(wrong)('is refused: %s', (fault, redeem, category) => {
    const stand = new Stand();
    const response = redeem(stand);
    expect(verdictOf(response)).toBe(`402 INVALID ${fault}`);
    expect(validationIn(response).error?.category).toBe(category);
    // A bill again, and nothing delivered.
    expect(billIn(response).outTradeNo).toMatch(/^D-/);
    expect([...stand.seller.sales.values()].every(({ delivered }) => delivered === undefined)).toBe(true);
  });

  it('T2: is not taken twice: neither by another request nor after the replay window', () => {
    const stand = new Stand();
    const bill = stand.bill();
    const proof = stand.proof(bill);
    expect(stand.redeem(bill, proof).status).toBe(200);
    const other = stand.proof(bill, undefined, { idempotencyKey: 'request-2' });
    const unnamed = stand.proof(bill, undefined, { idempotencyKey: undefined });
    expect(verdictOf(stand.redeem(bill, other))).toBe('402 INVALID proof-replayed');
    expect(verdictOf(stand.redeem(bill, unnamed))).toBe('402 INVALID proof-replayed');
    stand.pass(REPLAY_WINDOW_S);
    expect(verdictOf(stand.redeem(bill, proof))).toBe('402 INVALID proof-replayed');
  });

  it('T3: is answered with the same bytes when its answer was lost; nothing is made a second time', () => {
    let made = 0;
    const counted: Resource = { ...(deskResources[0] as Resource), content: () => `made ${++made}` };
    const stand = new Stand({ resources: [counted] });
    const bill = stand.bill();
    const proof = stand.proof(bill);
    const first = stand.redeem(bill, proof);
    stand.pass(REPLAY_WINDOW_S - 1);
    expect(stand.redeem(bill, proof).body).toEqual(first.body);
    expect(made).toBe(1);
  });

  it('T1: with a bit of the header flipped opens nothing, unless nothing that counts has changed', () => {
    const counts = (header: string) => {
      const { paymentProof, tradeNo, outTradeNo, resourceId, requestFingerprint } = readA402(
        'Payment-Proof',
        header,
      ).protocol;
      return [paymentProof, tradeNo, outTradeNo, resourceId, requestFingerprint];
    };
    const [first] = [new Stand()];
    const length = first.proof(first.bill()).length;
    for (let at = 0; at < length; at += 11) {
      const stand = new Stand();
      const bill = stand.bill();
      const proof = stand.proof(bill);
      const flipped = proof.slice(0, at) + String.fromCharCode(proof.charCodeAt(at) ^ 1) + proof.slice(at + 1);
      const { status } = stand.redeem(bill, flipped);
      if (status === 200) expect(counts(flipped)).toEqual(counts(proof));
      else expect(status).toBe(402);
    }
  });

  it('T21: of any text is answered and delivers nothing', () => {
    const stand = new Stand();
    const bill = stand.bill();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(stand.redeem(bill, text).status).toBe(402);
      }),
      { seed: 402, numRuns: 300 },
    );
  });
});

describe('outcomes', () => {
  it('a payment whose delivery fails is paid, and is delivered when it can be', () => {
    let isThere = false;
    const resource = { ...(deskResources[0] as Resource), content: () => (isThere ? 'data' : undefined) };
    const stand = new Stand({ resources: [resource] });
    const bill = stand.bill();
    const failed = stand.redeem(bill);
    expect(failed.status).toBe(503);
    expect(validationIn(failed)).toMatchObject({
      ...{ validationStatus: 'VALID', deliveryStatus: 'FAILED', fulfillmentStatus: 'NOT_CONFIRMED' },
      transactionState: 'WAIT_SELLER_FULFILLMENT',
    });
    isThere = true;
    expect(validationIn(stand.redeem(bill))).toMatchObject({ deliveryStatus: 'DELIVERED' });
  });

  it('fulfilment is confirmed by who has the very bytes', () => {
    const stand = new Stand();
    const bill = stand.bill();
    const { body } = stand.redeem(bill);
    const confirm = (digest: string, orderNo = bill.outTradeNo) => {
      const url = `http://data-desk/orders/${orderNo}/confirmation`;
      const request = { method: 'POST', url, headers: {}, body: digest } as const;
      return stand.seller.handle(request, msOf(stand.second)).status;
    };
    expect(confirm(hex(sha256(new Uint8Array(1))))).toBe(409);
    expect(confirm(hex(sha256(body)), 'D-other')).toBe(404);
    expect(confirm(hex(sha256(body)))).toBe(200);
    expect(confirm(hex(sha256(body)))).toBe(200);
    const sale = stand.seller.sales.get(bill.outTradeNo);
    expect([sale?.fulfillment, sale?.state]).toEqual(['CONFIRMED', 'TRADE_FINISHED']);
  });

  it('nobody is billed again because the proof cannot be judged now', () => {
    const stand = new Stand({ proofs: { check: () => 'unknown' } });
    const response = stand.redeem(stand.bill());
    expect(verdictOf(response)).toBe('503 UNKNOWN validation-unavailable');
    expect(response.headers['payment-needed']).toBeUndefined();
    expect(validationIn(response).error?.retryability).toBe('QUERY_FIRST');
  });
});

it('the catalogue is free and holds what is sold', () => {
  const stand = new Stand();
  const url = 'http://data-desk/resources';
  const { status, body } = stand.seller.handle({ method: 'GET', url, headers: {} }, msOf(stand.second));
  const { resources } = JSON.parse(new TextDecoder().decode(body)) as { resources: { id: string }[] };
  expect(status).toBe(200);
  expect(resources.map(({ id }) => id)).toEqual(deskResources.map(({ id }) => id));
  expect(tenant.counterparts.map(({ party }) => party)).toContain(DESK);
  expect(KEY).toMatch(/^[!-~]+$/);
});
