import { beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../../device/errors.ts';
import {
  deviceTopic,
  type EpochMs,
  FRAME_MAX_BYTES,
  type OpenFrame,
  softSigningKey,
  utf8,
} from '../../../protocol/index.ts';
import {
  createTenant,
  FRAMES_PER_SENDER,
  type Handler,
  type Outgoing,
  type Service,
  startService,
} from '../../../sim/cloud/index.ts';
import type { Hand } from './hands.ts';
import { AGENT, DEVICE, deviceHand, id, OTHER_DEVICE, PSP, secretsOf, tenant } from './stage.ts';
import { HandBroker, HandClock, HandJournal, type HandPorts, portsOf } from './world.ts';

/** Answers every query with a status and an alarm ten seconds later with another; remembers what it was given. */
class Parrot implements Handler {
  readonly given: string[] = [];
  #alarmAt: EpochMs | undefined;
  #last: OpenFrame | undefined;

  handle(frame: OpenFrame, now: EpochMs) {
    this.given.push(`${frame.type} ${frame.cti} ${now}`);
    if (frame.type !== 'pay-query') return { drop: 'not-for-parrots' };
    this.#last = frame;
    this.#alarmAt = (now + 10_000) as EpochMs;
    return [this.#status('declined')];
  }

  wakeAt() {
    return this.#alarmAt;
  }

  tick(now: EpochMs) {
    this.given.push(`tick ${now}`);
    this.#alarmAt = undefined;
    return [this.#status('expired')];
  }

  #status(state: 'declined' | 'expired'): Outgoing {
    if (this.#last?.type !== 'pay-query') throw new Error('nobody asked');
    const { from, body } = this.#last;
    return { to: from, message: { type: 'pay-status', body: { requestId: body.requestId, state } } };
  }
}

let clock: HandClock;
let broker: HandBroker;
let device: Hand;
let journal: HandJournal;
let ports: HandPorts;
let parrot: Parrot;
let service: Service;
let life = 0;

function start(directory = tenant.directory): void {
  ports = portsOf('psp', { clock, broker }, { journal, life: life++ });
  parrot = new Parrot();
  service = startService({
    party: 'psp',
    role: 'psp',
    ports,
    directory,
    frameKey: softSigningKey(tenant.psp.frameSeed),
    sessionOf: (name) => tenant.devices.find((known) => known.device === name)?.session,
    handler: parrot,
  });
  broker.settle();
}

function restart(): void {
  service.stop(() => {});
  start();
}

function pass(ms: number): void {
  clock.advance(ms, () => broker.settle());
  broker.settle();
}

const query = (name = 'q') => ({ type: 'pay-query', body: { requestId: id(name) } }) as const;
const statuses = () => device.all('pay-status').map(({ body }) => body.state);
const up = deviceTopic('demo', DEVICE, 'up');

beforeEach(() => {
  clock = new HandClock();
  broker = new HandBroker();
  device = deviceHand({ clock, broker }, DEVICE);
  journal = new HandJournal();
  start();
});

describe('a service', () => {
  it('stores a frame before it acknowledges it, and acknowledges it before it answers', () => {
    const order: string[] = [];
    journal.append = (records) => void order.push(`append ${records.length}`);
    ports.transport.publish = (topic) => void order.push(`publish ${topic}`);
    receive(device.seal(PSP, query()), () => order.push('ack'));
    expect(order).toEqual(['append 1', 'ack', `publish ${deviceTopic('demo', DEVICE, 'down')}`]);
  });

  it('does not acknowledge or act on what it could not store, and takes it when it comes again', () => {
    journal.isFull = true;
    device.say(PSP, query());
    expect(parrot.given).toEqual([]);
    expect(service.counts.get('store-full')).toBeGreaterThan(0);
    journal.isFull = false;
    broker.settle();
    expect(parrot.given).toHaveLength(1);
    expect(statuses()).toEqual(['declined']);
  });

  it('T3: acts once on a frame however often it comes, before and after a restart', () => {
    const frame = device.say(PSP, query());
    device.put(PSP, frame);
    restart();
    for (let again = 0; again < 3; again += 1) device.put(PSP, frame);
    expect(parrot.given).toHaveLength(1);
    expect(service.counts.get('duplicate')).toBe(3);
    expect(service.counts.get('accepted')).toBeUndefined();
  });

  it('T2: refuses a frame that comes back after its time, when it is no longer remembered', () => {
    const frame = device.say(PSP, query());
    pass(152_000);
    device.say(PSP, query('sweeps'));
    device.put(PSP, frame);
    expect(service.counts.get('frame-expired')).toBe(1);
    expect(service.counts.get('accepted')).toBe(2);
  });

  it('T2: remembers a frame for as long as it would still be opened', () => {
    const frame = device.say(PSP, query());
    pass(149_000);
    device.say(PSP, query('sweeps'));
    device.put(PSP, frame);
    expect(service.counts.get('duplicate')).toBe(1);
  });

  it('knows after a restart what it knew before, ticks and their times included', () => {
    device.say(PSP, query('1'));
    pass(12_000);
    device.say(PSP, query('2'));
    pass(3_000);
    const before = [...parrot.given];
    restart();
    expect(parrot.given).toEqual(before);
    pass(7_000);
    expect(parrot.given).toHaveLength(before.length + 1);
    expect(statuses().at(-1)).toBe('expired');
  });

  it('wakes for what fell due while it was away', () => {
    device.say(PSP, query());
    service.stop(() => {});
    pass(60_000);
    start();
    expect(statuses()).toContain('declined');
    pass(0);
    expect(statuses().at(-1)).toBe('expired');
  });

  it('T12: stores the frame it has judged, whatever the transport writes into its buffer meanwhile', () => {
    device.say(PSP, query('1'));
    const buffer = device.seal(PSP, query('2'));
    journal.isFull = true;
    clock.advance(10_000);
    journal.isFull = false;
    const { publish } = ports.transport;
    ports.transport.publish = (...args) => {
      buffer.fill(0);
      publish.call(ports.transport, ...args);
    };
    receive(buffer, () => {});
    const before = [...parrot.given];
    expect(before.map((line) => line.split(' ')[0])).toEqual(['pay-query', 'tick', 'pay-query']);
    restart();
    expect(parrot.given).toEqual(before);
  });

  it('handles what was due before a frame that came late', () => {
    device.say(PSP, query('1'));
    const frame = device.seal(PSP, query('2'));
    broker.publish(up, frame);
    // The timer fires into a journal that is full; the frame comes when it is not.
    journal.isFull = true;
    clock.advance(10_000);
    journal.isFull = false;
    broker.settle();
    expect(parrot.given.map((line) => line.split(' ')[0])).toEqual(['pay-query', 'tick', 'pay-query']);
  });

  it('tries a tick that could not be stored again a second later', () => {
    device.say(PSP, query());
    journal.isFull = true;
    pass(10_000);
    expect(statuses()).toEqual(['declined']);
    journal.isFull = false;
    pass(999);
    expect(statuses()).toEqual(['declined']);
    pass(1);
    expect(statuses()).toEqual(['declined', 'expired']);
  });

  it('sends again after a restart what the broker had not taken, and only that', () => {
    device.say(PSP, query('1'));
    device.say(PSP, query('2'));
    broker.isDown = true;
    device.put(PSP, device.seal(PSP, query('3')));
    device.put(PSP, device.seal(PSP, query('4')));
    const told = () => device.all('pay-status').map(({ body }) => body.requestId);
    expect(told()).toEqual([id('1'), id('2')]);
    broker.isDown = false;
    restart();
    expect(told()).toEqual([id('1'), id('2'), id('3'), id('4')]);
  });

  it('does not start on a journal that its directory cannot verify', () => {
    device.say(PSP, query());
    service.stop(() => {});
    const stranger = createTenant(utf8('somebody else entirely'), { tenant: 'demo', devices: [DEVICE] });
    expect(() => start(stranger.directory)).toThrow(StoreError);
  });

  it('does nothing any more once it is stopped', () => {
    device.say(PSP, query());
    let closed = 0;
    service.stop(() => {
      closed += 1;
    });
    pass(60_000);
    expect(closed).toBe(1);
    expect(parrot.given).toHaveLength(1);
  });

  it('counts what its handler drops', () => {
    device.say(PSP, { type: 'pay-cancel', body: { requestId: id('q'), reason: 'declined' } });
    expect(service.counts.get('not-for-parrots')).toBe(1);
    expect(device.heard).toEqual([]);
  });

  it('drops what is for another service without a line in the log', () => {
    const body = { requestId: id('s'), intentId: id('i'), offerId: 'o', locale: 'en-US' } as const;
    device.say(AGENT, { type: 'select', body });
    expect(service.counts.get('not-for-me')).toBe(1);
    expect(ports.log.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });
});

describe('an attacker on the wire', () => {
  it('T1: gets no flipped bit of a frame acted on', () => {
    const frame = device.seal(PSP, query());
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      // Slowly enough that the rate limit does not do the refusing.
      clock.advance(50);
      const altered = frame.slice();
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      broker.publish(up, altered);
      broker.settle();
    }
    expect(parrot.given).toEqual([]);
    const { counts } = service;
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(frame.length * 8);
    expect(counts.has('accepted') || counts.has('rate-limited')).toBe(false);
    expect(counts.get('cose-signature')).toBeGreaterThan(64 * 8);
  });

  it('T3: cannot use up another device’s message id', () => {
    const other = deviceHand({ clock, broker }, OTHER_DEVICE);
    other.put(PSP, other.seal(PSP, query('theirs'), {}, id('one cti')));
    device.put(PSP, device.seal(PSP, query('mine'), {}, id('one cti')));
    expect(service.counts.get('accepted')).toBe(2);
    expect(service.counts.get('duplicate')).toBeUndefined();
  });

  it('T5: gets nothing acted on by moving a frame to another topic', () => {
    const frame = device.seal(PSP, query());
    for (const topic of [
      deviceTopic('demo', OTHER_DEVICE, 'up'),
      deviceTopic('demo', 'unknown', 'up'),
      'act/1/demo/svc/psp',
      'act/1/demo/glasses-01/x/up',
    ])
      receive(frame, () => {}, topic);
    expect(parrot.given).toEqual([]);
    expect([...service.counts]).toEqual([
      ['frame-wrong-sender', 3],
      ['topic-syntax', 1],
    ]);
  });

  it('T21: gets a frame that is too long refused before it is parsed', () => {
    receive(new Uint8Array(FRAME_MAX_BYTES + 1), () => {});
    expect([...service.counts]).toEqual([['frame-too-long', 1]]);
  });

  it('T30: floods one device’s topic and stops nobody else', () => {
    const other = deviceHand({ clock, broker }, OTHER_DEVICE);
    const junk = new Uint8Array(200).fill(0xd2);
    for (let second = 0; second < 60; second += 1) {
      for (let i = 0; i < 1000; i += 1) broker.publish(up, junk);
      broker.settle();
      other.say(PSP, query(`at ${second}`));
      pass(1000);
    }
    expect(parrot.given.filter((line) => line.startsWith('pay-query'))).toHaveLength(60);
    const looked = 60_000 - (service.counts.get('rate-limited') ?? 0);
    expect(looked).toBeLessThanOrEqual(FRAMES_PER_SENDER.burst + 60 * FRAMES_PER_SENDER.perSecond);
    expect(journal.records.length).toBeLessThan(130);
    expect(ports.log.lines.length).toBeLessThan(50);
  });

  it('T30: is held to the rate even with genuine frames, and is heard again when it has calmed down', () => {
    for (let i = 0; i < 100; i += 1) broker.publish(up, device.seal(PSP, query(`${i}`)));
    broker.settle();
    expect(service.counts.get('accepted')).toBe(FRAMES_PER_SENDER.burst);
    expect(service.counts.get('rate-limited')).toBe(100 - FRAMES_PER_SENDER.burst);
    pass(1000);
    device.say(PSP, query('calm'));
    expect(service.counts.get('accepted')).toBe(FRAMES_PER_SENDER.burst + 1);
  });

  it('leaves codes in the log and nothing of what was said', () => {
    device.put(PSP, device.seal(PSP, query('secret'), { tenant: 'other' }));
    const lines = ports.log.lines.filter((line) => line.startsWith('warn'));
    expect(lines).toEqual(['warn cose-signature {}']);
    expect(lines.join()).not.toContain(secretsOf(DEVICE).paymentToken);
  });
});

/** Hands a message to the service past the broker. */
function receive(payload: Uint8Array, ack: () => void, topic = up): void {
  broker.handlersOf('psp').onMessage(topic, payload, ack);
}
