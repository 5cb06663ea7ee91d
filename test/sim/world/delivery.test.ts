import { describe, expect, it } from 'vitest';
import { bodyOf } from '../../../sim/checkers/facts.ts';
import type { Delivery } from '../../../sim/memory-broker.ts';
import type { Play } from '../../../sim/play.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { begin, DEVICE, ending, expectSound, TENANT } from './play.ts';

const DONE = 'finished: trade-finished';
/** All ways in which a purchase may end when the network loses, delays or reorders and the wearer wants to buy. */
const ALLOWED = [
  DONE,
  'refused: agent-unreachable',
  'refused: merchant-unreachable',
  'refused: psp-unreachable',
  'cancelled: link-lost',
  'refused: challenge-expired',
  'timed-out: no-press',
];

/** What the purchase has come to, without times and random names: the same however often things were delivered. */
function result(play: Play): unknown {
  const { current } = play;
  const paid = current.at === 'ended' ? current.paid : undefined;
  return {
    ending: ending(play),
    debits: [...play.world.record.debits.values()].map(({ amountMinor, currency }) => ({ amountMinor, currency })),
    signatures: play.world.record.signatures.length,
    receipt: paid && { amountMinor: paid.receipt.amountMinor, payee: paid.receipt.payee },
    lines: paid?.cart.cart.lines,
    background: play.device?.agent.purchases.background.length,
    // Each party acted on the same messages; retries aside, which a quiet network does not see.
    sent: play.world.record.sent.map(({ party, payload }) => `${party} ${bodyOf(payload).type}`),
  };
}

const single = result(begin({ seed: 'single' }).settle());
const COUNT = begin({ seed: 'count' }).settle().world.record.wire.length;

describe('T3: every frame of a purchase delivered one to five times, DUP or not', () => {
  it.each([2, 3, 4, 5])('comes to the same state, ledger and number of signatures: %i copies', (copies) => {
    const play = begin({ seed: 'single' });
    play.broker.plan = () => ({ delaysMs: Array.from({ length: copies }, (_, i) => 1 + i) });
    play.settle();
    expect(result(play)).toEqual(single);
    expectSound(play, `${copies} copies`);
  });

  it.each(Array.from({ length: COUNT }, (_, i) => i))('also when only frame %i comes five times, late', (k) => {
    const play = begin({ seed: 'single' });
    const frames: Uint8Array[] = [];
    play.broker.plan = ({ payload }) => {
      if (!frames.some((known) => Buffer.compare(known, payload) === 0)) frames.push(payload);
      const isThis = frames.findIndex((known) => Buffer.compare(known, payload) === 0) === k;
      return { delaysMs: isThis ? [1, 1, 500, 2_500, 9_000] : [1] };
    };
    play.settle();
    expect(result(play)).toEqual(single);
    expectSound(play, `frame ${k}`);
  });
});

describe('T4: delays and reorderings', { timeout: 300_000 }, () => {
  const WORLDS = 500;

  it(`hold every invariant in ${WORLDS} seeded worlds and end as allowed`, () => {
    const endings = new Map<string, number>();
    for (let i = 0; i < WORLDS; i += 1) {
      const random = new SeededRandom(`delays ${i}`);
      const play = begin({ seed: `delays ${i}` });
      // From a lively network to one slower than every patience of the device.
      const mostMs = [20, 400, 3_000, 12_000, 45_000][i % 5] ?? 20;
      play.broker.plan = () => ({
        delaysMs: Array.from({ length: 1 + random.below(3) }, () => 1 + random.below(mostMs)),
      });
      play.settle();
      expectSound(play, `seed ${i}`);
      expect(ALLOWED).toContain(ending(play));
      endings.set(ending(play), (endings.get(ending(play)) ?? 0) + 1);
    }
    console.info(`endings: ${[...endings].map(([what, n]) => `${n} × ${what}`).join(', ')}`);
    expect(endings.get(DONE)).toBeGreaterThan(WORLDS / 4);
  });
});

describe('T4: a link that is lost', { timeout: 300_000 }, () => {
  const spans = [
    ['1 s', 1_000],
    ['30 s', 30_000],
    ['5 min', 300_000],
  ] as const;
  const clients = [DEVICE, TENANT.psp.party, TENANT.agent.party];

  it.each(clients.flatMap((client) => spans.map(([span, ms]) => ({ client, span, ms }))))(
    'at each frame, of $client for $span, is survived in both directions',
    ({ client, ms }) => {
      for (let k = 1; k <= COUNT; k += 1) {
        const play = begin({ seed: `link ${k}`, reorders: 1 });
        let count = 0;
        let isDown = false;
        const cut = () => {
          isDown = true;
          play.attempt(() => play.broker.setOnline(client, false));
          play.clock.after(ms, () => {
            play.faultsStoppedAt = play.clock.now();
            play.broker.setOnline(client, true);
          });
        };
        play.onEvent = () => {
          if (isDown || play.world.record.wire.length < k) return;
          count = k;
          cut();
        };
        play.settle();
        expectSound(play, `${client} at frame ${k}`);
        expect(play.world.debits.count).toBeLessThanOrEqual(1);
        if (ms < 20_000) expect([k, ending(play)]).toEqual([k, DONE]);
        else expect(ALLOWED).toContain(ending(play));
        expect(count).toBe(k);
      }
    },
  );

  it.each(['to', 'from'] as const)('one way only, %s the device: what is lost is sent again or declared', (way) => {
    for (let k = 1; k <= COUNT; k += 1) {
      const play = begin({ seed: `lost ${k}`, reorders: 1 });
      let seen = 0;
      play.broker.plan = (delivery: Delivery) => {
        const concerns = way === 'to' ? delivery.to === DEVICE : delivery.from === DEVICE;
        seen += concerns ? 1 : 0;
        return { delaysMs: concerns && seen === k ? [] : [1] };
      };
      play.settle();
      expectSound(play, `${way} ${k}`);
      expect([k, ending(play)]).toEqual([k, DONE]);
      expect(play.world.debits.count).toBe(1);
    }
  });
});
