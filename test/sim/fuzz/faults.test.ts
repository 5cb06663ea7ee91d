import { describe, expect, it } from 'vitest';
import { type EpochMs, openFrame, secondsOf } from '../../../protocol/index.ts';
import { bodyOf } from '../../../sim/checkers/facts.ts';
import { liar } from '../../../sim/fuzz/lie.ts';
import { nowAndThen } from '../../../sim/fuzz/weather.ts';
import { Life } from '../../../sim/life.ts';
import { MemoryBroker } from '../../../sim/memory-broker.ts';
import { memoryDisk, PowerCut } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { WorldRecord } from '../../../sim/world-record.ts';
import { begin, DEVICE, TENANT } from '../world/play.ts';

const START = 1_700_000_000_000 as EpochMs;

describe('a broker that restarts', () => {
  function readerAt(broker: MemoryBroker) {
    const got: string[] = [];
    const states: string[] = [];
    broker.transport('reader').start(['t/+'], {
      onState: (state) => states.push(state),
      onMessage: (topic, _payload, ack) => {
        got.push(topic);
        ack();
      },
    });
    return { got, states };
  }

  /** One message is on its way to a client that is away when the broker goes down. */
  function afterRestart(keepsSessions: boolean) {
    const clock = new VirtualClock(START);
    const broker = new MemoryBroker(clock);
    const { got, states } = readerAt(broker);
    clock.advance(10);
    broker.setOnline('reader', false);
    broker.inject('writer', 't/before', new Uint8Array());
    broker.restart(keepsSessions, 1_000);
    broker.inject('writer', 't/while', new Uint8Array());
    clock.advance(2_000);
    broker.inject('writer', 't/after', new Uint8Array());
    clock.advance(10);
    return { got, states };
  }

  it('with its sessions delivers what it had taken', () => {
    expect(afterRestart(true).got).toEqual(['t/before', 't/while', 't/after']);
  });

  it('without them has lost it, and the client says again what it wants', () => {
    expect(afterRestart(false)).toEqual({ got: ['t/after'], states: ['online', 'offline', 'online'] });
  });

  it.each(['online', 'offline'])(
    'comes back for all others when one client dies of the news that it is %s',
    (fatal) => {
      const clock = new VirtualClock(START);
      const broker = new MemoryBroker(clock);
      let isFatal = false;
      broker.transport('mortal').start([], {
        onState: (state) => {
          if (isFatal && state === fatal) throw new PowerCut();
        },
        onMessage: () => {},
      });
      const { got, states } = readerAt(broker);
      clock.advance(10);
      isFatal = true;
      broker.restart(false, 1_000);
      expect(() => clock.advance(2_000)).toThrow(PowerCut);
      clock.advance(2_000);
      broker.inject('writer', 't/after', new Uint8Array());
      clock.advance(10);
      expect({ got, states }).toEqual({ got: ['t/after'], states: ['online', 'offline', 'online'] });
    },
  );
});

describe('a process', () => {
  function lifeAt(clock: VirtualClock) {
    const record = new WorldRecord();
    return new Life({ party: 'p', number: 1, clock, record, onMoment: () => {}, clockAheadMs: () => 5_000 });
  }

  it('that is held up takes what happened meanwhile later, in the order in which it happened', () => {
    const clock = new VirtualClock(START);
    const life = lifeAt(clock);
    const seen: string[] = [];
    life.clock.after(100, () => {
      seen.push(`a ${clock.now() - START}`);
      life.holdUp(300);
    });
    life.clock.after(250, () => seen.push(`c ${clock.now() - START}`));
    life.clock.after(200, () => seen.push(`b ${clock.now() - START}`));
    life.clock.after(500, () => seen.push(`d ${clock.now() - START}`));
    clock.advance(1_000);
    expect(seen).toEqual(['a 100', 'b 400', 'c 400', 'd 500']);
  });

  it('reads its own clock, while its alarms keep the distance of the world’s', () => {
    const clock = new VirtualClock(START);
    const life = lifeAt(clock);
    expect(life.clock.now()).toBe(START + 5_000);
    let rang = 0;
    life.clock.after(50, () => {
      rang = clock.now();
    });
    clock.advance(100);
    expect(rang).toBe(START + 50);
  });

  it('that took its death for something else gets no further', () => {
    const life = lifeAt(new VirtualClock(START));
    life.end();
    expect(() => life.pass('send')).toThrow(PowerCut);
  });
});

describe('a disk that is full', () => {
  it('refuses to append until there is room again, and keeps what it had', () => {
    const disk = memoryDisk();
    const journal = disk.open();
    journal.append([Uint8Array.of(1)]);
    disk.setFull(true);
    expect(() => journal.append([Uint8Array.of(2)])).toThrow(/store-full/);
    disk.setFull(false);
    journal.append([Uint8Array.of(3)]);
    expect(journal.read()).toEqual([Uint8Array.of(1), Uint8Array.of(3)]);
  });
});

describe('a dishonest service', () => {
  it('says other things in frames that open, and the same thing in another frame', () => {
    const { record, settings } = begin({ seed: 'honest' }).settle().world;
    const random = new SeededRandom('lies');
    const { lie, again } = liar(TENANT);
    const directory = { tenant: TENANT.tenant, trust: TENANT.directory.trust };
    const reader = {
      ...directory,
      self: { party: DEVICE, role: 'device' as const },
      sessionOf: () => settings.session,
    };
    const lies = new Set<string>();
    for (const { party, payload, at, topic } of record.sent) {
      if (party === DEVICE || !topic.includes(DEVICE)) continue;
      const open = (bytes: Uint8Array) => openFrame(bytes, reader, secondsOf(at as EpochMs));
      expect(open(again(payload, random))).toMatchObject({ body: bodyOf(payload).body });
      expect(open(again(payload, random)).cti).not.toBe(open(payload).cti);
      for (let i = 0; i < 120; i += 1) {
        const told = lie(payload, random);
        if (!told) continue;
        lies.add(told.what);
        expect(open(told.payload).body).not.toEqual(bodyOf(payload).body);
      }
    }
    expect([...lies]).toEqual(expect.arrayContaining(['challenge.amountMinor', 'challenge.nonce', 'cart.cart']));
    expect([...lies].some((what) => what.startsWith('receipt'))).toBe(false);
  });
});

describe('what happens now and then', () => {
  it('happens as often as its mean says', () => {
    const isIt = nowAndThen(new SeededRandom('often'), 20);
    const times = Array.from({ length: 20_000 }, isIt).filter((yes) => yes).length;
    expect(times).toBeGreaterThan(850);
    expect(times).toBeLessThan(1_150);
  });
});
