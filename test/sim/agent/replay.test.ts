import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../protocol/index.ts';
import { AgentStage, type Behaviour, heard, SHOP } from './agent-stage.ts';
import { ResearchStage } from './research-stage.ts';

type Step = (stage: AgentStage) => void;

/** An order with everything in it: a question, a refused cart, a failed payment, a second order. */
const SHOPPING: readonly Step[] = [
  (stage) => void stage.merchant(),
  (stage) => {
    const agentBehavior: Behaviour = {
      priceDeviationToleranceE2: 500,
      onPaymentFailure: 'AUTO_RETRY',
      maxRetryCount: 2,
    };
    stage.delegate('latte', {
      maxTotalMinor: 9_000,
      terms: { maxOrders: 2 },
      ext: { commerce: { allowedMerchants: [SHOP] }, agentBehavior },
    });
  },
  (stage) => stage.price(1_900, { available: 0, version: 1 }),
  (stage) => stage.price(2_200, { version: 2 }),
  (stage) => stage.pass(100_000),
  (stage) => stage.answer(true),
  (stage) => stage.refuseCart('queueing'),
  (stage) => stage.pass(5_000),
  (stage) => void stage.cart(2_200),
  (stage) => stage.pass(12_000),
  (stage) => stage.fail('REQUEST_EXPIRED'),
  (stage) => stage.pass(5_000),
  (stage) => void stage.cart(2_200),
  (stage) => stage.paid(),
  (stage) => stage.price(1_950, { version: 3 }),
  (stage) => void stage.cart(1_950),
  (stage) => stage.paid(),
  (stage) => stage.status(stage.iac('latte'), 'Revoked', 1),
];

const RESEARCH: readonly Step[] = [
  (stage) => void (stage as ResearchStage).report({ maxTotalMinor: 2_000 }),
  (stage) => stage.pass(1_000),
  (stage) => stage.paid(),
  (stage) => stage.pass(1_000),
  (stage) => stage.paid(),
  (stage) => stage.pass(1_000),
];

function play(make: () => AgentStage, steps: readonly Step[], restartAfter?: number): AgentStage {
  const stage = make();
  steps.forEach((step, i) => {
    step(stage);
    if (i === restartAfter) stage.restart();
  });
  return stage;
}

/** What everybody was told, each thing once: at-least-once delivery repeats. */
const told = (stage: AgentStage) =>
  [stage.psp, stage.device, stage.merchant()].map((hand) => [
    ...new Set(
      hand.heard.map(({ type, body }) =>
        JSON.stringify([type, body], (_, v) => (v instanceof Uint8Array ? digestOf(v) : v)),
      ),
    ),
  ]);

const requestsOf = (stage: AgentStage) => [
  ...new Set(stage.psp.all('delegated-pay').map(({ body }) => digestOf(body.request))),
];

describe.each([
  ['an order', () => new AgentStage(), SHOPPING],
  ['a report', () => new ResearchStage(), RESEARCH],
] as const)('design 8: %s', (_, make, steps) => {
  const whole = play(make, steps);

  it('is played to its end', () => {
    expect(whole.news).toBe('done bought');
  });

  it.each(steps.map((__, i) => i))('is the same when the agent starts anew after step %i', (i) => {
    const stage = play(make, steps, i);
    expect(told(stage)).toEqual(told(whole));
    // What the broker may not have taken is sent again: the same requests, never another one.
    expect(requestsOf(stage)).toEqual(requestsOf(whole));
  });
});

it('T3: everything delivered three times changes nothing', () => {
  const whole = play(() => new AgentStage(), SHOPPING);
  const stage = new AgentStage();
  stage.broker.copies = () => 3;
  for (const step of SHOPPING) step(stage);
  expect(told(stage)).toEqual(told(whole));
  expect(heard(stage.psp, 'delegated-pay')).toBe(3 * heard(whole.psp, 'delegated-pay'));
});
