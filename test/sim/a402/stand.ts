/** A data desk, a PSP that pays by hand, and a buyer that says what the test makes it say. */
import {
  type A402Value,
  base64url,
  digestOf,
  type EpochMs,
  type EpochSeconds,
  type ObjectValue,
  readA402,
  secondsOf,
  signObject,
  utf8,
  writeA402,
} from '../../../protocol/index.ts';
import type { Bill } from '../../../sim/a402/bill.ts';
import type { HttpRequest, HttpResponse } from '../../../sim/a402/http.ts';
import type { GiveBack } from '../../../sim/a402/pay-backs.ts';
import { type ProofCheck, receiptCheck } from '../../../sim/a402/proof-check.ts';
import { deskResources, type Resource } from '../../../sim/a402/resources.ts';
import { ResourceSeller } from '../../../sim/a402/seller.ts';
import { PAYMENT_METHOD } from '../../../sim/cloud/index.ts';
import { demoTimeMs } from '../../../sim/shops/index.ts';
import { keyOf } from '../cloud/hands.ts';
import { tenant } from '../cloud/stage.ts';

export const DESK = 'data-desk';
export const KEY = 'request-1';
const secrets = tenant.counterparts.find(({ party }) => party === DESK);
if (secrets === undefined) throw new Error('the tenant has no data desk');
export const deskSecrets = secrets;
export const by = { trust: tenant.directory.trust, tenant: tenant.tenant };

/** The tenant's desk, or one that differs from it. */
export function deskSeller(
  other: { proofs?: ProofCheck; resources?: readonly Resource[]; giveBack?: GiveBack } = {},
): ResourceSeller {
  return new ResourceSeller({
    seller: DESK,
    objectKey: keyOf(deskSecrets.objectSeed),
    secret: deskSecrets.secret,
    methodId: PAYMENT_METHOD,
    resources: deskResources,
    proofs: receiptCheck(by),
    giveBack: () => {},
    ...other,
  });
}

type Proof = A402Value<'Payment-Proof'>['protocol'];

/** What a buyer says to a desk, whoever answers. */
export abstract class Asking {
  now: number = demoTimeMs;

  protected abstract answer(request: HttpRequest): HttpResponse;

  get(resource: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
    const url = `http://data-desk/resources/${resource}`;
    return this.answer({ method: 'GET', url, headers });
  }

  bill(resource = 'market-prices', key = KEY): Bill {
    return billIn(this.get(resource, { 'idempotency-key': key }));
  }

  /** What the PSP signs when this bill is paid. */
  receipt(bill: Bill, other: Partial<ObjectValue<'receipt'>> = {}): ObjectValue<'receipt'> {
    return {
      tradeNo: `T-${bill.outTradeNo}`,
      confirmationDigest: digestOf(utf8('the request')),
      orderNo: bill.outTradeNo,
      amountMinor: bill.amountMinor,
      currency: bill.currency,
      payee: DESK,
      paidAt: secondsOf(this.now as EpochMs),
      ...other,
    };
  }

  signed(receipt: ObjectValue<'receipt'>, seed = tenant.psp.objectSeed): string {
    return base64url(signObject('receipt', receipt, keyOf(seed)));
  }

  /** The header that an honest buyer sends for a bill. */
  proof(
    bill: Bill,
    receipt = this.receipt(bill),
    other: { readonly [K in keyof Proof]?: Proof[K] | undefined } = {},
  ): string {
    const { methodId, requestMethod, requestFingerprint, idempotencyKey, outTradeNo, resourceId } = bill;
    const whole = { methodId, requestMethod, requestFingerprint, idempotencyKey, outTradeNo, resourceId };
    const protocol = { ...whole, paymentProof: this.signed(receipt), tradeNo: receipt.tradeNo, ...other };
    const told = Object.fromEntries(Object.entries(protocol).filter(([, value]) => value !== undefined));
    return writeA402('Payment-Proof', { protocol: told as Proof, method: '{}' });
  }

  redeem(bill: Bill, proof = this.proof(bill), resource = bill.resourceId): HttpResponse {
    return this.get(resource, { 'idempotency-key': KEY, 'payment-proof': proof });
  }

  pass(seconds: number): void {
    this.now += seconds * 1000;
  }

  get second(): EpochSeconds {
    return secondsOf(this.now as EpochMs);
  }
}

export class Stand extends Asking {
  readonly seller: ResourceSeller;

  constructor(other: Parameters<typeof deskSeller>[0] = {}) {
    super();
    this.seller = deskSeller(other);
  }

  protected answer(request: HttpRequest): HttpResponse {
    return this.seller.handle(request, this.now as EpochMs);
  }
}

export function billIn(response: HttpResponse): Bill {
  return readA402('Payment-Needed', response.headers['payment-needed'] ?? '').protocol;
}

export function validationIn(response: HttpResponse): A402Value<'Payment-Validation'>['protocol'] {
  return readA402('Payment-Validation', response.headers['payment-validation'] ?? '').protocol;
}

/** Status, validation and why in a word, for example `402 INVALID proof-replayed`. */
export function verdictOf(response: HttpResponse): string {
  const { validationStatus, error } = validationIn(response);
  return [response.status, validationStatus, error?.message].filter((word) => word !== undefined).join(' ');
}
