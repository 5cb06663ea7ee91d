import { describe, expect, it } from 'vitest';
import { deviceTopic, newId, sealFrame, secondsOf, signObject, softSigningKey } from '../../../protocol/index.ts';
import type { RunningDevice } from '../../../sim/index.ts';
import type { Play } from '../../../sim/play.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { begin, DEVICE, ending, expectSound } from './play.ts';

const DONE = 'finished: trade-finished';
const STEP_MS = 50;
/** From the first page to the end of a hold: 1,300 ms until the press, 800 ms held. */
const PROMPT_MS = 2_100;

/** A dearer cart of the same shop for the same intent, signed as it should be, in a frame as it should be. */
function pushAnotherCart(play: Play, random: SeededRandom): void {
  const { current } = play;
  if (current.at !== 'confirming') return;
  const { tenant } = play.world;
  const { cart } = current.cart;
  const shop = tenant.merchants.find(({ party }) => party === cart.merchant);
  const [line, ...lines] = cart.lines;
  if (!shop || !line) throw new Error('no such shop');
  const dearer = { ...cart, orderNo: `${cart.orderNo.slice(0, -1)}0`, totalMinor: cart.totalMinor + 100 };
  const other = signObject(
    'cart',
    { ...dearer, lines: [{ ...line, amountMinor: line.amountMinor + 100 }, ...lines] },
    softSigningKey(shop.objectSeed),
  );
  const { requestId } = current;
  const frame = sealFrame(
    { type: 'cart', body: { requestId, intentId: current.intent.intentId, cart: other } },
    {
      tenant: tenant.tenant,
      from: { party: tenant.agent.party, role: 'agent' },
      to: { party: DEVICE, role: 'device' },
      session: play.world.settings.session,
    },
    { iat: secondsOf(play.clock.now()), lifetimeS: 120, cti: newId(random.bytes(16)) },
    softSigningKey(tenant.agent.frameSeed),
  );
  play.broker.inject('agent', deviceTopic(tenant.tenant, DEVICE, 'down'), frame);
  // The checkers have to know that it is genuine.
  play.world.record.sent.push({
    at: play.clock.now(),
    seq: play.world.record.nextSeq(),
    party: 'agent',
    life: 1,
    topic: '',
    payload: frame,
  });
}

/** Plays with something that happens `afterMs` after the first page of the prompt. */
function during(afterMs: number, act: (play: Play) => void, temper: 'buy' | 'walk-away' = 'buy'): Play {
  const play = begin({ seed: 'prompt', temper });
  play.run(() => play.current.at === 'confirming');
  play.clock.after(afterMs, () => act(play));
  return play.settle();
}

describe('T6: another cart, correctly signed, between render and press', { timeout: 120_000 }, () => {
  it('voids the prompt at every instant; what was signed before is the cart that was shown', () => {
    const ends = new Map<string, number>();
    for (let ms = 0; ms <= PROMPT_MS + 200; ms += STEP_MS) {
      // Also a millisecond before and behind, and on the very millisecond of the signature.
      for (const exact of [ms - 2, ms - 1, ms]) {
        if (exact < 0) continue;
        const play = during(exact, (it) => pushAnotherCart(it, new SeededRandom(`${exact}`)));
        expectSound(play, `${exact} ms`);
        const { debits, record } = play.world;
        const end = ending(play);
        expect([exact, ['cancelled: new-cart', DONE].includes(end)]).toEqual([exact, true]);
        expect([exact, debits.count, record.signatures.length]).toEqual(end === DONE ? [exact, 1, 1] : [exact, 0, 0]);
        if (end === DONE) expect(debits.totalMinor).toBe(1_900);
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }
    }
    console.info(`another cart: ${[...ends].map(([what, n]) => `${n} × ${what}`).join(', ')}`);
    expect(ends.get('cancelled: new-cart')).toBeGreaterThan(100);
    expect(ends.get(DONE)).toBeGreaterThan(0);
  });
});

