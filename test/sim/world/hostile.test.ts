import { beforeAll, describe, expect, it } from 'vitest';
import { journalName } from '../../../device/audit/journal-keys.ts';
import { Inbox } from '../../../device/index.ts';
import {
  deviceTopic,
  FRAMES,
  type Message,
  newId,
  type Party,
  peekFrame,
  type SessionId,
  sealFrame,
  secondsOf,
  serviceTopic,
  softSigningKey,
} from '../../../protocol/index.ts';
import { bodyOf } from '../../../sim/checkers/facts.ts';
import { createTenant } from '../../../sim/cloud/index.ts';
import { Play } from '../../../sim/play.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { World } from '../../../sim/world.ts';
import { begin, DEVICE, ending, expectSound, TENANT } from './play.ts';

interface Captured {
  readonly topic: string;
  readonly payload: Uint8Array;
}
const DONE = 'finished: trade-finished';
let captured: readonly Captured[];
let peaceful: Play;

beforeAll(() => {
  peaceful = begin({ seed: 'captured' }).settle();
  captured = [...peaceful.world.record.wire];
});

describe('T1: a broker that alters frames', { timeout: 300_000 }, () => {
  type Alter = (payload: Uint8Array, random: SeededRandom, earlier: readonly Uint8Array[]) => Uint8Array;
  const flip: Alter = (payload, random) => {
    const altered = payload.slice();
    const at = random.below(altered.length);
    altered[at] = (altered[at] ?? 0) ^ (1 << random.below(8));
    return altered;
  };
  const kinds: readonly (readonly [string, Alter])[] = [
    ['flips a bit', flip],
    ['flips another bit', flip],
    ['flips a third bit', flip],
    ['truncates', (payload, random) => payload.slice(0, random.below(payload.length))],
    ['extends', (payload, random) => Uint8Array.from([...payload, ...random.bytes(1 + random.below(40))])],
    ['swaps', (_payload, random, earlier) => earlier[random.below(earlier.length)] ?? new Uint8Array()],
  ];

  it.each(kinds)('%s: nothing altered is acted on, all of it is counted, the purchase recovers', (kind, alter) => {
    for (let k = 0; k < captured.length; k += 1) {
      const random = new SeededRandom(`${kind} ${k}`);
      const play = begin({ seed: 'altered' });
      const frames: Uint8Array[] = [];
      const deliveries = new Map<string, number>();
      let altered = 0;
      play.broker.alter = ({ payload, to }) => {
        deliveries.set(to, (deliveries.get(to) ?? 0) + 1);
        if (!frames.includes(payload)) frames.push(payload);
        if (frames.indexOf(payload) !== k) return payload;
        altered += to === DEVICE ? 1 : 0;
        return alter(payload, random, frames.slice(0, k));
      };
      play.settle();
      play.pass(1_000);
      expectSound(play, `${kind} ${k}`);
      // The shop tells the PSP of an order once; without that the device gives up, and nothing is paid.
      const isNotice = peekFrame(frames[k] ?? new Uint8Array()).type === 'order-notice';
      const end = isNotice ? ['refused: psp-unreachable', 0] : [DONE, 1];
      expect([k, ending(play), play.world.debits.count]).toEqual([k, ...end]);
      // A frame of an earlier moment is a duplicate where it was meant for the receiver: known, not wrong.
      const warned = play.world.logs.filter(({ party, level }) => party === DEVICE && level === 'warn').length;
      if (kind === 'swaps') expect(warned).toBeLessThanOrEqual(altered);
      else expect(warned).toBe(altered);
      const { psp, agent } = play.world.cloud;
      for (const [party, { counts }] of [
        [TENANT.psp.party, psp],
        [TENANT.agent.party, agent],
      ] as const)
        expect([...counts.values()].reduce((a, b) => a + b, 0)).toBe(deliveries.get(party));
    }
  });

  it('flips each single bit of each frame to the device: none is taken', () => {
    const { settings } = peaceful.world;
    const reader = {
      tenant: TENANT.tenant,
      self: { party: DEVICE, role: 'device' },
      trust: TENANT.directory.trust,
      sessionOf: () => settings.session,
    } as const;
    let tried = 0;
    for (const { payload } of peaceful.world.record.acked.filter(({ party }) => party === DEVICE)) {
      const at = peaceful.world.record.acked.find((one) => one.payload === payload)?.at ?? 0;
      expect(new Inbox(reader).open(payload, at as never).kind).toBe('frame');
      for (let bit = 0; bit < payload.length * 8; bit += 1) {
        const altered = payload.slice();
        altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        // A fresh inbox each time: the rate limit must not be what refuses.
        expect(new Inbox(reader).open(altered, at as never).kind).toBe('dropped');
        tried += 1;
      }
    }
    console.info(`${tried} bits flipped, 0 accepted`);
    expect(tried).toBeGreaterThan(10_000);
  });
});

