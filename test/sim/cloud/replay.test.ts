/** What a hostile network may do to a purchase without ever moving money twice or unasked. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openObject } from '../../../protocol/index.ts';
import { seeded } from '../../protocol/support.ts';
import {
  AGENT,
  buy,
  by,
  confirmation,
  DEVICE,
  fetchCart,
  fetchChallenge,
  fullStage,
  id,
  intentBody,
  MERCHANT,
  OTHER_DEVICE,
  PSP,
  payBody,
  type ServiceName,
  type Stage,
  secretsOf,
  selectBody,
  tenant,
} from './stage.ts';
import { Till } from './till.ts';

/** A limit for a machine that is busy with everything else; alone on it these take seconds. */
const LONG_MS = 240_000;
const SERVICES: readonly ServiceName[] = ['agent', 'merchant', 'psp'];

/** Everything that must come out the same. */
function outcome(stage: Stage) {
  return {
    ledger: stage.ledger.postings(),
    stock: stage.stock.available('lo-01'),
    receipts: new Set(stage.device.all('receipt').map(({ body }) => body.receipt.join())).size,
    updates: new Set(stage.device.all('fulfilment').map(({ body }) => body.update.join())).size,
  };
}

describe('a network that delivers more than once', () => {
  const single = fullStage();
  buy(single, 'once');
  single.pass(3_600_000);
  const expected = outcome(single);

  it.each([1, 2, 3, 4, 5])(
    'T3: leaves the state of a single delivery when every frame comes 1 to 5 times, run %i',
    (seed) => {
      const stage = fullStage();
      const pick = seeded(seed);
      stage.broker.copies = () => 1 + pick(5);
      buy(stage, 'once');
      stage.pass(3_600_000);
      expect(outcome(stage)).toEqual(expected);
      expect(stage.charges()).toHaveLength(1);
    },
  );

  it('T2: charges once when every captured frame is sent again at once, after restarts, later and after its time', () => {
    const stage = fullStage();
    buy(stage, 'once');
    const captured = [...stage.broker.seen];
    const again = () => {
      for (const { topic, payload } of captured) stage.broker.publish(topic, payload);
      stage.pass(0);
    };
    again();
    for (const name of SERVICES) stage.restart(name);
    again();
    stage.pass(100_000);
    again();
    stage.pass(100_000);
    for (const name of SERVICES) stage.restart(name);
    again();
    stage.pass(3_600_000);
    expect(outcome(stage)).toEqual(expected);
    expect(stage.counts('psp').get('accepted')).toBeUndefined();
  });

  it.each(SERVICES)(
    'T2: leaves the same state when the %s is started again after every message of the device',
    (name) => {
      const stage = fullStage();
      const { device } = stage;
      const put = device.put.bind(device);
      device.put = (to, frame) => {
        put(to, frame);
        stage.restart(name);
      };
      buy(stage, 'once');
      stage.pass(3_600_000);
      expect(outcome(stage)).toEqual(expected);
    },
  );
});

