import { describe, expect, it } from 'vitest';
import { deviceTopic, newId, sealFrame, secondsOf } from '../../../protocol/index.ts';
import type { Temper } from '../../../sim/person.ts';
import type { Play } from '../../../sim/play.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { begin, DEVICE, ending, TENANT } from './play.ts';

const PER_SECOND = 1_000;
const FLOOD_MS = 60_000;

type Junk = (play: Play, random: SeededRandom) => Uint8Array;

/** Well-formed, addressed to the device, in the name of the PSP, and signed by nobody it knows. */
const unsigned: Junk = (play, random) =>
  sealFrame(
    { type: 'pay-status', body: { requestId: newId(random.bytes(16)), state: 'declined' } },
    {
      tenant: 'demo',
      from: { party: TENANT.psp.party, role: 'psp' },
      to: { party: DEVICE, role: 'device' },
      session: play.world.settings.session,
    },
    { iat: secondsOf(play.clock.now()), lifetimeS: 120, cti: newId(random.bytes(16)) },
    { kid: random.bytes(8), sign: () => random.bytes(64) },
  );

/** As many different ones as matter; each comes again and again. */
const POOL = 100;
const pools = new WeakMap<Play, Uint8Array[]>();

const JUNK: Readonly<Record<string, Junk>> = {
  'random bytes': (_play, random) => random.bytes(1 + random.below(300)),
  'unsigned frames': (play, random) => {
    const pool = pools.get(play) ?? Array.from({ length: POOL }, () => unsigned(play, random));
    pools.set(play, pool);
    return pool[random.below(POOL)] ?? new Uint8Array();
  },
  'genuine frames, replayed': (play, random) => {
    const { wire } = play.world.record;
    return wire[random.below(wire.length)]?.payload ?? random.bytes(20);
  },
};

/** Floods the device's inbox from now on. */
function flood(play: Play, junk: Junk): void {
  const random = new SeededRandom('flood');
  const topic = deviceTopic('demo', DEVICE, 'down');
  const until = play.clock.now() + FLOOD_MS;
  // The record of the wire is for genuine traffic here; sixty thousand pieces of junk say nothing.
  const { onPublish } = play.broker;
  const batch = () => {
    play.broker.onPublish = () => {};
    for (let i = 0; i < PER_SECOND / 100; i += 1) play.broker.inject('attacker', topic, junk(play, random));
    play.broker.onPublish = onPublish;
    if (play.clock.now() < until) play.clock.after(10, batch);
    else play.faultsStoppedAt = play.clock.now();
  };
  batch();
}

describe('T30: a thousand junk messages a second for a minute', { timeout: 300_000 }, () => {
  const runs: readonly { readonly kind: string; readonly temper: Temper }[] = [
    ...Object.keys(JUNK).map((kind) => ({ kind, temper: 'buy' as const })),
    { kind: 'unsigned frames', temper: 'cancel' },
  ];
  it.each(runs)('$kind: the purchase in progress ends as wished or in a declared way ($temper)', ({ kind, temper }) => {
    const play = begin({ seed: 'flood', temper });
    play.run(() => play.current.at === 'confirming');
    flood(play, JUNK[kind] as Junk);
    const began = play.clock.now();
    play.run(() => play.current.at !== 'confirming');
    // The wearer's own gestures do not wait for anybody's traffic.
    expect(play.clock.now() - began).toBeLessThan(3_000);
    if (temper === 'cancel') expect(ending(play)).toBe('cancelled: said-cancel');
    play.pass(began + FLOOD_MS + 100 - play.clock.now());
    play.settle();
    const { record, logs, debits } = play.world;
    expect(play.verdict().filter((finding) => !finding.startsWith('acknowledgedIsKept'))).toEqual([]);
    expect([ending(play), debits.count]).toEqual(
      temper === 'buy' ? ['finished: trade-finished', 1] : ['cancelled: said-cancel', 0],
    );
    const lines = logs.filter(({ party }) => party === DEVICE).length;
    const entries = record.stored.filter(({ party }) => party === DEVICE).length;
    console.info(`${kind}, ${temper}: ${lines} log lines, ${entries} journal entries`);
    expect(entries).toBeLessThan(60);
    expect(lines).toBeLessThan(200);
  });

  it('an order given during the flood ends properly, or says that nobody could be reached', () => {
    const play = begin({ seed: 'flooded' });
    flood(play, JUNK['unsigned frames'] as Junk);
    play.settle();
    // The junk names one sender, whose own frames then find the limit used up; which one that is does not matter.
    const unreachable = ['agent', 'merchant', 'psp'].map((who) => `refused: ${who}-unreachable`);
    expect(['finished: trade-finished', ...unreachable]).toContain(ending(play));
    play.run(() => play.faultsStoppedAt > 0);
    play.pass(5_000);
    play.order();
    play.settle();
    expect(ending(play)).toBe('finished: trade-finished');
    expect(play.verdict().filter((finding) => !finding.startsWith('acknowledgedIsKept'))).toEqual([]);
  });
});