/** A start is counted by a checkpoint a minute later, whatever else happens. */
function isCheckpoint(record: Uint8Array): boolean {
  return new TextDecoder().decode(record).includes(journalName(TENANT.tenant, DEVICE));
}

describe('T2: every captured frame again', { timeout: 300_000 }, () => {
  function replayAll(play: Play, frames: readonly Captured[]): void {
    for (const { topic, payload } of frames) {
      play.broker.inject('attacker', topic, payload);
      play.pass(100);
    }
  }

  function expectUnmoved(play: Play, what: string): void {
    play.settle();
    play.pass(60_000);
    expectSound(play, what);
    expect([what, ending(play), play.world.debits.count, play.world.record.signatures.length]).toEqual([
      what,
      DONE,
      1,
      1,
    ]);
  }

  it('at once, each as it passes', () => {
    const play = begin({ seed: 'replay' });
    const { onPublish } = play.broker;
    let isReplaying = false;
    play.broker.onPublish = (from, topic, payload) => {
      onPublish(from, topic, payload);
      if (isReplaying) return;
      isReplaying = true;
      for (let copies = 0; copies < 3; copies += 1) play.broker.inject('attacker', topic, payload);
      isReplaying = false;
    };
    expectUnmoved(play, 'at once');
  });

  it.each([1_000, 60_000, 119_000, 151_000, 400_000])(
    '%i ms later, after a reconnect and after both sides restart',
    (ms) => {
      const play = begin({ seed: 'replay' }).settle();
      const frames = [...play.world.record.wire];
      const accepted = () =>
        play.world.record.stored.filter(({ disk, records }) => disk === 'journal' && !records.every(isCheckpoint))
          .length;
      play.pass(ms);
      replayAll(play, frames);
      expectUnmoved(play, 'later');
      play.broker.setOnline(DEVICE, false);
      play.pass(1_000);
      play.broker.setOnline(DEVICE, true);
      replayAll(play, frames);
      expectUnmoved(play, 'reconnected');
      for (const party of [DEVICE, TENANT.psp.party, TENANT.agent.party, 'luna-coffee'])
        play.attempt(() => play.world.kill(party));
      play.run(() => play.world.lives.dead.length === 0 && play.device?.life.isOver === false);
      // Who starts sends again what may not have left; that is no replay.
      play.pass(1_000);
      const before = accepted();
      replayAll(play, frames);
      expectUnmoved(play, 'restarted');
      expect(accepted()).toBe(before);
    },
  );

  it('in the middle of the next purchase, which then is the only new charge', () => {
    const play = begin({ seed: 'replay' }).settle();
    const frames = [...play.world.record.wire];
    play.order();
    play.run(() => play.current.at === 'confirming');
    replayAll(play, frames);
    play.settle();
    expectSound(play, 'next purchase');
    expect(play.world.debits.count).toBe(2);
    expect(play.world.record.signatures).toHaveLength(2);
  });
});

