/** What no random world must reach: why it cannot, or comes too seldom to be demanded, and the test or scenario that reaches it. Codes and refusals. */
/** Marks of one reason. */
export interface Elsewhere {
  /** As `kind:name`. */
  readonly marks: readonly string[];
  readonly why: string;
  /** Test files and scenarios. The name of each mark stands in one of them, or `saying` does. */
  readonly tests: readonly string[];
  /** What stands there of it in place of the name. */
  readonly saying?: string;
}

/** Names as `kind:name`. */
export const of = (kind: string, ...names: readonly string[]): readonly string[] =>
  names.map((name) => `${kind}:${name}`);

const logged = (...codes: readonly string[]) => of('logged', ...codes);
const refusal = (...codes: readonly string[]) => of('refusal', ...codes);

const PROTOCOL: readonly Elsewhere[] = [
  {
    marks: logged('bytes-base64url', 'bytes-hex', 'bytes-text'),
    why: 'of texts in files and JSON; frames carry bytes',
    tests: ['test/protocol/bytes.test.ts'],
  },
  {
    marks: logged('cbor-too-long', 'cbor-unsupported-value'),
    why: 'a frame that long is refused as a frame; values are checked before they are written',
    tests: ['test/protocol/cbor.test.ts', 'test/protocol/cbor-encode.test.ts'],
  },
  {
    marks: logged('key-low-order', 'key-malformed', 'key-mixed-order', 'key-not-canonical'),
    why: 'keys are offered at enrolment only, and forged ones need real mathematics',
    tests: ['test/protocol/ed25519.test.ts'],
  },
  {
    marks: logged('certificate-expired', 'certificate-issuer', 'certificate-not-yet-valid', 'certificate-window'),
    why: 'a certificate is read when a device is enrolled, before the world begins',
    tests: ['test/protocol/device-certificate.test.ts'],
  },
  {
    marks: logged('enrolment-keys', 'enrolment-nonce', 'enrolment-time'),
    why: 'as above',
    tests: ['test/protocol/enrolment.test.ts'],
  },
  {
    marks: logged(
      'seal-alg',
      'seal-header',
      'seal-key',
      'seal-kid',
      'seal-malformed',
      'seal-padding',
      'seal-open',
      'seal-plain',
      'seal-size',
      'seal-too-long',
      'seal-version',
    ),
    why: 'few worlds are sealed, and what is altered in them is mostly the ciphertext',
    tests: ['test/protocol/seal.test.ts'],
  },
  {
    marks: logged('money-currency', 'money-precision', 'money-range', 'money-syntax'),
    why: 'of texts, and of sums that are checked before a frame is written',
    tests: ['test/protocol/money.test.ts'],
  },
  {
    marks: logged('time-syntax', 'id-syntax', 'topic-syntax', 'evidence-link'),
    why: 'of texts, topics and bundles; the broker of these worlds has no other topics',
    tests: [
      ...['test/protocol/time.test.ts', 'test/protocol/ids.test.ts', 'test/protocol/topics.test.ts'],
      'test/protocol/evidence.test.ts',
    ],
  },
  {
    marks: logged(
      ...['json-duplicate-member', 'json-not-compact', 'json-number', 'json-syntax', 'json-text', 'json-too-deep'],
      ...['json-too-long', 'json-too-many', 'json-unknown-member'],
    ),
    why: 'frames are CBOR',
    tests: ['test/protocol/json.test.ts', 'test/protocol/act/json-form.test.ts'],
  },
  {
    marks: logged(
      ...['act-amount-order', 'act-confirmation-pair', 'act-consent', 'act-context-ref', 'act-iac-metadata'],
      ...['act-instrument', 'act-intent-or-history', 'act-list-conflict', 'act-negotiation-mode', 'act-participants'],
      ...['act-pre-check', 'act-record-time', 'act-refund', 'act-request-link', 'act-result-or-error'],
      ...['act-signature-coverage', 'act-sub-account-key', 'act-total', 'act-transition', 'act-window', 'act-words'],
    ),
    why: 'fields that contradict each other are not written by a service, also by one that lies; of records, most of them',
    tests: [
      ...['test/protocol/act/rule-cases.ts', 'test/protocol/act/payment-rule-cases.ts'],
      ...['test/protocol/act/edge-terms.test.ts', 'test/protocol/delegation.test.ts'],
    ],
  },
  {
    marks: logged('a402-encoding', 'a402-error', 'a402-idempotency', 'a402-signature', 'a402-too-long'),
    why: 'of the HTTP 402 binding, which the data desk of these worlds speaks without faults',
    tests: ['test/protocol/a402.test.ts', 'test/protocol/act/payment-rule-cases.ts'],
  },
  {
    marks: logged('hash-unsupported', 'jws-alg', 'jws-kid', 'jws-malformed', 'jws-signature', 'jws-typ'),
    why: 'of a trust chain, which these worlds have none of',
    tests: ['test/protocol/attestation.test.ts'],
  },
  {
    marks: logged('note-malformed', 'note-signature'),
    why: 'as above, and of the notes of witnesses on disks that nobody edits',
    tests: ['test/protocol/checkpoint.test.ts'],
  },
];

