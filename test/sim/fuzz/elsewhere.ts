/** What no random world must reach, and where it is reached: states, endings and answers; the codes stand in a file of their own. */

import { CODES_ELSEWHERE, type Elsewhere, of } from './elsewhere-codes.ts';

const ending = (...names: readonly string[]) => of('ending', ...names);
const refused = (...reasons: readonly string[]) => reasons.map((reason) => `ending:refused: ${reason}`);
const failed = (...codes: readonly string[]) => codes.map((code) => `signer:failed: ${code}`);

const PURCHASES: readonly Elsewhere[] = [
  {
    marks: of('trade', 'CREATE', 'WAIT_BUYER_PAY', 'TRADE_CLOSED'),
    why: 'a merchant of these worlds speaks of an instant order once it is paid, and hands it over',
    tests: ['test/protocol/trade.test.ts'],
  },
  {
    marks: ending('unknown: no-news-of-order'),
    why: 'takes a merchant that is silent for longer than a storm lasts',
    tests: ['sim/scenarios/no-news-of-order.yaml'],
  },
  {
    marks: [...ending('timed-out: no-choice'), ...refused('recogniser-failed', 'too-long')],
    why: 'these wearers answer what they hear, and their words are typed',
    tests: ['sim/scenarios/no-choice.yaml', 'sim/scenarios/unheard.yaml'],
  },
  {
    marks: ending('timed-out: no-answer'),
    why: 'takes a restart of more than a question’s time, in the question',
    tests: ['sim/scenarios/no-answer.yaml'],
  },
  {
    marks: ending('cancelled: at-prompt'),
    why: 'takes a cancel just while the disk takes nothing, or a signer outside the device’s process',
    tests: ['sim/scenarios/cancel-in-a-full-disk.yaml'],
  },
  {
    marks: of('signer', 'cancelled'),
    why: 'the signer in the device’s own process has no cancel of its own',
    tests: ['test/device/purchase/confirming.test.ts'],
    saying: "{ kind: 'cancelled' }",
  },
  {
    marks: [...ending('cancelled: expired', 'cancelled: clock'), ...of('signer', 'void: expired', 'void: clock')],
    why: 'takes a prompt that is late and slow, or a clock that jumps in the hold: one in some hundred worlds',
    tests: ['test/device/confirm/gate.test.ts', 'test/sim/world/clock-step.test.ts'],
  },
  {
    marks: of('signer', 'void: link-lost', 'void: restart'),
    why: 'a prompt that its host takes away is withdrawn, and nobody hears of it; an attached signer says so itself',
    tests: ['test/device/hid/signer.test.ts', 'test/device/confirm/gate.test.ts'],
  },
  {
    marks: refused('cart-intent', 'cart-lines', 'cart-currency', 'cart-over-budget', 'cart-too-slow', 'cart-expired'),
    why: 'takes a merchant that lies in this one field; wrong-terms hits others more often',
    tests: ['sim/scenarios/hostile-cart.yaml', 'sim/scenarios/hostile-cart-slow.yaml'],
  },
  {
    marks: refused('challenge-expired'),
    why: 'takes a challenge that is held back for longer than it holds, while it is waited for',
    tests: ['sim/scenarios/hostile-challenge.yaml'],
  },
  {
    marks: refused('agent-unreachable'),
    why: 'comes in few worlds, as the agent is asked for as long as a storm seldom lasts',
    tests: ['sim/scenarios/unreachable-agent.yaml'],
  },
  {
    marks: refused('trade-closed'),
    why: 'no coffee shop closes an order that is paid',
    tests: ['sim/scenarios/shop-closes-trade.yaml'],
  },
  {
    marks: refused('psp-not-paid', 'psp-declined', 'psp-expired', 'psp-refused'),
    why: 'takes a device that asks what became of a confirmation while the PSP has another answer on its way',
    tests: [
      'test/device/purchase/settling.test.ts',
      'sim/scenarios/psp-status.yaml',
      'sim/scenarios/confirmation-expired.yaml',
    ],
  },
  {
    marks: ending('cancelled: button-lost'),
    why: 'comes once in some hundred worlds: a button is lost for a moment, and seldom at a prompt for a payment',
    tests: ['sim/scenarios/prompt-not-pressed.yaml'],
  },
  {
    marks: of('recovery', 'device-restarted-in-asking'),
    why: 'comes once in some hundred worlds, as few orders leave a question open',
    tests: ['test/device/purchase/asking.test.ts'],
    saying: "kind: 'restarted'",
  },
  {
    marks: of('recovery', 'unknown-payment-void', 'device-restarted-in-unknown'),
    why: 'an outcome that stays unknown comes once in some hundred worlds; that it was void, or a restart in it, seldom',
    tests: ['test/device/purchase/settling.test.ts'],
    saying: 'unknown',
  },
  {
    marks: of('recovery', 'device-restarted-in-confirming'),
    why: 'cannot be: a prompt does not survive a restart, the purchase ends with it',
    tests: ['test/device/purchase/confirming.test.ts'],
    saying: 'restart',
  },
];

