/**
 * Every way in which bytes from elsewhere, or a value we were asked to put on the wire, can be wrong.
 *
 * The codes are stable: logs, counters, conformance runs and other implementations match on them, so one may be added
 * but none may change its meaning.
 */
export const PROTOCOL_ERROR_CODES = [
  // bytes.ts
  'bytes-base64url',
  'bytes-hex',
  'bytes-text',
  // cbor.ts, cbor-strict.ts: the strict profile of RFC 8949
  'cbor-bad-key',
  'cbor-bad-utf8',
  'cbor-duplicate-key',
  'cbor-float',
  'cbor-indefinite',
  'cbor-int-range',
  'cbor-key-order',
  'cbor-malformed',
  'cbor-not-canonical',
  'cbor-simple',
  'cbor-tag',
  'cbor-too-deep',
  'cbor-too-long',
  'cbor-too-many',
  'cbor-trailing',
  'cbor-truncated',
  'cbor-unsupported-value',
  // ed25519.ts: keys offered for enrolment
  'key-low-order',
  'key-malformed',
  'key-mixed-order',
  'key-not-canonical',
  // sign1.ts: COSE_Sign1, RFC 9052
  'cose-alg',
  'cose-crit',
  'cose-header',
  'cose-kid',
  'cose-malformed',
  'cose-signature',
  'cose-typ',
  // device-certificate.ts, enrolment.ts, key-hand-over.ts
  'certificate-expired',
  'certificate-issuer',
  'certificate-not-yet-valid',
  'certificate-window',
  'enrolment-keys',
  'enrolment-nonce',
  'enrolment-time',
  // seal.ts, padding.ts, recipient-key.ts: sealed frames and the keys they are sealed for
  'seal-alg',
  'seal-header',
  'seal-key',
  'seal-kid',
  'seal-malformed',
  'seal-open',
  'seal-padding',
  'seal-plain',
  'seal-size',
  'seal-too-long',
  'seal-version',
  // frames: addressing, freshness, version
  'frame-expired',
  'frame-lifetime',
  'frame-malformed',
  'frame-not-for-me',
  'frame-not-yet-valid',
  'frame-too-long',
  'frame-unknown-type',
  'frame-version',
  'frame-wrong-sender',
  'message-shape',
  // money.ts, time.ts, identifiers and topics
  'money-currency',
  'money-precision',
  'money-range',
  'money-syntax',
  'time-range',
  'time-syntax',
  'evidence-link',
  'id-syntax',
  'topic-syntax',
  // json.ts, jcs.ts and the JSON form of declared objects
  'json-duplicate-member',
  'json-not-compact',
  'json-number',
  'json-syntax',
  'json-text',
  'json-too-deep',
  'json-too-long',
  'json-too-many',
  'json-unknown-member',
  // act/: fields of one ACT object that contradict each other
  'act-amount-order',
  'act-confirmation-pair',
  'act-consent',
  'act-context-ref',
  'act-iac-metadata',
  'act-instrument',
  'act-intent-or-history',
  'act-list-conflict',
  'act-negotiation-mode',
  'act-participants',
  'act-pre-check',
  'act-record-time',
  'act-refund',
  'act-request-link',
  'act-result-or-error',
  'act-signature-coverage',
  'act-sub-account-key',
  'act-total',
  'act-transition',
  'act-window',
  'act-words',
  // a402.ts: headers of the HTTP 402 binding
  'a402-encoding',
  'a402-error',
  'a402-idempotency',
  'a402-signature',
  'a402-too-long',
  // attestation.ts: record hashes, and anchors as JWS Compact
  'hash-unsupported',
  'jws-alg',
  'jws-kid',
  'jws-malformed',
  'jws-signature',
  'jws-typ',
  // checkpoint.ts: signed tree heads
  'note-malformed',
  'note-signature',
] as const;

/** A stable code; see {@link PROTOCOL_ERROR_CODES}. */
export type ProtocolErrorCode = (typeof PROTOCOL_ERROR_CODES)[number];

/** Where in the input the trouble is: `at` is a byte offset, `path` a field path such as `items[2].unitMinor`. */
export interface ErrorPlace {
  readonly at?: number;
  readonly path?: string;
}

/**
 * The one error this layer throws about its input. A `TypeError` or `RangeError` out of `protocol/` is a defect of ours.
 *
 * The message names the code, what is wrong and where; it never quotes the input, which may hold names, addresses or keys.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;
  /** Byte offset into the input that was being read. */
  readonly at: number | undefined;
  /** Field path inside the value that was being read or written. */
  readonly path: string | undefined;

  constructor(code: ProtocolErrorCode, detail: string, place: ErrorPlace = {}) {
    const where = [
      place.at === undefined ? '' : ` at byte ${place.at}`,
      place.path === undefined || place.path === '' ? '' : ` in ${place.path}`,
    ].join('');
    super(`${code}: ${detail}${where}`);
    this.code = code;
    this.at = place.at;
    this.path = place.path;
  }
}