const MACHINES: readonly Elsewhere[] = [
  {
    marks: logged(
      ...['store-altered', 'store-closed', 'store-failed', 'store-locked', 'store-too-large', 'store-unreadable'],
      ...['store-unsealed', 'store-version'],
    ),
    why: 'of files; a disk of these worlds loses, tears or is full, and is nobody else’s',
    tests: [
      ...['test/adapters/file-journal.test.ts', 'test/adapters/journal-generations.test.ts'],
      ...['test/adapters/sealed-journal.test.ts', 'test/device/signer.test.ts', 'test/device/journal-record.test.ts'],
      'test/adapters/file-journal-process.test.ts',
    ],
  },
  {
    marks: logged('journal-truncated', 'journal-rolled-back', 'journal-forked', 'checkpoint-forged'),
    why: 'nobody edits the disk of a device in these worlds, nor shows two histories',
    tests: [
      ...['test/sim/world/audit.test.ts', 'test/device/audit/audited-journal.test.ts'],
      'test/device/audit/witnessing.test.ts',
    ],
  },
  {
    marks: logged('journal-altered', 'journal-base-unsigned', 'journal-checkpoint-forged'),
    why: 'as above; the code is made of the fault, which the test names',
    tests: ['test/device/audit/closed-off.test.ts', 'test/device/audit/audited-journal.test.ts'],
    saying: 'altered',
  },
  {
    marks: logged('journal-contradicts', 'journal-note-unreadable'),
    why: 'these devices have no paired phone',
    tests: ['test/device/audit/paired-memory.test.ts'],
  },
  {
    marks: logged('anchor-refused', 'record-unmade'),
    why: 'these worlds have no trust chain',
    tests: ['test/device/audit/reporter.test.ts'],
  },
  {
    marks: logged(
      'recipient-key-forgotten',
      'recipient-key-missing',
      'recipient-key-not-erased',
      'seal-no-recipient-key',
    ),
    why: 'few worlds are sealed, and their keys are exchanged before the storm',
    tests: ['test/device/link/rotation.test.ts', 'test/device/link/statements.test.ts'],
  },
  {
    marks: logged('signer-forked', 'key-forked'),
    why: 'takes two signers with one key',
    tests: ['test/sim/cloud/fork.test.ts'],
  },
];

const DROPPED: readonly Elsewhere[] = [
  {
    marks: logged(
      'answer-foreign',
      'reply-foreign',
      'refund-foreign',
      'refund-unknown',
      'refund-forged',
      'refund-mismatch',
    ),
    why: 'answers are forged to devices only, whose wearers they could harm',
    tests: [
      'test/sim/agent/questions.test.ts',
      'test/sim/cloud/agent.test.ts',
      'test/sim/cloud/merchant-refunds.test.ts',
      'test/sim/cloud/merchant-cancel.test.ts',
    ],
  },
  {
    marks: logged('receipt-forged', 'receipt-unsound', 'status-unsound', 'paid-order-unknown', 'refund-refused'),
    why: 'takes a PSP that lies to services, or refuses them what it owes',
    tests: [
      ...['test/sim/cloud/merchant.test.ts', 'test/sim/agent/payments.test.ts', 'test/sim/agent/tasks.test.ts'],
      'test/sim/a402/refunds.test.ts',
    ],
  },
  {
    marks: logged('command-unknown', 'device-unknown', 'device-retired', 'price-invalid', 'product-unknown'),
    why: 'operators know what they say here, and retire no device',
    tests: ['test/sim/cloud/psp-locks.test.ts', 'test/sim/cloud/merchant-price.test.ts'],
  },
  {
    marks: logged('unhandled'),
    why: 'roles are checked before: no frame reaches a service that knows nothing of its type',
    tests: ['test/sim/trust-chain/reporting-handler.test.ts'],
  },
  {
    marks: logged(
      'answer-unknown',
      'errand-unknown',
      'device-locked',
      'order-state',
      'order-notice-differs',
      'rate-limited',
    ),
    why: 'takes a moment that comes once in some hundred worlds',
    tests: [
      ...['test/sim/agent/questions.test.ts', 'test/sim/agent/parts.test.ts', 'test/sim/cloud/psp-locks.test.ts'],
      ...['test/sim/cloud/psp-gateway-words.test.ts', 'test/sim/cloud/psp.test.ts', 'test/sim/cloud/service.test.ts'],
    ],
  },
];