const SIGNERS: readonly Elsewhere[] = [
  {
    marks: refused('signer-mismatch'),
    why: 'takes a signer outside the device’s process that answers for another prompt',
    tests: ['test/device/purchase/confirming.test.ts'],
  },
  {
    marks: failed(
      'challenge-signature',
      'cart-signature',
      'authorization-signature',
      'draft-malformed',
      'terms-differ',
    ),
    why: 'the device has refused the same before; only a hostile host brings it to the signer',
    tests: [
      'test/device/signer.test.ts',
      'test/device/signer/read-account.test.ts',
      'test/device/signer/read-delegation.test.ts',
    ],
  },
  {
    marks: failed('payee-unknown', 'payee-text', 'payee-does-not-fit'),
    why: 'every payee is in the directory, under a name that can be shown',
    tests: ['test/device/signer.test.ts', 'test/device/confirm/view.test.ts'],
  },
  {
    marks: failed(
      ...['amount-does-not-fit', 'amount-invalid', 'display-too-small', 'eta-invalid', 'order-no-invalid'],
      ...['quantity-invalid', 'too-long', 'too-many-lines'],
    ),
    why: 'what a frame can carry fits the displays of these worlds',
    tests: ['test/device/confirm/view.test.ts'],
  },
  {
    marks: failed('cannot-show'),
    why: 'what these wearers say has terms that every display can show',
    tests: ['test/device/confirm/terms-view.test.ts'],
  },
  {
    marks: failed('offer-signature'),
    why: 'these devices are bound before the world begins',
    tests: ['test/device/signer/read-binding.test.ts'],
  },
  {
    marks: failed('signer-erased', 'nonces-full'),
    why: 'nobody resets a signer here, and none lives long enough to have no room for nonces',
    tests: ['test/device/signer/locks.test.ts', 'test/device/signer/signed-time.test.ts'],
  },
  {
    marks: failed('signer-locked', 'store-full'),
    why: 'takes a lock or a full disk just before the prompt, or in the hold: one in some hundred worlds',
    tests: ['test/device/signer/locks.test.ts', 'test/device/signer.test.ts'],
  },
  {
    marks: of('lock-order', 'order-signature'),
    why: 'the PSP signs its orders; the inbox has refused everybody else’s',
    tests: ['test/device/signer/locks.test.ts'],
  },
];

const unsigned = (...endings: readonly string[]) => of('delegation-ending', ...endings);

