/**
 * The seller of resources behind HTTP 402 (ACT 2.1 PSD-PAY-A402): bills, validates proofs, delivers once, and gives back what
 * was paid for nothing. Payment, delivery and fulfilment are three outcomes. Pure: requests and times in, answers out.
 */
import {
  type A402Value,
  actError,
  type EpochMs,
  type EpochSeconds,
  hex,
  msOf,
  type ObjectValue,
  ProtocolError,
  readA402,
  type SigningKey,
  secondsOf,
  sha256,
  utf8,
  writeA402,
} from '../../protocol/index.ts';
import { type Bill, fingerprintOf, writeBill } from './bill.ts';
import { type HttpRequest, type HttpResponse, pathOf } from './http.ts';
import { type GiveBack, PayBacks } from './pay-backs.ts';
import type { ProofCheck, ProofVerdict } from './proof-check.ts';
import { isOwed, PROOF_FAULTS, type ProofFault, proofFault } from './proof-faults.ts';
import type { Resource } from './resources.ts';
import { Sale } from './sale.ts';

export interface SellerOptions {
  /** Its party id: payee of the bills, and who signs them. */
  readonly seller: string;
  readonly objectKey: SigningKey;
  /** Order numbers are derived from it; 32 bytes. */
  readonly secret: Uint8Array;
  readonly methodId: string;
  readonly resources: readonly Resource[];
  readonly proofs: ProofCheck;
  readonly giveBack: GiveBack;
}

type Proof = A402Value<'Payment-Proof'>['protocol'];

interface Asked {
  readonly resource: Resource;
  readonly path: string;
  readonly fingerprint: string;
  readonly idempotencyKey: string | undefined;
  readonly now: EpochMs;
}

/** How long a bill can be paid. */
export const PAY_WITHIN_S = 300;
/** How long the same request gets the same answer after delivery: longer than a buyer that lost it is away. */
export const REPLAY_WINDOW_S = 3_600;
/** Bills beyond this are not written (T30): who asks without paying costs memory. */
export const MAX_SALES = 10_000;

const IDEMPOTENCY_KEY = /^[!-~]{1,96}$/;
const RESOURCES = '/resources';

export class ResourceSeller {
  readonly #options: SellerOptions;
  readonly #resources: ReadonlyMap<string, Resource>;
  readonly #sales = new Map<string, Sale>();
  /** The open bill of a request that was named. */
  readonly #billed = new Map<string, Sale>();
  readonly #payBacks: PayBacks;
  /** What the operator lets nobody have for now. */
  readonly #withheld = new Set<string>();
  #count = 0;

  constructor(options: SellerOptions) {
    this.#options = options;
    this.#payBacks = new PayBacks(options.giveBack);
    this.#resources = new Map(options.resources.map((resource) => [`${RESOURCES}/${resource.id}`, resource]));
  }

  /** What was billed, by order number: for who keeps the books. */
  get sales(): ReadonlyMap<string, Sale> {
    return this.#sales;
  }