const REFUSED: readonly Elsewhere[] = [
  {
    marks: refusal('intent-expired', 'currency-unsupported', 'offer-unknown', 'offers-expired'),
    why: 'an honest device asks in time, in its currency, for what it was offered',
    tests: ['sim/scenarios/hostile-device-intent.yaml', 'sim/scenarios/hostile-device-select.yaml'],
  },
  {
    marks: refusal('bad-authorization'),
    why: 'takes a task without a wearer’s signature',
    tests: ['test/sim/agent/tasks.test.ts'],
  },
  {
    marks: refusal('closed', 'below-minimum', 'nothing-to-pay', 'cart-too-large'),
    why: 'the agent has compared before it asks: it knows hours, minimums and prices',
    tests: [
      ...['test/sim/shops/quote.test.ts', 'sim/scenarios/shop-minimum.yaml', 'sim/scenarios/nothing-to-pay.yaml'],
      'sim/scenarios/cart-too-large.yaml',
    ],
  },
  {
    marks: refusal('not-then', 'too-many-seats', 'not-on-sale', 'queueing', 'sold-out', 'no-seat'),
    why: 'there are seats enough in these worlds, and the agent waits for the sale',
    tests: ['test/sim/tickets/seat-seller.test.ts'],
  },
  {
    marks: refusal('refund-failed', 'too-many-watches', 'order-state'),
    why: 'takes a cancellation that the PSP does not pay back or that is too late, or hundreds of watches',
    tests: ['test/sim/cloud/merchant-cancel-play.test.ts', 'test/sim/cloud/merchant-watches.test.ts'],
    saying: 'refus',
  },
  {
    marks: refusal('expired-request', 'agent-mismatch', 'bad-token', 'method-unsupported', 'insufficient-balance'),
    why: 'an honest device asks in time, for its own agent, with its own token, for what its wearer has',
    tests: ['test/sim/cloud/psp.test.ts'],
  },
  {
    marks: refusal('token-agent-mismatch', 'token-revoked', 'token-expired', 'token-single-limit', 'token-total-limit'),
    why: 'tokens of these worlds are bound without limits, for good',
    tests: ['test/sim/cloud/psp-binding.test.ts'],
  },
  {
    marks: refusal('token-currency'),
    why: 'there is one currency',
    tests: ['test/sim/cloud/psp-binding.test.ts'],
    saying: 'currency',
  },
  {
    marks: refusal('out-of-stock', 'order-mismatch'),
    why: 'takes an agent that orders more than a shop has, or a device that pays for another cart than was made: one in some hundred worlds',
    tests: ['sim/scenarios/hostile-agent-asks-otherwise.yaml', 'sim/scenarios/hostile-pay-request.yaml'],
  },
  {
    marks: refusal('device-locked', 'expired-challenge'),
    why: 'takes a lock, or a delay, between a question and its answer: one in some hundred worlds',
    tests: ['test/sim/cloud/psp-locks.test.ts', 'sim/scenarios/confirmation-expired.yaml'],
  },
  {
    marks: refusal('bad-confirmation', 'wrong-signer', 'counter-replayed', 'counter-forked'),
    why: 'takes a confirmation that no honest signer makes',
    tests: ['test/sim/cloud/psp.test.ts'],
  },
  {
    marks: refusal(
      ...['too-many-requests', 'draft-malformed', 'wearer-mismatch', 'account-closed', 'agent-unknown'],
      ...['agent-key-unknown', 'window-invalid', 'terms-unreadable', 'payee-unknown', 'delegation-exists'],
    ),
    why: 'takes a draft that an honest device does not make',
    tests: ['test/sim/cloud/psp-delegation.test.ts'],
  },
  {
    marks: refusal('delegation-unknown', 'delegation-state', 'stale-version', 'risk-hold'),
    why: 'takes a wearer’s word that crosses the operator’s: one in some hundred worlds',
    tests: ['test/sim/cloud/psp-delegation-changes.test.ts', 'test/sim/cloud/psp-account-orders.test.ts'],
  },
];

export const CODES_ELSEWHERE: readonly Elsewhere[] = [...PROTOCOL, ...MACHINES, ...DROPPED, ...REFUSED];