const DELEGATIONS: readonly Elsewhere[] = [
  {
    marks: of('delegation', 'expired'),
    why: 'the shortest of them outlasts the world',
    tests: ['sim/scenarios/delegate-expired.yaml'],
  },
  {
    marks: [...of('delegation', 'refused'), ...unsigned('refused: by another', 'cancelled: by another')],
    why: 'takes a PSP that refuses a draft of its own agent’s, or a device that is locked just then: one in some hundred worlds',
    tests: ['test/device/delegation/issuing.test.ts'],
    saying: 'refused',
  },
  {
    marks: unsigned('refused: psp-unreachable', 'timed-out: no-answer'),
    why: 'takes a PSP that is away for as long as it is asked, or a wearer who is not there for the question',
    tests: ['test/device/delegation/issuing.test.ts'],
    saying: 'Nothing was set up.',
  },
  {
    marks: unsigned('refused: challenge-signature', 'refused: challenge-terms', 'refused: challenge-expired'),
    why: 'the PSP lies about payments only, and its challenges to delegations hold for longer than they are late',
    tests: ['test/device/delegation/issuing.test.ts'],
    saying: 'challengeFor',
  },
  {
    marks: unsigned('refused: signer-mismatch', 'cancelled: at-prompt'),
    why: 'takes a signer outside the device’s process',
    tests: ['test/device/delegation/issuing.test.ts'],
    saying: "{ kind: 'cancelled' }",
  },
  {
    marks: unsigned('refused: not-enrolled', 'refused: too-much'),
    why: 'these devices are enrolled for delegations, and nobody says nine things at once',
    tests: ['test/device/delegation/issuing.test.ts'],
    saying: 'more than one credential has room for',
  },
  {
    marks: unsigned('cancelled: expired', 'cancelled: clock'),
    why: 'the challenge holds for longer than the prompt; a clock that jumps in the hold comes once in some hundred worlds',
    tests: ['test/device/confirm/gate.test.ts', 'test/sim/world/clock-step.test.ts'],
  },
  {
    marks: unsigned('cancelled: other-words'),
    why: 'these wearers finish with their wish before they speak of something else',
    tests: ['test/device/delegation/agent.test.ts'],
    saying: 'ends what was talked of before',
  },
  {
    marks: of('delegated', 'alarm'),
    why: 'a PSP that pays outside the bounds is not among the faults: no device can protect its wearer from it',
    tests: ['sim/scenarios/delegate-hostile-receipt.yaml'],
    saying: 'outside',
  },
  {
    marks: of('delegated', 'price-accepted'),
    why: 'takes a yes that is said just when a price is asked about: one in some hundred worlds',
    tests: ['sim/scenarios/delegate-price-question.yaml'],
    saying: 'bought at only after a yes',
  },
  {
    marks: of(
      'account-failure',
      ...['AUTH_FAILED', 'NOT_OPENED', 'BINDING_MISMATCH', 'LIMIT_EXCEEDED', 'INSUFFICIENT_BALANCE', 'FROZEN'],
    ),
    why: 'an honest device does not ask for it: it knows how the account stands, or asks first',
    tests: [
      ...['test/sim/cloud/psp-delegation-accounts.test.ts', 'test/sim/cloud/psp-account-orders.test.ts'],
      'test/sim/ledger/sub-accounts.test.ts',
    ],
  },
  {
    marks: of('account-failure', 'KEY_INVALID'),
    why: 'ACT has it for keys that are handed in with an account; here the PSP makes the account for the key it knows',
    tests: ['protocol/SPEC.md'],
  },
  {
    marks: of(
      'payment-error',
      'IAC_EXPIRED',
      'AGENT_SIGNATURE_INVALID',
      'TOKEN_AGENT_MISMATCH',
      'MERCHANT_NOT_ALLOWED',
    ),
    why: 'takes a credential that ends within the world, a foreign signature, a second agent, or an order at a forbidden shop',
    tests: ['test/sim/agent/payments.test.ts', 'test/sim/cloud/psp-spending-terms.test.ts'],
  },
  {
    marks: of('payment-error', 'USER_CONFIRMATION_FAILED'),
    why: 'of instant payments, whose refusals have their own codes',
    tests: ['test/sim/agent/payments.test.ts'],
  },
];

/** With {@link MUST_REACH}, {@link DELEGATED_MUST_REACH} and the threats’ own tests this is all there is. */
export const ELSEWHERE: readonly Elsewhere[] = [...PURCHASES, ...SIGNERS, ...DELEGATIONS, ...CODES_ELSEWHERE];
