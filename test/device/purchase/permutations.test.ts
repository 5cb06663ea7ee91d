import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect, PurchaseEvent } from '../../../device/purchase/events.ts';
import type { Purchase } from '../../../device/purchase/state.ts';
import { wakeAt } from '../../../device/purchase/state.ts';
import { step } from '../../../device/purchase/step.ts';
import type { EpochMs } from '../../../protocol/index.ts';
import { AGENT, at, confirmationBytes, MERCHANT, messages, PSP, SEEK_ID, settings } from '../builders.ts';
import { states } from '../states.ts';
import { frame, reply } from './happenings.ts';

const INBOUND: readonly PurchaseEvent[] = [
  frame(messages.offers(), AGENT),
  frame(messages.cart(), AGENT),
  frame(messages.challenge(), PSP),
  frame(messages.receipt(), PSP),
  frame(messages.fulfilment(1, 'WAIT_SELLER_FULFILLMENT'), MERCHANT),
  frame(messages.fulfilment(3, 'TRADE_FINISHED'), MERCHANT),
];

/** Frames that a network or an attacker may mix in. */
const STRAY: readonly PurchaseEvent[] = [
  frame(messages.offers([]), AGENT),
  frame(messages.refusal(SEEK_ID, 'intent-expired'), AGENT),
  frame(messages.payStatus('unknown-request'), PSP),
  frame(messages.payStatus('awaiting-confirmation'), PSP),
  frame(messages.paidStatus(), PSP),
  frame(messages.fulfilment(2, 'WAIT_BUYER_RECEIPT'), MERCHANT),
  { kind: 'tick' },
  { kind: 'link', online: false },
  { kind: 'link', online: true },
  { kind: 'restarted' },
];

interface Ride {
  readonly state: Purchase;
  readonly prompts: number;
  readonly signatures: number;
  readonly confirms: readonly Uint8Array[];
  /** How often the purchase was told to be paid. */
  readonly paid: number;
}

/** How the 720 orders end: what overtakes its cause is ignored, and most orders wait in vain for what came too early. */
const ENDS = {
  'finished trade-finished': 6,
  following: 24,
  unknown: 90,
  'refused psp-unreachable': 240,
  'refused merchant-unreachable': 360,
};

/** Plays events against a wearer who says yes to offers and holds the button at every prompt, at once. */
function ride(events: readonly PurchaseEvent[]): Ride {
  let state = states.seeking as Purchase;
  let now: EpochMs = at(0);
  let prompts = 0;
  let signatures = 0;
  let paid = 0;
  const confirms: Uint8Array[] = [];
  const take = (effects: readonly Effect[]) => {
    for (const effect of effects) {
      if (effect.do === 'confirm') prompts += 1;
      if (effect.do === 'say' && effect.key === 'paid') paid += 1;
      if (effect.do === 'send' && effect.message.type === 'confirm') confirms.push(effect.message.body.confirmation);
    }
  };
  const feed = (event: PurchaseEvent) => {
    const result = step(settings, state, event, now);
    state = result.state;
    take(result.effects);
  };
  for (const event of events) {
    now = (now + 100) as EpochMs;
    feed(event);
    if (state.at === 'choosing') feed(reply({ kind: 'yes' }));
    if (state.at === 'confirming') {
      signatures += 1;
      feed({ kind: 'signer', answer: { kind: 'signed', signed: confirmationBytes(), method: 'hold-simulated' } });
    }
  }
  for (let i = 0; i < 100 && state.at !== 'unknown'; i += 1) {
    const when = wakeAt(state);
    if (when === undefined || state.at === 'following') break;
    now = when;
    feed({ kind: 'tick' });
  }
  return { state, prompts, signatures, confirms, paid };
}

function permutations<T>(items: readonly T[]): (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, i) => permutations(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));
}

function check({ state, prompts, signatures, confirms, paid }: Ride): void {
  expect(['ended', 'following', 'unknown']).toContain(state.at);
  // One prompt, one signature, the same bytes however often they are sent, paid once at most and only after a signature.
  expect(prompts).toBeLessThanOrEqual(1);
  expect(signatures).toBeLessThanOrEqual(prompts);
  expect(new Set(confirms.map(String)).size).toBeLessThanOrEqual(1);
  if (signatures === 0) expect(confirms).toEqual([]);
  expect(paid).toBeLessThanOrEqual(confirms.length === 0 ? 0 : 1);
  const hasPaid = state.at === 'following' || (state.at === 'ended' && state.paid !== undefined);
  expect(hasPaid).toBe(paid === 1);
}

describe('T4: reordered and repeated frames', () => {
  it('in the order they were sent they lead to a finished purchase', () => {
    expect(ride(INBOUND)).toMatchObject({ state: { at: 'ended', outcome: 'finished' }, signatures: 1, paid: 1 });
  });

  it('all 720 orders of the six frames end in an allowed state, never paid twice, never signed without a prompt', () => {
    const orders = permutations(INBOUND);
    expect(orders).toHaveLength(720);
    const ends = new Map<string, number>();
    for (const order of orders) {
      const result = ride(order);
      check(result);
      const { state } = result;
      const end = state.at === 'ended' ? `${state.outcome} ${state.reason}` : state.at;
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    expect(Object.fromEntries(ends)).toEqual(ENDS);
  });

  it('T2, T3: any sequence of these and stray frames, repeated as often as one likes, keeps the same promises', () => {
    const events = fc.array(fc.constantFrom(...INBOUND, ...INBOUND, ...STRAY), { maxLength: 24 });
    fc.assert(
      fc.property(events, (sequence) => check(ride(sequence))),
      { seed: 20_261_123, numRuns: 3_000 },
    );
  });

  it('T3: each frame one to five times in a row gives the same state as once', () => {
    const once = ride(INBOUND);
    const times = fc.tuple(...INBOUND.map(() => fc.integer({ min: 1, max: 5 })));
    fc.assert(
      fc.property(times, (counts) => {
        const result = ride(INBOUND.flatMap((event, i) => Array.from({ length: counts[i] ?? 1 }, () => event)));
        expect(result).toEqual(once);
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});