  /** Whether anything can change by this request: whatever else is asked is answered by heart. */
  concerns({ method, url, headers }: HttpRequest, now: EpochMs): boolean {
    const path = pathOf(url) ?? '';
    if (method === 'POST') return this.#sales.has(orderIn(path));
    if (!this.#resources.has(path) || !IDEMPOTENCY_KEY.test(headers['idempotency-key'] ?? 'none')) return false;
    if (!this.#isFull(now)) return true;
    const proof = read(headers['payment-proof'] ?? '');
    return proof !== undefined && this.#options.proofs.check(proof.paymentProof, now) !== 'invalid';
  }

  /** No bill can be made before one is forgotten (T30). */
  #isFull(now: EpochMs): boolean {
    return this.#sales.size >= MAX_SALES && ![...this.#sales.values()].some((sale) => sale.isForgettable(now));
  }

  /** `withhold` or `offer` and a resource: whether it can be delivered. @returns `done`, or the code of why not. */
  command(words: string): string {
    const [, order, id = ''] = /^(withhold|offer) ([a-z0-9-]{1,24})$/.exec(words) ?? [];
    if (order === undefined) return 'command-unknown';
    if (!this.#resources.has(`${RESOURCES}/${id}`)) return 'resource-unknown';
    if (order === 'withhold') this.#withheld.add(id);
    else this.#withheld.delete(id);
    return 'done';
  }

  wakeAt(): EpochMs | undefined {
    return this.#payBacks.wakeAt();
  }

  tick(now: EpochMs): void {
    this.#payBacks.tick(now);
  }

  handle(request: HttpRequest, now: EpochMs): HttpResponse {
    const path = pathOf(request.url) ?? '';
    if (request.method === 'POST') return this.#confirm(path, request.body ?? '');
    if (path === RESOURCES) return json(200, this.#catalogue());
    const resource = this.#resources.get(path);
    if (resource === undefined) return json(404, { error: 'no such resource' });
    const key = request.headers['idempotency-key'];
    if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) return json(400, { error: 'the idempotency key is none' });
    const asked = { resource, path, fingerprint: fingerprintOf('GET', path), idempotencyKey: key, now };
    const proof = request.headers['payment-proof'];
    return proof === undefined ? this.#bill(asked) : this.#redeem(proof, asked);
  }

  /** Free and unsigned: what a bill says counts. */
  #catalogue(): object {
    const { resources } = this.#options;
    return {
      resources: resources.map(({ id, title, amountMinor, currency }) => ({ id, title, amountMinor, currency })),
    };
  }

  /** Step 2: the header says what is to be paid; the body is for people. */
  #bill(asked: Asked, more: Readonly<Record<string, string>> = {}): HttpResponse {
    const sale = this.#open(asked) ?? this.#issue(asked);
    if (sale === undefined) return json(503, { error: 'too many open bills' });
    const { bill, header } = sale;
    const body = { error: 'Payment Needed', message: `Pay before ${bill.payBefore}`, resource_id: bill.resourceId };
    return json(402, body, { 'payment-needed': header, ...more });
  }