/** All orders of some things. */
function permutations<T>(things: readonly T[]): T[][] {
  if (things.length === 0) return [[]];
  return things.flatMap((first, i) => permutations(things.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}

interface Step {
  readonly name: string;
  readonly frame: Uint8Array;
  readonly to: typeof AGENT;
}

/** Whether these steps stand in this order. */
function inOrder(order: readonly Step[], ...names: readonly string[]): boolean {
  const at = names.map((name) => order.findIndex((step) => step.name === name));
  return at.every((place, i) => place >= 0 && (i === 0 || place > (at[i - 1] ?? 0)));
}

describe('a network that delivers in any order', () => {
  it('T4: charges exactly in those orders of a purchase’s five frames that an honest device could have meant', () => {
    const rehearsal = fullStage();
    const { device } = rehearsal;
    const steps: Step[] = [];
    const step = (name: string, to: typeof AGENT, message: Parameters<typeof device.say>[1]) =>
      steps.push({ name, to, frame: device.say(to, message) });
    step('intent', AGENT, { type: 'intent', body: intentBody(rehearsal, 'p') });
    step('select', AGENT, { type: 'select', body: selectBody(rehearsal, 'p') });
    const { cart } = device.last('cart').body;
    step('pay', PSP, { type: 'pay-request', body: payBody(rehearsal, 'p', cart) });
    const signed = confirmation(rehearsal, device.last('challenge').body.challenge);
    step('confirm', PSP, { type: 'confirm', body: { requestId: id('p pay'), confirmation: signed } });
    const { orderNo } = openObject('cart', cart, by).value;
    step('where', MERCHANT, { type: 'order-query', body: { requestId: id('p where'), orderNo } });
    let charged = 0;
    for (const order of permutations(steps)) {
      const stage = fullStage();
      for (const { to, frame } of order) stage.device.put(to, frame);
      const due = inOrder(order, 'intent', 'select', 'pay', 'confirm') ? 1 : 0;
      expect([order.map(({ name }) => name), stage.charges().length]).toEqual([order.map(({ name }) => name), due]);
      charged += due;
    }
    expect(charged).toBe(120 / 24);
  });

  it(
    'T4: charges at most once, and never after a cancellation, in any order of two requests for one order',
    () => {
      const script = () => {
        const till = new Till();
        till.register('o1');
        return till;
      };
      const rehearsal = script();
      const steps: Step[] = [];
      const say = (name: string, message: Parameters<typeof rehearsal.device.say>[1]) =>
        steps.push({ name, to: PSP, frame: rehearsal.device.say(PSP, message) });
      for (const [counter, name] of ['r1', 'r2'].entries()) {
        say(`pay ${name}`, { type: 'pay-request', body: rehearsal.request(name, 'o1') });
        steps.push({
          name: `confirm ${name}`,
          to: PSP,
          frame: rehearsal.device.seal(PSP, {
            type: 'confirm',
            body: {
              requestId: id(name),
              confirmation: confirmation(rehearsal, rehearsal.challenge, { counter: counter + 1 }),
            },
          }),
        });
      }
      say('cancel r1', { type: 'pay-cancel', body: { requestId: id('r1'), reason: 'cancelled' } });
      say('query r2', { type: 'pay-query', body: { requestId: id('r2') } });
      for (const order of permutations(steps)) {
        const till = script();
        for (const { to, frame } of order) till.device.put(to, frame);
        const names = order.map(({ name }) => name);
        const first = inOrder(order, 'pay r1', 'confirm r1', 'cancel r1');
        const second = inOrder(order, 'pay r2', 'confirm r2');
        // A confirmation with a lower counter than one the PSP has looked at is dead.
        const overtaken = inOrder(order, 'pay r2', 'confirm r2', 'confirm r1');
        expect(till.charges().length, names.join(', ')).toBe((first && !overtaken) || second ? 1 : 0);
      }
    },
    LONG_MS,
  );
});

type Move =
  | { readonly do: 'register' | 'ask' | 'cancel' | 'query'; readonly request: number }
  | {
      readonly do: 'press';
      readonly request: number;
      readonly seed: number;
      readonly challenge: number;
      readonly counter: number;
    }
  | { readonly do: 'replay'; readonly frame: number }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'restart' };

const index = (max: number) => fc.integer({ min: 0, max });
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('register' as const), request: index(3) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ask' as const), request: index(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('press' as const),
      request: index(3),
      seed: fc.constantFrom(0, 0, 0, 1, 2),
      challenge: fc.constantFrom(0, 0, 0, 1, 2),
      counter: fc.constantFrom(1, 2, 3, 100, 101, 102, 103),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), request: index(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('query' as const), request: index(3) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('replay' as const), frame: index(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 1, 20, 70) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

/** Two orders, two requests for each. */
const ORDER_OF = ['o1', 'o1', 'o2', 'o2'] as const;
const PRESS_SEEDS = [
  secretsOf(DEVICE).confirmationSeed,
  secretsOf(OTHER_DEVICE).confirmationSeed,
  tenant.psp.objectSeed,
];

class Adversary {
  readonly till = new Till();
  readonly #confirmed = new Set<string>();
  readonly #lockedUntil = (this.till.now + 300) as typeof this.till.now;
  readonly #createdAt = this.till.now;
  readonly #challenges: (Uint8Array | undefined)[] = [];

  play(step: Move): void {
    const { till } = this;
    if (step.do === 'restart') till.restart('psp');
    else if (step.do === 'pass') till.pass(step.seconds * 1000);
    else if (step.do === 'replay') this.#replay(step.frame);
    else this.#say(step);
  }

  #replay(frame: number): void {
    const seen = this.till.broker.seen;
    const old = seen[frame % Math.max(1, seen.length)];
    if (old !== undefined) this.till.broker.publish(old.topic, old.payload);
    this.till.pass(0);
  }

  #say(step: Extract<Move, { request: number }>): void {
    const { till } = this;
    const name = `r${step.request}`;
    const orderNo = ORDER_OF[step.request] ?? 'o1';
    if (step.do === 'register') till.register(orderNo, { lockedUntil: this.#lockedUntil });
    if (step.do === 'cancel') till.cancel(name);
    if (step.do === 'query') till.query(name);
    if (step.do === 'ask' && till.ask(name, orderNo, { createdAt: this.#createdAt }) === 'challenge')
      this.#challenges[step.request] = till.challenge;
    if (step.do === 'press') this.#press(step, name);
  }

  #press(step: Extract<Move, { do: 'press' }>, name: string): void {
    const seed = PRESS_SEEDS[step.seed];
    const challenge = this.#challenges[(step.request + step.challenge) % 4];
    if (seed === undefined || challenge === undefined) return;
    const signed = confirmation(this.till, challenge, { seed, counter: step.counter });
    // Only the wearer's own press, on the very challenge of the order, may ever move its money.
    if (step.seed === 0) this.#confirmed.add(openObject('confirmation', signed, by).digest);
    this.till.confirm(name, signed);
  }

  /** After every move: each order paid once at most, each debit with a receipt for a press of the wearer. */
  check(): void {
    const receipts = new Map(
      this.till.device
        .all('receipt')
        .map(({ body }) => [openObject('receipt', body.receipt, by).value.tradeNo, body.receipt]),
    );
    const charges = this.till.charges();
    expect(charges.length).toBeLessThanOrEqual(2);
    expect(new Set(charges.map(({ tradeNo }) => tradeNo)).size).toBe(charges.length);
    expect(this.till.charges(OTHER_DEVICE)).toEqual([]);
    for (const { tradeNo, amountMinor } of charges) {
      const receipt = openObject('receipt', receipts.get(tradeNo) ?? new Uint8Array(), by).value;
      expect(this.#confirmed.has(receipt.confirmationDigest)).toBe(true);
      expect(receipt.amountMinor).toBe(amountMinor);
    }
  }
}

it(
  'never debits without a genuine confirmation, nor twice for one order, whatever happens in whatever order',
  () => {
    let paid = 0;
    fc.assert(
      fc.property(fc.array(move, { minLength: 20, maxLength: 50 }), (moves) => {
        const adversary = new Adversary();
        for (const step of moves) {
          adversary.play(step);
          adversary.check();
        }
        paid += adversary.till.charges().length;
      }),
      { seed: 20261123, numRuns: 100 },
    );
    // A world in which nothing is ever paid would prove nothing.
    expect(paid).toBeGreaterThan(30);
  },
  LONG_MS,
);

it('T2: answers a confirmation that is sent again over a new frame with the stored receipt, after a restart too', () => {
  const stage = fullStage();
  const cart = fetchCart(stage, 'again');
  const challenge = fetchChallenge(stage, 'again', cart);
  const message = {
    type: 'confirm',
    body: { requestId: id('again pay'), confirmation: confirmation(stage, challenge) },
  } as const;
  stage.device.say(PSP, message);
  stage.restart('psp');
  stage.device.say(PSP, message);
  const receipts = stage.device.all('receipt').map(({ body }) => body.receipt);
  expect(receipts.length).toBeGreaterThanOrEqual(2);
  expect(new Set(receipts.map((receipt) => receipt.join())).size).toBe(1);
  expect(stage.charges()).toHaveLength(1);
});