describe('T18: taken off during the prompt', { timeout: 120_000 }, () => {
  it('voids it at every tenth of a second, unless the hold was complete before', () => {
    for (let ms = 0; ms <= 2_400; ms += 100) {
      const play = during(ms, (it) => it.device?.wear.set(false));
      expectSound(play, `${ms} ms`);
      const end = ending(play);
      expect([ms, end]).toEqual([ms, ms <= PROMPT_MS ? 'cancelled: wear-off' : DONE]);
      expect(play.world.debits.count).toBe(end === DONE ? 1 : 0);
    }
    for (let ms = 2_500; ms < 31_000; ms += 2_500) {
      const play = during(ms, (it) => it.device?.wear.set(false), 'walk-away');
      expect([ms, ending(play)]).toEqual([ms, 'cancelled: wear-off']);
      expectSound(play, `${ms} ms`);
    }
  });

  it('stays void after the device was switched off and on again', () => {
    const play = begin({ seed: 'thief' });
    play.device?.wear.set(false);
    play.attempt(() => play.world.kill(DEVICE));
    play.run(() => play.device?.life.isOver === false);
    play.pass(1_000);
    play.order();
    play.settle();
    expect(ending(play)).toBe('cancelled: wear-off');
    expect(play.world.record.signatures).toEqual([]);
    expectSound(play, 'power-cycled');
  });
});

describe('a link that is lost during the prompt', { timeout: 120_000 }, () => {
  it('voids it at every tenth of a second, unless the hold was complete before', () => {
    for (let ms = 0; ms <= 2_400; ms += 100) {
      const play = during(ms, (it) => {
        it.broker.setOnline(DEVICE, false);
        it.clock.after(3_000, () => it.broker.setOnline(DEVICE, true));
      });
      expectSound(play, `${ms} ms`);
      const isVoid = ms <= PROMPT_MS;
      expect([ms, ending(play)]).toEqual([ms, isVoid ? 'cancelled: link-lost' : DONE]);
      expect([ms, play.world.debits.count]).toEqual([ms, isVoid ? 0 : 1]);
    }
  });
});

type Hand = (device: RunningDevice, play: Play) => void;

/** Edges, alternating from `down`, at these milliseconds after the first page. */
function edges(...atMs: readonly number[]): Hand {
  return (device, play) => {
    atMs.forEach((ms, i) => {
      play.clock.after(ms, () => device.button.edge(i % 2 === 0 ? 'down' : 'up'));
    });
  };
}

describe('T10: the button in the whole world', () => {
  const cases: readonly (readonly [string, Hand, string])[] = [
    ['a hold whose press and release bounce', edges(1_300, 1_304, 1_310, 1_333, 1_340, 2_400, 2_410, 2_415), DONE],
    ['a stuck button', edges(1), 'timed-out: no-press'],
    ['a press that came before the dead time was over', edges(999, 2_900), 'timed-out: no-press'],
    ['an early press, let go, and a hold', edges(400, 450, 1_500, 2_500), 'declined: clicked'],
    ['a press too short to be a hold', edges(1_300, 2_099), 'declined: clicked'],
    ['a double click', edges(1_300, 1_400, 1_500, 1_600), 'declined: clicked'],
    [
      'contacts that chatter for ever',
      edges(...Array.from({ length: 900 }, (_, i) => 1_000 + i * 40)),
      'timed-out: no-press',
    ],
    ['a hold in the last moment', edges(30_100, 30_950), DONE],
    ['a hold that is not complete when time is up', edges(30_300, 31_500), 'timed-out: no-press'],
  ];

  it.each(cases)('%s', (what, hand, end) => {
    const play = begin({ seed: 'button', temper: 'walk-away' });
    play.run(() => play.current.at === 'confirming');
    if (play.device) hand(play.device, play);
    play.settle();
    expect(ending(play)).toBe(end);
    expect(play.world.debits.count).toBe(end === DONE ? 1 : 0);
    expectSound(play, what);
  });

  it('that was down when the device was switched on, and never let go', () => {
    const play = begin({ seed: 'boot', temper: 'walk-away' });
    play.device?.button.edge('down');
    play.settle();
    expect(ending(play)).toBe('timed-out: no-press');
    expectSound(play, 'held at boot');
  });

  it('that is held while the device restarts: only a new press counts', () => {
    const play = begin({ seed: 'boot', temper: 'walk-away' });
    play.device?.button.edge('down');
    play.attempt(() => play.world.kill(DEVICE));
    play.run(() => play.device?.life.isOver === false);
    play.pass(1_000);
    play.order();
    play.run(() => play.current.at === 'confirming');
    play.clock.after(1_500, () => play.device?.button.edge('up'));
    play.settle();
    expect(ending(play)).toBe('timed-out: no-press');
    expect(play.world.record.signatures).toEqual([]);
    expectSound(play, 'held over a restart');
  });
});