  #open({ path, idempotencyKey, now }: Asked): Sale | undefined {
    const sale = this.#billed.get(`${path} ${idempotencyKey}`);
    return sale?.state === 'WAIT_BUYER_PAY' && now < msOf(sale.bill.payBefore) ? sale : undefined;
  }

  #issue({ resource, path, fingerprint, idempotencyKey, now }: Asked): Sale | undefined {
    this.#forgetOld(now);
    if (this.#sales.size >= MAX_SALES) return undefined;
    const { seller, secret, methodId, objectKey } = this.#options;
    const number = hex(sha256(utf8(`${hex(secret)} bill ${this.#count++} ${now}`))).slice(0, 22);
    const bill: Bill = {
      methodId,
      requestMethod: 'GET',
      requestFingerprint: fingerprint,
      ...(idempotencyKey !== undefined && { idempotencyKey }),
      outTradeNo: `D-${number}`,
      amountMinor: resource.amountMinor,
      currency: resource.currency,
      resourceId: resource.id,
      payBefore: (secondsOf(now) + PAY_WITHIN_S) as EpochSeconds,
      sellerUniqueId: seller,
      replayWindowSeconds: REPLAY_WINDOW_S,
    };
    const sale = new Sale(bill, writeBill(bill, seller, objectKey));
    this.#sales.set(bill.outTradeNo, sale);
    if (idempotencyKey !== undefined) this.#billed.set(`${path} ${idempotencyKey}`, sale);
    return sale;
  }

  #forgetOld(now: EpochMs): void {
    if (this.#sales.size < MAX_SALES) return;
    for (const [orderNo, sale] of this.#sales) if (sale.isForgettable(now)) this.#sales.delete(orderNo);
    for (const [key, sale] of this.#billed) if (sale.isForgettable(now)) this.#billed.delete(key);
  }

  /** Step 5: nothing in the proof is believed before all of it has been checked. */
  #redeem(header: string, asked: Asked): HttpResponse {
    const proof = read(header);
    if (proof === undefined) return this.#refuse('proof-unreadable', undefined, asked);
    const verdict: ProofVerdict = this.#options.proofs.check(proof.paymentProof, asked.now);
    if (verdict === 'unknown') return this.#unknown(proof, asked);
    if (verdict === 'invalid') return this.#refuse('proof-invalid', proof, asked);
    const { receipt } = verdict;
    const sale = this.#sales.get(receipt.orderNo);
    const { seller, methodId } = this.#options;
    const { resource, fingerprint, now } = asked;
    const sold = { delivered: sale?.delivered, paidBy: sale?.tradeNo, isClosed: sale?.isClosed === true };
    const known = { bill: sale?.bill, ...sold };
    const wrong = proofFault({ seller, methodId, proof, receipt, ...known, resourceId: resource.id, fingerprint, now });
    const fault = wrong ?? (sale === undefined ? 'order-unknown' : undefined);
    if (fault !== undefined && isOwed(fault, receipt, now)) this.#payBacks.begin(receipt, sale, fault, now);
    if (fault !== undefined || sale === undefined) return this.#refuse(fault ?? 'order-unknown', proof, asked, sale);
    sale.paid(receipt);
    return this.#deliver(sale, receipt, proof, asked);
  }

  /** Step 6: once; who asks again in the same way gets the same bytes. Nothing is had while its money is on its way back. */
  #deliver(
    sale: Sale,
    receipt: ObjectValue<'receipt'>,
    { idempotencyKey }: Proof,
    { resource, now }: Asked,
  ): HttpResponse {
    if (sale.delivered === undefined) {
      const isHere = !this.#withheld.has(resource.id) && !this.#payBacks.has(receipt);
      const content = isHere ? resource.content() : undefined;
      if (content === undefined) {
        this.#payBacks.failed(sale, now);
        return json(503, { error: 'paid, but not to be had now' }, validationOf(sale, now));
      }
      sale.deliver(utf8(content), idempotencyKey, now);
      this.#payBacks.delivered(sale);
    }
    const headers = { 'content-type': 'application/json', ...validationOf(sale, now) };
    return { status: 200, headers, body: sale.delivered?.body ?? new Uint8Array() };
  }

  /** A refused proof leads to a bill again, with what was wrong beside it. */
  #refuse(fault: ProofFault, proof: Proof | undefined, asked: Asked, sale?: Sale): HttpResponse {
    return this.#bill(asked, this.#invalid('INVALID', fault, proof, asked, sale));
  }

  /** Nobody is asked to pay twice because somebody else cannot be reached. */
  #unknown(proof: Proof, asked: Asked): HttpResponse {
    const headers = this.#invalid('UNKNOWN', 'validation-unavailable', proof, asked);
    return json(503, { error: 'the proof cannot be validated now' }, headers);
  }

  #invalid(
    status: 'INVALID' | 'UNKNOWN',
    fault: ProofFault,
    proof: Proof | undefined,
    { resource, now }: Asked,
    sale?: Sale,
  ) {
    const validation = writeA402('Payment-Validation', {
      protocol: {
        methodId: this.#options.methodId,
        outTradeNo: proof?.outTradeNo ?? 'unknown',
        resourceId: resource.id,
        tradeNo: proof?.tradeNo ?? 'unknown',
        validationStatus: status,
        deliveryStatus: 'NOT_STARTED',
        fulfillmentStatus: 'NOT_CONFIRMED',
        transactionState: sale?.isClosed === true ? 'TRADE_CLOSED' : 'WAIT_BUYER_PAY',
        validatedAt: secondsOf(now),
        error: actError(PROOF_FAULTS[fault], fault),
      },
      method: '{}',
    });
    return { 'payment-validation': validation };
  }

  /** The buyer says by its digest that he has what was delivered. */
  #confirm(path: string, body: string): HttpResponse {
    const sale = this.#sales.get(orderIn(path));
    if (sale?.delivered === undefined) return json(404, { error: 'no such delivery' });
    if (hex(sha256(sale.delivered.body)) !== body) return json(409, { error: 'something else was delivered' });
    sale.confirmed();
    return json(200, { fulfillment: sale.fulfillment });
  }
}

/** The order whose fulfilment is confirmed there. */
function orderIn(path: string): string {
  const [, orderNo = ''] = /^\/orders\/([A-Za-z0-9-]{1,24})\/confirmation$/.exec(path) ?? [];
  return orderNo;
}

function read(header: string): Proof | undefined {
  try {
    return readA402('Payment-Proof', header).protocol;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function validationOf(sale: Sale, now: EpochMs): Readonly<Record<string, string>> {
  const { methodId, outTradeNo, resourceId } = sale.bill;
  const value: A402Value<'Payment-Validation'> = {
    protocol: {
      ...(methodId !== undefined && { methodId }),
      ...{ outTradeNo, resourceId, tradeNo: sale.tradeNo ?? 'unknown', validationStatus: 'VALID' },
      ...{ deliveryStatus: sale.delivery, fulfillmentStatus: sale.fulfillment, transactionState: sale.state },
      validatedAt: secondsOf(now),
    },
    method: '{}',
  };
  return { 'payment-validation': writeA402('Payment-Validation', value) };
}

function json(status: number, value: object, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: utf8(JSON.stringify(value)) };
}
