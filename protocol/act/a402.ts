/** ACT 2.1 PSD-PAY-A402: what the three headers of an HTTP 402 exchange hold, in the two layers `protocol` and `method`. */
import { tradeState } from '../messages/trade.ts';
import { type EpochSeconds, fromIsoUtc, toIsoUtc } from '../time.ts';
import { list, oneOf, refuse, text, uint, type WireType, type WireValue, wireMap } from '../wire.ts';
import { ActError } from './error-catalogue.ts';
import { currency, identifier, opaque, paidText, time, url } from './fields.ts';
import { located } from './json-form.ts';
import { ruled, together } from './rules.ts';

const WITH_OFFSET = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})([+-])(\d{2}):(\d{2})$/;

/** Reads RFC 3339 with whole seconds and any offset: ACT's own example of `pay_before` is in the time of Beijing. */
function fromOffset(spelling: string): EpochSeconds {
  const [, local, sign, hours, minutes] = WITH_OFFSET.exec(spelling) ?? [];
  if (local === undefined || Number(hours) > 23 || Number(minutes) > 59) return fromIsoUtc(spelling);
  const offsetS = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === '-' ? -1 : 1);
  return (fromIsoUtc(`${local}Z`) - offsetS) as EpochSeconds;
}

/** A time of another party; written in UTC. */
const theirTime: WireType<EpochSeconds> = {
  ...time,
  json: {
    write: (value) => toIsoUtc(value),
    read: (json, path) =>
      typeof json === 'string' ? located(path, () => fromOffset(json)) : refuse(path, 'expected a time'),
  },
};

/** SHA-256 of the original request or another object, as ACT's artifacts spell it. */
export const fingerprint = text(51, /^sha-256:[A-Za-z0-9_-]{43}$/);
/** A credential of a payment method, which only the method can read. */
const credential = text(2048, /^[!-~]+$/);
const methodId = text(160, /^[a-z][a-z0-9+.-]*:[a-z0-9][a-z0-9._:/-]*$/);
const methodVersion = text(64, /^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?$/);
const httpMethod = text(32, /^[A-Z]+$/);
/** What the payment method adds; it never changes what `protocol` says. */
const method = opaque(2048);

/** Fields of every header; ACT leaves to the payment method which of them it uses. */
const COMMON = {
  methodId: [1, methodId, 'optional'],
  methodVersion: [2, methodVersion, 'optional'],
  requestMethod: [3, httpMethod, 'optional'],
  requestFingerprint: [4, fingerprint, 'optional'],
  idempotencyKey: [5, identifier, 'optional'],
} as const;

const SAFE_METHODS: readonly (string | undefined)[] = [undefined, 'GET', 'HEAD', 'OPTIONS', 'TRACE'];

/** Repeating a request that is not safe must not do it twice. */
const IDEMPOTENCY_RULE = {
  code: 'a402-idempotency',
  says: 'a request that changes something has an idempotency key',
  holds: (header: { requestMethod?: string; idempotencyKey?: string }): boolean =>
    SAFE_METHODS.includes(header.requestMethod) || header.idempotencyKey !== undefined,
} as const;

/** seller → buyer, with status 402: the bill. */
export const PaymentNeeded = wireMap('payment-needed', {
  protocol: [
    1,
    ruled(
      wireMap(
        'payment-needed-protocol',
        {
          ...COMMON,
          outTradeNo: [6, identifier],
          amountMinor: [7, paidText],
          currency: [8, currency],
          resourceId: [9, identifier],
          payBefore: [10, theirTime],
          sellerUniqueId: [11, identifier],
          buyerUniqueId: [12, identifier, 'optional'],
          replayWindowSeconds: [13, uint(2_592_000, 1), 'optional'],
          commerceConfirmation: [
            14,
            wireMap('commerce-confirmation', {
              confirmationId: [1, identifier],
              confirmationDigest: [2, fingerprint],
              confirmationUri: [3, url, 'optional'],
            }),
            'optional',
          ],
          signerId: [15, identifier, 'optional'],
          signatureContent: [16, credential, 'optional'],
          signatureType: [17, text(32, /^[A-Z0-9_-]+$/), 'optional'],
          /** Two members of ACT's own example, older names of the same thing. */
          sellerSignature: [18, credential, 'optional'],
          sellerSignType: [19, text(32, /^[A-Z0-9_-]+$/), 'optional'],
        },
        { amountMinor: 'amount' },
      ),
      [
        IDEMPOTENCY_RULE,
        {
          code: 'a402-signature',
          says: 'a signature has its signer and its type',
          holds: (needed) =>
            together(needed.signerId, needed.signatureContent, needed.signatureType) &&
            together(needed.sellerSignature, needed.sellerSignType),
        },
      ],
    ),
  ],
  method: [2, method],
});
export type PaymentNeeded = WireValue<typeof PaymentNeeded>;

/** buyer → seller: the request again, with what shows that it is paid. */
export const PaymentProof = wireMap('payment-proof', {
  protocol: [
    1,
    ruled(
      wireMap('payment-proof-protocol', {
        ...COMMON,
        paymentProof: [6, credential],
        tradeNo: [7, identifier],
        outTradeNo: [8, identifier, 'optional'],
        resourceId: [9, identifier, 'optional'],
        buyerUniqueId: [10, identifier, 'optional'],
        expiresAt: [11, theirTime, 'optional'],
      }),
      [IDEMPOTENCY_RULE],
    ),
  ],
  method: [2, method],
});
export type PaymentProof = WireValue<typeof PaymentProof>;

export const validationStatus = oneOf({ VALID: 1, INVALID: 2, UNKNOWN: 3 });
export const deliveryStatus = oneOf({ NOT_STARTED: 1, STARTED: 2, DELIVERED: 3, FAILED: 4, UNKNOWN: 5 });
export const fulfillmentStatus = oneOf({ NOT_CONFIRMED: 1, PENDING: 2, CONFIRMED: 3, FAILED: 4, UNKNOWN: 5 });

/** seller → buyer: payment, delivery and fulfilment are three outcomes, and one says nothing about the others. */
export const PaymentValidation = wireMap('payment-validation', {
  protocol: [
    1,
    ruled(
      wireMap('payment-validation-protocol', {
        methodId: [1, methodId, 'optional'],
        methodVersion: [2, methodVersion, 'optional'],
        requestFingerprint: [4, fingerprint, 'optional'],
        outTradeNo: [6, identifier],
        resourceId: [7, identifier],
        tradeNo: [8, identifier],
        validationStatus: [9, validationStatus],
        deliveryStatus: [10, deliveryStatus],
        fulfillmentStatus: [11, fulfillmentStatus],
        transactionState: [12, tradeState],
        validatedAt: [13, theirTime],
        error: [14, ActError, 'optional'],
        evidenceRefs: [
          15,
          list(
            wireMap('evidence-ref', {
              type: [1, oneOf({ PAYMENT: 1, VALIDATION: 2, DELIVERY: 3, FULFILLMENT: 4, RECEIPT: 5 })],
              digest: [2, fingerprint],
              uri: [3, url, 'optional'],
            }),
            20,
          ),
          'optional',
        ],
      }),
      [
        {
          code: 'a402-error',
          says: 'what is not valid says why, and what is valid has no error',
          holds: (validation) => (validation.validationStatus === 'VALID') === (validation.error === undefined),
        },
      ],
    ),
  ],
  method: [2, method],
});
export type PaymentValidation = WireValue<typeof PaymentValidation>;