describe('T5: frames for one device at another', { timeout: 300_000 }, () => {
  const OTHER = 'glasses-02';
  const tenant = createTenant(new Uint8Array(32).fill(9), { tenant: 'demo', devices: [DEVICE, OTHER] });
  const secretsOf = (device: string) => {
    const found = tenant.devices.find((one) => one.device === device);
    if (!found) throw new Error('no such device');
    return found;
  };

  function twoDevices() {
    const play = new Play({ seed: 'two', tenant });
    const silence = { listen: () => () => {} };
    const other = play.world.startDevice(
      () => silence,
      () => {},
      OTHER,
    );
    play.begin().settle();
    return { play, other, frames: [...play.world.record.wire] };
  }

  function expectNothing({ play, other }: ReturnType<typeof twoDevices>, what: string): void {
    play.pass(10_000);
    expectSound(play, what);
    expect(other.agent.purchases).toEqual({ current: { at: 'idle' }, background: [] });
    expect(play.world.debitsOf(OTHER)).toEqual([]);
    expect(play.world.debitsOf(DEVICE)).toHaveLength(1);
    const stored = play.world.record.stored.filter(({ party, disk }) => party === OTHER && disk === 'journal');
    expect(stored).toEqual([]);
  }

  it('on its topics: nothing happens', () => {
    const two = twoDevices();
    for (const { topic, payload } of two.frames) {
      two.play.broker.inject('attacker', topic.replace(DEVICE, OTHER), payload);
      for (const direction of ['up', 'down', 'ctl'] as const)
        two.play.broker.inject('attacker', deviceTopic('demo', OTHER, direction), payload);
      two.play.broker.inject('attacker', serviceTopic('demo', 'psp'), payload);
      two.play.pass(200);
    }
    expectNothing(two, 'topics');
  });

  it('sealed by the other device with what it knows: nobody is charged', () => {
    const two = twoDevices();
    const { play } = two;
    const thief = secretsOf(OTHER);
    const victim = secretsOf(DEVICE);
    const random = new SeededRandom('thief');
    const seal = (message: Message, from: Party, to: Party, session: SessionId, seed: Uint8Array) =>
      sealFrame(
        message,
        { tenant: 'demo', from, to, session },
        { iat: secondsOf(play.clock.now()), lifetimeS: 120, cti: newId(random.bytes(16)) },
        softSigningKey(seed),
      );
    let tried = 0;
    for (const { payload } of two.frames) {
      const message = bodyOf(payload) as unknown as Message;
      const [role] = FRAMES[message.type].from as readonly Party['role'][];
      if (role !== 'device') continue;
      const [toRole] = FRAMES[message.type].to as readonly Party['role'][];
      const to = { party: toRole === 'merchant' ? 'luna-coffee' : String(toRole), role: toRole } as Party;
      for (const [name, session] of [
        [OTHER, thief.session],
        [OTHER, victim.session],
        [DEVICE, thief.session],
        [DEVICE, victim.session],
      ] as const) {
        const frame = seal(message, { party: name, role: 'device' }, to, session, thief.frameSeed);
        for (const topic of [DEVICE, OTHER]) play.broker.inject('attacker', deviceTopic('demo', topic, 'up'), frame);
        play.pass(500);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(12);
    // What it asks for itself, as itself, is answered to itself; none of it is a purchase that it had begun.
    const acted = play.world.record.stored.filter(({ party, disk }) => party === OTHER && disk === 'journal');
    expect(acted.every(({ records }) => records.length === 1)).toBe(true);
    expect(two.other.agent.purchases).toEqual({ current: { at: 'idle' }, background: [] });
    expect([play.world.debitsOf(OTHER), play.world.debitsOf(DEVICE).length]).toEqual([[], 1]);
    expect(play.world.record.signatures).toHaveLength(1);
  });

  it('sealed by the services themselves with the session of the first: the second refuses it', () => {
    const two = twoDevices();
    const { play } = two;
    const random = new SeededRandom('session');
    const seeds: Readonly<Record<string, Uint8Array>> = { psp: tenant.psp.frameSeed, agent: tenant.agent.frameSeed };
    for (const { payload, topic } of two.frames) {
      const message = bodyOf(payload) as unknown as Message;
      const [role] = FRAMES[message.type].from as readonly Party['role'][];
      if (topic !== deviceTopic('demo', DEVICE, 'down') || role === undefined || !seeds[role]) continue;
      const frame = sealFrame(
        message,
        {
          tenant: 'demo',
          from: { party: role, role },
          to: { party: OTHER, role: 'device' },
          session: secretsOf(DEVICE).session,
        },
        { iat: secondsOf(play.clock.now()), lifetimeS: 120, cti: newId(random.bytes(16)) },
        softSigningKey(seeds[role]),
      );
      play.broker.inject('attacker', deviceTopic('demo', OTHER, 'down'), frame);
      play.pass(200);
    }
    const refused = play.world.logs.filter(({ party, level }) => party === OTHER && level === 'warn');
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['cose-signature']));
    expectNothing(two, 'sessions');
  });

  it('in another tenant with the same names: nothing happens, in either direction', () => {
    const { play, frames } = twoDevices();
    const foreign = createTenant(new Uint8Array(32).fill(11), { tenant: 'other', devices: [DEVICE] });
    const net = { transport: (client: string) => play.broker.transport(`other/${client}`) };
    const world = new World({ seed: 'other', clock: play.clock, net, tenant: foreign });
    const device = world.startDevice(() => ({ listen: () => () => {} }));
    play.pass(1_000);
    for (const { topic, payload } of frames) {
      play.broker.inject('attacker', topic.replace('act/1/demo', 'act/1/other'), payload);
      play.pass(200);
    }
    expect(world.record.stored).toEqual([]);
    expect(world.record.sent).toEqual([]);
    expect(device.agent.purchases.current.at).toBe('idle');
    expect(world.logs.some(({ party, level }) => party === DEVICE && level === 'warn')).toBe(true);
  });
});
